"""Which adoption, row, number and day holds; and numbers written into a pack's text."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.editions import numbers, rules
from youying.editions.rules import Adopted, LocalNumber, SpecialDay, Suggestion
from youying.kernel.refusals import Refused

T0 = datetime(2026, 11, 18, 1, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = date(2026, 11, 18)


def test_paths_lead_up_to_the_root() -> None:
    assert list(rules.paths_up("/1/2/c3")) == ["/1/2/c3", "/1/2", "/1", "/"]
    assert list(rules.paths_up("/")) == ["/"]


def test_of_adoptions_the_nearest_place_wins_and_there_the_last_begun() -> None:
    held = {
        "/1": [Adopted("/1", "city", T0, 1), Adopted("/1", "city-later", T0 + 2 * HOUR, 2)],
        "/1/2": [Adopted("/1/2", "street", T0 + HOUR, 3)],
    }

    def digest(path: str, at: datetime) -> str:
        found = rules.adopted_at(held, path, at=at)
        return found.digest if found else ""

    assert [digest("/1/2/3", T0 + hours * HOUR) for hours in (-1, 0, 1, 3)] == ["", "city", "street", "street"]
    assert [digest("/1/9", T0 + hours * HOUR) for hours in (1, 2)] == ["city", "city-later"]


def test_of_two_adoptions_at_one_moment_the_later_made_wins() -> None:
    held = {"/": [Adopted("/", "second", T0, 2), Adopted("/", "first", T0, 1)]}
    found = rules.adopted_at(held, "/1", at=T0)
    assert found and found.digest == "second"


@pytest.mark.parametrize(
    ("category", "wider"),
    [
        ("市政.路灯.不亮", ["市政.路灯.不亮", "市政.路灯", "市政"]),
        ("a/b-c", ["a/b-c", "a/b", "a"]),
        ("城管>占道", ["城管>占道", "城管"]),
        ("路灯", ["路灯"]),
        ("", []),
    ],
)
def test_a_category_lies_in_wider_ones(category: str, wider: list[str]) -> None:
    assert list(rules.categories_up(category)) == wider


@given(st.text("ab./>-", max_size=12))
def test_going_up_a_category_ends(category: str) -> None:
    steps = list(rules.categories_up(category))
    assert steps == sorted(steps, key=len, reverse=True) and len(steps) <= len(category)


def test_the_place_counts_before_the_category_and_rows_hold_from_since_until() -> None:
    rows = {
        ("/1", "a.b"): [Suggestion("a.b", "narrow, far", since=T0)],
        ("/1/2", "a"): [Suggestion("a", "wide, near", since=T0, until=T0 + HOUR)],
    }

    def unit(at: datetime) -> str:
        found = rules.suggested(rows, "/1/2/3", category="a.b", at=at)
        return found.unit if found else ""

    assert [unit(T0 - HOUR), unit(T0), unit(T0 + HOUR)] == ["", "wide, near", "narrow, far"]


def test_a_number_holds_from_its_moment_at_the_nearest_place() -> None:
    values = {
        ("/", "n"): [LocalNumber("/", "n", 1, T0)],
        ("/1", "n"): [LocalNumber("/1", "n", 3, T0 + 2 * HOUR), LocalNumber("/1", "n", 2, T0 + HOUR)],
    }

    def value(at: datetime) -> object:
        found = rules.number_at(values, "/1/2", name="n", at=at)
        return found.value if found else None

    assert [value(T0 + hours * HOUR) for hours in (-1, 0, 1, 2)] == [None, 1, 2, 3]


def test_near_days_win_over_far_ones_and_a_calendars_own_over_the_national() -> None:
    days = [
        SpecialDay("national", "/1", DAY, False, "庙会"),
        SpecialDay("national", "/", DAY, True, "调休"),
        SpecialDay("night", "/", DAY + timedelta(1), False, "停"),
        SpecialDay("national", "/", DAY + timedelta(1), True, "调休"),
        SpecialDay("national", "/9", DAY + timedelta(2), False, "别处"),
    ]
    working, names = rules.special_days(days, "/1/2", code="night", national=True)
    assert working == {DAY: False, DAY + timedelta(1): False}
    assert names[DAY] == "庙会"
    assert rules.special_days(days, "/1/2", code="night", national=False)[0] == {DAY + timedelta(1): False}


def test_a_beginning_is_now_or_later() -> None:
    assert rules.checked_since(None, now=T0) == T0
    assert rules.checked_since(T0, now=T0) == T0
    with pytest.raises(Refused, match=r"^since-past:"):
        rules.checked_since(T0 - timedelta(seconds=1), now=T0)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("3 working-days", "duration"), (">= 2/3", "fraction"), ("1/3", "share"), ("5%", "percent"), (3, "count"),
        (2.0, "decimal"), (True, None), ("满意", None), ("given", None), (["3 days"], None),
    ],
)  # fmt: skip
def test_a_number_is_known_by_how_it_is_written(value: object, form: str | None) -> None:
    assert numbers.form_of(value) == form


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("3  working-days", "duration", "3 working-days"), ("7", "count", 7), ("2.5", "decimal", 2.5),
        (">= 3/4", "fraction", ">= 3/4"), ("all", "fraction", "all"), ("1/2", "share", "1/2"), ("100%", "percent", "100%"),
    ],
)  # fmt: skip
def test_a_typed_number_is_read_in_its_form(text: str, form: numbers.Form, value: object) -> None:
    assert numbers.read_number(text, form=form) == value


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("3", "duration"), ("1/2", "fraction"), ("> 3/2", "fraction"), ("3/2", "share"), ("101%", "percent"), ("7.5", "count"),
        ("1e5", "decimal"), ("", "count"), ("'; DROP TABLE", "count"),
    ],
)  # fmt: skip
def test_a_number_typed_in_another_form_is_refused(text: str, form: numbers.Form) -> None:
    with pytest.raises(Refused):
        numbers.read_number(text, form=form)


TEXTS = [
    "",
    '[loop.demand]\ntitle = "接诉即办"\n',
    "[loop]\ndemand.clocks.accept.within = '1 days' # 注\n",
    '[loop.demand.clocks]\naccept = { within = "1 days", title = "签收" }\n',
    '[loop.demand.clocks.accept]\nwithin = "1 days"\n[watch.x]\ncount = 1\n[loop.demand.close]\nrework = "a"\n',
    '[loop.demand.clocks]\ncontact.within = "1 days"\n[[list]]\na = 1\n',
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("value", ["2 office-hours", {"urgent": "1 days", "else": "2 days"}, 3])
def test_a_text_with_one_key_set_reads_back_as_the_old_table_with_that_key(text: str, value: object) -> None:
    wanted = tomllib.loads(text)
    table = wanted
    for name in ("loop", "demand", "clocks", "accept"):
        table = table.setdefault(name, {})
    table["within"] = value
    written = numbers.with_leaf(text, ("loop", "demand", "clocks", "accept", "within"), value)
    assert tomllib.loads(written) == wanted


def test_comments_stay_where_they_were() -> None:
    text = "# 开头\n[loop.demand.clocks]\naccept.within = '1 days'  # 快签收\n# 结尾\n"
    written = numbers.with_leaf(text, ("loop", "demand", "clocks", "accept", "within"), "2 days")
    assert written.replace('"2 days"', "'1 days'") == text
