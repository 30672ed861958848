"""What adoption announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class EditionAdopted:
    """From `since` on, new matters of the area follow another edition."""

    area_path: str
    digest: str
    since: datetime
