"""Reading duty: who is on which shift, who may be, who minds the roster, what is asked and handed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from youying.access.models import Post
from youying.access.queries import holding, posts_at
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.people.models import HandOver, Shift, Swap
from youying.people.roster_rules import READ_BY, WRITE_BY, WRITE_FROM
from youying.record.queries import unseal_for
from youying.record.reaching import register_places

MINDS = "rosters"
"""The power of whoever makes the roster of a place."""
MOST_SHOWN = 500
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShiftSeen:
    """One shift as a table shows it; `name` is empty where nobody is on it, `note` says how its hand-over stands.

    `note` is "" before the end and where nobody was on it, else "due", "late", "unread" or "read".
    """

    id: int
    path: str
    roster: str
    title: str
    day: date
    begins_at: datetime
    ends_at: datetime
    day_off: bool
    account_id: int | None
    name: str
    number: str
    version: int
    note: str
    swapping: bool


@dataclass(frozen=True, slots=True)
class SwapSeen:
    """One open swap: what is given to whom, what comes back, and whose word is missing."""

    id: int
    shift: Shift
    in_return: Shift | None
    asked_by: str
    taker: str
    taker_said_yes: bool
    mine_to_answer: bool
    mine_to_approve: bool
    mine_to_withdraw: bool


@dataclass(frozen=True, slots=True)
class HandOverSeen:
    """A hand-over note, opened for who may read it."""

    shift_id: int
    written_by: str
    written_by_id: int
    written_at: datetime
    numbers: tuple[str, ...]
    note: str
    read_by: str
    read_at: datetime | None


def levels(path: str) -> list[str]:
    """The path and everything above it, the nearest first."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def live() -> QuerySet[Shift]:
    """The shifts that stand."""
    return Shift.objects.filter(removed_at=None)


def serving(path: str, at: datetime) -> list[Shift]:
    """The shifts that run at a moment at a place and above it, the nearest place first; `fit` says whether the person
    still may serve: an account in use, in a running post that covers the place.
    """
    covering = Post.objects.filter(
        holding(at), account=OuterRef("account"), account__active=True, reach__in=["/", *levels(path)]
    )
    found = (
        live()
        .filter(path__in=levels(path), begins_at__lte=at, ends_at__gt=at)
        .select_related("account")
        .annotate(fit=Exists(covering))
    )
    return sorted(found, key=lambda one: (-len(one.path), one.roster))


@dataclass(frozen=True, slots=True)
class DutyRead:
    """The shifts and posts of some places over a time, read at once for many questions about it."""

    shifts: Sequence[Shift]
    held: Sequence[Post]

    def serving(self, path: str, at: datetime) -> list[Shift]:
        """As `serving` gives it."""
        above = levels(path)
        found = [row for row in self.shifts if row.path in above and row.begins_at <= at < row.ends_at]
        able_then = {(post.account_id, post.reach) for post in self.held if _in_force(post, at)}
        for row in found:
            row.fit = any((row.account_id, reach) in able_then for reach in ("/", *above))  # type: ignore[attr-defined]
        return sorted(found, key=lambda one: (-len(one.path), one.roster))

    def posts(self, path: str, at: datetime) -> list[Post]:
        """The posts in force whose reach covers a path, the nearest first."""
        above = ["/", *levels(path)]
        return [post for post in self.held if post.reach in above and _in_force(post, at)]

    def keepers(self, path: str, at: datetime) -> tuple[int, ...]:
        """As `keepers` gives them."""
        return _nearest_keepers(self.posts(path, at))


def _in_force(post: Post, at: datetime) -> bool:
    return post.since <= at and (post.until is None or post.until > at)


def read_duty(paths: Iterable[str], *, since: datetime, until: datetime) -> DutyRead:
    """Everything about duty at these places and above them between two moments, in two statements."""
    above = {level for path in paths for level in levels(path)}
    rows = live().filter(path__in=above, begins_at__lte=until, ends_at__gt=since).select_related("account")
    held = Post.objects.filter(since__lte=until, reach__in=above | {"/"}, account__active=True)
    held = held.filter(Q(until=None) | Q(until__gt=since)).select_related("account", "unit").order_by("-reach", "pk")
    return DutyRead(list(rows), list(held))


def coming_everywhere(at: datetime, *, days: int = 3) -> list[Shift]:
    """The shifts of every place that run or begin within some days, the earliest first."""
    found = live().filter(ends_at__gt=at, begins_at__lt=at + timedelta(days=days))
    return list(found.order_by("path", "begins_at"))


