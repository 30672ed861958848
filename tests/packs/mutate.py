"""Damage every library pack in one place at a time and ask how much the linter refuses.

A mutant counts as refused when the damaged pack, or any library pack that extends it, is refused. A change that leaves
the merged edition the same is no damage and is not counted. Run the whole set: `python -m tests.packs.mutate`.
"""

from __future__ import annotations

import copy
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.packs.lawful import LAWFUL
from youying.kernel.refusals import Refused
from youying.packs.composer import compose
from youying.packs.lineage import lineage
from youying.packs.linter import check
from youying.packs.shape import PACK_SHAPE, KeyPath, Shape, dotted, place
from youying.packs.source import RawPack, library
from youying.packs.words import OPEN_FACTS

CLASSES = (
    "misspell a word",
    "misspell a name",
    "misspell a fact",
    "misspell a value",
    "remove an act",
    "remove an actor",
    "remove a refusal path",
    "remove a reason",
    "remove the else",
    "remove the empty",
    "remove a post",
    "remove a clock end",
    "lower a floor",
    "drop not_by",
)
FREE_TEXT = frozenset(
    [
        "title",
        "about",
        "clause",
        "text",
        "unit",
        "origin",
        "sources",
        "mechanism",
        "since",
        "code",
        "value",
        "hours",
        "body",
        "gives",
        "choices",
        "file",
    ]
)
NAME_FIELDS = frozenset(
    [
        "from",
        "to",
        "by",
        "sheet",
        "not_by",
        "opens",
        "tells",
        "refused",
        "right",
        "pause",
        "resume",
        "after",
        "loop",
        "parts_on",
        "adds_parts",
        "reasons",
        "rework",
        "spot_check",
        "like",
        "of",
        "with",
        "runs",
        "then",
        "keeper",
        "enter",
        "leave",
        "purse",
        "posts",
        "plan",
        "offers",
        "host",
        "called_by",
        "decision",
        "voters",
        "publish",
        "pool",
        "witness",
        "shows",
        "takes",
        "figures",
        "exclude",
        "judged_by",
        "assign",
        "roster",
        "ends",
        "on",
        "extends",
        "calendar",
    ]
)
FACT_FIELDS = frozenset({"columns", "group", "hides", "sum", "per", "date"})
VALUED_FACTS = frozenset(OPEN_FACTS) | {"stage", "tier", "kind"}


@dataclass(frozen=True)
class Mutant:
    """One damaged pack."""

    kind: str
    code: str
    key: str
    raw: RawPack

    @property
    def name(self) -> str:
        return f"{self.code}: {self.kind}: {self.key}"


@dataclass
class Score:
    """What became of the mutants."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lawful: Counter[str] = field(default_factory=Counter)
    same: int = 0
    survivors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def share(self, kind: str) -> float:
        """Refused, of those that are not lawful."""
        return self.refused[kind] / max(1, self.tried[kind] - self.lawful[kind])

    @property
    def whole(self) -> float:
        """Refused over all classes, of those that are not lawful."""
        return self.refused.total() / max(1, self.tried.total() - self.lawful.total())

    @property
    def lawful_share(self) -> float:
        """Lawful survivors of all mutants."""
        return self.lawful.total() / max(1, self.tried.total())


def misspelt(word: str) -> str:
    """The word with a letter missing (or one too many)."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1 :] if len(word) > 3 else word + "x"


def misspelt_tail(text: str) -> str:
    """A reference with its last name misspelt; the version of a pack and the kind stay."""
    if "@" in text:
        name, _, version = text.partition("@")
        return f"{misspelt(name)}@{version}"
    head, colon, name = text.rpartition(":")
    return f"{head}{colon}{misspelt(name)}"


def changed(raw: RawPack, path: KeyPath, change: Callable[[Any, str], None]) -> RawPack:
    """A copy with the table above the last key changed."""
    table = copy.deepcopy(dict(raw.table))
    here: Any = table
    for key in path[:-1]:
        here = here[int(key)] if isinstance(here, list) else here[key]
    change(here, path[-1])
    return replace(raw, table=table)


def without(raw: RawPack, path: KeyPath) -> RawPack:
    return changed(raw, path, lambda table, key: table.pop(key))


def given(raw: RawPack, path: KeyPath, value: Any) -> RawPack:
    def put(table: Any, key: str) -> None:
        table[int(key) if isinstance(table, list) else key] = value

    return changed(raw, path, put)


