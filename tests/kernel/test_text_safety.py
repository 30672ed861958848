"""Text as people send it: cleaned, measured, and found again by any two or one of its characters."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.kernel.text_safety import (
    bigrams,
    clean_identifier,
    clean_line,
    clean_text,
    fts5_query,
    query_phrases,
    tsquery,
)


def clean(text: str) -> str:
    return clean_text(text, least=0, most=200_000, field="text")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  水管坏了\r\n漏水\r", "水管坏了\n漏水"),
        ("水\x00管\x07坏\x1b了", "水管坏了"),
        ("水\u200b管\ufeff坏\u202e了", "水管坏了"),
        ("水管\ud800坏了", "水管坏了"),
        ("e\u0301", "é"),
        ("谢谢😀👨‍👩‍👧", "谢谢😀👨‍👩‍👧"),
        ("１２３ 三号楼", "１２３ 三号楼"),
        ("一\n\n\n\n\n二", "一\n\n二"),
        ("一\t二", "一 二"),
        ("<b>' OR 1=1; --", "<b>' OR 1=1; --"),
    ],
)
def test_text_is_cleaned_and_keeps_what_people_wrote(sent: str, kept: str) -> None:
    assert clean(sent) == kept


def test_a_line_has_no_breaks() -> None:
    assert clean_line(" 三号楼\r\n\t路灯　不亮 ", most=40, field="title") == "三号楼 路灯 不亮"


def test_an_identifier_is_plain_ascii_where_it_can_be() -> None:
    assert clean_identifier(" ２６１１－０４８１７ ", most=40, field="external_id") == "2611-04817"


def test_empty_short_and_long_text_is_refused_with_what_to_do() -> None:
    assert clean_text("水管坏了", least=4, most=4, field="text") == "水管坏了"
    with pytest.raises(Refused) as empty:
        clean_text(" \u200b\n ", most=10, field="text", label="诉求内容")
    assert (empty.value.code, empty.value.say, empty.value.field) == (
        "text-empty",
        "诉求内容还没有填，请写上。",
        "text",
    )
    with pytest.raises(Refused) as short:
        clean_text("水管", least=4, most=10, field="text", label="诉求内容")
    assert short.value.say == "诉求内容太短，至少写4个字。"
    with pytest.raises(Refused) as long:
        clean_text("长" * 100_000, most=2_000, field="text", label="诉求内容")
    assert long.value.say == "诉求内容最多2000个字，现在有100000个，请删短一些。"
    assert (long.value.have, long.value.need) == (100_000, 2_000)


def test_text_that_may_be_empty_may_be_empty() -> None:
    assert clean_text("  ", least=0, most=10, field="note") == ""


@given(st.text())
def test_cleaned_text_is_clean_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\x00" not in once
    assert once.encode("utf-8").decode("utf-8") == once


def test_tokens_are_pairs_of_chinese_characters_and_whole_words() -> None:
    assert bigrams("3号楼水管漏水") == ["3", "号楼", "楼水", "水管", "管漏", "漏水", "水"]
    assert bigrams("ＷｉＦｉ坏，A12座") == ["wifi", "坏", "a12", "座"]
    assert bigrams("，。😀") == []


def test_queries_are_phrases() -> None:
    assert query_phrases("漏水 A12") == [["漏水"], ["a12"]]
    assert query_phrases("水管漏") == [["水管", "管漏"]]
    assert fts5_query("水管漏 水 a1") == '"水管 管漏" AND "水"* AND "a1"*'
    assert tsquery("水管漏 水 a1") == "'水管' <-> '管漏' & '水':* & 'a1':*"
    assert tsquery("水管") == "'水管'"


@pytest.mark.parametrize("text", ["", "  ", "*\"'()^:-", "😀"])
def test_a_search_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="search-empty"):
        fts5_query(text)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(tokens)")
    rows = ["三号楼下水管道堵了，返水", "水", "路灯不亮", "Wi-Fi 坏了 A1203", "井盖响，污水"]
    database.executemany("INSERT INTO found(tokens) VALUES (?)", [(" ".join(bigrams(row)),) for row in rows])
    return database


@pytest.mark.parametrize(
    ("sought", "rows"),
    [
        ("水", [1, 2, 5]),
        ("水管", [1]),
        ("下水管道", [1]),
        ("管水", []),
        ("路灯 不亮", [3]),
        ("不亮 路灯", [3]),
        ("灯不", [3]),
        ("a12", [4]),
        ("WI-FI", [4]),
        ("' OR 1=1 --", []),
        ('" NEAR( tokens:', []),
    ],
)
def test_the_full_text_index_finds_them(index: sqlite3.Connection, sought: str, rows: list[int]) -> None:
    found = index.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid", (fts5_query(sought),))
    assert [row for (row,) in found] == rows


HAN_WORDS = st.text("水管坏了路灯", min_size=1, max_size=8)


@given(HAN_WORDS, HAN_WORDS, HAN_WORDS)
def test_any_piece_of_a_text_finds_it(before: str, piece: str, after: str) -> None:
    tokens = bigrams(before + piece + after)
    for phrase in query_phrases(piece):
        if len(phrase) == 1 and len(phrase[0]) == 1:
            assert any(token.startswith(phrase[0]) for token in tokens)
        else:
            windows = [tokens[at : at + len(phrase)] for at in range(len(tokens))]
            assert phrase in windows
