"""Boards of rates, the rows behind a number, and the ledgers that a pack declares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access.queries import viewer_for
from youying.editions.queries import adopted_near, edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.ledger import choices
from youying.faces.desk.rates import laying
from youying.faces.desk.rates.asking import BREAKDOWNS, PERIODS, Asked, read
from youying.insight import queries
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries as matter_queries
from youying.matters.queries import Filters, worklist
from youying.places.queries import areas_below, path_words
from youying.text.queries import category_title

PICKS = ("place", "grid", "category", "channel", "unit")
PAGE = 50
KEPT_OUT = frozenset({"excluded", "end_reason"})
PARTS = {
    "denominator": gettext_lazy("应算的"),
    "numerator": gettext_lazy("达到的"),
    "missed": gettext_lazy("没达到的"),
    "excluded": gettext_lazy("已剔除的"),
}


@at_post("rates")
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of a place and a period, broken down one way."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    page = frame(viewer, asked)
    try:
        page |= boards(viewer, asked)
    except Refused as refused:
        page |= {"refused": refused, "below": _places_below(viewer, asked)}
        return render(request, "desk/rates/none.html", page)
    return render(request, "desk/rates/rates.html", page)


def boards(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """The board asked for, its months and its categories, each against the year before."""
    period: dict[str, Any] = {"since": asked.period.since, "until": asked.period.until, "narrow": asked.narrow}
    compare = "last-year" if (asked.period.until - asked.period.since).days <= 366 else None
    board = queries.figures(viewer, by=asked.by, compare=compare, **period)
    months = queries.figures(viewer, by="month", compare=compare, **period)
    same = laying.most_frequent(queries.same_type(viewer, **period)) if compare else []
    return {
        "board": board,
        "rates": laying.rates_of(board),
        "counts": laying.counts_of(board),
        "months": months,
        "same": same,
        "line_data": laying.lines(months),
        "line_say": laying.lines_say(months),
        "bar_data": laying.bars(same),
        "bar_say": laying.bars_say(same),
        "left_out": laying.left_out(board),
        "lay": laying,
        "others": _others(viewer, asked),
    }


def _others(viewer: Viewer, asked: Asked) -> list[tuple[str, str, queries.Cell]]:
    """The figures of registers, posts and what recurs, at the place asked for; none where no place is looked at."""
    place = asked.narrow.place or viewer.reach
    if not place or adopted_near(place) is None or not viewer.may("view"):
        return []
    return list(queries.listed_figures(viewer, place, asked.period).values())


def frame(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """What stands around a board: periods, breakdowns, picks."""
    return {
        "asked": asked,
        "periods": PERIODS,
        "breakdowns": BREAKDOWNS,
        "place": path_words(asked.narrow.place or viewer.reach) or viewer.unit_title or _("全部辖区"),
        "picked": [
            (choices.TITLES[name], said_pick(viewer, name, asked.query[name]), asked.link(**{name: ""}))
            for name in PICKS
            if name in asked.query
        ],
        "open_picks": [(name, choices.TITLES[name]) for name in PICKS if name not in asked.query],
    }


def said_pick(viewer: Viewer, name: str, value: str) -> str:
    """A pick in words."""
    if name == "place":
        return path_words(value) or value
    if name == "category":
        return category_title(value)
    return choices.titled(viewer, name, value) or value


def _places_below(viewer: Viewer, asked: Asked) -> list[tuple[str, str]]:
    """Places to look at one by one, where the figures of all together do not agree."""
    found = [area for area in areas_below(viewer.reach or "/none") if area.level in ("town", "community")]
    return [(asked.link(place=area.path), path_words(area.path)) for area in found[:40]]


@at_post("rates")
def choose(request: HttpRequest, name: str) -> HttpResponse:
    """What one pick can be set to, as links."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    if name not in PICKS:
        raise Refused("not-found", say=_("没有这个筛选条件。"))
    links = [(words, asked.link(**{name: value})) for value, words in choices.options(viewer, name)]
    page = {"asked": asked, "strays": asked.errors, "title": choices.TITLES[name], "links": links}
    return render(request, "desk/rates/choose.html", page)


@at_post("rates")
def rows(request: HttpRequest) -> HttpResponse:
    """The matters behind one number, exactly as many as the number says."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    part = request.GET.get("part", "denominator")
    figure, by, key = (request.GET.get(name, "")[:200] for name in ("figure", "by", "key"))
    reason = request.GET.get("reason", "")[:60]
    found = behind(viewer, asked, figure, part=part, line=(by, key), reason=reason)
    sheet = Paginator(found.values_list("number", flat=True), PAGE).get_page(request.GET.get("page"))
    numbers = tuple(sheet.object_list)
    held = worklist(viewer, Filters(state="all", numbers=numbers), sort="-received", limit=PAGE) if numbers else None
    shown = {row.number for row in held.rows} if held else set()
    page = frame(viewer, asked) | {
        "sheet": sheet,
        "rows": held.rows if held else [],
        "hidden": [number for number in numbers if number not in shown],
        "why": _why_out(viewer, shown) if part == "excluded" else {},
        "part": part,
        "parts": PARTS,
        "figure": queries.figures(
            viewer, [figure], since=asked.period.since, until=asked.period.until, narrow=asked.narrow
        ),
        "code": figure,
        "part_link": lambda part: _rows_link(request, part=part, page=""),
        "page_link": lambda number: _rows_link(request, page=str(number)),
        "category_title": category_title,
    }
    return render(request, "desk/rates/rows.html", page)


def _why_out(viewer: Viewer, numbers: Iterable[str]) -> dict[str, tuple[str, str, Any, str]]:
    """Why each matter is kept out: the reason, who said so, when, and what was written with it."""
    found = {}
    for number in numbers:
        matter = matter_queries.find(viewer, number)
        code = matter.excluded or matter.end_reason
        reason = edition_by_digest(matter.edition_id).pack.reasons.get(code)
        told = [one for one in matter_queries.story(matter) if KEPT_OUT & set(one.facts.get("change", {}))]
        who, at, words = (told[-1].who, told[-1].at, told[-1].words) if told else ("", None, "")
        found[number] = (reason.title if reason else code, who, at, words)
    return found


def behind(viewer: Viewer, asked: Asked, figure: str, *, part: str, line: tuple[str, str], reason: str) -> Any:
    """The matters of one part of a figure, of one line of a board where it is named."""
    by, said = line
    try:
        key = laying.read_key(by, said) if by else None
    except ValueError:
        raise Refused("not-found", say=_("没有这一行，请从表里点进来。")) from None
    said_all: dict[str, Any] = {"since": asked.period.since, "until": asked.period.until, "narrow": asked.narrow}
    said_all |= {"by": by or None, "key": key}
    if part == "missed":
        reached = queries.drill(viewer, figure, part="numerator", **said_all)
        return queries.drill(viewer, figure, part="denominator", **said_all).exclude(pk__in=reached.values("pk"))
    return queries.drill(viewer, figure, part=part, reason=reason if part == "excluded" else "", **said_all)  # type: ignore[arg-type]


def _rows_link(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}"
