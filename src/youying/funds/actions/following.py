"""Purses and gifts move with their place."""

from __future__ import annotations

from youying.funds.models import Gift, Purse
from youying.kernel.identifiers import uuid7
from youying.kernel.viewers import Viewer
from youying.people.actions.persons import carry
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged


@act("funds.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the purses at or below a moved place its new path; how many rows there were."""
    columns = ((Purse, "path"), (Purse, "area_path"), (Gift, "area_path"))
    count = sum(carry(model, column, old=old_path, new=new_path) for model, column in columns)
    count += carry(Purse, "holder", old=f"place:{old_path}", new=f"place:{new_path}")
    if not count:
        unchanged()
        return 0
    subject = f"purses-moved:{uuid7()}"
    open_subject(subject)
    write(subject, "funds.follow-move", by=by, facts={"before": old_path, "after": new_path, "rows": count})
    return count
