"""Taking tables of people away: every one leaves an entry in the record of whoever took it."""

from __future__ import annotations

from collections.abc import Mapping

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import write
from youying.record.acts import act
from youying.record.models import Entry


@act("access.log-export", power="export")
def log_export(what: str, *, by: Viewer, path: str, rows: int, most: int, sought: Mapping[str, str]) -> Entry:
    """Leave in the account's own record which table it takes away, of which place, how many rows and what was sought.

    `what` is the code of the table. Refused above `most` rows: a table that long is taken part by part.
    Source: Personal Information Protection Law, articles 6 and 51.
    """
    by.require_reach(path)
    if rows > most:
        say = f"这张表有{rows}行，一次最多导出{most}行。请先按地方、类别筛一筛，分开导出。"
        raise Refused("export-size", say=say, have=rows, need=most)
    facts = {"what": what, "path": path, "rows": rows, "sought": sorted(name for name, said in sought.items() if said)}
    return write(f"account:{by.account_id}", "access.log-export", by=by, facts=facts, sealed=dict(sought) or None)
