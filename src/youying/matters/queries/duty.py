"""Who is on call and by which line: the rosters of the edition, filled by the planned shifts, else by the posts in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from youying.access.models import Post
from youying.access.queries import holding, posts_at
from youying.editions.queries import (
    adopted_near,
    calendar_for,
    edition_by_digest,
    edition_for,
    editions_around,
    params_for,
)
from youying.kernel.calendar import WorkCalendar
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.packs.edition import Edition
from youying.packs.params import engine_param
from youying.packs.schema_rhythm import Roster
from youying.people.models import Shift as PlannedShift
from youying.people.on_duty import DutyRead, coming_everywhere, last_planned, levels, serving
from youying.people.roster_rules import A_DAY, RosterSaid, month_of, spell_at, spells
from youying.places.queries import path_words, zone_of


@dataclass(frozen=True, slots=True)
class OnCall:
    """One person on duty: the number is the one shown for the shift, or the unit's; never a private one."""

    name: str
    post: str
    number: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One roster as it stands now; `planned` where somebody was put on it by name."""

    code: str
    title: str
    hours: tuple[str, ...]
    published: bool
    running: bool
    people: tuple[OnCall, ...]
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One channel by which people can be reached, with its hours and who answers it."""

    code: str
    title: str
    hours: str
    open_now: bool
    shift: Shift | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who is on call for a place at a moment, and the working: why this person, step by step; nobody has no account."""

    working: tuple[str, ...]
    account_id: int | None = None
    name: str = ""
    post: str = ""
    number: str = ""
    shift_id: int | None = None
    roster: str = ""
    title: str = ""
    path: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishedDuty:
    """A roster that the pack publishes, at a place that planned it: its number and hours, and whether somebody is on it."""

    path: str
    title: str
    hours: tuple[str, ...]
    number: str
    now: bool


def shifts(area_path: str, *, at: datetime | None = None) -> list[Shift]:
    """Every roster of the place's edition, whether it runs now, and who is on it."""
    moment = at or now()
    edition = edition_for(area_path, moment)
    if not edition.pack.roster:
        return []
    wall = local(moment, zone(zone_of(area_path)))
    posts = Post.objects.select_related("account", "unit").filter(holding(moment), account__active=True)
    held = [
        p
        for p in posts
        if area_path == p.reach or area_path.startswith(p.reach.rstrip("/") + "/") or p.reach.startswith(area_path)
    ]
    planned = serving(area_path, moment)
    return [_shift(code, roster, wall, held, planned) for code, roster in edition.pack.roster.items()]


def _shift(code: str, roster: Roster, wall: datetime, held: list[Post], planned: list[PlannedShift]) -> Shift:
    running = spell_at(roster, wall) is not None
    row = next((one for one in planned if one.roster == code), None)
    people = (_planned(row, held) if row else _holders(roster, held)) if running or row else ()
    return Shift(
        code, roster.title, tuple(roster.hours), roster.published, running or bool(row), people, planned=row is not None
    )


def _planned(row: PlannedShift, held: list[Post]) -> tuple[OnCall, ...]:
    """Whoever was put on the shift, if they still may serve."""
    if row.account is None or not _fit(row):
        return ()
    post = next((one for one in held if one.account_id == row.account_id and one.code in row.posts), None)
    return (OnCall(row.account.name, post.title if post else row.title, row.phone),)


def _fit(row: PlannedShift) -> bool:
    return bool(getattr(row, "fit", True))


def _holders(roster: Roster, held: list[Post]) -> tuple[OnCall, ...]:
    return tuple(
        OnCall(post.account.name, post.title, post.unit.phone if post.unit else "")
        for post in held
        if post.code in roster.posts
    )


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
        open_now = _open(channel.hours, wall) and (shift is None or bool(shift.people))
        found.append(Line(code, channel.title, channel.hours, open_now, shift))
    return found


def _open(hours: str, wall: datetime) -> bool:
    return not hours or spell_at(Roster(title="", posts=[], hours=[hours]), wall) is not None


