"""Rows of one table that carry the same number: an equal one again is passed over, a different one is a fault."""

from __future__ import annotations

import hashlib
from typing import Any

from youying.channels.hotline.rules import Fault, Reader, row_digest


class Firsts:
    """Which row of a table was the first of its number."""

    def __init__(self, reader: Reader) -> None:
        """Remember nothing yet."""
        self.reader = reader
        self.seen: dict[str, tuple[int, bytes]] = {}

    def judge(self, line: int, cells: list[Any]) -> list[Fault] | None:
        """None for the first row of its number; an empty list for an equal one again, a fault for a different one."""
        said = self._number(cells)
        if not said:
            return None
        digest = hashlib.blake2b(row_digest(cells).encode(), digest_size=8).digest()
        held, mark = self.seen.setdefault(said, (line, digest))
        if held == line:
            return None
        if mark == digest:
            return []
        return [Fault("number", f"编号“{said[:40]}”与第{held}行相同，内容却不同；请改编号，或删去一行。")]

    def _number(self, cells: list[Any]) -> str:
        """The number cell as it is compared; empty without one."""
        cell = self.reader.cell("number", cells)
        return "" if cell is None else str(cell).strip()[:100]
