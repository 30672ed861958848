"""The directory (which unit a category goes to) as rows and as a table to take in; local numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import units, viewer_for
from youying.access.refusal_pages import status_of
from youying.editions import actions
from youying.editions.directory import Known
from youying.editions.queries import directory_headers, directory_of, edition_for
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.numbers import since_of
from youying.faces.desk.packs.views import params
from youying.faces.desk.packs.where import place_asked
from youying.faces.desk.rates.tables import answer
from youying.faces.shared.shell import say_once
from youying.files.actions import check
from youying.files.tables import rows_of
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import path_words
from youying.places.rules import lies_in
from youying.text.queries import categories, category_title


@at_post("packs")
def directory(request: HttpRequest) -> HttpResponse:
    """The directory of a place; a posted table is taken in and each row that does not fit is listed."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    if request.method != "POST":
        return _directory_page(request, place)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Refused("file-missing", say=_("请先选一个表格文件。"), field="file")
        checked = check(file)
        checked.source.seek(0)
        outcome = actions.import_directory(
            place,
            rows=rows_of(checked.source),
            by=viewer,
            since=since_of(request.POST.get("since", "")[:20]),
            file=checked.name,
            known=_known(viewer, place),
        )
    except Refused as refused:
        return _directory_page(request, place, refused=refused)
    return _directory_page(request, place, outcome=outcome)


def _known(viewer: Viewer, place: str) -> Known:
    """The categories by code and by title, and what units and their types are called at a place."""
    every = [(one.code, one.title, category_title(one.code)) for one in categories()]
    times = Counter(title for _code, title, _whole in every)
    named = {title: code for code, title, _whole in every if times[title] == 1}
    named |= {whole: code for code, _title, whole in every} | {code: code for code, _title, _whole in every}
    near = [one for one in units(viewer) if lies_in(one.reach, place) or lies_in(place, one.reach)]
    kinds = edition_for(place).pack.units
    return Known(
        categories=named,
        units={name for one in near for name in (one.code, one.title)}
        | {name for code, one in kinds.items() for name in (code, one.title)},
    )


def _directory_page(
    request: HttpRequest, place: str, *, refused: Refused | None = None, outcome: Any = None
) -> HttpResponse:
    page = {
        "place": place,
        "place_words": path_words(place),
        "rows": directory_of(place),
        "outcome": outcome,
        "category_title": category_title,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/packs/directory.html", page, status=status_of(refused) if refused else 200)


@at_post("packs")
def directory_form(request: HttpRequest) -> HttpResponse:
    """The directory as a table to fill in: the headers of this place's edition, and the rows in force."""
    place = place_asked(request, viewer_for(request))
    head = directory_headers(place)
    rows = [[_cell_of(row, title) for title in head] for row in directory_of(place)]
    return answer([head, *rows], title=_("派单目录"), note=path_words(place))


def _cell_of(row: Any, title: str) -> str:
    names = {"分类": "category", "主办": "unit", "协办": "joint", "不派": "not_to", "层级": "tier"}
    names |= {"紧急程度": "urgency", "时限": "within", "办理流程": "loop", "依据": "basis"}
    value = getattr(row, names.get(title, ""), "")
    return "、".join(value) if isinstance(value, tuple) else str(value)


@at_post("packs")
@require_POST
def end_row(request: HttpRequest) -> HttpResponse:
    """Stop suggesting a unit for a category."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    actions.end_directory_row(place, category=request.POST.get("category", "")[:60], by=viewer)
    say_once(request, _("这一行停用了，以后不再照它派。"))
    return HttpResponseRedirect(f"{reverse('desk:pack-directory')}?{urlencode({'place': place})}")


@at_post("packs")
def one_param(request: HttpRequest) -> HttpResponse:
    """Set one number of the place, from now or from a day on."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    name = request.POST.get("name", request.GET.get("name", ""))[:60]
    said = next((row for row in params(edition_for(place), place) if row[0] == name), None)
    if said is None:
        raise Refused("param-unknown", say=_("没有这个本地数值，请从列表里选。"), have=name)
    given = {"value": request.POST.get("value", str(said[2])), "since": request.POST.get("since", "")}
    page = {"place": place, "place_words": path_words(place), "param": said, "given": given, "errors": {}}
    if request.method != "POST":
        return render(request, "desk/packs/param.html", page)
    try:
        actions.set_param(place, name=name, value=given["value"], by=viewer, since=since_of(given["since"][:20]))
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/packs/param.html", page, status=status_of(refused))
    say_once(request, _("“%(title)s”改好了。") % {"title": said[1]})
    return HttpResponseRedirect(f"{reverse('desk:packs')}?{urlencode({'place': place})}")
