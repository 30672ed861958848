"""Figures of what is not a matter: entries of a register and seats of a post as they stand, what recurs in a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from msgspec import structs

from youying.access.models import Post
from youying.access.queries import holding, within
from youying.editions.queries import edition_for, params_for
from youying.insight.measures import Cell, Counts, Measure, cell, measure, sentence
from youying.insight.periods import Period
from youying.insight.queries import recurring
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.staffing import vacancies
from youying.occasions.queries import overdue_entries
from youying.packs.chinese import Namer
from youying.packs.edition import Edition
from youying.packs.schema_means import Figure
from youying.people.register_queries import entries_by_class

Grouped = Counter[tuple[tuple[str, Any], ...]]
Group = tuple[Mapping[str, Any], str, int, int]
KNOWN: Mapping[str, frozenset[str]] = {
    "register": frozenset({"register", "class", "left", "overdue_visit"}),
    "post": frozenset({"post", "filled"}),
    "rhythm": recurring.KNOWN,
}
"""The facts that are known of what is listed and of what recurs."""


def listed_figures(viewer: Viewer, path: str, period: Period | None = None) -> dict[str, tuple[str, str, Cell]]:
    """Every figure of a register, a post or a rhythm that the edition at a place declares: title, sentence, number.

    What recurs is counted in the period, or from the beginning; the rest as it stands now. One that asks for a fact
    that nobody knows is left out: it is refused when it is asked for by name.
    """
    edition = edition_for(path)
    found = {code: one for code, one in edition.pack.figure.items() if not _strange(one)}
    return {code: _shown(viewer, path, edition, code, one, period) for code, one in found.items()}


def listed_figure(viewer: Viewer, path: str, code: str, period: Period | None = None) -> Cell:
    """One figure of a register, a post or a rhythm; refused when the edition declares none of that name."""
    figure = edition_for(path).pack.figure.get(code)
    if figure is None or figure.of.partition(":")[0] not in KNOWN:
        say = f"这里的机制包没有“{code[:40]}”这个名册、岗位或节奏的数字。"
        raise Refused("figure-unknown", say=say, have=code[:40])
    return _shown(viewer, path, edition_for(path), code, figure, period)[2]


def _shown(
    viewer: Viewer, path: str, edition: Edition, code: str, figure: Figure, period: Period | None
) -> tuple[str, str, Cell]:
    viewer.require_reach(path)
    kind, _, name = figure.of.partition(":")
    if strange := _strange(figure):
        say = f"数字“{code}”要看“{'、'.join(strange)}”，那里没有。"
        raise Refused("fact-not-counted", say=say, have=strange, need=sorted(KNOWN[kind]))
    of_matters = figure.model_copy(update={"of": "matters"})  # the arithmetic is the same for whatever is counted
    one = measure(code, of_matters, edition, params=params_for(edition, path))
    one = replace(one, sentence=sentence(figure, Namer(edition.pack)))
    then = period and one.compare and (period.a_year_before() if one.compare == "last-year" else period.one_before())
    last = _counted(one, _groups(viewer, path, edition, kind, name, one.sums, then)) if then else None
    found = cell(
        one, _counted(one, _groups(viewer, path, edition, kind, name, one.sums, period)), last, compare=one.compare
    )
    return figure.title, one.sentence, structs.replace(found, scale=recurring.SCALE if one.sums else 0)


def _counted(one: Measure, groups: Iterable[Group]) -> Counts:
    counts = Counts()
    for facts, reason, n, worth in groups:
        counts.take(one, one.place(facts), reason=reason, n=n, worth=worth)
    return counts


def _groups(
    viewer: Viewer, path: str, edition: Edition, kind: str, name: str, sums: str, period: Period | None
) -> Iterator[Group]:
    """What is counted, alike in its facts: facts, reason, how many, and what they add up to."""
    if kind == "rhythm" and sums:
        sheet = edition.pack.rhythm[name].sheet or ""
        for facts, reason, worth in recurring.summed(path, name, period, sheet=sheet, item=sums):
            yield facts, reason, 1, worth
    elif kind == "rhythm":
        for facts, reason, n in recurring.alike(path, name, period):
            yield facts, reason, n, n
    else:
        for pairs, n in (_entries if kind == "register" else _seats)(viewer, path, name).items():
            yield dict(pairs), "", n, n


def _strange(figure: Figure) -> list[str]:
    """The facts that a figure asks for and nobody knows; its population itself where that is not counted here."""
    kind = figure.of.partition(":")[0]
    return sorted({*figure.where, *(figure.base or {})} - KNOWN[kind]) if kind in KNOWN else [figure.of]


def _entries(viewer: Viewer, path: str, register: str) -> Grouped:
    """The entries of a register that stand now, those apart to whom nobody came in time; who left is no member."""
    every = entries_by_class(viewer, register, path=path)
    late = entries_by_class(viewer, register, path=path, among=overdue_entries(path))
    pairs = {(code, True): n for code, n in late.items()}
    pairs |= {(code, False): n - late.get(code, 0) for code, n in every.items()}
    same = (("left", False), ("register", register))
    return Counter({(("class", code), ("overdue_visit", over), *same): n for (code, over), n in pairs.items()})


def _seats(viewer: Viewer, path: str, post: str) -> Grouped:
    """The seats of a post: those held, and those that the pack wants held and nobody holds."""
    held = Post.objects.filter(holding(now()), within(path), code=post, account__active=True).count()
    missing = sum(one.need - one.have for one in vacancies(viewer, path) if one.post == post)
    return Counter({(("filled", True), ("post", post)): held, (("filled", False), ("post", post)): missing})
