"""Reading what is known of categories, and understanding a text: its category, its place, with the evidence."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from youying.kernel.refusals import Refused
from youying.places.placing import Place, place_of
from youying.places.queries import buildings_of, gazetteer_rows
from youying.places.snapshot import token
from youying.text import keywords
from youying.text.model import Model
from youying.text.models import LearnedModel, LocalCategory
from youying.text.places import Gazetteer, PlaceGuess, PlaceName, winner
from youying.text.rules import Decision, Opinion, decide
from youying.text.storage import load
from youying.text.taxonomy import Category, Taxonomy, shipped_taxonomy

FRESH_SECONDS = 2.0
PLACES_STAMP = "places"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text says by itself: a category or suggestions, a place or candidates, each with why."""

    decision: Decision
    place: Place | None
    place_why: str
    candidates: tuple[PlaceGuess, ...]


def taxonomy() -> Taxonomy:
    """The shipped categories and those this installation added."""
    return _taxonomy(int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=2)
def _taxonomy(_tick: int) -> Taxonomy:
    local = {
        row.code: Category(row.code, row.title, tuple(dict.fromkeys((row.title, *row.words))))
        for row in LocalCategory.objects.filter(closed_at__isnull=True).order_by("code")
    }
    return merged(tuple(local.values()))


@lru_cache(maxsize=8)
def merged(local: tuple[Category, ...]) -> Taxonomy:
    """The shipped taxonomy with local categories added; the same object for the same categories, so that automata live on."""
    return Taxonomy({**shipped_taxonomy().categories, **{c.code: c for c in local}}) if local else shipped_taxonomy()


def forget() -> None:
    """Drop what is kept in memory, after a category was added in this process."""
    _taxonomy.cache_clear()
    _all_codes.cache_clear()


def known_category(code: str, *, area_path: str = "") -> str:
    """The code itself where the category is known; refused otherwise."""
    if code not in taxonomy().categories:
        raise Refused(
            "unknown-category", say=f"没有“{code[:40]}”这个分类，请从列表里选。", have=code[:80], field="category"
        )
    return code


def codes_below(code: str) -> list[str]:
    """A category's code and every code below it, of closed ones too."""
    below = code + "."
    return [code, *(one for one in _all_codes(int(time.monotonic() / FRESH_SECONDS)) if one.startswith(below))]


@lru_cache(maxsize=2)
def _all_codes(_tick: int) -> tuple[str, ...]:
    local = LocalCategory.objects.values_list("code", flat=True)
    return tuple(sorted({*shipped_taxonomy().categories, *local}))


def category_title(code: str, *, short: bool = False) -> str:
    """A category's title: the whole path, or the last step only; the code itself where it was closed."""
    known = taxonomy()
    if code not in known.categories:
        return code
    return known.categories[code].title if short else known.title(code)


def categories() -> Sequence[Category]:
    """Every category, for lists to choose from."""
    return tuple(taxonomy().categories.values())


def understand(
    text: str, *, threshold: float, within: str = "", model: Model | None = None, hint: str = ""
) -> Understanding:
    """Read category and place out of a text; below the threshold a person decides.

    `hint` is the category the person chose: it stands. `within` is the area in which ambiguous names are looked for.
    """
    place, why, found = find_place(text, within=within)
    if hint:
        return Understanding(Decision(known_category(hint), "person", "提交人自己选的分类。"), place, why, found)
    return Understanding(decide_category(text, threshold=threshold, model=model), place, why, found)


def decide_category(text: str, *, threshold: float, model: Model | None = None) -> Decision:
    """The category by the model in use and by keywords, or suggestions for a person."""
    said = keywords.guess(text, taxonomy(), most=1)
    spoken = Opinion(said[0].code, said[0].confidence, said[0].evidence) if said else None
    learned = model or model_in_use()
    guessed = learned.predict([text])[0] if learned else None
    known = taxonomy().categories
    opinion = Opinion(guessed.label, guessed.confidence) if guessed and guessed.label in known else None
    return decide(opinion, spoken, threshold=threshold)


def find_place(text: str, *, within: str = "") -> tuple[Place | None, str, tuple[PlaceGuess, ...]]:
    """The place that a text names beyond doubt with the words that say it; else the candidates."""
    guesses = gazetteer().find(text, within=within)
    best = winner(guesses)
    if best is None:
        return None, "", tuple(guesses[:5])
    evidence = "、".join(span.words for span in best.evidence)
    return _placed(best), f"正文写到“{evidence}”"[:120], tuple(guesses[:5])


def _placed(guess: PlaceGuess) -> Place | None:
    entry = guess.entry
    if entry.kind == "building":
        return place_of(building_id=int(entry.id))
    if entry.kind == "compound":
        building = _building(int(entry.id), guess.building_no)
        return place_of(building_id=building) if building else place_of(compound_id=int(entry.id))
    return place_of(area_path=entry.path if entry.kind == "area" else entry.path.rpartition("/")[0])


def _building(compound_id: int, number: str) -> int | None:
    """The building of that number in the compound, where there is exactly one."""
    if not number:
        return None
    found = [row.pk for row in buildings_of(compound_id) if re.sub(r"\D", "", row.name) == number]
    return found[0] if len(found) == 1 else None


def gazetteer() -> Gazetteer:
    """Every name of a place, ready to be found in text; made anew only after places changed."""
    return _gazetteer(token(PLACES_STAMP))


@lru_cache(maxsize=2)
def _gazetteer(_token: str) -> Gazetteer:
    return Gazetteer(PlaceName(kind=row.kind, id=row.id, name=row.name, path=row.path) for row in gazetteer_rows())


def model_in_use() -> Model | None:
    """The trained model in use, loaded once; None at a cold start."""
    return _model(int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=2)
def _model(_tick: int) -> Model | None:
    row = LearnedModel.objects.filter(in_use=True).first()
    return _loaded(row.file) if row else None


@lru_cache(maxsize=2)
def _loaded(file: str) -> Model:
    return load(Path(settings.YOUYING_HOME) / "models" / file)
