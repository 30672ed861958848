"""The numbers of an edition: which there are, what each may become, and one of them changed in a local pack's text."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError

from youying.kernel.durations import WORDS, Duration, Unit, in_words, parse_duration
from youying.kernel.refusals import Refused
from youying.packs.chinese import Namer, fraction_in_words
from youying.packs.edition import Edition
from youying.packs.params import ENGINE_PARAMS
from youying.packs.shape import dotted, leaves

Form = Literal["duration", "fraction", "share", "percent", "count", "decimal"]
FORMS: dict[Form, str] = {
    "duration": "期限，写整数和单位，例如 3个工作日",
    "fraction": "份数，例如 >= 2/3、> 1/2、all",
    "share": "份额，例如 1/3",
    "percent": "百分数，例如 5%",
    "count": "整数，例如 3",
    "decimal": "数，例如 2.5",
}
_WRITTEN: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("duration", re.compile(r"[1-9][0-9]{0,5} (minutes|hours|days|months|working-days|office-hours)")),
    ("fraction", re.compile(r"(>|>=) [1-9][0-9]*/[1-9][0-9]*|all")),
    ("share", re.compile(r"[1-9][0-9]*/[1-9][0-9]*")),
    ("percent", re.compile(r"[0-9]{1,3}%")),
)
_TITLES: dict[str, str] = {
    "merge.over": "多久以内算同一诉求",
    "close.silence.attempts": "联系不上时至少联系几次",
    "close.silence.over": "联系不上时至少隔多久",
    "close.reopen.within": "销号后多久内可以翻案重启",
    "close.rework.most": "最多重办几次",
}
UNIT_WORDS: Mapping[Unit, str] = WORDS["zh"]
LONGEST: dict[Unit, int] = {
    "minutes": 14_400,
    "hours": 8_760,
    "days": 3_650,
    "months": 120,
    "working-days": 2_500,
    "office-hours": 5_000,
}
"""What a person may set a period to: beyond it a slip of the hand is likelier than a rule."""
_FIXED_SECTIONS = ("pack", "tiers", "beyond")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a place may change: its key, what stands there now, how it is written and said."""

    key: str
    value: int | float | str
    form: Form
    title: str
    words: str
    owner: str
    leaf: tuple[str, ...]
    inside: tuple[str, ...] = ()


def numbers_of(edition: Edition) -> list[Number]:
    """Every number of an edition, in the order of the language."""
    named = Namer(edition.pack)
    return [number for path, value in _leaves(edition) for number in _numbers_at(path, value, (), edition, named)]


def number_of(edition: Edition, key: str) -> Number:
    """The number at a key; refused when there is none."""
    found = next((number for number in numbers_of(edition) if number.key == key), None)
    if found is None:
        raise Refused(
            "number-unknown", say=f"“{key[:80]}”不是可以改的数。请从列表里选一个数。", have=key[:200], field="key"
        )
    return found


def _leaves(edition: Edition) -> Iterator[tuple[tuple[str, ...], Any]]:
    merged = json.loads(edition.canonical)["edition"]
    return ((path, value) for path, value in leaves(merged) if path[0] not in _FIXED_SECTIONS)


def _numbers_at(
    leaf: tuple[str, ...], value: Any, inside: tuple[str, ...], edition: Edition, named: Namer
) -> Iterator[Number]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _numbers_at(leaf, inner, (*inside, str(name)), edition, named)
    elif form := form_of(value):
        key = dotted((*leaf, *inside))
        yield Number(
            key=key,
            value=value,
            form=form,
            title=_title(leaf, inside, edition, named),
            words=in_chinese(value, form=form) + _unit(leaf, edition),
            owner=edition.owner_of(dotted(leaf)),
            leaf=leaf,
            inside=inside,
        )


def _title(leaf: tuple[str, ...], inside: tuple[str, ...], edition: Edition, named: Namer) -> str:
    """What the number is, to whoever may change it."""
    if leaf[0] == "params":
        return edition.pack.params[leaf[1]].title
    if leaf[0] == "loop" and (said := _TITLES.get(dotted((*leaf[2:], *inside)))):
        return f"“{edition.pack.loop[leaf[1]].title}”{said}"
    if not inside or leaf[-1] != "within":
        return named.key(dotted((*leaf, *inside)))
    per = str(getattr(edition.pack.loop[leaf[1]].clocks[leaf[3]], "per", "") or "") if leaf[0] == "loop" else ""
    which = "其余" if inside[-1] == "else" else named.value(per, inside[-1])
    return f"{named.key(dotted(leaf))}（{which}）"


def _unit(leaf: tuple[str, ...], edition: Edition) -> str:
    """The unit that a pack writes beside a number of the place."""
    return edition.pack.params[leaf[1]].unit if leaf[0] == "params" else ""


