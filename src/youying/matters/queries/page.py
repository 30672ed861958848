"""One matter with its whole story: words, clocks with their working, who sees to it, what is related, who was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from fractions import Fraction
from typing import Any, cast

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from youying.access.models import Unit
from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.clock_working import Segment, given_from_data
from youying.kernel.clocks import recount
from youying.kernel.durations import in_words, parse_duration
from youying.kernel.masking import mask_name, mask_phone
from youying.kernel.moments import local, now, say_dated, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.hearing_rules import voices
from youying.matters.lamp_rules import Deadline, Lamp, lamp_of
from youying.matters.models import Ask, Assignment, Clock, Matter, Reporter, Verdict
from youying.matters.saying import because, for_resident, of_units, rang, sentence_of, units_named
from youying.packs.compiled import CompiledLoop
from youying.packs.words import HOUSE_ACTS, VERBS
from youying.places.queries import zone_of
from youying.record import queries as record


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock with its argument: rule in words, ruler, lamp; `unit_id` where it is one unit's own.

    Of one that stands still, since when and until which day, where one was named.
    """

    code: str
    title: str
    run: int
    started_at: datetime
    due_at: datetime | None
    running: bool
    paused: bool
    met: bool | None
    say: str
    segments: tuple[Segment, ...]
    used: Fraction
    unit_id: int | None = None
    held_since: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One entry as people read it; `words` is free text, empty where erased."""

    id: int
    seq: int
    at: datetime
    act: str
    verb: str
    title: str
    plain: str
    who: str
    actor_kind: str
    words: str
    stage: str
    facts: dict[str, Any]
    agreed: str = ""
    """What whoever agreed to the step wrote; for staff."""


@dataclass(frozen=True, slots=True)
class ReporterView:
    """A reporter, masked."""

    id: int
    name: str
    phone: str
    protected: bool
    at: datetime
    channel: str
    answer: str = ""


def find(viewer: Viewer, number: str) -> Matter:
    """A matter by its number; refused alike where it is unknown and where the viewer may not see it."""
    matter = Matter.objects.select_related("lead").filter(number=number).first()
    if matter is None or not rules.sees(viewer, situation_of(matter)):
        raise Refused("not-found", say="没有这件事项，或不归您这里看。请核对编号，或问登记它的同事。", have=number)
    return matter


def lamp(matter: Matter) -> Lamp:
    """The lamp of one matter now."""
    edition = edition_by_digest(matter.edition_id)
    deadline = Deadline(
        matter.due_at, matter.due_from, matter.yellow_at, matter.red_at, matter.due_natural, matter.paused,
        matter.waiting, matter.ended_at is not None, matter.crossed_off, edition.loops[matter.loop].lamps,
    )  # fmt: skip
    return lamp_of(deadline, now(), calendar_for(edition, matter.area_path))


def clocks(matter: Matter) -> list[ClockView]:
    """Every run of every clock, running ones first, each with its working recomputed from what was stored."""
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    rows = Clock.objects.filter(matter=matter).order_by("stopped_at", "due_at", "pk")
    source, where = edition.pack.pack.title, zone(zone_of(matter.area_path))
    return [
        _clock(row, loop, source, where)
        for row in sorted(rows, key=lambda c: (not c.running, c.due_at is None, c.due_at))
    ]


def _clock(row: Clock, loop: Any, source: str, where: tzinfo) -> ClockView:
    rule = loop.clocks.get(row.code)  # none where the matter has moved to an edition without this clock
    deadline = recount(row.working) if row.working else None
    act, source = row.rule["act"], source if rule else ""
    started_by = loop.acts[act].title if act in loop.acts else HOUSE_ACTS.get(act) or VERBS.get(act, "登记")
    seen_at = row.stopped_at or now()
    held = row.pauses[-1] if row.paused else {}
    return ClockView(
        code=row.code,
        title=row.title,
        run=row.run,
        started_at=row.started_at,
        due_at=row.due_at,
        running=row.running,
        paused=row.paused,
        met=row.met,
        say=deadline.working.say(what=row.title, act=started_by, source=source) + _moved(row, where)
        if deadline
        else "",
        segments=deadline.working.segments() if deadline else (),
        used=deadline.working.used_share(seen_at) if deadline else Fraction(0),
        unit_id=row.unit_id,
        held_since=_moment(held.get("from")),
        held_until=_moment(held.get("until")),
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _moved(row: Clock, zone: tzinfo) -> str:
    """What a deadline was before the system that gives it gave another."""
    said = [_in_words(was["within"], zone) for was in row.rule.get("was", ())]
    return f"原系统改过期限，原来是{'、'.join(said)}。" if said else ""


def _in_words(within: str, zone: tzinfo) -> str:
    """A period, or a day or moment that was given, as a reader knows it."""
    if within[4:5] != "-":
        return in_words(parse_duration(within))
    given = given_from_data(within)
    return f"{local(given, zone):%Y-%m-%d %H:%M}" if isinstance(given, datetime) else within


def story(matter: Matter) -> list[StoryLine]:
    """The matter's entries, oldest first, in words."""
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    lines, opener, where = [], record.opener([matter.subject]), zone(zone_of(matter.area_path))
    entries = record.story(matter.subject)
    named = {e.unit_id for e in entries if e.unit_id}.union(*(units_named(e.facts) for e in entries))
    units = dict(Unit.objects.filter(pk__in=named).values_list("pk", "title"))
    for entry in entries:
        opened = opener.entry(entry)
        facts = cast(dict[str, Any], entry.facts)
        verb = facts.get("verb", "")
        stage = facts.get("change", {}).get("stage", [None, None])[1]
        lines.append(
            StoryLine(
                id=entry.pk,
                seq=entry.seq,
                at=entry.at,
                act=entry.act,
                verb=verb,
                title=(
                    rang(loop, facts)
                    if verb == "ring"
                    else _answered(loop, entry.act, facts) or sentence_of(loop, entry.act, verb)
                )
                + of_units(facts, units)
                + because(edition, facts),
                plain=for_resident(verb),
                who=_who(edition, entry, units),
                actor_kind=entry.actor_kind,
                words=_words(opened, facts, where, when=_date_said(loop, entry.act)),
                stage=loop.stages.get(stage, "") if stage else "",
                facts=facts,
                agreed=str(opened.get("agreed") or ""),
            )
        )
    return lines


