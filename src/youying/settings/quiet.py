"""What no log may keep: links that open something, and what somebody searched for, cut out of every record."""

from __future__ import annotations

import logging
import re
from typing import Any

CUT = "…"
SECRET_SIGNS = 24
"""A part of an address this long was drawn by chance: a link, a file, a table that waits. Secrets have 43 signs."""
_TOKEN = re.compile(rf"(?<=/)[A-Za-z0-9_-]{{{SECRET_SIGNS},}}(?![A-Za-z0-9_-]|\.(?:js|css|svg|png|woff2|map)\b)")
"""Our own built files have long names too; what somebody pasted with a full stop behind it is still a secret."""
_QUERY = re.compile(r"(?<![^\s'\"])([^\s?'\"]*)\?[^\s'\"]+")


def quiet(text: str) -> str:
    """The same words, without the parts of addresses that are secrets and without what stands after a question mark."""
    return _TOKEN.sub(CUT, _QUERY.sub(_without_query, text))


def _without_query(found: re.Match[str]) -> str:
    """Only an address is cut; a sentence may ask something."""
    return f"{found[1]}?{CUT}" if "/" in found[1] else found[0]


class QuietRecord(logging.LogRecord):
    """A record of ours, of Django or of the server, whoever handles it: its message is quiet from the start."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Cut the message once, where there is something to cut."""
        super().__init__(*args, **kwargs)
        if isinstance(self.args, dict) and self.args.get("query_string"):
            self.args = {**self.args, "query_string": CUT}  # the server's access log can name it by itself
        try:
            said = self.getMessage()
        except Exception:
            return  # a message that does not fit its values is told by the handler; it must not undo its caller's work
        if (cut := quiet(said)) != said:
            self.msg, self.args = cut, ()


class QuietFormatter(logging.Formatter):
    """Formats a record; what an exception says of an address is cut too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return quiet(super().format(record))


def install() -> None:
    """Make every record of this process a quiet one, before anything is logged."""
    logging.setLogRecordFactory(QuietRecord)
