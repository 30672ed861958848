"""Lists that leave the house: asked for, allowed by somebody else where they are long, written by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Sum

from youying.access.queries import rows_taken
from youying.channels.hotline.actions.writing import asker_of
from youying.channels.hotline.asking import asker, filters_as_data, in_the_open, words_of
from youying.channels.hotline.columns import Saying
from youying.channels.hotline.models import Export
from youying.channels.hotline.tasks import run_export
from youying.editions.queries import edition_for, param
from youying.jobs.actions import ask
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, filtered
from youying.matters.queries.worklist import SORTS
from youying.record.actions import open_subject, write
from youying.record.acts import act

MOST_UNASKED = 2000
MOST_ROWS = 500_000
A_DAY = timedelta(days=1)
USUAL = ("number", "title", "place", "category", "stage", "unit", "channel", "received", "due", "verdict")


@act("hotline.start-export", power="export")
def start_export(
    filters: Filters, columns: Sequence[str] = USUAL, *, by: Viewer, sort: str = "-received", title: str = "事项台账"
) -> Export:
    """Ask for a list as xlsx: written by a job at once, or when another post has allowed it where it is long.

    Long is what, with all that the same account has exported unasked within a day, comes to more than `export-most`.
    Refused for an unknown column or order, for an empty list and for one above half a million rows.
    """
    known = Saying("UTC", at=now()).columns()
    if strange := [code for code in columns if code not in known]:
        raise Refused(
            "column-unknown", say=f"没有“{strange[0][:20]}”这一列。", have=strange[0][:40], need=sorted(known)
        )
    if sort not in SORTS:
        raise Refused("unknown-sort", say="排序请选：期限、登记时间、变动时间、编号。", have=sort[:20], field="sort")
    count = filtered(by, filters).order_by().values("pk")[: MOST_ROWS + 1].count()
    if not 0 < count <= MOST_ROWS:
        say = "这个视图里没有事项，不用导出。" if not count else f"超过{MOST_ROWS}件，请分时间段导出。"
        raise Refused("export-size", say=say, have=count, need=MOST_ROWS)
    row = Export.objects.create(
        title=clean_line(title, least=1, most=40, field="title", label="名称"),
        filters=filters_as_data(filters),
        sort=sort,
        columns=list(columns) or list(USUAL),
        account_id=by.account_id,
        post_id=by.post_id,
        asker=asker(by),
        reach=by.reach,
        rows=count,
        made_at=now(),
    )
    open_subject(row.subject)
    if count + gone_unasked(by, but=row) + rows_taken(by.account_id) <= unasked(by):
        _let_go(row, by=by)
    facts = {"rows": count, "columns": row.columns, "filters": in_the_open(row.filters), "state": row.state}
    write(row.subject, "hotline.start-export", by=by, facts=facts, sealed=words_of(row.filters))
    return row


def gone_unasked(by: Viewer, *, but: Export | None = None) -> int:
    """How many rows of lists the same account exported without another one's yes within a day, in whatever post."""
    day = Export.objects.filter(account_id=by.account_id, made_at__gt=now() - A_DAY, answered_by="")
    day = day.exclude(pk=but.pk) if but else day
    return int(day.filter(state__in=("running", "ready")).aggregate(n=Sum("rows"))["n"] or 0)


def unasked(viewer: Viewer) -> int:
    """How many rows an account may export within a day without another post's yes: the street's number, else the default."""
    try:
        return int(param(edition_for(viewer.reach or "/"), viewer.reach or "/", "export-most"))
    except Refused:
        return MOST_UNASKED


@act("hotline.answer-export", power="approve-export")
def answer_export(export_id: int, *, by: Viewer, allow: bool) -> Export:
    """Allow a long export, or refuse it: somebody else than who asked, whose reach holds all of it."""
    row = Export.objects.select_for_update().filter(pk=export_id).first()
    if row is None or not by.reaches(row.reach):
        raise Refused("not-found", say="没有这个导出申请，或不在您的辖区内。", have=export_id)
    if row.state != "asked":
        raise Refused("export-answered", say="这个导出申请已经处理过了，请刷新页面再看。", have=row.state)
    if by.account_id is not None and by.account_id == row.account_id:
        raise Refused(
            "same-person", say="自己申请的导出要由另一位同事批准。", clause="大批量导出换人批准（本系统规则）"
        )
    row.answered_by = asker(by)
    if allow:
        _let_go(row, by=asker_of(row))
    row.state = "running" if allow else "refused"
    row.save(update_fields=["answered_by", "state", "job_id"])
    write(row.subject, "hotline.answer-export", by=by, facts={"allowed": allow, "rows": row.rows})
    return row


def _let_go(row: Export, *, by: Viewer) -> None:
    row.state = "running"
    row.job_id = ask(run_export, row.pk, by=by, key=f"hotline.export:{row.pk}")
    row.save(update_fields=["state", "job_id"])
