"""Many matters at once: the same rows and entries as the one door makes, one transaction, refusals that draw no number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tests.channels.hotline.world import importer
from tests.matters import world as worlds
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import queries
from youying.matters.actions import ReporterIn, Told, act, bulk, open_many, open_matter, sweep, try_many
from youying.matters.actions.catching_up import catch_up
from youying.matters.events import MatterOpened
from youying.matters.facts import PRIVATE, TRACKED
from youying.matters.models import Assignment, Clock, Matter, Reporter, Tally
from youying.matters.queries import Filters
from youying.matters.replaying import differences
from youying.record import actions as record
from youying.record.models import Entry
from youying.record.queries import opened, verify

CLOCK = ("code", "run", "title", "rule", "working", "started_at", "due_at", "earliest_at", "yellow_at", "red_at",
         "pauses", "extensions", "paused", "stopped_at", "stopped_by", "met", "rung", "next_at")  # fmt: skip


class TakenBackError(Exception):
    """Takes back what the one door made, so that the numbers start anew."""


def needs(world, n):
    """Needs of several days, places and urgencies."""
    texts = ("路灯坏了，夜里看不见路。", "地下室返水，味道很大。", "楼道堆着杂物，走不过去。")
    for number in range(n):
        urgency = ("ordinary", "urgent", "simple", "hard", "")[number % 5]
        yield replace(
            worlds.need(urgency=urgency, channel="hotline"),
            text=f"{number}号：{texts[number % 3]}",
            external_id=f"N-{number}",
            title="路灯" if number % 4 == 0 else "",
            reporters=(ReporterIn("陈桂芳", f"1390001{number:04d}"),) if number % 2 else (),
        )


def told_rows(world, n=24):
    """The same needs as an import tells them: one in two with a unit."""
    for number, need in enumerate(needs(world, n)):
        at = now() - timedelta(days=2, hours=7 * number)
        yield Told(need, world.place, at, unit_id=world.property_company.pk if number % 2 else None)


def one_by_one(world, rows, by):
    """The same through the one door."""
    for told in rows:
        matter = open_matter(told.need, place=told.place, by=by, at=told.at).matter
        if told.unit_id:
            act(matter.pk, "dispatch", by=by, at=told.at, unit=told.unit_id)


def picture():
    """Everything that the database holds of all matters, without keys, hashes and secrets."""
    rows = {m.external_id: m for m in Matter.objects.order_by("pk")}
    return {
        "matters": {key: {n: getattr(m, n) for n in (*TRACKED, *PRIVATE, "version")} for key, m in rows.items()},
        "clocks": {key: list(Clock.objects.filter(matter=m).order_by("code").values(*CLOCK)) for key, m in rows.items()},
        "units": {key: list(Assignment.objects.filter(matter=m).values("role", "unit_id", "since", "until")) for key, m in rows.items()},
        "reporters": {key: list(Reporter.objects.filter(matter=m).values("phone_index", "channel", "at", "protected")) for key, m in rows.items()},
        "entries": {key: [told_of(entry) for entry in Entry.objects.filter(subject=m.subject).order_by("seq")] for key, m in rows.items()},
        "tallies": sorted(map(str, Tally.objects.exclude(n=0).values())),
        "found": [queries.filtered(SYSTEM, Filters(state="all", text=text)).count() for text in ("路灯", "返水", "楼道堆着")],
    }  # fmt: skip


def told_of(entry):
    """What an entry says, opened; that it was imported is the one thing that differs."""
    facts = {name: value for name, value in entry.facts.items() if name != "imported"}
    facts["clocks"] = sorted(facts["clocks"], key=lambda note: (note["clock"], note["what"]))
    return entry.act, entry.actor_kind, entry.account_id, entry.at, facts, opened(entry)


def test_rows_and_entries_equal_those_of_the_one_door(world):
    world.clock.forward(days=30)
    rows, by = list(told_rows(world)), importer(world)
    with pytest.raises(TakenBackError), transaction.atomic():
        one_by_one(world, rows, by)
        expected = picture()
        raise TakenBackError
    open_many(rows, by=by)
    made = picture()
    for part, held in expected.items():
        assert made[part] == held, part
    assert len(made["matters"]) == len(rows)
    assert all(differences(matter) == {} for matter in Matter.objects.all())
    assert verify().ok


def test_an_answered_history_walks_the_loop_and_judges_only_what_was_told(world):
    at = now() - timedelta(days=9)
    need = replace(worlds.need(channel="hotline"), external_id="H-1")
    told = Told(
        need,
        world.place,
        at,
        world.property_company.pk,
        done_at=at + timedelta(days=2),
        note="已修好。",
        solved=True,
        satisfaction="满意",
    )
    open_many([told], by=importer(world))
    matter = Matter.objects.get()
    assert differences(matter) == {}
    assert [
        (e.act, e.facts["change"]["stage"][1])
        for e in Entry.objects.filter(subject=matter.subject).order_by("seq")
        if "stage" in e.facts["change"]
    ] == [
        ("open", "received"),
        ("dispatch", "dispatched"),
        ("complete", "completed"),
        ("cross-off", "crossed-off"),
    ]
    assert list(Clock.objects.values_list("code", "met", "stopped_by")) == [("complete", True, "complete")]


def test_a_period_whose_end_nobody_told_is_neither_kept_nor_missed(world):
    at = now() - timedelta(days=400)
    told = Told(
        worlds.need(channel="hotline"), world.place, at, world.property_company.pk, done_at=at + timedelta(days=90)
    )
    open_many([told], by=importer(world))
    matter = Matter.objects.get()
    assert (matter.completed_on_time, matter.contacted_on_time, matter.overdue) == (False, None, True)
    assert sweep() == 0


def test_what_the_other_system_knows_of_contact_and_acceptance_is_kept(world):
    at = now() - timedelta(days=2)
    told = Told(worlds.need(channel="hotline"), world.place, at, world.property_company.pk,
                accepted_at=at + timedelta(minutes=30), contacted_at=at + timedelta(hours=3))  # fmt: skip
    open_many([told], by=importer(world))
    matter = Matter.objects.get()
    assert (matter.stage, matter.contacted_on_time) == ("in-hand", True)
    assert Clock.objects.get(code="accept").met is True


@pytest.mark.parametrize("days, told_of", [(8, 0), (6, 1)])
def test_old_needs_come_in_silently_and_fresh_ones_are_news(world, monkeypatch, days, told_of):
    heard = []
    monkeypatch.setattr(record, "announce", lambda event, *, subject: heard.append(event))
    open_many([Told(worlds.need(channel="hotline"), world.place, now() - timedelta(days=days))], by=importer(world))
    assert [type(event) for event in heard] == [MatterOpened] * told_of


@pytest.mark.parametrize(
    "more, code",
    [
        ({"need": {"channel": "pigeon"}}, "unknown-channel"),
        ({"need": {"category": "no.such"}}, "unknown-category"),
        ({"need": {"kind": "wish"}}, "unknown-kind"),
        ({"need": {"urgency": "very"}}, "unknown-urgency"),
        ({"need": {"text": ""}}, "text-empty"),
        ({"need": {"text": "长" * 100_000}}, "text-too-long"),
        ({"need": {"reporters": (ReporterIn("陈桂芳", "不知道"),)}}, "phone-unreadable"),
        ({"at": timedelta(hours=1)}, "future"),
        ({"at": timedelta(days=-20_000)}, "too-old"),
        ({"done_at": timedelta(days=-9)}, "before-report"),
        ({"done_at": timedelta(days=1)}, "future"),
        ({"done_at": timedelta(0), "satisfaction": "很好"}, "unknown-satisfaction"),
    ],
)
def test_a_row_that_cannot_be_is_refused_alone_and_draws_no_number(world, more, code):
    good = Told(worlds.need(channel="hotline"), world.place, now() - timedelta(days=3))
    said = {name: now() + value if isinstance(value, timedelta) else value for name, value in more.items()}
    bad = replace(good, **said | {"need": replace(good.need, **more.get("need", {}))})
    first, refused, last = open_many([good, bad, good], by=importer(world))
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert last.matter.pk == first.matter.pk + 1
    assert verify().ok


def test_a_history_that_ends_without_an_end_keeps_only_its_row_out(world, monkeypatch):
    walked = bulk.steps_told

    def backwards(told, loop, *, own_unit):
        steps = walked(told, loop, own_unit=own_unit)
        return [*steps[1:], steps[0]] if told.need.external_id == "N-0" else steps

    monkeypatch.setattr(bulk, "steps_told", backwards)
    done = {"unit_id": world.property_company.pk, "done_at": now(), "note": "换了灯", "solved": True}
    rows = [replace(told, **done, satisfaction="满意") for told in told_rows(world, 2)]
    for outcome, kept in (try_many(rows, by=importer(world)), open_many(rows, by=importer(world))):
        assert isinstance(outcome, Refused)
        assert outcome.code == "ended-astray"
        assert "路灯" not in repr((outcome.say, outcome.have, outcome.need))
        assert kept.matter.external_id == "N-1"
    assert Matter.objects.get().stage == "crossed-off"


def test_an_unknown_unit_undoes_the_whole_batch(world):
    told = Told(worlds.need(channel="hotline"), world.place, now() - timedelta(days=3), unit_id=999_999)
    with pytest.raises(Refused) as refused:
        open_many([replace(told, unit_id=None), told], by=importer(world))
    assert refused.value.code == "unknown-unit"
    assert Matter.objects.count() == 0


def test_only_a_post_that_may_import_opens_many(world):
    told = Told(worlds.need(channel="hotline"), world.place, now() - timedelta(days=3))
    with pytest.raises(Refused) as refused:
        open_many([told], by=world.dispatcher)
    assert refused.value.code == "no-power"


def test_a_thousand_matters_take_no_more_statements_than_their_bytes_need(world, count_statements):
    rows = list(told_rows(world, 40))
    with count_statements(at_most=40) as seen:
        open_many(rows, by=importer(world))
    assert len(seen) < len(rows)


def test_what_is_told_later_is_caught_up_with_once_by_those_who_may_import(world):
    at = now() - timedelta(days=2)
    open_told = Told(worlds.need(channel="hotline"), world.place, at, world.property_company.pk)
    open_many([open_told], by=importer(world))
    matter = Matter.objects.get()
    answered = replace(open_told, done_at=at + timedelta(days=1), note="已修好。")
    with pytest.raises(Refused, match="no-power"):
        catch_up(matter.pk, answered, by=world.worker)
    with pytest.raises(Refused, match="before-report"):
        catch_up(matter.pk, replace(answered, done_at=at - timedelta(days=1)), by=importer(world))
    assert [catch_up(matter.pk, answered, by=importer(world)) for _ in range(2)] == [True, False]
    matter.refresh_from_db()
    assert (matter.stage, matter.completed_at, matter.completed_on_time) == ("completed", answered.done_at, True)
    assert list(Clock.objects.filter(stopped_at=None)) == []
    assert differences(matter) == {}
