"""The ledger of supervisions and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions.queries import calendar_for, edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.shared.days import read_moment
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.queries.supervisions import PAGE, WHICH


@at_post()
def ledger(request: HttpRequest) -> HttpResponse:
    """Supervisions by how they stand: those that this post watches over, or those asked of its unit."""
    viewer = viewer_for(request)
    which = request.GET.get("which", "open")
    which = which if which in WHICH else "open"
    ours = "ours" in request.GET
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 7 else 0
    rows = queries.supervisions(viewer, which, ours=ours, after=start, limit=PAGE + 1)
    page = {
        "rows": rows[:PAGE],
        "more": start + PAGE if len(rows) > PAGE else 0,
        "counts": queries.supervision_counts(viewer, ours=ours),
        "which": which,
        "ours": ours,
        "has_unit": viewer.unit_id is not None,
        "tabs": _tabs(),
    }
    return render(request, "desk/supervising/ledger.html", page)


def _tabs() -> dict[str, str]:
    return {
        "open": _("等答复"),
        "overdue": _("超期没答复"),
        "replied": _("已答复，等解除"),
        "ended": _("已结束"),
        "all": _("全部"),
    }


@at_post()
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One supervision: what was asked, what was replied, and what this viewer may do about it."""
    view, matter = queries.supervision(viewer_for(request), number)
    return _shown(request, view, matter)


def _shown(
    request: HttpRequest, view: Any, matter: Any, *, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    page = {"view": view, "matter": matter, "errors": errors or {}, "given": request.POST}
    return render(request, "desk/supervising/one.html", page, status=status)


def _reply(request: HttpRequest, key: int, matter: Any) -> str:
    actions.reply_supervision(key, by=viewer_for(request), words=request.POST.get("words", ""))
    return _("已答复，等督办的一方看。")


def _release(request: HttpRequest, key: int, matter: Any) -> str:
    actions.release_supervision(key, by=viewer_for(request), note=request.POST.get("note", ""))
    return _("督办已解除。")


def _renew(request: HttpRequest, key: int, matter: Any) -> str:
    there = calendar_for(edition_by_digest(matter.edition_id), matter.area_path).zone
    due = read_moment(request.POST.get("due_at", ""), field="due_at", there=there)
    note = request.POST.get("again", "")
    actions.renew_supervision(key, by=viewer_for(request), due_at=due, note=note)
    return _("已再问一次，并定了新的期限。")


ACTS: dict[str, Callable[[HttpRequest, int, Any], str]] = {"reply": _reply, "release": _release, "renew": _renew}


@at_post()
@require_POST
def take(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Reply, release or ask again; what is wrong is said beside its field, and nothing typed is lost."""
    view, matter = queries.supervision(viewer_for(request), number)
    if act not in ACTS:
        raise Refused("not-found", say=_("没有这个动作。"), have=act)
    try:
        say_once(request, ACTS[act](request, view.row.id, matter))
    except Refused as refused:
        field = "again" if act == "renew" and refused.field == "note" else refused.field or ""
        return _shown(request, view, matter, errors={field: refused.say}, status=status_of(refused))
    return HttpResponseRedirect(reverse("desk:supervision", args=[number]))
