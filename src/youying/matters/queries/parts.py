"""The parts of a whole as people read them: who sees to what by when, what waits for what, how far it all is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.access.models import Unit
from youying.editions.queries import edition_by_digest
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import part_rules as rules
from youying.matters.directory_rules import may_take
from youying.matters.facts import situation_of
from youying.matters.models import Matter, Part
from youying.matters.part_rules import PartNow
from youying.matters.rules import stands_as
from youying.matters.taking import taker
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part: its owner, its deadline, its state in words and the titles of what it waits for."""

    code: str
    title: str
    owner: str
    state: str
    say: str
    waits_for: tuple[str, ...]
    due_at: datetime | None
    opened_at: datetime | None
    ended_at: datetime | None
    number: str
    late: bool
    depth: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a whole is: so many parts done of so many, and each of them in its order."""

    done: int
    total: int
    lines: tuple[PartLine, ...]

    @property
    def late(self) -> int:
        """How many parts are past their deadline."""
        return sum(line.late for line in self.lines)


@dataclass(frozen=True, slots=True)
class PartChoice:
    """A part that an act will open, with the units that may see to it; the first is suggested."""

    code: str
    title: str
    owner: str
    units: tuple[tuple[int, str], ...]
    after: tuple[str, ...]
    within: str


def rows_of(matter: Matter) -> list[Part]:
    """Every part of a whole, in the order in which they were listed."""
    return list(Part.objects.filter(matter=matter).order_by("pk"))


def may_change_parts(viewer: Viewer, whole: Matter) -> bool:
    """Whether this viewer had the parts of a running whole listed, or leads it, so that one may be dropped or given anew."""
    if whole.ended_at is not None or whole.parts_done is None:
        return False
    loop = edition_by_digest(whole.edition_id).loops[whole.loop]
    return bool(stands_as(viewer, situation_of(whole)) & rules.hosts(loop))


def has_part(viewer: Viewer, whole: Matter) -> bool:
    """Whether a part of the whole is this viewer's unit's to do, or was done by it: it works from the whole's papers."""
    if viewer.unit_id is None or whole.parts_done is None:
        return False
    mine = Part.objects.filter(matter=whole, child__lead=viewer.unit_id, state__in=(rules.RUNNING, rules.DONE))
    return mine.exists()


def units_fitting(matter: Matter, edition: Edition, kind: str = "") -> list[tuple[int, str]]:
    """The units of a type that may see to a part of this matter, the nearest first; of every type where none is named."""
    kinds = edition.pack.units
    units = Unit.objects.filter(active=True, **({"kind": kind} if kind else {}))
    fitting = [u for u in units if may_take(taker(u, kinds), kinds=kinds, place_path=matter.place_path, row=None)]
    return [(unit.pk, unit.title) for unit in sorted(fitting, key=lambda one: (-len(one.reach), one.title))]


def part_choices(matter: Matter, act_id: str) -> list[PartChoice]:
    """The parts that this act opens by its pack, with the units to choose from; none for an act that opens none."""
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    if act_id != loop.parts_on:
        return []
    standing = {row.code for row in rows_of(matter) if row.state in rules.STANDING}
    return [_choice(matter, edition, loop, code) for code in loop.parts if code not in standing]


def _choice(matter: Matter, edition: Edition, loop: CompiledLoop, code: str) -> PartChoice:
    part = loop.parts[code]
    kind = rules.kind_of(edition, part.to)
    units = tuple(units_fitting(matter, edition, part.to)) if kind == "unit" else ()
    titles = {code: one.title for code, one in edition.pack.units.items()}
    titles |= {code: one.title for code, one in edition.pack.posts.items()}
    after = tuple(loop.parts[one].title for one in part.after)
    return PartChoice(code, part.title, titles.get(part.to, part.to), units, after, str(part.within or ""))


def progress(matter: Matter) -> Progress:
    """How far the parts of a matter are; nothing listed is nought of nought."""
    rows = list(Part.objects.filter(matter=matter).select_related("unit", "child__lead").order_by("pk"))
    nows = [PartNow(row.code, row.state, tuple(row.after)) for row in rows]
    done, total = rules.count(nows)
    standing = rules.latest(nows)
    titles = {row.code: row.title for row in rows}
    posts = edition_by_digest(matter.edition_id).pack.posts if rows else {}
    depths = rules.depths({row.code: row.after for row in rows})
    lines = []
    for row in rows:
        waits = tuple(titles[c] for c in row.after if c in standing and standing[c].state not in ("done", "dropped"))
        held = row.child.lead if row.child else row.unit  # a part that has begun goes from unit to unit as any matter
        owner = held.title if held else getattr(posts.get(row.post), "title", "")
        lines.append(_line(row, owner, waits if row.state == rules.WAITING else (), depths[row.code]))
    return Progress(done, total, tuple(sorted(lines, key=lambda line: line.depth)))


def _line(row: Part, owner: str, waits: tuple[str, ...], depth: int) -> PartLine:
    due = row.child.due_at if row.child and row.child.due_at else row.due_at
    late = bool(row.child and row.child.overdue) or (row.state in rules.OPEN and due is not None and due < now())
    say = f"等{'、'.join(waits)}" if waits else rules.STATES[row.state]
    number = row.child.number if row.child else ""
    return PartLine(
        row.code, row.title, owner, row.state, say, waits, due, row.opened_at, row.ended_at, number, late, depth, row.reason,
    )  # fmt: skip
