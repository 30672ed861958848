"""`docs/packs.md` is written from the schema, and the schema describes every field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from youying.packs.faults import CODES
from youying.packs.reference import reference
from youying.packs.schema import SECTIONS
from youying.packs.schema_base import Word
from youying.packs.words import HOUSE_ACTS, NEEDS, VERBS

PAGE = Path(__file__).parents[2] / "docs" / "packs.md"


def tables(model: type[Word] = Word) -> list[type[Word]]:
    return [one for sub in model.__subclasses__() for one in [sub, *tables(sub)]]


@pytest.mark.parametrize("model", tables(), ids=lambda model: model.__name__)
def test_every_field_of_the_language_is_described(model: type[Word]) -> None:
    assert model.__doc__
    assert [name for name, info in model.model_fields.items() if not info.description] == []


def test_the_reference_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: python -m youying.packs.reference > docs/packs.md"


def test_the_language_has_its_closed_numbers_of_words() -> None:
    assert (len(SECTIONS), len(VERBS), len(NEEDS), len(HOUSE_ACTS)) == (29, 30, 26, 18)


@pytest.mark.parametrize("word", [*SECTIONS, *VERBS, *HOUSE_ACTS, *CODES])
def test_the_reference_names_the_word(word: str) -> None:
    assert f"`{word}`" in reference()


SAID_TWICE = re.compile(r"(\b[a-z][a-z-]+\b)、(\b[a-z][a-z-]+\b)、\b[a-z][a-z-]+\b")


def test_a_sentence_of_the_reference_never_lists_bare_codes() -> None:
    """Whoever reads which codes there are reads beside each what it means; the codes alone stand in the column before."""
    told = [line.rsplit("|", 2)[1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert any("resident 居民评价" in said for said in told)
    assert [said for said in told if SAID_TWICE.search(said)] == []
