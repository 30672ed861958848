"""What comes in off hours lands with the person on duty; at the end of a shift what waits goes to the next one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterLanded
from youying.matters.models import Landing
from youying.matters.queries.duty import Answer, has_rosters, off_hours, on_call
from youying.matters.queries.landings import waiting_with
from youying.people.on_duty import keepers
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged

LONG_AGO = timedelta(hours=12)
"""What is written down later than this after it was said lands with nobody: the shift is over."""
WHY_MOST = 400


def land(scene: Scene) -> None:
    """Give a matter that comes in off hours to whoever is on call for its place, as part of its opening.

    With nobody on call whoever minds the roster is told instead; nothing is lost. Places without any roster are left
    as they are, and so are parts of a matter, which stand where it stands.
    """
    matter, at = scene.matter, scene.at
    if matter.parent_id or now() - at > LONG_AGO or not off_hours(scene.calendar, at):
        return
    if not has_rosters(matter.area_path, at=at):
        return
    channel = scene.edition.pack.channel.get(matter.channel)
    roster = (channel.roster if channel else None) or ""
    answer = on_call(matter.area_path, at=at, grid_id=matter.grid_id, roster=roster)
    row = Landing(matter=matter, stage=matter.stage, at=at)
    _set(row, answer)
    row.save(force_insert=True)
    told = (answer.account_id,) if answer.account_id else keepers(matter.area_path)
    say = "非工作时间来的诉求，请您先接。" if answer.account_id else "非工作时间来的诉求，没有人值班，请您过问。"
    _write(row, "land", answer.working, by=SYSTEM)
    record.announce(
        MatterLanded(matter.pk, matter.number, answer.account_id is not None, told, matter.area_path, say),
        subject=matter.subject,
    )


def _set(row: Landing, answer: Answer) -> None:
    row.account_id, row.shift_id = answer.account_id, answer.shift_id
    row.roster, row.place, row.why = answer.roster, answer.path, "".join(answer.working)[:WHY_MOST]


def _write(row: Landing, act_name: str, working: tuple[str, ...], *, by: Viewer) -> None:
    facts: dict[str, Any] = {
        "verb": act_name,
        "duty": {"account": row.account_id, "shift": row.shift_id, "roster": row.roster, "place": row.place},
    }
    record.write(row.matter.subject, act_name, by=by, facts=facts, sealed={"words": "".join(working)})


@recorded_act("matters.land-next")
def land_next(shift_id: int, *, reader_id: int, next_shift_id: int | None, by: Viewer) -> int:
    """Give what still waits with a shift to the person who has read its hand-over note; how many matters."""
    rows = list(waiting_with(shift_id).select_related("matter").select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        unchanged()
        return 0
    record.lock(*(row.matter.subject for row in rows))
    for row in rows:
        row.account_id, row.shift_id, row.why = reader_id, next_shift_id, "上一班交下来的。"
        _write(row, "land-next", (row.why,), by=by)
    Landing.objects.bulk_update(rows, ["account", "shift_id", "why"])
    return len(rows)
