"""Merging packs: one key, one winner; strangers that disagree are named, and one pack that knows both settles it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.lineage import lineage, merge_order, nearest
from youying.packs.shape import PACK_SHAPE, KeyPath, dotted, leaves, place, put
from youying.packs.source import Library, RawPack, library

__all__ = ["Clash", "Composed", "RawPack", "compose", "library"]

SHARED_SECTIONS = frozenset({"tiers", "words", "values", "directory"})
RESERVED_SECTIONS = ("tiers", "calendar", "directory")


@dataclass(frozen=True, order=True)
class Clash:
    """A key on which packs that do not know each other disagree."""

    key: str
    packs: tuple[str, ...]
    same_name: bool = False

    @property
    def say(self) -> str:
        """The sentence that names both."""
        who = "、".join(self.packs)
        what = f"各自定义了“{self.key}”，同名不同物" if self.same_name else f"对“{self.key}”说法不一"
        return f"{who} {what}。"

    @property
    def remedy(self) -> str:
        """The way out."""
        return "请在同时以它们为基础的本地包里写定这一项，或去掉其中一个。"


@dataclass(frozen=True)
class Composed:
    """Merged packs: the table, who won each key, what is still disputed, what was dropped by whom."""

    merged: dict[str, Any]
    owner: dict[str, str]
    clashes: list[Clash]
    dropped: dict[str, str]
    files: dict[str, str]
    english: dict[str, str] = field(default_factory=dict)


@dataclass
class _Merge:
    """The state of a merge while packs are laid one over another."""

    known: Mapping[str, frozenset[str]]
    values: dict[KeyPath, Any] = field(default_factory=dict)
    owner: dict[KeyPath, str] = field(default_factory=dict)
    definers: dict[KeyPath, set[str]] = field(default_factory=dict)
    clashes: dict[KeyPath, set[str]] = field(default_factory=dict)
    namesakes: dict[KeyPath, set[str]] = field(default_factory=dict)
    dropped: dict[KeyPath, str] = field(default_factory=dict)
    missed: dict[KeyPath, str] = field(default_factory=dict)

    def knows(self, code: str, others: Iterable[str]) -> bool:
        """Whether a pack extends all these packs (or is the one)."""
        return set(others) <= self.known[code] | {code}

    def lay(self, raw: RawPack) -> None:
        """Lay one pack over what is merged so far."""
        for key in raw.dropped:
            self.drop(tuple(key.split(".")), raw.code)
        own = [(path, value) for path, value in leaves(raw.table) if path[0] not in ("pack", "beyond")]
        self.settle_names({path[:2] for path, _ in own}, raw.code)
        for path, value in own:
            self.set(path, value, raw.code)

    def settle_names(self, things: Iterable[KeyPath], code: str) -> None:
        """A pack that knows all namesakes and writes the name anew replaces them; a stranger joins the quarrel."""
        for thing in things:
            if thing[0] in SHARED_SECTIONS:
                continue
            definers = self.definers.setdefault(thing, set())
            if thing in self.namesakes and self.knows(code, self.namesakes[thing]):
                self.forget(thing)
                definers.clear()
            if not any(self.knows(code, [definer]) for definer in definers):
                definers.add(code)
            if len(definers) > 1:
                self.namesakes[thing] = set(definers)

    def forget(self, thing: KeyPath) -> None:
        """Take away all that strangers said under a name."""
        self.namesakes.pop(thing, None)
        for path in [p for p in self.owner if _under(p, thing)]:
            del self.owner[path], self.values[path]
        for path in [p for p in self.clashes if _under(p, thing)]:
            del self.clashes[path]

    def set(self, path: KeyPath, value: Any, code: str) -> None:
        """One key of one pack: it wins over packs it extends, and disputes with strangers."""
        before = self.owner.get(path)
        strangers = {who for gone, who in self.dropped.items() if _under(path, gone) and not self.knows(code, [who])}
        if before is not None and self.values[path] != value and not self.knows(code, [before]):
            strangers.add(before)
        if strangers:
            self.clashes.setdefault(path, set()).update(strangers, {code})
            return
        settled = path in self.clashes and self.knows(code, self.clashes[path])
        if settled:
            del self.clashes[path]
        if before is None or settled or self.values[path] != value:
            self.owner[path] = code
        self.values[path] = value

    def drop(self, path: KeyPath, code: str) -> None:
        """Take a key or a whole table away; what a stranger wrote there is a dispute."""
        gone = [p for p in self.owner if _under(p, path)]
        for p in gone:
            if not self.knows(code, [self.owner[p]]):
                self.clashes.setdefault(p, set()).update({self.owner[p], code})
            del self.owner[p], self.values[p]
        for p in [p for p, who in self.clashes.items() if _under(p, path) and self.knows(code, who)]:
            del self.clashes[p]
        for p in [p for p, who in self.namesakes.items() if _under(p, path) and self.knows(code, who)]:
            del self.namesakes[p]
            self.definers.pop(p, None)
        if not gone:
            self.missed[path] = code
        self.dropped[path] = code


def _under(path: KeyPath, above: KeyPath) -> bool:
    return path[: len(above)] == above


def compose(codes: Sequence[str] | RawPack, lib: Library) -> Composed:
    """Merge packs with all they extend.

    Refused: an unknown pack, another version, extending in a circle, two local packs, a stranger writing tiers,
    calendar or directory, dropping what is not there. Disagreeing strangers are returned as clashes.
    """
    wanted = [codes.code] if isinstance(codes, RawPack) else list(codes)
    lib = {**lib, codes.code: codes} if isinstance(codes, RawPack) else lib
    known = lineage(wanted, lib)
    order = merge_order(known)
    _check_roles(order, known, lib)
    merge = _Merge(known)
    for code in order:
        merge.lay(lib[code])
    merged: dict[str, Any] = {}
    for path in sorted(merge.owner, key=_section_rank):
        put(merged, path, merge.values[path])
    owner = {dotted(path): code for path, code in merge.owner.items()}
    _expand_variants(merged, owner)
    _drop_from_variants(merge, merged, owner, lib)
    merged = {"pack": _head(wanted, order, lib), **merged, **_beyond(wanted, lib)}
    return Composed(
        merged=merged,
        owner=owner,
        clashes=_clashes(merge),
        dropped={dotted(path): code for path, code in merge.dropped.items()},
        files={code: lib[code].file for code in order},
        english=_english(merge, order, wanted, lib),
    )


def _english(merge: _Merge, order: Sequence[str], wanted: Sequence[str], lib: Library) -> dict[str, str]:
    """English titles, each only while the Chinese title it translates still stands."""
    owner = {dotted(path): code for path, code in merge.owner.items()}
    said: dict[str, str] = {}
    for code in order:
        for key, text in lib[code].english.items():
            of_head = key.startswith("pack.")
            if (of_head and [code] == list(wanted)) or (key in owner and merge.knows(code, [owner[key]])):
                said[key] = text
    return said


def _clashes(merge: _Merge) -> list[Clash]:
    names = [Clash(dotted(path), tuple(sorted(who)), same_name=True) for path, who in merge.namesakes.items()]
    keys = [
        Clash(dotted(path), tuple(sorted(who)))
        for path, who in merge.clashes.items()
        if path[:2] not in merge.namesakes
    ]
    return sorted([*names, *keys])


def _section_rank(path: KeyPath) -> int:
    known = list(PACK_SHAPE.fields)
    return known.index(path[0]) if path[0] in known else len(known)


def _check_roles(order: list[str], known: Mapping[str, frozenset[str]], lib: Library) -> None:
    local = [code for code in order if lib[code].head.get("local")]
    if len(local) > 1:
        names = "、".join(local)
        raise Refused("pack-two-locals", say=f"{names} 都是本地包；一处只能有一个本地包，请合成一个。")
    for code in order:
        if local and code not in local and known[code] & set(local):
            raise Refused("pack-extends-local", say=f"{code} 以本地包 {local[0]} 为基础；本地包不能再被别的包引用。")
        wrong = [section for section in RESERVED_SECTIONS if section in lib[code].table]
        if wrong and known[code] and code not in local:
            raise Refused(
                "pack-section-reserved",
                say=f"{lib[code].file} 写了 {wrong[0]}；这一节只有基础包和本地包可以写，请移到本地包。",
                field=wrong[0],
            )


def _expand_variants(merged: dict[str, Any], owner: dict[str, str]) -> None:
    loops = merged.get("loop", {})
    done: set[str] = set()

    def expand(name: str, seen: tuple[str, ...]) -> None:
        base = loops[name].get("like")
        if name in seen:
            ring = " → ".join([*seen, name])
            raise Refused("pack-like-circle", say=f"loop 的 like 互相照抄成环：{ring}。请去掉其中一个 like。")
        if name in done or not isinstance(base, str) or base not in loops:
            return
        expand(base, (*seen, name))
        loops[name] = _variant(loops[base], loops[name])
        _inherit_owner(owner, base, name)
        done.add(name)

    for name in list(loops):
        expand(name, ())


def _variant(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the base with the variant's own keys laid over it; the base's `where` and `like` stay behind."""
    shape = place(("loop", ""))
    out: dict[str, Any] = {}
    inherited = {key: value for key, value in base.items() if key not in ("where", "like")}
    for path, value in [*leaves(copy.deepcopy(inherited), shape=shape), *leaves(own, shape=shape)]:
        put(out, path, value)
    return out


