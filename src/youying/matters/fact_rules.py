"""What each verb changes in the facts of a matter: one table, no stage is ever compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters.need_rules import Given
from youying.matters.whistle_rules import arrival_facts, called

Facts = Mapping[str, Any]
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The resident's word: was somebody in touch, is it solved, how satisfied, what is still wrong."""

    solved: bool
    satisfaction: str
    contacted: bool | None = None
    reasons: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """One step as the effects see it: what came with it and when; clocks it stopped with their outcome."""

    given: Given
    at: datetime
    answer: Answer | None = None
    met: Mapping[str, bool | None] = field(default_factory=dict)
    into_id: int | None = None
    level: str = ""
    again: bool = False
    seat: int | None = None
    in_time: bool | None = None
    clocked: bool = False
    frees: bool = False
    """Whether an escalation leads the matter away from whoever had it."""

    def outcome(self) -> bool | None:
        """Whether the clocks that this step stopped were kept; None where it stopped none."""
        known = [kept for kept in self.met.values() if kept is not None]
        return all(known) if known else None


def _dispatch(facts: Facts, doing: Doing) -> Changes:
    given = doing.given
    changes: Changes = {"redispatches": facts["redispatches"] + 1} if doing.again else {}
    if given.category:
        changes |= {"category": given.category, "category_by": "person"}
    return changes | assigned(facts, given)


def _contact(facts: Facts, doing: Doing) -> Changes:
    if facts["contacted_at"] is not None:
        return {}
    return {"contacted_at": doing.at, "contacted_on_time": _kept_so_far(facts["contacted_on_time"], doing)}


def _kept_so_far(earlier: bool | None, doing: Doing) -> bool | None:
    """In time only where this run and every one before it were: what was late stays late."""
    kept = doing.outcome()
    return kept if earlier is None else (earlier and kept is not False)


def _hand_back(facts: Facts, doing: Doing) -> Changes:
    """It is nobody's again; whoever it belongs to, as the unit that sends it back says, stands until the next dispatch."""
    right = {"right": [doing.given.right_unit]} if doing.given.right_unit else {}
    return {"hand_backs": facts["hand_backs"] + 1, "lead_id": None, "units": {**_watched(facts), **right}}


def _complete(facts: Facts, doing: Doing) -> Changes:
    kept = _kept_so_far(facts["completed_on_time"], doing)
    photos = facts["photo_count"] + doing.given.photos
    told = {"completed_at": doing.at, "completed_on_time": kept, "waiting": True, "photo_count": photos}
    return told | ({"rechecked": None} if facts["rechecked"] is not None else {})


def _verdict(_facts: Facts, doing: Doing) -> Changes:
    if doing.answer is None:
        raise Refused("needs-verdict", say="请先说解决了没有、满意不满意。", field="solved")
    answer = doing.answer
    return {"solved": answer.solved, "satisfaction": answer.satisfaction, "contacted": answer.contacted}


def _rework(facts: Facts, _doing: Doing) -> Changes:
    again = {
        "reworks": facts["reworks"] + 1,
        "completed_at": None,
        "waiting": False,
        "answered": 0,
        "received_at": None,
    }
    return again | ({"rechecked": None} if facts["rechecked"] is not None else {})


def _end(_facts: Facts, doing: Doing) -> Changes:
    return {"end_reason": doing.given.reason, "waiting": False, "parked": False}


def _deliver(facts: Facts, doing: Doing) -> Changes:
    """What was asked for has reached whoever asked: the unit's own word, where it was not given before, and the receipt."""
    return ({} if facts["completed"] else _complete(facts, doing)) | {"received_at": doing.at}


def _decide(_facts: Facts, doing: Doing) -> Changes:
    """A decision in writing: what a refusal was for is kept, and a later yes takes it away."""
    return {"outcome": doing.given.reason}


def _cross_off(_facts: Facts, _doing: Doing) -> Changes:
    return {"crossed_off": True, "waiting": False}


def _merge(_facts: Facts, doing: Doing) -> Changes:
    return {"merged_into_id": doing.into_id, "waiting": False}


