"""What a viewer may do to a matter now, and why the rest is refused: the signposts of the matter page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from youying.editions.queries import adopted_near, edition_by_digest
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import closing_rules, house_rules, rules
from youying.matters.facts import facts_of, situation_of
from youying.matters.models import Clock, Matter
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.packs.words import HOUSE_ACTS


@dataclass(frozen=True, slots=True)
class Possible:
    """A step that the viewer may take now: its name, what its form must ask, and who must agree."""

    id: str
    verb: str
    title: str
    needs: tuple[str, ...]
    house: bool = False
    approve: str = ""
    assigns: bool = False


@dataclass(frozen=True, slots=True)
class Impossible:
    """A step that the viewer may not take now, with the way through."""

    id: str
    title: str
    refused: Refused
    mine: bool


@dataclass(frozen=True, slots=True)
class Acts:
    """Everything that can and cannot be done now."""

    can: list[Possible]
    cannot: list[Impossible]


def possible_acts(viewer: Viewer, matter: Matter) -> Acts:
    """Steps and house acts open to this viewer, and those refused with their reasons; system steps are left out."""
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    situation = situation_of(matter, held=_held(matter, loop))
    found = Acts([], [])
    for step in loop.acts.values():
        if set(step.by) <= {"system"}:
            continue
        refused = rules.why_not(edition, loop, step, viewer=viewer, situation=situation)
        if refused is None:
            found.can.append(possible_step(edition, step, viewer))
        else:
            mine = bool(rules.stands_as(viewer, situation) & set(step.by))
            found.cannot.append(Impossible(step.id, step.title, refused, mine))
    _add_closing(found, loop, matter)
    for act in house_rules.TABLE:
        refused = house_rules.why_not(act, edition, loop, viewer=viewer, situation=situation)
        if refused is None and (act != "move-edition" or _is_overtaken(matter)):
            found.can.append(Possible(act, act, HOUSE_ACTS[act], (), house=True))
    return found


def _held(matter: Matter, loop: CompiledLoop) -> frozenset[str] | None:
    """The clocks that stand still, where a step that is open here pauses or resumes one; else nobody looks."""
    moving = {act for clock in loop.clocks.values() for act in (*clock.pause, *clock.resume)}
    if not any(step.id in moving for step in loop.acts_from(matter.stage)):
        return None
    found = Clock.objects.filter(matter=matter, stopped_at__isnull=True, paused=True)
    return frozenset(found.values_list("code", flat=True))


def _is_overtaken(matter: Matter) -> bool:
    """Whether another edition holds at the matter's place than the one it goes by; where none does, no."""
    adopted = adopted_near(matter.area_path)
    return adopted is not None and adopted.digest != matter.edition_id


def possible_step(edition: Edition, step: Any, viewer: Viewer) -> Possible:
    """A step as the page offers it: what its form must ask, and whose yes it needs."""
    ask = step.approve is not None and viewer.post_code not in step.approve.by
    return Possible(
        step.id,
        step.verb,
        step.title,
        tuple(need.word for need in step.needs),
        approve=rules.actors_in_words(edition, step.approve.by) if ask else "",
        assigns="lead" in step.assigns,
    )


def _add_closing(found: Acts, loop: CompiledLoop, matter: Matter) -> None:
    """Say what still stands between the matter and its cross-off, even where only the system crosses off."""
    if matter.ended_at is not None:
        return
    lacks = closing_rules.lacking(loop.close.verdict, facts_of(matter))
    if not lacks:
        return
    silence = loop.close.silence
    way = f"联系不上的，按规定联系满{silence.attempts}次、满期限也可以。" if silence else ""
    say = f"{'；'.join(lacks)}。{way}"
    for step in loop.acts.values():
        if step.verb == "cross-off" and set(step.by) <= {"system"}:
            refused = Refused("not-proven", say=say, clause="销号要凭证（本系统规则）", need=list(loop.close.verdict))
            found.cannot.append(Impossible(step.id, step.title, refused, True))
            return
