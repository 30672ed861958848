"""Every sheet of every library pack can be filled in, and says what it lacks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sheets.forms import CARD, DEED
from youying.kernel.refusals import Refused
from youying.packs.edition import build_edition
from youying.packs.schema_rhythm import Item, Sheet
from youying.packs.source import library
from youying.sheets.rules import check

PLAUSIBLE: dict[str, Any] = {
    "yes-no": "no", "number": "1", "money": "120.50", "text": "写了几句", "photo": [CARD], "date": "2026-11-20",
    "time": "19:30", "person": "陈桂芳", "place": "3号楼门口", "signature": "name:陈桂芳", "file": [DEED],
    "phone": "0971-1234567",
}  # fmt: skip


def plausible(item: Item) -> Any:
    return item.choices[0] if item.type == "choice" else PLAUSIBLE[item.type]


def sheets() -> list[tuple[str, Sheet]]:
    lib = library()
    editions = {code: build_edition(raw, lib) for code, raw in lib.items()}
    return [(f"{code}-{name}", one) for code, ed in editions.items() for name, one in ed.pack.sheet.items()]


SHEETS = sheets()


@pytest.mark.parametrize("sheet", [one for _, one in SHEETS], ids=[name for name, _ in SHEETS])
def test_a_sheet_of_the_library_can_be_filled_in(sheet: Sheet) -> None:
    filled = check(sheet, {code: plausible(item) for code, item in sheet.items.items()})
    assert set(filled.values) == set(sheet.items)
    needed = tuple(code for code, item in sheet.items.items() if item.must)
    assert check(sheet, {}, lacking_allowed=True).lacking == needed
    if needed:
        with pytest.raises(Refused) as refused:
            check(sheet, {})
        assert refused.value.field == f"sheet.{needed[0]}"
