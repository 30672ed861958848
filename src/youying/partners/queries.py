"""Reading partners: agreements, lists, what fits an order, its slips; staff within reach, residents what is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from youying.access.models import Unit
from youying.access.queries import within
from youying.files.queries import register_guard
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.partners import agreement_rules
from youying.partners.models import Agreement, Match, Offer, OfferMonth, PartnerLink, Wish
from youying.partners.reading import today_at
from youying.partners.rules import Supply, month_of
from youying.partners.wish_rules import any_within, line_of_item
from youying.people.models import RegisterEntry
from youying.record.reaching import register_places

RECENT = timedelta(days=365)
OVER_SHOWN = 20
"""How many of the links that open no more are shown."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner unit with its agreement, where that stands, and its open offers."""

    unit: Unit
    agreement: Agreement
    state: str
    offers: tuple[Offer, ...]

    @property
    def in_force(self) -> bool:
        """Whether its lists count."""
        return self.state in ("running", "ending")


def partners(viewer: Viewer, path: str = "", *, ended: bool = False) -> list[Partner]:
    """The partners within the viewer's reach with their agreements, those that end first on top."""
    viewer.require("view")
    rows = Agreement.objects.filter(within(path or viewer.reach, column="area_path"))
    if not viewer.reaches(path or viewer.reach):
        raise Refused("out-of-reach", say="这里不在您的辖区内。", have=viewer.reach, need=path)
    if not ended:
        rows = rows.filter(ended_on=None)
    return _partners(rows.order_by("ended_on", "until", "pk"))


def published(area_path: str) -> list[Partner]:
    """What residents of a place read: the partners whose agreement is in force, with their lists."""
    rows = Agreement.objects.filter(_around(area_path, "area_path"), ended_on=None).order_by("unit__title", "pk")
    return [one for one in _partners(rows) if one.in_force]


def partner_of(viewer: Viewer, unit_id: int) -> Partner:
    """One partner with its latest agreement; refused beyond reach."""
    viewer.require("view")
    rows = _partners(Agreement.objects.filter(unit=unit_id).order_by("-since", "-pk")[:1])
    if not rows or not viewer.reaches(rows[0].agreement.area_path):
        raise Refused("not-found", say="没有这家共建单位，或不在您的辖区内。", have=unit_id)
    return rows[0]


BELONGINGS: dict[str, type[Agreement | Offer | PartnerLink]] = {
    "agreement": Agreement,
    "offer": Offer,
    "link": PartnerLink,
}
"""What a partner's page changes, by its name in a form."""


def refuse_of_another(unit_id: int, *, what: str, pk: int) -> None:
    """Refuse an agreement, a line or a link that is none of this partner's."""
    if not BELONGINGS[what].objects.filter(pk=pk, unit=unit_id).exists():
        say = "这一条不是这家单位的，没有改。请回到那家单位的页面去办。"
        raise Refused("of-another-partner", say=say, have=pk, need=unit_id)


def links_of(viewer: Viewer, unit_id: int) -> list[PartnerLink]:
    """Every link of a partner that still opens, then those that opened last; the latest first."""
    partner_of(viewer, unit_id)
    rows = PartnerLink.objects.filter(unit=unit_id).order_by("-made_at", "-pk")
    live = Q(revoked_at=None, expires_at__gt=now())
    return [*rows.filter(live), *rows.exclude(live)[:OVER_SHOWN]]


def used_this_month(offers: Iterable[Offer], day: date) -> dict[int, int]:
    """How often each offer is taken in the month of a day; one statement."""
    rows = OfferMonth.objects.filter(offer__in=[one.pk for one in offers], month=month_of(day))
    return dict(rows.values_list("offer_id", "taken"))


def supplies(area_path: str, *, day: date, register: str = "") -> list[Supply]:
    """The open offers of an area and its neighbours with what a month has used, whatever their limits; three statements.

    Those whose agreement is not in force on the day, whose validity is over, or whose person no longer agrees, are
    not among them. `register` leaves out what stands in another register's lists.
    """
    near = area_path.rpartition("/")[0] or area_path
    rows = Offer.objects.filter(_around(near, "area_path"), closed_at=None, unit__active=True)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    rows = rows.filter(
        unit__agreements__ended_on=None, unit__agreements__since__lte=day, unit__agreements__until__gte=day
    )
    rows = rows.filter(_agreeing())
    if register:
        rows = rows.filter(register=register)
    found = list(rows.select_related("unit").order_by("pk").distinct())
    taken = used_this_month(found, day)
    waiting = Match.objects.filter(offer__in=[one.pk for one in found], ended_at=None, accepted_at=None)
    sent = dict(waiting.order_by().values_list("offer_id").annotate(n=Count("pk")))
    return [supply_of(one, taken=taken.get(one.pk, 0), waiting=sent.get(one.pk, 0)) for one in found]


