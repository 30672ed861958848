"""The first page of the desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.faces.desk.day import side
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter.buttons import ready
from youying.faces.shared.shell import nav_counts, say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions, queries
from youying.matters.queries import Day
from youying.matters.queries.duty import duty_near
from youying.matters.queries.landings import landed_on, landed_on_nobody
from youying.people.on_duty import MINDS, hand_overs_waiting, swaps


@at_post()
def day(request: HttpRequest) -> HttpResponse:
    """What this person should see to, by deadline, each with its next step."""
    viewer = viewer_for(request)
    held = queries.day(viewer)
    near = duty_near(viewer.reach)
    first = landed(viewer) if near else []
    called = queries.called(viewer)
    above = {todo.row.id for group in first for todo in group.todos} | {one.matter_id for one in called}
    calls, call_count = queries.waiting(viewer) if viewer.may("act") else ([], 0)
    asked = queries.asks_for(viewer)
    page = {
        "day": held,
        "headline": headline(held, asks=sum(one.mine for one in asked)),
        "groups": [*first, *groups(held, shown=above)],
        "ready": ready,
        "asks": asked,
        "calls": [todo for todo in calls if todo.next is None],
        "call_count": call_count,
        "supervisions": queries.waiting_supervisions(viewer),
        "rates": side.rates(viewer),
        "warnings": side.warnings(viewer),
        "called": called,
        "duty": side.duty(viewer),
        "hand_overs": hand_overs_waiting(viewer) if near else [],
        "swaps": swaps(viewer) if near else [],
    }
    return render(request, "desk/day/day.html", page)


def headline(held: Day, *, asks: int = 0) -> str:
    """The day in one sentence; `asks` are those that wait for this reader's answer."""
    pressing = held.overdue_count + held.today_count
    if not pressing:
        if held.today_elsewhere_count:
            there = held.today_elsewhere_count
            return ngettext(
                "没有要您办的；%(num)s 件今天到期，在等别人办", "没有要您办的；%(num)s 件今天到期，在等别人办", there
            ) % {"num": there}
        waiting = len(held.undated)
        if waiting:
            return ngettext("没有超期的，有 %(num)s 件等您动手", "没有超期的，有 %(num)s 件等您动手", waiting) % {
                "num": waiting
            }
        return _of_others(held, asks) or _("今天没有到期的事")
    parts = []
    if held.overdue_count:
        parts.append(ngettext("%(num)s 件已超期", "%(num)s 件已超期", held.overdue_count) % {"num": held.overdue_count})
    if held.today_count:
        parts.append(ngettext("%(num)s 件今天到期", "%(num)s 件今天到期", held.today_count) % {"num": held.today_count})
    first = ngettext("今天先看住 %(num)s 件", "今天先看住 %(num)s 件", pressing) % {"num": pressing}
    return first + _("：") + _("，").join(parts)


def _of_others(held: Day, asks: int) -> str:
    """What is late with others and what waits for an answer, where nothing of one's own presses; empty where neither."""
    late, said = held.elsewhere_count, []
    if late:
        said.append(ngettext("别人手上有 %(num)s 件超期", "别人手上有 %(num)s 件超期", late) % {"num": late})
    if asks:
        said.append(ngettext("%(num)s 个申请等您答复", "%(num)s 个申请等您答复", asks) % {"num": asks})
    return _("，").join(said)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the day under one heading: the first of them, how many there are in all, the ledger that shows them all."""

    title: str
    remark: str
    todos: list[queries.Todo]
    count: int
    query: dict[str, str] | None = None


def landed(viewer: Viewer) -> list[Group]:
    """What came in off hours and waits with this person, before everything else; then what nobody was on duty for."""
    mine = landed_on(viewer)
    nobody = landed_on_nobody(viewer) if viewer.may(MINDS) else []
    made = [
        Group(_("值班时来的，先由您接"), _("非工作时间来的"), mine, len(mine)),
        Group(_("来的时候没有人值班"), _("请您过问"), nobody, len(nobody)),
    ]
    return [group for group in made if group.todos]


def groups(held: Day, *, shown: Collection[int] = ()) -> list[Group]:
    """The rows by deadline; empty groups are left out. A count is a link only where the ledger shows exactly these."""
    late = {"lamp": "overdue"} if held.overdue_count == held.overdue_in_sight else None
    due = {"due": "today"} if held.today_count == held.today_in_sight else None
    apart = {"lamp": "overdue"} if held.elsewhere_count == held.overdue_in_sight else None
    beside = {"due": "today"} if not held.today else None
    made = [
        Group(_("已超期"), _("不会自己消失"), held.overdue, held.overdue_count, late),
        Group(_("今天到期"), "", held.today, held.today_count, due),
        Group(_("今天到期，在等别人办"), "", held.today_elsewhere, held.today_elsewhere_count, beside),
        Group(_("等您动手，还没有期限"), "", held.undated, len(held.undated)),
        Group(_("明天以后"), "", held.later, held.later_count),
        Group(_("在别人手上，已超期"), _("等他们办，您看得到"), held.elsewhere, held.elsewhere_count, apart),
    ]
    return [group for group in (_less(one, shown) for one in made) if group.todos]


def _less(group: Group, shown: Collection[int]) -> Group:
    """The group without the rows that stand above already."""
    left = [todo for todo in group.todos if todo.row.id not in shown]
    if len(left) == len(group.todos):
        return group
    return replace(group, todos=left, count=group.count - len(group.todos) + len(left), query=None)


@at_post()
@require_POST
def answer_ask(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Say yes or no to what a colleague asks for."""
    viewer, note = viewer_for(request), request.POST.get("note", "")
    try:
        if request.POST.get("answer") == "approve":
            matter = actions.approve(ask_id, by=viewer, note=note)
            say_once(request, _("已同意，%(number)s 照办。") % {"number": matter.number})
        else:
            matter = actions.refuse(ask_id, by=viewer, note=note, reason=request.POST.get("reason", ""))
            say_once(request, _("没有同意，理由已记下。"))
    except Refused as refused:
        say_once(request, refused.say)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "/desk/"


@nav_counts
def counts(viewer: Viewer) -> dict[str, int]:
    """The numbers beside "my day" and the ledger."""
    if viewer.post_id is None:
        return {}
    return {"day": queries.pressing(viewer), "ledger": queries.open_count(viewer)}
