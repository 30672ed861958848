"""What the portal shows: a matter as its own reporter reads it, and what neighbours got done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from youying.channels.intake import rules
from youying.editions.queries import edition_by_digest
from youying.files.queries import FileView, for_subject
from youying.kernel.masking import mask_text
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM
from youying.matters import queries as matters
from youying.matters.queries import ClockView, Filters, Found, StoryLine
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.places.queries import compounds_below
from youying.text.queries import category_title

RECENT = timedelta(days=60)
BY_STAFF = ("before", "after", "evidence")
"""Roles of photos that staff took; a resident's own hang as "reporter"."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the resident's timeline: did, now or next; `verb` says what, the face finds the words."""

    state: str
    verb: str
    at: datetime | None = None
    words: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One matter that was split from this person's: how it stands, and whether it waits for their word."""

    number: str
    title: str
    unit: str
    waiting: bool
    ended: bool
    sealed: bool
    parked: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A matter as the person who waits reads it; `number` is the one this person was given."""

    number: str
    lives_as: str
    title: str
    unit: str
    due_at: datetime | None
    late: bool
    contact_by: datetime | None
    why: tuple[str, ...]
    words: str
    place: str
    others: int
    steps: tuple[Step, ...]
    ended: bool
    crossed_off: bool
    solved: bool | None
    waiting: bool
    parked: bool
    plan: str
    back_at: datetime | None
    can: Mapping[str, str]
    satisfactions: tuple[tuple[str, str], ...]
    done_words: str
    ended_at: datetime | None
    end_reason: str
    spoke: bool
    whole: str
    parts: tuple[Part, ...]
    applied: bool = False

    @property
    def merged(self) -> bool:
        """True where this person's words live on in a neighbour's matter."""
        return self.lives_as != self.number

    @property
    def sealed(self) -> bool:
        """True where the resident's own word crossed it off."""
        return self.crossed_off and self.solved is True


def progress(found: Found) -> Progress:
    """Everything that the progress page shows to this reporter: nobody else's words, names or photos."""
    matter, own = found.matter, _own(found)
    edition = edition_by_digest(matter.edition_id)
    story = rules.told(matters.story(matter), edition.loops[matter.loop], alone=matter.reporter_count <= 1)
    reason = edition.pack.reasons.get(matter.end_reason)
    done, contact = _running(matter, edition, "complete"), _running(matter, edition, "contact")
    unit = _sees_to_it(matter)
    possible = matters.possible_acts(found.viewer, matter).can
    spoke = bool(matter.waiting and matters.answer_of(matter, found.reporter.pk))
    return Progress(
        number=own.number,
        lives_as=matter.number,
        title=own.title,
        unit=unit,
        due_at=done.due_at if done else None,
        late=bool(done and done.due_at and done.due_at < now()),
        contact_by=contact.due_at if contact and _still_to_be_called(matter, story) else None,
        why=rules.two_lines(done.say) if done and done.due_at else (),
        words=own.words,
        place=own.place_words,
        others=max(matter.reporter_count - 1, 0),
        steps=_steps(matter, story, unit, edition.loops[matter.loop]),
        ended=matter.ended_at is not None,
        crossed_off=matter.crossed_off,
        solved=matter.solved,
        waiting=matter.waiting,
        parked=bool(done and done.paused),
        plan=_last_words(story, "park"),
        back_at=matter.wake_at if done and done.paused else None,
        can={one.verb: one.id for one in possible if not (spoke and one.verb == "verdict")},
        satisfactions=tuple(edition.pack.values.get("satisfaction", {}).items()),
        done_words=_last_words(story, "complete"),
        ended_at=matter.ended_at,
        end_reason=reason.title if reason else "",
        spoke=spoke,
        whole=_whole(found),
        parts=tuple(_part(one) for one in matters.parts_of(found)),
        applied=matter.kind == "application",
    )


def _part(found: Found) -> Part:
    """A part of one's own matter in one line; where it was merged, by the number it was split off with."""
    matter, own = found.matter, _own(found)
    unit = _sees_to_it(matter)
    sealed = matter.crossed_off and matter.solved is True
    return Part(own.number, own.title, unit, matter.waiting, matter.ended_at is not None, sealed, matter.parked)


