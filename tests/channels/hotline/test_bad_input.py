"""Whatever somebody uploads: a clear sentence, nothing lost, nothing half done."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.channels.hotline.world import HEADER, a_row, csv_file, loaded, taken, xlsx_file
from youying.channels.hotline import queries, reading
from youying.channels.hotline.models import Import
from youying.kernel.refusals import Refused
from youying.matters.models import Matter, Reporter


def upload(name, data):
    return SimpleUploadedFile(name, data)


def bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    "name, data, code",
    [
        ("热线.xlsx", bomb(), "archive-bomb"),
        ("热线.xlsx", b"MZ" + b"\x00" * 200, "program-file"),
        ("热线.csv", b"", "file-empty"),
        ("热线.csv", b"\xff\xfe\xfa\xfb\x80\x81 \x00", "type-not-allowed"),
        ("热线.csv", "受理时间,诉求内容\n".encode("utf-16"), "type-not-allowed"),
        ("热线.pdf", b"%PDF-1.4 nothing", "pdf-broken"),
        ("热线.pdf", b"%PDF-1.4 nothing %%EOF", "type-not-allowed"),
        ("热线.xlsx", b"PK\x03\x04 broken", "sheet-broken"),
        ("热线.csv.gz", b"\x1f\x8b broken", "sheet-broken"),
        ("热线.csv", b" \n \n", "type-not-allowed"),
        ("热线.csv", "一列\n一行\n".encode(), "table-empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_and_kept_nowhere(world, name, data, code):
    with pytest.raises(Refused) as refused:
        taken(world, upload(name, data))
    assert refused.value.code == code
    assert refused.value.say.endswith("。")
    assert Import.objects.count() == 0


def test_a_packed_file_that_swells_is_refused_before_it_fills_the_disk(world, monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 1000)
    monkeypatch.setattr(reading, "PIECE", 512)
    file = csv_file([a_row(工单编号=f"G-{n}") for n in range(50)])
    with pytest.raises(Refused) as refused:
        reading.unpacked(io.BytesIO(__import__("gzip").compress(file.read())), "热线.csv.gz")
    assert refused.value.code == "archive-bomb"


def test_a_thousand_columns_are_refused(world):
    header = [f"第{n}项" for n in range(1000)]
    with pytest.raises(Refused) as refused:
        taken(world, csv_file([["x"] * 1000], header=header))
    assert (refused.value.code, refused.value.have) == ("too-many-columns", 1000)


def test_a_header_alone_brings_nothing_in(world):
    row = loaded(world, csv_file([]))
    assert (row.state, row.rows, row.opened) == ("done", 0, 0)


@pytest.mark.parametrize(
    "cells, column, words",
    [
        ({"受理时间": "2026-11-14 09:00"}, "受理时间", "还没有到"),
        ({"受理时间": "1989-06-01 09:00"}, "受理时间", "早于1990年"),
        ({"受理时间": "下周三"}, "受理时间", "看不出是什么时间"),
        ({"受理时间": ""}, "受理时间", "没有写时间"),
        ({"办结时间": "2026-10-01 09:00"}, "办结时间", "早于来电时间"),
        ({"办结时间": "2027-01-01 09:00"}, "办结时间", "还没有到"),
        ({"诉求内容": "啊"}, "诉求内容", "太短"),
        ({"诉求内容": "长" * 100_000}, "诉求内容", "最多5000个字"),
        ({"联系电话": "没有电话可留"}, "联系电话", "不像电话"),
        ({"是否解决": "大概吧"}, "是否解决", "看不出"),
        ({"满意度": "五颗星"}, "satisfaction", "没有“五颗星”这个满意程度"),
        ({"工单编号": "9" * 200}, "工单编号", "最多100个字"),
    ],
)
def test_a_bad_cell_keeps_its_row_out_and_is_named(world, cells, column, words):
    row = loaded(world, csv_file([a_row(**cells), a_row(工单编号="G-2", 诉求内容="垃圾没人清运，堆了三天。")]))
    assert (row.opened, row.refused) == (1, 1)
    finding = queries.findings(row, "refused")[0]
    assert finding.line == 2
    assert words in finding.say
    assert finding.column in (column, "满意度")


def test_an_unknown_channel_keeps_the_row_out_and_says_where_to_mend_it(world):
    row = loaded(world, csv_file([[*a_row(), "信鸽"]], header=[*HEADER, "来源渠道"]))
    assert (row.opened, row.refused) == (0, 1)
    assert "信鸽" in queries.findings(row, "refused")[0].say


def test_emoji_full_width_digits_markup_and_formulas_come_in_as_they_are_meant(world):
    words = "<script>alert(1)</script> '; DROP TABLE x; -- 电梯坏了😡👨‍👩‍👧 =1+1"
    file = xlsx_file(
        [
            a_row(
                诉求内容=words,
                工单编号="Ｇ－１２",
                联系电话="１３９０００１０００１",
                受理时间="２０２６年１０月１２日 ９：２０",
            )
        ]
    )
    row = loaded(world, file)
    assert row.refused == 0, queries.findings(row, "refused")
    matter = Matter.objects.get()
    assert matter.external_id == "G-12"
    assert "<script>" in matter.words and "😡" in matter.words
    assert Reporter.objects.get().phone_index
    assert matter.opened_at.isoformat() == "2026-10-12T01:20:00+00:00"


def test_a_formula_in_a_sheet_is_read_as_its_value_and_never_run(world):
    file = xlsx_file([a_row(诉求内容='=HYPERLINK("http://example.com","点我")'), a_row(工单编号="G-2")])
    row = loaded(world, file)
    assert row.opened + row.refused == 2
    assert not Matter.objects.filter(words__contains="HYPERLINK").exists()


def test_two_columns_of_one_name_are_told_apart(world):
    row = taken(world, csv_file([[*a_row(), "又一个"]], header=[*HEADER, "诉求内容"]))
    assert row.titles[-1] == f"诉求内容（第{len(HEADER) + 1}列）"
    assert row.columns["words"] == "诉求内容"
