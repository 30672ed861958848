"""Figures of what is listed: entries of a register, seats of a post; counted as they stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from youying.access.models import Post
from youying.access.queries import holding, within
from youying.editions.queries import edition_for, params_for
from youying.insight.measures import Cell, Counts, cell, measure, sentence
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.staffing import vacancies
from youying.packs.chinese import Namer
from youying.packs.edition import Edition
from youying.packs.schema_means import Figure
from youying.people.register_queries import entries_by_class

Grouped = Counter[tuple[tuple[str, Any], ...]]
KNOWN: Mapping[str, frozenset[str]] = {
    "register": frozenset({"register", "class", "left"}),
    "post": frozenset({"post", "filled"}),
}
"""The facts that are known of what is listed."""


def listed_figures(viewer: Viewer, path: str) -> dict[str, tuple[str, str, Cell]]:
    """Every figure of a register or a post that the edition at a place declares: title, sentence, number."""
    edition = edition_for(path)
    found = {code: one for code, one in edition.pack.figure.items() if one.of.partition(":")[0] in KNOWN}
    return {code: _counted(viewer, path, edition, code=code, figure=one) for code, one in found.items()}


def listed_figure(viewer: Viewer, path: str, code: str) -> Cell:
    """One figure of a register or a post; refused when the edition declares none of that name."""
    figure = edition_for(path).pack.figure.get(code)
    if figure is None or figure.of.partition(":")[0] not in KNOWN:
        raise Refused("figure-unknown", say=f"这里的机制包没有“{code[:40]}”这个名册或岗位的数字。", have=code[:40])
    return _counted(viewer, path, edition_for(path), code=code, figure=figure)[2]


def _counted(viewer: Viewer, path: str, edition: Edition, *, code: str, figure: Figure) -> tuple[str, str, Cell]:
    viewer.require_reach(path)
    kind, _, name = figure.of.partition(":")
    _known(code, kind, {*figure.where, *(figure.base or {})})
    of_matters = figure.model_copy(update={"of": "matters"})  # the arithmetic is the same for whatever is counted
    one = measure(code, of_matters, edition, params=params_for(edition, path))
    one = replace(one, sentence=sentence(figure, Namer(edition.pack)))
    counts = Counts()
    for facts, n in (_entries if kind == "register" else _seats)(viewer, path, name).items():
        counts.take(one, one.place(dict(facts)), reason="", n=n, worth=n)
    return figure.title, one.sentence, cell(one, counts)


def _known(code: str, kind: str, facts: Iterable[str]) -> None:
    strange = sorted(set(facts) - KNOWN[kind])
    if strange:
        say = f"数字“{code}”要看“{'、'.join(strange)}”，名册和岗位里没有。"
        raise Refused("fact-not-counted", say=say, have=strange, need=sorted(KNOWN[kind]))


def _entries(viewer: Viewer, path: str, register: str) -> Grouped:
    """The entries of a register that stand now: who left is history, not a member."""
    classes = entries_by_class(viewer, register, path=path)
    return Counter({(("class", code), ("left", False), ("register", register)): n for code, n in classes.items()})


def _seats(viewer: Viewer, path: str, post: str) -> Grouped:
    """The seats of a post: those held, and those that the pack wants held and nobody holds."""
    held = Post.objects.filter(holding(now()), within(path), code=post, account__active=True).count()
    missing = sum(one.need - one.have for one in vacancies(viewer, path) if one.post == post)
    return Counter({(("filled", True), ("post", post)): held, (("filled", False), ("post", post)): missing})
