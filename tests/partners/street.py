"""The fictional street with the order loop adopted, two partners, their agreements and their lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.matters.world import World, adopt, person
from youying.access.models import Unit
from youying.editions.snapshot import STAMP
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.matters.models import Matter
from youying.packs.edition import Edition
from youying.packs.source import RawPack, library, with_value
from youying.partners import actions as partners
from youying.partners.models import Agreement, Offer
from youying.partners.offer_rules import OfferIn
from youying.partners.wish_rules import WishIn
from youying.people.actions import enter
from youying.people.models import RegisterEntry
from youying.people.register_rules import Consented, Listed
from youying.places.actions import touch

PACK = "m04"
SIGNED = date(2026, 11, 2)
UNTIL = date(2027, 11, 1)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
ALL_PARTS = ("morning", "afternoon", "evening")


HELPERS = {
    "title": "志愿者名册", "of": "person", "keeper": "secretary", "enter": ["secretary"], "leave": ["contract-ended"],
    "purse": "points",
}  # fmt: skip
POINTS = {
    "title": "志愿积分", "of": "person", "unit": "points", "takes": {"hour": "服务一小时", "thanks": "好评"},
    "spends": {"gift": "兑换物品", "course": "听一堂课"}, "needs": ["other-evidence"],
    "approve": [{"over": 0, "by": ["secretary"], "refused": "stay"}],
    "earns": {"hour": {"of": "loop:order", "each": 2}},
}  # fmt: skip


@dataclass
class Street:
    """The world with two partner units, a legal office and a volunteer team, both signed, and what they offer."""

    world: World
    office: Unit
    team: Unit
    lawyer: Viewer
    volunteer: Viewer
    legal: Offer
    haircut: Offer

    @property
    def secretary(self) -> Viewer:
        """Who keeps the partners and dispatches."""
        return self.world.secretary

    @property
    def clock(self) -> Any:
        """The still clock."""
        return self.world.clock


def paying(**said: Any) -> dict[str, Any]:
    """What a pack says so that helpers have a purse of points, with keys of the purse said otherwise."""
    return {"register.helpers": HELPERS, "purse.points": POINTS | said}


def helper(world: World) -> RegisterEntry:
    """乔晓月, listed with her consent to be given orders."""
    consents = [Consented(one, "written") for one in ("keep", "match")]
    told = {"listed": Listed(name="乔晓月", phone="13900010088"), "consents": consents, "path": world.community}
    return enter("helpers", by=world.secretary, edition=world.edition, **told)


def build(world: World, said: dict[str, Any] | None = None) -> Street:
    """Adopt the loop of orders, sign both partners and put one line each on their lists."""
    change(world, said)
    office = Unit.objects.create(code="minghe", title="明和法律服务所", kind="partner", reach=world.community)
    team = Unit.objects.create(code="huaixiang", title="槐香志愿队", kind="partner", reach=world.community)
    for unit in (office, team):
        sign(world, unit)
    legal = offer(world, office, items=("legal",), what="法律咨询，每次半小时")
    haircut = offer(world, team, items=("haircut",), what="上门理发", who="volunteer", capacity=2)
    lawyer = person("田文博", "", "律师", unit=office)
    volunteer = person("乔晓月", "volunteer", "志愿者", reach=world.community, unit=team)
    return Street(world, office, team, lawyer, volunteer, legal, haircut)


def change(world: World, said: dict[str, Any] | None = None) -> Edition:
    """From now on the street follows the pack with these keys changed."""
    raw: RawPack = library()[PACK]
    for key, value in (said or {}).items():
        raw = with_value(raw, key=key, value=value)
    world.clock.forward(seconds=1)
    world.edition = adopt(raw, world.town)
    touch(STAMP)
    return world.edition


def sign(world: World, unit: Unit, **more: Any) -> Agreement:
    """Sign a year with a unit."""
    said: dict[str, Any] = {"signed_on": SIGNED, "since": SIGNED, "until": UNTIL, "class_code": "other"}
    return partners.sign_agreement(unit.pk, by=world.secretary, **{**said, **more})


def offer(world: World, unit: Unit, **more: Any) -> Offer:
    """Put a line on a partner's service list."""
    said: dict[str, Any] = {
        "list": "service",
        "what": "服务一次",
        "items": ("legal",),
        "capacity": 4,
        "weekdays": EVERY_DAY,
        "parts": ALL_PARTS,
    }
    return partners.add_offer(unit.pk, OfferIn(**{**said, **more}), by=world.secretary)


def ordered(street: Street, item: str = "legal", *, need: dict[str, Any] | None = None, **wish: Any) -> Opened:
    """An order of the resident by the telephone in her hand."""
    said: dict[str, Any] = {"kind": "", "text": "想问问遗嘱怎么写", "channel": "wechat", "category_by": "reporter"}
    took = NeedIn(**{**said, "reporters": (ReporterIn("陈桂芳", "13800000417"),), **(need or {})})
    declared = wish.pop("declared", {"age": "71"})
    asked = WishIn("service", item, declared=declared, **wish)
    return actions.order(took, asked, place=street.world.place, by=street.world.dispatcher)


def sent(street: Street, item: str = "legal", *, to: Offer | None = None, **wish: Any) -> Matter:
    """An order that the secretary gave to an offer."""
    opened = ordered(street, item, **wish)
    known = to or (street.legal if item == "legal" else street.haircut)
    return actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=known.pk)


def accepted(street: Street, item: str = "legal", **more: Any) -> Matter:
    """An order that its partner took."""
    by = street.lawyer if item == "legal" else street.volunteer
    return actions.act(sent(street, item, **more).pk, "accept", by=by)


def served(street: Street) -> Matter:
    """An order of which the partner says that it is done."""
    return actions.act(accepted(street).pk, "deliver", by=street.lawyer, note="当面答复了，材料清单写给她了")


def reporter(opened: Opened) -> Viewer:
    """The resident, who proved the secret."""
    return Viewer(kind="reporter", reporter_of=opened.matter.pk, reporter_id=opened.reporter_id)


def without_power(viewer: Viewer) -> Viewer:
    """The same person without the power to act."""
    return replace(viewer, powers=frozenset({"view"}))
