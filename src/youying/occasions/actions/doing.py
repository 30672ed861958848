"""Doing what is due: going, meeting somebody or nobody, excusing, handing over; each an act with its entry.

Whatever a phone sends carries an id of its own making: the same attempt sent again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Any

from youying.access.queries import posts_at, viewer_of
from youying.editions.queries import edition_by_digest
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions.intake import Opened
from youying.occasions import doing_rules as rules
from youying.occasions import rhythm_rules
from youying.occasions.actions.consequences import found_matter, given_up
from youying.occasions.events import OccasionDone
from youying.occasions.models import Attempt, Occasion
from youying.occasions.reading import in_reach, keeper_of, places_of, rhythm_at, serves
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.places.queries import zone_of
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act, unchanged
from youying.sheets.actions import fill
from youying.sheets.queries import open_values
from youying.sheets.rules import sheet_of


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody says of one time that they went: when, how, what was found, and the id that the phone made.

    `values` are the items of the rhythm's sheet, `wants` needs told in words, `uploads` photos that go with the first.
    """

    at: datetime | None = None
    way: str = "door"
    values: Mapping[str, Any] | None = None
    wants: Sequence[str] = ()
    uploads: Sequence[str] = ()
    note: str = ""
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the occasion, the matters that it opened, and whether it had been taken in already."""

    occasion: Occasion
    opened: tuple[Opened, ...] = ()
    again: bool = False


@dataclass(slots=True)
class Hand:
    """An occasion in hand: locked, with its rhythm, its edition and the moment."""

    row: Occasion
    rhythm: Rhythm
    edition: Edition
    zone: tzinfo
    at: datetime


@act("occasions.meet")
def meet(occasion_id: int, *, by: Viewer, doing: Doing | None = None) -> Done:
    """Keep that an occasion was done: who was met, the sheet filled in, and a matter for every fault or want found.

    Done late it stays missed, and is done all the same. Refused twice, and before it opens.
    """
    said = doing or Doing()
    hand = _in_hand(occasion_id, by=by, said=said)
    if isinstance(hand, Done):
        return hand
    row = hand.row
    row.attempts += 1
    row.done_at, row.met, row.ended_at, row.ring_at = hand.at, True, now(), None
    row.on_time = hand.at <= row.due_at
    row.at_hours = rhythm_rules.in_hours(hand.rhythm, hand.at, hand.zone)
    row.first_time = not Occasion.objects.filter(rhythm=row.rhythm, key=row.key, met=True).exclude(pk=row.pk).exists()
    _try(hand, said, by=by)
    found = _fill(hand, said, by=by)
    made = _open(hand, said, found, by=by)
    row.found, row.opened = len(found), len(made)
    facts = {"way": rules.checked_way(said.way), "on_time": row.on_time, "at_hours": row.at_hours}
    numbers = [one.matter.number for one in made]
    _write(hand, "occasions.meet", said, by=by, facts=facts | {"found": row.found, "opened": numbers})
    event = OccasionDone(row.pk, row.rhythm, row.does, row.key, hand.at.isoformat(), tuple(numbers))
    announce(event, subject=row.subject)
    return Done(row, made)


@act("occasions.attempt")
def attempt(
    occasion_id: int, *, by: Viewer, doing: Doing | None = None, reason: str = "", again_at: datetime | None = None
) -> Done:
    """Keep that nobody was met, for a coded reason: it is put off to the day agreed, or as the pack says.

    After as many attempts as the pack asks for it is given up, and what the pack says then follows.
    """
    said = doing or Doing()
    hand = _in_hand(occasion_id, by=by, said=said)
    if isinstance(hand, Done):
        return hand
    row = hand.row
    row.attempts += 1
    why = rules.checked_reason(hand.edition, reason, must=False)
    agreed = rules.checked_day(again_at, at=hand.at, due_at=row.due_at) if again_at else None
    day = rhythm_rules.next_attempt(hand.rhythm, local(hand.at, hand.zone).date(), attempts=row.attempts)
    if day is None and hand.rhythm.unmet:
        row.ended_at, row.ring_at = now(), None
    elif agreed or day:
        row.next_at = agreed or datetime.combine(day or hand.at.date(), time.min, hand.zone).astimezone(UTC)
    _try(hand, said, by=by, reason=why)
    followed = given_up(hand.row, hand.rhythm, hand.edition) if row.ended_at else []
    facts = {"way": rules.checked_way(said.way), "reason": why, "attempt": row.attempts, "then": followed}
    _write(hand, "occasions.attempt", said, by=by, facts=facts | {"next": row.next_at.isoformat()})
    return Done(row)


@act("occasions.excuse")
def excuse(occasion_id: int, *, by: Viewer, reason: str, note: str = "") -> Occasion:
    """End an occasion without doing it, for a coded reason that figures may leave out: in hospital, vacant, refused."""
    hand = _in_hand(occasion_id, by=by, said=Doing())
    assert isinstance(hand, Hand)  # without an id of the phone nothing can have been sent before
    row = hand.row
    row.reason = rules.checked_reason(hand.edition, reason)
    row.ended_at, row.ring_at = now(), None
    _write(hand, "occasions.excuse", Doing(note=note), by=by, facts={"reason": row.reason})
    return row


@act("occasions.give", power="act")
def give(occasion_ids: Sequence[int], *, by: Viewer, to: int | None) -> int:
    """Give occasions to one worker, or back to the post (`to` None); how many changed hands.

    Refused for a worker whose posts there do not do what the rhythm asks.
    """
    rows = list(Occasion.objects.select_for_update().filter(pk__in=occasion_ids, ended_at=None).order_by("pk"))
    for row in rows:
        by.require_reach(row.path)
        if to is not None:
            _refuse_stranger(row, to)
    changed = [row for row in rows if row.owner_id != to]
    for row in changed:
        before, row.owner_id = row.owner_id, to
        opened(row)
        row.version += 1
        row.save(update_fields=["owner", "version"])
        write(row.subject, "occasions.give", by=by, facts={"before": before, "after": to})
    if not changed:
        unchanged()
    return len(changed)


def _refuse_stranger(row: Occasion, to: int) -> None:
    rhythm, keeper = _rhythm_of(row)
    viewers = [viewer_of(post) for path in places_of(row) for post in posts_at(SYSTEM, path).filter(account=to)]
    if not any(serves(one, rhythm, keeper=keeper) for one in viewers):
        say = f"这位同事在这里没有做“{rhythm.title}”的岗位，请另选。"
        raise Refused("not-their-occasion", say=say, have=to, need=rhythm.by, field="to")


def _rhythm_of(row: Occasion) -> tuple[Rhythm, str]:
    edition = edition_by_digest(row.edition_id)
    rhythm = rhythm_at(edition, row.rhythm)
    return rhythm, keeper_of(edition, rhythm)


def _again(row: Occasion, said: Doing, *, by: Viewer) -> Done | None:
    """What was taken in under the same id before; refused where that was somebody else's, or of another occasion."""
    if not said.client_id:
        return None
    kept = Attempt.objects.filter(client_id=said.client_id[:40]).first()
    if kept is None:
        return None
    if kept.by_account != by.account_id or kept.occasion_id != row.pk:
        raise Refused("client-id-used", say="这个编号已经用过，请重新打开这一次再提交。", have=said.client_id[:40])
    unchanged()
    return Done(row, again=True)


