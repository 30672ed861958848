"""Laying occasions out: what is due in the days to come, once for each member of a rhythm's population and period.

An edition's rhythms are laid where it is in force. Laying is safe to run twice and on many machines: the database
keeps one occasion for a rhythm, a member and a period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from itertools import islice

from django.db import IntegrityError, transaction

from youying.editions.queries import edition_for
from youying.editions.snapshot import snapshot as adoptions
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.trying import done_each
from youying.kernel.viewers import Viewer
from youying.occasions import ladder_rules, rhythm_rules
from youying.occasions.models import Campaign, Course, Occasion
from youying.occasions.populations import OF_EARLIER, Member, members
from youying.occasions.reading import done_in, in_reach, rhythm_at
from youying.occasions.rhythm_rules import Turn
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.packs.schema_rhythm import Rhythm
from youying.places.queries import zone_of
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged

AHEAD = timedelta(days=1)
"""Occasions are laid a day before they open, so that a round can be planned the evening before."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Field:
    """One rhythm as it is laid at a place: its code, the edition that says it, the zone and the day."""

    code: str
    rhythm: Rhythm
    edition: Edition
    zone: tzinfo
    at: datetime

    @property
    def today(self) -> date:
        """The day at the place."""
        return local(self.at, self.zone).date()


def lay_everywhere(*, by: Viewer) -> int:
    """Lay the rhythms of every place that adopted an edition; how many occasions are new.

    One that cannot be laid stops no other; whatever went wrong is raised when all were tried.
    """
    said = ((path, code) for path in sorted(adoptions().adoptions) for code in edition_for(path).pack.rhythm)
    work = ((f"{code}@{path}", partial(lay, path, code, by=by)) for path, code in said)
    return done_each(work, failing="rhythms that could not be laid out")


@act("occasions.lay")
def lay(path: str, code: str, *, by: Viewer, below: str = "") -> int:
    """Lay out what a rhythm asks at a place up to tomorrow; returns how many occasions are new.

    `path` is the place that adopted it, `below` the part of it that is laid now. Places below that adopted an edition of their own are laid by that one.
    """
    if by.kind != "system":
        by.require("act")
        by.require_reach(path)
    laid = _field(path, code)
    found = _new(laid, path, below or path)
    made = _keep(found)
    if not made:
        unchanged()
        return 0
    course, new = Course.objects.get_or_create(rhythm=code, path=path)
    if new:
        open_subject(course.subject)
    facts = {"laid": made, "edition": laid.edition.digest, "to": str(laid.today + AHEAD)}
    write(course.subject, "occasions.lay", by=by, facts=facts)
    return made


@act("occasions.begin-campaign", power="act")
def begin_campaign(path: str, code: str, *, by: Viewer, first: date | None = None) -> Campaign:
    """Begin a campaign at a place: a rhythm that is done once, over all its members, by a last day.

    Refused for a rhythm that recurs by itself, and while the same campaign runs there, above or below.
    """
    by.require_reach(path)
    laid = _field(path, code)
    if laid.rhythm.every != rhythm_rules.ONCE:
        raise Refused("rhythm-recurs", say=f"“{laid.rhythm.title}”按节奏自动安排，不用另行开展。", have=code)
    turn = rhythm_rules.campaign(laid.rhythm, first or laid.today, today=laid.today)
    row = _begun(laid, path, turn)
    open_subject(row.subject)
    turn = replace(turn, period=row.period)
    made = _keep(_occasion(laid, one, turn, campaign=row) for one in members(laid.rhythm, laid.edition, path))
    facts = {"rhythm": code, "path": path, "first": str(turn.first), "last": str(turn.last), "laid": made}
    write(row.subject, "occasions.begin-campaign", by=by, facts=facts)
    return row


@act("occasions.stop-campaign", power="act")
def stop_campaign(campaign_id: int, *, by: Viewer) -> Campaign:
    """Stop a campaign before its end: what is not done yet is left out, what is done stays."""
    row = Campaign.objects.select_for_update().filter(pk=campaign_id, stopped_at=None).first()
    if row is None or not by.reaches(row.path):
        raise Refused("not-found", say="没有这次集中行动，或已经停止，或不在您的辖区内。", have=campaign_id)
    row.stopped_at = now()
    row.save(update_fields=["stopped_at"])
    count = row.occasions.filter(ended_at=None).update(ended_at=now(), ring_at=None, reason="stopped")
    write(row.subject, "occasions.stop-campaign", by=by, facts={"left": count})
    return row


@act("occasions.call", power="intake")
def call(path: str, code: str, key: str, *, by: Viewer, last: date | None = None) -> Occasion:
    """Begin one occasion because somebody called for it; refused for a rhythm that is not as called."""
    laid = _field(path, code)
    if laid.rhythm.every != rhythm_rules.CALLED:
        raise Refused("rhythm-not-called", say=f"“{laid.rhythm.title}”按节奏自动安排，不用呼叫。", have=code)
    one = next((one for one in members(laid.rhythm, laid.edition, path) if one.key == key), None)
    if one is None or not in_reach(by, one.path, one.grid_id):
        raise Refused(
            "member-unknown", say="这里没有这个对象，或不在您的辖区内，请刷新页面再选。", have=key[:80], field="key"
        )
    row = _occasion(laid, one, rhythm_rules.called(laid.rhythm, local(laid.at, laid.zone), last=last))
    row.version = 2
    row.save(force_insert=True)
    open_subject(row.subject)
    write(row.subject, "occasions.call", by=by, facts={"rhythm": code, "key": key})
    return row


