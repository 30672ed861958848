"""An export of another system comes in through a real browser: taken, mapped by a person, watched, mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.browser import WIDTHS, axe_faults, sideways
from tests.channels.hotline.world import HEADER, a_row, csv_file
from tests.faces.desk.conftest import give
from tests.faces.desk.test_in_the_browser import enter, keep_picture, street
from tests.matters.world import World
from youying.channels.hotline.models import Mapping
from youying.jobs.worker import work_once
from youying.matters.models import Matter

__all__ = ["street"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = {"工单编号": "编码", "诉求内容": "说了什么"}
"""What this system calls two of its columns; nobody guesses them."""
HEADERS = [OWN.get(title, title) for title in HEADER]


@pytest.fixture
def at_imports(street: World, browser_page: Page, live_server, tmp_path: Path) -> tuple[Page, Path]:
    """The dispatcher before the page of imports, and an old system's file of three rows, one of them bad."""
    rows = [
        a_row(),
        a_row(工单编号="G-2", 诉求内容="幼儿园门口的井盖松了，孩子会掉下去。", 是否解决="否", 满意度="不满意"),
        a_row(工单编号="G-3", 受理时间="不知道", 诉求内容="楼道里堆着杂物，走不过去。"),
    ]
    file = tmp_path / "老热线.csv"
    file.write_bytes(csv_file(rows, header=HEADERS, encoding="gb18030").read())
    give(street.dispatcher, "import")
    enter(browser_page, live_server, street, "dispatcher")
    browser_page.goto(f"{live_server.url}/desk/imports/")
    return browser_page, file


def legible(page: Page, name: str) -> None:
    """The page breaks no rule of accessibility and is nowhere cut off."""
    assert axe_faults(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, f"{name}-{width}")
        assert sideways(page) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_old_systems_file_is_mapped_watched_and_its_bad_row_fetched(street, at_imports, tmp_path):
    page, file = at_imports
    legible(page, "imports")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("h1")).to_have_text("哪一列是什么")
    expect(page.get_by_role("alert")).to_contain_text("请指明哪一列是诉求内容")
    expect(page.locator("#preview")).to_have_count(0)
    page.locator("#column-number").select_option("编码")
    page.locator("#column-words").select_option("说了什么")
    page.locator("#remember").fill("老热线")
    page.get_by_role("button", name="存下，重新看").click()
    expect(page.locator("#preview")).to_contain_text("前 3 行会变成")
    expect(page.locator("#fate")).to_contain_text("1 行不能导入")
    expect(page.get_by_role("row", name=re.compile("^4 .*不知道"))).to_have_count(2)
    assert "陈桂芳" not in page.content() and "13900010001" not in page.content()
    legible(page, "import-mapping")
    page.get_by_role("button", name="导入这 2 行").click()
    expect(page.locator("h1")).to_have_text("正在导入")
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert Matter.objects.count() == 0
    while work_once("importer"):
        pass
    expect(page.locator("h1")).to_have_text("导入完了：登记 2 件")
    legible(page, "import-result")
    with page.expect_download() as got:
        page.get_by_role("link", name="下载这些行，改好再导").click()
    kept = tmp_path / "to-fix.xlsx"
    got.value.save_as(kept)
    assert got.value.suggested_filename == "老热线-没有导入的行.xlsx"
    head, bad = CalamineWorkbook.from_path(kept).get_sheet_by_index(0).to_python()
    assert head == [*HEADERS, "原因"]
    assert (bad[0], bad[1]) == ("G-3", "不知道")
    assert "受理时间" in bad[-1]
    assert Mapping.objects.get().columns["words"] == "说了什么"
    assert list(Matter.objects.order_by("pk").values_list("stage", "reworks")) == [("crossed-off", 0), ("in-hand", 1)]
