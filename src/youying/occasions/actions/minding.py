"""What the clock does about occasions: the rungs of a rhythm's ladder, and marking what was not done as missed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from youying.editions.queries import edition_by_digest
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.trying import done_each
from youying.kernel.viewers import SYSTEM, Viewer
from youying.occasions import ladder_rules
from youying.occasions.actions.consequences import tell
from youying.occasions.actions.doing import opened
from youying.occasions.actions.ending import end_undone, is_gone
from youying.occasions.models import Occasion
from youying.occasions.reading import rhythm_at
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.places.queries import path_words
from youying.record.actions import write
from youying.record.acts import act, unchanged

SAID = {"remind": "快到期了，请安排。", "tell": "已到期还没有做。", "watch-by": "逾期未做，请关注。"}
PROPOSED = "逾期未做，提请督办。"


def sweep(*, at: datetime | None = None, most: int = 10_000) -> int:
    """Ring every rung that is due, each once, on however many machines; how many occasions rang.

    One that cannot be rung stops no other; whatever went wrong is raised when all were tried.
    """
    moment = at or now()
    due = Occasion.objects.filter(ring_at__lte=moment).order_by("ring_at").values_list("pk", flat=True)
    work = [(f"occasion:{pk}", partial(mind_occasion, pk, by=SYSTEM, at=moment)) for pk in due[:most]]
    return done_each(work, failing="occasions that could not be rung")


@act("occasions.mind")
def mind_occasion(occasion_id: int, *, by: Viewer, at: datetime) -> int:
    """Ring the rungs of one occasion that have come; 0 where somebody else rang first."""
    if by.kind != "system":
        raise Refused("no-power", say="到期提醒由系统自己做。")
    row = Occasion.objects.select_for_update().filter(pk=occasion_id, ring_at__lte=at).first()
    if row is None:
        unchanged()
        return 0
    edition = edition_by_digest(row.edition_id)
    rhythm = rhythm_at(edition, row.rhythm)
    ladder = ladder_rules.rungs(rhythm, row.opens_at, row.due_at)
    due = [rung for rung in ladder[row.rung :] if rung.at <= at]
    if is_gone(row):
        end_undone(row, "gone", by=by)
        return 1
    opened(row)
    for rung in due:
        _ring(row, rhythm, edition, rung)
    row.rung += len(due)
    row.ring_at = ladder_rules.next_ring(rhythm, row.opens_at, row.due_at, rung=row.rung)
    row.version += 1
    row.save(update_fields=["missed", "rung", "ring_at", "version"])
    said = [{"do": rung.do, "to": rung.to, "at": rung.at.isoformat()} for rung in due]
    write(row.subject, "occasions.mind", by=by, facts={"rungs": said, "missed": row.missed})
    return 1


def _ring(row: Occasion, rhythm: Rhythm, edition: Edition, rung: ladder_rules.Rung) -> None:
    if rung.do == ladder_rules.MISSED:
        row.missed = True
        return
    say = f"{path_words(row.path)}“{rhythm.title}”{SAID.get(rung.do, PROPOSED)}"
    tell(row, rhythm, edition, do=rung.do, to=rung.to, rung=rung.at.isoformat(), say=say)
