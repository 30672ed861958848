"""Limits of the portal, and what a report from a phone must bring."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

from youying.kernel.identifiers import ALPHABET, SECRET_LENGTH
from youying.kernel.refusals import Refused

WRONG_TRIES, WRONG_WITHIN = 5, timedelta(minutes=15)
REPORTS, REPORTS_WITHIN = 30, timedelta(hours=1)
PHOTOS_MOST = 6
TOKEN = re.compile(r"[0-9A-Za-z_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a resident sends from the portal."""

    text: str
    token: str
    hint: str = ""
    code: str = ""
    building_id: int | None = None
    compound_id: int | None = None
    area_path: str = ""
    point: tuple[float, float] | None = None
    spot: str = ""
    name: str = ""
    phone: str = ""
    protected: bool = False
    uploads: tuple[str, ...] = ()


def refuse_token(token: str) -> None:
    """Refuse a form whose own mark is missing or made up."""
    if not TOKEN.fullmatch(token):
        raise Refused("stale-form", say="这张表放得太久了，请回到首页重新打开。您写的可以先复制下来。", field="token")


def secret_of(token: str, key: bytes) -> str:
    """The look-up secret that goes with a form: the same when an impatient finger sends it twice."""
    number = int.from_bytes(hmac.digest(key, f"portal-form\0{token}".encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(SECRET_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def refuse_many(count: int, *, most: int, say: str) -> None:
    """Refuse when there were too many already."""
    if count >= most:
        raise Refused("too-many", say=say, have=count, need=most)
