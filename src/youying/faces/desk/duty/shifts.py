"""One shift: who is on it, swapping it, handing it over."""

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
from youying.faces.desk.duty import asking
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.shared.shell import say_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.landings import open_after
from youying.people import actions, on_duty
from youying.people.roster_rules import WRITE_FROM
from youying.places.queries import path_words


@at_post()
def shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """One shift with what this reader may do about it."""
    viewer = viewer_for(request)
    row = on_duty.find_shift(viewer, shift_id)
    if request.method != "POST":
        return _page(request, viewer, row)
    try:
        said = _do(request, viewer, row)
    except Refused as refused:
        return _page(request, viewer, row, refused=refused)
    say_once(request, said)
    return HttpResponseRedirect(reverse("desk:duty-shift", args=[row.pk]))


def _do(request: HttpRequest, viewer: Viewer, row: Any) -> str:
    doing = DOINGS.get(request.POST.get("do", ""))
    if doing is None:
        raise Refused("act-unknown", say=_("请选要做什么。"), have=request.POST.get("do", "")[:20])
    return doing(request, viewer, row)


def _assign(request: HttpRequest, viewer: Viewer, row: Any) -> str:
    account, version = _number(request, "account"), _number(request, "version")
    phone = request.POST.get("phone", "")[:40]
    actions.assign_shift(row.pk, account_id=account, by=viewer, phone=phone, expected_version=version)
    return _("改好了，原来的人和新来的人都会收到提醒。")


def _swap(request: HttpRequest, viewer: Viewer, row: Any) -> str:
    taker = _number(request, "taker")
    if taker is None:
        raise Refused("taker-missing", say=_("请选想换给谁。"), field="taker")
    actions.ask_swap(row.pk, taker=taker, in_return=_number(request, "in_return"), by=viewer)
    return _("已经问对方了，对方答应以前还是您的班。")


def _write(request: HttpRequest, viewer: Viewer, row: Any) -> str:
    numbers = [number[:20] for number in request.POST.getlist("numbers")]
    known = {matter.number for matter in open_after(row)}
    actions.write_hand_over(
        row.pk, note=request.POST.get("note", ""), numbers=[one for one in numbers if one in known], by=viewer
    )
    return _("交接班记录写好了，接班的人会收到提醒。")


def _read(request: HttpRequest, viewer: Viewer, row: Any) -> str:
    actions.read_hand_over(row.pk, by=viewer)
    return _("确认接班，没办完的转到您的一天里了。")


DOINGS: dict[str, Callable[[HttpRequest, Viewer, Any], str]] = {
    "assign": _assign,
    "swap": _swap,
    "write": _write,
    "read": _read,
}


def _number(request: HttpRequest, name: str) -> int | None:
    said = request.POST.get(name, "").strip()
    return int(said) if said.isdecimal() and len(said) < 12 else None


def _page(request: HttpRequest, viewer: Viewer, row: Any, *, refused: Refused | None = None) -> HttpResponse:
    seen = on_duty.seen([row])[0]
    mine = row.account_id is not None and row.account_id == viewer.account_id
    keeps = on_duty.keeps(viewer, row.path)
    begun, at = row.begins_at <= now(), now()
    page: dict[str, Any] = {
        "row": seen,
        "place_words": path_words(row.path),
        "hours": asking.hours_of(row.begins_at, row.ends_at, row.path),
        "mine": mine,
        "begun": begun,
        "may_assign": keeps and not begun,
        "may_swap": mine and not begun and not seen.swapping,
        "may_write": (mine or keeps) and at >= row.ends_at - WRITE_FROM and row.account_id is not None,
        "note": on_duty.hand_over(viewer, row.pk),
        "next": on_duty.next_shift(row),
        "given": {name: request.POST.get(name, "") for name in ("account", "phone", "taker", "in_return", "note")},
        "errors": errors_of(refused) if refused else {},
    }
    page["may_read"] = _may_read(page, viewer, keeps=keeps)
    return render(
        request,
        "desk/duty/shift.html",
        page | _people(page, viewer, row),
        status=status_of(refused) if refused else 200,
    )


def _may_read(page: dict[str, Any], viewer: Viewer, *, keeps: bool) -> bool:
    """Whether the reader takes over, or stands in for who does; never whoever wrote the note."""
    note, after = page["note"], page["next"]
    if note is None or note.read_at or note.written_by_id == viewer.account_id:
        return False
    return keeps or (after is not None and after.account_id == viewer.account_id)


def _people(page: dict[str, Any], viewer: Viewer, row: Any) -> dict[str, Any]:
    """Whom the forms of the page offer, read only where one of them is shown."""
    if not (page["may_assign"] or page["may_swap"] or page["may_write"]):
        return {"people": [], "theirs": [], "open": []}
    people = on_duty.names(list(on_duty.able(row.path, row.posts).values())) if not page["begun"] else []
    others = [(key, name) for key, name in people if key != viewer.account_id]
    return {
        "people": people,
        "others": others,
        "theirs": _theirs(row, dict(others)) if page["may_swap"] else [],
        "open": open_after(row) if page["may_write"] else [],
    }


def _theirs(row: Any, others: dict[int, str]) -> list[tuple[int, str]]:
    """The coming shifts of the others at the same roster, to be given back for this one."""
    found = on_duty.coming(row.path, row.roster, accounts=others)
    return [(one.id, f"{one.name}　{asking.time_of(one)}") for one in found]


@at_post()
@require_POST
def answer_swap(request: HttpRequest, swap_id: int) -> HttpResponse:
    """Say yes or no to a swap, or take one's own back."""
    viewer, said = viewer_for(request), request.POST.get("answer", "")
    try:
        if said == "withdraw":
            actions.withdraw_swap(swap_id, by=viewer)
        elif request.POST.get("as") == "keeper":
            actions.approve_swap(swap_id, yes=said == "yes", by=viewer)
        else:
            actions.answer_swap(swap_id, yes=said == "yes", by=viewer)
        say_once(request, _("记下了，对方会收到提醒。"))
    except Refused as refused:
        say_once(request, refused.say)
    return HttpResponseRedirect(reverse("desk:duty"))
