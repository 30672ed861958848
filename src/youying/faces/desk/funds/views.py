"""The purses of a place: what they hold, statements, bookings, spendings to answer, gifts, whether all balances."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.actions import log_export
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.channels.hotline.actions.exporting import gone_unasked, unasked
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.funds.booking import BOOKINGS, book, said
from youying.faces.desk.packs.where import choices, declared, place_asked
from youying.faces.desk.rates.tables import answer
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import full
from youying.funds import actions, queries, rules
from youying.funds.queries import PurseShown
from youying.funds.rules import Terms, say_amount
from youying.kernel.identifiers import uuid7
from youying.kernel.masking import mask_text
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.words import NEEDS
from youying.places.queries import areas_below, compounds_below, grids_below, path_words
from youying.publications.actions import post
from youying.publications.rules import MOST_ROWS, Content

AREA_LEVELS = frozenset({"community", "town"})
"""The kinds of areas that have a purse of their own."""


@at_post("view")
def funds(request: HttpRequest) -> HttpResponse:
    """The kinds of purses here and the spendings that wait for an answer."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    kinds = declared(path, rules.purses_of)
    books = {code: queries.reconcile(viewer, code, path=path) for code in kinds}
    waiting = [(ask, _terms(ask.purse)) for ask in queries.waiting(viewer, path=path)]
    page = {"kinds": kinds, "books": books, "waiting": waiting, "place": path, "places": choices(viewer)}
    return render(request, "desk/funds/funds.html", page | _words(viewer))


@at_post("view")
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """The purses of one kind."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    said = request.GET.get("from", "")
    offset = int(said) if said.isdecimal() and len(said) < 7 else 0
    page = {
        "terms": terms,
        "rows": queries.purses(viewer, code, path=path, offset=offset),
        "total": queries.count_purses(viewer, code, path=path),
        "offset": offset,
        "size": queries.PAGE,
        "place": path,
        "place_words": path_words(path),
        "path_words": path_words,
        "may_publish": bool(terms.publish) and viewer.may("act"),
        "openable": _openable(terms, path) if viewer.may("act") else [],
    }
    return render(request, "desk/funds/kind.html", page | _words(viewer))


def _openable(terms: Terms, path: str) -> list[tuple[str, str]]:
    """The places here that a purse of this kind may be opened for; none where it is one for each person."""
    if terms.of == "grid":
        found = [one.path for one in grids_below(path)]
    elif terms.of == "compound":
        found = [one.path for one in compounds_below(path)]
    else:
        found = [one.path for one in areas_below(path, level=terms.of)] if terms.of in AREA_LEVELS else []
    return [(one, path_words(one)) for one in found]


@at_post("act")
@require_POST
def open_purse(request: HttpRequest, code: str) -> HttpResponse:
    """Open the purse of a place, or go to the one that it has."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    path = request.POST.get("path", "").strip()[:200] or place
    row = actions.open_purse(rules.terms_of(edition_for(place), code), by=viewer, path=path)
    say_once(request, _("账户开好了，可以记账。"))
    return HttpResponseRedirect(reverse("desk:purse", args=[row.pk]))


@at_post("view")
def one_purse(request: HttpRequest, purse_id: int) -> HttpResponse:
    """One purse: its statement with a running balance, and what may be booked."""
    viewer = viewer_for(request)
    terms = _terms(queries.purse(viewer, purse_id))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            say_once(request, book(request, viewer, terms, purse_id))
            return HttpResponseRedirect(reverse("desk:purse", args=[purse_id]))
        except Refused as told:
            refused = told
    page = _purse_page(request, viewer, terms, purse_id)
    sent = request.POST.get("act", "")
    page["errors"] = (
        {f"{sent}-{name}" if name else "": say for name, say in errors_of(refused).items()} if refused else {}
    )
    return render(request, "desk/funds/purse.html", page, status=status_of(refused) if refused else 200)