def published_duty(*, at: datetime | None = None) -> list[PublishedDuty]:
    """The published rosters of every place that planned one, with the number that answers now or next; one statement."""
    moment = at or now()
    first: dict[tuple[str, str], PublishedDuty] = {}
    for row in coming_everywhere(moment):
        roster = rosters_at(row.path).get(row.roster)
        if roster is None or not roster.published or (row.path, row.roster) in first:
            continue
        on_it = row.begins_at <= moment and row.account_id is not None
        first[row.path, row.roster] = PublishedDuty(row.path, roster.title, tuple(roster.hours), row.phone, on_it)
    return list(first.values())


def roster_in_force(path: str, code: str, *, month: date | None = None) -> RosterSaid:
    """A roster of the place's edition with the numbers that go with it; refused when the edition has none of that code."""
    edition = edition_for(path)
    if code not in edition.pack.roster:
        titles = [one.title for one in edition.pack.roster.values()]
        say = f"这里的机制包没有叫“{code[:40]}”的值班表。" + (f"有：{'、'.join(titles)}。" if titles else "")
        raise Refused("roster-unknown", say=say, have=code, need=list(edition.pack.roster), field="roster")
    params = params_for(edition, path)
    calendar = calendar_for(edition, path)
    return RosterSaid(
        path=path,
        code=code,
        roster=edition.pack.roster[code],
        edition=edition.digest,
        zone=calendar.zone,
        rest=timedelta(hours=float(engine_param(params, "duty-rest-hours"))),
        keeper_yes=bool(engine_param(params, "duty-swap-yes")),
        days_off=days_off(calendar, month) if month else frozenset(),
    )


def running_out(*, at: datetime | None = None) -> list[tuple[PlannedShift, int]]:
    """The last shifts of the rosters that have to be planned on, each with the days of shifts left.

    So many days before as the place says (`duty-plan-days`); not where the pack has dropped the roster, nor where its
    season is over for the next month anyway.
    """
    moment = at or now()
    return [(row, left) for row in last_planned(moment) if (left := _days_left(row, moment)) is not None]


def _days_left(row: PlannedShift, moment: datetime) -> int | None:
    adopted = adopted_near(row.path, moment)
    edition = edition_by_digest(adopted.digest) if adopted else None
    if edition is None or row.roster not in edition.pack.roster:
        return None
    there = zone(zone_of(row.path))
    left = (row.day - local(moment, there).date()).days
    within = int(engine_param(params_for(edition, row.path), "duty-plan-days"))
    following = spells(edition.pack.roster[row.roster], row.day + A_DAY, row.day + timedelta(days=31), there)
    return left if within and left <= within and following else None


def days_off(calendar: WorkCalendar, month: date) -> frozenset[date]:
    """The days of a month that the calendar does not work: weekends and holidays, with 调休 turned round."""
    first, last = month_of(month)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def rosters_at(path: str, *, at: datetime | None = None) -> dict[str, Roster]:
    """The rosters of the place's edition by code; none where no rules are adopted."""
    adopted = adopted_near(path, at)
    return dict(edition_by_digest(adopted.digest).pack.roster) if adopted else {}


def answering(path: str, *, at: datetime | None = None) -> dict[str, Roster]:
    """The rosters that answer for whatever comes: those that a line of the pack names, else every one it has."""
    rosters = rosters_at(path, at=at)
    adopted = adopted_near(path, at)
    lines_of = edition_by_digest(adopted.digest).pack.channel.values() if adopted else ()
    named = {line.roster for line in lines_of if line.roster}
    return {code: roster for code, roster in rosters.items() if code in named} or rosters


def has_rosters(path: str, *, at: datetime) -> bool:
    """Whether any place from here up keeps a roster, so that somebody may be on call at all; reads no row."""
    return any(edition.pack.roster for _level, edition in _editions_up(path, at))


def duty_near(path: str) -> bool:
    """Whether any place above or below keeps a roster, so that a day may have something of duty; reads no row."""
    return any(edition_by_digest(digest).pack.roster for digest in editions_around(path or "/"))


