"""Levels of deadlines as different towns have them: each is one table of a local pack, said in the guide to packs.

The packs are read out of the guide itself, so that what it shows is what was tried. A matter is given to its unit on
Monday 5 October 2026 at 10:00; 6 to 8 October are off, Saturday the 10th is worked.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.matters.town import dispatched_at, due
from tests.matters.world import adopt
from youying.editions.snapshot import STAMP
from youying.packs.executed import adoptable
from youying.packs.linter import check
from youying.packs.source import library, parse_pack
from youying.places.actions import touch

GUIDE = Path(__file__).parents[2] / "docs" / "packs.md"
DUE = {
    "four-levels": {  # 1/3/7/11 days: the 6th and the 8th are off and move to the 9th; Mon 12; Fri 16
        "urgent": "10-09 18:00", "simple": "10-09 18:00", "ordinary": "10-12 18:00", "hard": "10-16 18:00",
    },
    "hours-and-days": {  # 2 and 24 hours from the moment, through a day off; Mon 12; Tue 20
        "urgent": "10-05 12:00", "simple": "10-06 10:00", "ordinary": "10-12 18:00", "hard": "10-20 18:00",
    },
    "one-for-all": dict.fromkeys(("urgent", "simple", "ordinary", "hard"), "10-14 18:00"),  # 9 10 12 13 14
}  # fmt: skip


def packs():
    """The local packs that the guide shows, by code."""
    shown = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    read = [parse_pack(text, file="docs/packs.md") for text in shown if "local = true" in text]
    return {raw.code: raw for raw in read}


def test_the_guide_shows_exactly_the_packs_that_are_tried():
    assert set(packs()) == set(DUE)


def _keys(table, *, depth):
    """The keys of a table down to that depth, as paths."""
    for name, inner in table.items():
        yield from (f"{name}.{key}" for key in _keys(inner, depth=depth - 1)) if depth > 1 else (name,)


@pytest.mark.parametrize("code", DUE)
def test_each_differs_from_the_base_in_one_key_alone(code):
    table = packs()[code].table
    assert set(table) == {"pack", "loop"}
    assert [*_keys(table["loop"], depth=4)] == ["demand.clocks.complete.within"]


@pytest.mark.parametrize("code", DUE)
def test_each_may_be_adopted_and_gives_every_level_its_moment(town, code):
    raw = packs()[code]
    assert check(raw, library()) == []
    town.clock.forward(seconds=1)
    edition = adopt(raw, town.town)
    touch(STAMP)
    assert adoptable(edition) == []
    found = {urgency: due(dispatched_at(town, "10-05 10:00", urgency=urgency)) for urgency in DUE[code]}
    assert found == DUE[code]
