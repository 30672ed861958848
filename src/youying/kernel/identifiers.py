"""Numbers and codes people read, say and type: matter numbers, look-up secrets, opaque codes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
import uuid
from typing import NamedTuple

from youying.kernel.moments import now
from youying.kernel.refusals import Refused

# No 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: none can be taken for another on paper (2 stays because Z is gone).
ALPHABET = "234679ACDEFGHJKMNPQRTWXY"
SECRET_LENGTH = 8
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―－_.·/]+")


class MatterNumber(NamedTuple):
    """The parts of a matter's number."""

    yymm: str
    serial: int


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and all swaps of neighbours but the very few it is known for."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def matter_number(yymm: str, serial: int) -> str:
    """Print a number as "2611-04817-3": month of receipt, serial (five digits or more), check digit (ISO 7064 MOD 11,10)."""
    if not re.fullmatch(r"[0-9]{2}(0[1-9]|1[0-2])", yymm) or serial < 1:
        raise Refused("number-unmakeable", say="编号由年月4位和从1起的流水号组成。", have=(yymm, serial))
    body = f"{serial:05d}"
    return f"{yymm}-{body}-{check_digit(yymm + body)}"


def parse_matter_number(text: str) -> str:
    """Read what somebody typed (full-width digits, spaces, no dashes) and return the number as printed."""
    parts = matter_number_parts(text)
    return matter_number(parts.yymm, parts.serial)


def matter_number_parts(text: str) -> MatterNumber:
    """Take a typed number apart; refused when it is no number or a digit of it is wrong."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:64]))
    match = re.fullmatch(r"([0-9]{2}(?:0[1-9]|1[0-2]))([0-9]{5}|[1-9][0-9]{5,8})([0-9])", digits)
    if match is None or int(match[2]) < 1:
        raise Refused(
            "number-unreadable",
            say="这不是事项编号。编号形如 2611-04817-3，请照回执上的数字输入，横线可以不写。",
            have=text[:64],
            field="number",
        )
    if check_digit(match[1] + match[2]) != match[3]:
        raise Refused(
            "number-check-digit",
            say="编号里有一位数字不对，请对照回执再看一遍。",
            have=text[:64],
            field="number",
        )
    return MatterNumber(match[1], int(match[2]))


def look_up_secret() -> str:
    """Eight random characters without look-alikes: with the number they open the look-up page (36 bits)."""
    return new_code(SECRET_LENGTH)


def new_code(length: int = 10) -> str:
    """An opaque random code, for a QR sheet or a link that people may have to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normal_secret(text: str) -> str:
    """A typed secret as it was issued: upper case, half width, without spaces and dashes."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:64])).upper()


def hash_secret(secret: str, key: bytes, *, bound_to: str = "") -> str:
    """The keyed hash to store and compare (HMAC-SHA256, hex); `bound_to` ties it to one matter's number."""
    material = f"look-up-secret\0{bound_to}\0{normal_secret(secret)}".encode()
    return hmac.new(key, material, hashlib.sha256).hexdigest()


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): sorts by the moment it was made, to about a quarter of a microsecond's grain."""
    moment = now()
    microseconds = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    milliseconds, rest = divmod(microseconds, 1_000)
    fraction = rest * 4096 // 1000
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
