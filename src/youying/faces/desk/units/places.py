"""The places that a reach can be picked from, or named by in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places.queries import areas_below, compounds_below, grids_below, path_words
from youying.places.rules import LEVELS, any_area_code

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


class PlaceWords:
    """What people write for the places within a viewer's reach: a code, a name, the names from the town down."""

    def __init__(self, viewer: Viewer) -> None:
        root = viewer.reach or "/none"
        self.known: dict[str, set[str]] = defaultdict(set)
        for path, words in _named(root):
            for said in (path, path_words(path), *words):
                if said:
                    self.known[plain(said)].add(path)
        if root == "/":
            self.known["/"] = self.known["全部辖区"] = {"/"}

    def path(self, words: str) -> str:
        """The one place that is meant."""
        codes = any_area_code(words)
        found = self.known.get(words) or {path for code in codes for path in self.known.get(code, ())}
        if len(found) == 1:
            return next(iter(found))
        if found:
            say = _("有%(n)s处叫“%(words)s”，请写区划代码，或从街道写起，例如“%(example)s”。")
            said = {"n": len(found), "words": words[:40], "example": path_words(min(found))}
            raise Refused("place-unclear", say=say % said, have=words[:40], field="reach")
        say = _("您的辖区里没有“%(words)s”，请写区划代码或名称。") % {"words": words[:40]}
        raise Refused("place-unknown", say=say, have=words[:40], field="reach")


def _named(root: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each place with its code and names."""
    yield from ((area.path, (area.code, area.name)) for area in areas_below(root))
    yield from ((one.path, (one.name, *one.aliases)) for one in compounds_below(root))
    yield from ((one.path, (one.code, one.title)) for one in grids_below(root))
