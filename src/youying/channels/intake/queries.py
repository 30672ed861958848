"""What the portal shows: a matter as its reporter reads it, and what neighbours got done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from youying.editions.queries import edition_by_digest, edition_for
from youying.kernel.durations import Duration, in_words
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import queries as matters
from youying.matters.queries import Filters, Found
from youying.matters.saying import for_resident
from youying.places.queries import areas_below, compounds_below, zone_of
from youying.text.queries import category_title

SHOWN_WORDS = frozenset({"contact", "complete", "park", "end", "step", "judge", "add", "dispatch"})
QUIET = frozenset(
    {"ring", "wake", "exclude", "correct", "reassign", "undo", "move-edition", "ask", "approve", "refuse"}
)
RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the resident's timeline: did, now or next."""

    state: str
    title: str
    at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A matter as the person who waits reads it."""

    number: str
    came_as: str
    title: str
    headline: str
    due_at: datetime | None
    why: tuple[str, ...]
    words: str
    place: str
    others: int
    steps: tuple[Step, ...]
    ended: bool
    crossed_off: bool
    solved: bool | None
    waiting: bool
    merged: bool
    can: frozenset[str]
    satisfactions: tuple[tuple[str, str], ...]
    unit: str
    done_words: str
    crossed_at: datetime | None
    end_reason: str


def progress(found: Found) -> Progress:
    """Everything that the progress page shows to this reporter."""
    matter, viewer = found.matter, found.viewer
    edition = edition_by_digest(matter.edition_id)
    story = [line for line in matters.story(matter) if line.verb not in QUIET]
    can = frozenset(one.id for one in matters.possible_acts(viewer, matter).can)
    unit = matter.lead.title if matter.lead_id and matter.lead else ""
    done = next((line.words for line in reversed(story) if line.verb == "complete"), "")
    reason = edition.pack.reasons.get(matter.end_reason)
    return Progress(
        number=matter.number,
        came_as=found.reporter.came_as.number if found.reporter.came_as_id and found.reporter.came_as else "",
        title=matter.title,
        headline=_headline(matter, unit),
        due_at=matter.due_at if not matter.waiting else None,
        why=_why(matter),
        words=matter.words,
        place=matter.place_words,
        others=max(matter.reporter_count - 1, 0),
        steps=_steps(matter, story, unit),
        ended=matter.ended_at is not None,
        crossed_off=matter.crossed_off,
        solved=matter.solved,
        waiting=matter.waiting,
        merged=bool(found.reporter.came_as_id),
        can=can,
        satisfactions=tuple(edition.pack.values.get("satisfaction", {}).items()),
        unit=unit,
        done_words=done,
        crossed_at=matter.ended_at,
        end_reason=reason.title if reason else "",
    )


def _headline(matter: Any, unit: str) -> str:
    if matter.crossed_off and matter.solved:
        return "您说解决了，这件事完了"
    if matter.ended_at is not None:
        return "这件事已经依规办结"
    if matter.waiting:
        return f"{unit or '承办单位'}说办好了，请您说一声"
    if matter.paused:
        return "眼下办不了，写明了原因和打算"
    return f"{unit}正在办" if unit else "收到了，马上派人"


def _why(matter: Any) -> tuple[str, ...]:
    running = [clock for clock in matters.clocks(matter) if clock.running and clock.due_at]
    return tuple(clock.say for clock in running[:2])


def _steps(matter: Any, story: list[Any], unit: str) -> tuple[Step, ...]:
    did = []
    for line in story:
        title = f"给了{unit}" if line.verb == "dispatch" and unit else for_resident(line.verb)
        did.append(Step("did", title, line.at, line.words if line.verb in SHOWN_WORDS else ""))
    if matter.ended_at is not None:
        return tuple(did)
    if did:
        last = did.pop()
        did.append(Step("now", last.title, last.at, last.words))
    rest = [] if matter.waiting else [Step("next", f"{unit or '承办单位'}说办好了")]
    return (*did, *rest, Step("next", "您说解决了没有，没解决就接着办"))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that a neighbour said and that is done: no name, no home, no words of theirs."""

    title: str
    days: int
    others: int


def neighbours(*, most: int = 5) -> list[Neighbour]:
    """What residents called solved lately: the category and the compound, nothing about the person."""
    filters = Filters(state="ended", solved="yes", since=now() - RECENT)
    rows = matters.filtered(SYSTEM, filters).filter(crossed_off=True, reporter_count__gte=1).order_by("-ended_at")
    names = {compound.id: compound.name for compound in compounds_below("/")}
    found = []
    for row in rows[:most]:
        place = names.get(row.compound_id or 0, "")
        title = category_title(row.category, short=True) if row.category else "一件事"
        days = max((row.ended_at - row.opened_at).days, 1) if row.ended_at else 1
        found.append(Neighbour(f"{place}·{title}" if place else title, days, row.reporter_count))
    return found


@dataclass(frozen=True, slots=True)
class Promise:
    """What will happen after sending, by the clocks of the place."""

    contact: str
    complete: str


def promise(area_path: str) -> Promise:
    """How soon somebody is in touch and how soon it is done, in words from the edition's clocks."""
    loop = edition_for(area_path).loop_for("demand", {})
    if loop is None:
        return Promise("", "")
    by_verb: dict[str, str] = {}
    for clock in loop.clocks.values():
        limit = clock.limit({})
        verbs = {loop.acts[act].verb for act in clock.stop_on if act in loop.acts}
        for verb in verbs & {"contact", "complete"}:
            by_verb[verb] = in_words(limit) if isinstance(limit, Duration) else ""
    return Promise(by_verb.get("contact", ""), by_verb.get("complete", ""))


def where_to_say() -> list[tuple[str, list[tuple[int, str]]]]:
    """Communities with their compounds, to choose a place from; only those that have adopted rules."""
    grouped: list[tuple[str, list[tuple[int, str]]]] = []
    for area in areas_below("/", level="community"):
        if _adopted(area.path):
            compounds = [(one.id, one.name) for one in compounds_below(area.path)]
            grouped.append((area.name, compounds))
    return grouped


def _adopted(path: str) -> bool:
    try:
        edition_for(path)
    except Refused:
        return False
    return True


def home_area() -> str:
    """A community to speak for on pages without a place: the first that has adopted rules, empty where none has."""
    return next((area.path for area in areas_below("/", level="community") if _adopted(area.path)), "")


def local_now(area_path: str) -> datetime:
    """The wall clock of a place."""
    return local(now(), zone(zone_of(area_path)))
