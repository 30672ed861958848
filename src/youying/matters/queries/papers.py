"""The sheets that a step asks for, with what is there already, and all that were filled in for a matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from youying.editions.queries import edition_by_digest
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.models import Assignment, Matter
from youying.matters.queries.parts import has_part
from youying.matters.sheet_rules import wanted_of
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Item
from youying.sheets import queries as sheets
from youying.sheets.queries import FilledView
from youying.sheets.rules import promise_items, sheet_of

RESIDENT = "reporter"
"""The kind of viewer who looks at one's own matter."""


@dataclass(frozen=True, slots=True)
class AskedSheet:
    """One sheet that a form is to ask for: the items still open, those there already by title.

    `name` is the field of the step that takes it: `sheet`, or `papers` for the loop's own where it must be whole by
    now. `later` says that what must be there may follow under a signed promise.
    """

    code: str
    name: str
    title: str
    items: Mapping[str, Item]
    there: tuple[str, ...] = ()
    later: bool = False


def asked_sheets(matter: Matter, step: CompiledAct) -> list[AskedSheet]:
    """The sheets whose items the form of this step shows; a sheet that is whole already is left out."""
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    wanted = wanted_of(loop, step)
    return [
        one
        for code in wanted.all
        if (one := _asked(edition, loop, step, code, name="sheet" if code in wanted.own else "papers", matter=matter))
    ]


def _asked(
    edition: Edition, loop: CompiledLoop, step: CompiledAct, code: str, *, name: str, matter: Matter
) -> AskedSheet | None:
    sheet = sheet_of(edition, code)
    row = sheets.current(matter.subject, code) if code == loop.sheet else None
    have = sheets.open_values(row) if row is not None else {}
    items = {item: said for item, said in sheet.items.items() if item not in have}
    if row is not None and not any(said.must for said in items.values()) and name == "papers":
        return None
    there = tuple(sheet.items[item].title for item in have if item in sheet.items)
    return AskedSheet(code, name, sheet.title, items, there, name == "sheet" and takes_promise(edition, step))


def takes_promise(edition: Edition, step: CompiledAct) -> bool:
    """Whether a step takes papers that follow by a day under a signed promise (容缺受理)."""
    codes = [need.name for need in step.needs if need.word == "sheet"]
    return step.needs_word("due") and any(promise_items(sheet_of(edition, code)) for code in codes)


def may_be_judged(matter: Matter, asked: Iterable[AskedSheet]) -> list[tuple[int, str]]:
    """The units, by key and title, of which the points of these sheets must name one: several that were whistled for."""
    if not any(item.points is not None for one in asked for item in one.items.values()):
        return []
    rows = Assignment.objects.filter(matter=matter, role="summoned").order_by("pk")
    units = dict(rows.values_list("unit_id", "unit__title"))
    return list(units.items()) if len(units) > 1 else []


def intake_sheet(edition: Edition, kind: str) -> AskedSheet | None:
    """The sheet that is filled in with a need of this kind, where its loop has one of its own."""
    loop = next((one for one in edition.loops.values() if one.kind == kind and one.sheet), None)
    if loop is None or loop.sheet is None:
        return None
    sheet = sheet_of(edition, loop.sheet)
    return AskedSheet(loop.sheet, "sheet", sheet.title, sheet.items, later=True)


def papers_of(viewer: Viewer, matter: Matter) -> list[FilledView]:
    """The sheets filled in for a matter, masked, the latest of each last; refused where it may not be seen.

    A resident sees the loop's own sheet and what residents filled in: never what staff wrote about each other. Whoever does a part sees the papers of the whole too: they were handed in once, for every body that needs them.
    """
    own = sheets.filled(viewer, matter.subject)
    if viewer.kind == RESIDENT:
        sheet = edition_by_digest(matter.edition_id).loops[matter.loop].sheet
        return [one for one in own if one.sheet == sheet or one.by_kind == RESIDENT]
    whole = Matter.objects.filter(pk=matter.parent_id, parts__child=matter).first() if matter.parent_id else None
    return [*sheets.filled(viewer, whole.subject), *own] if whole and has_part(viewer, whole) else own


def paper_steps(viewer: Viewer, matter: Matter) -> list[CompiledAct]:
    """The steps open to this viewer now that take a sheet or papers."""
    edition, situation = edition_by_digest(matter.edition_id), situation_of(matter)
    loop = edition.loops[matter.loop]
    taking = [step for step in loop.acts_from(matter.stage) if wanted_of(loop, step).all]
    return [s for s in taking if rules.why_not(edition, loop, s, viewer=viewer, situation=situation) is None]
