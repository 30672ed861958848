"""Every read of insight; each starts from who is looking."""

from youying.insight.measures import Cell
from youying.insight.queries.board import Board, Row, SameType, figures, same_type
from youying.insight.queries.listed import listed_figure, listed_figures
from youying.insight.queries.recount import Difference, recount_differences
from youying.insight.queries.replies import Answered, answered_within
from youying.insight.queries.returned import Returned, returned, sent_back_numbers
from youying.insight.queries.rows import drill
from youying.insight.queries.warnings import (
    Seen,
    judged_warnings,
    open_warning_count,
    open_warnings,
    warning_matters,
)
from youying.insight.scopes import Narrow

__all__ = [
    "Answered",
    "Board",
    "Cell",
    "Difference",
    "Narrow",
    "Returned",
    "Row",
    "SameType",
    "Seen",
    "answered_within",
    "drill",
    "figures",
    "judged_warnings",
    "listed_figure",
    "listed_figures",
    "open_warning_count",
    "open_warnings",
    "recount_differences",
    "returned",
    "same_type",
    "sent_back_numbers",
    "warning_matters",
]  # fmt: skip
