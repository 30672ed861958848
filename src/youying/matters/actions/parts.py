"""The parts of a whole: listed, opened in their order, heard of, dropped or given anew; ended with their whole.

A whole is always locked before its parts: whoever acts on a part holds the whole already (`scene.lock`), and whoever
acts on a whole takes its parts after it, by key. So a part that finishes while its whole is acted on waits, or is
waited for, and two parts that finish at once come one after the other: the whole moves once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from youying.access.models import Unit
from youying.kernel.masking import mask_text
from youying.kernel.refusals import Refused
from youying.matters import part_rules as rules
from youying.matters.actions import clocks, keeping, parties
from youying.matters.actions.children import ChildIn, open_child
from youying.matters.actions.committing import commit
from youying.matters.actions.ending import end_beside
from youying.matters.actions.scene import ABOVE, Scene, scene_of
from youying.matters.facts import facts_of
from youying.matters.models import Matter, Part
from youying.matters.need_rules import Given
from youying.matters.part_rules import PartIn, PartNow
from youying.matters.queries.contacts import names_of
from youying.matters.queries.parts import rows_of, units_fitting
from youying.packs.compiled import CompiledAct


def note_parts(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """List the parts that an act brings, open those that wait for nothing, and end what is open with its whole."""
    if data.get("parts") or step.id == scene.loop.parts_on:
        _list(scene, step, data)
    if step.verb == "decide" and given.reason and scene.matter.parts_done is False:
        _refuse_own(scene, given)
    if scene.matter.merged_into_id is not None and scene.matter.parts_done is not None:
        _move_along(scene)
    elif scene.matter.ended_at is not None:
        end_open(scene, reason=given.reason)


def _list(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    wanted = rules.read_parts(data, scene.loop, step)
    _refuse_days(scene, wanted)
    if len(scene.wholes) >= len(ABOVE):
        raise Refused("parts-too-deep", say="这已经是子任务的子任务，不能再往下分。", field="parts")
    rows = rows_of(scene.matter)
    standing = [row.code for row in rows if row.state in rules.STANDING]
    fresh = rules.numbered(wanted, standing, taken=(row.code for row in rows))
    titles = {row.code: row.title for row in rows} | {part.code: part.title for part in fresh}
    waits = {row.code: row.after for row in rows if row.state in rules.STANDING}
    rules.refuse_circle(waits | {part.code: part.after for part in fresh}, titles=titles)
    if len(standing) + len(fresh) > rules.MOST_PARTS:
        say = f"一件事最多分成{rules.MOST_PARTS}项子任务。"
        raise Refused("too-many", say=say, have=len(standing) + len(fresh), need=rules.MOST_PARTS, field="parts")
    owned = [_owner(scene, part) for part in fresh]
    parties.refuse_takers(scene, {part.unit_id for part in owned if part.unit_id}, lead_id=None)
    for part in owned:
        if part.unit_id and not part.to:  # what the pack gives to a kind of unit is that kind's
            parties.refuse_takers(scene, {part.unit_id}, lead_id=part.unit_id)
    shown = _masked(scene, fresh)
    made = Part.objects.bulk_create(_row(scene, part, kept) for part, kept in zip(shown, owned, strict=True))
    scene.noted["parts"] = [{"code": row.code, "unit": row.unit_id, "after": row.after} for row in made]
    open_ready(scene, [*rows, *made])


def _refuse_days(scene: Scene, parts: list[PartIn]) -> None:
    """Refuse a day that is over, and one after the day by which the whole is due."""
    rules.refuse_past(parts, at=scene.at)
    rules.refuse_beyond(parts, whole_due=clocks.due_of(scene, "complete"), where=scene.calendar.zone)


def _masked(scene: Scene, parts: list[PartIn]) -> list[PartIn]:
    """The parts with nobody's name or number in a title that somebody wrote; what the pack calls a part stays."""
    names = names_of(scene.matter) if any(part.code not in scene.loop.parts for part in parts) else ()
    return [
        part
        if part.code in scene.loop.parts
        else replace(part, title=mask_text(part.title, names=names)[: rules.TITLE_MOST])
        for part in parts
    ]


