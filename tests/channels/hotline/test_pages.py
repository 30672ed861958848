"""The pages of imports and exports, as a person uses them."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tests.cast import Cast, sign_in
from tests.channels.hotline.world import HEADER, a_row, csv_file
from tests.files import makers
from youying.channels.hotline.models import Export, Import, Mapping
from youying.jobs.worker import work_once
from youying.kernel.moments import now
from youying.matters.models import Matter


@pytest.fixture
def desk(world, client):
    """The dispatcher at the desk."""
    return sign_in(client, member(world, "zhou", ("view", "intake", "act", "import", "export")))


def member(world, username, powers):
    """Somebody with a post in the street."""
    return Cast().member(username, "周智远", powers=powers, code="dispatcher", title="派单员", reach=world.town)


def take(desk, world, rows, header=HEADER):
    answer = desk.post("/desk/imports/", {"file": csv_file(rows, header=header), "area": world.town})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer["Location"]


def test_a_file_goes_from_the_form_to_the_result(world, desk):
    here = take(desk, world, [a_row(), a_row(工单编号="G-2", 受理时间="不知道", 诉求内容="井盖松了，请来看看。")])
    page = desk.get(here).content.decode()
    assert "前 2 行会变成" in page
    assert "不知道" in page
    row = Import.objects.get()
    said = {f"column-{code}": title for code, title in row.columns.items()} | {"remember": "街道热线"}
    assert desk.post(here, said).status_code == 302
    assert Mapping.objects.get().name == "街道热线"
    assert desk.post(f"{here}begin/").status_code == 302
    assert "正在导入" in desk.get(here).content.decode()
    assert desk.get(f"{here}bar/").status_code == 200
    while work_once("importer"):
        pass
    assert desk.get(f"{here}bar/")["HX-Refresh"] == "true"
    page = desk.get(here).content.decode()
    assert "登记 1 件" in page
    assert "没有导入 1 行" in page
    answer = desk.get(f"{here}to-fix/")
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert sheet[0] == [*HEADER, "原因"]
    assert sheet[1][0] == "G-2"
    assert "不知道" in sheet[1][-1]


def test_the_preview_names_every_bad_cell_and_counts_what_comes_in_and_what_is_late_already(world, desk):
    still_open = {"答复意见": "", "办结时间": "", "是否解决": "", "满意度": ""}
    rows = [
        a_row(),
        a_row(工单编号="G-2", 诉求内容="井盖松了，请来看看。", **still_open),
        a_row(工单编号="G-3", 受理时间="不知道", 办结时间="昨天下午"),
        a_row(),
        a_row(工单编号="G-2", 诉求内容="同一个编号，说的是另一件事。"),
    ]
    page = desk.get(take(desk, world, rows)).content.decode()
    table = re.sub(r"<[^>]+>", " ", page.partition('id="fate"')[2].partition('id="preview"')[0])
    assert re.search(r"4\s+受理时间\s+.*不知道", table)
    assert re.search(r"4\s+办结时间\s+.*昨天下午", table)
    assert re.search(r"6\s+工单编号\s+编号“G-2”与第3行相同", table)
    assert "登记 2 件" in table and "已在库中 1 件" in table and "2 行不能导入" in table
    assert "其中 1 件一导入就已超期" in table and "从表里的登记时间算起，不从导入时算起" in table
    assert "导入这 2 行" in page
    assert Matter.objects.count() == 0


def test_what_the_preview_counts_is_what_comes_in(world, desk):
    rows = [a_row(), a_row(工单编号="G-2", 办结时间="", 是否解决="", 满意度=""), a_row(工单编号="G-3", 办结时间="昨天")]
    here = take(desk, world, rows)
    assert "导入这 2 行" in desk.get(here).content.decode()
    desk.post(f"{here}begin/")
    while work_once("importer"):
        pass
    assert Matter.objects.count() == 2
    assert Matter.objects.filter(ended_at=None, due_at__lt=now()).count() == 1
    again = desk.get(take(desk, world, rows[:2])).content.decode()
    assert "已在库中 2 件" in again and "照样导入，只补记已在库中的" in again


def test_a_file_that_is_no_table_stays_on_the_form_with_its_reason(world, desk):
    answer = desk.post("/desk/imports/", {"file": io.BytesIO(b"MZ not a table"), "area": world.town})
    assert answer.status_code == 422
    assert "程序文件" in answer.content.decode()
    assert desk.post("/desk/imports/", {"area": world.town}).status_code == 422


def test_a_file_that_would_fill_the_memory_stays_on_the_form_and_the_server_lives_on(world, desk):
    far = makers.spread_xlsx(
        f"<row r='1'>{makers.xlsx_cell('A1')}{makers.xlsx_cell('B1')}</row>",
        f"<row r='100000'>{makers.xlsx_cell('ALL100000')}</row>",
    )
    assert len(far) < 2_000
    answer = desk.post("/desk/imports/", {"file": makers.upload("a.xlsx", far), "area": world.town})
    assert answer.status_code == 422
    assert "表格铺得太开" in answer.content.decode()
    assert Import.objects.count() == 0
    assert take(desk, world, [a_row()])


def test_a_column_that_is_needed_is_asked_for(world, desk):
    here = take(desk, world, [["A1", "楼道灯坏了。"]], header=["编码", "说了什么"])
    page = desk.get(here)
    assert "请指明哪一列是来电（受理）时间。" in page.content.decode()
    answer = desk.post(here, {"column-words": "说了什么"})
    assert answer.status_code == 422


def test_a_dropped_file_brings_nothing_in(world, desk):
    here = take(desk, world, [a_row()])
    assert desk.post(f"{here}drop/").status_code == 302
    assert Matter.objects.count() == 0
    assert "热线.csv" not in desk.get("/desk/imports/").content.decode()


def test_another_persons_import_is_not_found(world, desk, client):
    here = take(desk, world, [a_row()])
    Import.objects.update(account_id=world.leader.account_id)
    assert desk.get(here).status_code == 404


def test_a_post_without_the_power_sees_no_imports(world, client):
    other = sign_in(client, member(world, "mali", ("view", "act")))
    assert other.get("/desk/imports/").status_code == 403
    assert other.get("/desk/exports/").status_code == 403
    assert other.get("/desk/exports/to-answer/").status_code == 403


def test_a_ledger_is_exported_and_fetched(world, desk):
    here = take(desk, world, [a_row()])
    desk.post(f"{here}begin/")
    while work_once("importer"):
        pass
    answer = desk.post("/desk/exports/ask/", {"query": "?state=all", "columns": ["lamp", "number", "title"]})
    assert answer.status_code == 302
    assert "等待" in desk.get("/desk/exports/").content.decode() or Export.objects.get().state == "running"
    while work_once("exporter"):
        pass
    row = Export.objects.get()
    assert f"/desk/files/{row.upload}/" in desk.get("/desk/exports/").content.decode()
    assert desk.get(f"/desk/files/{row.upload}/").status_code == 200
