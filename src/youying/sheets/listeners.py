"""What sheets does when others announce something."""

from youying.record.events import SubjectErased, listen
from youying.sheets.actions import forget


@listen(SubjectErased, exact=True)
def on_erased(event: SubjectErased, *, key: str) -> None:
    """A subject's personal values were erased: those of its sheets go too."""
    forget(event.subject)
