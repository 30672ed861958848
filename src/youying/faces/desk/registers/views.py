"""The registers of a place: what stands in them, one entry with its acts, entering with the sheet, a table to take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.actions import log_export, log_unmask
from youying.access.actions.exporting import MOST_ROWS
from youying.access.queries import units, viewer_for
from youying.access.refusal_pages import status_of
from youying.access.rules import UNMASK_PURPOSES
from youying.channels.hotline.actions.exporting import gone_unasked, unasked
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.where import choices, declared, place_asked
from youying.faces.desk.rates.tables import answer
from youying.faces.desk.registers.lines import heads, line
from youying.faces.desk.units.places import reaches
from youying.faces.shared.sheets import read_sheet
from youying.faces.shared.shell import say_once
from youying.funds.queries import purse_of
from youying.funds.rules import say_amount
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.people import actions
from youying.people import register_queries as queries
from youying.people import register_rules as rules
from youying.people.register_queries import EntryShown, Wanted
from youying.people.register_rules import Consented, Listed, Terms
from youying.places.queries import path_words, search_homes
from youying.sheets.actions import fill
from youying.sheets.queries import filled
from youying.sheets.rules import check


@at_post("view")
def registers(request: HttpRequest) -> HttpResponse:
    """The registers that the packs here declare, with how many stand in each."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    page = {
        "registers": declared(path, rules.registers_of),
        "counts": queries.counts_of_registers(viewer, path=path),
        "place": path,
        "places": choices(viewer),
        "sorts": rules.SORTS,
    }
    return render(request, "desk/registers/registers.html", page)


@at_post("view")
def register(request: HttpRequest, code: str) -> HttpResponse:
    """One register: who stands in it, by class, name or telephone; a page at a time."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms, wanted = rules.terms_of(edition_for(path), code), _wanted(request, path)
    said = request.GET.get("from", "")
    offset = int(said) if said.isdecimal() and len(said) < 7 else 0
    found = queries.entries(viewer, code, wanted, offset=offset)
    page = {
        "terms": terms,
        "found": found,
        "offset": offset,
        "size": queries.PAGE,
        "wanted": wanted,
        "by_class": queries.entries_by_class(viewer, code, path=path),
        "place": path,
        "place_words": path_words(path),
        "may_enter": terms.may_enter(viewer),
        "reasons": {**terms.leave, **rules.HOUSE_LEAVES},
    }
    return render(request, "desk/registers/register.html", page)


def _wanted(request: HttpRequest, path: str) -> Wanted:
    asked = request.GET
    consent = asked.get("consent", "")
    return Wanted(
        path=path,
        classes=tuple(code[:40] for code in asked.getlist("class") if code),
        text=asked.get("q", "").strip()[:40],
        ended=asked.get("state") == "ended",
        consent=consent if consent in rules.CONSENTS else "",
    )


@at_post("export")
def table(request: HttpRequest, code: str) -> HttpResponse:
    """A register as a table, masked as on the screen."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    found = queries.entries(viewer, code, _wanted(request, path), limit=MOST_ROWS)
    sought = {name: ",".join(said)[:80] for name, said in request.GET.lists()}
    day = {"most": unasked(viewer), "gone": gone_unasked(viewer)}
    log_export(f"register:{code}", by=viewer, path=path, rows=found.total, sought=sought, **day)
    rows = found.rows
    reasons = {**terms.leave, **rules.HOUSE_LEAVES}
    return answer([heads(), *(line(one, terms, reasons) for one in rows)], title=terms.title, note=path_words(path))


