"""A ledger is read off the matters by what the pack declares."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import SHANGHAI
from tests.insight.street import DUKOU, HUAILI, TOWN, adopt
from youying.insight.columns import COLUMNS
from youying.insight.queries.ledger import ledger
from youying.kernel.refusals import Refused

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1), "zone": SHANGHAI}


@pytest.fixture
def mixed(street):
    """Two demands and a hazard of one community, and a demand of the other."""
    street.matter(n=2, solved=True)
    street.matter(n=1, kind="hazard", loop="hazard")
    street.matter(n=1, area=DUKOU)
    return street


def own(columns, *, of="loop:demand", figures="[]"):
    """Declare a ledger."""
    adopt(f'[ledger.own]\ntitle = "自列"\nof = "{of}"\ncolumns = {columns}\nfigures = {figures}\n')


def test_word_ledger(mixed):
    with pytest.raises(Refused, match="no-ledger"):
        ledger(mixed.viewer(), TOWN, "own", **YEAR)
    own('["number"]')
    assert ledger(mixed.viewer(), TOWN, "own", **YEAR).title == "自列"


def test_word_ledger_of_loop(street):
    street.matter(n=2)
    own('["number"]')
    assert len(ledger(street.viewer(), TOWN, "own", **YEAR).rows) == 2
    own('["number"]', of="loop:other")
    assert ledger(street.viewer(), TOWN, "own", **YEAR).rows == []


def test_word_ledger_figures(street):
    street.matter(n=2)
    own('["number"]', figures='["received"]')
    assert ledger(street.viewer(), TOWN, "own", **YEAR).figures["received"].n == 2


@pytest.mark.word("fact:due_at", "fact:number", "fact:opened_at", "fact:place", "fact:title")
@pytest.mark.parametrize("fact", sorted(COLUMNS))
def test_each_column_stands_under_its_heading(street, fact):
    matter = street.matter(
        place_words="3号楼", solved=True, satisfaction="满意", lead_id=street.units["和顺物业"].pk, reported_in=True,
        reported_in_on_time=False, outcome="jointly", grade="hard",
    )  # fmt: skip
    own(f'["{fact}"]')
    made = ledger(street.viewer(), TOWN, "own", **YEAR)
    want = {
        "number": matter.number, "title": "下水返堵", "place": "3号楼", "opened_at": matter.opened_at, "due_at": None,
        "channel": "hotline", "category": "", "stage": "已登记", "lead": "和顺物业", "solved": True,
        "satisfaction": "满意", "urgency": "", "reworks": 0, "class": "hard", "unit": "和顺物业", "reported_in": True,
        "reported_in_on_time": False, "outcome": "jointly",
    }  # fmt: skip
    assert made.headings == (COLUMNS[fact][0],)
    assert made.rows == [(want[fact],)]


def test_a_ledger_lists_what_lies_in_the_place_and_within_reach(street):
    street.matter(n=2)
    street.matter(n=1, area=DUKOU)
    own('["number"]')
    assert len(ledger(street.viewer(), HUAILI, "own", **YEAR).rows) == 2
    with pytest.raises(Refused, match="out-of-reach"):
        ledger(street.viewer(DUKOU), HUAILI, "own", **YEAR)


def test_a_column_that_is_not_read_yet_is_refused(street):
    own('["hand_backs"]')
    with pytest.raises(Refused, match="column-not-read"):
        ledger(street.viewer(), TOWN, "own", **YEAR)


@pytest.mark.word("ledger.where")
def test_a_ledger_lists_only_what_its_table_of_facts_says(street):
    called = street.matter(whistles=1)
    street.matter(n=2)
    for where, listed in (("{ whistled = true }", 1), ("{ whistled = false }", 2)):
        adopt(f'[ledger.own]\ntitle = "自列"\nof = "loop:demand"\ncolumns = ["number"]\nwhere = {where}\n')
        held = ledger(street.viewer(), TOWN, "own", **YEAR)
        assert (len(held.rows), held.total) == (listed, listed)
        assert ((called.number,) in held.rows) is (listed == 1)