def supply_of(offer: Offer, *, taken: int, waiting: int) -> Supply:
    """An offer as the rules of matching read it."""
    return Supply(
        id=offer.pk,
        unit_id=offer.unit_id,
        unit=offer.unit.title,
        what=offer.what,
        who=offer.who,
        items=frozenset(offer.items),
        area_path=offer.area_path,
        base_path=offer.base_path,
        weekdays=frozenset(offer.weekdays),
        parts=frozenset(offer.parts),
        capacity=offer.capacity,
        taken=taken,
        waiting=waiting,
        point=None if offer.longitude is None or offer.latitude is None else (offer.longitude, offer.latitude),
    )


def unit_of_offer(offer_id: int) -> int:
    """The unit whose offer it is; refused where there is none."""
    unit_id = Offer.objects.filter(pk=offer_id).values_list("unit_id", flat=True).first()
    if unit_id is None:
        raise Refused("offer-unknown", say="清单里没有这一条，请重新选。", have=offer_id, field="offer")
    return unit_id


def wish_of(subject: str) -> Wish | None:
    """What was ordered, where an order came from a menu."""
    return Wish.objects.filter(subject=subject).first()


def period_of(subject: str, edition: Edition) -> str:
    """How soon what was ordered is to be served, where its menu item says so; no statement where none does."""
    wish = wish_of(subject) if any_within(edition) else None
    line = line_of_item(edition, wish.item, menu=wish.menu) if wish else None
    return line.within if line else ""


def wishes_of(subjects: Collection[str]) -> dict[str, Wish]:
    """What was ordered by each of these; one statement."""
    return {row.subject: row for row in Wish.objects.filter(subject__in=subjects)}


def matches_of(subject: str) -> list[Match]:
    """To whom an order went, the earliest first."""
    return list(Match.objects.filter(subject=subject).select_related("offer__unit").order_by("at", "pk"))


def server_of(subject: str) -> RegisterEntry | None:
    """The listed person who served an order last; nobody where a unit did, or where it was not served."""
    last = Match.objects.filter(subject=subject).select_related("offer__entry").order_by("-at", "-pk").first()
    return last.offer.entry if last is not None and last.outcome == "served" else None


def who_declined(subject: str) -> set[int]:
    """The units that declined this order, or let its time lapse."""
    rows = Match.objects.filter(subject=subject, outcome__in=("declined", "lapsed"))
    return set(rows.values_list("offer__unit_id", flat=True))


def served_counts(viewer: Viewer, unit_id: int) -> dict[str, int]:
    """What became of the orders that went to a partner, by outcome; "" counts those under way."""
    partner_of(viewer, unit_id)
    rows = Match.objects.filter(offer__unit=unit_id).order_by()
    return dict(rows.values_list("outcome").annotate(n=Count("pk")))


def _partners(rows: QuerySet[Agreement]) -> list[Partner]:
    listed = Offer.objects.filter(closed_at=None).filter(_agreeing()).order_by("list", "pk").distinct()
    found = rows.select_related("unit").prefetch_related(Prefetch("unit__offers", queryset=listed, to_attr="listed"))
    return [
        Partner(row.unit, row, _state(row), tuple(row.unit.listed))  # type: ignore[attr-defined]
        for row in found
    ]


def _state(row: Agreement) -> str:
    return agreement_rules.state(
        since=row.since,
        until=row.until,
        ended_on=row.ended_on,
        remind_days=row.remind_days,
        today=today_at(row.area_path),
    )


def _agreeing() -> Q:
    """Offers of a unit itself, and of persons who are still listed and agree to be given orders."""
    person = Q(entry__left_at=None, entry__consents__purpose="match", entry__consents__withdrawn_at=None)
    return Q(entry=None) | (Q(entry__isnull=False) & person)


def _around(path: str, column: str) -> Q:
    """Rows whose path lies at, below or above a path."""
    steps = [part for part in path.split("/") if part]
    above = ["/" + "/".join(steps[:n]) for n in range(1, len(steps) + 1)]
    return Q(**{f"{column}__in": above}) | Q(**{f"{column}__startswith": path.rstrip("/") + "/"})


def _let_in(viewer: Viewer, subject: str) -> None:
    """The signed paper of an agreement is for staff within reach."""
    key = subject.partition(":")[2]
    path = Agreement.objects.filter(pk=key).values_list("area_path", flat=True).first() if key.isdigit() else None
    if path is None or not (viewer.may("view") and viewer.reaches(path)):
        raise Refused("not-found", say="没有这份文件，或不归您看。")


def _agreements_lie(keys: Collection[str]) -> dict[str, list[str]]:
    rows = Agreement.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in rows.values_list("pk", "area_path")}


def _offers_lie(keys: Collection[str]) -> dict[str, list[str]]:
    rows = Offer.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in rows.values_list("pk", "unit__reach")}


def _links_lie(keys: Collection[str]) -> dict[str, list[str]]:
    rows = PartnerLink.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in rows.values_list("pk", "unit__reach")}


register_guard("partner-agreement", _let_in)
register_places("partner-agreement", _agreements_lie)
register_places("offer", _offers_lie)
register_places("partner-link", _links_lie)
