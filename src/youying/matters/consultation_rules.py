"""会商: who may call and hold a joint meeting, and on which matters. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.part_rules import opens_parts
from youying.matters.rules import Situation, why_not
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.edition import Edition

AGENDA_MOST = 30
MINUTES_MOST = 20_000
AHEAD_MOST = timedelta(days=365)
STAGED = "staged"
SOLVING = {"on-site": "一般问题，现场解决", STAGED: "难点问题，分段解决", "joint": "重大问题，联合解决"}
"""The ways in which a matter of a meeting is to be solved."""


@dataclass(frozen=True, slots=True)
class Called:
    """What the rules must know of a meeting."""

    called_by: Mapping[str, Any]
    held: bool
    cancelled: bool
    area_path: str


def meeting_step(edition: Edition, viewer: Viewer, situation: Situation, *, loop: str) -> CompiledAct | None:
    """The step by which this viewer would note a meeting on the matter now."""
    own = edition.loops[loop]
    meets = own.acts_of("meet")
    return next((one for one in meets if not why_not(edition, own, one, viewer=viewer, situation=situation)), None)


def lists_stages(loop: CompiledLoop) -> bool:
    """Whether a meeting's decision may divide a matter of this loop into stages: a step that it takes lists parts."""
    return any(opens_parts(loop, step.id) for verb in ("meet", "dispatch") for step in loop.acts_of(verb))


def refuse_stages(number: str, parts: Sequence[Mapping[str, Any]], *, solving: str, divided: bool) -> None:
    """Refuse a matter to be solved in stages without one, and a stage of which nobody knows who does it or by when.

    `divided` says that it stands in stages already: then a further meeting need not list any.
    """
    if solving == STAGED and not parts and not divided:
        say = f"{number} 定的是“{SOLVING[STAGED]}”，请写明分几段：每一段做什么、谁来办、最晚什么时候。"
        raise Refused("needs-stages", say=say, have=number, field="parts")
    for n, part in enumerate(parts, 1):
        owed = ["谁来办"] if not (part.get("unit") or part.get("to")) else []
        owed += ["最晚什么时候"] if not (part.get("due_at") or part.get("within")) else []
        if owed:
            say = f"{number} 的第{n}段还没有写明{'、'.join(owed)}。"
            raise Refused("stage-unclear", say=say, have=number, need=owed, field="parts")


def refuse_moment(meets_at: datetime, *, now: datetime) -> None:
    """Refuse a meeting in the past, or so far ahead that the year must be wrong."""
    if not now - timedelta(hours=12) <= meets_at <= now + AHEAD_MOST:
        say = "开会时间要在现在以后一年以内（当天刚开完的会可以补记）。"
        raise Refused("bad-moment", say=say, have=meets_at.isoformat(), field="meets_at")


def refuse_early(meets_at: datetime, *, now: datetime, where: tzinfo) -> None:
    """Refuse to write down a meeting before the day for which it is called."""
    day = meets_at.astimezone(where).date()
    if now.astimezone(where).date() < day:
        say = f"会定在{day.month}月{day.day}日开，还没有开，不能填记录。提前开的，请取消这一次，按实际时间重新召集。"
        raise Refused("not-met-yet", say=say, have=now.isoformat(), need=meets_at.isoformat())


def common_path(paths: Sequence[str]) -> str:
    """The smallest area that holds all of them: where the meeting belongs."""
    parts = [path.split("/") for path in paths]
    same = [level[0] for level in zip(*parts, strict=False) if len(set(level)) == 1]
    return "/".join(same) or "/"


def why_not_hold(called: Called | None, *, viewer: Viewer) -> Refused | None:
    """Why this viewer may not write down or cancel a meeting: it is unknown, over, or was called by another post."""
    if called is None:
        return Refused("not-found", say="没有这次会商。")
    if not _is_callers(called, viewer):
        return Refused("not-yours", say="会议记录要由召集的岗位来填。", have=viewer.post_title)
    if called.held:
        return Refused("already-held", say="这次会商的记录已经填好了，不能再填。")
    return Refused("cancelled", say="这次会商已经取消了。") if called.cancelled else None


def _is_callers(called: Called, viewer: Viewer) -> bool:
    """Whether a viewer holds the post that called the meeting, or one of its name above the place."""
    mine = viewer.post_id is not None and viewer.post_id == called.called_by.get("post")
    same = viewer.kind == "post" and viewer.post_code == called.called_by.get("code")
    return mine or (same and viewer.reaches(called.area_path))


def reads_minutes(called: Called, *, viewer: Viewer, units: Collection[int], sees_all: bool) -> bool:
    """Whether a viewer reads who came and what was said: the caller's post, a unit that was invited or came, or who sees
    every matter of the agenda. One matter among several opens the words on none of the others."""
    return sees_all or viewer.unit_id in units or _is_callers(called, viewer)


def refuse_strange_decisions(said: set[str], agenda: set[str]) -> None:
    """Refuse decisions on matters that do not stand on the agenda."""
    if strange := sorted(said - agenda):
        raise Refused("not-on-agenda", say=f"议程里没有{'、'.join(strange)}。", have=strange, field="matters")


def meeting_loops(edition: Edition) -> set[str]:
    """The loops of hard matters: those that the pack lets meet on."""
    return {code for code, loop in edition.loops.items() if loop.acts_of("meet")}


def hard_classes(edition: Edition) -> set[str]:
    """The classes whose matters the pack passes to such a loop."""
    loops = {f"loop:{code}" for code in meeting_loops(edition)}
    acts = [step for loop in edition.loops.values() for step in loop.acts.values() if loops & set(step.opens)]
    return {code for step in acts for code in _listed(step.where.get("class"))}


def _listed(said: Any) -> Iterable[str]:
    return [said] if isinstance(said, str) else said if isinstance(said, list | tuple) else []