def _inherit_owner(owner: dict[str, str], base: str, name: str) -> None:
    start = f"loop.{base}."
    for key in [key for key in owner if key.startswith(start)]:
        owner.setdefault(f"loop.{name}.{key.removeprefix(start)}", owner[key])


def _drop_from_variants(merge: _Merge, merged: dict[str, Any], owner: dict[str, str], lib: Library) -> None:
    """Take dropped keys out of variants too; refuse a drop that took nothing away anywhere."""
    for path, code in merge.dropped.items():
        rewritten = any(_under(p, path) and merge.knows(who, [code]) for p, who in merge.owner.items())
        took = not rewritten and _remove(merged, path)
        if not took and merge.missed.get(path) == code:
            raise Refused(
                "pack-drop-nothing",
                say=f"{lib[code].file} 要去掉的“{dotted(path)}”并不存在。请核对键名，或删去这一行。",
                field="pack.drop",
            )
        if took:
            for key in [key for key in owner if _under(tuple(key.split(".")), path)]:
                del owner[key]


def _remove(table: dict[str, Any], path: KeyPath) -> bool:
    for key in path[:-1]:
        inner = table.get(key)
        if not isinstance(inner, dict):
            return False
        table = inner
    return table.pop(path[-1], None) is not None


def _head(wanted: Sequence[str], order: Sequence[str], lib: Library) -> dict[str, Any]:
    if len(wanted) == 1:
        head = dict(lib[wanted[0]].head)
    else:
        titles = "、".join(str(lib[code].head.get("title", code)) for code in wanted)
        head = {"code": "-".join(wanted), "title": titles, "extends": list(wanted)}
    calendar = nearest([lib[code].head.get("calendar") for code in order])
    return head if calendar is None else {**head, "calendar": calendar}


def _beyond(wanted: Sequence[str], lib: Library) -> dict[str, Any]:
    said = {key: text for code in wanted for key, text in lib[code].table.get("beyond", {}).items()}
    return {"beyond": said} if said else {}
