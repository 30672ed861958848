"""Rows written to xlsx with constant memory; nothing in a cell is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter

ACTIVE = ("=", "+", "-", "@", "\t", "\r")
MOST_CELL = 32_767
WIDTHS = {"title": 46, "number": 16, "place": 26, "words": 60}


class Sheet:
    """One sheet that is written from top to bottom; moments are wall-clock times of the reader's zone."""

    def __init__(
        self, path: str | IO[bytes], titles: Sequence[str], *, head: str = "", widths: Sequence[int] = ()
    ) -> None:
        """Open the file and write a line about it, where there is one, and the header."""
        self.book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
        self.sheet = self.book.add_worksheet("台账")
        self.quoted = self.book.add_format({"quote_prefix": True})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        bold, faint = self.book.add_format({"bold": True, "bottom": 1}), self.book.add_format({"font_color": "#666666"})
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        self.line = 0
        if head:
            self.sheet.write_string(0, 0, head, faint)
            self.line = 1
        for place, title in enumerate(titles):
            self.sheet.write_string(self.line, place, title, bold)
        self.sheet.freeze_panes(self.line + 1, 0)
        self.line += 1

    def add(self, cells: Iterable[Any]) -> None:
        """Write one row."""
        sheet, line = self.sheet, self.line
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                self._text(line, place, cell)
            elif isinstance(cell, datetime):
                sheet.write_datetime(line, place, cell, self.moment)
            elif isinstance(cell, bool):
                sheet.write_string(line, place, "是" if cell else "否")
            elif isinstance(cell, int | float):
                sheet.write_number(line, place, cell)
            else:
                self._text(line, place, str(cell))
        self.line += 1

    def _text(self, line: int, place: int, text: str) -> None:
        """A text as text, whatever it begins with: opened, edited or saved again it stays one."""
        if text.startswith(ACTIVE):
            self.sheet.write_string(line, place, text[:MOST_CELL], self.quoted)
        else:
            self.sheet.write_string(line, place, text[:MOST_CELL])

    def close(self) -> None:
        """Finish the file."""
        self.book.close()