def last_planned(at: datetime) -> list[Shift]:
    """The last shift of every roster that is planned at all and still runs or comes, where it was not told of yet."""
    later = live().filter(path=OuterRef("path"), roster=OuterRef("roster"), begins_at__gt=OuterRef("begins_at"))
    return list(live().filter(~Exists(later), ends_at__gt=at, end_told_at=None).order_by("path", "roster"))


def able(path: str, codes: Collection[str], *, at: datetime | None = None) -> dict[int, Post]:
    """By account, the nearest post that lets somebody serve: in force, of these codes, covering the place."""
    kept: dict[int, Post] = {}
    for post in posts_at(SYSTEM, path, at=at):
        if post.code in codes:
            kept.setdefault(post.account_id, post)
    return kept


def holders(path: str, codes: Collection[str], *, at: datetime | None = None) -> list[Post]:
    """Those whose turn it can be: the able ones of the nearest place.

    The town's people stand in for a community's when it has none of its own.
    """
    found = list(able(path, codes, at=at).values())
    nearest = max((len(post.reach) for post in found), default=0)
    return [post for post in found if len(post.reach) == nearest]


def keepers(path: str) -> tuple[int, ...]:
    """The accounts that mind the rosters of a place: those with the power there, the nearest level alone."""
    return _nearest_keepers(posts_at(SYSTEM, path))


def _nearest_keepers(posts: Iterable[Post]) -> tuple[int, ...]:
    found = [post for post in posts if MINDS in post.powers]
    nearest = max((len(post.reach) for post in found), default=0)
    return tuple(dict.fromkeys(post.account_id for post in found if len(post.reach) == nearest))


def keeps(viewer: Viewer, path: str) -> bool:
    """Whether this viewer minds the rosters of a place."""
    return viewer.may(MINDS) and viewer.reaches(path)


def table(viewer: Viewer, path: str, code: str, *, first: date, last: date) -> list[ShiftSeen]:
    """The shifts of a roster that begin on these days, in order."""
    viewer.require_reach(path)
    found = live().filter(path=path, roster=code, day__gte=first, day__lte=last)
    return seen(found.order_by("begins_at")[:MOST_SHOWN])


def own(viewer: Viewer, *, days: int = 45) -> list[ShiftSeen]:
    """The viewer's own shifts that run or come."""
    at = now()
    found = live().filter(account_id=viewer.account_id or 0, ends_at__gt=at, begins_at__lt=at + timedelta(days=days))
    return seen(found.order_by("begins_at")[:MOST_SHOWN])


def coming(path: str, code: str, *, accounts: Collection[int], days: int = 45) -> list[ShiftSeen]:
    """The shifts of some people at one roster that have not begun."""
    at = now()
    found = live().filter(path=path, roster=code, account__in=list(accounts), begins_at__gt=at)
    return seen(found.filter(begins_at__lt=at + timedelta(days=days)).order_by("begins_at")[:MOST_SHOWN])


def uncovered(viewer: Viewer, path: str, *, days: int = 14) -> list[ShiftSeen]:
    """The coming shifts at a place and below it that nobody is on."""
    viewer.require_reach(path)
    at, below = now(), Q(path=path) | Q(path__startswith=path.rstrip("/") + "/")
    found = live().filter(below, account=None, ends_at__gt=at, begins_at__lt=at + timedelta(days=days))
    return seen(found.order_by("begins_at")[:MOST_SHOWN])


def seen(shifts: Iterable[Shift] | QuerySet[Shift]) -> list[ShiftSeen]:
    """Shifts as a table shows them, with their hand-overs and open swaps, in three statements."""
    rows = list(shifts.select_related("account") if isinstance(shifts, QuerySet) else shifts)
    keys = [row.pk for row in rows]
    notes = dict(HandOver.objects.filter(shift__in=keys).values_list("shift_id", "read_at")) if keys else {}
    swapping = set(Swap.objects.filter(shift__in=keys, answer="").values_list("shift_id", flat=True)) if keys else set()
    return [_seen(row, notes, row.pk in swapping) for row in rows]


def _seen(row: Shift, notes: dict[int, Any], swapping: bool) -> ShiftSeen:
    return ShiftSeen(
        id=row.pk,
        path=row.path,
        roster=row.roster,
        title=row.title,
        day=row.day,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        day_off=row.day_off,
        account_id=row.account_id,
        name=row.account.name if row.account else "",
        number=row.phone,
        version=row.version,
        note=_note(row, notes),
        swapping=swapping,
    )


def _note(row: Shift, notes: dict[int, Any]) -> str:
    at = now()
    if row.pk in notes:
        return "read" if notes[row.pk] else "unread"
    if row.account_id is None or at < row.ends_at - WRITE_FROM:
        return ""
    return "late" if at > row.ends_at + WRITE_BY else "due"


