"""Where subjects of the record lie in the tree of areas; told by the contexts above, which alone know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer

Placing = Callable[[Collection[str]], dict[str, list[str]]]
"""Told the keys of subjects of one kind; gives the paths where each lies. Who does not reach all of them reaches none."""

PLACINGS: dict[str, Placing] = {}


def register_places(kind: str, placing: Placing) -> None:
    """Say where the subjects "kind:…" lie; a kind that nobody places is reached from everywhere ("/") alone."""
    if PLACINGS.setdefault(kind, placing) is not placing:
        raise Refused("placing-twice", say=f"“{kind}”在哪里已经有人说了。", have=kind)


def reached(viewer: Viewer, subjects: Iterable[str]) -> set[str]:
    """Those of the subjects that lie wholly within this viewer's reach; one question a kind."""
    wanted = set(subjects)
    if viewer.kind == "system" or viewer.reach == "/":
        return wanted
    keys: dict[str, list[str]] = defaultdict(list)
    for subject in wanted:
        kind, _, key = subject.partition(":")
        keys[kind].append(key)
    return {
        f"{kind}:{key}"
        for kind, found in keys.items()
        if kind in PLACINGS
        for key, paths in PLACINGS[kind](found).items()
        if paths and all(viewer.reaches(path) for path in paths)
    }


def require_reached(viewer: Viewer, subject: str) -> None:
    """Refuse unless the subject lies within this viewer's reach."""
    if subject not in reached(viewer, [subject]):
        raise Refused("out-of-reach", say="这一条不在您的辖区内，请找负责该辖区的同事。", have=viewer.reach)
