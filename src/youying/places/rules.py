"""Decisions about places: codes, levels, paths, names; pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from youying.kernel.moments import zone as named_zone
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain

LEVELS: dict[str, str] = {
    "province": "省级",
    "city": "市级",
    "county": "区县",
    "town": "街道/乡镇",
    "community": "社区/村",
}
"""Levels of the administrative tree from the top, with what people call them."""

CODE_DIGITS: dict[str, int] = {"province": 2, "city": 4, "county": 6, "town": 9, "community": 12}
"""How many of the 12 digits of a statistical area code belong to a level."""

COMPOUND_KINDS: dict[str, str] = {
    "estate": "住宅小区",
    "village": "自然村",
    "row": "沿街楼院",
    "campus": "单位院落",
    "market": "商业场所",
    "public": "公共场所",
}
LEVEL_WORDS: dict[str, str] = {
    **{level: level for level in LEVELS},
    "省": "province", "省级": "province", "自治区": "province", "直辖市": "province",
    "市": "city", "市级": "city", "地级市": "city", "州": "city", "地区": "city", "盟": "city",
    "县": "county", "区": "county", "区县": "county", "县级": "county", "旗": "county",
    "街道": "town", "镇": "town", "乡": "town", "乡镇": "town", "街道/乡镇": "town", "街道办事处": "town",
    "社区": "community", "村": "community", "居委会": "community", "村委会": "community", "社区/村": "community",
}  # fmt: skip
KIND_WORDS: dict[str, str] = {**{kind: kind for kind in COMPOUND_KINDS}, **{v: k for k, v in COMPOUND_KINDS.items()}}
HOME_USES: dict[str, str] = {"dwelling": "住宅", "shop": "商铺", "office": "办公", "other": "其他"}
"""What a home is used for; it decides which work asks for it."""

HOME_USE_WORDS: dict[str, str] = {
    **{title: code for code, title in HOME_USES.items()},
    "住房": "dwelling", "居住": "dwelling", "门面": "shop", "门店": "shop", "店铺": "shop", "商业": "shop", "商用": "shop",
    "写字楼": "office", "办公室": "office", "办公用房": "office", "其它": "other", "车库": "other", "库房": "other",
}  # fmt: skip
OCCUPANCIES: dict[str, str] = {"owner": "自住", "let": "出租", "empty": "空置", "seasonal": "季节性居住"}
"""Who occupies a home; nothing where nobody knows yet."""

OCCUPANCY_WORDS: dict[str, str] = {
    **{title: code for code, title in OCCUPANCIES.items()},
    "自有自住": "owner", "业主自住": "owner", "常住": "owner", "租住": "let", "租赁": "let", "出租房": "let", "空房": "empty", "空户": "empty",
    "闲置": "empty", "无人居住": "empty", "季节性": "seasonal", "候鸟": "seasonal", "候鸟户": "seasonal", "季节居住": "seasonal",
}  # fmt: skip
AREA_SOURCES: dict[str, str] = {
    "certificate": "不动产权证书", "survey": "测绘报告", "ledger": "物业台账", "stated": "住户自报",
}  # fmt: skip
"""Where the area of a home comes from: levies and votes by area stand or fall with it."""

AREA_SOURCE_WORDS: dict[str, str] = {
    **{title: code for code, title in AREA_SOURCES.items()},
    "产权证": "certificate", "房产证": "certificate", "不动产权证": "certificate", "测绘": "survey", "实测": "survey",
    "台账": "ledger", "物业": "ledger", "自报": "stated", "住户": "stated",
}  # fmt: skip
MOST_ALIASES = 30
_AREA = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z_.-]{0,23}")
_SPLIT = re.compile(r"[、,，;；|/\n]+")


def checked_name(text: object, *, most: int = 80, field: str = "name", what: str = "名称") -> str:
    """A name fit to store; refused when empty or longer than `most` characters."""
    name = plain(text)
    if not name:
        raise Refused("name-missing", say=f"{what}不能为空，请填写。", field=field)
    if len(name) > most:
        raise Refused(
            "name-too-long", say=f"{what}最多{most}个字，现在有{len(name)}个。", have=len(name), need=most, field=field
        )
    return name


def area_code(text: object, *, level: str) -> str:
    """The stored code of an area: of 12 digits only those of its level, any other code as it is (upper case)."""
    code = plain(text).replace(" ", "").upper()
    if not _CODE.fullmatch(code):
        raise Refused(
            "area-code-unreadable",
            say="区划代码由数字或大写字母组成，最多24位，例如街道 630103005000。",
            have=code[:40],
            field="code",
        )
    digits = CODE_DIGITS[level]
    if len(code) == 12 and code.isdigit():
        if code[digits:].strip("0"):
            raise Refused(
                "area-code-level",
                say=f"代码 {code} 的后几位不是0，与层级“{LEVELS[level]}”不符，请核对代码或层级。",
                have=code,
                need=code[:digits].ljust(12, "0"),
                field="code",
            )
        return code[:digits]
    return code


def any_area_code(text: object) -> set[str]:
    """The stored codes that a code written without its level may mean."""
    code = plain(text).replace(" ", "").upper()
    if len(code) != 12 or not code.isdigit():
        return {code}
    return {code} | {code[:n] for n in CODE_DIGITS.values() if not code[n:].strip("0")}


def level_named(text: object) -> str:
    """The level a word means ("街道" is a town); refused when it means none."""
    word = plain(text)
    level = LEVEL_WORDS.get(word) or LEVEL_WORDS.get(word.lower())
    if level is None:
        raise Refused(
            "level-unknown",
            say=f"不认识层级“{word[:20]}”，请写：省、市、区县、街道、社区。",
            have=word[:40],
            need=list(LEVELS),
            field="level",
        )
    return level


def kind_named(text: object) -> str:
    """The kind of compound a word means; an empty word is an estate."""
    word = plain(text) or "estate"
    if word not in KIND_WORDS:
        said = "、".join(COMPOUND_KINDS.values())
        raise Refused(
            "compound-kind-unknown", say=f"不认识类型“{word[:20]}”，请写：{said}。", have=word[:40], field="kind"
        )
    return KIND_WORDS[word]


def _coded(text: object, *, words: Mapping[str, str], titles: Mapping[str, str], field: str, what: str) -> str:
    """The code that a word means; empty where nothing is said."""
    word = plain(text)
    if word and word not in words and word not in titles:
        said = "、".join(titles.values())
        raise Refused(
            f"{field.replace('_', '-')}-unknown", say=f"不认识{what}“{word[:20]}”，请写：{said}。", have=word[:40], need=list(titles), field=field
        )  # fmt: skip
    return words.get(word, word)


def home_use_named(text: object) -> str:
    """The use of a home that a word means; an empty word is a dwelling."""
    return _coded(text, words=HOME_USE_WORDS, titles=HOME_USES, field="use", what="用途") or "dwelling"


def occupancy_named(text: object) -> str:
    """Who occupies a home, as a word says it; empty where nobody knows."""
    return _coded(text, words=OCCUPANCY_WORDS, titles=OCCUPANCIES, field="occupancy", what="居住情况")


def area_source_named(text: object) -> str:
    """Where an area comes from, as a word says it."""
    return _coded(text, words=AREA_SOURCE_WORDS, titles=AREA_SOURCES, field="area_source", what="面积来源")


def home_area(value: object) -> Decimal | None:
    """The area of a home in m², exact to two places; refused rather than rounded."""
    written = plain(value).removesuffix("平方米").removesuffix("平米").removesuffix("m2").strip()
    if not written:
        return None
    if not _AREA.fullmatch(written) or not Decimal(written):
        raise Refused(
            "home-area-unfit", say="面积写平方米数，最多两位小数，例如 89.50。", have=written[:20], field="area_m2"
        )
    return Decimal(written)


def check_area_named(area_m2: Decimal | None, source: str) -> None:
    """Refuse an area without its source, and a source without an area."""
    if area_m2 is not None and not source:
        say = f"请写明面积的来源（{'、'.join(AREA_SOURCES.values())}）。"
        raise Refused("area-source-missing", say=say, have=str(area_m2), need=list(AREA_SOURCES), field="area_source")
    if source and area_m2 is None:
        raise Refused("area-missing", say="写了面积来源，却没有写面积。", have=source, field="area_m2")


def check_parent(level: str, *, parent_level: str | None) -> None:
    """Refuse a parent that does not stand above; levels may be left out (a city without counties)."""
    order = list(LEVELS)
    if parent_level is not None and order.index(parent_level) >= order.index(level):
        raise Refused(
            "parent-not-above",
            say=f"“{LEVELS[level]}”不能放在“{LEVELS[parent_level]}”下面，请选更高一级的区划。",
            have=parent_level,
            need=level,
            field="parent",
        )


def check_bears(level: str, *, what: str) -> None:
    """Refuse to hang compounds, grids or roads on an area that is no community or town."""
    if level not in ("community", "town") or (what == "grid" and level != "community"):
        raise Refused(
            "area-too-high",
            say="请选到社区（村）这一级。" if what == "grid" else "请选到社区（村）或街道（乡镇）这一级。",
            have=level,
            need="community",
            field="area",
        )


def checked_zone(name: object) -> str:
    """The name of a time zone, or nothing; refused when there is no such zone."""
    text = plain(name)
    return named_zone(text).key if text else ""


def split_aliases(text: object, *, name: str = "") -> list[str]:
    """Other names, from a list or from text divided by 、，；/ or new lines; without doubles and without the name."""
    parts: Iterable[object] = text if isinstance(text, list | tuple) else _SPLIT.split(str(text or ""))
    aliases = dict.fromkeys(alias for part in parts if (alias := plain(part)) and alias != name)
    if len(aliases) > MOST_ALIASES:
        raise Refused("aliases-too-many", say=f"别名最多{MOST_ALIASES}个。", have=len(aliases), field="aliases")
    for alias in aliases:
        checked_name(alias, field="aliases", what="别名")
    return list(aliases)


def whole(text: object, *, field: str, what: str, least: int, most: int, default: int | None = None) -> int:
    """A whole number within bounds; an empty cell is the default where there is one."""
    written = plain(text)
    if not written and default is not None:
        return default
    number = re.fullmatch(r"(-?[0-9]{1,6})(?:\.0+)?", written)
    if number is None or not least <= int(number[1]) <= most:
        raise Refused(
            "number-out-of-range",
            say=f"{what}应是{least}到{most}的整数。",
            have=written[:40],
            need=(least, most),
            field=field,
        )
    return int(number[1])


def coordinate(text: object, *, field: str) -> float | None:
    """A longitude or latitude in degrees, or nothing when left empty."""
    written = plain(text)
    if not written:
        return None
    most = 180 if field == "longitude" else 90
    try:
        degrees = float(written)
    except ValueError:
        degrees = float("nan")
    if not -most <= degrees <= most:
        word = "经度" if field == "longitude" else "纬度"
        raise Refused(
            "coordinate-unreadable",
            say=f"{word}应是-{most}到{most}之间的度数。",
            have=written[:40],
            need=most,
            field=field,
        )
    return round(degrees, 7)


def below(parent_path: str, step: str) -> str:
    """The path of a place one step below another."""
    return f"{parent_path.rstrip('/')}/{step}"


def lies_in(path: str, root: str) -> bool:
    """Whether a path is the root itself or below it."""
    return path == root or path.startswith(root.rstrip("/") + "/")


def phone_shown(text: object) -> str:
    """A telephone that is printed for everybody, as people write it (digits, blanks, dashes); may be empty."""
    written = plain(text)
    if written and not re.fullmatch(r"\+?[0-9][0-9 ()\-]{1,18}", written):
        raise Refused(
            "phone-unreadable", say="这不像电话号码，请写手机号或带区号的座机。", have=written[:40], field="phone"
        )
    return written


def level_of_code(text: object) -> str:
    """The level that a code of digits shows by itself; refused when it shows none."""
    code = plain(text).replace(" ", "")
    by_length = {digits: level for level, digits in CODE_DIGITS.items()}
    if code.isdigit() and len(code) == 12:
        return next(level for level, digits in CODE_DIGITS.items() if not code[digits:].strip("0"))
    if code.isdigit() and len(code) in by_length:
        return by_length[len(code)]
    raise Refused(
        "level-missing", say="缺少“层级”：从代码看不出是省、市、区县、街道还是社区。", have=code[:40], field="level"
    )


def split_covers(text: object) -> list[str]:
    """The list of what a grid looks after, as a table's cell writes it."""
    return [part for part in (plain(part) for part in re.split(r"[、，,;；\n]+", str(text))) if part]