@at_post("view")
def enter_one(request: HttpRequest, code: str) -> HttpResponse:
    """List somebody or something, with the register's sheet."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    edition = edition_for(path)
    terms = rules.terms_of(edition, code)
    rules.check_may_enter(terms, viewer)
    sheet = edition.pack.sheet.get(terms.sheet)
    page: dict[str, Any] = {
        "terms": terms,
        "place": path,
        "items": sheet.items if sheet else {},
        "values": {},
        "kept": {},
        "errors": {},
        "given": request.POST,
        "consents": list(rules.CONSENTS.items()),
        "ways": list(rules.CONSENT_WAYS.items()),
        "units": [(unit.pk, unit.title) for unit in units(viewer)] if terms.of == "unit" else [],
        "places": [one for one in reaches(viewer) if one[0].startswith(path)],
    }
    page |= _homes(request, viewer, terms, path)
    if request.method != "POST":
        return render(request, "desk/registers/enter.html", page)
    read = read_sheet(request.POST, request.FILES, sheet, by=viewer) if sheet else None
    page |= {"values": read.shown, "kept": read.kept, "errors": read.errors} if read else {}
    if request.POST.get("do") == "find" and request.POST.get("home_said", "").strip():
        return render(request, "desk/registers/enter.html", page | {"errors": {}})
    try:
        if page["errors"]:
            raise Refused("sheet-lacks", say=_("表里还有没填好的。"))
        values, home_id = read.values if read else None, _home_of(request, page["homes"])
        row_id = _entered(request, viewer, edition, terms, path=path, values=values, home_id=home_id)
    except Refused as refused:
        page["errors"] = page["errors"] or errors_of(refused)
        return render(request, "desk/registers/enter.html", page, status=status_of(refused))
    say_once(request, _("列入好了。"))
    return HttpResponseRedirect(reverse("desk:entry", args=[row_id]))


def _homes(request: HttpRequest, viewer: Viewer, terms: Terms, path: str) -> dict[str, Any]:
    """The homes that the words of the form mean, to choose one; nothing where the register lists neither people nor homes."""
    said = request.POST.get("home_said", "").strip()[:60]
    asks = terms.of in ("person", "home")
    return {"asks_home": asks, "homes": search_homes(viewer, said, within=path) if asks and said else []}


def _home_of(request: HttpRequest, homes: list[tuple[int, str]]) -> int | None:
    """The home that was chosen among those that the words mean; nothing where no words are said."""
    if not request.POST.get("home_said", "").strip():
        return None
    chosen = next((key for key, _words in homes if str(key) == request.POST.get("home_id", "")), None)
    if chosen is None:
        say = _("请点“找这一户”，再选一户；不登记住处就把这一格清空。")
        raise Refused("home-missing", say=say, field="home_said")
    return chosen


def _entered(
    request: HttpRequest,
    viewer: Viewer,
    edition: Edition,
    terms: Terms,
    *,
    path: str,
    values: dict[str, Any] | None,
    home_id: int | None,
) -> int:
    """Enter and fill in the sheet, which was checked before; both, or neither."""
    said = request.POST
    if values is not None:
        check(edition.pack.sheet[terms.sheet], values)
    unit = said.get("unit_id", "")
    listed = Listed(
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        id_number=said.get("id_number", ""),
        home_id=home_id,
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 18 else None,
        title=said.get("title", ""),
    )
    with transaction.atomic():
        row = actions.enter(
            terms.code,
            by=viewer,
            edition=edition,
            path=(said.get("path") or path)[:200],
            listed=listed,
            class_code=said.get("class_code", ""),
            since=_day(said.get("since", "")),
            consents=[Consented(one, said.get("way", "")) for one in said.getlist("consent")],
            basis=said.get("basis", ""),
        )
        if values is not None:
            fill(
                subject=row.subject, sheet=terms.sheet, edition=edition, values=values, by=viewer, act="people.enter",
                path=row.path,
            )  # fmt: skip
    return row.pk


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("day-unreadable", say=_("日期请写成 2026-11-21。"), have=text[:20], field="since") from None


@at_post("view")
def one_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: what is known, its sheets, its purse, the acts that this post may do on it."""
    viewer = viewer_for(request)
    shown = queries.entry(viewer, entry_id)
    edition = edition_for(shown.area_path)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _CHANGES[request.POST.get("act", "")](request, viewer, shown, edition)
            say_once(request, _("改好了。"))
            return HttpResponseRedirect(reverse("desk:entry", args=[entry_id]))
        except KeyError:
            refused = Refused("act-unknown", say=_("请选要做什么。"))
        except Refused as told:
            refused = told
    page = _entry_page(viewer, shown, edition) | {"errors": errors_of(refused) if refused else {}}
    return render(request, "desk/registers/entry.html", page, status=status_of(refused) if refused else 200)


def _entry_page(viewer: Viewer, shown: EntryShown, edition: Edition) -> dict[str, Any]:
    terms = rules.terms_of(edition, shown.register)
    open_now = shown.left_at is None
    purse = purse_of(viewer, terms.purse, shown.key) if terms.purse else None
    return {
        "entry": shown,
        "terms": terms,
        "sheets": filled(viewer, shown.subject),
        "purse": purse,
        "held": say_amount(purse.balance, purse.unit) if purse else "",
        "may_keep": open_now and terms.may_keep(viewer),
        "may_withdraw": open_now and (terms.may_keep(viewer) or terms.may_enter(viewer)),
        "consents": rules.CONSENTS,
        "ways": list(rules.CONSENT_WAYS.items()),
        "reasons": {**terms.leave, **rules.HOUSE_LEAVES},
        "leave": list(terms.leave.items()),
        "may_unmask": viewer.may("unmask") and shown.of == "person" and bool(shown.shown),
    }


def _change_class(request: HttpRequest, viewer: Viewer, shown: EntryShown, edition: Edition) -> None:
    actions.change_class(shown.id, by=viewer, edition=edition, class_code=request.POST.get("class_code", ""))


def _correct(request: HttpRequest, viewer: Viewer, shown: EntryShown, edition: Edition) -> None:
    title = request.POST.get("title") if shown.of in ("place", "thing") else None
    actions.correct_entry(shown.id, by=viewer, edition=edition, title=title, since=_day(request.POST.get("since", "")))


def _leave(request: HttpRequest, viewer: Viewer, shown: EntryShown, edition: Edition) -> None:
    actions.leave(shown.id, by=viewer, edition=edition, reason=request.POST.get("reason", ""))


def _consent(request: HttpRequest, viewer: Viewer, shown: EntryShown, edition: Edition) -> None:
    given = Consented(request.POST.get("purpose", ""), request.POST.get("way", ""))
    actions.give_consent(shown.id, by=viewer, edition=edition, consent=given)


def _withdraw(request: HttpRequest, viewer: Viewer, shown: EntryShown, edition: Edition) -> None:
    purpose, way = request.POST.get("purpose", ""), request.POST.get("way", "")
    actions.withdraw_consent(shown.id, by=viewer, edition=edition, purpose=purpose, way=way)


_CHANGES = {"class": _change_class, "correct": _correct, "leave": _leave, "consent": _consent, "withdraw": _withdraw}


@at_post("unmask")
def unmask(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Name and telephone in clear, once a purpose is said; the look itself is written down first."""
    viewer = viewer_for(request)
    shown = queries.entry(viewer, entry_id)
    page: dict[str, Any] = {"entry": shown, "purposes": list(UNMASK_PURPOSES.items()), "unmasked": None, "errors": {}}
    if request.method == "POST":
        try:
            log_unmask(shown.subject, by=viewer, field="contact", purpose=request.POST.get("purpose", ""))
            page["unmasked"] = queries.entry_contact(viewer, entry_id)
        except Refused as refused:
            page["errors"] = errors_of(refused)
    return render(request, "desk/registers/unmask.html", page, status=422 if page["errors"] else 200)
