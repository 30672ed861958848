"""Tables of the house (places, units, posts): taken up, tried out, looked at, and only then taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import errors_of
from youying.faces.desk.rates.tables import answer
from youying.files.actions import take
from youying.files.queries import as_stream, one
from youying.files.tables import rows_of
from youying.kernel.masking import mask_phone
from youying.kernel.refusals import Refused
from youying.kernel.tables import Field, TableOutcome, plain, written
from youying.kernel.viewers import Viewer

SHOWN = 8
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Counter:
    """Where tables of some kinds are handed in: its kinds with their columns, its addresses, what a table would do.

    `start`, `look`, `to_fix` and `blank` are the names of its pages, `back` that of the list it belongs to; `query`
    is what all their addresses say besides (for which place). `read` makes rows of a file, `show` shows a cell.
    """

    titles: Mapping[str, Any]
    columns: Mapping[str, Mapping[str, Field]]
    try_rows: Callable[[str, Rows, Viewer, str], TableOutcome]
    start: str
    look: str
    to_fix: str
    blank: str
    back: str
    most_rows: int
    unknown: str = "table-kind-unknown"
    personal: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Callable[[Viewer], Mapping[str, Sequence[tuple[str, str]]]] = field(default=lambda viewer: {})
    read: Callable[[IO[bytes]], Rows] = rows_of
    show: Callable[[object], str] = written
    query: str = ""

    def kind_said(self, code: str) -> str:
        """A kind of table; refused when there is none."""
        if code not in self.titles:
            raise Refused(self.unknown, say=_("请选导入哪种表。"), have=code[:20], field="kind")
        return code

    def headers(self, kind: str) -> list[str]:
        """The titles of the columns of a kind of table."""
        return [one.headers[0] for one in self.columns[kind].values()]

    def said(self, kind: str) -> list[str]:
        """The titles with the needed ones marked."""
        return [f"{one.headers[0]}{_('（必填）') if one.needed else ''}" for one in self.columns[kind].values()]


def start(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Choose a kind and a table; a table that was handed in is looked at next."""
    viewer = viewer_for(request)
    page: dict[str, Any] = {
        "at": counter,
        "headers": {kind: counter.said(kind) for kind in counter.titles},
        "words": counter.words(viewer),
        "chosen": request.GET.get("kind", ""),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "desk/tables/start.html", page)
    try:
        kind, file = counter.kind_said(request.POST.get("kind", "")), request.FILES.get("file")
        if file is None:
            raise Refused("file-missing", say=_("请先选一个表格文件。"), field="file")
        upload = take(file, by=viewer, role="import")
    except Refused as refused:
        page |= {"chosen": request.POST.get("kind", ""), "errors": errors_of(refused)}
        return render(request, "desk/tables/start.html", page, status=status_of(refused))
    return HttpResponseRedirect(f"{reverse(counter.look, args=[kind, upload.token])}?{counter.query}".rstrip("?"))


def table(viewer: Viewer, counter: Counter, token: str) -> tuple[str, Rows]:
    """The name and rows of an uploaded table of this person's."""
    with closing(as_stream(viewer, token)) as stream:
        rows = counter.read(stream)
    if len(rows) > counter.most_rows:
        say = _("一次最多导入%(n)s行，请分成几个文件。") % {"n": counter.most_rows}
        raise Refused("table-too-long", say=say, have=len(rows), need=counter.most_rows)
    return one(viewer, token).name, rows


def look(request: HttpRequest, counter: Counter, kind: str, token: str) -> HttpResponse:
    """What taking the table in would do; nothing is kept."""
    viewer = viewer_for(request)
    name, rows = table(viewer, counter, token)
    page = {
        "at": counter,
        "kind": kind,
        "title": counter.titles[kind],
        "token": token,
        "name": name,
        "outcome": counter.try_rows(kind, rows, viewer, name),
        "rows": [_shown(row, counter, counter.personal.get(kind, frozenset())) for row in rows[:SHOWN]],
        "head": list(rows[0]) if rows else [],
    }
    return render(request, "desk/tables/look.html", page)


def _shown(row: Mapping[str, Any], counter: Counter, personal: frozenset[str]) -> dict[str, str]:
    """A row as a page shows it, telephones masked."""
    cells = {title: counter.show(cell) for title, cell in row.items()}
    return {title: mask_phone(plain(cell)) if plain(title) in personal else cell for title, cell in cells.items()}


def to_fix(request: HttpRequest, counter: Counter, kind: str, token: str) -> HttpResponse:
    """The rows that do not fit, each with its reason, to mend and take in again."""
    viewer = viewer_for(request)
    name, rows = table(viewer, counter, token)
    bad = counter.try_rows(kind, rows, viewer, name).to_fix()
    head = list(bad[0]) if bad else ["行", "原因"]
    lines = [head, *([row.get(title, "") for title in head] for row in bad)]
    return answer(lines, title=_("要改的行"), note=name)


def blank(counter: Counter, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    return answer([counter.headers(counter.kind_said(kind))], title=str(counter.titles[kind]), note="")
