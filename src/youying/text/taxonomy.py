"""The three-level categories of the cold start, read from one file that a street may replace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from youying.kernel.refusals import Refused

SHIPPED = Path(__file__).with_name("taxonomy.toml")
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OWN_KEYS = frozenset({"title", "words"})


@dataclass(frozen=True)
class Category:
    """One category: `property`, `property.fees` or `property.fees.high-fees`."""

    code: str
    title: str
    words: tuple[str, ...]

    @property
    def level(self) -> int:
        """1 class, 2 group, 3 category."""
        return self.code.count(".") + 1

    @property
    def parent(self) -> str:
        """The code one level up; empty for a class."""
        return self.code.rpartition(".")[0]


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All categories by code, in the file's order."""

    categories: Mapping[str, Category]

    def path(self, code: str) -> tuple[Category, ...]:
        """Give a category and those above it, the class first. Refused: no such code."""
        if code not in self.categories:
            raise Refused("category-unknown", say=f"没有代码为“{code}”的事项分类。", have=code, field="category")
        parts = code.split(".")
        return tuple(self.categories[".".join(parts[: n + 1])] for n in range(len(parts)))

    def title(self, code: str) -> str:
        """Give the whole title: 物业 / 物业收费 / 物业费过高."""
        return " / ".join(category.title for category in self.path(code))

    def by_title(self, title: str) -> tuple[Category, ...]:
        """Give every category of that title, the broadest first."""
        return tuple(sorted((c for c in self.categories.values() if c.title == title), key=lambda c: c.level))


@cache
def shipped_taxonomy() -> Taxonomy:
    """Give the taxonomy that comes with the program."""
    return read_taxonomy(SHIPPED)


def read_taxonomy(path: Path) -> Taxonomy:
    """Read and check a taxonomy file. Refused: not TOML, a code that is not kebab-case, a missing title, a word said twice."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        say = f"“{path.name}”不是可读的 TOML：{fault}。"
        raise Refused("taxonomy-unreadable", say=say, have=path.name) from fault
    found = {category.code: category for category in _categories(raw)}
    _check_words(found)
    return Taxonomy(found)


def _categories(raw: Mapping[str, Any]) -> Iterator[Category]:
    for code, table in raw.items():
        yield _category(code, table.get("title", ""), ())
        for group, inner in _below(table):
            yield _category(f"{code}.{group}", inner.get("title", ""), tuple(inner.get("words", ())))
            for leaf, said in _below(inner):
                title, *words = said or [""]
                yield _category(f"{code}.{group}.{leaf}", title, tuple(words))


def _below(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in table.items() if key not in _OWN_KEYS)


def _category(code: str, title: str, words: tuple[str, ...]) -> Category:
    if not all(_CODE.fullmatch(part) for part in code.split(".")):
        raise Refused("category-code-bad", say=f"分类代码“{code}”应只用小写字母、数字和连字符。", have=code)
    if not title:
        raise Refused("category-without-title", say=f"分类“{code}”没有名称，请补上。", have=code)
    return Category(code, title, tuple(dict.fromkeys((title, *words))))


def _check_words(found: Mapping[str, Category]) -> None:
    """One word may speak for a category and for what stands above it, never for two strangers."""
    spoken: dict[str, str] = {}
    for category in found.values():
        for word in category.words:
            other = spoken.setdefault(word, category.code)
            if not category.code.startswith(other):
                say = f"“{word}”同时写在 {other} 和 {category.code}，关键词只能归一处，请删去一处。"
                raise Refused("category-word-twice", say=say, have=[other, category.code])
