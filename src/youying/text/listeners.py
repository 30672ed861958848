"""What the models do when others announce something."""

from youying.places.events import PlaceMoved
from youying.record.events import listen
from youying.text.actions.learning import follow_move


@listen(PlaceMoved, exact=True)
def on_place_moved(event: PlaceMoved, *, key: str) -> None:
    """The models of a place move with it, in the same transaction."""
    follow_move(event.old_path, new_path=event.new_path)
