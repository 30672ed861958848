"""House numbers as people write them: 3号楼2单元402, 三栋二单元, 3#楼, 3-2-402, 某某路12号."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = dict(zip("零〇一二三四五六七八九两", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2], strict=True))
_UNITS = {"十": 10, "百": 100}
_CHINESE = "零〇一二三四五六七八九十百两"
_NUMBER = rf"(?:\d{{1,4}}|[{_CHINESE}]{{1,5}})"
_BUILDING = rf"(?:第?(?P<building>{_NUMBER}|[a-z]\d{{0,3}})(?:#楼?|号楼|号(?=\d+单元)|栋|幢|座|号住宅楼|号商品楼|楼(?=[\d{_CHINESE}]+单元)))"
_ENTRANCE = rf"第?(?P<entrance>{_NUMBER})(?:单元|门洞|门栋)"
_ALONE = _ENTRANCE.replace("entrance", "e4")
_ROOM = rf"(?:(?P<room>\d{{3,4}}|{_NUMBER}(?=室|户|号房))(?:室|户|号房|房)?(?![\d年月日号米元人平万点度]))"
_ROOM_ALONE = _ROOM.replace("<room>", "<r4>")
_JOIN = r"[,、\-—的]?"
_DASHED = r"(?<![\d\-])(?P<b2>\d{1,3}|[a-z]\d{0,2})-(?P<e2>\d{1,2})-(?P<r2>\d{3,4})(?![\d\-])"
_PAIR = r"(?<![\d\-])(?P<b3>\d{1,3}|[a-z]\d{0,2})-(?P<r3>\d{3,4})(?![\d\-])"
_DOOR = rf"(?P<door>{_NUMBER}(?:[甲乙丙丁]|附\d+|-\d+)?)号(?!楼|线|院|井|房|\d+单元|上午|下午|晚|早|以|之|起|左右|开始|到|至)"
_PATTERN = re.compile(
    rf"{_DASHED}|{_BUILDING}(?:{_JOIN}{_ENTRANCE})?(?:{_JOIN}{_ROOM})?|{_ALONE}(?:{_JOIN}{_ROOM_ALONE})?|{_PAIR}|{_DOOR}"
)


@dataclass(frozen=True)
class HouseNumber:
    """Numbers that stand together in a text, in plain digits; empty where not said. `start` and `end` count characters."""

    building_no: str
    entrance_no: str
    room_no: str
    door_no: str
    start: int
    end: int


def house_numbers(form: str) -> Iterator[HouseNumber]:
    """Find all house numbers in a canonical text."""
    for found in _PATTERN.finditer(form):
        said = found.groupdict(default="")
        yield HouseNumber(
            building_no=plain_number(said["building"] or said["b2"] or said["b3"]),
            entrance_no=plain_number(said["entrance"] or said["e2"] or said["e4"]),
            room_no=plain_number(said["room"] or said["r2"] or said["r3"] or said["r4"]),
            door_no=_plain_door(said["door"]),
            start=found.start(),
            end=found.end(),
        )


def building_number(name: str) -> str:
    """Give the number in a building's own name (3号楼, 三栋, A座, 3); empty where it has none."""
    said = re.fullmatch(rf"第?({_NUMBER}|[a-z]\d{{0,3}})(?:#楼?|号楼|栋|幢|座|号住宅楼|号商品楼|号)?", name)
    return plain_number(said.group(1)) if said else ""


def plain_number(said: str) -> str:
    """Write a number in plain digits: 三 → 3, 十二 → 12, 一〇二 → 102, 03 → 3; letters stay as they are."""
    if not said or said[0] not in _CHINESE:
        return said.lstrip("0") or said
    if not any(sign in _UNITS for sign in said):
        return "".join(str(_DIGITS[sign]) for sign in said).lstrip("0")
    total, digit = 0, 0
    for sign in said:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return str(total + digit)


def _plain_door(said: str) -> str:
    number = re.match(_NUMBER, said)
    return plain_number(number.group()) + said[number.end() :] if number else ""
