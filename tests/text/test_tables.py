"""Files as streets have them."""

from __future__ import annotations

import gzip

import pytest
import xlsxwriter

from youying.kernel.refusals import Refused
from youying.text.tables import read_table

CSV = "标题,内容,分类\n路灯,坏了三天,市政\n,,\n供暖,不热,供热\n,,\n"


def _xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(CSV.splitlines()):
            sheet.write_row(at, 0, line.split(","))


WRITERS = {
    "utf8.csv": lambda path: path.write_text(CSV, "utf-8"),
    "bom.csv": lambda path: path.write_text(CSV, "utf-8-sig"),
    "gb.csv": lambda path: path.write_bytes(CSV.encode("gb18030")),
    "tab.tsv": lambda path: path.write_text(CSV.replace(",", "\t"), "utf-8"),
    "packed.csv.gz": lambda path: path.write_bytes(gzip.compress(CSV.encode())),
    "sheet.xlsx": _xlsx,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_file_gives_the_same_rows_and_keeps_an_empty_one_between(tmp_path, name):
    WRITERS[name](tmp_path / name)
    table = read_table(tmp_path / name)
    assert table.header == ("标题", "内容", "分类")
    assert table.texts() == ["路灯\n坏了三天", "", "供暖\n不热"]
    assert table.labels() == ["市政", "", "供热"]


def test_named_columns_are_joined_in_the_order_given(tmp_path):
    WRITERS["utf8.csv"](tmp_path / "a.csv")
    assert read_table(tmp_path / "a.csv").texts(["内容", "标题"])[0] == "坏了三天\n路灯"


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    WRITERS["utf8.csv"](tmp_path / "a.csv")
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / "a.csv").texts(["正文"])
    assert refused.value.code == "no-such-column"
    assert "标题、内容、分类" in refused.value.say


def test_a_table_without_a_known_text_column_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", "utf-8")
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / "a.csv").texts()
    assert refused.value.code == "column-not-recognised"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "file-empty"),
        ("renamed.xlsx", b"MZ\x90\x00 a program", "file-unreadable"),
        ("cut.csv.gz", gzip.compress(CSV.encode(), mtime=0)[:-6], "file-unreadable"),
        ("bytes.csv", b"\xff\xfe\x00\x81\x20\xff", "file-unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / name)
    assert refused.value.code == code


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_table(tmp_path / "none.csv")
    assert refused.value.code == "file-missing"


def test_short_and_long_rows_are_fitted_to_the_header(tmp_path):
    (tmp_path / "a.csv").write_text("text,label\n甲\n乙,丙,丁\n", "utf-8")
    assert read_table(tmp_path / "a.csv").rows == [["甲", ""], ["乙", "丙"]]
