"""Which figures hold for a place and a period: those of the editions then in force there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from youying.editions.queries import edition_by_digest, edition_for, params_for
from youying.editions.rules import adopted_at
from youying.editions.snapshot import snapshot
from youying.insight.facts import READ, known
from youying.insight.measures import Measure, agreed, measure
from youying.insight.scopes import ROOT, area_of
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.places.rules import lies_in


def editions_of(path: str, *, at: datetime) -> list[tuple[str, Edition]]:
    """The editions in force at a place and below it, each with the area that adopted it.

    A period before the first adoption is read by the edition in force now. Refused where there is none.
    """
    place = area_of(path)
    found = _in_force(place, at) or _in_force(place, now())
    return found or [(place, edition_for(place))]


def _in_force(place: str, at: datetime) -> list[tuple[str, Edition]]:
    adoptions = snapshot().adoptions
    paths = [path for path in sorted(adoptions) if path != place and (place == ROOT or lies_in(path, place))]
    found: dict[tuple[object, ...], tuple[str, Edition]] = {}
    for path in (place, *paths):
        adopted = adopted_at(adoptions, path, at=at)
        if adopted is not None:
            edition = edition_by_digest(adopted.digest)
            alike = (adopted.digest, *params_for(edition, path).values())
            found.setdefault(alike, (path, edition))
    return list(found.values())


def titles_of(editions: Iterable[tuple[str, Edition]]) -> list[str]:
    """How the editions are named under a board: title and the first digits of the digest."""
    return [f"{edition.title}（{edition.short}）" for _, edition in editions]


def reasons_of(editions: Iterable[tuple[str, Edition]]) -> dict[str, str]:
    """The titles of all coded reasons."""
    return {code: reason.title for _, edition in editions for code, reason in edition.pack.reasons.items()}


def measures_of(editions: Sequence[tuple[str, Edition]], names: Sequence[str] = ()) -> list[Measure]:
    """The named measures, or all that count matters; refused for a name that no edition says."""
    wanted = names or [code for code in _all_names(editions) if _counts_matters(code, editions)]
    return [measure_named(editions, code) for code in wanted]


def measure_named(editions: Sequence[tuple[str, Edition]], code: str) -> Measure:
    """One measure, on which all editions that say it must agree; refused with the names that there are."""
    found = [
        (edition.title, measure(code, edition.pack.figure[code], edition, params=params_for(edition, path)))
        for path, edition in editions
        if code in edition.pack.figure
    ]
    if not found:
        names = _all_names(editions)
        say = f"机制包里没有叫“{code}”的数字，有：{'、'.join(names)}。"
        raise Refused("figure-unknown", say=say, have=code, need=names, field="figure")
    one = agreed(found)
    known(one.facts)
    if one.sums and not (one.sums in READ and READ[one.sums].sums):
        raise Refused("fact-not-summed", say=f"“{one.sums}”还不能加总。", have=one.sums, need=_summable())
    return one


def _summable() -> list[str]:
    return sorted(name for name, fact in READ.items() if fact.sums)


def _all_names(editions: Iterable[tuple[str, Edition]]) -> list[str]:
    return list(dict.fromkeys(code for _, edition in editions for code in edition.pack.figure))


def _counts_matters(code: str, editions: Iterable[tuple[str, Edition]]) -> bool:
    ofs = {edition.pack.figure[code].of for _, edition in editions if code in edition.pack.figure}
    return all(of == "matters" or of.startswith("loop:") for of in ofs)
