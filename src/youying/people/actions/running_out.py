"""Telling in time that a roster is planned no further."""

from __future__ import annotations

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.actions.rosters import shift_in_hand, tell, when
from youying.people.on_duty import keepers
from youying.places.queries import path_words
from youying.record.actions import write
from youying.record.acts import act, unchanged


@act("people.tell-running-out")
def tell_running_out(shift_id: int, *, days_left: int, by: Viewer) -> bool:
    """Tell who minds a roster, once, that nothing is planned after this shift; whether anybody was told.

    Where nobody minds it, it stays to be told to whoever comes.
    """
    if by.kind != "system":
        raise Refused("no-power", say="值班表由系统自己盯。")
    row = shift_in_hand(shift_id)
    told = keepers(row.path)
    if row.end_told_at is not None or not told:
        unchanged()
        return False
    row.end_told_at = now()
    row.save(update_fields=["end_told_at"])
    write(row.subject, "people.tell-running-out", by=by, facts={"days_left": days_left, "told": list(told)})
    left = f"还有{days_left}天" if days_left > 0 else "今天是最后一天"
    say = f"{path_words(row.path)}的{row.title}只排到{when(row)}，{left}，请接着排下个月的班。"
    tell(row, "running-out", told, say)
    return True
