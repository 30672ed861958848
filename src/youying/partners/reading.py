"""What partners need to know of the place: its edition, its register of partners, its day."""

from __future__ import annotations

from datetime import date, datetime

from youying.access.models import Unit
from youying.access.queries import units
from youying.editions.queries import edition_for
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.partners.models import Agreement
from youying.partners.wish_rules import lines_of
from youying.people.register_rules import Terms, registers_of, terms_of
from youying.places.queries import zone_of


def today_at(path: str, at: datetime | None = None) -> date:
    """The day that it is at a place."""
    return local(at or now(), zone(zone_of(path))).date()


def partner_register(edition: Edition, code: str = "") -> Terms:
    """The register in which a place keeps its partners: the one named, or the one its menus take their offers from.

    Refused where the edition has no register of units.
    """
    offered = [line.offers for line in lines_of(edition) if line.offers]
    known = {name: terms for name, terms in registers_of(edition).items() if terms.of == "unit"}
    wanted = code or next((name for name in offered if name in known), next(iter(known), ""))
    if wanted not in known:
        raise Refused(
            "no-partner-register", say="本地机制包没有共建单位名册，请先采用有名册的机制包。", have=wanted[:40]
        )
    return terms_of(edition, wanted)


def has_agreement(unit: Unit) -> bool:
    """Whether an agreement with a unit counts today."""
    today = today_at(unit.reach)
    return Agreement.objects.filter(unit=unit, ended_on=None, since__lte=today, until__gte=today).exists()


def unit_in_hand(unit_id: int, *, by: Viewer, register: str = "") -> tuple[Unit, Edition, Terms]:
    """A unit within reach, the edition where it stands, and the register that `by` keeps; refused otherwise."""
    unit = units(by).filter(pk=unit_id).first()
    if unit is None or not by.reaches(unit.reach):
        raise Refused("unit-unknown", say="没有这个单位，或不在您的辖区内。", have=unit_id, field="unit")
    edition = edition_for(unit.reach)
    terms = partner_register(edition, register)
    if not (terms.may_enter(by) or terms.may_keep(by)):
        say = f"“{terms.title}”由名册的责任岗位来管，请找他。"
        raise Refused("register-not-yours", say=say, have=by.post_code, need=[terms.keeper, *terms.enter])
    return unit, edition, terms
