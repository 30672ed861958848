"""What this context does when others announce something."""

from __future__ import annotations

from youying.editions.queries import adopted_near, edition_by_digest
from youying.kernel.viewers import SYSTEM
from youying.occasions.actions.ending import follow_move, forget, let_go
from youying.occasions.actions.laying import lay
from youying.people.events import EntryEnded, EntryMade
from youying.places.events import PlaceMoved
from youying.record.events import SubjectErased, listen


@listen(EntryMade)
def on_entry_made(event: EntryMade, *, key: str) -> None:
    """Whoever is listed has their occasions from the same day."""
    adopted = adopted_near(event.path)
    if adopted is None:
        return
    for code, rhythm in edition_by_digest(adopted.digest).pack.rhythm.items():
        if rhythm.of == f"register:{event.register}":
            lay(adopted.area_path, code, by=SYSTEM, below=event.path)


@listen(EntryEnded)
def on_entry_ended(event: EntryEnded, *, key: str) -> None:
    """Whoever left a register is due no more."""
    let_go([f"register-entry:{event.entry_id}"], by=SYSTEM, reason="left")


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """What recurs at a place moves with it."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)


@listen(SubjectErased)
def on_subject_erased(event: SubjectErased, *, key: str) -> None:
    """What visits wrote down of a person goes with the person's file."""
    if event.subject.startswith("person:"):
        forget(event.subject, by=SYSTEM, reason=event.reason)
