"""Every write of access."""

from youying.access.actions.appointments import (
    appoint,
    change_unit,
    close_lapsed_posts,
    create_account,
    create_unit,
    disable,
    enable,
    end_post,
    move_reach,
)
from youying.access.actions.entrances import (
    begin_second_factor,
    choose_post,
    confirm_second_factor,
    drop_second_factor,
    end_session,
    invite,
    note_seen,
    one_time_link,
    redeem,
    set_password,
    sign_in,
)
from youying.access.actions.exporting import log_export
from youying.access.actions.founding import found_demo, offer_set_up, set_up
from youying.access.actions.tables import FreshLink, import_posts, import_units
from youying.access.actions.unmasking import log_unmask
from youying.access.actions.views import drop_view, save_view

__all__ = [
    "FreshLink",
    "appoint",
    "begin_second_factor",
    "change_unit",
    "choose_post",
    "close_lapsed_posts",
    "confirm_second_factor",
    "create_account",
    "create_unit",
    "disable",
    "drop_second_factor",
    "drop_view",
    "enable",
    "end_post",
    "end_session",
    "found_demo",
    "import_posts",
    "import_units",
    "invite",
    "log_export",
    "log_unmask",
    "move_reach",
    "note_seen",
    "offer_set_up",
    "one_time_link",
    "redeem",
    "save_view",
    "set_password",
    "set_up",
    "sign_in",
]
