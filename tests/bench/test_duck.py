"""The board of rates says what an engine of its own counts from the rows themselves, line by line."""

import pytest
from bench.rows import duck
from bench.street import build_district

from youying.matters.models import Tally
from youying.matters.tally_rules import COUNTED, DIMENSIONS, LEFT_OUT, cell_key

KINDS = {
    "answered": {"contacted_on_time": True, "completed": True, "completed_on_time": True, "solved": True,
                 "satisfaction": "满意", "crossed_off": True},
    "not solved": {"contacted_on_time": False, "completed": True, "completed_on_time": False, "solved": False,
                   "satisfaction": "不满意", "reworks": 1},
    "unreachable": {"contacted_on_time": True, "completed": True, "completed_on_time": True, "reason": "unreachable"},
    "unreachable, once answered": {"contacted_on_time": True, "solved": True, "satisfaction": "满意",
                                   "reason": "unreachable"},
    "litigation": {"contacted_on_time": False, "solved": False, "reason": "litigation"},
    "merged": {"merged": True},
    "open": {},
}  # fmt: skip


@pytest.fixture
def district(db, monkeypatch):
    """One town, with one matter of each kind counted, from which the facts of the many are drawn."""
    monkeypatch.setattr(duck, "MATTERS", 20_000)
    monkeypatch.setattr(duck, "TIMES", 1)
    town = build_district(towns=1)
    unknown = {"contacted_on_time": None, "completed_on_time": None, "solved": None, "satisfaction": "", "reason": ""}
    kept = dict.fromkeys((*DIMENSIONS, *COUNTED), False) | LEFT_OUT | unknown
    for facts in KINDS.values():
        values = {**kept, **facts, "kind": "demand", "loop": "demand", "tier": "community", "month": duck.FIRST}
        values |= {"area_path": town.communities[0], "unit_id": town.teams[0].unit_id}
        Tally.objects.create(cell=cell_key(values), **values, n=1)
    return town


def test_board_and_engine_agree_on_every_unit_and_month(district):
    [figure] = duck.measure(district, "here")
    assert figure.row.startswith("three rates by unit and month with the year before, 20,000 matters")
    board = duck.as_answer(duck.asked_of_us(district))
    assert len(board) == 12 * len(district.teams)
    above, below = board[max(board)][:2]
    assert 0 < above < below


def test_a_board_that_says_otherwise_ends_the_measurement(district, monkeypatch):
    monkeypatch.setitem(duck.OUT, "response", "'unlawful'")
    with pytest.raises(SystemExit, match="they differ"):
        duck.measure(district, "here")
