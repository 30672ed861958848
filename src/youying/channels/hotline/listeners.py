"""What registers itself when the program starts: the guard of this channel's files, its tasks."""

from youying.channels.hotline import tasks
from youying.channels.hotline.queries import let_in

GUARD_OF_FILES = let_in
TASKS = (tasks.run_import, tasks.run_export)
