"""Rows whose number is in already: the same again, the same with news, or another need under a used number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from youying.channels.hotline.marks import known_number
from youying.channels.hotline.models import Came
from youying.channels.hotline.rules import Fault, Row, need_mark, whole_mark
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import Opened, Told
from youying.matters.actions.catching_up import catch_up
from youying.record.acts import attempt


@dataclass(frozen=True, slots=True)
class Met:
    """One row with what the matters made of it."""

    row: Row
    told: Told
    outcome: Opened


def remember(opened: Iterable[Met]) -> dict[int, Came]:
    """Keep what rows said that came in as new matters; by matter."""
    rows = {
        one.outcome.matter.pk: Came(
            matter_id=one.outcome.matter.pk,
            number=known_number(one.told.need),
            channel=one.told.need.channel,
            need=need_mark(one.row),
            whole=whole_mark(one.row),
        )
        for one in opened
    }
    Came.objects.bulk_create(rows.values())
    return rows


def held(again: Sequence[Met], fresh: dict[int, Came]) -> dict[int, Came]:
    """What was kept of the matters that rows met, in one statement."""
    keys = {one.outcome.matter.pk for one in again} - fresh.keys()
    return fresh | (Came.objects.in_bulk(keys) if keys else {})


def follow(one: Met, before: Came | None, *, by: Viewer, origin: str) -> bool | Fault:
    """Take what a row tells anew; whether there was anything, or why not."""
    matter = one.outcome.matter
    if before is None:
        say = (
            f"编号“{one.row.number[:40]}”已由别的途径登记（{matter.number}），没有再登记；有新的答复，请在那一件里办。"
        )
        return Fault("number", say)
    if bytes(before.need) != need_mark(one.row):
        return _other_need(one)
    if bytes(before.whole) == whole_mark(one.row):
        return False
    try:
        with attempt():
            moved = catch_up(matter.pk, one.told, by=by, origin=origin)
    except Refused as refused:
        return Fault(refused.field or "", refused.say)
    before.whole = whole_mark(one.row)
    before.save(update_fields=["whole"])
    return moved


def _other_need(one: Met) -> Fault:
    number, held = one.row.number, one.outcome.matter.number
    say = (
        f"编号“{number[:40]}”在库里是另一件事（{held}），内容或登记时间不同，没有导入。"
        "请核对编号；如果这一列只是序号，请在“对应”页不选编号列，再导一次。"
    )
    return Fault("number", say)
