"""Lists as files: asked for from a ledger, allowed by another post where they are long, fetched when written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.channels.hotline import queries
from youying.channels.hotline.actions import exporting
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.ledger.filters import read_query
from youying.faces.shared import waiting
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import thousands
from youying.jobs import queries as jobs


@at_post("export")
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports."""
    viewer = viewer_for(request)
    held = [(row, jobs.job(viewer, row.job_id) if row.state == "running" else None) for row in queries.exports(viewer)]
    rows = [(row, job, _bar(row, job) if job and not job.over else None) for row, job in held]
    return render(request, "desk/hotline/exports.html", {"rows": rows, "days": queries.export_days()})


def _bar(row: Any, job: jobs.JobSeen) -> waiting.Bar:
    words = _("已写 %(n)s 件") % {"n": thousands(job.done)}
    return waiting.Bar(words, job.done, job.total, reverse("desk:export-bar", args=[row.pk]))


@at_post("approve-export")
def to_answer(request: HttpRequest) -> HttpResponse:
    """Long exports of others that wait for one's yes or no."""
    return render(request, "desk/hotline/to-answer.html", {"asked": queries.exports_to_answer(viewer_for(request))})


@at_post("export")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the rows and columns that a ledger shows."""
    asked = read_query(request.POST.get("query", "").removeprefix("?")).whole()
    columns = request.POST.getlist("columns") or exporting.USUAL
    row = exporting.start_export(asked.filters, columns, by=viewer_for(request), sort=asked.sort)
    say_asked(request, row)
    return HttpResponseRedirect(reverse("desk:exports"))


def say_asked(request: HttpRequest, row: Any) -> None:
    """Say on the next page whether the file is being written or waits for somebody's yes."""
    waits = _("一天内导出的合起来超过可直接导出的件数，等另一位有批准权限的同事同意。")
    say_once(request, waits if row.state == "asked" else _("正在导出，好了在这一页下载。"))


@at_post("export")
def bar(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far one is; the whole page anew when it is over."""
    viewer = viewer_for(request)
    row = queries.one_export(viewer, export_id)
    job = jobs.job(viewer, row.job_id) if row.job_id else None
    over = row.state != "running" or job is None or job.over
    return waiting.answer(request, None if over or job is None else _bar(row, job))


@at_post("approve-export")
@require_POST
def answer(request: HttpRequest, export_id: int) -> HttpResponse:
    """Allow or refuse another one's long export."""
    allow = request.POST.get("allow") == "1"
    exporting.answer_export(export_id, by=viewer_for(request), allow=allow)
    say_once(request, _("已同意，开始导出。") if allow else _("没有同意，不会导出。"))
    return HttpResponseRedirect(reverse("desk:exports-to-answer"))