def _owner(scene: Scene, part: PartIn) -> PartIn:
    """The part with whoever sees to it: a unit of the type it names, a post, or the one that has the whole."""
    kind = rules.kind_of(scene.edition, part.to)
    if kind == "post" and part.unit_id is None:
        return part
    if kind == "relation" and part.unit_id is None:
        part = replace(part, unit_id=scene.matter.lead_id if part.to == "lead" else None)
    typed = part.to if kind == "unit" else ""
    fitting = units_fitting(scene.matter, scene.edition, typed) if typed else []
    return replace(part, unit_id=rules.pick_unit(replace(part, to=typed), fitting))


def _row(scene: Scene, part: PartIn, owned: PartIn) -> Part:
    return Part(
        matter=scene.matter,
        code=part.code,
        title=part.title,
        unit_id=owned.unit_id,
        post=part.to if owned.unit_id is None else "",
        after=list(part.after),
        loop=rules.plain_loop(scene.edition, part.loop),
        within=part.within,
        due_at=part.due_at,
        state=rules.WAITING,
        listed_at=scene.at,
    )


def _nows(rows: Iterable[Part]) -> list[PartNow]:
    return [PartNow(row.code, row.state, tuple(row.after)) for row in rows]


def open_ready(scene: Scene, rows: list[Part]) -> None:
    """Open every part that waits for nothing any more, and bring the whole's own fact up to date."""
    free = set(rules.ready(_nows(rows)))
    for row in rows:
        if row.code in free and row.state == rules.WAITING:
            _open(scene, row)
    scene.matter.parts_done = rules.all_done(_nows(rows))


def _open(scene: Scene, row: Part) -> None:
    whole = scene.matter
    lead = whole.lead_id if whole.lead_id != row.unit_id else None  # no unit checks its own part
    hosts = {"host": [lead] if lead else [], "host_posts": _hosting(scene)}
    if row.post:
        hosts["keeper_posts"] = [row.post]
    words = f"{whole.title}：{row.title}"
    child = ChildIn(
        row.loop, row.title, words, lead_id=row.unit_id, units={k: v for k, v in hosts.items() if v},
        due_at=_due(scene, row), within=row.within, noted={"part": row.code},
    )  # fmt: skip
    row.child, row.state, row.opened_at = open_child(scene, child).matter, rules.RUNNING, scene.at
    row.save(update_fields=["child", "state", "opened_at"])
    scene.noted["opened"] = [*scene.noted.get("opened", ()), row.child.number]


def _due(scene: Scene, row: Part) -> datetime | None:
    """By when a part that begins now is due: the day set for it; where that is over, its own period, else at once.

    Never a refusal: the step that freed it was somebody else's. The entry keeps the day that was set.
    """
    if row.due_at is None or row.due_at > scene.at:
        return row.due_at
    past = {"code": row.code, "due_at": row.due_at.isoformat()}
    scene.noted["due_past"] = [*scene.noted.get("due_past", ()), past]
    return None if row.within else scene.at


def _hosting(scene: Scene) -> list[str]:
    """The posts that may list the parts of this whole: they see to it that every part comes to its end."""
    return sorted(rules.hosts(scene.loop) & set(scene.edition.pack.posts))


def heard(scene: Scene) -> tuple[Scene | None, dict[str, Any]]:
    """What the end of a part has made of its whole: the whole's scene and its facts before; none where nothing ended.

    The next parts open here, in the same transaction; the caller writes the whole down and lets the system go on.
    """
    matter, whole = scene.matter, scene.wholes.get(scene.matter.parent_id or 0)
    if whole is None or matter.ended_at is None or whole.ended_at is not None:
        return None, {}
    rows, was = rows_of(whole), facts_of(whole)
    row = next((one for one in rows if one.child_id == matter.pk and one.state == rules.RUNNING), None)
    if row is None:
        return None, {}
    above = scene_of(whole, by=scene.by, at=scene.at, origin=scene.origin)
    above.wholes = {key: one for key, one in scene.wholes.items() if key != whole.pk}
    row.state = rules.DONE if matter.crossed_off else rules.REFUSED
    row.ended_at, row.reason = scene.at, "" if matter.crossed_off else matter.end_reason or matter.outcome
    row.save(update_fields=["state", "ended_at", "reason"])
    above.noted |= {"part": row.code, "child": matter.number, "state": row.state}
    open_ready(above, rows)
    if whole.parts_done:
        above.happened.append("parts")
    return above, was


