"""What the closed loop does when others announce something."""

from youying.access.events import PostEnded
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.handing import hand_over_unit
from youying.matters.queries import let_in
from youying.record.events import listen

GUARD_OF_FILES = let_in


@listen(PostEnded)
def on_post_ended(event: PostEnded, *, key: str) -> None:
    """The last post of a unit ended with a successor elsewhere: its open matters go there."""
    if event.unit_id is not None and event.hand_over_to is not None:
        hand_over_unit(event.unit_id, to_post=event.hand_over_to, by=SYSTEM)
