"""What the closed loop does when others announce something."""

from youying.access.events import PostEnded
from youying.editions.previewing import remarking
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.doubling import propose_merge
from youying.matters.actions.erasing import erase_words
from youying.matters.actions.following import follow_move, refuse_rezoning
from youying.matters.actions.handing import hand_over_unit
from youying.matters.actions.landing import land_next
from youying.matters.events import MatterOpened
from youying.matters.queries import let_in
from youying.matters.queries.standing import standing_in_what_goes
from youying.people.roster_events import HandOverRead
from youying.places.events import PlaceMoved, ZoneChanged
from youying.record.events import SubjectErased, listen

GUARD_OF_FILES = let_in
REMARKS = remarking(standing_in_what_goes)


@listen(PostEnded)
def on_post_ended(event: PostEnded, *, key: str) -> None:
    """The last post of a unit ended with a successor elsewhere: its open matters go there."""
    if event.unit_id is not None and event.hand_over_to is not None:
        hand_over_unit(event.unit_id, to_post=event.hand_over_to, by=SYSTEM, cause=key)


@listen(MatterOpened)
def on_opened(event: MatterOpened, *, key: str) -> None:
    """A matter came in: where it is the double of an open one, the merge waits for a person's yes."""
    propose_merge(event.matter_id, by=SYSTEM)


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The matters of a place move with it, in the same transaction."""
    follow_move(event.old_path, new_path=event.new_path, by=SYSTEM)


@listen(ZoneChanged, exact=True)
def on_zone_changed(event: ZoneChanged, *, key: str) -> None:
    """Months, numbers and deadlines are counted in the zone: it changes only where nothing was counted yet."""
    refuse_rezoning(event.path, was=event.was)


@listen(SubjectErased, exact=True)
def on_erased(event: SubjectErased, *, key: str) -> None:
    """A matter's personal values were erased: its words leave the row, the search and, by the next night, the models."""
    erase_words(event.subject)


@listen(HandOverRead, exact=True)
def on_hand_over_read(event: HandOverRead, *, key: str) -> None:
    """What waited with the shift that ended waits with whoever took over."""
    land_next(event.shift_id, reader_id=event.reader_id, next_shift_id=event.next_shift_id, by=SYSTEM)
