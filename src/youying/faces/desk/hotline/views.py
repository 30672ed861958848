"""Taking a hotline file in: upload, mapping with its preview, progress, result."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.channels.hotline import queries
from youying.channels.hotline.actions import importing
from youying.channels.hotline.sheets import Sheet
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.hotline import mapping
from youying.faces.shared import waiting
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import thousands
from youying.jobs import queries as jobs
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import areas_below, path_words

KIND = "demand"


@at_post("import")
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form that takes a file."""
    viewer = viewer_for(request)
    if request.method != "POST":
        return _list(request, viewer, {})
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Refused("file-missing", say=_("请选一个表格文件。"), field="file")
        area = request.POST.get("area", "")
        row = importing.start(file, by=viewer, area_path=area, kind=KIND, mapping=request.POST.get("mapping", ""))
    except Refused as refused:
        return _list(request, viewer, errors_of(refused), status=status_of(refused))
    return HttpResponseRedirect(reverse("desk:import", args=[row.pk]))


def _list(request: HttpRequest, viewer: Viewer, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    levels = ("county", "town", "community")
    areas = [
        (one.path, path_words(one.path) or one.name)
        for one in areas_below(viewer.reach or "/none")
        if one.level in levels
    ]
    page = {
        "rows": queries.imports(viewer),
        "areas": areas,
        "area": request.POST.get("area", viewer.reach),
        "mappings": [(name, name) for name in queries.mappings(viewer)],
        "errors": errors,
        "path_words": path_words,
        "days": queries.import_days(),
    }
    return render(request, "desk/hotline/imports.html", page, status=status)


@at_post("import")
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its mapping while it waits for a person, its progress while it runs, its result."""
    viewer = viewer_for(request)
    row = queries.one_import(viewer, import_id)
    if row.state == "mapping":
        return _map(request, viewer, row)
    return render(request, "desk/hotline/result.html", _result(viewer, row))


def _map(request: HttpRequest, viewer: Viewer, row: Any) -> HttpResponse:
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = request.POST
        try:
            row = importing.map_columns(
                row.pk,
                by=viewer,
                columns=mapping.columns_said(given),
                labels=mapping.labels_said(given, row.labels),
                settings=mapping.settings_said(given),
                remember=given.get("remember", ""),
            )
            return HttpResponseRedirect(reverse("desk:import", args=[row.pk]) + "#fate")
        except Refused as refused:
            errors = {f"column-{refused.field}" if refused.field in mapping.columns_said(given) else "": refused.say}
    page = mapping.page_of(viewer, row, errors)
    return render(request, "desk/hotline/mapping.html", page, status=422 if errors else 200)


def _result(viewer: Viewer, row: Any) -> dict[str, Any]:
    job = jobs.job(viewer, row.job_id) if row.job_id and row.account_id == viewer.account_id else None
    done = row.state == "done"
    return {
        "row": row,
        "job": job,
        "bar": _bar(row, job),
        "own": row.account_id == viewer.account_id,
        "kept_until": queries.kept_until(row),
        "place": path_words(row.area_path),
        "counts": queries.finding_counts(row),
        "refused": queries.findings(row, "refused"),
        "noted": queries.findings(row, "open-on-time") + queries.findings(row, "target-disagrees"),
        "pairs": queries.pairs(viewer, row) if done else [],
    }


@at_post("import")
@require_POST
def begin(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let the rows come in."""
    row = importing.begin(import_id, by=viewer_for(request))
    return HttpResponseRedirect(reverse("desk:import", args=[row.pk]))


@at_post("import")
@require_POST
def drop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Leave the file alone."""
    importing.drop(import_id, by=viewer_for(request))
    say_once(request, _("没有导入，什么也没变。"))
    return HttpResponseRedirect(reverse("desk:imports"))


@at_post("import")
def bar(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is; the whole page anew when it is over."""
    viewer = viewer_for(request)
    row = queries.one_import(viewer, import_id)
    job = jobs.job(viewer, row.job_id) if row.job_id and row.account_id == viewer.account_id else None
    return waiting.answer(request, None if row.state == "done" or (job and job.over) else _bar(row, job))


def _bar(row: Any, job: jobs.JobSeen | None) -> waiting.Bar:
    done = job.done if job else row.rows
    said = {"done": thousands(done), "n": thousands(row.opened)}
    return waiting.Bar(
        _("已读 %(done)s 行，登记 %(n)s 件") % said,
        done,
        job.total if job else 0,
        reverse("desk:import-bar", args=[row.pk]),
        _("可以离开这一页，不影响导入；每 500 行存一次，中断了会从停下的地方接着导。"),
    )


@at_post("import")
def to_fix(request: HttpRequest, import_id: int) -> HttpResponse:
    """The refused rows with their reasons, as xlsx, to be mended and taken in again."""
    viewer = viewer_for(request)
    row = queries.one_import(viewer, import_id)
    held = io.BytesIO()
    sheet = Sheet(held, [*row.titles, _("原因")])
    for cells, reason in queries.to_fix(viewer, row):
        sheet.add([*cells, *[None] * (len(row.titles) - len(cells)), reason])
    sheet.close()
    held.seek(0)
    name = _("%(name)s-没有导入的行.xlsx") % {"name": row.name.rpartition(".")[0] or row.name}
    return FileResponse(held, as_attachment=True, filename=name)  # type: ignore[return-value]
