"""Taking tables of people away: every one leaves an entry in the record of whoever took it."""

from __future__ import annotations

from collections.abc import Mapping

from youying.access.queries import rows_taken
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import lock, write
from youying.record.acts import act
from youying.record.models import Entry

MOST_ROWS = 5_000
"""No table of a page holds more, whatever a place allows for a day."""


@act("access.log-export", power="export")
def log_export(
    what: str, *, by: Viewer, path: str, rows: int, most: int, sought: Mapping[str, str], gone: int = 0
) -> Entry:
    """Leave in the account's own record which table it takes away, of which place, how many rows and what was sought.

    `what` is the code of the table, `gone` what the account took within a day by other ways than this. Refused above
    `MOST_ROWS` rows, and above `most` together with all that the account took within a day.
    Source: Personal Information Protection Law, articles 6 and 51.
    """
    by.require_reach(path)
    if rows > MOST_ROWS:
        say = f"这张表有{rows}行，一次最多导出{MOST_ROWS}行。请先按地方、类别筛一筛，分开导出。"
        raise Refused("export-size", say=say, have=rows, need=MOST_ROWS)
    subject = f"account:{by.account_id}"
    lock(subject)
    gone += rows_taken(by.account_id)
    if gone + rows > most:
        say = f"一人一天合计最多导出{most}行：24小时内已导出{gone}行，这张表有{rows}行。"
        say += "请先按地方、类别筛一筛，分开导出，或改天再导。"
        raise Refused("export-size", say=say, have=gone + rows, need=most)
    facts = {"what": what, "path": path, "rows": rows, "sought": sorted(name for name, said in sought.items() if said)}
    return write(subject, "access.log-export", by=by, facts=facts, sealed=dict(sought) or None)
