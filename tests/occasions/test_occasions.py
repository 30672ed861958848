"""Occasions: laid out once, done or not, found things become matters, and nobody overdue stays unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cast import SUN_DESHUN
from tests.occasions.town import Town, build, due, homes, listed
from youying.editions.queries import edition_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.occasions import populations, queries
from youying.occasions.actions import (
    attempt,
    begin_campaign,
    excuse,
    follow_move,
    forget,
    give,
    lay,
    let_go,
    meet,
    mind_occasion,
    stop_campaign,
    sweep,
)
from youying.occasions.actions.doing import Doing
from youying.occasions.actions.laying import lay_everywhere
from youying.occasions.events import OccasionTold
from youying.occasions.models import Attempt, Course, Occasion
from youying.people.actions import leave
from youying.people.models import RegisterEntry
from youying.places.actions import add_building, add_homes
from youying.places.models import Building, Home
from youying.record.actions import deliver, erase
from youying.record.events import event_from
from youying.record.models import Announcement
from youying.record.queries import story
from youying.record.rules import facts_text
from youying.sheets.queries import filled

CARE = {"conditions": "行动慢", "guardian": "女儿", "living": "独居", "need": "无", "risk_level": "high"}
SEEN = {"health": "良好", "need": "", "water_power": True}


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def told() -> list[tuple[str, str]]:
    """Who was told what of an occasion, oldest first."""
    rows = Announcement.objects.filter(topic__endswith="OccasionTold").order_by("pk")
    events = [event_from(row.payload, OccasionTold) for row in rows]
    return [(event.do, event.to) for event in events]


@pytest.fixture
def elders(at: Any, db: None) -> Town:
    """One elder who lives alone and is visited weekly, on Friday 13 November 2026."""
    clock = at("2026-11-13 09:00")
    town = build("m11")
    town.world.clock = clock
    listed(town)
    return town


class TestLayingOut:
    def test_laying_twice_lays_once(self, elders: Town) -> None:
        assert len(due(elders, "weekly")) == 1
        assert lay(elders.world.town, "weekly", by=SYSTEM) == 0
        assert Occasion.objects.filter(rhythm="weekly").count() == 1

    def test_the_record_says_how_much_was_laid_out(self, elders: Town) -> None:
        due(elders, "weekly")
        lines = [line.facts["laid"] for row in Course.objects.all() for line in story(row.subject)]
        assert sum(lines) == Occasion.objects.count() == 1

    def test_whoever_is_listed_during_the_week_is_due_that_week_from_the_day(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        assert (row.period, row.opens_at, row.due_at) == (
            "2026-W46", datetime(2026, 11, 12, 16, tzinfo=UTC), datetime(2026, 11, 15, 16, tzinfo=UTC),
        )  # fmt: skip

    def test_the_next_week_is_laid_the_day_before(self, elders: Town) -> None:
        due(elders, "weekly")
        elders.world.clock.go_to(datetime(2026, 11, 15, 1, tzinfo=UTC))
        assert [row.period for row in due(elders, "weekly")] == ["2026-W46", "2026-W47"]

    def test_whoever_left_the_register_is_due_no_more(self, elders: Town) -> None:
        entry = RegisterEntry.objects.get()
        leave(entry.pk, by=SYSTEM, edition=edition_for(elders.path), reason="recovered")
        assert due(elders, "weekly") == []


class TestMeeting:
    def test_a_visit_in_time_is_met_and_on_time(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        done = meet(row.pk, by=elders.worker, doing=Doing(values=SEEN)).occasion
        assert (done.met, done.on_time, done.first_time, done.attempts, done.missed) == (True, True, True, 1, False)
        assert [entry.act for entry in story(row.subject)] == ["sheets.fill", "occasions.meet"]

    def test_the_same_visit_sent_twice_is_kept_once(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        said = Doing(values=SEEN, client_id="01J9-a")
        first, second = (meet(row.pk, by=elders.worker, doing=said) for _ in range(2))
        assert (first.again, second.again, Attempt.objects.count()) == (False, True, 1)

    def test_a_second_visit_of_the_same_week_is_refused(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        meet(row.pk, by=elders.worker, doing=Doing(values=SEEN))
        with refused("occasion-ended"):
            meet(row.pk, by=elders.worker, doing=Doing(values=SEEN))

    def test_what_the_sheet_finds_becomes_a_matter_with_the_place_known(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        done = meet(row.pk, by=elders.worker, doing=Doing(values={**SEEN, "health": "需就医", "water_power": False}))
        assert [one.matter.kind for one in done.opened] == ["emergency", "demand"]
        assert {one.matter.building_id for one in done.opened} == {elders.world.place.building_id}
        assert (done.occasion.found, done.occasion.opened) == (2, 2)

    def test_a_sheet_that_lacks_something_keeps_the_visit_open_and_opens_nothing(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("sheet-lacking"):
            meet(row.pk, by=elders.worker, doing=Doing(values={"health": "需就医"}))
        row.refresh_from_db()
        assert (row.met, Matter.objects.count(), Attempt.objects.count()) == (False, 0, 0)

    def test_somebody_of_another_street_or_another_post_is_refused(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("not-found"):
            meet(row.pk, by=elders.stranger, doing=Doing(values=SEEN))
        with refused("not-your-occasion"):
            meet(row.pk, by=elders.patroller, doing=Doing(values=SEEN))

    def test_it_is_given_to_a_worker_whose_post_does_it_there_and_to_nobody_else(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        assert give([row.pk], by=elders.secretary, to=elders.other.account_id) == 1
        for who in (elders.patroller, elders.stranger):
            with refused("not-their-occasion"):
                give([row.pk], by=elders.secretary, to=who.account_id)
        with refused("no-power"):
            give([row.pk], by=replace(elders.worker, powers=frozenset({"view"})), to=None)

    def test_the_id_of_another_visit_is_refused_and_leaves_this_one_undone(self, elders: Town) -> None:
        listed(elders, SUN_DESHUN.name)
        first, second = due(elders, "weekly")
        meet(first.pk, by=elders.worker, doing=Doing(values=SEEN, client_id="01J9-a"))
        with refused("client-id-used"):
            meet(second.pk, by=elders.worker, doing=Doing(values=SEEN, client_id="01J9-a"))
        second.refresh_from_db()
        assert not second.met

    def test_a_phone_that_was_without_a_network_says_when_it_was(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        elders.world.clock.go_to(datetime(2026, 11, 17, 1, tzinfo=UTC))
        done = meet(row.pk, by=elders.worker, doing=Doing(at=datetime(2026, 11, 14, 2, tzinfo=UTC), values=SEEN))
        assert (done.occasion.done_at, done.occasion.on_time) == (datetime(2026, 11, 14, 2, tzinfo=UTC), True)

    def test_a_phone_whose_clock_is_years_off_is_refused_and_one_just_ahead_is_now(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("clock-off"):
            meet(row.pk, by=elders.worker, doing=Doing(at=datetime(2020, 1, 1, tzinfo=UTC), values=SEEN))
        done = meet(row.pk, by=elders.worker, doing=Doing(at=datetime(2026, 11, 13, 1, 3, tzinfo=UTC), values=SEEN))
        assert done.occasion.done_at == datetime(2026, 11, 13, 1, tzinfo=UTC)


class TestMissing:
    def test_what_was_not_done_is_missed_and_told_once_by_however_many_sweeps(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        for moment in (datetime(2026, 11, 15, 16, tzinfo=UTC),) * 2:
            elders.world.clock.go_to(moment)
            sweep(at=moment)
        row.refresh_from_db()
        assert (row.missed, row.met) == (True, False)
        assert told() == [("remind", "grid-worker"), ("tell", "secretary")]

    def test_done_late_it_stays_missed_and_is_met(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        elders.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
        sweep()
        done = meet(row.pk, by=elders.worker, doing=Doing(values=SEEN)).occasion
        assert (done.missed, done.met, done.on_time) == (True, True, False)

    def test_nobody_but_the_system_rings(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("no-power"):
            mind_occasion(row.pk, by=elders.secretary, at=datetime(2026, 11, 16, 1, tzinfo=UTC))

    def test_an_elder_met_neither_time_raises_the_alarm(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        days = [(13, False), (14, False), (15, True)]
        for day, over in days:
            elders.world.clock.go_to(datetime(2026, 11, day, 2, tzinfo=UTC))
            done = attempt(row.pk, by=elders.worker, reason="hospitalised").occasion
            assert (done.ended_at is not None) is over
        assert [matter.kind for matter in Matter.objects.all()] == ["emergency"]
        assert told()[-1] == ("unmet", "secretary")

    def test_an_appointment_moves_the_next_attempt_and_never_away(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        agreed = datetime(2026, 11, 15, 11, tzinfo=UTC)
        assert attempt(row.pk, by=elders.worker, reason="hospitalised", again_at=agreed).occasion.next_at == agreed
        with refused("again-unfit"):
            attempt(row.pk, by=elders.worker, again_at=datetime(2036, 1, 1, tzinfo=UTC))
        attempt(row.pk, by=elders.worker, again_at=agreed)
        assert attempt(row.pk, by=elders.worker, again_at=agreed).occasion.ended_at is not None
        assert [matter.kind for matter in Matter.objects.all()] == ["emergency"]

    def test_an_attempt_with_a_reason_excuses_nothing(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        attempt(row.pk, by=elders.worker, reason="hospitalised")
        elders.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
        sweep()
        row.refresh_from_db()
        assert (row.missed, row.reason, queries.missed(elders.secretary)) == (True, "", 1)

    def test_whoever_left_the_register_is_missed_no_more(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        leave(RegisterEntry.objects.get().pk, by=SYSTEM, edition=edition_for(elders.path), reason="recovered")
        deliver()
        row.refresh_from_db()
        assert (row.reason, row.missed, row.ended_at is not None) == ("left", False, True)

    def test_nobody_but_the_system_lets_go_or_forgets(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("no-power"):
            let_go([row.key], by=elders.secretary, reason="left")
        with refused("no-power"):
            forget(row.key, by=elders.secretary, reason="asked")
        row.refresh_from_db()
        assert row.ended_at is None

    def test_what_a_visit_wrote_down_goes_with_the_person(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        meet(row.pk, by=elders.worker, doing=Doing(values={**SEEN, "need": "糖尿病要打胰岛素"}))
        assert "胰岛素" in str([line.said for view in filled(SYSTEM, row.subject) for line in view.lines])
        erase(RegisterEntry.objects.get().key, by=SYSTEM, reason="asked")
        deliver()
        assert "胰岛素" not in str([line.said for view in filled(SYSTEM, row.subject) for line in view.lines])

    def test_occasions_move_with_their_place(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        follow_move(elders.path, new_path=elders.path + "9", by=SYSTEM)
        row.refresh_from_db()
        assert row.area_path == elders.path + "9" and row.path.startswith(elders.path + "9/")

    def test_a_home_that_was_closed_is_missed_no_more(self, at: Any, db: None) -> None:
        clock = at("2026-11-13 09:00")
        town = build("m08", rhythm__late_visit__every="week")
        homes(town, 1)
        row = due(town, "late-visit")[0]
        Home.objects.update(closed_at=clock())
        sweep(at=clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC)))
        row.refresh_from_db()
        assert (row.missed, row.reason) == (False, "gone")

    def test_one_rhythm_that_cannot_be_laid_stops_no_other(self, elders: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(path: str, edition: Any, name: str) -> Any:
            """A population that cannot be read."""
            raise ValueError("no")

        monkeypatch.setitem(populations.SOURCES, "register", broken)
        homes(elders, 1)
        with pytest.raises(ExceptionGroup, match="could not be laid"):
            lay_everywhere(by=SYSTEM)

    def test_an_unknown_reason_is_refused_and_nothing_is_kept(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("reason-unknown"):
            attempt(row.pk, by=elders.worker, reason="因为懒")
        assert Attempt.objects.count() == 0

    @pytest.mark.word("reasons.for:unmet")
    def test_a_coded_reason_excuses(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        with refused("reason-unknown"):
            excuse(row.pk, by=elders.worker, reason="enforcement")
        done = excuse(row.pk, by=elders.worker, reason="hospitalised")
        assert (done.reason, done.met, done.ended_at is not None) == ("hospitalised", False, True)

    def test_the_record_holds_no_note_in_clear(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        attempt(row.pk, by=elders.worker, reason="hospitalised", doing=Doing(note="女儿说在三院骨科"))
        assert "三院" not in facts_text(story(row.subject)[-1].facts)


class TestCampaigns:
    @pytest.fixture
    def town(self, at: Any, db: None) -> Town:
        """Four homes of one building, to be registered within 60 days."""
        clock = at("2026-11-13 09:00")
        made = build("m15")
        made.world.clock = clock
        homes(made)
        return made

    def test_a_campaign_is_begun_by_a_person_and_reaches_every_home(self, town: Town) -> None:
        assert due(town, "knock") == []
        row = begin_campaign(town.path, "knock", by=town.secretary)
        assert (Occasion.objects.filter(rhythm="knock").count(), str(row.last)) == (4, "2027-01-12")

    def test_the_same_campaign_runs_once_at_a_time(self, town: Town) -> None:
        begin_campaign(town.path, "knock", by=town.secretary)
        with refused("campaign-runs"):
            begin_campaign(town.world.place.place_path, "knock", by=town.secretary)

    def test_what_recurs_by_itself_is_no_campaign(self, town: Town) -> None:
        with refused("rhythm-recurs"):
            begin_campaign(town.path, "late-visit", by=town.secretary)

    def test_a_stopped_campaign_leaves_what_is_done_and_can_be_begun_anew_the_same_day(self, town: Town) -> None:
        row = begin_campaign(town.path, "knock", by=town.secretary)
        first = Occasion.objects.filter(rhythm="knock").order_by("pk")[0]
        meet(first.pk, by=town.team, doing=Doing(values={"people": 3, "tenure": "自住", "heating": "正常"}))
        stop_campaign(row.pk, by=town.secretary)
        rows = list(row.occasions.order_by("pk").values_list("met", "reason"))
        assert rows == [(True, ""), *[(False, "stopped")] * 3]
        again = begin_campaign(town.path, "knock", by=town.secretary)
        assert again.occasions.filter(ended_at=None).count() == 4

    def test_a_campaign_that_is_over_may_be_held_again(self, town: Town) -> None:
        begin_campaign(town.path, "knock", by=town.secretary)
        town.world.clock.go_to(datetime(2027, 3, 1, tzinfo=UTC))
        assert begin_campaign(town.path, "knock", by=town.secretary).occasions.count() == 4

    def test_stopping_one_leaves_the_neighbours(self, town: Town) -> None:
        building = town.world.place.place_path
        other = add_building(building.rpartition("/")[0], name="31号楼", by=SYSTEM)
        Building.objects.filter(pk=other.pk).update(path=building + "0")
        add_homes(building + "0", homes=[(1, 1, "101")], by=SYSTEM)
        first = begin_campaign(building, "knock", by=town.secretary)
        begin_campaign(building + "0", "knock", by=town.secretary)
        stop_campaign(first.pk, by=town.secretary)
        assert Occasion.objects.filter(rhythm="knock", ended_at=None).count() == 1

    def test_a_door_that_never_opens_goes_to_the_register_of_those_who_are_away(self, town: Town) -> None:
        begin_campaign(town.path, "knock", by=town.secretary)
        row = Occasion.objects.filter(rhythm="knock").order_by("pk")[0]
        for _ in range(4):
            attempt(row.pk, by=town.team, reason="away")
        entry = RegisterEntry.objects.get(register="seasonal")
        assert (entry.home_id, story(row.subject)[-1].facts["then"]) == (row.home_id, [f"put:{entry.subject}"])
