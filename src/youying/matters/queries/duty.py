"""Who is on call now and by which line: rosters and channels of the edition, filled by the posts in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from youying.access.models import Post
from youying.access.queries import holding
from youying.editions.queries import edition_for
from youying.kernel.moments import local, now, zone
from youying.packs.schema_rhythm import Roster
from youying.places.queries import zone_of

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class OnCall:
    """One person on duty: the number is the unit's, never a private one."""

    name: str
    post: str
    number: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One roster as it stands now."""

    code: str
    title: str
    hours: tuple[str, ...]
    published: bool
    running: bool
    people: tuple[OnCall, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One channel by which people can be reached, with its hours and who answers it."""

    code: str
    title: str
    hours: str
    open_now: bool
    shift: Shift | None


def shifts(area_path: str, *, at: datetime | None = None) -> list[Shift]:
    """Every roster of the place's edition, whether it runs now, and who is on it."""
    moment = at or now()
    edition = edition_for(area_path, moment)
    wall = local(moment, zone(zone_of(area_path)))
    posts = Post.objects.select_related("account", "unit").filter(holding(moment), account__active=True)
    held = [
        p
        for p in posts
        if area_path == p.reach or area_path.startswith(p.reach.rstrip("/") + "/") or p.reach.startswith(area_path)
    ]
    return [_shift(code, roster, wall, held) for code, roster in edition.pack.roster.items()]


def _shift(code: str, roster: Roster, wall: datetime, held: list[Post]) -> Shift:
    people = tuple(
        OnCall(post.account.name, post.title, post.unit.phone if post.unit else "")
        for post in held
        if post.code in roster.posts
    )
    running = runs(roster.hours, roster.days, roster.during, wall)
    return Shift(code, roster.title, tuple(roster.hours), roster.published, running, people if running else ())


def runs(hours: Sequence[str], days: Sequence[str], during: Sequence[str], wall: datetime) -> bool:
    """Whether a shift of these hours, weekdays and season runs at a local moment; a shift may cross midnight."""
    if days and WEEK[wall.weekday()] not in days:
        return False
    if during and not _in_season(during[0], during[-1], f"{wall:%m-%d}"):
        return False
    return not hours or any(_within(span, wall.time()) for span in hours)


def _in_season(first: str, last: str, day: str) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last


def _within(span: str, moment: time) -> bool:
    start, end = span.split("-")
    if end == "24:00":
        return moment >= time.fromisoformat(start)
    opens, closes = time.fromisoformat(start), time.fromisoformat(end)
    return opens <= moment < closes if opens < closes else moment >= opens or moment < closes


def lines(area_path: str, *, at: datetime | None = None) -> list[Line]:
    """The channels with hours or a roster, as the portal's telephone page and the desk show them."""
    moment = at or now()
    edition = edition_for(area_path, moment)
    wall = local(moment, zone(zone_of(area_path)))
    known = {shift.code: shift for shift in shifts(area_path, at=moment)}
    found = []
    for code, channel in edition.pack.channel.items():
        if not channel.hours and not channel.roster:
            continue
        shift = known.get(channel.roster or "")
        open_now = runs([channel.hours] if channel.hours else [], [], [], wall) and (shift is None or shift.running)
        found.append(Line(code, channel.title, channel.hours, open_now, shift))
    return found