def renamed(raw: RawPack, path: KeyPath) -> RawPack:
    def rename(table: Any, key: str) -> None:
        kept = {misspelt(k) if k == key else k: v for k, v in table.items()}
        table.clear()
        table.update(kept)

    return changed(raw, path, rename)


def nodes(
    table: Mapping[str, Any], shape: Shape = PACK_SHAPE, path: KeyPath = ()
) -> Iterator[tuple[KeyPath, Any, Shape]]:
    """Every key of a pack with its value and its place's shape; lists of tables are entered."""
    for key, value in table.items():
        here = (*path, key)
        inner = shape.step(key)
        yield here, value, shape
        if isinstance(value, Mapping):
            yield from nodes(value, inner if inner.model or inner.names else _guess(key), here)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from nodes(item, _guess(key), (*here, str(index)))


def _guess(key: str) -> Shape:
    """The shape of tables that stand in lists."""
    rows = {
        "ladder": ("rhythm", "x", "ladder"),
        "bands": ("assessment", "x", "bands"),
        "approve": ("purse", "x", "approve"),
    }
    if key not in rows:
        return Shape()
    section, name, last = rows[key]
    model = place((section, name)).model
    assert model is not None
    row = model.model_fields[last].annotation.__args__[0]  # type: ignore[union-attr]
    return Shape(model=row, fields={f.alias or n: Shape() for n, f in row.model_fields.items()})


def mutants(raw: RawPack) -> Iterator[Mutant]:
    """All damages of one pack."""
    for path, value, shape in nodes(raw.table):
        for kind, note, damaged in _damages(raw, path, value, shape):
            yield Mutant(kind, raw.code, note, damaged)


def _damages(raw: RawPack, path: KeyPath, value: Any, shape: Shape) -> Iterator[tuple[str, str, RawPack]]:
    key, last = dotted(path), path[-1]
    above = path[-2] if len(path) > 1 else ""
    if path[0] == "beyond" or (path[0] == "pack" and last != "extends"):
        return
    if shape.model is not None or len(path) == 1:
        yield "misspell a word", key, renamed(raw, path)
    if above in ("where", "base"):
        yield from _test_damages(raw, path, value)
    elif above in ("within", "every") and shape.model is None and last != "else":
        yield "misspell a value", key, renamed(raw, path)
    elif shape.model is not None or last.isdigit():
        yield from _field_damages(raw, path, value)
    yield from _removals(raw, path, value, shape)


def _test_damages(raw: RawPack, path: KeyPath, value: Any) -> Iterator[tuple[str, str, RawPack]]:
    yield "misspell a fact", dotted(path), renamed(raw, path)
    if path[-1] in VALUED_FACTS:
        wrong = [misspelt(str(one)) for one in value] if isinstance(value, list) else misspelt(str(value))
        yield "misspell a value", dotted(path), given(raw, path, wrong)


def _field_damages(raw: RawPack, path: KeyPath, value: Any) -> Iterator[tuple[str, str, RawPack]]:
    last = path[-1]
    if last in FREE_TEXT:
        return
    for index, one in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(one, str) or not one:
            continue
        kind = _kind_of(last, path, one)
        wrong = misspelt_tail(one)
        at = given(raw, path, [*value[:index], wrong, *value[index + 1 :]] if isinstance(value, list) else wrong)
        if kind:
            yield kind, f"{dotted(path)}={one}", at


def _kind_of(last: str, path: KeyPath, text: str) -> str:
    if last in FACT_FIELDS:
        return "misspell a fact"
    if last == "needs":
        return "misspell a name" if ":" in text and not text.startswith("attempts") else "misspell a word"
    if last in NAME_FIELDS:
        return "misspell a name"
    return "misspell a word" if text.replace("-", "").isalpha() and text.isascii() else ""


def _removals(raw: RawPack, path: KeyPath, value: Any, shape: Shape) -> Iterator[tuple[str, str, RawPack]]:
    key, last = dotted(path), path[-1]
    above = path[-2] if len(path) > 1 else ""
    in_loop = path[0] == "loop" and len(path) > 3
    simple = {
        "remove an act": in_loop and len(path) == 4 and above == "acts" and "from" in value,
        "remove an actor": last == "by" and shape.model is not None and above != "extend",
        "remove a refusal path": last == "refused",
        "remove the else": last == "else",
        "remove the empty": path[0] == "figure" and last == "empty",
        "remove a post": len(path) == 2 and path[0] == "posts",
        "remove a clock end": in_loop and len(path) == 5 and path[2] == "clocks" and last == "to",
        "drop not_by": last == "not_by",
        "remove a reason": len(path) == 2 and path[0] == "reasons",
    }
    yield from ((kind, key, without(raw, path)) for kind, fits in simple.items() if fits)
    if last == "needs" and isinstance(value, list) and "reason" in value and in_loop:
        yield "remove a reason", key, given(raw, path, [need for need in value if need != "reason"])
    yield from (("lower a floor", f"{key}={low}", given(raw, path, low)) for low in _lower(raw, path, value))


