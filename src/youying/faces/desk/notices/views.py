"""Warnings: open ones to be judged, judged ones to be read, each with the matters it counted."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.shared.shell import nav_counts, say_once
from youying.insight import actions, queries
from youying.insight.watch_rules import JUDGEMENTS
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, worklist
from youying.places.queries import path_words
from youying.text.queries import category_title

PAGE = 50


@at_post("view")
def warnings(request: HttpRequest) -> HttpResponse:
    """The warnings of this reach."""
    viewer, judged = viewer_for(request), request.GET.get("state") == "judged"
    found = queries.judged_warnings(viewer) if judged else queries.open_warnings(viewer)
    return render(request, "desk/notices/warnings.html", {"rows": found, "judged": judged, "path_words": path_words})


@at_post("view")
def warning(request: HttpRequest, warning_id: int) -> HttpResponse:
    """One warning with its matters; whoever is to judge it says here what it is."""
    viewer = viewer_for(request)
    if request.method != "POST":
        return _page(request, viewer, warning_id)
    given = {name: request.POST.get(name, "") for name in ("judged_as", "note")}
    try:
        actions.judge_warning(warning_id, by=viewer, judged_as=given["judged_as"], note=given["note"])
    except Refused as refused:
        return _page(request, viewer, warning_id, given=given, refused=refused)
    say_once(request, _("研判记下了。"))
    return HttpResponseRedirect(reverse("desk:warnings"))


def _page(
    request: HttpRequest,
    viewer: Viewer,
    warning_id: int,
    *,
    given: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    everything = [*queries.open_warnings(viewer), *queries.judged_warnings(viewer)]
    seen = next((one for one in everything if one.id == warning_id), None)
    if seen is None:
        raise Refused("not-found", say=_("没有这条预警，或不在您的辖区内。"))
    sheet = Paginator(queries.warning_matters(viewer, warning_id).values_list("number", flat=True), PAGE)
    numbers = tuple(sheet.get_page(request.GET.get("page")).object_list)
    held = worklist(viewer, Filters(state="all", numbers=numbers), sort="-received") if numbers else None
    page: dict[str, Any] = {
        "seen": seen,
        "rows": held.rows if held else [],
        "sheet": sheet.get_page(request.GET.get("page")),
        "judgements": list(JUDGEMENTS.items()),
        "given": given or {"judged_as": "", "note": ""},
        "path_words": path_words,
        "category_title": category_title,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/notices/warning.html", page, status=status_of(refused) if refused else 200)


@nav_counts
def counts(viewer: Viewer) -> dict[str, int]:
    """How many warnings wait, beside their line of the navigation."""
    if viewer.post_id is None or not viewer.may("view") or not viewer.may("rates"):
        return {}
    return {"warnings": queries.open_warning_count(viewer)}
