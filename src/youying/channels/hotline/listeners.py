"""What this channel does when others announce something; its guard of files and its tasks register here too."""

from youying.channels.hotline import tasks
from youying.channels.hotline.actions.keeping import remove_of_erased
from youying.channels.hotline.queries import let_in
from youying.kernel.viewers import SYSTEM
from youying.record.events import SubjectErased, listen

GUARD_OF_FILES = let_in
TASKS = (tasks.run_import, tasks.run_export, tasks.remove_old_files)


@listen(SubjectErased, exact=True)
def on_erased(event: SubjectErased, *, key: str) -> None:
    """A matter's personal values were erased: the raw tables that may hold them go too."""
    remove_of_erased(event.subject, by=SYSTEM)