def _lower(raw: RawPack, path: KeyPath, value: Any) -> list[Any]:
    """Looser values where a floor stands."""
    last = path[-1]
    parent: Any = raw.table
    for key in path[:-1]:
        parent = parent[int(key)] if isinstance(parent, list) else parent[key]
    if path[0] == "decision" and parent.get("law"):
        loose = {"turnout": ["> 1/2", "none"], "pass": [">= 1/2", "> 1/3"], "notice": ["7 days"], "law": [None]}
        return [*loose.get(last, []), *([["heads"] if "area" in value else ["seats"]] if last == "counts" else [])]
    if path[0] == "publication" and parent.get("law") and last == "days":
        return ["7 days"]
    if last == "attempts" and path[0] == "loop":
        return [0]
    if last == "wait" and value == "15 days":
        return ["3 days"]
    return ["60 days", "7 days"] if last == "within" and parent.get("right") else []


class Judge:
    """Judges mutants against the library."""

    def __init__(self, lib: Mapping[str, RawPack]) -> None:
        self.lib = dict(lib)
        known = lineage(lib, lib)
        self.children = {code: [c for c in lib if code in known[c]] for code in lib}
        self.editions = {code: self.digest(raw, lib) for code, raw in lib.items()}

    def digest(self, raw: RawPack, lib: Mapping[str, RawPack]) -> str:
        composed = compose(raw, lib)
        merged = {key: value for key, value in composed.merged.items() if key != "pack"}
        return hashlib.sha256(repr(merged).encode()).hexdigest()

    def same(self, mutant: Mutant) -> bool:
        """Whether nothing changed, here and in every pack that extends this one."""
        lib = {**self.lib, mutant.code: mutant.raw}
        try:
            return all(
                self.digest(lib[code], lib) == self.editions[code]
                for code in [mutant.code, *self.children[mutant.code]]
            )
        except (Refused, AttributeError, TypeError):
            return False

    def refused(self, mutant: Mutant) -> bool:
        """Whether the pack, or a pack that extends it, is refused."""
        lib = {**self.lib, mutant.code: mutant.raw}
        return any(check(lib[code], lib) for code in [mutant.code, *self.children[mutant.code]])


def sampled(every: Mapping[str, RawPack], most: int | None) -> list[Mutant]:
    """The mutants, at most so many a class, chosen by the digest of their names."""
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for raw in every.values():
        for mutant in mutants(raw):
            by_kind[mutant.kind].append(mutant)
    for kind in by_kind:
        by_kind[kind].sort(key=lambda mutant: hashlib.sha256(mutant.name.encode()).hexdigest())
    return [mutant for kind in CLASSES for mutant in by_kind[kind][:most]]


def run(most: int | None = None) -> Score:
    """Judge the mutants of the library."""
    lib = library()
    judge, score = Judge(lib), Score()
    for mutant in sampled(lib, most):
        refused = judge.refused(mutant)
        if not refused and judge.same(mutant):
            score.same += 1
            continue
        score.tried[mutant.kind] += 1
        score.refused[mutant.kind] += refused
        if not refused:
            score.lawful[mutant.kind] += mutant.name in LAWFUL
            score.survivors[mutant.kind].append(mutant.name)
    return score


def report(score: Score) -> str:
    """The table that `make quality` prints."""
    lines = [f"{'class':24}{'tried':>7}{'refused':>9}{'lawful':>8}{'share':>9}"]
    for kind in CLASSES:
        lines.append(
            f"{kind:24}{score.tried[kind]:7}{score.refused[kind]:9}{score.lawful[kind]:8}{score.share(kind):9.1%}"
        )
    total = f"{score.tried.total():7}{score.refused.total():9}{score.lawful.total():8}{score.whole:9.1%}"
    lines.append(f"{'all':24}{total}   lawful {score.lawful_share:.1%} of all; {score.same} changed nothing")
    unlawful = [name for names in score.survivors.values() for name in names if name not in LAWFUL]
    return "\n".join([*lines, *(f"  survives: {name}" for name in unlawful)])


if __name__ == "__main__":
    sys.stdout.write(report(run()) + "\n")
