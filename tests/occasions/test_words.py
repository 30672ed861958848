"""The words by which things recur: each changes what is laid out, what may be done, or what follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.occasions.test_occasions import SEEN, refused, told
from tests.occasions.town import Town, build, due, homes, listed
from youying.editions.queries import edition_for
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.occasions.actions import attempt, begin_campaign, call, meet, sweep
from youying.occasions.actions.doing import Doing
from youying.occasions.models import Occasion
from youying.people.actions import enter
from youying.people.models import RegisterEntry
from youying.people.register_rules import Listed
from youying.sheets.actions import fill


@pytest.fixture
def begin(at: Any, db: None) -> Any:
    """`begin("m11", rhythm__weekly__every="day")`: a town on Friday 13 November 2026, 09:00, whose clock can be moved."""

    def make(code: str, **said: Any) -> Town:
        clock = at("2026-11-13 09:00")
        town = build(code, **said)
        town.world.clock = clock
        return town

    return make


def periods(town: Town, code: str) -> list[str]:
    """The periods laid out of a rhythm, in order."""
    return [row.period for row in due(town, code)]


class TestWhen:
    @pytest.mark.word("rhythm", "rhythm.every", "rhythm.every:week", "rhythm.every:day")
    @pytest.mark.parametrize(("every", "laid"), [("week", ["2026-W46"]), ("day", ["2026-11-13", "2026-11-14"])])
    def test_a_rhythm_comes_round_as_often_as_it_says(self, begin: Any, every: str, laid: list[str]) -> None:
        town = begin("m11", rhythm__weekly__every=every)
        listed(town)
        assert periods(town, "weekly") == laid

    @pytest.mark.word(
        "rhythm.every:fortnight", "rhythm.every:month", "rhythm.every:quarter", "rhythm.every:half-year",
        "rhythm.every:year",
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("every", "laid"),
        [
            ("fortnight", "2026-11-09-F"),
            ("month", "2026-11"),
            ("quarter", "2026-Q4"),
            ("half-year", "2026-H2"),
            ("year", "2026"),
        ],
    )
    def test_the_longer_periods(self, begin: Any, every: str, laid: str) -> None:
        town = begin("m11", rhythm__weekly__every=every)
        listed(town)
        assert periods(town, "weekly") == [laid]

    @pytest.mark.word("rhythm.every:table", "rhythm.per", "values:risk")
    @pytest.mark.parametrize(("risk", "laid"), [("high", ["2026-W46"]), ("key", ["2026-11"]), ("general", ["2026-Q4"])])
    def test_each_risk_has_its_own_period(self, begin: Any, risk: str, laid: list[str]) -> None:
        town = begin("m12")
        listed(town, risk=risk)
        assert periods(town, "care-visit") == laid

    @pytest.mark.word("rhythm.on")
    @pytest.mark.parametrize(
        ("on", "laid"), [(["sun", "fri"], ["2026-11-13"]), (["sat"], ["2026-11-14"]), (["mon"], [])]
    )
    def test_fixed_weekdays(self, begin: Any, on: list[str], laid: list[str]) -> None:
        assert periods(begin("m10", rhythm__patrol__on=on), "patrol") == laid

    @pytest.mark.word("rhythm.during")
    @pytest.mark.parametrize(("during", "count"), [(["10-15", "04-15"], 1), (["12-01", "04-15"], 0)])
    def test_a_season(self, begin: Any, during: list[str], count: int) -> None:
        town = begin("m11", rhythm__weekly__during=during)
        listed(town)
        assert len(due(town, "weekly")) == count

    @pytest.mark.word("rhythm.hours")
    @pytest.mark.parametrize(("hours", "kept"), [(["19:00-21:00"], False), (["08:00-10:00"], True)])
    def test_the_hours_of_the_day(self, begin: Any, hours: list[str], kept: bool) -> None:
        town = begin("m11", rhythm__weekly__hours=hours)
        listed(town)
        assert meet(due(town, "weekly")[0].pk, by=town.worker, doing=Doing(values=SEEN)).occasion.at_hours is kept

    @pytest.mark.word("rhythm.every:once", "rhythm.within")
    @pytest.mark.parametrize(("within", "last"), [("60 days", "2027-01-12"), ("1 months", "2026-12-13")])
    def test_a_campaign_lasts_so_long(self, begin: Any, within: str, last: str) -> None:
        town = begin("m15", rhythm__knock__within=within)
        homes(town, 1)
        assert (due(town, "knock"), str(begin_campaign(town.path, "knock", by=town.secretary).last)) == ([], last)

    @pytest.mark.word("rhythm.every:as-called")
    def test_what_is_called_for_begins_with_the_call(self, begin: Any) -> None:
        town = begin("m11", rhythm__weekly__every="as-called")
        entry = listed(town)
        assert due(town, "weekly") == []
        row = call(town.path, "weekly", entry.subject, by=town.worker)
        assert (row.key, row.due_at) == (entry.subject, datetime(2026, 11, 13, 16, tzinfo=UTC))

    @pytest.mark.word("rhythm.date")
    @pytest.mark.parametrize(("said", "laid"), [("2026-11-14", ["2026-11-14"]), ("2026-12-05", [])])
    def test_the_date_that_somebody_named(self, begin: Any, said: str, laid: list[str]) -> None:
        town = begin("m08")
        home = homes(town, 1)[0]
        edition = edition_for(town.path)
        entry = enter(
            "seasonal", by=SYSTEM, edition=edition, path=town.world.place.place_path, listed=Listed(home_id=home.pk)
        )
        values = {"return_date": said, "contact_phone": "13900010002"}
        fill(subject=entry.subject, sheet="seasonal", edition=edition, values=values, by=SYSTEM, act="people.enter")
        assert periods(town, "return") == laid


class TestTo:
    @pytest.mark.word(
        "rhythm.of:home", "rhythm.of:building", "rhythm.of:compound", "rhythm.of:grid", "rhythm.of:community"
    )
    @pytest.mark.parametrize(
        ("of", "count"), [("home", 3), ("building", 1), ("compound", 1), ("grid", 1), ("community", 1)]
    )
    def test_the_places_of_a_population(self, begin: Any, of: str, count: int) -> None:
        town = begin("m10", rhythm__patrol__of=of)
        homes(town, 3)
        assert [row.key.partition(":")[0] for row in due(town, "patrol")] == [
            of if of != "community" else "area"
        ] * count

    @pytest.mark.word("rhythm.of:register", "rhythm.where")
    @pytest.mark.parametrize(("kind", "count"), [("alone", 1), ("aged", 0)])
    def test_only_those_whose_facts_fit(self, begin: Any, kind: str, count: int) -> None:
        town = begin("m11")
        listed(town, kind=kind)
        assert len(due(town, "weekly")) == count

    @pytest.mark.word("fact:met", "fact:attempts")
    def test_a_weekend_visit_is_for_those_tried_and_not_met(self, begin: Any) -> None:
        town = begin("m08", rhythm__weekend_visit__where={"attempts": {"at_least": 1}, "met": False})
        homes(town, 3)
        first, second, _ = due(town, "late-visit")
        attempt(first.pk, by=town.worker, reason="away")
        meet(second.pk, by=town.worker)
        assert [row.key for row in due(town, "weekend-visit")] == [first.key]


class TestBy:
    @pytest.mark.word("rhythm.by", "rhythm.by:keeper")
    def test_the_keeper_of_the_register_and_no_other_post(self, begin: Any) -> None:
        town = begin("m11", rhythm__weekly__by=["keeper"])
        listed(town)
        row = due(town, "weekly")[0]
        with refused("not-your-occasion"):
            meet(row.pk, by=town.inspector, doing=Doing(values=SEEN))
        assert meet(row.pk, by=town.worker, doing=Doing(values=SEEN)).occasion.met

    @pytest.mark.word("rhythm.with")
    @pytest.mark.parametrize(("together", "allowed"), [(["inspector"], True), ([], False)])
    def test_whoever_goes_along_may_do_it_too(self, begin: Any, together: list[str], allowed: bool) -> None:
        town = begin("m10", rhythm__patrol__with=together)
        row = due(town, "patrol")[0]
        said = Doing(values={"security": "平稳", "dirt": False, "friction": False})
        if allowed:
            assert meet(row.pk, by=town.inspector, doing=said).occasion.met
        else:
            with refused("not-your-occasion"):
                meet(row.pk, by=town.inspector, doing=said)


class TestFinding:
    @pytest.mark.word("rhythm.sheet")
    def test_the_sheet_must_be_filled_in(self, begin: Any) -> None:
        town = begin("m11")
        listed(town)
        with refused("sheet-lacking"):
            meet(due(town, "weekly")[0].pk, by=town.worker)

    @pytest.mark.word("sheet.items.fails", "sheet.items.opens", "sheet.items.opens:loop")
    @pytest.mark.parametrize(("fails", "kinds"), [("需就医", ["emergency"]), ("一般", [])])
    def test_the_value_that_shows_a_fault(self, begin: Any, fails: str, kinds: list[str]) -> None:
        town = begin("m11", sheet__elder_visit__items__health__fails=fails)
        listed(town)
        meet(due(town, "weekly")[0].pk, by=town.worker, doing=Doing(values={**SEEN, "health": "需就医"}))
        assert [matter.kind for matter in Matter.objects.all()] == kinds

    @pytest.mark.word("rhythm.opens", "rhythm.opens:loop")
    @pytest.mark.parametrize(("opens", "count"), [(["loop:demand"], 1), ([], 0)])
    def test_a_want_told_at_the_door_becomes_a_demand_where_the_pack_says_so(
        self, begin: Any, opens: list[str], count: int
    ) -> None:
        town = begin("m11", rhythm__weekly__opens=opens)
        listed(town)
        said = Doing(values=SEEN, wants=("想换个楼道灯泡",))
        assert len(meet(due(town, "weekly")[0].pk, by=town.worker, doing=said).opened) == count


class TestNobodyMet:
    @pytest.mark.word(
        "rhythm.unmet", "rhythm.unmet.again", "rhythm.unmet.most", "rhythm.unmet.then", "rhythm.unmet.then:tell"
    )
    @pytest.mark.parametrize(("most", "tries"), [(1, 2), (3, 4)])
    def test_it_is_tried_so_often_and_then_somebody_is_told(self, begin: Any, most: int, tries: int) -> None:
        town = begin("m12", rhythm__care_visit__unmet={"again": "2 days", "most": most, "then": ["tell:care-lead"]})
        listed(town)
        row = due(town, "care-visit")[0]
        over = [
            attempt(row.pk, by=town.worker, reason="hospitalised").occasion.ended_at is not None for _ in range(tries)
        ]
        assert over == [False] * (tries - 1) + [True]
        assert told() == [("unmet", "care-lead")]

    @pytest.mark.word("rhythm.unmet.then:open")
    @pytest.mark.parametrize(("then", "count"), [(["open:emergency"], 1), (["tell:secretary"], 0)])
    def test_the_alarm_is_raised(self, begin: Any, then: list[str], count: int) -> None:
        town = begin("m11", rhythm__weekly__unmet={"again": "1 days", "most": 1, "then": then})
        listed(town)
        row = due(town, "weekly")[0]
        for _ in range(2):
            attempt(row.pk, by=town.worker, reason="hospitalised")
        assert Matter.objects.filter(kind="emergency").count() == count

    @pytest.mark.word("rhythm.unmet.then:put")
    @pytest.mark.parametrize(("then", "count"), [(["put:seasonal"], 1), (["tell:secretary"], 0)])
    def test_the_home_is_listed(self, begin: Any, then: list[str], count: int) -> None:
        town = begin("m15", rhythm__knock__unmet={"again": "3 days", "most": 1, "then": then})
        homes(town, 1)
        begin_campaign(town.path, "knock", by=town.secretary)
        row = Occasion.objects.get(rhythm="knock")
        for _ in range(2):
            attempt(row.pk, by=town.team, reason="away")
        assert RegisterEntry.objects.filter(register="seasonal").count() == count


class TestLadder:
    @pytest.mark.word(
        "rhythm.ladder", "rhythm.ladder.at", "rhythm.ladder.do", "rhythm.ladder.to", "rhythm.ladder.do:remind",
        "rhythm.ladder.do:tell", "rhythm.ladder.do:watch-by", "rhythm.ladder.do:propose-supervision",
    )  # fmt: skip
    @pytest.mark.parametrize("do", ["remind", "tell", "watch-by", "propose-supervision"])
    def test_each_rung_is_told_to_whom_it_names(self, begin: Any, do: str) -> None:
        town = begin("m11", rhythm__weekly__ladder=[{"at": "due", "do": do, "to": "care-lead"}])
        listed(town)
        due(town, "weekly")
        sweep(at=town.world.clock.go_to(datetime(2026, 11, 15, 16, tzinfo=UTC)))
        assert told() == [(do, "care-lead")]


class TestDoes:
    @pytest.mark.word(
        "rhythm.does", "rhythm.does:visit", "rhythm.does:patrol", "rhythm.does:inspect", "rhythm.does:serve",
        "rhythm.does:call", "rhythm.does:activity", "rhythm.does:register", "rhythm.does:recheck",
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("does", "channel"),
        [
            ("visit", "visit"), ("patrol", "patrol"), ("inspect", "patrol"), ("serve", "visit"), ("call", "visit"),
            ("activity", "visit"), ("register", "visit"), ("recheck", "visit"),
        ],
    )  # fmt: skip
    def test_what_is_found_comes_in_by_the_channel_of_what_is_done(self, begin: Any, does: str, channel: str) -> None:
        town = begin("m11", rhythm__weekly__does=does)
        listed(town)
        row = due(town, "weekly")[0]
        meet(row.pk, by=town.worker, doing=Doing(values={**SEEN, "water_power": False}))
        assert (row.does, Matter.objects.get().channel) == (does, channel)
