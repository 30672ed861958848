"""Telling the sample lives from which the patterns are read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bench.history import templates
from bench.history.lives import CLOSED, SHAPES, Life, Shape, live, taken_back
from bench.history.templates import Pattern, Told, Unlike, pattern_of
from bench.street import BEGINNING, NOW, SHANGHAI, District
from bench.words import say, urgencies
from youying.kernel.masking import mask_text
from youying.matters.intake_rules import TITLE_MOST, read_words
from youying.text.titles import title_of

WINDOW = timedelta(minutes=25)
STARTS = (
    (9, 5),
    (9, 35),
    (10, 5),
    (10, 35),
    (11, 5),
    (11, 34),
    (14, 5),
    (14, 35),
    (15, 5),
    (15, 35),
    (16, 5),
    (16, 34),
)
SAMPLE = "样板诉求，楼前的石凳断了一条腿。麻烦回电13800000417，家里一直有人。"
DONE = "样板答复，石凳已经换新。"


def patterns(
    district: District, *, count: int, seed: int = 7, tell: Callable[[int], None] = lambda n: None
) -> list[Pattern]:
    """So many patterns, spread over the months of the history; lives that make no pattern are told again elsewhere."""
    chance = random.Random(seed)
    found: list[Pattern] = []
    tries = 0
    for shape in _shapes(count):
        while True:
            tries += 1
            if tries > count * 4:
                raise RuntimeError(f"only {len(found)} of {tries} lives made a pattern")
            pattern = learn(district, sample_life(district, chance, shape))
            if pattern is not None:
                break
        found.append(pattern)
        tell(len(found))
    return found


def _shapes(count: int) -> Iterator[Shape]:
    """Every kind at least once, the closed ones in their shares."""
    yield from SHAPES
    total = sum(shape.share for shape in CLOSED)
    spare = count - len(SHAPES)
    open_ones = [shape for shape in SHAPES if shape not in CLOSED]
    for n in range(spare // 4):
        yield open_ones[n % len(open_ones)]
    left = spare - spare // 4
    for shape in CLOSED:
        for _ in range(round(left * shape.share / total)):
            yield shape


def sample_life(district: District, chance: random.Random, shape: Shape) -> Life:
    """A life whose words, place and unit can be told from everything else."""
    names, weights = urgencies()
    said = say(chance, urgency=chance.choices(names, weights)[0])
    said = replace(said, text=SAMPLE, done=DONE, channel="letter-box")
    return Life(shape, _moment(chance, shape), district.places[0], said)


def _moment(chance: random.Random, shape: Shape) -> datetime:
    length = shape.steps[-1][1] if shape.steps else timedelta()
    while True:
        days = chance.uniform(*shape.days_before)
        hour, minute = chance.choice(STARTS)
        moment = (
            (NOW - timedelta(days=days)).astimezone(SHANGHAI).replace(hour=hour, minute=minute, second=0, microsecond=0)
        )
        if moment >= BEGINNING and moment.weekday() < 5 and moment + length + WINDOW <= NOW:
            return moment


def learn(district: District, life: Life) -> Pattern | None:
    """Tell a life three times and read its pattern; None where its moments do not all move alike."""
    first, last = tell(district, life), tell(district, _later(life, WINDOW))
    try:
        found = pattern_of(life, first, last, shift=WINDOW, names=names_of(district, life, first))
        between = pattern_of(
            life,
            first,
            tell(district, _later(life, WINDOW / 2)),
            shift=WINDOW / 2,
            names=names_of(district, life, first),
        )
    except Unlike:
        return None
    return found if (found.rows, found.entries) == (between.rows, between.entries) else None


def _later(life: Life, by: timedelta) -> Life:
    return replace(life, opened_at=life.opened_at + by)


def tell(district: District, life: Life) -> Told:
    """Live it, read its rows, take it back."""
    with taken_back():
        return templates.read(live(district, life))


def names_of(district: District, life: Life, told: Told) -> dict[str, Any]:
    """What stands in the rows of a life for the life itself: slot → value."""
    matter = told.rows["matters_matter"][0]
    return filling(district, life, key=matter["id"], number=matter["number"])


def filling(district: District, life: Life, *, key: int, number: str) -> dict[str, Any]:
    """The values of all slots of one life but its moments."""
    place, said, team = life.place, life.said, district.team(life.said.unit, life.place)
    return {
        "id": key,
        "number": number,
        "area_path": place.area_path,
        "place_path": place.place_path,
        "compound_id": place.compound_id,
        "building_id": place.building_id,
        "grid_id": place.grid_id,
        "place_words": place.words,
        "category": said.category,
        "channel": said.channel,
        "unit": team.unit_id,
        "account": team.viewer.account_id,
        "post": team.viewer.post_id,
        "done": said.done,
        **words_of(said.text),
    }


@lru_cache(maxsize=400_000)
def words_of(text: str) -> dict[str, str]:
    """What is kept of the words: as said, as shown, as a title."""
    shown = mask_text(read_words(text))
    return {"said": text, "words": shown, "title": title_of(shown)[:TITLE_MOST]}
