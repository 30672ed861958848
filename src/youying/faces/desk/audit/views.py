"""Search in the record; the check of the whole book; announcements and jobs that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access import queries as access
from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.faces.desk.audit.words import ACTS, SUBJECTS, act_words, origin_words, subject_words
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.shared import waiting as bars
from youying.faces.shared.addresses import strays
from youying.faces.shared.days import first_moment
from youying.faces.shared.shell import say_once
from youying.jobs import actions as jobs
from youying.jobs import queries as job_queries
from youying.jobs.tasks import verify_book
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries as matters
from youying.matters.queries import stuck_bells
from youying.packs.words import VERBS
from youying.record import actions as record
from youying.record.queries import Sought, latest_root, sought, stuck_announcements

PAGE = 50
FIELDS = ("subject", "act", "who", "day")
GIVE_UP_REASONS = ("done-otherwise", "no-longer-needed", "receiver-gone")


@at_post("audit")
def search(request: HttpRequest) -> HttpResponse:
    """What was done, the latest first."""
    viewer = viewer_for(request)
    asked = {name: request.GET.get(name, "").strip()[:120] for name in FIELDS}
    what, errors = what_of(viewer, asked)
    before = request.GET.get("before", "")
    rows = [] if errors else sought(viewer, what, before=_number(before), limit=PAGE + 1)
    page = {
        "asked": asked,
        "errors": errors,
        "rows": rows[:PAGE],
        "names": access.names_of(row.account_id for row in rows),
        "more": _link(asked, before=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        "later": _number(before) is not None,
        "strays": strays(request.GET, (*FIELDS, "before")),
        "acts": sorted(known_acts().items(), key=lambda one: one[1]),
        "subjects": SUBJECTS,
        "act_words": act_words,
        "subject_words": subject_words,
        "origin_words": origin_words,
        "whole": viewer.reach == "/",
    }
    return render(request, "desk/audit/search.html", page | health(viewer))


def health(viewer: Viewer) -> dict[str, Any]:
    """What stands beside the search: the latest root, how much is stuck and failed."""
    return {
        "root": latest_root(),
        "stuck": stuck_announcements(viewer).count(),
        "failed": len(job_queries.failed(viewer)),
    }


def what_of(viewer: Viewer, asked: Mapping[str, str]) -> tuple[Sought, dict[str, str]]:
    """What the form asks for, and what of it could not be read."""
    errors: dict[str, str] = {}
    account_id = None
    if asked["who"]:
        found = access.account_named(asked["who"])
        account_id = found.pk if found else None
        if found is None:
            errors["who"] = _("没有这个人，或同名的不止一位。请写登录名。")
    if asked["act"] and asked["act"] not in known_acts():
        errors["act"] = _("没有这种动作，请从单子里选。")
    since = until = None
    if asked["day"]:
        try:
            since = first_moment(asked["day"])
            until = since + timedelta(days=1)
        except Refused as refused:
            errors["day"] = refused.say
    posts = access.post_ids_within(viewer)
    return Sought(_subject(viewer, asked["subject"]), asked["act"], account_id, since, until, posts), errors


def known_acts() -> dict[str, str]:
    """What can be searched for by what was done: code and words."""
    return {**VERBS, **{code: str(words) for code, words in ACTS.items()}}


def _subject(viewer: Viewer, said: str) -> str:
    """A subject as the record names it; a matter's number is looked up."""
    if not said or ":" in said:
        return said
    try:
        return str(matters.find(viewer, said).subject)
    except Refused:
        return f"matter:{said}"


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 18 else None


def _link(asked: Mapping[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **more}.items() if value})


@at_post("audit")
@require_POST
def start_check(request: HttpRequest) -> HttpResponse:
    """Ask for a check of the whole book."""
    job_id = jobs.ask(verify_book, by=viewer_for(request))
    return HttpResponseRedirect(reverse("desk:record-check", args=[job_id]))


@at_post("audit")
def check(request: HttpRequest, job_id: str) -> HttpResponse:
    """How far a check is, and what it found."""
    seen = job_queries.job(viewer_for(request), job_id)
    if seen.task != verify_book.module_path:
        raise Refused("not-found", say=_("没有这次校验。"))
    href = reverse("desk:record-check", args=[job_id])
    bar = None if seen.over else bars.Bar(_("正在校验全书"), seen.done, seen.total, href)
    if is_htmx(request):
        return bars.answer(request, bar)
    return render(request, "desk/audit/check.html", {"job": seen, "bar": bar})


@at_post("audit")
def waiting(request: HttpRequest) -> HttpResponse:
    """Announcements that got stuck and jobs that failed."""
    viewer = viewer_for(request)
    page = {
        "stuck": stuck_announcements(viewer)[:100],
        "failed": job_queries.failed(viewer),
        "bells": stuck_bells(viewer),
        "bell_words": {"clock": _("到期提醒"), "wake": _("到日子的事"), "ask": _("没人答复的申请")},
        "subject_words": subject_words,
        "origin_words": origin_words,
        "reasons": reasons(),
    }
    return render(request, "desk/audit/waiting.html", page)


def reasons() -> list[tuple[str, str]]:
    """Why somebody may give up on an announcement."""
    return list(zip(GIVE_UP_REASONS, (_("已经用别的办法办了"), _("用不着了"), _("对方已经不在了")), strict=True))


@at_post("audit")
@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Send a stuck announcement on its way again."""
    record.retry(number, by=viewer_for(request))
    say_once(request, _("又送出去了，过一会儿再看。"))
    return HttpResponseRedirect(reverse("desk:record-waiting"))


@at_post("audit")
@require_POST
def give_up(request: HttpRequest, number: int) -> HttpResponse:
    """Give up on a stuck announcement for a coded reason."""
    reason = request.POST.get("reason", "")
    if reason not in GIVE_UP_REASONS:
        raise Refused("reason-missing", say=_("请选为什么不送了。"), field="reason")
    record.give_up(number, by=viewer_for(request), reason=reason)
    say_once(request, _("不送了，后面的可以接着走。理由已记下。"))
    return HttpResponseRedirect(reverse("desk:record-waiting"))


@at_post("audit")
@require_POST
def run_again(request: HttpRequest, job_id: str) -> HttpResponse:
    """Run a failed job again."""
    jobs.again(job_id, by=viewer_for(request))
    say_once(request, _("排上队了，做完的步骤不会重做。"))
    return HttpResponseRedirect(reverse("desk:record-waiting"))
