"""Reading the tables that people upload."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from tests.places.town import ADMIN, Town
from youying.files.tables import rows_of
from youying.kernel.refusals import Refused
from youying.places.actions import import_rows
from youying.places.models import Compound

ROWS = [["社区代码", "小区"], ["990101001001", "药厂小区"], ["", ""], ["990101001002", "渡口花园"]]
WANTED = [{"社区代码": "990101001001", "小区": "药厂小区"}, {"社区代码": "990101001002", "小区": "渡口花园"}]


def book(rows: list[list[object]]) -> io.BytesIO:
    """An xlsx file."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as written:
        sheet = written.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    stream.seek(0)
    return stream


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_a_csv_is_read_in_whatever_encoding_it_comes(encoding: str, mark: str) -> None:
    text = "\r\n".join(mark.join(row) for row in ROWS)
    assert rows_of(io.BytesIO(text.encode(encoding))) == WANTED


def test_an_xlsx_is_read_and_its_numbers_are_codes(town: Town) -> None:
    rows = rows_of(book([["社区代码", "小区"], [990101001001, "药厂小区"]]))
    import_rows("compound", rows, by=ADMIN)
    assert Compound.objects.get(name="药厂小区").area == town.community


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table-empty"),
        (b"PK\x03\x04 no archive", "table-broken"),
        (b"MZ\x00\x00\x00\x01 a program", "table-broken"),
        ("小区,小区\n甲,乙".encode(), "column-twice"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}:"):
        rows_of(io.BytesIO(data))