def form_of(value: Any) -> Form | None:
    """How a value is written when it is a number, else nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return "count"
    if isinstance(value, float):
        return "decimal"
    if isinstance(value, str):
        return next((form for form, pattern in _WRITTEN if pattern.fullmatch(value)), None)
    return None


def in_chinese(value: int | float | str, *, form: Form) -> str:
    """The number as people say it."""
    if form == "duration":
        return in_words(parse_duration(str(value)))
    if form == "fraction":
        return fraction_in_words(str(value))
    return str(value)


def read_number(text: object, *, form: Form) -> int | float | str:
    """What somebody typed, as a number of the same form; refused with how it is to be written."""
    written = " ".join(unicodedata.normalize("NFKC", str(text)).split())
    if form == "duration":
        return _duration(written)
    if form == "count" and re.fullmatch(r"[0-9]{1,9}", written):
        return int(written)
    if form == "decimal" and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", written):
        return float(written)
    if form == form_of(written) and not _is_over_one(written):
        return written
    raise Refused(
        "number-form",
        say=f"“{written[:40]}”写法不对，这里要{FORMS[form]}。",
        have=written[:80],
        need=form,
        field="value",
    )


def _duration(written: str) -> str:
    """A period of so many units, as a person types it; refused in the words of the page, never in those of the pack."""
    typed = re.fullmatch(r"(?P<n>.*?) ?(?P<unit>[a-z-]+|[^\x00-\x7f]+)?", written)
    n, said = (typed["n"], typed["unit"] or "") if typed else (written, "")
    unit = next((code for code, words in UNIT_WORDS.items() if said in (code, words)), None)
    if not re.fullmatch(r"0*[1-9][0-9]*", n):
        shown = n or (written if unit is None else "")
        say = (f"“{shown[:40]}”不行，" if shown else "") + "请写 1 以上的整数，例如 4。"
        raise Refused("number-form", say=say, have=written[:80], need="duration", field="value")
    if unit is None:
        say = f"请选单位：{'、'.join(UNIT_WORDS.values())}。"
        raise Refused("number-form", say=say, have=written[:80], need="duration", field="unit")
    if len(n) > 9 or int(n) > LONGEST[unit]:
        say = f"最多写{LONGEST[unit]}{UNIT_WORDS[unit]}，再长就不像期限了，请核对。"
        raise Refused("number-too-large", say=say, have=written[:80], need=LONGEST[unit], field="value")
    return str(Duration(int(n), unit))


def read_param(name: str, value: object, *, said: int | float | str) -> int | float | str:
    """What somebody typed for a number of the place, in the form that stands and within the engine's bounds."""
    form = form_of(said)
    if form is None:
        return " ".join(str(value).split())[:200]
    checked = read_number(value, form=form)
    bounds = ENGINE_PARAMS.get(name)
    if bounds and not bounds.allows(checked):
        raise Refused(
            "param-out-of-bounds",
            say=f"“{bounds.title}”应在{bounds.least}到{bounds.most}{bounds.unit}之间。",
            have=checked,
            need=[bounds.least, bounds.most],
            field="value",
        )
    return checked


def _is_over_one(written: str) -> bool:
    """Whether a fraction or a percentage is more than the whole."""
    if match := re.search(r"([0-9]+)/([0-9]+)", written):
        return int(match[1]) > int(match[2])
    return written.endswith("%") and int(written[:-1]) > 100


def with_number(toml: str, edition: Edition, key: str, value: object) -> str:
    """A local pack's text with one number of its edition changed and all else as written, comments too."""
    number = number_of(edition, key)
    named_param = number.leaf[1] if number.leaf[0] == "params" else ""
    changed = read_param(named_param, value, said=number.value)
    if changed == number.value:
        raise Refused(
            "nothing-changed", say=f"{number.title}现在就是{number.words}。", have=number.value, field="value"
        )
    return with_leaf(toml, number.leaf, _new_leaf(edition, number, changed))


def _new_leaf(edition: Edition, number: Number, changed: int | float | str) -> Any:
    """The whole value at the number's key path: a table that means one value is written whole."""
    if not number.inside:
        return changed
    whole = next(value for path, value in _leaves(edition) if path == number.leaf)
    inner = whole
    for name in number.inside[:-1]:
        inner = inner[name]
    inner[number.inside[-1]] = changed
    return whole


def with_leaf(toml: str, path: tuple[str, ...], value: Any) -> str:
    """The text with one key path set; the result reads back as the old table with just that changed."""
    wanted = tomllib.loads(toml)
    _put(wanted, path, value)
    try:
        document = tomlkit.parse(toml)
        _put_written(document, path, value)
        text = tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, AttributeError):
        text = ""
    if not text or not _reads_as(text, wanted):
        text = _appended(toml, path, value)
    if not _reads_as(text, wanted):
        raise Refused(
            "local-pack-unwritable", say="这个数写在本地包里不好自动改的地方，请在“全文”里改。", have=dotted(path)
        )
    return text


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _put(table: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        table = table.setdefault(name, {})
    table[path[-1]] = value


def _put_written(table: Any, path: tuple[str, ...], value: Any) -> None:
    """Set the key in the parsed text, making tables only where none stands."""
    for depth, name in enumerate(path[:-1]):
        if name not in table:
            made = tomlkit.table(is_super_table=depth < len(path) - 2)
            table[name] = tomlkit.inline_table() if isinstance(table, tomlkit.items.InlineTable) else made
        table = table[name]
    table[path[-1]] = _inline(value)


def _inline(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline


def _appended(toml: str, path: tuple[str, ...], value: Any) -> str:
    """The text with a table of its own at the end for the key."""
    head = ".".join(name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False) for name in path[:-1])
    line = tomlkit.dumps(tomlkit.document().add(path[-1], _inline(value)))
    return f"{toml.rstrip()}\n\n[{head}]\n{line}"
