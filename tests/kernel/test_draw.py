"""The draw of RFC 3797: anybody gets the same places from the same sources."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from youying.kernel.draw import draw, draw_key
from youying.kernel.refusals import Refused

# RFC 3797 section 6: 25 candidates, three sources of randomness.
KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
PUBLISHED = [
    ("990DD0A5692A029A98B5E01AA28F3459", 17),
    ("3691E55CB63FCC37914430B2F70B5EC6", 7),
    ("FE814EDF564C190AC1D25753979990FA", 2),
    ("1863CCACEB568C31D7DDBDF1D4E91387", 16),
    ("F4AB33DF4889F0AF29C513905BE1D758", 25),
    ("13EAEB529F61ACFB9A29D0BA3A60DE4A", 23),
    ("992DB77C382CA2BDB9727001F3CDCCD9", 8),
    ("63AB4258ECA922976811C7F55C383CE7", 24),
    ("DFBC5AC97CED01B3A6E348E3CC63F40D", 19),
    ("31CB111C4A4EBE9287CEAE16FE51B909", 13),
]


def test_the_published_example_is_drawn() -> None:
    assert draw_key([9319, [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]) == KEY
    assert draw(KEY, pool=25, count=10) == PUBLISHED


def test_the_draw_agrees_with_the_conformance_kit_where_it_stands() -> None:
    folder = os.environ.get("YOUYING_CONFORMANCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("YOUYING_CONFORMANCE names no folder: the kit is not here")
    kit = json.loads((Path(folder) / "vectors.json").read_text("utf-8"))["rfc3797"]
    drawn = draw(kit["key"], pool=kit["pool"], count=len(kit["rows"]))
    assert [(pick.md5, pick.chosen) for pick in drawn] == [(row["md5"], row["chosen"]) for row in kit["rows"]]


def test_nobody_is_drawn_twice_and_a_full_draw_takes_everybody() -> None:
    chosen = [pick.chosen for pick in draw("2026.11.18./", pool=200, count=200)]
    assert sorted(chosen) == list(range(1, 201))
    assert chosen != sorted(chosen)


def test_words_as_a_source_keep_letters_and_digits_only() -> None:
    assert draw_key(["ab-C 12"]) == "ABC12./"


@pytest.mark.parametrize(("pool", "count"), [(0, 0), (3, 4), (65_536, 1), (3, -1)])
def test_an_impossible_draw_is_refused(pool: int, count: int) -> None:
    assert len(draw(KEY, pool=3, count=3)) == 3
    with pytest.raises(Refused, match="draw-impossible"):
        draw(KEY, pool=pool, count=count)
