"""What this context does when others announce something."""

from __future__ import annotations

from youying.access.events import AccountDisabled, PostEnded
from youying.access.models import Post
from youying.kernel.viewers import SYSTEM
from youying.people.actions import end_erased, follow_move, forget_person
from youying.people.actions.rosters import free_shifts, move_shifts
from youying.people.models import Person
from youying.places.events import PlaceMoved
from youying.record.actions import erase
from youying.record.events import SubjectErased, listen


@listen(SubjectErased, exact=True)
def on_subject_erased(event: SubjectErased, *, key: str) -> None:
    """What is found by fingerprint must not outlive the values."""
    if event.subject.startswith("person:"):
        emptied = {f"{name}_sealed": None for name in ("name", "phone", "id_number", "birth")}
        doubles = Person.objects.filter(merged_into__pk=event.subject.removeprefix("person:")).exclude(**emptied)
        for double in doubles:  # a merged double is the same person
            erase(double.subject, by=SYSTEM, reason=event.reason)
        forget_person(event.subject, by=SYSTEM)
        end_erased(event.subject, by=SYSTEM)


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The files and the rosters of a place move with it."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)
    move_shifts(event.old_path, new_path=event.new_path, by=SYSTEM)


@listen(PostEnded, exact=True)
def on_post_ended(event: PostEnded, *, key: str) -> None:
    """Who left the post leaves its coming shifts."""
    free_shifts(Post.objects.values_list("account_id", flat=True).get(pk=event.post_id), by=SYSTEM)


@listen(AccountDisabled, exact=True)
def on_account_disabled(event: AccountDisabled, *, key: str) -> None:
    """Who may not sign in any more is on no shift."""
    free_shifts(event.account_id, by=SYSTEM)
