"""What comes in off hours lands with the person on duty; at the end of a shift what waits goes to the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterLanded
from youying.matters.models import Landing, Matter
from youying.matters.queries.duty import Answer, has_rosters, off_hours, on_call, on_call_of
from youying.matters.queries.landings import waiting_with
from youying.people.on_duty import DutyRead, keepers, read_duty
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
    if not _lands(scene, at):
        return
    answer = on_call(matter.area_path, at=at, grid_id=matter.grid_id, roster=_line(scene))
    arrival = _arrival(scene, at, answer, keepers=lambda: keepers(matter.area_path))
    arrival.row.save(force_insert=True)
    record.write(matter.subject, "land", by=SYSTEM, facts=arrival.facts, sealed=arrival.sealed)
    record.announce(arrival.event(matter), subject=matter.subject)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A matter with whoever is on duty: its row, why with them, and who is told; nothing is in the database yet."""

    row: Landing
    working: tuple[str, ...]
    told: tuple[int, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """What its entry says."""
        return _facts(self.row, "land")

    @property
    def sealed(self) -> dict[str, Any]:
        """What its entry says under the key of the matter."""
        return {"words": "".join(self.working)}

    def event(self, matter: Matter) -> MatterLanded:
        """What is announced of it."""
        say = "非工作时间来的诉求，请您先接。" if self.row.account_id else "非工作时间来的诉求，没有人值班，请您过问。"
        held = self.row.account_id is not None
        return MatterLanded(matter.pk, matter.number, held, self.told, matter.area_path, say)


def arrivals(came: Sequence[tuple[Scene, datetime]]) -> list[Arrival | None]:
    """For each of many matters that came in at a moment and still stand there, with whom it lands, or nothing.

    Who is on duty is read once for all of them: the statements do not grow with the matters.
    """
    landing = [_lands(scene, at) for scene, at in came]
    here = [scene.matter for (scene, _at), lands in zip(came, landing, strict=True) if lands]
    if not here:
        return [None for _one in came]
    moment = now()
    paths = {matter.area_path for matter in here} | {matter.grid_path for matter in here} - {""}
    read = read_duty(paths, since=min(at for _scene, at in came), until=moment)
    return [
        _of_many(scene, at, read, moment) if lands else None for (scene, at), lands in zip(came, landing, strict=True)
    ]


def _of_many(scene: Scene, at: datetime, read: DutyRead, moment: datetime) -> Arrival:
    matter = scene.matter
    answer = on_call_of(read, matter.area_path, at=at, grid_id=matter.grid_id, roster=_line(scene))
    return _arrival(scene, at, answer, keepers=lambda: read.keepers(matter.area_path, moment))


def _lands(scene: Scene, at: datetime) -> bool:
    """Whether somebody on duty has to see to it: off hours, not long ago, no part, and a roster somewhere above."""
    matter = scene.matter
    if matter.parent_id or now() - at > LONG_AGO or not off_hours(scene.calendar, at):
        return False
    return has_rosters(matter.area_path, at=at)


def _line(scene: Scene) -> str:
    """The roster that the line by which it came names."""
    channel = scene.edition.pack.channel.get(scene.matter.channel)
    return (channel.roster if channel else None) or ""


def _arrival(scene: Scene, at: datetime, answer: Answer, *, keepers: Callable[[], tuple[int, ...]]) -> Arrival:
    row = Landing(matter=scene.matter, stage=scene.matter.stage, at=at)
    row.account_id, row.shift_id = answer.account_id, answer.shift_id
    row.roster, row.place, row.why = answer.roster, answer.path, "".join(answer.working)[:WHY_MOST]
    return Arrival(row, answer.working, (answer.account_id,) if answer.account_id else keepers())


def _facts(row: Landing, verb: str) -> dict[str, Any]:
    duty = {"account": row.account_id, "shift": row.shift_id, "roster": row.roster, "place": row.place}
    return {"verb": verb, "duty": duty}


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
        record.write(row.matter.subject, "land-next", by=by, facts=_facts(row, "land-next"), sealed={"words": row.why})
    Landing.objects.bulk_update(rows, ["account", "shift_id", "why"])
    return len(rows)
