"""Which offers suit an order, with the working; what the four slips of an order say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from youying.editions.queries import edition_by_digest
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Plan
from youying.partners import queries as partners
from youying.partners.models import Wish
from youying.partners.reading import today_at
from youying.partners.rules import KEEP, PREFER, LeftOut, Proposal, Supply, Wanted, broken, checks_of, rank
from youying.partners.wish_rules import MenuLine, line_of_item

NO_LINE = "菜单上没有这一项了，不能按资源派；请选理由办结，或请居民重新点单。"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the program proposes for an order: fitting offers, best first, and those left out; it decides nothing.

    `by` are the posts that may take a proposal; `open_to_viewer` says whether the viewer sits in one of them.
    """

    plan: str
    by: tuple[str, ...]
    open_to_viewer: bool
    fitting: tuple[Proposal, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Ordered:
    """An order read for matching: its wish, its menu line, the plan that the menu names."""

    wish: Wish
    line: MenuLine
    plan: Plan | None

    @property
    def keep(self) -> tuple[str, ...]:
        """The hard limits that the plan keeps and this program knows."""
        return tuple(word for word in self.plan.keep if word in KEEP) if self.plan else ()

    @property
    def prefer(self) -> tuple[str, ...]:
        """The wishes that the plan orders and this program knows."""
        return tuple(word for word in self.plan.prefer if word in PREFER) if self.plan else ()


def proposals(viewer: Viewer, matter: Matter, *, at: datetime | None = None) -> Proposals:
    """What fits this order now, with the working; empty where it came from no menu or its menu names no plan."""
    edition = edition_by_digest(matter.edition_id)
    ordered = _ordered(matter, edition)
    if ordered is None or ordered.plan is None:
        return Proposals("", (), False, (), ())
    moment = at or now()
    wanted = _wanted(matter, ordered)
    declined = partners.who_declined(matter.subject)
    fitting, left_out = rank(
        _supplies(matter, ordered, at=moment),
        wanted,
        keep=ordered.keep,
        prefer=ordered.prefer,
        declined=declined,
    )
    by = tuple(ordered.plan.by)
    mine = viewer.kind == "system" or (viewer.post_code in by and viewer.reaches(matter.area_path))
    return Proposals(ordered.plan.title, by, mine, tuple(fitting), tuple(left_out))


def offers_open_to(matter: Matter, *, at: datetime | None = None) -> list[Supply]:
    """The offers that an order may be given to by hand: all that meet the limits, whoever declined before."""
    ordered = _ordered(matter, edition_by_digest(matter.edition_id))
    if ordered is None:
        return []
    wanted = _wanted(matter, ordered)
    found = _supplies(matter, ordered, at=at or now())
    return [one for one in found if broken(checks_of(one, wanted, keep=ordered.keep)) is None]


def refuse_offer(matter: Matter, edition: Edition, offer_id: int, *, at: datetime) -> None:
    """Refuse an offer that is not open here, or that breaks a limit which the plan keeps."""
    ordered = _ordered(matter, edition)
    if ordered is None:
        raise Refused("no-menu-line", say=NO_LINE, have=offer_id, field="offer")
    supply = next((one for one in _supplies(matter, ordered, at=at) if one.id == offer_id), None)
    if supply is None:
        say = "这一条服务资源现在不能用：已撤下、协议不在有效期，或不在附近。请另选。"
        raise Refused("offer-closed", say=say, have=offer_id, field="offer")
    if check := broken(checks_of(supply, _wanted(matter, ordered), keep=ordered.keep)):
        say = f"“{supply.unit}·{supply.what}”不合适：{check.say}。请另选。"
        raise Refused(f"offer-{check.word}", say=say, have=offer_id, field="offer")


def _ordered(matter: Matter, edition: Edition) -> _Ordered | None:
    wish = partners.wish_of(matter.subject)
    line = line_of_item(edition, wish.item, menu=wish.menu) if wish else None
    if wish is None or line is None:
        return None
    return _Ordered(wish, line, edition.pack.plan.get(line.plan))


def _day_wanted(matter: Matter, ordered: _Ordered, at: datetime) -> date:
    today = today_at(matter.area_path, at)
    return max(ordered.wish.wanted_on or today, today)


def _supplies(matter: Matter, ordered: _Ordered, *, at: datetime) -> list[Supply]:
    day = _day_wanted(matter, ordered, at)
    return partners.supplies(matter.area_path, day=day, register=ordered.line.offers)


def _wanted(matter: Matter, ordered: _Ordered) -> Wanted:
    known = matter.longitude is not None and matter.latitude is not None
    return Wanted(
        item=ordered.line.code,
        title=ordered.line.title,
        who=ordered.line.who,
        place_path=matter.place_path,
        on=ordered.wish.wanted_on,
        part=ordered.wish.part,
        point=(matter.longitude, matter.latitude) if known else None,  # type: ignore[arg-type]
    )
