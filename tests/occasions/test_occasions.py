"""Occasions: laid out once, done or not, found things become matters, and nobody overdue stays unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.occasions.town import Town, build, due, homes, listed
from youying.editions.queries import edition_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.occasions.actions import (
    attempt,
    begin_campaign,
    excuse,
    give,
    lay,
    meet,
    mind_occasion,
    stop_campaign,
    sweep,
)
from youying.occasions.actions.doing import Doing
from youying.occasions.events import OccasionTold
from youying.occasions.models import Attempt, Course, Occasion
from youying.people.actions import leave
from youying.people.models import RegisterEntry
from youying.record.events import event_from
from youying.record.models import Announcement
from youying.record.queries import story
from youying.record.rules import facts_text

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

    def test_whoever_it_was_given_to_does_it_whatever_the_post(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        assert give([row.pk], by=elders.secretary, to=elders.patroller.account_id) == 1
        assert meet(row.pk, by=elders.patroller, doing=Doing(values=SEEN)).occasion.met

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

    def test_an_appointment_moves_the_next_attempt(self, elders: Town) -> None:
        row = due(elders, "weekly")[0]
        agreed = datetime(2026, 11, 15, 11, tzinfo=UTC)
        assert attempt(row.pk, by=elders.worker, reason="hospitalised", again_at=agreed).occasion.next_at == agreed

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

    def test_a_stopped_campaign_leaves_what_is_done(self, town: Town) -> None:
        row = begin_campaign(town.path, "knock", by=town.secretary)
        first = Occasion.objects.filter(rhythm="knock").order_by("pk")[0]
        meet(first.pk, by=town.team, doing=Doing(values={"people": 3, "tenure": "自住", "heating": "正常"}))
        stop_campaign(row.pk, by=town.secretary)
        assert Occasion.objects.filter(rhythm="knock", met=True).count() == 1
        assert not Occasion.objects.filter(rhythm="knock", ended_at=None).exists()
        assert begin_campaign(town.path, "knock", by=town.secretary, first=row.last).pk != row.pk

    def test_a_door_that_never_opens_goes_to_the_register_of_those_who_are_away(self, town: Town) -> None:
        begin_campaign(town.path, "knock", by=town.secretary)
        row = Occasion.objects.filter(rhythm="knock").order_by("pk")[0]
        for _ in range(4):
            attempt(row.pk, by=town.team, reason="away")
        entry = RegisterEntry.objects.get(register="seasonal")
        assert (entry.home_id, story(row.subject)[-1].facts["then"]) == (row.home_id, [f"put:{entry.subject}"])
