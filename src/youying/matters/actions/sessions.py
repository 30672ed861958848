"""A joint meeting as the proof of a step: held, with this matter on its agenda, and noted on it once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters.actions.scene import Scene
from youying.matters.consultation_rules import SOLVING
from youying.matters.models import AgendaItem
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct


def refuse_session(scene: Scene, given: Given) -> None:
    """Refuse a meeting that was not held, that had this matter not on its agenda, or that is noted on it already."""
    if given.session_id is None:
        return
    item = _item(scene, given)
    if item is None:
        say = "没有这次会商，或它还没有开、议程里没有这件事项。请先把事项列入议程，开完会填好记录。"
        raise Refused("unknown-session", say=say, have=given.session_id, field="session")
    if item.way:
        raise Refused("session-noted", say="这次会商已经记在这件事项上了。", have=given.session_id, field="session")


def _item(scene: Scene, given: Given) -> AgendaItem | None:
    held = AgendaItem.objects.filter(consultation__held_at__isnull=False, consultation=given.session_id)
    return held.filter(matter=scene.matter).first()


def note(scene: Scene, _step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Keep on the agenda how the matter is to be solved; the entry names the meeting."""
    if given.session_id is None:
        return
    way = str(data.get("solving") or "joint")
    if way not in SOLVING:
        say = f"怎么解决请选：{'；'.join(SOLVING.values())}。"
        raise Refused("unknown-solving", say=say, have=way[:40], need=list(SOLVING), field="solving")
    AgendaItem.objects.filter(consultation=given.session_id, matter=scene.matter).update(way=way)
    scene.noted = {**scene.noted, "session": given.session_id, "solving": way}
