"""The words of the pack language that partners execute; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "partners",
    *("menu", "menu.items.where", "menu.items.within", "menu.offers", "menu.plan", "fact:age"),
    *("plan", "plan.by"),
    *(f"plan.keep:{limit}" for limit in ("area", "capacity", "hours", "skill")),
    *(f"plan.prefer:{wish}" for wish in ("least-loaded", "nearest")),
)
