"""What the program has to say to this person, and what reporters are still to be told by somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.channels.notify import actions, queries
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.shared.shell import say_once
from youying.kernel.viewers import Viewer
from youying.matters.queries import find, reporters


@at_post()
def notices(request: HttpRequest) -> HttpResponse:
    """What this person has not seen yet."""
    viewer = viewer_for(request)
    rows = list(queries.notices_for(viewer))
    page = {"rows": rows, "telling": False, "opened": queries.opened_by(viewer, rows)}
    return render(request, "desk/notices/notices.html", page)


@at_post("act")
def to_tell(request: HttpRequest) -> HttpResponse:
    """What reporters are still to be told, oldest first."""
    viewer = viewer_for(request)
    rows = list(queries.to_tell(viewer))
    page = {"rows": rows, "telling": True, "who": _who(viewer, rows), "opened": queries.opened_by(viewer, rows)}
    return render(request, "desk/notices/notices.html", page)


def _who(viewer: Viewer, rows: Iterable[Any]) -> dict[int, str]:
    """Whom to tell, masked: of several reporters each is told singly."""
    numbers = {row.number for row in rows if row.reporter_id}
    known = [one for number in numbers for one in reporters(viewer, find(viewer, number))]
    return {one.id: "·".join(part for part in (one.name, one.phone) if part) for one in known}


@at_post()
@require_POST
def seen(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Take a notice off the list; what was told to a reporter stays in the story of the matter."""
    actions.seen(notice_id, by=viewer_for(request))
    say_once(request, _("记下了。"))
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if ours else reverse("desk:notices"))
