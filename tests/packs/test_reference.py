"""`docs/packs.md` is written from the schema, and the schema describes every field."""

from __future__ import annotations

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
    assert (len(SECTIONS), len(VERBS), len(NEEDS), len(HOUSE_ACTS)) == (29, 30, 26, 14)


@pytest.mark.parametrize("word", [*SECTIONS, *VERBS, *HOUSE_ACTS, *CODES])
def test_the_reference_names_the_word(word: str) -> None:
    assert f"`{word}`" in reference()
