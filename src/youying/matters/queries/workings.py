"""How one deadline came about: what began it, by which rule, what moved it and who said so, day by day to its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import msgspec

from youying.editions.queries import edition_by_digest
from youying.kernel.clock_days import DayRow, day_rows
from youying.kernel.clocks import recount
from youying.kernel.refusals import Refused
from youying.matters.clock_rules import LONG_PAUSE, OVERDUE
from youying.matters.models import Ask, Clock, Matter
from youying.matters.queries.page import ClockView, StoryLine, clocks, story
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.packs.words import FACTS
from youying.record.queries import opener

EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a deadline.

    `what` is the code of it (start, pause, resume, ask, approved, refused, lapsed, extend, recount, take-over, give,
    overdue, long-pause, restore, stop); `reason` the title of the coded reason, `words` the free text of whoever did
    it; `was` and `due_at` the deadline before and after where it moved; `number` the matter that it came from.
    """

    at: datetime
    what: str
    title: str = ""
    who: str = ""
    reason: str = ""
    words: str = ""
    was: datetime | None = None
    due_at: datetime | None = None
    until: datetime | None = None
    by: str = ""
    number: str = ""
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """By which rule a deadline is counted: the period, what chose it, the pack that says so, the working hours."""

    within: str
    given: str
    wait: str
    fact: str
    value: str
    own: bool
    counting: str
    pack: str
    sources: tuple[str, ...]
    hours: tuple[tuple[str, str], ...]
    unannounced: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """One deadline with its whole argument."""

    clock: ClockView
    rule: Rule
    happenings: tuple[Happening, ...]
    days: tuple[DayRow, ...]
    stopped_at: datetime | None


def worked_out(matter: Matter, code: str, run: int | None = None) -> WorkedOut:
    """How one run of a clock came to its deadline; of several runs the latest, where none is named.

    Refused where the matter has no such run. The caller has checked that its reader may see the matter.
    """
    rows = Clock.objects.filter(matter=matter, code=code).order_by("-run")
    row = next((one for one in rows if run is None or one.run == run), None)
    if row is None:
        raise Refused("no-such-clock", say="这件事项没有这个期限，请从事项页点进来。", have=code[:40])
    edition = edition_by_digest(matter.edition_id)
    loop, lines = edition.loops[matter.loop], story(matter)
    view = next(one for one in clocks(matter) if (one.code, one.run) == (row.code, row.run))
    deadline = recount(row.working) if row.working else None
    return WorkedOut(
        clock=view,
        rule=_rule(row, edition, loop),
        happenings=tuple(_happenings(row, matter, lines, edition)),
        days=day_rows(deadline.working) if deadline else (),
        stopped_at=row.stopped_at,
    )


def deadline_of(matter: Matter, verb: str) -> tuple[str, int] | None:
    """The clock that a step of this verb stops, by code and run: the running one first, else the latest."""
    loop = edition_by_digest(matter.edition_id).loops[matter.loop]
    codes = [
        code
        for code, clock in loop.clocks.items()
        if any(loop.acts[act].verb == verb for act in clock.stop_on if act in loop.acts)
    ]
    rows = list(
        Clock.objects.filter(matter=matter, code__in=codes, working__isnull=False).order_by("-started_at", "-run")
    )
    found = next((row for row in rows if row.running), rows[0] if rows else None)
    return (found.code, found.run) if found else None


def _rule(row: Clock, edition: Edition, loop: CompiledLoop) -> Rule:
    held, pack = row.rule, edition.pack
    fact, calendar = str(held.get("per", "")), (row.working or {}).get("calendar", {})
    values = pack.values.get(fact, {})
    known = row.code in loop.clocks
    return Rule(
        within=str(held["within"]) if held["within"] != "given" else "",
        given=str(held.get("given", "")),
        wait=str(held.get("wait", "")),
        fact=FACTS.get(fact, fact),
        value=values.get(str(held.get("value", "")), ""),
        own=bool(held.get("own")),
        counting=str(held["counting"]),
        pack=pack.pack.title if known else "",
        sources=tuple(pack.pack.sources) if known else (),
        hours=tuple((start[:5], end[:5].replace("00:00", "24:00")) for start, end in calendar.get("hours", ())),
        unannounced=tuple(calendar.get("unannounced", ())),
    )


