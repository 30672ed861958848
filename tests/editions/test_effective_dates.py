"""Directory rows, local numbers and days of the calendar: what holds where and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.editions.local import LIUWAN, with_section
from tests.places.town import ADMIN, Town, viewer
from youying.editions import actions, queries
from youying.editions.models import CalendarDay, DirectoryRow, ParamValue
from youying.editions.numbers import number_of
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.models import Entry

NATIONAL_DAY = date(2025, 10, 1)
WORKED_SUNDAY = date(2025, 9, 28)
LAMP = {"分类": "市政.路灯", "主办单位": "市政所", "协办单位": "供电所、社区", "时限": "2 working-days"}
pytestmark = pytest.mark.usefixtures("every_word")


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def street(town: Town, at: Any) -> Town:
    """柳湾街道 with its adopted pack."""
    town.clock = at("2025-09-01 09:00")  # type: ignore[attr-defined]
    actions.adopt(town.town.path, local_toml=LIUWAN, by=ADMIN)
    return town


def calendar_of(street: Town, code: str | None = None) -> Any:
    """The working calendar at a building of the street."""
    return queries.calendar_for(queries.edition_for(street.town.path), street.building.path, code)


def test_a_seeded_year_knows_holidays_and_worked_weekends(street: Town) -> None:
    actions.seed_calendar(2025, by=ADMIN)
    calendar = calendar_of(street)
    assert not calendar.is_working_day(NATIONAL_DAY)
    assert calendar.is_working_day(WORKED_SUNDAY)
    assert calendar.why_not_worked(NATIONAL_DAY) == "节假日：国庆节"


def test_seeding_again_keeps_what_people_have_edited(street: Town) -> None:
    actions.edit_calendar_day(NATIONAL_DAY, working=True, name="本地值守", by=ADMIN)
    actions.seed_calendar(2025, by=ADMIN)
    assert actions.seed_calendar(2025, by=ADMIN) == 0
    assert CalendarDay.objects.get(day=NATIONAL_DAY).name == "本地值守"


def test_a_year_that_was_not_announced_is_refused(street: Town) -> None:
    with refused("calendar-year-unknown"):
        actions.seed_calendar(2190, by=ADMIN)


def test_in_a_year_not_announced_the_days_fixed_by_law_are_off_and_the_year_is_named(street: Town) -> None:
    actions.seed_calendar(2026, by=ADMIN)
    calendar, path = calendar_of(street), street.building.path
    assert [calendar.is_working_day(date(2027, 1, day)) for day in (1, 4)] == [False, True]
    assert (queries.announced(path, 2026), queries.announced(path, 2027)) == (True, False)
    assert date(2027, 10, 1) in queries.legal_days_of(path, 2027)
    assert queries.legal_days_of(path, 2026) == {}


def test_a_day_entered_by_hand_holds_before_the_law_and_announces_no_year(street: Town) -> None:
    actions.edit_calendar_day(date(2027, 1, 1), working=True, name="值守", by=ADMIN)
    assert calendar_of(street).is_working_day(date(2027, 1, 1))
    assert date(2027, 1, 1) not in queries.legal_days_of(street.building.path, 2027)
    assert not queries.announced(street.building.path, 2027)


def test_a_streets_own_day_holds_there_and_not_next_door(street: Town) -> None:
    edition = queries.edition_for(street.town.path)
    fair = date(2025, 9, 10)
    actions.edit_calendar_day(fair, working=False, name="庙会", area_path=street.town.path, by=ADMIN)
    assert not queries.calendar_for(edition, street.building.path).is_working_day(fair)
    assert queries.calendar_for(edition, "/99/9901/990101/990101002").is_working_day(fair)


def test_a_dropped_day_follows_the_week_again(street: Town) -> None:
    actions.edit_calendar_day(date(2025, 9, 10), working=False, by=ADMIN)
    actions.drop_calendar_day(date(2025, 9, 10), by=ADMIN)
    assert calendar_of(street).is_working_day(date(2025, 9, 10))
    with refused("day-unknown"):
        actions.drop_calendar_day(date(2025, 9, 10), by=ADMIN)


def test_the_calendar_counts_in_the_zone_of_the_place(street: Town) -> None:
    assert calendar_of(street).zone.key == "Asia/Shanghai"


def test_places_that_share_their_days_share_one_calendar(street: Town) -> None:
    edition = queries.edition_for(street.town.path)
    assert queries.calendar_for(edition, street.building.path) is queries.calendar_for(edition, street.town.path)
    actions.edit_calendar_day(date(2025, 9, 10), working=False, area_path=street.community.path, by=ADMIN)
    assert queries.calendar_for(edition, street.building.path) is not queries.calendar_for(edition, street.town.path)


def test_a_calendar_that_the_pack_does_not_say_is_refused(street: Town) -> None:
    with refused("calendar-unknown"):
        calendar_of(street, "night-shift")


def test_the_directory_suggests_the_unit_of_the_narrowest_category(street: Town) -> None:
    rows = [LAMP, {"分类": "市政", "主办单位": "城管科"}]
    outcome = actions.import_directory(street.town.path, rows=rows, by=ADMIN)
    assert (outcome.added, outcome.refused) == (2, [])
    found = queries.directory_suggestion(street.community.path, "市政.路灯")
    assert found and (found.unit, found.joint, found.within) == ("市政所", ("供电所", "社区"), "2 working-days")
    wider = queries.directory_suggestion(street.community.path, "市政.井盖")
    assert wider and wider.unit == "城管科"
    assert queries.directory_suggestion(street.community.path, "物业.收费") is None


def test_a_communitys_own_row_comes_before_the_streets(street: Town) -> None:
    actions.import_directory(street.town.path, rows=[LAMP], by=ADMIN)
    actions.import_directory(street.community.path, rows=[{**LAMP, "主办单位": "社区居委会"}], by=ADMIN)
    found = queries.directory_suggestion(street.building.path, "市政.路灯")
    assert found and found.unit == "社区居委会"


def test_the_same_directory_twice_changes_nothing_and_a_changed_row_keeps_its_past(street: Town) -> None:
    actions.import_directory(street.town.path, rows=[LAMP], by=ADMIN)
    before = now()
    assert actions.import_directory(street.town.path, rows=[LAMP], by=ADMIN).same == 1
    street.clock.forward(days=1)  # type: ignore[attr-defined]
    outcome = actions.import_directory(street.town.path, rows=[{**LAMP, "主办单位": "照明公司"}], by=ADMIN)
    assert (outcome.changed, DirectoryRow.objects.count()) == (1, 2)
    then = queries.directory_suggestion(street.town.path, "市政.路灯", before)
    today = queries.directory_suggestion(street.town.path, "市政.路灯")
    assert then and today and (then.unit, today.unit) == ("市政所", "照明公司")


def test_bad_directory_rows_are_listed_with_their_reason(street: Town) -> None:
    rows = [
        LAMP,
        {"分类": "", "主办单位": "市政所"},
        {"分类": "水管", "主办单位": "水务所", "时限": "三天"},
        {"分类": "电梯", "主办单位": "物业科", "层级": "天庭"},
        {**LAMP, "主办单位": "别的所"},
    ]
    outcome = actions.import_directory(street.town.path, rows=rows, by=ADMIN)
    assert [(bad.row, bad.field) for bad in outcome.refused] == [(3, "category"), (4, ""), (5, "tier"), (6, "category")]
    assert DirectoryRow.objects.count() == 1


def test_an_ended_row_suggests_nothing_any_more(street: Town) -> None:
    actions.import_directory(street.town.path, rows=[LAMP], by=ADMIN)
    actions.end_directory_row(street.town.path, category="市政.路灯", by=ADMIN)
    assert queries.directory_suggestion(street.town.path, "市政.路灯") is None
    with refused("directory-row-unknown"):
        actions.end_directory_row(street.town.path, category="市政.路灯", by=ADMIN)


def test_a_number_of_the_place_holds_from_its_moment_on(street: Town) -> None:
    edition = queries.edition_for(street.town.path)
    later = now() + timedelta(days=10)
    actions.set_param(street.town.path, name="batch-most", value="50", since=later, by=ADMIN)
    assert queries.param(edition, street.community.path, "batch-most") == 200
    assert queries.param(edition, street.community.path, "batch-most", later) == 50
    assert queries.params_for(edition, street.community.path, later)["batch-most"] == 50


def test_a_number_that_no_pack_says_falls_back_on_the_engines(street: Town) -> None:
    edition = queries.edition_for(street.town.path)
    assert queries.param(edition, street.town.path, "undo-minutes") == 1


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("batch-most", "很多", "number-form"),
        ("batch-most", "999999", "param-out-of-bounds"),
        ("moon-phase", "1", "param-unknown"),
    ],
)
def test_a_number_of_the_place_keeps_form_and_bounds(name: str, value: str, code: str, street: Town) -> None:
    with refused(code):
        actions.set_param(street.town.path, name=name, value=value, by=ADMIN)
    assert not ParamValue.objects.exists()


def test_two_values_at_one_moment_are_refused(street: Town) -> None:
    actions.set_param(street.town.path, name="batch-most", value="50", by=ADMIN)
    with refused("param-twice"):
        actions.set_param(street.town.path, name="batch-most", value="60", by=ADMIN)


DAY_ACTS: dict[str, Callable[[Town, Viewer], Any]] = {
    "editions.seed-calendar": lambda t, by: actions.seed_calendar(2025, by=by),
    "editions.set-day": lambda t, by: actions.edit_calendar_day(NATIONAL_DAY, working=True, by=by),
    "editions.drop-day": lambda t, by: actions.drop_calendar_day(date(2025, 9, 3), by=by),
    "editions.end-directory-row": lambda t, by: actions.end_directory_row(t.town.path, category="市政.路灯", by=by),
    "editions.follow-move": lambda t, by: actions.follow_move(t.town.path, new_path="/99/9901/990102/990101001", by=by),
}


@pytest.fixture
def filled(street: Town) -> Town:
    """The street with a day and a directory row that acts can end."""
    actions.edit_calendar_day(date(2025, 9, 3), working=False, name="纪念日", by=ADMIN)
    actions.import_directory(street.town.path, rows=[LAMP], by=ADMIN)
    return street


@pytest.mark.parametrize("name", DAY_ACTS)
def test_an_administrator_with_the_power_may(name: str, filled: Town) -> None:
    DAY_ACTS[name](filled, ADMIN)
    assert Entry.objects.order_by("-id")[0].act == name


@pytest.mark.parametrize("name", DAY_ACTS)
def test_an_administrator_without_the_power_may_not(name: str, filled: Town) -> None:
    with refused("no-power"):
        DAY_ACTS[name](filled, viewer("/", "view", "places"))


@pytest.mark.parametrize("name", DAY_ACTS)
def test_somebody_with_the_power_elsewhere_may_not(name: str, filled: Town) -> None:
    with refused("out-of-reach"):
        DAY_ACTS[name](filled, viewer("/99/9901/990101/990101002", "packs"))


class TestWords:
    """Each word that this context executes, changed in a pack, changes what the queries say."""

    def adopt(self, street: Town, section: str) -> Any:
        """Adopt the local pack with a section more."""
        actions.adopt(street.town.path, local_toml=with_section(section), by=ADMIN)
        return queries.edition_for(street.town.path)

    @pytest.mark.parametrize(
        ("word", "day"),
        [
            ("mon", 1), ("tue", 2), ("wed", 3), ("thu", 4), ("fri", 5), ("sat", 6), ("sun", 7),
        ],
    )  # fmt: skip
    @pytest.mark.word(
        "calendar.week:mon",
        "calendar.week:tue",
        "calendar.week:wed",
        "calendar.week:thu",
        "calendar.week:fri",
        "calendar.week:sat",
        "calendar.week:sun",
    )
    def test_word_calendar_week(self, word: str, day: int, street: Town) -> None:
        """calendar, calendar.week, calendar.week:mon … calendar.week:sun."""
        edition = self.adopt(street, f'[calendar.office]\nweek = ["{word}"]')
        calendar = queries.calendar_for(edition, street.town.path)
        assert [calendar.is_working_day(date(2025, 9, one)) for one in range(1, 8)] == [
            one == day for one in range(1, 8)
        ]

    def test_word_calendar_hours(self, street: Town) -> None:
        """calendar.hours."""
        assert calendar_of(street).day_seconds == 7 * 3600
        edition = self.adopt(street, '[calendar.office]\nhours = ["10:00-12:00"]')
        assert queries.calendar_for(edition, street.town.path).day_seconds == 2 * 3600

    @pytest.mark.word("calendar.holidays:national", "calendar.holidays:none")
    def test_word_calendar_holidays(self, street: Town) -> None:
        """calendar.holidays, calendar.holidays:national, calendar.holidays:none."""
        actions.seed_calendar(2025, by=ADMIN)
        national = self.adopt(street, '[calendar.office]\nholidays = "national"\nhours = ["09:00-18:00"]')
        assert not queries.calendar_for(national, street.town.path).is_working_day(NATIONAL_DAY)
        none = self.adopt(street, '[calendar.office]\nholidays = "none"')
        assert queries.calendar_for(none, street.town.path).is_working_day(NATIONAL_DAY)

    def test_word_directory_rows(self, street: Town) -> None:
        """directory, directory.rows."""
        assert queries.directory_suggestion(street.town.path, "路灯") is None
        self.adopt(street, '[directory]\nrows = [{ category = "路灯", unit = "市政所", joint = ["供电所"] }]')
        found = queries.directory_suggestion(street.town.path, "路灯")
        assert found and (found.unit, found.joint) == ("市政所", ("供电所",))

    @pytest.mark.parametrize(
        ("word", "header"),
        [
            ("joint", "协办"), ("tier", "层级"), ("urgency", "紧急程度"), ("within", "时限"),
            ("not_to", "不派"), ("category", "分类"), ("unit", "主办"),
        ],
    )  # fmt: skip
    @pytest.mark.word(
        "directory.columns:category",
        "directory.columns:joint",
        "directory.columns:not_to",
        "directory.columns:tier",
        "directory.columns:unit",
        "directory.columns:urgency",
        "directory.columns:within",
    )
    def test_word_directory_columns(self, word: str, header: str, street: Town) -> None:
        """directory.columns, directory.columns:category … directory.columns:not_to."""
        self.adopt(street, f'[directory]\ncolumns = ["{word}"]')
        headers = queries.directory_headers(street.town.path)
        assert header in headers
        assert set(headers) <= {header, "分类", "主办"}

    def test_word_params_value(self, street: Town) -> None:
        """params, params.value."""
        edition = self.adopt(street, "[params.batch-most]\nvalue = 30")
        assert queries.param(edition, street.town.path, "batch-most") == 30

    def test_word_params_unit(self, street: Town) -> None:
        """params.unit."""
        edition = self.adopt(street, '[params.batch-most]\nunit = "宗"')
        assert number_of(edition, "params.batch-most.value").words == "200宗"
