"""The words of the pack language that figures and watches execute; each has a test named after it."""

from youying.insight.facts import READ
from youying.packs.executed import executes

executes(
    "insight",
    *("figure", "figure.of:loop", "figure.of:matters", "figure.where", "figure.base", "figure.sum", "figure.exclude"),
    *("figure.compare:last-year", "figure.compare:last-period"),
    *("figure.empty:none", "figure.empty:zero", "figure.empty:full"),
    *(f"fact:{name}" for name in READ),
)  # fmt: skip
