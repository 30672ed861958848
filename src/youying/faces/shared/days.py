"""Days and moments that somebody typed, in a form or an address: read once for all pages, within what a list can hold."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from django.utils.translation import gettext as _

from youying.faces.shared.words import zone
from youying.kernel.moments import now
from youying.kernel.refusals import Refused

FIRST_YEAR = 1990
"""Before this year nothing was kept; a database would choke on the first day of all."""
SEARCHED_AHEAD, SET_AHEAD = 1, 20
"""How many years ahead a list is searched, and how many a term or a deadline can be set."""


def read_day(said: str, *, ahead: int = SEARCHED_AHEAD, field: str = "") -> date:
    """A day; `ahead` is in years. Refused where it is no day, or lies where nothing can lie."""
    return read_moment(said, ahead=ahead, field=field).date()


def first_moment(said: str, *, ahead: int = SEARCHED_AHEAD, field: str = "") -> datetime:
    """The first moment of a day."""
    return datetime.combine(read_day(said, ahead=ahead, field=field), time.min, tzinfo=zone())


def read_moment(said: str, *, ahead: int = SET_AHEAD, field: str = "", there: tzinfo | None = None) -> datetime:
    """A moment on the wall of a place; `ahead` is in years."""
    try:
        moment = datetime.fromisoformat(said.strip()[:40])
    except ValueError:
        say = _("日期看不懂，请照“2026-11-01”的样子写。")
        raise Refused("day-unreadable", say=say, have=said[:20], field=field) from None
    last = now().astimezone(zone()).year + ahead
    if not FIRST_YEAR <= moment.year <= last:
        say = _("日期要在1990年到明年之间。") if ahead == 1 else _("日期要在1990年到%(last)s年之间。") % {"last": last}
        raise Refused("day-out-of-bounds", say=say, have=said[:20], need=last, field=field)
    return moment.replace(tzinfo=there or zone())
