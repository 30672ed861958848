"""The words of the pack language that registers and rosters execute; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "people",
    *("register", "register.classes", "register.keeper", "register.enter", "register.leave", "register.sheet", "reasons.for:leave"),
    *("roster", "roster.posts", "roster.days", "roster.during", "roster.hours"),
    *(f"register.of:{sort}" for sort in ("person", "home", "unit", "place", "thing")),
)  # fmt: skip
