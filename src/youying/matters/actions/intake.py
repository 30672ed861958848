"""A need becomes a matter: one transaction, one number, once for every channel and external id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from youying.editions.queries import calendar_for, edition_for
from youying.kernel.identifiers import hash_secret, look_up_secret, matter_number
from youying.kernel.masking import mask_text
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import intake_rules as rules
from youying.matters.actions import clocks, escalation, papers, parties, tallies
from youying.matters.actions.committing import plain
from youying.matters.actions.contacts import reporter_of
from youying.matters.actions.landing import land
from youying.matters.actions.repeats import mark_repeat
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterOpened
from youying.matters.facts import PRIVATE, TRACKED, facts_of
from youying.matters.hearing_rules import people
from youying.matters.intake_rules import NeedIn
from youying.matters.models import Matter, Reporter
from youying.matters.reporting import phone_of
from youying.matters.searching import index_words
from youying.packs.edition import Edition
from youying.places.placing import Place, as_it_stands
from youying.places.snapshot import hold
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged
from youying.record.keys import ring
from youying.text.queries import known_category
from youying.text.titles import title_of


@dataclass(frozen=True, slots=True)
class Opened:
    """What an intake gives back; `secret` is shown once, `again` means that this need was in already.

    `secret` and `reporter_id` are those of the first reporter; empty and 0 where nobody came in with it.
    """

    matter: Matter
    secret: str = ""
    again: bool = False
    reporter_id: int = 0


def open_matter(need: NeedIn, *, place: Place, by: Viewer, at: datetime | None = None, origin: str = "") -> Opened:
    """Make a need a matter with a number; the same channel and external id again gives the same matter.

    Raises `Refused` for an unknown channel, category, kind or urgency, for words too short or too long,
    and for a moment in the future or before 1990. The look-up secret of the first reporter is returned once.
    """
    try:
        return take_in(need, place=place, by=by, at=at, origin=origin)
    except IntegrityError:
        old = already_in(need.channel, need.external_id or "")
        if old is None:
            raise
        return Opened(old, again=True)


@recorded_act("matters.open")
def take_in(need: NeedIn, *, place: Place, by: Viewer, at: datetime | None, origin: str) -> Opened:
    """Open one matter; of two that bring the same channel and external id, the database lets one through."""
    moment = at or now()
    rules.refuse_moment(moment, now=now())
    hold("places")
    place = as_it_stands(place, closed="keep" if need.parent_id else "above")  # a part stands where its whole stands
    edition = edition_for(place.area_path, moment)
    channel = rules.find_channel(edition, need.channel)
    if need.external_id and (old := already_in(channel, need.external_id)):
        unchanged()
        return Opened(old, again=True)
    matter = matter_from(need, edition, place=place, at=moment)
    mark_repeat(matter, need, edition, at=moment)
    calendar = calendar_for(edition, place.area_path)
    scene = Scene(matter, edition, edition.loops[matter.loop], calendar, by, moment, origin)
    give_number(scene)
    clocks.start(scene, "open", given=need.given_due)
    clocks.show_nearest(scene)
    escalation.note_causes(scene, need.text)
    matter.save(force_insert=True)
    secret, reporter_id = _take_reporters(scene, need)
    index_words(matter)
    if need.uploads:
        parties.hang(scene, need.uploads, role="reporter")
    keep_opening(scene, need)
    papers.at_intake(scene, need.sheet)
    land(scene)
    return Opened(matter, secret, reporter_id=reporter_id)


def give_number(scene: Scene) -> None:
    """Give a new matter the next number of its month, and its subject in the book."""
    yymm = f"{scene.at.astimezone(scene.calendar.zone):%y%m}"
    standing = record.open_next(f"matter/{yymm}", subject_of=lambda serial: f"matter:{key_of(yymm, serial)}")
    scene.matter.pk = key_of(yymm, standing.serial)
    scene.matter.number = matter_number(yymm, standing.serial)


def key_of(yymm: str, serial: int) -> int:
    """The primary key of the matter with this serial of this month: keys grow with time and never repeat."""
    return int(yymm) * 10_000_000 + serial


def already_in(channel: str, external_id: str) -> Matter | None:
    """The matter that came in by this channel under this id."""
    return Matter.objects.filter(channel=channel, external_id=external_id).first()


def matter_from(need: NeedIn, edition: Edition, *, place: Place, at: datetime) -> Matter:
    """The matter that a need makes, checked but not numbered; nothing is in the database yet."""
    words = rules.read_words(need.text)
    names = tuple(person.name for person in need.reporters)
    shown = mask_text(words, names=names)
    category = known_category(need.category, area_path=place.area_path) if need.category else ""
    loop = rules.find_loop(
        edition, need.kind, {"category": category, "channel": need.channel, **need.facts}, named=need.loop
    )
    return Matter(
        kind=need.kind,
        loop=loop.code,
        edition_id=edition.digest,
        channel=need.channel,
        external_id=need.external_id or None,
        category=category,
        category_why=need.category_why[:120],
        category_guess=need.category_guess,
        category_share=need.category_share,
        category_by=need.category_by if category else "",
        urgency=rules.find_urgency(edition, need.urgency),
        title=(mask_text(need.title, names=names) or title_of(shown))[: rules.TITLE_MOST],
        words=shown,
        area_path=place.area_path,
        place_path=place.place_path or place.area_path,
        compound_id=place.compound_id,
        building_id=place.building_id,
        entrance=place.entrance,
        home_id=place.home_id,
        grid_id=place.grid_id,
        place_words=mask_text(place.words, names=names)[:120],
        place_why=need.place_why[:120],
        longitude=place.longitude,
        latitude=place.latitude,
        stage=loop.start,
        tier=loop.tier or "",
        opened_at=at,
        changed_at=at,
        reporter_count=people((n, phone_of(one), one.protected) for n, one in enumerate(need.reporters))
        or need.reporter_count,
        parent_id=need.parent_id,
        photo_count=len(need.uploads),
    )


def _take_reporters(scene: Scene, need: NeedIn) -> tuple[str, int]:
    """Keep every reporter with the contact sealed and the secret hashed; returns the first one's secret and key."""
    if not need.reporters:
        return "", 0
    guarded = "person" in scene.loop.protects
    secrets = [person.secret or look_up_secret() for person in need.reporters]
    rows, hashed_with = [], ring().current("secret").secret
    for person, secret in zip(need.reporters, secrets, strict=True):
        row = reporter_of(scene.matter, person, protected=guarded or person.protected, at=scene.at)
        row.secret_hash = hash_secret(secret, hashed_with, bound_to=scene.matter.number)
        rows.append(row)
    Reporter.objects.bulk_create(rows)
    return secrets[0], rows[0].pk


def keep_opening(scene: Scene, need: NeedIn) -> None:
    """Write the clocks of intake, count the matter, write the first entry and announce it."""
    matter = scene.matter
    clocks.write(scene)
    facts = facts_of(matter)
    tallies.move([(tallies.cells_of(facts, scene.zone_name), 1)])
    change = {name: [None, plain(facts[name])] for name in TRACKED}
    record.write(
        matter.subject,
        "open",
        by=scene.by,
        facts={"verb": "open", "change": change, "clocks": scene.clock_notes, "files": scene.digests, **scene.noted},
        sealed={name: facts[name] for name in PRIVATE} | {"said": need.text},
        origin=scene.origin,
    )
    record.announce(
        MatterOpened(matter.pk, matter.number, matter.kind, matter.channel, matter.area_path), subject=matter.subject
    )
