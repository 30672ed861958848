"""Who asked, opened or ended something, as its row keeps it."""

from __future__ import annotations

from typing import Any

from youying.kernel.viewers import Viewer


def who(by: Viewer) -> dict[str, Any]:
    """Whoever acts as plain data: by account, post, unit or reporter; no name and no telephone."""
    return {
        "kind": by.kind,
        "account": by.account_id,
        "post": by.post_id,
        "code": by.post_code,
        "title": by.post_title,
        "unit": by.unit_id,
        "reporter": by.reporter_id,
    }
