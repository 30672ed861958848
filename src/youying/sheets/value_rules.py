"""One reader a type of item: raw values in, the one form in which they are kept out, or a sentence that says why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from youying.kernel.money import yuan
from youying.kernel.normal_forms import dialled_phone
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line, clean_text
from youying.packs.schema_rhythm import Item

Value = str | bool | tuple[str, ...]
"""Text, dates, times, numbers (decimal, as written) and choices are text; files are tokens of uploads."""

TEXT_MOST, PERSON_MOST, PLACE_MOST, PHONE_MOST = 2000, 60, 120, 30
NUMBER_MOST = Decimal(1_000_000_000)
DECIMALS_MOST = 4
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
FILES_MOST = 6
"""How many uploads one item takes; the uploads of one act have a limit of their own."""
SIGNED = "name:"
"""Before a name typed in place of a drawn signature."""
BELOW_ZERO = frozenset({"℃", "°C", "度"})
"""Units of which a number may be below zero; of all others it is a slip of the pen."""
YES_NO: Mapping[str, bool] = {"yes": True, "no": False, "是": True, "否": False, "true": True, "false": False}
UPLOADED = frozenset({"file", "photo", "signature"})
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_TIME = re.compile(r"([0-9]{1,2})[:：时]([0-9]{1,2})分?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def read_value(code: str, item: Item, raw: Any) -> Value | None:
    """The value of one item in its normal form; None where nothing was filled in. Refused with `sheet.<item>`."""
    if raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | tuple) and not raw):
        return None
    try:
        return READERS[item.type](item, raw)
    except Refused as refused:
        raise Refused(
            refused.code, say=_named(item, refused.say), clause=refused.clause, have=refused.have, need=refused.need,
            field=field_of(code),
        ) from None  # fmt: skip


def field_of(code: str) -> str:
    """What a form and a refusal call the field of an item."""
    return f"sheet.{code}"


def _named(item: Item, say: str) -> str:
    return say if say.startswith(f"“{item.title}”") else f"“{item.title}”：{say}"


def _wrong(item: Item, how: str, *, have: Any = None, need: Any = None, code: str = "sheet-value") -> Refused:
    return Refused(code, say=f"“{item.title}”{how}", have=str(have)[:40], need=need)


def _words(item: Item, raw: Any) -> str:
    if not isinstance(raw, str | int | Decimal) or isinstance(raw, bool):
        raise _wrong(item, "要写文字。", have=raw)
    return str(raw)


def _text(item: Item, raw: Any) -> Value:
    return clean_text(_words(item, raw), most=TEXT_MOST, field="", label=f"“{item.title}”")


def _person(item: Item, raw: Any) -> Value:
    return clean_line(_words(item, raw), most=PERSON_MOST, field="", label=f"“{item.title}”")


def _place(item: Item, raw: Any) -> Value:
    return clean_line(_words(item, raw), most=PLACE_MOST, field="", label=f"“{item.title}”")


def _phone(item: Item, raw: Any) -> Value:
    return dialled_phone(clean_line(_words(item, raw), most=PHONE_MOST, field="", label=f"“{item.title}”"))


def _yes_no(item: Item, raw: Any) -> Value:
    found = raw if isinstance(raw, bool) else YES_NO.get(str(raw).strip().lower())
    if found is None:
        raise _wrong(item, "请选是或否。", have=raw, need=["yes", "no"])
    return found


def _choice(item: Item, raw: Any) -> Value:
    if raw not in item.choices:
        raise _wrong(item, f"请选：{'、'.join(item.choices)}。", have=raw, need=item.choices)
    return str(raw)


def _number(item: Item, raw: Any) -> Value:
    text = unicodedata.normalize("NFKC", _words(item, raw)).strip().replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise _wrong(item, "要写数字，例如 12 或 3.5。", have=raw)
    number = Decimal(text)
    if -_exponent(number) > DECIMALS_MOST:
        raise _wrong(item, f"最多{DECIMALS_MOST}位小数。", have=raw, need=DECIMALS_MOST)
    least, most = bounds(item)
    if not least <= number <= most:
        raise _wrong(item, f"要在{least:,}到{most:,}{item.unit}之间，请核对。", have=raw, need=[str(least), str(most)])
    return plain_number(number)


def bounds(item: Item) -> tuple[Decimal, Decimal]:
    """The least and the most that a number may be: a score goes from nothing to its full points."""
    if scored_by_hand(item):
        return Decimal(0), Decimal(str(item.points))
    return -NUMBER_MOST if item.unit in BELOW_ZERO else Decimal(0), NUMBER_MOST


def scored_by_hand(item: Item) -> bool:
    """Whether the number that is filled in is itself the score."""
    return item.type == "number" and item.points is not None and item.fails is None


def _exponent(number: Decimal) -> int:
    found = number.as_tuple().exponent
    return found if isinstance(found, int) else 0


def plain_number(number: Decimal) -> str:
    """A number as it is kept: no exponent, no zeros behind the point."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _money(item: Item, raw: Any) -> Value:
    return f"{yuan(_words(item, raw)):f}"