def _sees_to_it(matter: Any) -> str:
    """Who has the matter, in the applicant's words: where several bodies work on it, no seam between them shows."""
    if matter.parts_done is not None:
        return _("各部门")
    return matter.lead.title if matter.lead_id and matter.lead else ""


def _whole(found: Found) -> str:
    """The number of the matter that this one was split from, as this person knows it."""
    row = found.reporter.whole if found.reporter.whole_id else None
    if row is None:
        return ""
    return row.came_as.number if row.came_as_id and row.came_as else row.matter.number


def _own(found: Found) -> Any:
    """The matter in this person's own words: the one they came by, where it was merged."""
    return found.reporter.came_as if found.reporter.came_as_id and found.reporter.came_as else found.matter


def _running(matter: Any, edition: Edition, verb: str) -> ClockView | None:
    """The running clock that a step of this verb stops."""
    loop = edition.loops[matter.loop]
    codes = {
        code
        for code, clock in loop.clocks.items()
        if any(loop.acts[act].verb == verb for act in clock.stop_on if act in loop.acts)
    }
    return next((clock for clock in matters.clocks(matter) if clock.running and clock.code in codes), None)


def _still_to_be_called(matter: Any, story: Iterable[StoryLine]) -> bool:
    """Whether somebody is still to call: nobody has, and nobody has said that it is done."""
    return matter.contacted_at is None and not any(line.verb == "complete" for line in story)


def _last_words(story: Iterable[StoryLine], verb: str) -> str:
    return next((mask_text(line.words) for line in reversed(list(story)) if line.verb == verb), "")


def _steps(matter: Any, story: list[StoryLine], unit: str, loop: CompiledLoop) -> tuple[Step, ...]:
    """What was done, oldest first, and what comes next; it ends in the resident's own word."""
    did = [Step("did", line.verb, line.at, _words(line, matter, loop), unit) for line in story]
    if matter.ended_at is not None:
        return tuple(did)
    if did:
        last = did.pop()
        did.append(Step("now", last.verb, last.at, last.words, unit))
    ahead = [] if matter.lead_id else ["dispatch"]
    ahead += [] if matter.waiting else ["complete"]
    return (*did, *(Step("next", verb, unit=unit) for verb in [*ahead, "verdict"]))


def _words(line: StoryLine, matter: Any, loop: CompiledLoop) -> str:
    """What is shown beside an entry, names and numbers masked."""
    return mask_text(rules.words_for_resident(line, loop, alone=matter.reporter_count <= 1))


def photos(found: Found) -> list[FileView]:
    """The photos this reporter may see: what staff took, and residents' only where they are all this person's own."""
    alone = found.matter.reporter_count <= 1 and not found.reporter.came_as_id
    files = for_subject(found.viewer, found.matter.subject)
    shown = (*BY_STAFF, "reporter") if alone else BY_STAFF
    return [one for one in files if one.kind == "image" and one.role in shown]


def may_see_papers(found: Found) -> bool:
    """Whether the papers of a matter are all this person's own to see."""
    return found.matter.reporter_count <= 1 and not found.reporter.came_as_id


def has_papers(found: Found) -> bool:
    """Whether papers were handed in for this person's matter, or may be by them now."""
    if not may_see_papers(found):
        return False
    return bool(matters.papers_of(found.viewer, found.matter) or matters.paper_steps(found.viewer, found.matter))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that a neighbour said and that is done: no name, no home, no words of theirs."""

    place: str
    title: str
    days: int
    others: int


def neighbours(*, most: int = 5) -> list[Neighbour]:
    """What residents called solved lately: the category and the compound, nothing about the person.

    Only of what stands in the open for everybody (lamps, lifts, drains, …); nothing of families, care, health, work
    or police, and nothing whose reporter asked to be protected.
    """
    filters = Filters(state="ended", solved="yes")
    rows = matters.filtered(SYSTEM, filters).filter(crossed_off=True, changed_at__gte=now() - RECENT)
    rows = rows.exclude(reporters__protected=True).order_by("-changed_at")
    names = {compound.id: compound.name for compound in compounds_below("/")}
    return [
        Neighbour(
            names.get(row.compound_id or 0, ""),
            category_title(row.category, short=True),
            max((row.ended_at - row.opened_at).days, 1) if row.ended_at else 1,
            row.reporter_count,
        )
        for row in rows[: most * 10]
        if rules.stands_in_the_open(row.category)
    ][:most]