def find_shift(viewer: Viewer, shift_id: int) -> Shift:
    """One shift within reach, or one's own."""
    row = live().select_related("account").filter(pk=shift_id).first()
    mine = row is not None and row.account_id == (viewer.account_id or 0)
    if row is None or not (mine or (viewer.may("view") and viewer.reaches(row.path))):
        raise Refused("not-found", say="没有这一班，或不在您的辖区内。", have=shift_id)
    return row


def swaps(viewer: Viewer) -> list[SwapSeen]:
    """The open swaps that wait for this viewer, or that this viewer asked for."""
    me = viewer.account_id or 0
    found = Swap.objects.filter(answer="").select_related("shift", "in_return", "asked_by", "taker")
    parties = Q(asked_by=me) | Q(taker=me)
    if viewer.may(MINDS) and viewer.reach:
        below = Q(shift__path=viewer.reach) | Q(shift__path__startswith=viewer.reach.rstrip("/") + "/")
        parties |= Q(taker_yes_at__isnull=False) & (Q() if viewer.reach == "/" else below)
    return [_swap(one, viewer) for one in found.filter(parties).order_by("shift__begins_at")[:MOST_SHOWN]]


def _swap(row: Swap, viewer: Viewer) -> SwapSeen:
    me, waits = viewer.account_id, row.taker_yes_at is not None
    return SwapSeen(
        id=row.pk,
        shift=row.shift,
        in_return=row.in_return,
        asked_by=row.asked_by.name,
        taker=row.taker.name,
        taker_said_yes=waits,
        mine_to_answer=row.taker_id == me and not waits,
        mine_to_approve=waits and keeps(viewer, row.shift.path) and me not in (row.taker_id, row.asked_by_id),
        mine_to_withdraw=row.asked_by_id == me,
    )


def next_shift(row: Shift) -> Shift | None:
    """The shift of the same roster that takes over: the first covered one that begins when this ends, or later."""
    found = live().filter(path=row.path, roster=row.roster, begins_at__gte=row.ends_at, account__isnull=False)
    return found.select_related("account").order_by("begins_at").first()


def hand_over(viewer: Viewer, shift_id: int) -> HandOverSeen | None:
    """The note of a shift, its words opened; nothing where none is written yet."""
    shift = find_shift(viewer, shift_id)
    row = HandOver.objects.select_related("written_by", "read_by").filter(shift=shift).first()
    if row is None:
        return None
    return HandOverSeen(
        shift_id=shift.pk,
        written_by=row.written_by.name,
        written_by_id=row.written_by_id,
        written_at=row.written_at,
        numbers=tuple(row.numbers),
        note=unseal_for(shift.subject, row.note_sealed) or "" if row.note_sealed else "",
        read_by=row.read_by.name if row.read_by else "",
        read_at=row.read_at,
    )


def hand_overs_waiting(viewer: Viewer) -> list[ShiftSeen]:
    """The shifts of the last week whose note this viewer has to write, to read, or to see to: late and unread ones."""
    at, me = now(), viewer.account_id or 0
    ended = live().filter(account__isnull=False, ends_at__gt=at - LOOKED_BACK, ends_at__lte=at + WRITE_FROM)
    inside = Q() if viewer.reach == "/" else Q(path=viewer.reach) | Q(path__startswith=viewer.reach + "/")
    ended = ended.filter(Q(account=me) | inside if viewer.reach else Q(account=me)).filter(hand_over__read_at=None)
    rows = seen(ended.order_by("begins_at")[:MOST_SHOWN])
    return [one for one in rows if _concerns(one, viewer, at)]


def _concerns(one: ShiftSeen, viewer: Viewer, at: datetime) -> bool:
    """Whether the note waits for this viewer: to write it, to read it as the one who takes over, or to see to it."""
    mine = one.account_id == viewer.account_id
    if one.note in ("due", "late") and mine:
        return True
    if one.note == "unread" and not mine:
        taker = next_shift(Shift(path=one.path, roster=one.roster, ends_at=one.ends_at))
        if taker and taker.account_id == viewer.account_id:
            return True
        return at > one.ends_at + READ_BY and keeps(viewer, one.path)
    return one.note == "late" and keeps(viewer, one.path)


def lying(keys: Collection[str]) -> dict[str, list[str]]:
    """Where shifts lie, by their keys in the record."""
    found = Shift.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in found.values_list("pk", "path")}


def names(accounts: Sequence[Post]) -> list[tuple[int, str]]:
    """The people of some posts, to choose from."""
    return [(post.account_id, f"{post.account.name}（{post.title}）") for post in accounts]


register_places("shift", lying)
