"""Tables of places: taken up, tried out, looked at, and only then taken in; what does not fit comes back as a table."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.rates.tables import answer
from youying.faces.shared.shell import say_once
from youying.files.actions import take
from youying.files.queries import as_stream, one
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places import actions
from youying.places.fields import COVERS, KINDS
from youying.places.tables import rows_of
from youying.places.trying import try_rows

TITLES: dict[str, Any] = {
    "area": gettext_lazy("区划"),
    "compound": gettext_lazy("小区"),
    "building": gettext_lazy("楼栋"),
    "grid": gettext_lazy("网格"),
    "road": gettext_lazy("道路"),
    "home": gettext_lazy("户"),
}
MOST_ROWS = 20_000
SHOWN = 8


@at_post("places")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a table."""
    page: dict[str, Any] = {"kinds": TITLES, "headers": headers(), "chosen": request.GET.get("kind", ""), "errors": {}}
    if request.method != "POST":
        return render(request, "desk/places/import.html", page)
    try:
        kind, file = kind_said(request.POST.get("kind", "")), request.FILES.get("file")
        if file is None:
            raise Refused("file-missing", say=_("请先选一个表格文件。"), field="file")
        upload = take(file, by=viewer_for(request), role="import")
    except Refused as refused:
        page |= {"chosen": request.POST.get("kind", ""), "errors": errors_of(refused)}
        return render(request, "desk/places/import.html", page, status=status_of(refused))
    return HttpResponseRedirect(reverse("desk:place-import", args=[kind, upload.token]))


def kind_said(code: str) -> str:
    """A kind of table; refused when there is none."""
    if code not in TITLES:
        raise Refused("place-kind-unknown", say=_("请选导入哪种表。"), have=code[:20], field="kind")
    return code


def headers() -> dict[str, list[str]]:
    """The columns of each kind of table, the needed ones marked."""
    found = {}
    for code in TITLES:
        fields = {**KINDS[code].key, **KINDS[code].fields}
        found[code] = [f"{field.headers[0]}{'（必填）' if field.needed else ''}" for field in fields.values()]
    found["grid"].append(COVERS.headers[0])
    return found


@at_post("places")
def look(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Try the table out without keeping anything; the button takes it in."""
    viewer, kind = viewer_for(request), kind_said(kind)
    name, rows = table(viewer, token)
    if request.method == "POST":
        outcome = actions.import_rows(kind, rows, by=viewer, file=name)
        said = {"added": len(outcome.added), "changed": len(outcome.changed), "bad": len(outcome.refused)}
        say_once(request, _("导入好了：新增 %(added)s，改 %(changed)s，没收 %(bad)s。") % said)
        return HttpResponseRedirect(reverse("desk:places"))
    outcome = try_rows(kind, rows, by=viewer, file=name)
    page = {
        "kind": kind,
        "title": TITLES[kind],
        "token": token,
        "name": name,
        "outcome": outcome,
        "rows": rows[:SHOWN],
        "head": list(rows[0]) if rows else [],
    }
    return render(request, "desk/places/import-look.html", page)


def table(viewer: Viewer, token: str) -> tuple[str, list[dict[str, Any]]]:
    """The name and rows of an uploaded table of this person's."""
    with closing(as_stream(viewer, token)) as stream:
        rows = rows_of(stream)
    if len(rows) > MOST_ROWS:
        say = _("一次最多导入%(n)s行，请分成几个文件。") % {"n": MOST_ROWS}
        raise Refused("table-too-long", say=say, have=len(rows), need=MOST_ROWS)
    return one(viewer, token).name, rows


@at_post("places")
def to_fix(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The rows that do not fit, each with its reason, to mend and take in again."""
    viewer, kind = viewer_for(request), kind_said(kind)
    name, rows = table(viewer, token)
    bad = try_rows(kind, rows, by=viewer, file=name).to_fix()
    head = list(bad[0]) if bad else ["行", "原因"]
    lines = [head, *([row.get(title, "") for title in head] for row in bad)]
    return answer(lines, title=_("要改的行"), note=name)


@at_post("places")
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    kind = kind_said(kind)
    head = [title.removesuffix("（必填）") for title in headers()[kind]]
    return answer([head], title=str(TITLES[kind]), note="")