def _purse_page(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> dict[str, Any]:
    seen, sent = queries.statement(viewer, purse_id), request.POST.get("act", "")
    return {
        "terms": terms,
        "statement": seen,
        "given": {f"{sent}-{name}": value for name, value in said(request).items()},
        "form_mark": uuid7,
        "needs": {need: NEEDS[need.partition(":")[0]] for need in terms.needs},
        "may_book": viewer.may("act"),
        "may_grant": bool(terms.grant) and viewer.may("act"),
        "gifts": queries.gifts(viewer, terms.code, path=seen.purse.area_path),
        "acts": BOOKINGS,
        **_words(viewer),
    }


@at_post("export")
def table(request: HttpRequest, purse_id: int) -> HttpResponse:
    """A statement as a table."""
    viewer = viewer_for(request)
    seen = queries.statement(viewer, purse_id)
    terms = _terms(seen.purse)
    head = [_("时间"), _("种类"), _("项目"), _("收入"), _("支出"), _("余额"), _("凭证"), _("记账岗位")]
    lines = [
        [
            full(one.at),
            rules.KINDS[one.kind],
            terms.line_title(one.kind, one.line),
            say_amount(one.into, terms.unit) if one.into else "",
            say_amount(one.out, terms.unit) if one.out else "",
            say_amount(one.balance, terms.unit),
            "；".join(mask_text(words) for words in one.words.values()),
            one.post_title,
        ]
        for one in seen.lines
    ]
    day = {"most": unasked(viewer), "gone": gone_unasked(viewer)}
    log_export(f"purse:{terms.code}", by=viewer, path=seen.purse.area_path, rows=len(lines), sought={}, **day)
    return answer([head, *lines], title=terms.title, note=seen.purse.shown)


@at_post("view")
def balance(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the purses of a kind balance."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    page = {"terms": terms, "books": queries.reconcile(viewer, code, path=path), "place": path}
    return render(request, "desk/funds/balance.html", page | {"place_words": path_words(path)} | _words(viewer))


@at_post("act")
@require_POST
def answer_ask(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Say yes or no to a spending."""
    viewer = viewer_for(request)
    asked = queries.ask(viewer, ask_id)
    granted = request.POST.get("answer") == "yes"
    reason = request.POST.get("reason", "")
    actions.answer_spending(ask_id, by=viewer, terms=_terms(asked.purse), granted=granted, reason=reason)
    say_once(request, _("同意了，已经记账。") if granted else _("没有同意，账没有动。"))
    return HttpResponseRedirect(reverse("desk:funds"))


@at_post("act")
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Post what the purses of a kind hold, by the publication that the pack names."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    if not terms.publish:
        raise Refused("publication-unknown", say=_("机制包没有写这种账户怎样公示。"), have=code)
    columns = [("person_name", _("名称")), ("place", _("地点")), ("balance", terms.title)]
    rows = queries.board_rows(viewer, code, path=path, limit=MOST_ROWS + 1)
    row = post(terms.publish, by=viewer, path=path, content=Content(columns, rows, path_words(path)))
    say_once(request, _("贴出去了。"))
    return HttpResponseRedirect(reverse("desk:publication", args=[row.pk]))


@at_post("act")
def gifts(request: HttpRequest, code: str) -> HttpResponse:
    """What stands on the shelf, and putting something there."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    page: dict[str, Any] = {"terms": terms, "place": path, "given": request.POST, "errors": {}}
    if request.method == "POST":
        try:
            _stock(request, viewer, terms, path)
            say_once(request, _("摆上去了。"))
            return HttpResponseRedirect(f"{reverse('desk:gifts', args=[code])}?place={path}")
        except Refused as refused:
            page["errors"] = errors_of(refused)
    page |= {"gifts": queries.gifts(viewer, code, path=path), "spends": list(terms.spends.items())}
    return render(request, "desk/funds/gifts.html", page | _words(viewer), status=422 if page["errors"] else 200)


def _stock(request: HttpRequest, viewer: Viewer, terms: Terms, path: str) -> None:
    said, pieces = request.POST, request.POST.get("pieces", "")
    actions.stock_gift(
        terms,
        by=viewer,
        path=path,
        line=said.get("line", ""),
        title=said.get("title", ""),
        price=rules.amount_said(said.get("price", ""), terms.unit),
        pieces=int(pieces) if pieces.isdecimal() and len(pieces) < 7 else 0,
    )


def _terms(purse: PurseShown) -> Terms:
    return rules.terms_of(edition_for(purse.area_path), purse.code)


def _words(viewer: Viewer) -> dict[str, Any]:
    return {"say_amount": say_amount, "titles": rules.KINDS, "units": rules.UNITS, "me": viewer}
