"""Reading what is known of categories, and understanding a text: its category, its place, with the evidence."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.placing import Place, place_of
from youying.places.queries import buildings_of, gazetteer_rows
from youying.places.snapshot import token
from youying.text import keywords
from youying.text.model import Model
from youying.text.models import LearnedModel, LocalCategory
from youying.text.places import Gazetteer, PlaceGuess, PlaceName, winner
from youying.text.rules import Decision, Opinion, decide, nearest
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
    """Drop what is kept in memory, after a category was added or a model changed in this process."""
    _taxonomy.cache_clear()
    _all_codes.cache_clear()
    _files.cache_clear()


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
    area = place.area_path if place else within
    return Understanding(decide_category(text, threshold=threshold, area_path=area, model=model), place, why, found)


def decide_category(text: str, *, threshold: float, area_path: str = "", model: Model | None = None) -> Decision:
    """The category by the model in use for the area and by keywords, or suggestions for a person."""
    said = keywords.guess(text, taxonomy(), most=1)
    spoken = Opinion(said[0].code, said[0].confidence, said[0].evidence) if said else None
    learned = model or model_in_use(area_path)
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


def model_in_use(area_path: str = "") -> Model | None:
    """The model in use for an area: its own, or that of the nearest area above; loaded once, None at a cold start."""
    file = nearest(dict(_files(int(time.monotonic() / FRESH_SECONDS))), area_path)
    return _loaded(file) if file else None


@lru_cache(maxsize=2)
def _files(_tick: int) -> tuple[tuple[str, str], ...]:
    return tuple(LearnedModel.objects.filter(in_use=True).values_list("area_path", "file"))


@lru_cache(maxsize=4)
def _loaded(file: str) -> Model:
    return load(models_folder() / file)


def models_folder() -> Path:
    """Where the models of this installation lie."""
    return Path(settings.YOUYING_HOME) / "models"


@dataclass(frozen=True, slots=True)
class ModelSeen:
    """A model as its page shows it; shares are 0 to 1 and None where it was taken without being checked."""

    id: int
    area_path: str
    made_at: datetime
    made_by: int | None
    rows: int
    known: int
    classes: int
    macro_f1: float | None
    worst_fold: float | None
    coverage: float | None
    in_use: bool
    taken: bool
    gone: bool


def learned_models(viewer: Viewer, *, most: int = 30) -> list[ModelSeen]:
    """The models made for places within reach, newest first; needs the power `texts`."""
    viewer.require("texts")
    rows = LearnedModel.objects.filter(_within(viewer.reach)).order_by("-made_at", "-pk")
    return [_seen(row) for row in rows[:most]]


def model_serving(area_path: str) -> ModelSeen | None:
    """The model that reads the letters of an area: its own, or that of the nearest area above."""
    rows = {row.area_path: row for row in LearnedModel.objects.filter(in_use=True)}
    row = nearest(rows, area_path)
    return _seen(row) if row else None


def latest_model(area_path: str) -> ModelSeen | None:
    """The model made last for this very area, whether it was taken or not."""
    row = LearnedModel.objects.filter(area_path=area_path).order_by("-made_at", "-pk").first()
    return _seen(row) if row else None


def learning_areas() -> list[str]:
    """Where learning goes on by itself: the areas that have a model; the whole installation where none has."""
    return sorted(set(LearnedModel.objects.values_list("area_path", flat=True))) or ["/"]


def stale_areas() -> frozenset[str]:
    """Areas whose models may still hold words that were erased since."""
    return frozenset(LearnedModel.objects.filter(stale=True).exclude(file="").values_list("area_path", flat=True))


def _within(reach: str) -> Q:
    if reach in ("", "/"):
        return Q() if reach else Q(pk__isnull=True)
    return Q(area_path=reach) | Q(area_path__startswith=reach + "/")


def _seen(row: LearnedModel) -> ModelSeen:
    return ModelSeen(
        id=row.pk,
        area_path=row.area_path,
        made_at=row.made_at,
        made_by=row.made_by,
        rows=row.rows,
        known=row.known,
        classes=row.classes,
        macro_f1=row.macro_f1,
        worst_fold=row.worst_fold,
        coverage=row.coverage_at_97,
        in_use=row.in_use,
        taken=row.taken,
        gone=not row.file,
    )
