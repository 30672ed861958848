"""One part of a whole: given to another unit or dropped, with the reason in words, by who had it listed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.shared.days import read_moment
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.matters import actions, queries

NAMES = ("what", "unit", "due_at", "note", "version")


@at_post()
def change(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The part with what may be done to it; a refused change keeps what was typed."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    lines = queries.progress(matter).lines  # of one that was given anew the last counts
    one = next((line for line in reversed(lines) if line.code == code), None)
    if one is None:
        raise Refused("not-found", say=_("没有这项子任务，请从事项页点进来。"), have=code[:40])
    if not queries.may_change_parts(viewer, matter):
        raise Refused("no-power", say=_("子任务要由列出它的岗位或主办单位来改派、取消。"), have=viewer.post_title)
    page: dict[str, Any] = {
        "matter": matter,
        "one": one,
        "units": [(unit.id, unit.title) for unit in queries.units_for(matter)],
        "given": dict.fromkeys(NAMES, ""),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "desk/matter/part.html", page)
    given = {name: request.POST.get(name, "").strip() for name in NAMES}
    try:
        said = _change(matter.pk, code, viewer, given)
    except Refused as refused:
        page |= {"given": given, "errors": errors_of(refused)}
        return render(request, "desk/matter/part.html", page, status=status_of(refused))
    say_once(request, said)
    return HttpResponseRedirect(reverse("desk:matter", args=[number]))


def _change(matter_id: int, code: str, viewer: Any, given: dict[str, str]) -> str:
    version = int(given["version"]) if given["version"].isdecimal() and len(given["version"]) < 10 else None
    if given["what"] == "drop":
        actions.drop_part(matter_id, code, by=viewer, note=given["note"], expected_version=version)
        return _("这一项取消了，其余的照办。")
    due = read_moment(given["due_at"], field="due_at") if given["due_at"] else None
    actions.give_part(
        matter_id, code, by=viewer, unit=given["unit"], note=given["note"], due_at=due, expected_version=version
    )  # fmt: skip
    return _("这一项交给另一家了，从头计时。")
