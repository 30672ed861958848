"""From one matter to the next in the list it was opened from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from youying.faces.desk.ledger.filters import link, read_query
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a matter stands in its list, and its neighbours."""

    back: str
    at: int
    total: int
    earlier: str
    later: str


def matter_link(number: str, query: dict[str, str], at: int) -> str:
    """The address of a matter opened from a list."""
    return f"{reverse('desk:matter', args=[number])}?{urlencode({'list': link(query)[1:], 'at': at})}"


def walk(viewer: Viewer, request: HttpRequest, matter: Any) -> Walk | None:
    """The list that the address names, looked at around this matter; nothing where the matter has left it."""
    said = request.GET.get("at", "")
    if "list" not in request.GET or not said.isdecimal() or len(said) > 7:
        return None
    asked, at = read_query(request.GET["list"]), int(said)
    start = max(at - 1, 0)
    try:
        page = queries.worklist(viewer, asked.filters, sort=asked.sort, start=start, limit=3)
    except Refused:
        return None
    numbers = [row.number for row in page.rows]
    back = reverse("desk:ledger") + link(asked.query)
    if matter.number not in numbers:
        return Walk(back, 0, page.total, "", "")
    place = numbers.index(matter.number)
    links = [matter_link(number, asked.query, start + index) for index, number in enumerate(numbers)]
    later = links[place + 1] if place + 1 < len(links) else ""
    return Walk(back, start + place + 1, page.total, links[place - 1] if place else "", later)
