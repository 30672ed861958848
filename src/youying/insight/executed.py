"""The words of the pack language that figures and watches execute; each has a test named after it."""

from youying.insight.columns import COLUMN_FACTS
from youying.insight.facts import READ
from youying.insight.watch_rules import GROUPS
from youying.packs.executed import executes
from youying.packs.words import FACTS

SET_BY_NOBODY = frozenset({"route"})
"""Facts whose column no act fills yet: an edition that asks for them would always read the same."""

executes(
    "insight",
    *("figure", "figure.of:loop", "figure.of:matters", "figure.where", "figure.base", "figure.sum", "figure.exclude"),
    *("figure.of:register", "figure.of:post", "figure.of:rhythm", "fact:filled", "fact:overdue_visit"),
    *(f"fact:{name}" for name in ("due", "done", "on_time", "missed", "covered", "found", "opened", "at_hours")),
    "fact:first_time",
    *("figure.compare:last-year", "figure.compare:last-period"),
    *("figure.empty:none", "figure.empty:zero", "figure.empty:full"),
    *("watch", "watch.of:loop", "watch.of:matters", "watch.where", "watch.group", "watch.over", "watch.count"),
    *("watch.times", "watch.then:tell", "watch.judged_by"),
    *("ledger", "ledger.figures", "ledger.of:loop", "ledger.where"),
    *(f"fact:{name}" for name in (*READ, *GROUPS, *COLUMN_FACTS) if name in FACTS and name not in SET_BY_NOBODY),
)  # fmt: skip
