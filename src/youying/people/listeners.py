"""What this context does when others announce something."""

from __future__ import annotations

from youying.kernel.viewers import SYSTEM
from youying.people.actions import end_erased, follow_move, forget_person
from youying.places.events import PlaceMoved
from youying.record.events import SubjectErased, listen


@listen(SubjectErased, exact=True)
def on_subject_erased(event: SubjectErased, *, key: str) -> None:
    """What is found by fingerprint must not outlive the values."""
    if event.subject.startswith("person:"):
        forget_person(event.subject, by=SYSTEM)
        end_erased(event.subject, by=SYSTEM)


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The files of a place move with it."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)
