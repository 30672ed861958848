"""Every read of the closed loop; each starts from who is looking."""

from youying.matters.queries.acts import Acts, Impossible, Possible, possible_acts
from youying.matters.queries.lookup import Found, by_reporter, callers, let_in, look_up
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
    "callers", "clocks", "counts", "each_row", "filtered", "find", "in_place", "lamp", "let_in", "look_up", "open_asks",
    "open_contact", "possible_acts", "related", "reporters", "row_of", "similar", "story", "visible", "worklist",
]  # fmt: skip