def settle(above: Scene, was: Mapping[str, Any]) -> None:
    """Write the whole down after one of its parts has come to its end; a refused part is told to whoever has the whole."""
    refused = above.noted.get("state") == rules.REFUSED
    commit(above, "part", "part", was=was, data={}, tells=("lead",) if refused else ())


def end_open(scene: Scene, *, reason: str = "") -> None:
    """End every part that is not done, because its whole has ended; each with its own entry."""
    if scene.matter.parts_done is not False:
        return
    left = [row for row in rows_of(scene.matter) if row.state in rules.OPEN]
    for row in left:
        row.state, row.ended_at, row.reason = rules.DROPPED, scene.at, reason
    Part.objects.bulk_update(left, ["state", "ended_at", "reason"])
    _end_children(scene, left, reason=reason)
    scene.noted["dropped"] = [row.code for row in left]


def take_stock(scene: Scene) -> None:
    """Count anew what is done of a whole that is taken up again: what was dropped with it is waited for no longer."""
    if scene.matter.parts_done is not None:
        scene.matter.parts_done = rules.all_done(_nows(rows_of(scene.matter)))


def _end_children(scene: Scene, rows: Iterable[Part], *, reason: str, note: str = "") -> None:
    keys = [row.child_id for row in rows if row.child_id]
    found = Matter.objects.select_for_update().filter(pk__in=keys, ended_at__isnull=True).order_by("pk") if keys else ()
    for matter in found:
        end_below(scene, matter, reason=reason, note=note)


def end_below(scene: Scene, matter: Matter, *, reason: str, note: str = "") -> None:
    """End a locked matter below, with its clocks, asks and own parts: its whole no longer waits for it."""
    child = scene_of(matter, by=scene.by, at=scene.at, origin=scene.origin)
    with keeping.together(child):
        was = facts_of(matter)
        matter.ended_at, matter.end_reason, matter.waiting, matter.parked = scene.at, reason, False, False
        matter.stage = next((stage for stage in child.loop.stages if stage in child.loop.ends), matter.stage)
        matter.wake_at, matter.wake_for = None, ""
        end_beside(child)
        end_open(child, reason=reason)
        commit(
            child,
            "end-part",
            "end",
            was=was,
            data={"reason": reason, "note": note},
            extra={"whole": scene.matter.number},
        )


def drop(scene: Scene, row: Part, *, note: str) -> None:
    """Drop one part of a locked whole and end its matter; `open_ready` then says what begins."""
    was_open = row.state == rules.RUNNING
    row.state, row.ended_at = rules.DROPPED, scene.at
    row.save(update_fields=["state", "ended_at"])
    if was_open:
        _end_children(scene, [row], reason="", note=note)
    scene.noted["part"] = row.code


def list_anew(scene: Scene, rows: list[Part], row: Part, *, unit: int, due_at: datetime | None) -> None:
    """List a part once more under its code, for another unit; the time it had counts from now where no day is named."""
    due = due_at or _same_span(scene, row)
    part = PartIn(row.code, row.title, "", unit, tuple(row.after), row.loop, row.within, due)
    _refuse_days(scene, [part])
    parties.refuse_takers(scene, {unit}, lead_id=None if _is_its_kind(scene, row, unit) else unit)
    fresh = _row(scene, part, part)
    fresh.save()
    scene.noted |= {"part": row.code, "unit": fresh.unit_id}
    rows.append(fresh)


