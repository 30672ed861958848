"""The ledgers that a place's pack declares, read off the record for a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.channels.hotline.actions.exporting import start_export
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.hotline.exports import say_asked
from youying.faces.desk.ledger import choices
from youying.faces.desk.rates.asking import Asked, read
from youying.faces.desk.rates.views import frame
from youying.faces.shared import words
from youying.insight.queries.ledger import Ledger, declared_ledger, ledger, ledger_filters, numbers_listed
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.text.queries import category_title

YES_NO = {"解决": (gettext_lazy("解决了"), gettext_lazy("没解决")), "": (gettext_lazy("是"), gettext_lazy("否"))}
COLUMN_CODES = {"lead": "unit", "due_at": "due", "opened_at": "received"}
"""The facts of a ledger that an exported column calls by another code."""


@at_post("rates")
def ledgers(request: HttpRequest) -> HttpResponse:
    """Which ledgers the pack of this place declares."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    if asked.narrow.place:
        viewer.require_reach(asked.narrow.place)
    edition = edition_for(asked.narrow.place or viewer.reach)
    found = [(code, one.title) for code, one in edition.pack.ledger.items()]
    page = {
        "asked": asked,
        "strays": asked.errors,
        "ledgers": found,
        "edition": edition,
        "place": frame(viewer, asked)["place"],
    }
    return render(request, "desk/rates/ledgers.html", page)


@at_post("rates")
def one_ledger(request: HttpRequest, code: str) -> HttpResponse:
    """One ledger with its figures and rows."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    held = _held(viewer, asked, code)
    page = frame(viewer, asked) | {
        "held": held,
        "rows": [shown(viewer, held, row) for row in held.rows],
        "at_number": held.headings.index("编号") if "编号" in held.headings else -1,
        "figure_titles": {code: one.title for code, one in _figures(viewer, asked).items()},
    }
    return render(request, "desk/rates/ledger.html", page)


@at_post("export")
@require_POST
def export_ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the whole ledger as a file, by the same door as every list that leaves the house."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer).whole()
    place = _place(viewer, asked)
    declared = declared_ledger(place, code)
    filters = ledger_filters(declared, place, since=asked.period.since, until=asked.period.until, zone=words.zone())
    filters = numbers_listed(viewer, declared, place, filters)
    columns = [COLUMN_CODES.get(name, name) for name in declared.columns]
    row = start_export(filters, columns, by=viewer, title=f"{declared.title}，{asked.period.say()}"[:40])
    say_asked(request, row)
    return HttpResponseRedirect(reverse("desk:exports"))


def _place(viewer: Viewer, asked: Asked) -> str:
    place = asked.narrow.place or viewer.reach
    if not place or not viewer.reaches(place):
        raise Refused("out-of-reach", say=_("台账按辖区看，请先选一个辖区。"))
    return place


def _held(viewer: Viewer, asked: Asked, code: str) -> Ledger:
    period = asked.period
    return ledger(viewer, _place(viewer, asked), code, since=period.since, until=period.until, zone=words.zone())


def _figures(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    return dict(edition_for(asked.narrow.place or viewer.reach).pack.figure)


def shown(viewer: Viewer, held: Ledger, row: tuple[Any, ...]) -> list[str]:
    """The cells of a row as people read them."""
    said = {"渠道": dict(choices.options(viewer, "channel")), "紧急程度": dict(choices.options(viewer, "urgency"))}
    return [cell(heading, value, said) for heading, value in zip(held.headings, row, strict=True)]


def cell(heading: str, value: Any, said: Mapping[str, Mapping[str, str]]) -> str:
    """One value in words: moments, yes and no, codes by their titles."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return words.full(value)
    if isinstance(value, bool):
        return str(YES_NO.get(heading, YES_NO[""])[not value])
    if heading == "分类":
        return category_title(value)
    return str(said.get(heading, {}).get(value, value))
