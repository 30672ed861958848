"""Personal links: how a token is signed, how long it lives, and what is said where it does not open."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from youying.kernel.refusals import Refused

SECRET = re.compile(r"[0-9A-Za-z_-]{32}")
MARK_LENGTH = 16
LIFE_DAYS = 7
LIFE_DAYS_MOST = 60
GONE = "请社区再发一个新的给您。"


def new_token(key: bytes) -> str:
    """A random secret with our signature behind it, so that a made-up token is known without asking the database."""
    secret = secrets.token_urlsafe(24)
    return f"{secret}{_signature(secret, key)}"


def is_signed(token: str, key: bytes) -> bool:
    """Whether the token carries our signature."""
    secret, mark = token[:-MARK_LENGTH], token[-MARK_LENGTH:]
    if not SECRET.fullmatch(secret):
        return False
    return hmac.compare_digest(mark.encode(), _signature(secret, key).encode())


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(f"partner-link\0{token}".encode()).hexdigest()


def checked_life(days: int) -> timedelta:
    """How long a link lives."""
    if not 1 <= days <= LIFE_DAYS_MOST:
        raise Refused("link-life", say=f"链接的有效期请写1到{LIFE_DAYS_MOST}天。", have=days, field="days")
    return timedelta(days=days)


def refuse_dead(*, expires_at: datetime, revoked_at: datetime | None, at: datetime) -> None:
    """Refuse a link that was revoked or has expired, each in its own words."""
    if revoked_at is not None:
        raise Refused("link-revoked", say=f"这个链接已经停用。{GONE}", have=revoked_at.isoformat())
    if at >= expires_at:
        raise Refused("link-expired", say=f"这个链接过期了。{GONE}", have=expires_at.isoformat())


def unknown_link() -> Refused:
    """What is said of a link that is none of ours, or was copied only in part."""
    return Refused("link-unknown", say="这个链接打不开：可能没有复制完整。请从收到的消息里重新点开，或请社区再发一个。")


def _signature(secret: str, key: bytes) -> str:
    return hmac.new(key, f"partner-link\0{secret}".encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]