def _field(path: str, code: str) -> Field:
    edition = edition_for(path)
    return Field(code, rhythm_at(edition, code), edition, zone(zone_of(path)), now())


def _begun(laid: Field, path: str, turn: Turn) -> Campaign:
    """The campaign, where none runs here, above or below; one whose last day is over runs no more."""
    running = Campaign.objects.select_for_update().filter(rhythm=laid.code, stopped_at=None)
    for row in [row for row in running.order_by("pk") if _overlap(row.path, path)]:
        if row.last >= laid.today:
            say = f"“{laid.rhythm.title}”在这里已经开展，到{row.last:%Y-%m-%d}为止。"
            raise Refused("campaign-runs", say=say, have=row.pk)
        row.stopped_at = laid.at
        row.save(update_fields=["stopped_at"])
    try:
        with transaction.atomic():
            return Campaign.objects.create(
                rhythm=laid.code, edition_id=laid.edition.digest, path=path, first=turn.first, last=turn.last
            )
    except IntegrityError:
        raise Refused("campaign-runs", say=f"“{laid.rhythm.title}”刚刚由别人开展了，请刷新页面。", have=path) from None


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _new(laid: Field, path: str, below: str) -> Iterator[Occasion]:
    """The occasions that are due at a place and may not stand yet."""
    own = {
        other for other in adoptions().adoptions if other != path and _overlap(path, other) and len(other) > len(path)
    }
    found = (one for one in members(laid.rhythm, laid.edition, below) if not any(_below(one.area_path, o) for o in own))
    while chunk := list(islice(found, BATCH)):
        due = [(one, turn) for one in chunk for turn in _turns(laid, one)]
        earlier = done_in({one.key for one, _ in due}, [turn for _, turn in due], laid.zone) if _asks(laid) else None
        for one, turn in due:
            if earlier is None or _holds(laid, earlier.facts(one.key, turn)):
                yield _occasion(laid, one, turn)


def _below(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}/")


def _turns(laid: Field, one: Member) -> Iterator[Turn]:
    facts = one.facts
    found = rhythm_rules.turns(laid.rhythm, laid.today, laid.today + AHEAD, facts)
    return (turn for turn in found if one.since is None or turn.last >= one.since)


def _asks(laid: Field) -> bool:
    return not OF_EARLIER.isdisjoint(laid.rhythm.where)


def _holds(laid: Field, earlier: Mapping[str, object]) -> bool:
    """Whether what the pack asks of earlier doings of the same period holds: "not met yet", "tried at least once"."""
    asked = {fact: test for fact, test in laid.rhythm.where.items() if fact in OF_EARLIER}
    return matches(asked, earlier, params=laid.edition.params)


def _occasion(laid: Field, one: Member, turn: Turn, *, campaign: Campaign | None = None) -> Occasion:
    opens = max(turn.opens_at(laid.zone), _midnight(one.since, laid.zone) or turn.opens_at(laid.zone))
    row = Occasion(
        rhythm=laid.code,
        edition_id=laid.edition.digest,
        campaign=campaign,
        does=laid.rhythm.does,
        key=one.key,
        period=turn.period,
        class_code=one.class_code,
        area_path=one.area_path,
        path=one.path,
        compound_id=one.compound_id,
        building_id=one.building_id,
        home_id=one.home_id,
        grid_id=one.grid_id,
        opens_at=opens,
        due_at=turn.due_at(laid.zone),
        next_at=_first_day(laid, opens),
    )
    row.ring_at = ladder_rules.next_ring(laid.rhythm, row.opens_at, row.due_at, rung=0)
    return row


def _first_day(laid: Field, opens: datetime) -> datetime:
    day = local(opens, laid.zone).date()
    to_go = rhythm_rules.day_to_go(laid.rhythm, day)
    return opens if to_go == day else datetime(to_go.year, to_go.month, to_go.day, tzinfo=laid.zone)


def _midnight(day: date | None, place: tzinfo) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=place) if day else None


def _keep(rows: Iterable[Occasion]) -> int:
    """Write those that do not stand yet; how many are new."""
    made, waiting = 0, iter(rows)
    while chunk := list(islice(waiting, BATCH)):
        before = _count(chunk)
        Occasion.objects.bulk_create(chunk, ignore_conflicts=True)
        made += _count(chunk) - before
    return made


def _count(rows: list[Occasion]) -> int:
    keys, periods = {row.key for row in rows}, {row.period for row in rows}
    return Occasion.objects.filter(rhythm=rows[0].rhythm, key__in=keys, period__in=periods).count()
