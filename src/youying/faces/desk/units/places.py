"""The places that a reach can be picked from."""

from __future__ import annotations

from youying.kernel.viewers import Viewer
from youying.places.queries import areas_below, compounds_below, grids_below, path_words
from youying.places.rules import LEVELS

MOST_SMALL = 400


def reaches(viewer: Viewer) -> list[tuple[str, str]]:
    """Areas, compounds and grids within reach, as a picker shows them: path and words, deeper ones indented."""
    root = viewer.reach or "/none"
    whole = [("/", "全部辖区")] if root == "/" else []
    found = [(area.path, area.level) for area in areas_below(root)]
    order = list(LEVELS)
    made = [(path, f"{'　' * order.index(level)}{path_words(path) or _name(path)}") for path, level in found]
    small = [(one.path, f"{'　' * 5}{one.name}") for one in compounds_below(root)]
    small += [(one.path, f"{'　' * 5}{one.title}") for one in grids_below(root)]
    return whole + sorted(made + small[:MOST_SMALL], key=lambda one: one[0])


def _name(path: str) -> str:
    return next((area.name for area in areas_below(path) if area.path == path), path)
