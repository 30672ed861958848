"""Every read of the closed loop; each starts from who is looking."""

from youying.matters.queries.acts import Acts, Impossible, Possible, possible_acts
from youying.matters.queries.lookup import Found, by_reporter, callers, look_up, seen
from youying.matters.queries.page import (
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
    "Acts", "Filters", "Found", "Impossible", "Page", "Possible", "Row", "Similar", "assignments", "by_reporter",
    "callers", "clocks", "counts", "each_row", "filtered", "find", "in_place", "lamp", "look_up", "open_asks",
    "open_contact", "possible_acts", "related", "reporters", "row_of", "seen", "similar", "story", "visible", "worklist",
]  # fmt: skip
