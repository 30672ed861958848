"""What each condition of the ledger can be set to, and how the conditions in force are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access import queries as access
from youying.editions.queries import adoptions, edition_by_digest, edition_for, editions_around
from youying.faces.desk.ledger.filters import LAMP_WORDS, STATE_WORDS, Asked, link, said_period
from youying.faces.shared.words import zone
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.packs.words import KINDS
from youying.places.queries import areas_below, compounds_below, grids_below, known_area, path_words
from youying.text.queries import categories, category_title

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition: in force with its words, or still to be added."""

    name: str
    title: Any
    said: str = ""
    without: str = ""


TITLES: dict[str, Any] = {
    "unit": gettext_lazy("责任单位"),
    "grid": gettext_lazy("网格"),
    "category": gettext_lazy("分类"),
    "stage": gettext_lazy("阶段"),
    "lamp": gettext_lazy("灯"),
    "due": gettext_lazy("期限"),
    "since": gettext_lazy("时间"),
    "place": gettext_lazy("区划"),
    "compound": gettext_lazy("小区"),
    "channel": gettext_lazy("渠道"),
    "kind": gettext_lazy("种类"),
    "urgency": gettext_lazy("紧急程度"),
    "state": gettext_lazy("状态"),
    "solved": gettext_lazy("居民评价"),
}
ALSO_SAID: dict[str, Any] = {
    "until": gettext_lazy("时间"),
    "reworked": gettext_lazy("重办过"),
    "parked": gettext_lazy("挂账中"),
    "q": gettext_lazy("搜索"),
}


def edition_near(viewer: Viewer) -> Edition | None:
    """The edition in force at the top of a reach, or of the first place below it that adopted one."""
    try:
        return edition_for(viewer.reach or "/")
    except Refused:
        held = [row for row in adoptions(viewer, viewer.reach or "/") if row.since <= now()]
        return edition_by_digest(held[0].edition_id) if held else None


def options(viewer: Viewer, name: str) -> Options:
    """What a condition can be set to, within what this viewer may know."""
    if name not in OPTIONS:
        raise Refused("not-found", say=_("没有这个筛选条件。"))
    return OPTIONS[name](viewer)


def _units(viewer: Viewer) -> Options:
    return [(str(unit.pk), unit.title) for unit in access.units(viewer)]


def _places(viewer: Viewer) -> Options:
    return [
        (area.path, f"{'　' * (area.level == 'community')}{area.name}")
        for area in areas_below(viewer.reach or "/none")
        if area.level in ("town", "community", "county")
    ]


def _grids(viewer: Viewer) -> Options:
    return [(str(grid.id), grid.title) for grid in grids_below(viewer.reach or "/none")]


def _compounds(viewer: Viewer) -> Options:
    return sorted(((str(one.id), one.name) for one in compounds_below(viewer.reach or "/none")), key=lambda o: o[1])


def _categories(viewer: Viewer) -> Options:
    return [(one.code, f"{'　' * (one.level - 1)}{one.title}") for one in categories() if one.level < 3]


def _of_edition(read: Callable[[Edition], Iterable[tuple[str, str]]]) -> Callable[[Viewer], Options]:
    def made(viewer: Viewer) -> Options:
        edition = edition_near(viewer)
        return list(read(edition)) if edition else []

    return made


def _stages(edition: Edition) -> Options:
    return list({code: title for loop in edition.loops.values() for code, title in loop.stages.items()}.items())


def _kinds(edition: Edition) -> Options:
    return [(code, KINDS.get(code, code)) for code in dict.fromkeys(loop.kind for loop in edition.loops.values())]


def _closed_units(viewer: Viewer) -> Options:
    return [
        (str(unit.pk), _("%(unit)s（已停用）") % {"unit": unit.title}) for unit in access.units(viewer, closed=True)
    ]


def _older_channels(viewer: Viewer) -> Options:
    editions = [edition_by_digest(digest) for digest in editions_around(viewer.reach or "/")]
    return [(code, one.title) for edition in editions for code, one in edition.pack.channel.items()]


OPTIONS: dict[str, Callable[[Viewer], Options]] = {
    "unit": _units,
    "place": _places,
    "grid": _grids,
    "compound": _compounds,
    "category": _categories,
    "channel": _of_edition(lambda edition: [(code, one.title) for code, one in edition.pack.channel.items()]),
    "kind": _of_edition(_kinds),
    "stage": _of_edition(_stages),
    "urgency": _of_edition(lambda edition: edition.pack.values.get("urgency", {}).items()),
    "lamp": lambda viewer: [(code, str(words)) for code, words in LAMP_WORDS.items()],
    "due": lambda viewer: [("today", _("今天到期"))],
    "state": lambda viewer: [(code, str(words)) for code, words in STATE_WORDS.items()],
    "solved": lambda viewer: [("yes", _("解决了")), ("no", _("没解决"))],
}

OLDER: dict[str, Callable[[Viewer], Options]] = {"unit": _closed_units, "channel": _older_channels}
"""What is offered no more, and still has matters that can be asked for."""


def titled(viewer: Viewer, name: str, value: str) -> str:
    """What a value of a condition is called, out of use by now or not; empty where nothing within reach is."""
    found = dict(options(viewer, name)).get(value, "")
    return found or (dict(OLDER[name](viewer)).get(value, "") if name in OLDER else "")


def periods() -> list[tuple[str, str, str]]:
    """The periods people ask for: words, first day, last day."""
    today = now().astimezone(zone()).date()
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return [
        (_("今天"), f"{today}", f"{today}"),
        (_("近7天"), f"{today - timedelta(days=6)}", f"{today}"),
        (_("本月"), f"{first}", f"{today}"),
        (_("上月"), f"{before.replace(day=1)}", f"{before}"),
        (_("今年"), f"{today.replace(month=1, day=1)}", f"{today}"),
    ]


def chips(viewer: Viewer, asked: Asked) -> tuple[list[Chip], list[Chip]]:
    """The conditions in force, and those that can still be added."""
    there = [
        Chip(name, TITLES.get(name) or ALSO_SAID[name], said=_said(viewer, name, value), without=link(asked.query, **{name: ""}))
        for name, value in asked.query.items()
        if name != "sort"
    ]  # fmt: skip
    taken = set(asked.query) | ({"since"} if "until" in asked.query else set())
    return there, [Chip(name, title) for name, title in TITLES.items() if name not in taken]


def unknown(viewer: Viewer, query: Mapping[str, str]) -> list[str]:
    """The conditions whose value nothing within this viewer's reach is called by."""
    named = [name for name in query if name in OPTIONS]
    return [name for name in named if not _known(viewer, name, query[name])]


def _known(viewer: Viewer, name: str, value: str) -> bool:
    if name == "category":
        return category_title(value) != value
    if name == "place":
        return _is_area(value)
    own = name == "unit" and value == str(viewer.unit_id)
    return own or bool(titled(viewer, name, value))


def _is_area(path: str) -> bool:
    try:
        return known_area(path).path == path
    except Refused:
        return False


def _said(viewer: Viewer, name: str, value: str) -> str:
    if name in ("since", "until"):
        return said_period(name, value)
    if name in ("reworked", "parked"):
        return ""
    if name == "q":
        return value
    if name == "place":
        return path_words(value) or value
    if name == "category":
        return category_title(value)
    return titled(viewer, name, value) or value
