"""The words of the pack language that adoption, calendars and the directory execute; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "editions",
    *("calendar", "calendar.week", "calendar.hours", "calendar.holidays"),
    *(f"calendar.week:{day}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    *("calendar.holidays:national", "calendar.holidays:none"),
    *("directory", "directory.rows", "directory.columns"),
    *(f"directory.columns:{name}" for name in ("category", "unit", "joint", "tier", "urgency", "within", "not_to", "basis")),
    *("params", "params.value", "params.unit"),
)  # fmt: skip
