"""What a crossed-off order earns whoever served it, booked in the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.funds import actions as funds
from youying.funds.rules import earned
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct
from youying.partners.queries import server_of


def note(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Book what the pack says that this order earns, to the listed person whose offer it was.

    Nobody earns where a unit served without naming a person: a purse has a holder.
    """
    if step.verb != "cross-off" or scene.matter.kind != "order":
        return
    paid = earned(scene.edition, scene.matter.loop, facts_of(scene.matter))
    server = server_of(scene.matter.subject) if paid else None
    if server is None:
        return
    work = {"cause": scene.matter.subject, "words": f"{scene.loop.title} {scene.matter.number}"}
    for terms, earning in paid:
        if funds.earn(terms, by=SYSTEM, path=server.path, holder=server.key, earning=earning, **work):
            scene.noted.setdefault("earned", {})[f"{terms.code}.{earning.line}"] = earning.each