def _answered(loop: CompiledLoop, act_id: str, facts: Mapping[str, Any]) -> str:
    """What was asked for, or what was said yes or no to, by its name; empty for any other entry."""
    code = str(facts.get("step") or "")
    said = {"ask": _("申请%(what)s，等答复"), "approve": _("同意%(what)s"), "refuse": _("不同意%(what)s")}.get(act_id)
    if said is None or not code:
        return ""
    clock, kind = loop.clocks.get(code), facts.get("kind", "extension" if act_id == "approve" else "step")
    of_time = clock is not None and kind == "extension"
    what = _("“%(clock)s”延期") % {"clock": clock.title} if clock and of_time else f"“{sentence_of(loop, code, code)}”"
    return said % {"what": what}


def _date_said(loop: CompiledLoop, act_id: str) -> str:
    """What the date of a step is: when a pause ends, when something parked is looked at again, or a deadline."""
    step = loop.acts.get(act_id)
    if step is not None and step.verb == "park":
        return _("%(said)s（计划日期%(when)s）")
    if step is not None and any(act_id in clock.pause for clock in loop.clocks.values()):
        return _("%(said)s（恢复日期%(when)s）")
    return _("%(said)s（期限%(when)s）")


def _words(opened: dict[str, Any], facts: Mapping[str, Any], where: tzinfo, *, when: str) -> str:
    """What was written, and the date that was promised with it, in the sentence `when`."""
    written = str(opened.get("note") or opened.get("scheme") or opened.get("words") or "")
    there = [_("地点：%(place)s") % {"place": opened["place"]}] if opened.get("place") else []
    there += [_("到场：%(who)s") % {"who": opened["person"]}] if opened.get("person") else []
    said = "；".join(part for part in (written, *there) if part)
    promised = facts.get("due_at")
    if not promised:
        return said
    day = datetime.fromisoformat(promised)
    english = (get_language() or "").startswith("en")
    shown = f"{local(day, where):%Y-%m-%d %H:%M}" if english else say_dated(day, now(), where)
    return when % {"said": said, "when": shown}


def _who(edition: Any, entry: Any, units: Mapping[int, str]) -> str:
    if entry.actor_kind == "post":
        post = edition.pack.posts.get(entry.post_code)
        return post.title if post else units.get(entry.unit_id, "工作人员")
    return {"system": "系统", "reporter": "诉求人", "public": "居民"}.get(entry.actor_kind, "")


