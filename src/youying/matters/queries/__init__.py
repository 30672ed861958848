"""Every read of the closed loop; each starts from who is looking."""

from youying.matters.queries.acts import Acts, Impossible, Possible, possible_acts
from youying.matters.queries.contacts import Contact, contact_in_clear, reporter_to_unmask
from youying.matters.queries.day import (
    AskView,
    Day,
    Todo,
    asks_for,
    day,
    next_step,
    open_count,
    pressing,
    row_from,
    waiting,
)
from youying.matters.queries.duty import lines, shifts
from youying.matters.queries.lookup import Found, by_reporter, callers, let_in, look_up
from youying.matters.queries.page import (
    ClockView,
    ReporterView,
    StoryLine,
    assignments,
    clocks,
    find,
    lamp,
    open_asks,
    open_contact,
    related,
    reporters,
    story,
)
from youying.matters.queries.sight import in_place, visible
from youying.matters.queries.similar import Similar, similar
from youying.matters.queries.worklist import Filters, Page, Row, counts, each_row, filtered, row_of, worklist

__all__ = [
    "Acts", "AskView", "ClockView", "Contact", "Day", "Filters", "Found", "Impossible", "Page", "Possible", "ReporterView", "Row", "Similar",
    "StoryLine", "Todo", "asks_for", "assignments", "by_reporter", "callers", "clocks", "contact_in_clear", "counts", "day",
    "each_row", "filtered", "find", "in_place", "lamp", "let_in", "lines", "look_up", "next_step", "open_asks", "open_contact",
    "open_count", "possible_acts", "pressing", "related", "reporter_to_unmask", "reporters", "row_from", "row_of",
    "shifts", "similar", "story", "visible", "waiting", "worklist",
]  # fmt: skip
