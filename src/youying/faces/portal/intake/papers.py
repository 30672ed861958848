"""The papers of one's own matter: what was handed in, masked, and what this person may still hand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from youying.access.entrance import address_of
from youying.channels.intake import actions
from youying.channels.intake.queries import may_see_papers
from youying.faces.portal.intake.mine import number_of
from youying.faces.portal.intake.progress import own
from youying.faces.shared.sheets import ReadSheet, asked_alone, read_sheet, sign
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters import queries as reading
from youying.matters.queries import AskedSheet, Found
from youying.packs.compiled import CompiledAct

ASKED_HERE = frozenset({"sheet", "papers", "signature", "due"})
"""Proofs that this page has a field for, or that its step can do without; a step that needs more is staff's."""


@dataclass(slots=True)
class Handing:
    """A step that this person may take here: the sheets it asks for, whether it wants a signature, what came back."""

    step: CompiledAct
    asked: list[AskedSheet]
    signature: bool
    back: ReadSheet = field(default_factory=ReadSheet)


@own
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, found: Found) -> HttpResponse:
    """What was handed in, and a form for what is still open."""
    if not may_see_papers(found):
        say_once(request, _("这件事有几位一起反映，材料请到窗口看。"))
        return redirect("portal:matter", number_of(found))
    wanted = request.POST.get("step", "")
    handing = handing_of(found, wanted)
    if request.method == "GET" or handing is None:
        return _page(request, found, handing, {})
    errors = _hand_in(request, found, handing)
    if errors:
        return _page(request, found, handing, errors, status=422)
    say_once(request, _("材料交上了，办理的人看得到。"))
    return redirect("portal:papers", number_of(found))


def handing_of(found: Found, wanted: str = "") -> Handing | None:
    """The step with which this person hands papers in now; nothing where there is none."""
    steps = reading.paper_steps(found.viewer, found.matter)
    fitting = [one for one in steps if {need.word for need in one.needs} <= ASKED_HERE]
    step = next((one for one in fitting if one.id == wanted), next(iter(fitting), None))
    if step is None:
        return None
    return Handing(step, reading.asked_sheets(found.matter, step), step.needs_word("signature"))


def _hand_in(request: HttpRequest, found: Found, handing: Handing) -> dict[str, str]:
    """Read the form and take the step; what is wrong, by field."""
    try:
        actions.admit(address_of(request))
        data = _read(request, handing)
        if not handing.back.errors:
            matters.act(found.matter.pk, handing.step.id, by=found.viewer, origin="portal", **data)
    except Refused as refused:
        name = refused.field if refused.field.startswith("sheet.") or refused.field == "signature" else ""
        handing.back.errors[name] = refused.say
    return handing.back.errors


def _read(request: HttpRequest, handing: Handing) -> dict[str, Any]:
    data: dict[str, Any] = {}
    back = handing.back
    for asked in handing.asked:
        sheet = asked_alone(asked.title, asked.items)
        read = read_sheet(request.POST, request.FILES, sheet, by=PUBLIC, lacking_allowed=asked.later)
        back.shown |= read.shown
        back.errors |= read.errors
        back.kept |= read.kept
        data[asked.name] = {**data.get(asked.name, {}), **read.values}
    if handing.signature:
        said = sign(back, request.POST, request.FILES, by=PUBLIC)
        data |= {"signature": said} if said else {}
    return data


def _page(
    request: HttpRequest, found: Found, handing: Handing | None, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    frame = {
        "number": number_of(found),
        "papers": [one for one in reading.papers_of(found.viewer, found.matter) if one.current],
        "handing": handing,
        "errors": errors,
    }
    return render(request, "portal/intake/papers.html", frame, status=status)
