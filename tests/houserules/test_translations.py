"""English: every Chinese word that a page can say has its English, whole and certain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO, StringIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.houserules.reading import ROOT, SRC

BOOK = SRC / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE, QUOTED = re.compile("[\u4e00-\u9fff]"), re.compile("“[^”]*”")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


@lru_cache(maxsize=1)
def said() -> frozenset[str]:
    """Every message in Python and in pages."""
    methods, options = parse_mapping_cfg(  # type: ignore[no-untyped-call]
        StringIO((ROOT / "babel.cfg").read_text("utf-8"))
    )
    found = extract_from_dir(
        str(ROOT),
        methods,
        options,
        keywords=KEYWORDS,
        directory_filter=lambda path: "/." not in path.removeprefix(str(ROOT)) and "node_modules" not in path,
    )
    return frozenset(message if isinstance(message, str) else message[0] for _, _, message, _, _ in found)


def english() -> Catalog:
    with BOOK.open("rb") as file:
        return read_po(file, locale="en")


def missing(messages: Iterable[str], book: Catalog) -> list[str]:
    """Messages without English, with a half one, or with one that somebody marked as a guess."""
    return sorted(message for message in messages if not complete(book, message))


def complete(book: Catalog, message: str) -> bool:
    entry = book.get(message)
    if entry is None or entry.fuzzy:
        return False
    strings = entry.string if isinstance(entry.string, tuple | list) else [entry.string]
    return all(str(text).strip() or message in ("，", "、") for text in strings) and len(strings) > 0


def left_over(messages: Iterable[str], book: Catalog) -> list[str]:
    """English for words that nobody says any more."""
    asked = set(messages)
    ids = (entry.id if isinstance(entry.id, str) else entry.id[0] for entry in book)
    return sorted(id for id in ids if id and id not in asked)


def still_chinese(book: Catalog) -> list[str]:
    """English that was never written: Chinese stands there, outside quotation marks."""
    return sorted(str(entry.id) for entry in book if entry.id and CHINESE.search(QUOTED.sub("", "".join(entry.string))))


def wrong_places(book: Catalog) -> list[str]:
    """English that lost or invented a value of its Chinese."""
    return [str(entry.id) for entry in book if entry.id and entry.python_format and entry.check(book)]


def test_every_message_has_its_english() -> None:
    assert len(said()) > 80
    assert missing(said(), english()) == []


def test_no_english_is_left_over() -> None:
    assert left_over(said(), english()) == []


def test_english_is_english() -> None:
    assert still_chinese(english()) == []


def test_english_keeps_the_values_of_its_chinese() -> None:
    assert wrong_places(english()) == []


def test_the_rules_see_missing_fuzzy_left_over_and_broken_english() -> None:
    book = read_po(
        BytesIO(
            'msgid "甲"\nmsgstr "A"\n\n#, fuzzy\nmsgid "乙"\nmsgstr "B"\n\nmsgid "丙"\nmsgstr ""\n\n'
            '#, python-format\nmsgid "共 %(n)s 件"\nmsgstr "%(m)s in all"\n'.encode()
        ),
        locale="en",
    )
    assert still_chinese(
        read_po(BytesIO('msgid "甲"\nmsgstr "甲"\n\nmsgid "乙"\nmsgstr "“乙” (B)"\n'.encode()), locale="en")
    ) == ["甲"]
    assert missing(["甲", "乙", "丙", "丁"], book) == ["丁", "丙", "乙"]
    assert left_over(["甲", "乙", "丙"], book) == ["共 %(n)s 件"]
    assert wrong_places(book) == ["共 %(n)s 件"]
