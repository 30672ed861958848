"""A list written into a file by a job, sealed like every upload, and noted in the record."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from youying.access.queries import posts_of, viewer_of
from youying.channels.hotline.asking import filters_from, in_the_open, watermark, words_of
from youying.channels.hotline.columns import Column, Saying
from youying.channels.hotline.models import Export
from youying.channels.hotline.sheets import Sheet
from youying.files.actions import Checked, attach, keep, made
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.queries import filtered
from youying.matters.queries.worklist import SORTS
from youying.places.queries import zone_of
from youying.record.actions import write
from youying.record.acts import act, unchanged

ROWS_AT_ONCE = 2000
Watch = Callable[[int, int, str], None]


def write_export(export_id: int, *, watch: Watch = lambda done, total, note: None) -> Export:
    """Write the rows that the asker may see now; refused when the post that asked has ended."""
    row = Export.objects.get(pk=export_id)
    if row.state == "ready":
        return row
    by = asker_of(row)
    by.require("export")
    with tempfile.TemporaryDirectory(prefix="youying-export-") as folder:
        path = Path(folder) / "list.xlsx"
        count = _fill(row, path, by=by, watch=watch)
        with path.open("rb") as stream:
            return _finish(export_id, made(stream, name=f"{row.title}.xlsx"), count, by=by)


def asker_of(row: Export) -> Viewer:
    """Whoever asked, in the post they asked from."""
    if row.post_id is None or row.account_id is None:
        return SYSTEM
    post = posts_of(row.account_id).filter(pk=row.post_id).first()
    if post is None:
        raise Refused("post-ended", say="申请导出的岗位已经结束，不再导出。", have=row.post_id)
    return viewer_of(post)


def _fill(row: Export, path: Path, *, by: Viewer, watch: Watch) -> int:
    at = now()
    saying = Saying(zone_of(by.reach or "/"), at=at)
    known = saying.columns()
    columns: list[Column] = [known[code] for code in row.columns]
    head = watermark(row.asker, saying.moment(at))
    sheet = Sheet(str(path), [c.title for c in columns], head=head, widths=[c.width for c in columns])
    facts = list(dict.fromkeys(name for column in columns for name in column.facts))
    plan = [(column.say, [facts.index(name) for name in column.facts]) for column in columns]
    found = filtered(by, filters_from(row.filters), at=at).order_by(*SORTS[row.sort]).values_list(*facts)
    count = 0
    for values in found.iterator(chunk_size=ROWS_AT_ONCE):
        sheet.add([say(*[values[place] for place in places]) for say, places in plan])
        count += 1
        if count % ROWS_AT_ONCE == 0:
            watch(count, max(row.rows, count), "")
    sheet.close()
    return count


@act("hotline.finish-export", power="export")
def _finish(export_id: int, checked: Checked, count: int, *, by: Viewer) -> Export:
    """Keep the file under the export and note how many rows left the house."""
    row = Export.objects.select_for_update().get(pk=export_id)
    if row.state == "ready":
        unchanged()
        return row
    upload = keep(checked, by=by, role="")
    attach([upload.token], subject=row.subject, by=by)
    row.upload, row.rows, row.state, row.finished_at = upload.token, count, "ready", now()
    row.save(update_fields=["upload", "rows", "state", "finished_at"])
    facts = {"rows": count, "columns": row.columns, "filters": in_the_open(row.filters), "sha256": upload.sha256}
    write(row.subject, "hotline.finish-export", by=by, facts=facts, sealed=words_of(row.filters))
    return row
