"""The pages of all 36 packs, as last read by a person. After reading a change: YOUYING_SNAPSHOTS=write pytest here."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.packs.conftest import LIBRARY, LOCAL_FOLDER
from youying.packs.edition import build_edition
from youying.packs.explain import explain
from youying.packs.source import RawPack, read_pack

FOLDER = Path(__file__).parent / "explanations"
LOCALS = {code: read_pack(LOCAL_FOLDER / f"{code}.toml") for code in ("huaihuali", "liuwan", "liuyin")}
PAGES = {**LIBRARY, **LOCALS}
CODE_WORD = re.compile(r"(?<![A-Za-z0-9“（])[a-z]{3,}(-[a-z]+)*")
ALLOWED_WORDS = {"drop", "loop", "figure", "rhythm"}


@pytest.mark.parametrize("code", sorted(PAGES))
def test_a_page_is_as_it_was_last_read(code: str, lib: dict[str, RawPack]) -> None:
    page = explain(PAGES[code], lib)
    kept = FOLDER / f"{code}.txt"
    if os.environ.get("YOUYING_SNAPSHOTS") == "write":
        kept.write_text(page, "utf-8")
    assert page == kept.read_text("utf-8")


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_page_shows_titles_and_no_codes(code: str, lib: dict[str, RawPack]) -> None:
    lines = [line for line in explain(lib[code], lib).splitlines() if not line.startswith(("以", "依据", "【去掉】"))]
    assert [match.group() for match in CODE_WORD.finditer("\n".join(lines))] == []


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_page_is_well_punctuated(code: str, lib: dict[str, RawPack]) -> None:
    page = explain(lib[code], lib)
    assert not re.search(r"[；，、。：][；，、。]|（）|“”|None|  ；", page), page


def test_the_page_of_an_edition_shows_inherited_parts_too(lib: dict[str, RawPack]) -> None:
    own = explain(LOCALS["huaihuali"], lib)
    whole = explain(build_edition(LOCALS["huaihuali"], lib))
    assert "【看哪些数】" not in own
    assert "【看哪些数】" in whole and "〔本包〕" not in whole


def test_what_the_local_pack_says_is_marked(lib: dict[str, RawPack]) -> None:
    page = explain(LOCALS["huaihuali"], lib)
    marked = [line for line in page.splitlines() if line.endswith("〔本包〕")]
    assert [line.split("：")[0].strip("· ") for line in marked] == ["分派", "时限 办结"]
