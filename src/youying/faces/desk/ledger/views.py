"""The ledger: lists of matters through views and filters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access import actions as access_actions
from youying.access import queries as access
from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.ledger import choices, columns, filters
from youying.faces.desk.ledger.walking import matter_link
from youying.faces.shared.shell import address, say_once
from youying.kernel.identifiers import parse_matter_number
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries.worklist import PAGE
from youying.text.queries import category_title

LEDGER = "matters"


@at_post()
def ledger(request: HttpRequest) -> HttpResponse:
    """One list of matters; asked by htmx for more, it gives the next rows alone."""
    viewer = viewer_for(request)
    asked = filters.read(request.GET.dict())
    if (number := _exact(viewer, asked)) and not is_htmx(request):
        return HttpResponseRedirect(reverse("desk:matter", args=[number]))
    held = _list(viewer, asked)
    if not held.total and (unknown := choices.unknown(viewer, asked.query)):
        asked = filters.without(asked, unknown)
        held = _list(viewer, asked)
    page = rows_of(viewer, request, asked, held) | {"closed": _closed(viewer, asked, held)}
    if is_htmx(request) and request.GET.get("start"):
        return render(request, "desk/ledger/_rows.html", page)
    return render(request, "desk/ledger/ledger.html", page | frame_of(viewer, request, asked))


def _list(viewer: Viewer, asked: filters.Asked) -> queries.Page:
    """The rows asked for; what cannot be searched for is said above an empty list."""
    try:
        return queries.worklist(viewer, asked.filters, sort=asked.sort, start=asked.start)
    except Refused as refused:
        asked.errors.append(refused.say)
        return queries.Page([], 0, 0, False)


def _exact(viewer: Viewer, asked: filters.Asked) -> str:
    """The matter whose whole number was searched for, open or closed, where this viewer sees it."""
    try:
        return queries.find(viewer, parse_matter_number(asked.query.get("q", ""))).number
    except Refused:
        return ""


def _closed(viewer: Viewer, asked: filters.Asked, held: queries.Page) -> tuple[int, str]:
    """How many closed matters a search finds that no open one answers, and the address that shows them."""
    if held.total or "q" not in asked.query or asked.filters.state != "open" or asked.errors:
        return 0, ""
    wanted = {**asked.query, "state": "ended"}
    found = queries.counts(viewer, {"closed": filters.read(wanted).filters})["closed"]
    return found, filters.link(wanted)


def rows_of(viewer: Viewer, request: HttpRequest, asked: filters.Asked, held: queries.Page) -> dict[str, Any]:
    """The rows with what their cells need."""
    shown = columns.chosen(request)
    channels = dict(choices.options(viewer, "channel"))
    urgencies = dict(choices.options(viewer, "urgency"))
    last = held.start + len(held.rows)
    return {
        "asked": asked,
        "held": held,
        "columns": shown,
        "last": last,
        "more": filters.link(asked.query, start=str(held.start + PAGE)) if last < held.total else "",
        "link_of": lambda row, index: matter_link(row.number, asked.query, held.start + index),
        "short_category": lambda code: category_title(code, short=True) if code else "",
        "channels": channels,
        "urgencies": urgencies,
    }


def frame_of(viewer: Viewer, request: HttpRequest, asked: filters.Asked) -> dict[str, Any]:
    """What stands around the rows: tabs, conditions, columns, order."""
    there, open_ones = choices.chips(viewer, asked)
    tabs = filters.views(viewer, access.saved_views(viewer, LEDGER))
    now_tab = next((view.code for view in tabs if filters.is_now(view, asked.query)), "")
    return {
        "tabs": tabs,
        "now_tab": now_tab,
        "there": there,
        "open_ones": open_ones,
        "query_link": filters.link(asked.query),
        "all_columns": columns.COLUMNS,
        "chosen": {one.code for one in columns.chosen(request)},
        "always": columns.ALWAYS,
        "densities": columns.DENSITIES,
        "density": columns.density(request),
        "sort_link": lambda sort: filters.link(asked.query, sort=sort),
        "export_at": address("desk:export-matters"),
        "may_act": viewer.may("act") or viewer.unit_id is not None,
    }


@at_post()
def counts(request: HttpRequest) -> HttpResponse:
    """The tabs with their live numbers, fetched after the list so that the list need not wait."""
    viewer = viewer_for(request)
    asked = filters.read(request.GET.dict())
    tabs = filters.views(viewer, access.saved_views(viewer, LEDGER))
    numbers = queries.counts(viewer, {view.code: filters.read(view.query).filters for view in tabs})
    now_tab = next((view.code for view in tabs if filters.is_now(view, asked.query)), "")
    page = {"tabs": tabs, "now_tab": now_tab, "numbers": numbers, "asked": asked}
    return render(request, "desk/ledger/_tabs.html", page)


@at_post()
def choose(request: HttpRequest, name: str) -> HttpResponse:
    """What one condition can be set to, as links."""
    viewer = viewer_for(request)
    asked = filters.read(request.GET.dict())
    if name == "since":
        periods = [(words, filters.link(asked.query, since=a, until=b)) for words, a, b in choices.periods()]
        page: dict[str, Any] = {"links": periods, "asked": asked, "dates": True}
    else:
        links = [(words, filters.link(asked.query, **{name: value})) for value, words in choices.options(viewer, name)]
        page = {"links": links, "asked": asked, "dates": False}
    page["title"] = choices.TITLES.get(name, "")
    return render(request, "desk/ledger/_choices.html" if is_htmx(request) else "desk/ledger/choices.html", page)


@at_post()
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the conditions in force under a name."""
    query = filters.read_query(request.POST.get("query", "").lstrip("?")).query
    address_now = reverse("desk:ledger") + filters.link(query)
    try:
        title = request.POST.get("title", "")
        access_actions.save_view(by=viewer_for(request), page=LEDGER, title=title, query=filters.link(query)[1:])
    except Refused as refused:
        say_once(request, refused.say)
    else:
        say_once(request, _("视图存好了，只有您自己看得见。"))
    return HttpResponseRedirect(address_now)


@at_post()
@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view of one's own."""
    access_actions.drop_view(view_id, by=viewer_for(request))
    say_once(request, _("视图删去了，事项都还在。"))
    return HttpResponseRedirect(reverse("desk:ledger"))


@at_post()
@require_POST
def keep_columns(request: HttpRequest) -> HttpResponse:
    """Keep the chosen columns and density."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    answer = HttpResponseRedirect(wanted if ours else reverse("desk:ledger"))
    columns.keep(request, answer)
    return answer
