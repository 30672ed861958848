"""The words of the language, read off the schema: all that exist, and those an edition says.

A word is the place of a key in the schema without the names a pack invents, and its value where the value is closed:
`loop.merge`, `loop.acts.verb:dispatch`, `loop.acts.needs:unit`, `loop.clocks.ladder.do:remind`, `fact:solved`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from youying.packs import words
from youying.packs.schema import Pack
from youying.packs.schema_base import Word

SILENT_FIELDS = frozenset(
    {"title", "stages", "ends", "choices", "clause", "since", "text", "mechanism", "origin", "about", "sources"}
    | {"extends", "drop", "code", "version", "local", "file"}
)
SILENT_SECTIONS = frozenset({"pack", "beyond"})
PLAIN_WORDS = frozenset(
    {"calendar.week", "tiers.order", "posts.at", "units.at", "units.mirrors", "loop.tier", "rhythm.on", "roster.days"}
    | {"loop.acts.tier", "roster.posts", "reasons"}
)
CONTAINERS = frozenset({"loop", "loop.acts", "loop.clocks", "loop.close", "sheet.items", "menu.items"})
FACT_LISTS = frozenset({"group", "columns", "hides", "per", "sum"})
HEADS: Mapping[str, tuple[str, ...]] = {
    "needs": tuple(words.NEEDS),
    "by": tuple(words.RELATIONS),
    "tells": tuple(words.RELATIONS),
    "opens": ("loop", "put"),
    "then": ("tell", "open", "put", "publish"),
    "on": ("close", "unsolved", "parts", "due", "clock", "met"),
    "of": (*words.POPULATIONS, "register", "unit", "post", "loop", "rhythm", "forum", "decision", "draw", "purse"),
    "tier": ("up", "down"),
    "refused": ("stay",),
}


def said(pack: Pack) -> dict[str, list[str]]:
    """Every word a pack says, with the keys that say it."""
    found: dict[str, list[str]] = {}
    for word, key in _of_model(pack, "", ""):
        found.setdefault(word, [])
        if key not in found[word]:
            found[word].append(key)
    return found


@cache
def vocabulary() -> frozenset[str]:
    """Every word that a pack can say."""
    return frozenset(_possible(Pack, "")) | {f"fact:{fact}" for fact in words.FACTS}


def _of_model(table: Word, word: str, key: str) -> Iterator[tuple[str, str]]:
    for name in type(table).model_fields:
        if name not in table.model_fields_set:
            continue
        info = type(table).model_fields[name]
        alias = info.alias or name
        if alias in SILENT_FIELDS or (not word and alias in SILENT_SECTIONS):
            continue
        yield from _of_value(getattr(table, name), info, _join(word, alias), _join(key, alias))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _of_value(value: Any, info: FieldInfo | None, word: str, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Word):
        if word not in CONTAINERS:
            yield word, key
        yield from _of_model(value, word, key)
    elif isinstance(value, Mapping):
        yield from _of_table(value, word, key)
    elif isinstance(value, list) and value and isinstance(value[0], Word):
        for index, item in enumerate(value):
            yield from _of_value(item, None, word, f"{key}.{index + 1}")
    else:
        yield from _of_scalars(value, info, word, key)


def _of_table(table: Mapping[str, Any], word: str, key: str) -> Iterator[tuple[str, str]]:
    if not table:
        return
    if word not in CONTAINERS:
        yield word, key
    last = word.rpartition(".")[2]
    if last in ("where", "base"):
        yield from ((f"fact:{fact}", f"{key}.{fact}") for fact in table if fact in words.FACTS)
    elif last in ("within", "every"):
        yield f"{word}:table", key
    elif word == "values":
        yield from ((f"values:{fact}", f"{key}.{fact}") for fact in table)
    else:
        for name, value in table.items():
            yield from _of_entry(value, name, word, f"{key}.{name}")


def _of_entry(value: Any, name: str, word: str, key: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Word):
        return
    if word == "loop.acts" and getattr(value, "verb", None) is None:
        yield f"loop.acts.verb:{name}", key
    yield from _of_model(value, word, key)


def _of_scalars(value: Any, info: FieldInfo | None, word: str, key: str) -> Iterator[tuple[str, str]]:
    items = value if isinstance(value, list) else [value]
    last = word.rpartition(".")[2]
    if value is None or items == []:
        return
    closed = [] if word in PLAIN_WORDS else [item for item in items if _closed(item, last, info)]
    if last in FACT_LISTS:
        yield from ((f"fact:{item}", key) for item in items if item in words.FACTS)
    implied = info is not None and info.is_required()
    if (len(closed) < len(items) or value is True) and not implied:
        yield word, key
    yield from ((f"{word}:{str(item).partition(':')[0]}", key) for item in closed)


def _closed(item: Any, last: str, info: FieldInfo | None) -> bool:
    """Whether a value is itself a word of the language and not a name or a number."""
    if not isinstance(item, str):
        return False
    if last in ("within", "every") and item == "given":
        return True
    if item.partition(":")[0] in HEADS.get(last, ()):
        return True
    return info is not None and item in _literals(info.annotation)


def _literals(annotation: Any) -> tuple[str, ...]:
    """The closed values an annotation lists, however deep."""
    if get_origin(annotation) is Literal:
        return tuple(value for value in get_args(annotation) if isinstance(value, str))
    return tuple(value for part in get_args(annotation) for value in _literals(part))


def _possible(model: type[Word], word: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        alias = info.alias or name
        if alias in SILENT_FIELDS or (not word and alias in SILENT_SECTIONS):
            continue
        here = _join(word, alias)
        yield here
        yield from (f"{here}:{value}" for value in (*_literals(info.annotation), *HEADS.get(alias, ()), "table"))
        for inner in _models(info.annotation):
            yield from _possible(inner, here)


def _models(annotation: Any) -> Iterator[type[Word]]:
    if isinstance(annotation, type) and issubclass(annotation, Word):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
