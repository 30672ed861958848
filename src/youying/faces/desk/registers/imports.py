"""Tables of registers: tried out and entered; what does not fit comes back as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.packs.where import usual_place
from youying.faces.desk.tables import taking
from youying.faces.shared.shell import say_once
from youying.files.queries import one
from youying.kernel.viewers import Viewer
from youying.people import register_rules as rules
from youying.people.actions import columns_of_register, import_entries, try_entries


def counter(viewer: Viewer) -> taking.Counter:
    """Where tables of the registers of this viewer's own place are handed in."""
    path = usual_place(viewer)
    edition = edition_for(path)
    known = {code: one for code, one in rules.registers_of(edition).items() if columns_of_register(one.of)}
    return taking.Counter(
        titles={code: one.title for code, one in known.items()},
        columns={code: columns_of_register(one.of) for code, one in known.items()},
        try_rows=lambda kind, rows, by, name: try_entries(kind, rows, by=by, edition=edition, path=path, file=name),
        start="desk:entry-imports",
        look="desk:entry-import",
        to_fix="desk:entry-to-fix",
        blank="desk:entry-blank",
        back="desk:registers",
        most_rows=2_000,
        unknown="register-unknown",
        personal={code: frozenset({"电话", "手机", "phone"}) for code in known},
        words=lambda _viewer: {
            code: [
                *([(_("类别"), "、".join(one.classes.values()))] if one.classes else []),
                *([(_("同意方式"), "、".join(rules.CONSENT_WAYS.values()))] if one.of == "person" else []),
            ]
            for code, one in known.items()
        },
    )


@at_post("import")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a register and a table."""
    return taking.start(request, counter(viewer_for(request)))


@at_post("import")
def look(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Try the table out without keeping anything; the button enters the rows."""
    viewer = viewer_for(request)
    one(viewer, token)
    at = counter(viewer)
    kind = at.kind_said(kind)
    if request.method != "POST":
        return taking.look(request, at, kind, token)
    name, rows = taking.table(viewer, at, token)
    path = usual_place(viewer)
    outcome = import_entries(kind, rows, by=viewer, edition=edition_for(path), path=path, file=name)
    said = {"entered": len(outcome.added), "same": outcome.same, "bad": len(outcome.refused)}
    say_once(request, _("导入好了：列入 %(entered)s，早已在册 %(same)s，没收 %(bad)s。") % said)
    return HttpResponseRedirect(reverse("desk:register", args=[kind]))


@at_post("import")
def to_fix(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The rows that do not fit, each with its reason, to mend and take in again."""
    viewer = viewer_for(request)
    one(viewer, token)
    at = counter(viewer)
    return taking.to_fix(request, at, at.kind_said(kind), token)


@at_post("import")
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    return taking.blank(counter(viewer_for(request)), kind)
