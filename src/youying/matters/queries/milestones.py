"""The one line of a matter that several bodies work on: what is behind it, what is to come, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.editions.queries import edition_by_digest
from youying.matters.models import Clock, Matter
from youying.matters.queries.parts import Progress
from youying.packs.compiled import CompiledLoop
from youying.packs.words import RELATIONS

ASKED, STEP, PAPERS, DUE, DONE, ENDED = "asked", "step", "papers", "due", "done", "ended"
APPLICANTS = frozenset({"applicant", "reporter"} & set(RELATIONS))


@dataclass(frozen=True, slots=True)
class Milestone:
    """One moment of the line; `n` counts the steps done, `ahead` says that it is a deadline still to be kept."""

    what: str
    at: datetime
    ahead: bool = False
    n: int = 0


def milestones(matter: Matter, progress: Progress | None) -> list[Milestone]:
    """From the application to its end, in order of time; deadlines stand in it as long as they run.

    Which body did a step is not said: who applied sees one line and no seams.
    """
    ends = sorted(
        line.ended_at for line in (progress.lines if progress else ()) if line.state == "done" and line.ended_at
    )
    found = [Milestone(ASKED, matter.opened_at)]
    found += [Milestone(STEP, at, n=n) for n, at in enumerate(ends, 1)]
    whole = matter.completed_at if matter.parts_done is not False else None
    found += [Milestone(DONE, whole)] if whole else []
    if matter.ended_at is not None:
        return sorted([*found, Milestone(ENDED, matter.ended_at)], key=lambda one: one.at)
    loop = edition_by_digest(matter.edition_id).loops[matter.loop]
    running = Clock.objects.filter(matter=matter, stopped_at=None, due_at__isnull=False).order_by("due_at", "pk")
    for clock in running:
        what = _kept_by(loop, clock.code)
        if what and clock.due_at and what not in {one.what for one in found}:
            found.append(Milestone(what, clock.due_at, ahead=True))
    return sorted(found, key=lambda one: one.at)


def is_joint(matter: Matter) -> bool:
    """Whether several bodies work on such a matter, each on its part."""
    loop = edition_by_digest(matter.edition_id).loops[matter.loop]
    return matter.parts_done is not None or bool(loop.parts_on and loop.sheet)


def _kept_by(loop: CompiledLoop, code: str) -> str:
    """What keeps a deadline: the completion, or the papers that the applicant promised; else it is none of this line."""
    clock = loop.clocks.get(code)
    stopping = [loop.acts[act] for act in (clock.stop_on if clock else ()) if act in loop.acts]
    if any(step.verb == "complete" for step in stopping):
        return DUE
    return PAPERS if any(step.verb == "step" and APPLICANTS & set(step.by) for step in stopping) else ""