def _urge(facts: Facts, _doing: Doing) -> Changes:
    return {"urged": facts["urged"] + 1}


def _park(_facts: Facts, _doing: Doing) -> Changes:
    return {"parked": True}


def _unpark(_facts: Facts, _doing: Doing) -> Changes:
    return {"parked": False}


def _supervise(_facts: Facts, doing: Doing) -> Changes:
    return {"supervised": doing.level or "ordinary"}


def _escalate(facts: Facts, doing: Doing) -> Changes:
    freed: Changes = {"lead_id": None, "units": _watched(facts)} if doing.frees else {}
    return {"escalated": facts["escalated"] + 1} | freed


def _watched(facts: Facts) -> Changes:
    """The tiers that watch and those for whom a part is done stay, whoever has the matter."""
    return {role: facts["units"][role] for role in ("watch", "host", "host_posts") if facts["units"].get(role)}


def _meet(facts: Facts, _doing: Doing) -> Changes:
    return {"sessions": facts["sessions"] + 1}


def _recheck(_facts: Facts, doing: Doing) -> Changes:
    if doing.given.passed is None:
        raise Refused("needs-recheck", say="请先说复查合格不合格。", field="passed")
    return {"rechecked": doing.given.passed}


def _whistle(facts: Facts, _doing: Doing) -> Changes:
    return {"whistles": facts["whistles"] + 1}


def _report_in(facts: Facts, doing: Doing) -> Changes:
    """One unit came or answered; where nobody was whistled for, whoever was sent is there."""
    units = facts["units"]
    if doing.seat not in units.get("summoned", ()):
        return {"reported_in": True, "reported_in_on_time": doing.outcome()}
    after = {**units, "reported": sorted({*units.get("reported", ()), doing.seat})}
    on_time = False if doing.in_time is False else facts["reported_in_on_time"]
    return {"units": after, **arrival_facts(after, on_time=on_time, clocked=doing.clocked)}


def _nothing(_facts: Facts, _doing: Doing) -> Changes:
    return {}


EFFECTS: dict[str, Callable[[Facts, Doing], Changes]] = {
    "dispatch": _dispatch,
    "accept": _nothing,
    "contact": _contact,
    "judge": _nothing,
    "escalate": _escalate,
    "meet": _meet,
    "recheck": _recheck,
    "hand-back": _hand_back,
    "object": _hand_back,
    "park": _park,
    "unpark": _unpark,
    "supervise": _supervise,
    "urge": _urge,
    "step": _nothing,
    "whistle": _whistle,
    "report-in": _report_in,
    "complete": _complete,
    "deliver": _deliver,
    "call-back": _nothing,
    "verdict": _verdict,
    "rework": _rework,
    "decide": _decide,
    "cross-off": _cross_off,
    "end": _end,
    "merge": _merge,
}
"""Verb → facts it sets. A verb that is missing here is not executed yet, and no edition that says it is adopted."""


def taken_on(assigns: Collection[str], facts: Facts, given: Given) -> Changes:
    """Who has the matter from now on, and who is called to it, by a step that assigns these relations."""
    changes = assigned(facts, given) if "lead" in assigns else {}
    if "summoned" in assigns and given.summoned:
        changes |= named({**facts, **changes}, given)
    return changes


def named(facts: Facts, given: Given) -> Changes:
    """What any step that whistles for units sets beside its verb's own effect: they are awaited from now on."""
    on_time = False if facts["reported_in_on_time"] is False else None
    return {"units": called(facts["units"], given.summoned), "reported_in": False, "reported_in_on_time": on_time}


def assigned(facts: Facts, given: Given) -> Changes:
    """What any step that assigns units sets beside its verb's own effect."""
    if not given.unit_id:
        return {}
    kept = {role: units for role, units in facts["units"].items() if role != "right"}
    return {"lead_id": given.unit_id, "units": {**kept, "joint": list(given.joint)}}


def effects(verb: str, facts: Facts, doing: Doing) -> Changes:
    """The changes of facts that this verb brings."""
    return EFFECTS[verb](facts, doing)
