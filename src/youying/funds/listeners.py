"""What this context does when others announce something."""

from __future__ import annotations

from youying.editions.queries import edition_for
from youying.funds.actions import follow_move, open_purse
from youying.funds.rules import terms_of
from youying.kernel.viewers import SYSTEM
from youying.people.events import EntryMade
from youying.places.events import PlaceMoved
from youying.record.events import listen


@listen(EntryMade, exact=True)
def on_entry_made(event: EntryMade, *, key: str) -> None:
    """Whoever is listed where the register gives each its purse has one from then on."""
    if event.purse:
        open_purse(terms_of(edition_for(event.path), event.purse), by=SYSTEM, path=event.path, holder=event.key)


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The purses of a place move with it."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)
