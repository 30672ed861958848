"""Every write of places: the register of places, and what is said of a home."""

from youying.places.actions.entering import touch
from youying.places.actions.homes import describe_home
from youying.places.actions.places import (
    add_area,
    add_building,
    add_compound,
    add_grid,
    add_homes,
    add_road,
    amend,
    close,
    close_road,
    cover,
    import_rows,
    issue_entrance_codes,
    move,
    rename,
    reopen,
    revoke_entrance_code,
)
from youying.places.actions.planning import adopt_division

__all__ = [
    "add_area", "add_building", "add_compound", "add_grid", "add_homes", "add_road", "adopt_division", "amend", "close",
    "close_road", "cover", "describe_home", "import_rows", "issue_entrance_codes", "move", "rename", "reopen", "revoke_entrance_code",
    "touch",
]  # fmt: skip
