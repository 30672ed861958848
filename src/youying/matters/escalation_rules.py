"""When a matter belongs before a higher tier: where an act takes it, and the causes that put it there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters import clock_rules
from youying.packs.compiled import CompiledAct
from youying.packs.edition import Edition
from youying.packs.params import engine_param, risk_words
from youying.packs.words import TIERS

UP = "up"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that puts a matter before a higher tier; `proposes` are the verbs to put to a post, the first that fits."""

    title: str
    param: str
    proposes: tuple[str, ...]


CAUSES: Mapping[str, Cause] = {
    "reworks": Cause("重办次数多", "rework-alarm", ("escalate", "supervise")),
    "redispatches": Cause("转办次数多", "redispatch-alarm", ("escalate", "supervise")),
    "risk": Cause("有风险词", "", ("supervise", "escalate")),
}
"""What draws a higher tier in, once each on a matter; a passed deadline does so by the rungs of its clock.

That matters sent back or on three times become "problem orders" of a higher tier is practice of one city (a report in
its news, not a law); the numbers are therefore settings of the street.
"""


def order_of(edition: Edition) -> tuple[str, ...]:
    """The tiers of the edition, lowest first."""
    return tuple(edition.pack.tiers.order) if edition.pack.tiers else ()


def tier_after(step: CompiledAct, tier: str, order: Sequence[str]) -> str:
    """The tier that a matter stands at after this step: its own, the one the act names, or the next one up.

    Refused past the last tier, and where the street has no such tier.
    """
    wanted = step.tier or (UP if step.verb == "escalate" else "")
    if not wanted or wanted == tier:
        return tier
    if wanted != UP:
        return wanted
    above = order[order.index(tier) + 1 :] if tier in order else order
    if not above:
        last = TIERS.get(tier, tier)
        say = f"已经到了“{last}”这一级，再往上没有了。请用督办、会商，或按规定终结。"
        raise Refused("past-last-tier", say=say, have=tier, need=list(order))
    return above[0]


def deciding(edition: Edition, step: CompiledAct, tier: str) -> frozenset[str]:
    """The posts among a step's actors that stand at this tier or above; where none does, the highest of them."""
    order, posts = order_of(edition), edition.pack.posts
    levels = {
        code: order.index(posts[code].at) for code in step.by if code in posts and (posts[code].at or "") in order
    }
    if tier not in order or not levels:
        return frozenset(levels)
    high = {code for code, level in levels.items() if level >= order.index(tier)}
    top = max(levels.values())
    return frozenset(high or {code for code, level in levels.items() if level == top})


def named_by(edition: Edition, posts: Sequence[str], *, to: str, tier: str) -> list[str]:
    """The posts that a rung's `to` means: by name, or by their tier, "up" being the next; all where it means none."""
    if not to:
        return list(posts)
    wanted = clock_rules.tier_above(tier, to, order_of(edition))
    known = edition.pack.posts
    return [code for code in posts if wanted in (code, known[code].at)] or list(posts)


def keeps_tier(chosen: Mapping[str, Any], facts: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """What the directory sets at a dispatch, without a tier that would take a matter back down that was passed up."""
    tier = chosen.get("tier")
    down = tier in order and facts["tier"] in order and order.index(tier) < order.index(facts["tier"])
    return {name: value for name, value in chosen.items() if not (name == "tier" and facts["escalated"] and down)}


def risks_in(text: str, params: Mapping[str, Any]) -> list[str]:
    """The street's risk words that stand in a text; only these words are told, never what stands around them."""
    return [word for word in risk_words(params) if word in text] if text else []


def counted_causes(facts: Mapping[str, Any], params: Mapping[str, Any]) -> list[str]:
    """The causes that lie in the matter's counts and are not noted on it yet."""
    return [
        code
        for code, cause in CAUSES.items()
        if cause.param and code not in facts["causes"] and 0 < engine_param(params, cause.param) <= facts[code]
    ]


def say_of(code: str, facts: Mapping[str, Any], found: Sequence[str] = ()) -> str:
    """Why a matter is put before somebody above, in one sentence."""
    if code == "risk":
        return f"文字里有风险词“{'、'.join(found)}”"
    times = {"reworks": "重办", "redispatches": "转办"}[code]
    return f"已{times}{facts[code]}次"
