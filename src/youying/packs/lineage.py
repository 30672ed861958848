"""Who extends whom: ancestors, versions, and the order in which packs are merged."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.source import Library


def lineage(codes: Iterable[str], lib: Library) -> dict[str, frozenset[str]]:
    """For these packs and all they extend: the set of packs each one extends, directly or not."""
    known: dict[str, frozenset[str]] = {}
    for code in codes:
        _collect(code, lib, known, ())
    return known


def _collect(code: str, lib: Library, known: dict[str, frozenset[str]], seen: tuple[str, ...]) -> frozenset[str]:
    if code in seen:
        ring = " → ".join([*seen, code])
        raise Refused(
            "pack-extends-circle", say=f"extends 成环：{ring}。请去掉其中一处 extends。", field="pack.extends"
        )
    if code not in lib:
        raise _unknown(code, lib, seen)
    if code not in known:
        above: set[str] = set()
        for parent in lib[code].head.get("extends", []):
            name = _checked_version(code, parent, lib)
            above |= {name} | _collect(name, lib, known, (*seen, code))
        known[code] = frozenset(above)
    return known[code]


def _checked_version(code: str, parent: str, lib: Library) -> str:
    name, _, version = parent.partition("@")
    have = lib[name].head.get("version", 1) if name in lib else version
    if version and str(have) != version:
        raise Refused(
            "pack-other-version",
            say=f"{lib[code].file} 要求 {parent}，而库里的 {name} 是第 {have} 版。请改写 extends 里的版本号并重新核对。",
            field="pack.extends",
            have=have,
            need=version,
        )
    return name


def _unknown(code: str, lib: Library, seen: Sequence[str]) -> Refused:
    near = difflib.get_close_matches(code, list(lib), n=1)
    hint = f"最接近的是 {near[0]}，请改正" if near else "请先把这个包放进库里"
    file = lib[seen[-1]].file if seen else "所选的包"
    return Refused("pack-unknown", say=f"{file}：找不到机制包 {code}；{hint}。", field="pack.extends", have=code)


def merge_order(known: Mapping[str, frozenset[str]]) -> list[str]:
    """Bases first; the same for the same packs, however they were listed."""
    return sorted(known, key=lambda code: (len(known[code]), code))


def nearest(said: Sequence[Any]) -> Any:
    """The last that is said, in merge order; None where nobody says it."""
    return next((value for value in reversed(said) if value is not None), None)
