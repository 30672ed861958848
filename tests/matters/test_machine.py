"""Random acts never break an invariant, and replaying the record equals the row."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.matters.world import CATEGORY, opened, photo
from youying.insight.queries import recount_differences
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Ask, Assignment, Clock, Matter
from youying.matters.replaying import differences
from youying.record.queries import verify

PEOPLE = ("dispatcher", "caller", "secretary", "leader", "manager", "worker")
STEPS = (
    "dispatch", "hand-back", "accept", "contact", "step", "park", "unpark", "complete", "call-back", "verdict", "rework",
    "cross-off", "end", "merge", "urge", "supervise",
)  # fmt: skip


def one_step(world, chance, matters):
    """One random act of a random person on a random matter, with plausible data."""
    matter = chance.choice(matters)
    matter.refresh_from_db()
    by = world.people[chance.choice(PEOPLE)]
    data = {
        "dispatch": {"unit": chance.choice((world.property_company, world.office)).pk, "category": CATEGORY},
        "hand-back": {"reason": "not-ours"},
        "contact": {"note": "联系过了"},
        "step": {"note": "在办"},
        "park": {"reason": "conditions", "scheme": "等改造", "due_at": world.clock() + timedelta(days=5)},
        "complete": {"note": "办好了"},
        "call-back": {"way": chance.choice(("phone", "sms")), "reached": chance.random() < 0.5},
        "verdict": {"solved": chance.random() < 0.5, "satisfaction": chance.choice(("满意", "不满意"))},
        "end": {"reason": "withdrawn", "note": "本人撤回"},
        "merge": {"into": chance.choice(matters).number},
        "supervise": {"note": "请抓紧"},
    }
    can = [p.id for p in queries.possible_acts(by, matter).can if not p.house and p.id not in ("end", "merge")]
    step = chance.choice(can if can and chance.random() < 0.8 else STEPS)
    given = data.get(step, {})
    if step == "complete" and matter.lead_id == by.unit_id:
        given["uploads"] = [photo(by)]
    actions.act(matter.pk, step, by=by, **given)


def answer(world, chance, _matter, _by):
    """Yes or no to any open ask."""
    asks = list(Ask.objects.filter(answer=""))
    if asks:
        said = chance.choice((actions.approve, actions.refuse))
        said(chance.choice(asks).pk, by=chance.choice((world.leader, world.dispatcher)), note="看过了")


def pass_time(world, chance, _matter, _by):
    """Hours or days go by, and the sweep rings."""
    world.clock.forward(hours=chance.choice((1, 9, 30, 100)))
    actions.sweep()


def extend(world, _chance, matter, by):
    """More time for the completion."""
    actions.ask_extension(matter.pk, by=by, clock="complete", reason="weather", note="下雨")


HOUSE = {
    "answer": answer,
    "sweep": pass_time,
    "extend": extend,
    "undo": lambda world, chance, matter, by: actions.undo(matter.pk, by=by),
    "correct": lambda world, chance, matter, by: actions.correct(
        matter.pk, by=by, urgency=chance.choice(("urgent", "simple", "hard"))
    ),
    "reopen": lambda world, chance, matter, by: actions.reopen(matter.pk, by=by, words="又坏了"),
    "exclude": lambda world, chance, matter, by: actions.exclude(matter.pk, by=by, reason="unlawful", note="已劝导"),
    "reassign": lambda world, chance, matter, by: actions.reassign(matter.pk, by=by, unit=world.office.pk, note="改派"),
    "add": lambda world, chance, matter, by: actions.add_words(matter.pk, by=by, words="补充一句"),
}


def house_step(world, chance, matters):
    """One random house act, answer or passing of time."""
    HOUSE[chance.choice(list(HOUSE))](world, chance, chance.choice(matters), world.people[chance.choice(PEOPLE)])


def check(matter):
    """What must hold of every matter at every moment."""
    running = Clock.objects.filter(matter=matter, stopped_at__isnull=True)
    assert matter.running == running.count()
    assert not (matter.ended_at and running.exists())
    assert not (matter.crossed_off and not matter.ended_at)
    assert Assignment.objects.filter(matter=matter, role="lead", until__isnull=True).count() <= 1
    lead = Assignment.objects.filter(matter=matter, role="lead", until__isnull=True).first()
    assert (lead.unit_id if lead else None) == matter.lead_id
    assert differences(matter) == {}, matter.number


@pytest.mark.parametrize("seed", range(5))
def test_random_acts_keep_every_promise(world, seed):
    chance = random.Random(seed)
    matters = [opened(world).matter for _ in range(4)]
    done = 0
    for _ in range(260):
        try:
            (one_step if chance.random() < 0.75 else house_step)(world, chance, matters)
            done += 1
        except Refused:
            continue
        world.clock.forward(minutes=chance.randint(1, 40))
    for matter in Matter.objects.all():
        check(matter)
    assert done > 60
    assert recount_differences() == []
    assert verify().ok
    assert queries.worklist(SYSTEM, queries.Filters(state="all")).total == len(matters)
