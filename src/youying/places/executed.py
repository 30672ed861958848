"""The words of the pack language by which grids are drawn; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "places",
    *(f"plan.keep:{word}" for word in ("contiguous", "boundary", "min-size", "max-size")),
    *(f"plan.prefer:{word}" for word in ("balanced", "same-as-before", "nearest")),
)