def _happenings(row: Clock, matter: Matter, lines: list[StoryLine], edition: Edition) -> list[Happening]:
    """Everything that touched this run, in order of time."""
    found = [one for line in lines for one in _of_line(row, line, edition)]
    found += _asked(row, matter, lines, edition)
    return sorted(found, key=lambda one: one.at)


def _of_line(row: Clock, line: StoryLine, edition: Edition) -> Iterable[Happening]:
    """What one entry says of this run: a note of a step, or a bell."""
    facts = line.facts
    base = Happening(line.at, "", line.title, line.who, words=line.words, photos=len(facts.get("files") or ()))
    if line.verb == "ring":
        if (facts.get("clock"), facts.get("run")) == (row.code, row.run):
            rang = {rung["do"]: rung["at"] for rung in facts["rungs"]}
            for what in (OVERDUE, LONG_PAUSE):
                if what in rang:
                    yield replace(base, what=what, at=datetime.fromisoformat(rang[what]), words="")
        return
    for note in facts.get("clocks", ()):
        if (note["clock"], note["run"]) == (row.code, row.run):
            yield _of_note(base, note, edition)


def _of_note(base: Happening, note: Mapping[str, Any], edition: Edition) -> Happening:
    last = (note.get("pauses") or [{}])[-1]
    reason = edition.pack.reasons.get(last.get("reason", ""))
    return replace(
        base,
        what=note["what"],
        reason=last.get("title") or (reason.title if reason else ""),
        was=_moment(note.get("was")),
        due_at=_moment(note.get("due_at")),
        until=_moment(last.get("until")) if note["what"] == "pause" else None,
        by=(note.get("extensions") or [""])[-1] if note["what"] == "extend" else "",
        number=str(note.get("rule", {}).get("merged", {}).get("number", "")) if note["what"] == "take-over" else "",
    )


def _asked(row: Clock, matter: Matter, lines: list[StoryLine], edition: Edition) -> Iterable[Happening]:
    """Each request for more time with the reason of whoever asked, and the answer with the reason of whoever gave it."""
    answers = {line.facts.get("ask"): line for line in lines if line.facts.get("ask")}
    asks, keys = (
        Ask.objects.filter(matter=matter, kind=EXTENSION, step=row.code, seat__in={0, row.unit_id or 0}).order_by("pk"),
        opener([matter.subject]),
    )
    asking = (line for line in lines if line.verb == "ask" and _is_for(line, row))
    ended_at = row.stopped_at or datetime.max.replace(tzinfo=UTC)
    for ask, asked in zip_longest(asks, asking):
        if ask is None or not row.started_at <= ask.asked_at <= ended_at:
            continue
        plain = keys.value(matter.subject, bytes(ask.sealed) if ask.sealed else None)
        data = msgspec.json.decode(plain.encode()) if plain else {}
        reason = edition.pack.reasons.get(str(data.get("reason", "")))
        yield Happening(
            ask.asked_at,
            "ask",
            who=asked.who if asked else "",
            words=str(data.get("note", "")),
            until=ask.due_at,
            reason=reason.title if reason else "",
            by=str(data.get("by", "")),
            due_at=_moment(data.get("due_at")),
        )
        if ask.answer and ask.answered_at:
            line = answers.get(ask.pk)
            words, whose = (line.words, line.who) if line else ("", "")
            yield Happening(ask.answered_at, ask.answer, who=whose, words=words, by=str(data.get("by", "")))


def _is_for(line: StoryLine, row: Clock) -> bool:
    """Whether an entry asks for more time on this clock."""
    said = (line.facts.get("kind"), line.facts.get("step"))
    return said == (EXTENSION, row.code) and line.facts.get("unit") in (None, row.unit_id)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
