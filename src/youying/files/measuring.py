"""Run as a process of its own: how far a workbook's first sheet reaches, measured where running out of memory hurts nobody.

The reader fills the whole box around the cells of a sheet, and ends its process when there is no memory for it.
What it cannot take here it would not take in a server either, however the file lies about itself.
"""

from __future__ import annotations

import io
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 60
BROKEN = b"broken"


def measure() -> None:
    """Read a workbook from standard input; write its rows and columns, or that it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
        said = b"%d %d" % (sheet.total_height + 1, sheet.total_width + 1)
    except (CalamineError, IndexError, ValueError, OSError):
        said = BROKEN
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    measure()
