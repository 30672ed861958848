"""One form for each phone, name and ID number, so that equal people give equal blind indexes."""

from __future__ import annotations

import re
import unicodedata

from youying.kernel.refusals import Refused

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_EXTENSION = re.compile(r"(?:转|分机|ext|#|,|;).*", re.IGNORECASE | re.DOTALL)
RUNG_BACK_LEAST = 7
"""The fewest digits of a phone that can be rung back: a line without its area code. Shorter ones are services."""
_DOTS = re.compile(r"[·•・‧∙⋅.．]")


def normal_phone(text: str) -> str:
    """Digits only, half width, without the country code 86 and the extension; refused when that leaves no phone."""
    folded = unicodedata.normalize("NFKC", text[:200]).strip()
    digits = re.sub(r"[^0-9]", "", _EXTENSION.sub("", folded))
    if folded.startswith("+86") or digits.startswith("0086"):
        digits = digits[2:] if folded.startswith("+") else digits[4:]
    elif len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if not 3 <= len(digits) <= 20:
        raise _no_phone()
    return digits


def dialled_phone(text: str) -> str:
    """A phone that can be rung back, half width and otherwise as it was written; refused for short numbers as 120 too."""
    if len(normal_phone(text)) < RUNG_BACK_LEAST:
        raise _no_phone()
    return unicodedata.normalize("NFKC", text).strip()


def _no_phone() -> Refused:
    say = "这不像电话号码。手机号11位，座机请带区号，例如 0971-1234567。"
    return Refused("phone-unreadable", say=say, field="phone")


def normal_name(text: str) -> str:
    """Half width, no spaces between Chinese characters, one kind of middle dot, Latin letters in lower case."""
    folded = _DOTS.sub("·", unicodedata.normalize("NFKC", text[:200]))
    words = folded.split()
    joint = "" if re.search(r"[\u3400-\u9fff]", folded) else " "
    return joint.join(words).lower()


def normal_id_number(text: str) -> str:
    """The 18-character resident ID number (GB 11643-1999), a 15-digit one lengthened; refused when the check fails."""
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text[:64])).upper()
    if re.fullmatch(r"[0-9]{15}", number):
        number = number[:6] + "19" + number[6:]
        number += id_check_character(number)
    if not is_id_number(number):
        raise Refused(
            "id-number-wrong",
            say="身份证号不对：应为18位，最后一位是校验码，请对照证件再看一遍。",
            clause="GB 11643-1999",
            field="id_number",
        )
    return number


def id_check_character(first_17: str) -> str:
    """The last character of a resident ID number (ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def is_id_number(number: str) -> bool:
    """Whether 18 characters are a resident ID number: a possible birth date and the right check character."""
    if not re.fullmatch(
        r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]", number
    ):
        return False
    return id_check_character(number[:17]) == number[17]
