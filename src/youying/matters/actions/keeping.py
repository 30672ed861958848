"""Writing what a step and all that follows from it changed: clocks, matter and tallies once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from youying.matters.actions import clocks, tallies
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.places.queries import zone_of


@contextmanager
def together(scene: Scene) -> Iterator[None]:
    """Write once when the outermost of these ends: fewer statements, and cells are moved in one order.

    Two steps whose cells cross could otherwise wait for each other in a ring.
    """
    outer, scene.together = scene.together, True
    yield
    scene.together = outer
    if not outer:
        _write(scene)


def changed(scene: Scene, columns: Iterable[str], *, was: Mapping[str, Any]) -> None:
    """Note the columns of the matter to be written, and the cell that it leaves for another."""
    scene.columns |= set(columns)
    now = facts_of(scene.matter)
    for facts, n in ((was, -1), (now, 1)):  # a corrected place may lie in another zone
        scene.counted.append((tallies.cells_of(facts, zone_of(facts["area_path"])), n))


def _write(scene: Scene) -> None:
    clocks.write(scene)
    if scene.columns:
        scene.matter.save(update_fields=sorted(scene.columns))
    tallies.move(scene.counted)
    scene.touched, scene.columns, scene.counted = [], set(), []
