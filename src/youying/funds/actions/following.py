"""Purses and gifts move with their place."""

from __future__ import annotations

from youying.funds.models import Gift, Purse
from youying.kernel.viewers import Viewer
from youying.people.actions.carrying import carry, carry_all
from youying.record.acts import act


@act("funds.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the purses at or below a moved place its new path; how many rows there were."""
    columns = ((Purse, "path"), (Purse, "area_path"), (Gift, "area_path"))
    held = carry(Purse, "holder", old=f"place:{old_path}", new=f"place:{new_path}")
    return carry_all(columns, "purses-moved", "funds.follow-move", by=by, old=old_path, new=new_path, also=held)