def _date(item: Item, raw: Any) -> Value:
    found = raw if isinstance(raw, date) else _parsed(item, _DATE, raw, date, "要写成年-月-日，例如 2026-11-20。")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise _wrong(item, f"要在{FIRST_DAY.year}年到{LAST_DAY.year}年之间，请核对年份。", have=raw)
    return date(found.year, found.month, found.day).isoformat()


def _time(item: Item, raw: Any) -> Value:
    found = raw if isinstance(raw, time) else _parsed(item, _TIME, raw, time, "要写成时:分，例如 09:30。")
    return f"{found:%H:%M}"


def _parsed(item: Item, pattern: re.Pattern[str], raw: Any, make: Callable[..., Any], how: str) -> Any:
    match = pattern.fullmatch(unicodedata.normalize("NFKC", str(raw)[:40]).strip())
    if match is None:
        raise _wrong(item, how, have=raw)
    try:
        return make(*(int(part) for part in match.groups()))
    except ValueError:
        raise _wrong(item, "没有这一天或这个时刻，请核对。", have=raw) from None


def _files(item: Item, raw: Any) -> Value:
    tokens = tuple(dict.fromkeys((raw,) if isinstance(raw, str) else tuple(raw)))
    if len(tokens) > FILES_MOST:
        raise _wrong(item, f"最多附{FILES_MOST}个文件。", have=len(tokens), need=FILES_MOST)
    if not all(isinstance(token, str) and _TOKEN.fullmatch(token) for token in tokens):
        raise _wrong(item, "的文件没有传上来，请重新上传。", have=raw)
    return tokens


def _signature(item: Item, raw: Any) -> Value:
    """A drawn or scanned signature is an upload; a typed one is a name."""
    if isinstance(raw, str) and is_typed(raw):
        name = clean_line(raw.removeprefix(SIGNED), least=2, most=PERSON_MOST, field="", label=f"“{item.title}”的签名")
        return SIGNED + name
    return _files(item, raw)


def read_signature(raw: Any, *, field: str = "signature") -> Value | None:
    """A signature that comes with a step and stands in no sheet; None where none was given."""
    try:
        return read_value("", SIGNATURE, raw)
    except Refused as refused:
        raise Refused(refused.code, say=refused.say, have=refused.have, need=refused.need, field=field) from None


def is_typed(signature: Value | None) -> bool:
    """Whether a signature was typed, not drawn or scanned."""
    return isinstance(signature, str) and signature.startswith(SIGNED)


SIGNATURE = Item(title="签字", type="signature")
READERS: Mapping[str, Callable[[Item, Any], Value]] = {
    "text": _text,
    "person": _person,
    "place": _place,
    "phone": _phone,
    "yes-no": _yes_no,
    "choice": _choice,
    "number": _number,
    "money": _money,
    "date": _date,
    "time": _time,
    "file": _files,
    "photo": _files,
    "signature": _signature,
}
