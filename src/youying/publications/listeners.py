"""What this context does when others announce something."""

from __future__ import annotations

from youying.kernel.viewers import SYSTEM
from youying.places.events import PlaceMoved
from youying.publications.actions import follow_move
from youying.record.events import listen


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The notices of an area move with it."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)
