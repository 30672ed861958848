"""What is written about partners: signed, renewed, ended; put on a list, changed, taken off; links made and voided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import units, viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.partners import views
from youying.faces.shared.shell import say_once
from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.partners import actions, queries
from youying.partners.link_rules import LIFE_DAYS
from youying.partners.offer_rules import LISTS, OfferIn
from youying.partners.rules import PARTS, WEEKDAYS
from youying.partners.wish_rules import lines_of
from youying.people.register_queries import Wanted, entries
from youying.people.register_rules import registers_of

SIGN_FIELDS = ("unit", "class_code", "signed_on", "since", "until", "remind_days")
OFFER_FIELDS = ("list", "what", "capacity", "who", "valid_until", "entry", "entry_said")


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad-day", say=_("请选日期。"), have=text[:20], field=field) from None


def _number(text: str, field: str, label: str) -> int:
    """A number that is written into a field."""
    if not _is_whole(text):
        say = _("“%(label)s”请写一个数，大于零的整数，比如 3。") % {"label": label}
        raise Refused("bad-number", say=say, have=text[:20], field=field)
    return int(text)


def _choice(text: str, field: str, label: str) -> int:
    """The key of what is chosen in a field."""
    if not _is_whole(text):
        raise Refused("not-chosen", say=_("请选“%(label)s”。") % {"label": label}, have=text[:20], field=field)
    return int(text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _file(request: HttpRequest, by: Viewer) -> str:
    """The signed paper as an upload; nothing where none was sent."""
    sent = request.FILES.get("file")
    if sent is None:
        return ""
    try:
        return take(sent, by=by).token
    except Refused as refused:
        raise Refused(refused.code, say=refused.say, field="file") from refused


@at_post("act")
def sign(request: HttpRequest) -> HttpResponse:
    """Sign with a unit."""
    viewer = viewer_for(request)
    typed = {name: request.POST.get(name, request.GET.get(name, "")).strip()[:40] for name in SIGN_FIELDS}
    typed["remind_days"] = typed["remind_days"] or "30"
    page = {"typed": typed, "errors": {}, **_choices(viewer)}
    if request.method != "POST":
        return render(request, "desk/partners/sign.html", page)
    try:
        row = actions.sign_agreement(
            _choice(typed["unit"], "unit", _("单位")),
            by=viewer,
            signed_on=_day(typed["signed_on"], "signed_on"),
            since=_day(typed["since"], "since"),
            until=_day(typed["until"], "until"),
            class_code=typed["class_code"],
            remind_days=_number(typed["remind_days"], "remind_days", _("提前几天提醒")),
            file=_file(request, viewer),
        )
    except Refused as refused:
        return render(
            request, "desk/partners/sign.html", page | {"errors": errors_of(refused)}, status=status_of(refused)
        )
    say_once(request, _("签好了，已列入名册。接着把资源清单和服务清单公开出来。"))
    return HttpResponseRedirect(reverse("desk:partner", args=[row.unit_id]))


def _choices(viewer: Viewer) -> dict[str, Any]:
    """The units that may sign: those of the types that the menus let serve; the classes of the register."""
    edition, terms = views.edition_at(viewer.reach), views.register_at(viewer.reach)
    kinds = {code for line in lines_of(edition) for code in line.who} if edition else set()
    known = [(one.pk, one.title) for one in units(viewer) if one.kind in kinds]
    return {"units": known, "classes": list(terms.classes.items()) if terms else [], "terms": terms}


@at_post("act")
@require_POST
def change(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One of the small changes of a partner's page."""
    viewer = viewer_for(request)
    queries.partner_of(viewer, unit_id)
    do = CHANGES.get(request.POST.get("do", ""))
    try:
        if do is None:
            raise Refused("unknown-change", say=_("请从页面上的按钮里选。"))
        _refuse_of_another(request, unit_id)
        say_once(request, do(request, viewer))
    except Refused as refused:
        return views.shown(request, unit_id, errors=errors_of(refused), status=status_of(refused), typed=request.POST)
    return HttpResponseRedirect(reverse("desk:partner", args=[unit_id]))


def _refuse_of_another(request: HttpRequest, unit_id: int) -> None:
    """Nothing is changed from the page of one partner that belongs to another."""
    for what in queries.BELONGINGS:
        if what in request.POST:
            queries.refuse_of_another(unit_id, what=what, pk=_key(request, what))


def _renew(request: HttpRequest, by: Viewer) -> str:
    until = _day(request.POST.get("until", ""), "until")
    row = actions.renew_agreement(_key(request, "agreement"), by=by, until=until, file=_file(request, by))
    return _("续签到%(day)s。") % {"day": row.until.isoformat()}


def _end(request: HttpRequest, by: Viewer) -> str:
    actions.end_agreement(_key(request, "agreement"), by=by, reason=request.POST.get("reason", "")[:40])
    return _("协议已解除：清单撤下，链接停用，移出名册。")


