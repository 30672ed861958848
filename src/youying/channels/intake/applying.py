"""一件事联办 asked for on the portal: what can be applied for, which papers it wants, and the application itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from youying.channels.intake import actions, offers
from youying.channels.intake.rules import Said, refuse_token
from youying.editions.queries import edition_for
from youying.kernel.durations import Duration
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters.actions import NeedIn, Opened
from youying.matters.need_rules import LATEST_PROMISE
from youying.matters.queries import AskedSheet, intake_sheet
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.places.queries import zone_of
from youying.sheets.rules import examine, sheet_of
from youying.sheets.value_rules import field_of

PROMISED = ("signature", "date")
"""The kinds of items by which somebody promises a paper that is still missing: who, and until when."""


@dataclass(frozen=True, slots=True)
class Service:
    """A joint service that can be applied for: its papers, by how many steps and how long it takes in all."""

    kind: str
    title: str
    sheet: AskedSheet
    steps: int
    within: Duration | None


def services(area_path: str) -> list[Service]:
    """What can be applied for at a place: the loops that collect papers once and hand them on to several bodies."""
    if not area_path or not offers.has_rules(area_path):
        return []
    edition = edition_for(area_path)
    joint = [loop for loop in edition.loops.values() if loop.kind and loop.sheet and loop.parts_on and loop.parts]
    found = {loop.kind: _service(edition, loop) for loop in reversed(joint)}
    return [one for kind, one in reversed(found.items()) if one.sheet and edition.loop_for(kind, {}).sheet]


def _service(edition: Edition, loop: CompiledLoop) -> Service:
    asked = intake_sheet(edition, loop.kind)
    assert asked is not None  # the loop has a sheet of its own
    completing = {step.id for step in loop.acts_of("complete")}
    limits = [clock.limit({}) for clock in loop.clocks.values() if completing & clock.stop_on]
    within = next((limit for limit in limits if isinstance(limit, Duration)), None)
    return Service(loop.kind, loop.title, asked, len(loop.parts), within)


def has_services() -> bool:
    """Whether anything can be applied for where rules are in force."""
    return any(services(path) for path in offers.served())


def promise_lacks(service: Service, values: Mapping[str, Any], *, area_path: str) -> dict[str, Refused]:
    """Where a paper that must be there is missing: what its promise still lacks, by field; none where all are there.

    容缺: the applicant signs for the missing paper and says by which day it follows (容缺承诺制).
    """
    sheet = sheet_of(edition_for(area_path), service.sheet.code)
    filled, _wrong = examine(sheet, values, lacking_allowed=True)
    if not filled.lacking:
        return {}
    missing = "、".join(sheet.items[code].title for code in filled.lacking)
    wanted = {code: item for code, item in sheet.items.items() if item.type in PROMISED and not item.must}
    found: dict[str, Refused] = {}
    for code, item in wanted.items():
        if not filled.values.get(code):
            say = f"还缺{missing}。可以先办，请填“{item.title}”；材料齐的，请把缺的交上。"
            found[field_of(code)] = Refused("needs-promise", say=say, have=missing, need=item.title)
        elif item.type == "date" and _day(filled.values[code]) <= local(now(), zone(zone_of(area_path))).date():
            found[field_of(code)] = Refused("promise-past", say=f"“{item.title}”要写今天以后的日子。")
        elif item.type == "date" and _day(filled.values[code]) > (now() + LATEST_PROMISE).date():
            say = f"“{item.title}”最晚写到两年以内，请核对年份。"
            found[field_of(code)] = Refused("promise-far", say=say, have=str(filled.values[code]))
    return found


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def apply(said: Said, kind: str, values: Mapping[str, Any], *, origin: str = "portal", address: str = "") -> Opened:
    """Make an application a matter with its papers; the same form sent twice gives the same number and secret.

    Refused where the place offers no such service, no telephone is left, or a missing paper is not promised.
    """
    refuse_token(said.token)
    person = actions.reporter_of(said)
    if not person.phone:
        raise Refused("needs-phone", say="请留个手机号，材料有问题好联系您。", field="phone")
    place, why = actions.place_said(said)
    service = next((one for one in services(place.area_path) if one.kind == kind), None)
    if service is None:
        raise Refused(
            "no-service", say="您选的地方还不能在网上申请这件事，请打电话或到窗口问。", have=kind[:40], field="compound"
        )
    for field, refused in promise_lacks(service, values, area_path=place.area_path).items():
        raise Refused(refused.code, say=refused.say, have=refused.have, need=refused.need, field=field)
    channel = actions.channel_of(said, place)
    need = NeedIn(
        kind=kind,
        text=said.text or f"申请{service.title}",
        channel=channel,
        external_id=actions.mark_of(said.token, channel=channel),
        category_by="reporter",
        reporters=(person,),
        place_why=why,
        sheet=dict(values),
    )
    return actions.sent_once(
        need,
        replace(said, text=need.text),
        person.secret,
        open_it=lambda: matters.open_matter(need, place=place, by=PUBLIC, origin=origin),
        address=address,
    )
