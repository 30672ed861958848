"""Each verb of the catalogue that is executed: an act with another verb in the pack leaves other facts behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import completed, dispatched, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.fact_rules import EFFECTS
from youying.matters.models import Ask, Attempt, Matter

DRY = "utilities.drainage"


def can_be_taken_back(world, matter):
    """Whether the step is undone with one tap."""
    try:
        actions.undo(matter.pk, by=world.dispatcher)
    except Refused:
        return False
    return True


def parked(world):
    """A matter that was parked with the leader's yes."""
    matter = in_hand(world)
    due = world.clock() + timedelta(days=9)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等管网改造", due_at=due)
    return actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.leader)


def received(world):
    """A matter just reported."""
    return opened(world).matter


def answered(world):
    """A completed matter whose resident is content, where nothing closes by itself."""
    return actions.act(completed(world).pk, "verdict", by=world.caller, solved=True, satisfaction="满意")


def fact(name):
    """A column of the matter after the step."""
    return lambda world, matter: getattr(Matter.objects.get(pk=matter.pk), name)


END = {"to": "crossed-off"}
CASES = {
    # verb: (from, what the act says beside the verb, what comes with it, what is seen, with the verb, with another)
    "accept": (dispatched, {}, {}, can_be_taken_back, True, False),
    "call-back": (
        completed, {}, {"way": "phone", "reached": True},
        lambda world, matter: Attempt.objects.filter(matter=matter).count(), 1, 0,
    ),
    "complete": (in_hand, {}, {}, lambda world, matter: matter.completed, True, False),
    "contact": (dispatched, {}, {}, lambda world, matter: bool(matter.contacted_at), True, False),
    "cross-off": (answered, END, {}, fact("crossed_off"), True, False),
    "decide": (in_hand, {}, {"reason": "withdrawn"}, fact("outcome"), "withdrawn", ""),
    "deliver": (in_hand, {}, {}, lambda world, matter: bool(matter.received_at), True, False),
    "dispatch": (received, {}, {"category": DRY}, fact("category"), DRY, "utilities.drainage.blocked-drain"),
    "end": (received, END, {"reason": "withdrawn"}, fact("end_reason"), "withdrawn", ""),
    "escalate": (in_hand, {}, {}, fact("escalated"), 1, 0),
    "hand-back": (dispatched, {}, {}, fact("hand_backs"), 1, 0),
    "judge": (in_hand, {}, {}, can_be_taken_back, True, False),
    "meet": (in_hand, {}, {}, fact("sessions"), 1, 0),
    "merge": (received, END, {}, lambda world, matter: matter.merged_away, True, False),
    "object": (dispatched, {}, {}, fact("hand_backs"), 1, 0),
    "park": (in_hand, {}, {}, fact("parked"), True, False),
    "report-in": (in_hand, {}, {}, fact("reported_in"), True, None),
    "recheck": (completed, {}, {"passed": True}, fact("rechecked"), True, None),
    "rework": (completed, {}, {}, fact("reworks"), 1, 0),
    "step": (in_hand, {}, {}, can_be_taken_back, False, True),
    "supervise": (in_hand, {}, {"level": "listed"}, fact("supervised"), "listed", ""),
    "unpark": (parked, {}, {}, fact("parked"), False, True),
    "urge": (dispatched, {}, {}, fact("urged"), 1, 0),
    "verdict": (completed, {}, {"solved": True, "satisfaction": "满意"}, fact("satisfaction"), "满意", ""),
    "whistle": (in_hand, {}, {}, fact("whistles"), 1, 0),
}  # fmt: skip


@pytest.mark.word(
    "loop.acts.verb:accept", "loop.acts.verb:call-back", "loop.acts.verb:complete", "loop.acts.verb:contact",
    "loop.acts.verb:cross-off", "loop.acts.verb:decide", "loop.acts.verb:deliver", "loop.acts.verb:dispatch", "loop.acts.verb:end", "loop.acts.verb:hand-back",
    "loop.acts.verb:escalate", "loop.acts.verb:meet", "loop.acts.verb:recheck",
    "loop.acts.verb:judge", "loop.acts.verb:merge", "loop.acts.verb:object", "loop.acts.verb:park", "loop.acts.verb:rework",
    "loop.acts.verb:step", "loop.acts.verb:supervise", "loop.acts.verb:unpark", "loop.acts.verb:urge",
    "loop.acts.verb:verdict", "loop.acts.verb:whistle", "loop.acts.verb:report-in",
)  # fmt: skip
@pytest.mark.parametrize("verb", sorted(CASES))
def test_the_same_act_with_another_verb_leaves_other_facts(world, verb):
    start, said, data, see, with_verb, with_other = CASES[verb]
    closing = ("loop.demand.acts.cross-off.on",) if verb == "cross-off" else ()
    seen = []
    for tried in (verb, "judge" if verb == "step" else "step"):
        change(world, own_act(verb=tried, **said), gone=closing)
        given = {"into": opened(world).matter.number} if verb == "merge" else data
        seen.append(see(world, actions.act(start(world).pk, "try", by=world.dispatcher, **given)))
    assert seen == [with_verb, with_other]


def test_every_executed_verb_has_its_case():
    assert sorted(CASES) == sorted(EFFECTS)
