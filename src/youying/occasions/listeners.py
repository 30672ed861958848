"""What this context does when others announce something."""

from __future__ import annotations

from youying.editions.queries import edition_for
from youying.kernel.viewers import SYSTEM
from youying.occasions.actions.laying import lay
from youying.people.events import EntryMade
from youying.record.events import listen


@listen(EntryMade)
def on_entry_made(event: EntryMade, *, key: str) -> None:
    """Whoever is listed has their occasions from the same day."""
    edition = edition_for(event.path)
    for code, rhythm in edition.pack.rhythm.items():
        if rhythm.of == f"register:{event.register}":
            lay(event.path, code, by=SYSTEM)
