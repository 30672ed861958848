"""The ledger's address read and written: a view is a link, so everything that a list shows stands in its query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.faces.shared.addresses import strays, unread
from youying.faces.shared.days import first_moment, read_day
from youying.faces.shared.words import day as say_day
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters
from youying.matters.queries.worklist import DUE, LAMPS, SORTS, STATES

NUMBERS = ("unit", "compound", "grid")
TEXTS = ("place", "category", "channel", "kind", "stage", "urgency", "excluded")
FLAGS = ("reworked", "parked")
DATES = ("since", "until")
NAMES = ("state", *TEXTS, *NUMBERS, "lamp", "due", "solved", *FLAGS, *DATES, "q", "sort")
MOST_TEXT = 200
START_MOST = 100_000


@dataclass(slots=True)
class Asked:
    """What an address asks for: filters, order, where to start, and what of it could not be read."""

    filters: Filters
    sort: str
    start: int
    query: dict[str, str]
    errors: list[str] = field(default_factory=list)

    def whole(self) -> Asked:
        """This, refused where some of it could not be read: what leaves the house obeys every condition or none."""
        if self.errors:
            raise Refused("condition-unknown", say=self.errors[0])
        return self


def read(given: Mapping[str, str]) -> Asked:
    """Read an address; what cannot be read is left out and said, so that the rest still shows."""
    query = {name: given[name].strip()[:MOST_TEXT] for name in NAMES if given.get(name, "").strip()}
    errors = strays(given, (*NAMES, "start"))
    values: dict[str, Any] = {name: query[name] for name in TEXTS if name in query}
    for name in FLAGS:
        _keep(values, errors, name, query, _flag)
    for name in NUMBERS:
        _keep(values, errors, name, query, _number)
    for name in DATES:
        _keep(values, errors, name, query, _moment)
    for name, known in (("lamp", LAMPS), ("due", DUE), ("state", tuple(STATES)), ("solved", ("yes", "no"))):
        _keep(values, errors, name, query, _one_of(known))
    values["text"] = query.get("q", "")
    sort = query.get("sort", "due")
    if sort not in SORTS:
        errors.append(unread(sort))
        sort = query["sort"] = "due"
    start = given.get("start", "")
    at = min(int(start), START_MOST) if start.isdecimal() and len(start) < 8 else 0
    return Asked(Filters(**values), sort, at, query, errors)


def without(asked: Asked, names: Iterable[str]) -> Asked:
    """The same address without conditions that nothing here is called by; each is said."""
    dropped = list(names)
    left = read({name: value for name, value in asked.query.items() if name not in dropped})
    said = [unread(asked.query[name]) for name in dropped]
    return Asked(left.filters, left.sort, asked.start, left.query, asked.errors + said)


def read_query(text: str) -> Asked:
    """Read the query part of an address."""
    return read(dict(parse_qsl(text[:2000], max_num_fields=50)))


def _keep(values: dict[str, Any], errors: list[str], name: str, query: dict[str, str], reader: Any) -> None:
    if name not in query:
        return
    try:
        values[name] = reader(name, query[name])
    except ValueError:
        errors.append(_unreadable(query.pop(name)))
    except Refused as refused:
        said = query.pop(name)
        errors.append(refused.say if refused.code == "day-out-of-bounds" else _unreadable(said))


def _unreadable(said: str) -> str:
    return _("“%(said)s”看不懂，这个条件没有用上。") % {"said": said[:20]}


def _number(name: str, said: str) -> int:
    if len(said) > 18:
        raise ValueError(said)
    return int(said)


def _flag(name: str, said: str) -> bool:
    if said != "1":
        raise ValueError(said)
    return True


def _moment(name: str, said: str) -> datetime:
    """The first moment of a day; the last day of a period counts whole."""
    there = first_moment(said)
    return there + timedelta(days=1) if name == "until" else there


def _one_of(known: Iterable[str]) -> Any:
    def read_one(name: str, said: str) -> str:
        if said not in known:
            raise ValueError(said)
        return said

    return read_one


def link(query: Mapping[str, str], **changes: str) -> str:
    """The address with some of its conditions changed; an empty value takes a condition away."""
    kept = {name: value for name, value in {**query, **changes}.items() if value}
    return "?" + urlencode(sorted(kept.items()))


@dataclass(frozen=True, slots=True)
class View:
    """One tab above the ledger."""

    code: str
    title: Any
    query: dict[str, str]
    own: int = 0

    @property
    def href(self) -> str:
        """Its address."""
        return link(self.query)


def views(viewer: Viewer, saved: Iterable[Any]) -> list[View]:
    """The tabs of this person: those that everybody has, then their own."""
    mine = [View("mine", gettext_lazy("我们主办"), {"unit": str(viewer.unit_id)})] if viewer.unit_id else []
    usual = [
        View("open", gettext_lazy("在办"), {}),
        *mine,
        View("overdue", gettext_lazy("已超期"), {"lamp": "overdue"}),
        View("today", gettext_lazy("今天到期"), {"due": "today"}),
        View("red", gettext_lazy("快到期"), {"lamp": "red"}),
        View("waiting", gettext_lazy("等居民答复"), {"lamp": "waiting"}),
        View("rework", gettext_lazy("重办"), {"reworked": "1"}),
        View("parked", gettext_lazy("挂账"), {"parked": "1"}),
        View("ended", gettext_lazy("已结束"), {"state": "ended", "sort": "-changed"}),
    ]
    own = [View(f"own-{one.pk}", one.title, read_query(one.query).query, own=one.pk) for one in saved]
    return usual + own


def is_now(view: View, query: Mapping[str, str]) -> bool:
    """Whether the address shows exactly this view, whatever the order."""
    return _unsorted(view.query) == _unsorted(query)


def _unsorted(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != "sort"}


LAMP_WORDS = {
    "green": gettext_lazy("绿灯"),
    "yellow": gettext_lazy("黄灯"),
    "red": gettext_lazy("红灯"),
    "overdue": gettext_lazy("已超期"),
    "paused": gettext_lazy("已暂停"),
    "waiting": gettext_lazy("等居民答复"),
}
STATE_WORDS = {"open": gettext_lazy("在办"), "ended": gettext_lazy("已结束"), "all": gettext_lazy("全部")}


def said_period(name: str, value: str) -> str:
    """One end of a period in words."""
    there = read_day(value)
    return _("%(day)s起") % {"day": say_day(there)} if name == "since" else _("到%(day)s") % {"day": say_day(there)}