def _capacity(request: HttpRequest, by: Viewer) -> str:
    capacity = _number(request.POST.get("capacity", ""), "capacity", _("每月几次"))
    row = actions.change_capacity(_key(request, "offer"), by=by, capacity=capacity)
    return _("“%(what)s”改成每月%(n)s次。") % {"what": row.what, "n": row.capacity}


def _close(request: HttpRequest, by: Viewer) -> str:
    row = actions.close_offer(_key(request, "offer"), by=by, reason=request.POST.get("why", "")[:200])
    return _("“%(what)s”撤下了。") % {"what": row.what}


def _revoke(request: HttpRequest, by: Viewer) -> str:
    actions.revoke_link(_key(request, "link"), by=by)
    return _("链接停用了，马上打不开。")


def _key(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    if not _is_whole(said):
        raise Refused("unknown-change", say=_("请从页面上的按钮里选。"), have=said[:20])
    return int(said)


CHANGES: dict[str, Callable[[HttpRequest, Viewer], str]] = {
    "renew": _renew,
    "end": _end,
    "capacity": _capacity,
    "close": _close,
    "revoke": _revoke,
}
"""The buttons of a partner's page by name."""


@at_post("act")
def add_offer(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Put a line on a partner's list."""
    viewer = viewer_for(request)
    one = queries.partner_of(viewer, unit_id)
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip()[:100] for name in OFFER_FIELDS}
    typed |= {name: request.POST.getlist(name) for name in ("items", "weekdays", "parts")}
    page = {"one": one, "typed": typed, "errors": {}}
    page |= _offering(viewer, one.agreement.area_path, said=typed["entry_said"])
    if request.method != "POST":
        typed |= {"list": "service", "who": one.unit.kind}
        return render(request, "desk/partners/add-offer.html", page)
    if request.POST.get("do") == "find":
        return render(request, "desk/partners/add-offer.html", page)
    try:
        row = actions.add_offer(unit_id, _offer_in(typed), by=viewer)
    except Refused as refused:
        return render(
            request, "desk/partners/add-offer.html", page | {"errors": errors_of(refused)}, status=status_of(refused)
        )
    say_once(request, _("“%(what)s”公开了，居民在菜单里看得到。") % {"what": row.what})
    return HttpResponseRedirect(reverse("desk:partner", args=[unit_id]))


def _offer_in(typed: dict[str, Any]) -> OfferIn:
    return OfferIn(
        list=typed["list"],
        what=typed["what"],
        items=tuple(typed["items"]),
        capacity=_number(typed["capacity"], "capacity", _("每月几次")),
        weekdays=tuple(_choice(one, "weekdays", _("星期几")) for one in typed["weekdays"]),
        parts=tuple(typed["parts"]),
        who=typed["who"],
        valid_until=_day(typed["valid_until"], "valid_until") if typed["valid_until"] else None,
        entry_id=_choice(typed["entry"], "entry", _("是哪一位")) if typed["entry"] else None,
    )


def _offering(viewer: Viewer, area_path: str, *, said: str) -> dict[str, Any]:
    """What may be chosen for a line: items of the menu, who serves them, people who agreed to be given orders.

    Of many people the latest are offered, or those whose whole name or telephone was said.
    """
    edition = views.edition_at(area_path)
    lines = lines_of(edition) if edition else []
    servers = dict.fromkeys(code for line in lines for code in line.who)
    pack = edition.pack if edition else None
    titles = (
        {**{c: p.title for c, p in pack.posts.items()}, **{c: u.title for c, u in pack.units.items()}} if pack else {}
    )
    wanted = Wanted(path=area_path, consent="match", text=said[:40])
    registers = registers_of(edition).items() if edition else ()
    found = [entries(viewer, code, wanted) for code, terms in registers if terms.of == "person"]
    people = [(row.id, f"{row.shown} {row.phone_masked}") for page in found for row in page.rows]
    return {
        "lists": list(LISTS.items()),
        "items": [(line.code, line.title) for line in lines],
        "servers": [(code, titles.get(code, code)) for code in servers],
        "people": people,
        "more_people": sum(page.total for page in found) - len(people),
        "weekdays": list(WEEKDAYS.items()),
        "parts": list(PARTS.items()),
    }


@at_post("act")
@require_POST
def new_link(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Make a personal link and show it once."""
    viewer = viewer_for(request)
    one = queries.partner_of(viewer, unit_id)
    try:
        days = _number(request.POST.get("days", "") or str(LIFE_DAYS), "days", _("有效几天"))
        offer = request.POST.get("offer", "")
        offer_id = _choice(offer, "offer", _("给谁")) if offer else None
        made = actions.make_link(unit_id, by=viewer, days=days, offer_id=offer_id)
    except Refused as refused:
        return views.shown(request, unit_id, errors=errors_of(refused), status=status_of(refused))
    address = request.build_absolute_uri(reverse("portal:partner", args=[made.token]))
    page = {"one": one, "address": address, "until": made.row.expires_at}
    page["picture"] = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    answer = render(request, "desk/partners/link.html", page)
    answer["Cache-Control"] = "no-store"
    return answer
