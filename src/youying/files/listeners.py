"""What files does when others announce something."""

from youying.files.actions import erase_of
from youying.kernel.viewers import SYSTEM
from youying.record.events import SubjectErased, listen


@listen(SubjectErased, exact=True)
def on_erased(event: SubjectErased, *, key: str) -> None:
    """A subject's personal values were erased: its files go too."""
    erase_of(event.subject, by=SYSTEM)
