"""Slips with number and secret: the receipt of an intake, and a new secret for whoever lost theirs or never had one."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter import showing
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.house_rules import ISSUE_WAYS


def slip(
    request: HttpRequest, matter: Any, *, secret: str, title: str, lives_as: str = "", renewed: bool = False
) -> HttpResponse:
    """The receipt: number, secret and the QR that leads to the look-up page; no browser keeps it.

    `lives_as` is the number of the matter in which this one is seen to, where it was merged.
    """
    look_up = request.build_absolute_uri(reverse("portal:look-up"))
    picture = segno.make(f"{look_up}?number={matter.number}").svg_data_uri(scale=4, border=1)
    page = {"matter": matter, "secret": secret, "title": title, "look_up": look_up, "picture": picture}
    page |= {"lives_as": lives_as or matter.number, "renewed": renewed}
    answer = render(request, "desk/intake/slip.html", page)
    answer["Cache-Control"] = "no-store"
    return answer


@at_post()
def new_secret(request: HttpRequest, number: str, reporter_id: int) -> HttpResponse:
    """Ask how the person was known, then show the new secret once."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    shown = next((one for one in queries.reporters(viewer, matter) if one.id == reporter_id), None)
    if shown is None:
        raise Refused("not-found", say=_("这件事项没有这位诉求人。"))
    page: dict[str, Any] = {
        "matter": matter,
        "one": showing.reporter(shown),
        "ways": {way: said for way, said in ISSUE_WAYS.items() if way != "phone" or shown.phone},
        "errors": {},
        "way": "",
    }
    if request.method != "POST":
        return render(request, "desk/matter/new-secret.html", page)
    page["way"] = request.POST.get("way", "")[:20]
    try:
        issued = actions.issue_secret(matter.pk, by=viewer, reporter=reporter_id, way=page["way"])
    except Refused as refused:
        return render(
            request, "desk/matter/new-secret.html", page | {"errors": {"way": refused.say}}, status=status_of(refused)
        )
    title = _("新的查询码")
    return slip(request, issued.slip, secret=issued.secret, title=title, lives_as=matter.number, renewed=True)
