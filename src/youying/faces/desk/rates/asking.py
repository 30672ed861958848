"""The address of a board read and written: period, breakdown and picks stand in its query, so a board is a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy

from youying.faces.desk.ledger import choices
from youying.faces.shared.addresses import strays, unread
from youying.faces.shared.days import read_day
from youying.faces.shared.words import zone
from youying.insight.periods import Period, this_month, this_week, year_to_date
from youying.insight.queries import Narrow
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer

NAMES = ("period", "since", "until", "by", "place", "grid", "unit", "category", "channel")
PERIODS: dict[str, Any] = {
    "year": gettext_lazy("今年至今"),
    "month": gettext_lazy("本月"),
    "week": gettext_lazy("本周"),
    "last-month": gettext_lazy("上月"),
    "last-year": gettext_lazy("去年"),
}
BREAKDOWNS: dict[str, Any] = {
    "area": gettext_lazy("各区划"),
    "unit": gettext_lazy("各单位"),
    "grid": gettext_lazy("各网格"),
    "category": gettext_lazy("各分类"),
    "channel": gettext_lazy("各渠道"),
    "month": gettext_lazy("各月"),
}
OF_ROWS = ("figure", "part", "key", "reason", "page")
"""What an address of rows behind a number says beyond the board's own."""
MOST_TEXT = 200


@dataclass(slots=True)
class Asked:
    """What an address asks of a board, and what of it could not be read."""

    period: Period
    by: str
    narrow: Narrow
    query: dict[str, str]
    errors: list[str] = field(default_factory=list)

    def link(self, **changes: str) -> str:
        """The address with some of it changed; an empty value takes it away."""
        kept = {name: value for name, value in {**self.query, **changes}.items() if value}
        return "?" + urlencode(sorted(kept.items()))

    def whole(self) -> Asked:
        """This, refused where some of it could not be read: what leaves the house obeys every condition or none."""
        if self.errors:
            raise Refused("condition-unknown", say=self.errors[0])
        return self

    @property
    def code(self) -> str:
        """The period's short name, empty for own dates."""
        return "" if "since" in self.query or "until" in self.query else self.query.get("period", "year")


def today() -> date:
    """The local day."""
    return now().astimezone(zone()).date()


def read(given: Mapping[str, str], *, viewer: Viewer) -> Asked:
    """Read an address; what cannot be read, or names nothing here, is left out and said, so that the rest still shows."""
    query = {name: given[name].strip()[:MOST_TEXT] for name in NAMES if given.get(name, "").strip()}
    errors = strays(given, (*NAMES, *OF_ROWS))
    for name, usual, known in (("by", "area", BREAKDOWNS), ("period", "year", PERIODS)):
        if query.get(name, usual) not in known:
            errors.append(unread(query.pop(name)))
    for name in choices.unknown(viewer, query):
        errors.append(unread(query.pop(name)))
    narrow = Narrow(
        place=query.get("place", ""),
        unit=_number(query, "unit", errors),
        grid=_number(query, "grid", errors),
        category=query.get("category", ""),
        channel=query.get("channel", ""),
    )
    period = _period(query, errors)
    return Asked(period, query.get("by", "area"), narrow, query, errors)


def _number(query: dict[str, str], name: str, errors: list[str]) -> int | None:
    said = query.get(name, "")
    if not said:
        return None
    if said.isdecimal() and len(said) < 18:
        return int(said)
    errors.append(unread(query.pop(name)))
    return None


def _period(query: dict[str, str], errors: list[str]) -> Period:
    if "since" in query or "until" in query:
        try:
            return _own_dates(query)
        except Refused as refused:
            errors.append(refused.say)
            query.pop("since", None)
            query.pop("until", None)
    return named(query.get("period", "year"))


def _own_dates(query: dict[str, str]) -> Period:
    """From one day up to and including another; a missing end is today, a missing start the year's first day."""
    last = read_day(query["until"]) if "until" in query else today()
    first = read_day(query["since"]) if "since" in query else last.replace(month=1, day=1)
    return Period(first, last + timedelta(days=1)).up_to(today())


def named(code: str) -> Period:
    """A period by its short name; the year so far where the name is unknown."""
    day = today()
    first = day.replace(day=1)
    makers = {
        "month": lambda: this_month(day),
        "week": lambda: this_week(day),
        "last-month": lambda: Period((first - timedelta(days=1)).replace(day=1), first),
        "last-year": lambda: Period(date(day.year - 1, 1, 1), date(day.year, 1, 1)),
    }
    return makers.get(code, lambda: year_to_date(day))()
