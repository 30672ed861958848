"""Durations as packs write them."""

from __future__ import annotations

import pytest

from youying.kernel.durations import MOST, Duration, in_words, parse_duration
from youying.kernel.refusals import Refused


@pytest.mark.parametrize(
    ("written", "duration", "chinese", "english"),
    [
        ("30 minutes", Duration(30, "minutes"), "30分钟", "30 minutes"),
        ("24 hours", Duration(24, "hours"), "24小时", "24 hours"),
        ("1 days", Duration(1, "days"), "1天", "1 day"),
        ("2 months", Duration(2, "months"), "2个月", "2 months"),
        ("3 working-days", Duration(3, "working-days"), "3个工作日", "3 working days"),
        ("4 office-hours", Duration(4, "office-hours"), "4个工作小时", "4 office hours"),
    ],
)
def test_a_duration_is_read_and_said(written: str, duration: Duration, chinese: str, english: str) -> None:
    assert parse_duration(written) == duration
    assert str(duration) == written
    assert in_words(duration) == chinese
    assert in_words(duration, "en") == english


@pytest.mark.parametrize(
    "written",
    ["", "3", "days", "0 days", "-1 days", "3 day", "3days", "3  days", "1.5 days", "three days", "3 weeks", "３ days"]
    + ["3 days or so", "9999999999 days", "36501 days", "3 Days", "3 days\n4 days"],
)
def test_nonsense_is_refused_with_the_text_and_the_units(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_duration(written)
    assert refusal.value.code == "duration-unreadable"
    assert written.strip() in refusal.value.say
    assert "working-days" in refusal.value.say


def test_the_longest_is_allowed_and_one_more_is_not() -> None:
    assert parse_duration(f"{MOST['days']} days").n == 36_500
    with pytest.raises(Refused, match="duration-unreadable"):
        Duration(MOST["days"] + 1, "days")


def test_only_days_months_and_working_days_are_counted_by_the_day() -> None:
    assert [unit for unit in MOST if Duration(1, unit).counts_days] == ["days", "months", "working-days"]