def _same_span(scene: Scene, row: Part) -> datetime | None:
    """The day by which the next unit is due that gets as long as the one before was given; a pack's period needs none."""
    if row.due_at is None or row.within:
        return None
    span = row.due_at - (row.opened_at or row.listed_at)
    return scene.at + span if span > timedelta() else None


def _is_its_kind(scene: Scene, row: Part, unit: int) -> bool:
    """Whether the pack gives this part to the unit's kind."""
    said = scene.loop.parts.get(row.code)
    return said is not None and Unit.objects.filter(pk=unit, kind=said.to).exists()


def _refuse_own(scene: Scene, given: Given) -> None:
    """A body that will not do its part says so on the whole: its open parts are refused, with the reason."""
    if scene.by.unit_id is None:
        return
    mine = list(
        Part.objects.filter(matter=scene.matter, state=rules.RUNNING, child__lead=scene.by.unit_id).order_by("pk")
    )
    for row in mine:
        row.state, row.ended_at, row.reason = rules.REFUSED, scene.at, given.reason
    Part.objects.bulk_update(mine, ["state", "ended_at", "reason"])
    _end_children(scene, mine, reason=given.reason)
    scene.noted["refused"] = [row.code for row in mine]


def _move_along(scene: Scene) -> None:
    """A merged matter's parts live on under the one that it lives on in; what is open there waits for them too."""
    other = scene.other
    rows = [row for row in rows_of(scene.matter) if row.state in rules.STANDING]
    if other is None or not rows:
        return
    theirs = rows_of(other)
    _refuse_beyond(other, rows, theirs)
    taken = {row.code for row in theirs}
    renamed = {row.code: row.code if row.code not in taken else f"{row.code}-{scene.matter.pk}"[:40] for row in rows}
    for row in rows:
        row.matter, row.after = other, [renamed.get(code, code) for code in row.after]
        row.code = renamed[row.code]
    Part.objects.bulk_update(rows, ["matter", "code", "after"])
    keys = [row.child_id for row in rows if row.child_id]
    for child in Matter.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        _adopt(scene, child, other)
    _raise_whole(scene, other, [*theirs, *rows])


def _refuse_beyond(other: Matter, rows: list[Part], theirs: list[Part]) -> None:
    """Refuse a merge by which parts would lie deeper, or more of them stand under one whole, than a step may list."""
    above = (
        0 if other.parent_id is None else 1 + Matter.objects.filter(pk=other.parent_id, parent__isnull=False).count()
    )
    below = 1 + Part.objects.filter(matter__in=[row.child_id for row in rows if row.child_id]).exists()
    if above + below > len(ABOVE):
        say = f"{other.number}是子任务，再带上这件的子任务就分得太细了。请先办完或取消这些子任务再并。"
        raise Refused("parts-too-deep", say=say, have=above + below, need=len(ABOVE), field="into")
    standing = len(rows) + sum(row.state in rules.STANDING for row in theirs)
    if standing > rules.MOST_PARTS:
        say = f"并过去以后{other.number}会有{standing}项子任务，最多{rules.MOST_PARTS}项。请先办完或取消一些再并。"
        raise Refused("too-many", say=say, have=standing, need=rules.MOST_PARTS, field="into")


def _adopt(scene: Scene, child: Matter, other: Matter) -> None:
    below = scene_of(child, by=scene.by, at=scene.at, origin=scene.origin)
    was = facts_of(child)
    child.parent_id = other.pk
    with keeping.together(below):
        commit(below, "follow-whole", "follow-whole", was=was, data={}, extra={"whole": other.number})


def _raise_whole(scene: Scene, other: Matter, rows: list[Part]) -> None:
    above, was = scene_of(other, by=scene.by, at=scene.at, origin=scene.origin), facts_of(other)
    other.parts_done = rules.all_done(_nows(rows))
    above.noted = {"from": scene.matter.number, "parts": [row.code for row in rows]}
    with keeping.together(above):
        commit(above, "parts-here", "parts-here", was=was, data={})
