"""The way into a house act: the matter is locked, and who may not do the act is refused."""

from __future__ import annotations

from datetime import datetime

from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import house_rules
from youying.matters.actions.scene import Scene, lock

CLOCKLESS = frozenset(
    {"add", "exclude", "include", "propose-exclusion", "object-exclusion", "reassign", "issue-secret"}
)


def enter(
    matter_id: int, act: str, *, by: Viewer, at: datetime | None, expected_version: int | None = None, origin: str = ""
) -> Scene:
    """Lock the matter and refuse who may not do this house act."""
    clocks_too = act not in CLOCKLESS
    scene = lock(
        matter_id, by=by, at=at or now(), expected_version=expected_version, origin=origin, with_clocks=clocks_too
    )
    if refused := house_rules.why_not(act, scene.edition, scene.loop, viewer=by, situation=scene.situation):
        raise refused
    return scene