def _in_hand(occasion_id: int, *, by: Viewer, said: Doing) -> Hand | Done:
    """The occasion, locked, for somebody who may do it; or what the same sending did before."""
    row = Occasion.objects.select_for_update().filter(pk=occasion_id).first()
    if row is None or not in_reach(by, row.path, row.grid_id):
        raise Refused("not-found", say="没有这一次，或不在您的辖区内。", have=occasion_id)
    edition = edition_by_digest(row.edition_id)
    rhythm = rhythm_at(edition, row.rhythm)
    if row.owner_id != by.account_id and not serves(by, rhythm, keeper=keeper_of(edition, rhythm)):
        named = "、".join(rhythm.by)
        say = f"“{rhythm.title}”由责任岗位来做，您的岗位不在其中。"
        raise Refused("not-your-occasion", say=say, have=by.post_code, need=named)
    if again := _again(row, said, by=by):
        return again
    rules.refuse_ended(ended=row.ended_at is not None, met=row.met, title=rhythm.title)
    rules.refuse_early(opens_at=row.opens_at, now=now(), title=rhythm.title)
    moment = rules.checked_moment(said.at, now=now(), opens_at=row.opens_at)
    opened(row)
    return Hand(row, rhythm, edition, zone(zone_of(row.area_path)), moment)


def opened(row: Occasion) -> None:
    """Open the book of an occasion that nobody has touched yet: laying it out opened none."""
    if row.version == 1:
        open_subject(row.subject)


def _try(hand: Hand, said: Doing, *, by: Viewer, reason: str = "") -> None:
    Attempt.objects.create(
        occasion=hand.row, at=hand.at, kept_at=now(), by_account=by.account_id, by_post_code=by.post_code,
        met=hand.row.met, reason=reason, way=rules.checked_way(said.way), client_id=said.client_id[:40] or None,
    )  # fmt: skip


def _fill(hand: Hand, said: Doing, *, by: Viewer) -> list[rules.Finding]:
    """Fill in the rhythm's sheet, under the occasion's own key; the faults and wants that it shows."""
    code = hand.rhythm.sheet
    if code is None:
        return []
    filled = fill(
        subject=hand.row.subject, sheet=code, edition=hand.edition, values=said.values or {}, by=by,
        act="occasions.meet", path=hand.row.path, at=hand.at,
    )  # fmt: skip
    return rules.findings(sheet_of(hand.edition, code), open_values(filled))


def _open(hand: Hand, said: Doing, found: Sequence[rules.Finding], *, by: Viewer) -> tuple[Opened, ...]:
    """A matter for each fault and want, at the place of the occasion; the same one again gives the same matter."""
    allowed = {text.partition(":")[2] for text in hand.rhythm.opens if text.startswith("loop:")}
    wanted = [(one.item, one.loop, one.words) for one in found]
    wanted += [(f"want-{n}", "demand", words) for n, words in enumerate(said.wants) if "demand" in allowed]
    return tuple(
        found_matter(
            hand.row,
            hand.edition,
            loop,
            item=item,
            words=f"{hand.rhythm.title}发现：{words}",
            by=by,
            uploads=said.uploads,
        )
        for item, loop, words in wanted
    )


def _write(hand: Hand, name: str, said: Doing, *, by: Viewer, facts: dict[str, Any]) -> None:
    row = hand.row
    row.version += 1
    row.save()
    sealed = {"note": said.note[:500]} if said.note else None
    told = {"rhythm": row.rhythm, "key": row.key, "period": row.period, "at": hand.at.isoformat()}
    write(row.subject, name, by=by, facts=told | facts, sealed=sealed)
