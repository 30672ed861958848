"""The rules of files, without a database."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.files.rules import (
    CSV,
    JPEG,
    MEGABYTE,
    MOST_ENTRIES,
    MOST_RATIO,
    MOST_SHEET_CELLS,
    MOST_SHEET_ROWS,
    MOST_UNPACKED,
    SURELY_SMALL,
    Packed,
    check_archive,
    check_extent,
    check_pixels,
    check_size,
    degrees,
    disposition,
    format_of,
    safe_name,
    taken_text,
)
from youying.kernel.refusals import Refused

BOOK = (Packed("[Content_Types].xml", 10, 10), Packed("xl/workbook.xml", 10, 10))


def code_of(call):
    """The code of the refusal, or nothing."""
    try:
        call()
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("楼道灯.JPG", "楼道灯.jpg"),
        ("C:\\fakepath\\楼道灯.jpg", "楼道灯.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("gpj.\u202eexe", "gpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("", "附件.jpg"),
        ("...", "附件.jpg"),
        ("长" * 200 + ".jpg", "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_freed_of_what_could_harm(name, kept):
    assert safe_name(name, form=JPEG) == kept


@given(st.text(max_size=60))
def test_any_name_makes_a_header_of_one_plain_line(name):
    header = disposition(safe_name(name, form=CSV))
    assert header.isascii() and header.isprintable() and header.count('"') == 2
    assert unquote(header.partition("''")[2]).endswith(".csv")


def test_a_size_is_refused_only_beyond_the_limit():
    assert [code_of(lambda size=size: check_size(size, most=MEGABYTE)) for size in (0, 1, MEGABYTE, MEGABYTE + 1)] == [
        "file-empty",
        "",
        "",
        "too-large",
    ]


def test_dots_are_counted_before_the_picture_is_unpacked():
    assert code_of(lambda: check_pixels(10_000, 6_000)) == ""
    assert code_of(lambda: check_pixels(10_000, 6_001)) == "picture-too-large"
    assert code_of(lambda: check_pixels(0, 5)) == "picture-too-large"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((), ""),
        ((Packed("a.xml", 1, SURELY_SMALL - 20),), ""),
        ((Packed("a.xml", 100_000, 100_000 * MOST_RATIO),), ""),
        ((Packed("a.xml", 100_000, 101_000 * MOST_RATIO),), "archive-bomb"),
        ((Packed("a.xml", MOST_UNPACKED, MOST_UNPACKED),), "archive-bomb"),
        (tuple(Packed(f"{n}.xml", 1, 1) for n in range(MOST_ENTRIES - 2)), ""),
        (tuple(Packed(f"{n}.xml", 1, 1) for n in range(MOST_ENTRIES - 1)), "archive-bomb"),
        ((Packed("../a.xml", 1, 1),), "archive-bomb"),
        ((Packed("a.xml", 1, 1, locked=True),), "sheet-locked"),
        ((Packed("xl/vbaProject.bin", 1, 1),), "sheet-macros"),
    ],
)
def test_an_archive_is_judged_by_what_it_lists(entries, code):
    assert code_of(lambda: check_archive((*BOOK, *entries))) == code


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [
        (MOST_SHEET_ROWS, 1, ""),
        (MOST_SHEET_ROWS + 1, 1, "sheet-too-spread"),
        (MOST_SHEET_CELLS // 1000, 1000, ""),
        (MOST_SHEET_CELLS // 1000 + 1, 1000, "sheet-too-spread"),
    ],
)
def test_a_sheet_may_reach_so_far_and_no_farther(rows, columns, code):
    assert code_of(lambda: check_extent(rows, columns)) == code


def test_an_archive_without_a_workbook_is_no_sheet():
    assert code_of(lambda: check_archive(BOOK[:1])) == code_of(lambda: check_archive(BOOK[1:])) == "type-not-allowed"


def test_only_a_name_that_says_so_makes_text_a_csv():
    assert format_of(b"a,b\n", name="台账.CSV") is CSV
    assert code_of(lambda: format_of(b"a,b\n", name="台账.html")) == "type-not-allowed"
    assert code_of(lambda: format_of(b" \n", name="台账.csv")) == "type-not-allowed"


@pytest.mark.parametrize(
    ("head", "within"),
    [
        ("<html><table><tr><td>工单编号</td></tr></table>".encode(), "网页表格"),
        (b"\xef\xbb\xbf \n<TABLE border=1>", "网页表格"),
        (b'<?xml version="1.0"?><html xmlns:x="urn:schemas-microsoft-com:office:excel">', "网页表格"),
        (b'<?xml version="1.0"?><Workbook>', "XML 表格"),
        ("工单编号\t受理时间\n".encode("gb18030"), "纯文本"),
    ],
)
def test_a_text_that_calls_itself_a_sheet_is_told_what_it_is_and_how_to_save_it(head, within):
    with pytest.raises(Refused, match="sheet-is-text") as refused:
        format_of(head, name="热线导出.xls")
    assert f"文件名是 xls，里面其实是{within}" in refused.value.say and "另存为 xlsx" in refused.value.say
    assert code_of(lambda: format_of(head, name="热线导出.html")) == "type-not-allowed"
    assert code_of(lambda: format_of(b"\x00\x01" + head, name="热线导出.xls")) == "type-not-allowed"


@pytest.mark.parametrize(
    ("words", "offset", "text"),
    [
        ("2026:11:17 16:20:30", "", "2026-11-17T16:20:30"),
        ("2026:11:17 16:20:30\0", "+08:00", "2026-11-17T16:20:30+08:00"),
        ("2026:11:17 16:20:30", "nonsense", "2026-11-17T16:20:30"),
        ("0000:00:00", "", ""),
        ("", "", ""),
    ],
)
def test_the_moment_of_a_photo_is_read_in_its_own_form(words, offset, text):
    assert taken_text(words, offset) == text


@pytest.mark.parametrize(
    ("parts", "side", "number"),
    [
        ((36, 37, 12), "N", 36.62),
        ((36, 37, 12), "S", -36.62),
        ((101, 46, 48), "W", -101.78),
        ((91, 0, 0), "N", None),
        ((180, 0, 0), "E", 180),
        ((36, 37), "N", None),
        ((36, 37, 12), "", None),
    ],
)
def test_degrees_are_signed_by_their_side(parts, side, number):
    assert degrees(parts, side=side) == (pytest.approx(number) if number is not None else None)
