"""What acts and pages of occasions need to know first: the rhythm, what was done before, who may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.occasions.models import Occasion
from youying.occasions.rhythm_rules import Turn
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.places.snapshot import snapshot
from youying.record.reaching import register_places


@dataclass(slots=True)
class Earlier:
    """What was done to some members about the same time, whatever the rhythm."""

    zone: tzinfo
    rows: dict[str, list[tuple[datetime, datetime, bool, int]]] = field(default_factory=lambda: defaultdict(list))

    def facts(self, key: str, turn: Turn) -> dict[str, object]:
        """Whether a member was met within the turn, and how often one tried."""
        opens, due = turn.opens_at(self.zone), turn.due_at(self.zone)
        near = [row for row in self.rows.get(key, ()) if row[0] < due and row[1] > opens]
        return {"met": any(row[2] for row in near), "attempts": sum(row[3] for row in near)}


def done_in(keys: Collection[str], turns: Sequence[Turn], zone: tzinfo) -> Earlier:
    """What was done to these in the time that the turns span; one statement."""
    found = Earlier(zone)
    if not turns:
        return found
    opens, due = min(turn.opens_at(zone) for turn in turns), max(turn.due_at(zone) for turn in turns)
    rows = Occasion.objects.filter(key__in=keys, opens_at__lt=due, due_at__gt=opens)
    for row in rows.only("key", "opens_at", "due_at", "met", "attempts"):
        found.rows[row.key].append((row.opens_at, row.due_at, row.met, row.attempts))
    return found


def rhythm_at(edition: Edition, code: str) -> Rhythm:
    """The rhythm of that code in an edition; refused where it has none."""
    found = edition.pack.rhythm.get(code)
    if found is None:
        named = "、".join(one.title for one in edition.pack.rhythm.values()) or "无"
        raise Refused("rhythm-unknown", say=f"本地机制没有“{code[:40]}”这项节奏，现有：{named}。", have=code[:40])
    return found


def in_reach(viewer: Viewer, path: str, grid_id: int | None) -> bool:
    """Whether something lies within a viewer's reach: below its path, or in the grid that it looks after."""
    return viewer.reaches(path) or (grid_id is not None and viewer.reach.endswith(f"/g{grid_id}"))


def places_of(row: Occasion) -> list[str]:
    """The paths that an occasion lies in: of its place, and of the grid that looks after it."""
    grid = snapshot().grids.get(row.grid_id or 0)
    return [row.path, *([grid.path] if grid else [])]


def serves(viewer: Viewer, rhythm: Rhythm, *, keeper: str = "") -> bool:
    """Whether somebody in this post does what the rhythm asks: alone, with others, or as who keeps the register."""
    posts = {*rhythm.by, *rhythm.with_}
    posts |= {keeper} if "keeper" in posts and keeper else set()
    return viewer.kind == "system" or bool({viewer.post_code, viewer.unit_kind} & (posts - {"", "keeper"}))


def keeper_of(edition: Edition, rhythm: Rhythm) -> str:
    """The post that keeps the register a rhythm is done to; empty where it is done to no register."""
    sort, _, name = rhythm.of.partition(":")
    register = edition.pack.register_.get(name) if sort == "register" else None
    return register.keeper or "" if register else ""


def _lie(keys: Iterable[str]) -> dict[str, list[str]]:
    rows = Occasion.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "path")}


register_places("occasion", _lie)