def _editions_up(path: str, at: datetime) -> Iterable[tuple[str, Edition]]:
    seen = set()
    for level in levels(path):
        adopted = adopted_near(level, at)
        if adopted and adopted.digest not in seen:
            seen.add(adopted.digest)
            yield level, edition_by_digest(adopted.digest)


def off_hours(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether a moment lies outside the business hours of a calendar: nights, weekends, holidays, the lunch break."""
    return not any(start <= at < end for start, end in calendar.spans(calendar.day_of(at)))


def on_call(path: str, *, at: datetime | None = None, grid_id: int | None = None, roster: str = "") -> Answer:
    """Who is on call for a place at a moment: the planned shift of its grid, else of its community, its town and so on.

    Where nobody is planned, or who is planned has left, whoever holds a post of a roster that runs then, the nearest
    first. `roster` is preferred at the same place, as the line by which somebody called names it.
    """
    moment = at or now()
    rows = serving(_below(path, grid_id), moment)
    return _choose(path, moment, rows, lambda: posts_at(SYSTEM, path, at=moment), roster=roster)


def on_call_of(read: DutyRead, path: str, *, at: datetime, grid_id: int | None = None, roster: str = "") -> Answer:
    """As `on_call`, out of what was read for many places at once."""
    rows = read.serving(_below(path, grid_id), at)
    return _choose(path, at, rows, lambda: read.posts(path, at), roster=roster)


def _below(path: str, grid_id: int | None) -> str:
    return f"{path}/g{grid_id}" if grid_id else path


def _choose(
    path: str, moment: datetime, serve: Iterable[PlannedShift], posts: Callable[[], Iterable[Post]], *, roster: str
) -> Answer:
    working: list[str] = []
    running = [row for row in serve if row.roster in answering(row.path, at=moment)]
    rows = sorted(running, key=lambda one: (-len(one.path), one.roster != roster, one.roster))
    for row in rows:
        if row.account is not None and _fit(row):
            working.append(f"{path_words(row.path)}“{row.title}”（{_span(row)}）排的是{row.account.name}。")
            return _of_row(row, tuple(working))
        gone = f"排的{row.account.name}已经不在岗" if row.account else "没有人"
        working.append(f"{path_words(row.path)}“{row.title}”（{_span(row)}）{gone}，往下找。")
    if not rows:
        working.append(f"{path_words(path)}这一刻没有排班，按岗位找。")
    return _by_post(path, moment, posts(), tuple(working))


def _of_row(row: PlannedShift, working: tuple[str, ...]) -> Answer:
    name = row.account.name if row.account else ""
    return Answer(
        working=working,
        account_id=row.account_id,
        name=name,
        post=row.title,
        number=row.phone,
        shift_id=row.pk,
        roster=row.roster,
        title=row.title,
        path=row.path,
        until=row.ends_at,
    )


def _span(row: PlannedShift) -> str:
    there = zone(zone_of(row.path))
    begins, ends = local(row.begins_at, there), local(row.ends_at, there)
    return f"{begins:%H:%M}—{'24:00' if ends.time() == time.min else f'{ends:%H:%M}'}"


def _by_post(path: str, at: datetime, posts: Iterable[Post], working: tuple[str, ...]) -> Answer:
    """Whoever holds a post of a roster that runs, the nearest place first."""
    for post in posts:
        for code, roster in answering(post.reach if post.reach != "/" else path, at=at).items():
            if post.code not in roster.posts:
                continue
            there = zone(zone_of(path))
            spell = spell_at(roster, local(at, there))
            if spell is None:
                continue
            step = f"“{roster.title}”由{post.title}轮值，在岗的是{post.account.name}。"
            return Answer(
                working=(*working, step),
                account_id=post.account_id,
                name=post.account.name,
                post=post.title,
                number=post.unit.phone if post.unit else "",
                roster=code,
                title=roster.title,
                path=post.reach,
                until=spell.ends_at,
            )
    return Answer((*working, "这一刻没有人值班，告诉管值班表的人。"))
