"""The one clock, and moments as they are read and said."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from youying.kernel import moments
from youying.kernel.moments import parse_moment, say_dated, say_day, say_left, say_moment, say_span, still, zone
from youying.kernel.refusals import Refused

SHANGHAI = zone("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 18, 9, 40, tzinfo=SHANGHAI)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_still_clock_says_the_same_moment_until_it_is_moved() -> None:
    with still(WEDNESDAY) as clock:
        assert moments.now() == WEDNESDAY
        assert moments.now().tzinfo is UTC
        clock.forward(hours=2)
        assert moments.now() == WEDNESDAY + timedelta(hours=2)
        clock.go_to(WEDNESDAY)
        assert moments.now() == WEDNESDAY
    assert moments.now() != WEDNESDAY


def test_the_clock_of_the_process_reaches_other_threads_and_is_restored() -> None:
    seen: list[datetime] = []
    moments.set_clock(lambda: WEDNESDAY)
    try:
        reader = threading.Thread(target=lambda: seen.append(moments.now()))
        reader.start()
        reader.join()
    finally:
        moments.set_clock(None)
    assert seen == [WEDNESDAY]
    assert abs(moments.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(Refused, match="moment-without-zone"), still(datetime(2026, 11, 18)):  # noqa: DTZ001
        pass


def test_an_unknown_zone_is_refused_with_its_name() -> None:
    with pytest.raises(Refused) as refusal:
        zone("Mars/Olympus")
    assert refusal.value.code == "zone-unknown"
    assert "Mars/Olympus" in refusal.value.say


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019/1/6 12:09:38", "2019-01-06 12:09:38"),
        ("\t\n2019-1-6\n", "2019-01-06 00:00:00"),
        ("2019-01-06T12:09:38+08:00", "2019-01-06 12:09:38"),
        ("2019-01-06T04:09:38Z", "2019-01-06 12:09:38"),
        ("2019-01-05T23:09:38-0500", "2019-01-06 12:09:38"),
        ("2019-01-06 12:09:38.123", "2019-01-06 12:09:38"),
        ("2019.1.6 3:05 pm", "2019-01-06 15:05:00"),
        ("2019年1月6日 下午3:05", "2019-01-06 15:05:00"),
        ("2019年1月6日下午3时05分", "2019-01-06 15:05:00"),
        ("2019年1月6日凌晨12点", "2019-01-06 00:00:00"),
        ("2019年1月6日 中午12点30分", "2019-01-06 12:30:00"),
        ("2019年1月6日 中午1点", "2019-01-06 13:00:00"),
        ("2019年1月6日 星期日 12时9分38秒", "2019-01-06 12:09:38"),
        ("２０１９－１－６　１２：０９", "2019-01-06 12:09:00"),
        ("2019-1-6 24:00", "2019-01-07 00:00:00"),
        ("20190106", "2019-01-06 00:00:00"),
        ("201901061209", "2019-01-06 12:09:00"),
        ("20190106120938", "2019-01-06 12:09:38"),
        (20190106, "2019-01-06 00:00:00"),
        (43471, "2019-01-06 00:00:00"),
        (43471.5, "2019-01-06 12:00:00"),
        ("43471.5066898148", "2019-01-06 12:09:38"),
        (1546747778, "2019-01-06 12:09:38"),
        (1546747778000, "2019-01-06 12:09:38"),
        (date(2019, 1, 6), "2019-01-06 00:00:00"),
        (datetime(2019, 1, 6, 12, 9, 38), "2019-01-06 12:09:38"),  # noqa: DTZ001 - as a spreadsheet hands it over
        (datetime(2019, 1, 6, 4, 9, 38, tzinfo=UTC), "2019-01-06 12:09:38"),
    ],
)
def test_dates_are_read_in_the_styles_people_write(written: object, meant: str) -> None:
    assert parse_moment(written, SHANGHAI, at=WEDNESDAY) == shanghai(meant)


@pytest.mark.parametrize(
    "written",
    [
        "昨天",
        "1/6/2019",
        "2019/2/30",
        "2019-13-1",
        "2019-1-6 25:00",
        "2019-1-6 24:01",
        "19-1-6",
        True,
        -3,
        1e300,
    ]
    + ["2019-1-6<script>", "2019-1-6' OR 1=1", "九" * 100_000, float("nan"), 123456.5, "123"],
)
def test_what_is_no_date_is_refused_with_the_text_of_the_cell(written: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_moment(written, SHANGHAI, at=WEDNESDAY)
    assert refusal.value.code in ("moment-unreadable", "moment-too-early")
    assert str(written)[:60] in refusal.value.say


@pytest.mark.parametrize("written", ["", None, " \t\n"])
def test_an_empty_cell_is_refused_as_empty(written: object) -> None:
    with pytest.raises(Refused, match="moment-missing"):
        parse_moment(written, SHANGHAI, at=WEDNESDAY)


def test_dates_before_1990_and_too_far_ahead_are_refused_and_their_neighbours_are_not() -> None:
    assert parse_moment("1990-01-02", SHANGHAI, at=WEDNESDAY) == shanghai("1990-01-02")
    with pytest.raises(Refused, match="moment-too-early"):
        parse_moment("1989-12-31", SHANGHAI, at=WEDNESDAY)
    assert parse_moment("2026-11-19 09:40", SHANGHAI, at=WEDNESDAY) == shanghai("2026-11-19 09:40")
    with pytest.raises(Refused, match="moment-in-future"):
        parse_moment("2026-11-19 09:41", SHANGHAI, at=WEDNESDAY)
    with pytest.raises(Refused, match="moment-in-future"):
        parse_moment("2026-11-18 10:41", SHANGHAI, at=WEDNESDAY, ahead=timedelta(hours=1))
    assert parse_moment("2031-01-01", SHANGHAI, at=WEDNESDAY, ahead=None) == shanghai("2031-01-01")
    with pytest.raises(Refused, match="moment-in-future"):
        parse_moment("9999-12-31", SHANGHAI, at=WEDNESDAY, ahead=None)


def test_without_a_given_present_the_still_clock_judges_the_future() -> None:
    with still(WEDNESDAY), pytest.raises(Refused, match="moment-in-future"):
        parse_moment("2026-11-20", SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-18 09:20", "今天 09:20"),
        ("2026-11-17 16:30", "昨天 16:30"),
        ("2026-11-19 09:20", "明天 09:20"),
        ("2026-11-13 16:20", "周五 16:20"),
        ("2026-11-24 16:20", "周二 16:20"),
        ("2026-11-11 09:40", "11月11日 09:40"),
        ("2026-11-25 09:40", "11月25日 09:40"),
        ("2025-11-18 08:00", "2025年11月18日 08:00"),
    ],
)
def test_moments_are_said_as_neighbours_say_them(moment: str, said: str) -> None:
    assert say_moment(shanghai(moment), WEDNESDAY, SHANGHAI) == said
    assert say_moment(shanghai(moment), WEDNESDAY, SHANGHAI, with_time=False) == said.split()[0]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24 18:00", "11月24日（周二）18:00"),
        ("2026-11-18 09:05", "11月18日（周三）09:05"),
        ("2027-01-04 18:00", "2027年1月4日（周一）18:00"),
    ],
)
def test_what_is_kept_is_said_with_its_date(moment: str, said: str) -> None:
    assert say_dated(shanghai(moment), WEDNESDAY, SHANGHAI) == said


def test_today_is_the_readers_today_and_not_that_of_utc() -> None:
    just_after_midnight = shanghai("2026-11-18 00:30")
    assert say_moment(just_after_midnight.astimezone(UTC), WEDNESDAY, SHANGHAI) == "今天 00:30"


def test_a_day_is_said_with_its_weekday() -> None:
    assert say_day(date(2026, 11, 18)) == "11月18日 星期三"


SEVEN_AND_A_HALF_HOURS = 27_000


@pytest.mark.parametrize(
    ("seconds", "full", "short"),
    [
        (25_800, "7小时10分", "7时10分"),
        (27_000 + 10_800, "1天3小时", "1天3时"),
        (54_000, "2天", "2天"),
        (7_200, "2小时", "2时"),
        (300, "5分钟", "5分"),
        (59, "不到1分钟", "不到1分钟"),
        (0, "不到1分钟", "不到1分钟"),
    ],
)
def test_spans_are_said_in_working_days(seconds: int, full: str, short: str) -> None:
    assert say_span(seconds, SEVEN_AND_A_HALF_HOURS) == full
    assert say_span(seconds, SEVEN_AND_A_HALF_HOURS, short=True) == short


def test_what_is_left_and_what_is_over_have_different_words() -> None:
    assert say_left(25_800, SEVEN_AND_A_HALF_HOURS) == "剩7小时10分"
    assert say_left(-8_400, SEVEN_AND_A_HALF_HOURS) == "超2小时20分"


@pytest.mark.shared_data
def test_the_replied_letters_are_read_whole_and_give_the_published_shares() -> None:
    folder = os.environ.get("YOUYING_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("YOUYING_TEST_DATA names no folder: the letters are not here")
    sheet = CalamineWorkbook.from_path(Path(folder) / "letters_replied_2816.xlsx").get_sheet_by_index(0).to_python()
    sent, answered = sheet[0].index("留言时间"), sheet[0].index("答复时间")
    took = [parse_moment(row[answered], SHANGHAI) - parse_moment(row[sent], SHANGHAI) for row in sheet[1:]]
    assert len(took) == 2_816
    within = [sum(span <= timedelta(days=days) for span in took) for days in (5, 15, 30)]
    assert [round(100 * count / len(took), 1) for count in within] == [26.3, 61.5, 83.6]
