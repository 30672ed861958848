"""Tables of places: tried out and taken in; what does not fit comes back as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.tables import taking
from youying.faces.shared.shell import say_once
from youying.kernel.tables import Field
from youying.places import actions
from youying.places.fields import COVERS, KINDS
from youying.places.trying import try_rows

TITLES: dict[str, Any] = {
    "area": gettext_lazy("区划"),
    "compound": gettext_lazy("小区"),
    "building": gettext_lazy("楼栋"),
    "grid": gettext_lazy("网格"),
    "road": gettext_lazy("道路"),
    "home": gettext_lazy("户"),
}


def columns() -> dict[str, dict[str, Field]]:
    """The columns of each kind of table."""
    found = {code: {**KINDS[code].key, **KINDS[code].fields} for code in TITLES}
    found["grid"]["covers"] = COVERS
    return found


PLACES = taking.Counter(
    titles=TITLES,
    columns=columns(),
    try_rows=lambda kind, rows, viewer, name: try_rows(kind, rows, by=viewer, file=name),
    start="desk:place-imports",
    look="desk:place-import",
    to_fix="desk:place-to-fix",
    blank="desk:place-blank",
    back="desk:places",
    most_rows=20_000,
    unknown="place-kind-unknown",
)


@at_post("places")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a table."""
    return taking.start(request, PLACES)


@at_post("places")
def look(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Try the table out without keeping anything; the button takes it in."""
    viewer, kind = viewer_for(request), PLACES.kind_said(kind)
    if request.method != "POST":
        return taking.look(request, PLACES, kind, token)
    name, rows = taking.table(viewer, PLACES, token)
    outcome = actions.import_rows(kind, rows, by=viewer, file=name)
    said = {"added": len(outcome.added), "changed": len(outcome.changed), "bad": len(outcome.refused)}
    say_once(request, _("导入好了：新增 %(added)s，改 %(changed)s，没收 %(bad)s。") % said)
    return HttpResponseRedirect(reverse("desk:places"))


@at_post("places")
def to_fix(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The rows that do not fit, each with its reason, to mend and take in again."""
    return taking.to_fix(request, PLACES, PLACES.kind_said(kind), token)


@at_post("places")
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    return taking.blank(PLACES, kind)