def reporters(viewer: Viewer, matter: Matter) -> list[ReporterView]:
    """Who reported it, always masked; a protected identity shows nothing without its own power."""
    found, words = [], _answers(matter)
    for row in Reporter.objects.filter(matter=matter).order_by("at", "pk"):
        hidden = row.protected and not viewer.may("protected")
        contact = {} if hidden else open_contact(row)
        name = "（身份受保护）" if hidden else mask_name(contact.get("name", ""))
        phone = "" if hidden else mask_phone(contact.get("phone", ""))
        found.append(ReporterView(row.pk, name, phone, row.protected, row.at, row.channel, words.get(row.pk, "")))
    return found


def _answers(matter: Matter) -> dict[int, str]:
    """What each of several reporters said in this round, under every row by which they are known; nothing where one
    is asked, whose word is the matter's own."""
    if matter.reporter_count <= 1:
        return {}
    rows = Verdict.objects.filter(matter=matter, run=matter.reworks, reporter__isnull=False).order_by("pk")
    known = _voices(matter)
    words = {
        known.get(row.reporter_id or 0): f"{'解决了' if row.solved else '没解决'}，{row.satisfaction}" for row in rows
    }
    return {key: words[voice] for key, voice in known.items() if voice in words}


def answer_of(matter: Matter, reporter_id: int) -> str:
    """What one of several reporters said in this round, in words; empty while they have not spoken."""
    return _answers(matter).get(reporter_id, "")


def reporter_ids(matter: Matter) -> list[int]:
    """Everybody who is to be answered on this matter, once each, in the order in which they came.

    Of a merged one those who came by it, wherever they are asked now.
    """
    rows = Reporter.objects.filter(Q(matter=matter) | Q(came_as=matter)) if matter.merged_away else None
    known = voices(voice_rows(rows)) if rows is not None else _voices(matter)
    return list(dict.fromkeys(known.values()))


def speakers(matter: Matter, spoke: int) -> list[int]:
    """The rows by which whoever spoke is known; where nobody had to say who, all of a matter of one person, else none."""
    known = _voices(matter)
    if not spoke and len(set(known.values())) > 1:
        return []
    return [key for key, voice in known.items() if not spoke or voice == known.get(spoke)]


def same_person(row: Reporter) -> list[int]:
    """The rows of this reporter's matter by which the same person is known, the first one first."""
    known = _voices(row.matter)
    return [key for key, voice in known.items() if voice == known.get(row.pk)]


def _voices(matter: Matter) -> dict[int, int]:
    return voices(voice_rows(Reporter.objects.filter(matter=matter)))


def voice_rows(rows: QuerySet[Reporter]) -> list[tuple[int, str, bool]]:
    """What tells whether two rows are one person, in the order in which they came."""
    return list(rows.order_by("at", "pk").values_list("pk", "phone_index", "protected"))


def open_contact(row: Reporter) -> dict[str, str]:
    """A reporter's contact in clear: for masking, and for acts that recorded the purpose first."""
    if not row.contact_sealed:
        return {}
    first = row.whole if row.whole_id and row.whole else row
    subject = first.came_as.subject if first.came_as_id and first.came_as else first.matter.subject
    plain = record.unseal_for(subject, bytes(row.contact_sealed))
    return msgspec.json.decode(plain.encode()) if plain and plain.startswith("{") else {}


def assignments(matter: Matter) -> list[Assignment]:
    """Who has the matter now, lead first; for whom a part is done does not have it."""
    rows = Assignment.objects.select_related("unit").filter(matter=matter, until__isnull=True).exclude(role="host")
    return sorted(rows, key=lambda a: (a.role != "lead", a.pk))


def open_asks(matter: Matter) -> list[Ask]:
    """Steps and extensions that wait for a yes, and proposals."""
    return list(Ask.objects.filter(matter=matter, answer="").order_by("asked_at"))


def related(viewer: Viewer, matter: Matter) -> list[tuple[str, Matter]]:
    """Parent, children, merged ones and earlier matters of the same place and category, within sight."""
    found: list[tuple[str, Matter]] = []
    if matter.parent_id:
        found.append(("拆自", Matter.objects.get(pk=matter.parent_id)))
    found += [("拆出", m) for m in Matter.objects.filter(parent=matter)[:10]]
    found += [("并入", m) for m in Matter.objects.filter(merged_into=matter)[:10]]
    if matter.compound_id and matter.category:
        same = Matter.objects.filter(compound_id=matter.compound_id, category=matter.category).exclude(pk=matter.pk)
        found += [("同一处", m) for m in same.order_by("-opened_at")[:5]]
    once = {m.pk: (how, m) for how, m in reversed(found)}  # a child of the same place is named as a child alone
    return [(how, m) for how, m in reversed(once.values()) if rules.sees(viewer, situation_of(m))]
