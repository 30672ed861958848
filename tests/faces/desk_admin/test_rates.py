"""The rates over HTTP: n beside every percentage, counts under thirty, down to the rows, out as a table."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.desk.conftest import Enter, give
from tests.faces.desk_admin.conftest import cells
from tests.matters.world import CATEGORY, World, adopt, completed, dispatched, opened
from youying.access.models import Unit
from youying.channels.hotline.models import Export
from youying.editions.actions import set_param
from youying.faces.desk.rates import laying
from youying.insight import queries as insight
from youying.insight.periods import Period
from youying.insight.queries import SameType
from youying.insight.queries import ledger as ledgers_read
from youying.jobs.worker import work_once
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Ask, Matter
from youying.packs.source import library
from youying.record.models import Entry


def some(world: World, *, contacted: int, silent: int) -> list[Matter]:
    """Matters of which some heard from their unit at once and some not within its time, which is over."""
    made = [dispatched(world) for _ in range(contacted + silent)]
    for matter in made[:contacted]:
        actions.act(matter.pk, "contact", by=world.manager, note="已联系居民")
    actions.sweep(world.clock.forward(days=2))
    return made


def test_fewer_than_thirty_are_counts_and_never_a_percentage(street: World, enter: Enter) -> None:
    some(street, contacted=2, silent=1)
    page = enter("leader").get(reverse("desk:rates")).content.decode()
    assert "2<small> / 3 件" in page
    assert "不足30件，不算率" in page
    assert "66.7%" not in page


def test_thirty_are_a_rate_with_its_numbers_beside_it(street: World, enter: Enter) -> None:
    some(street, contacted=27, silent=3)
    page = enter("leader").get(reverse("desk:rates")).content.decode()
    assert "90.0<small>%</small>" in page
    assert "27 / 30 件" in page


def test_the_rows_behind_a_number_are_as_many_as_it_says(street: World, enter: Enter) -> None:
    made = some(street, contacted=2, silent=1)
    client, rows = enter("leader"), reverse("desk:rates-rows")
    counted = {}
    for part in ("denominator", "numerator", "missed", "excluded"):
        page = client.get(rows, {"figure": "response", "part": part}).content.decode()
        counted[part] = set(re.findall(r"/desk/matters/(\d{4}-\d{5}-\d)/", page))
    assert counted["numerator"] == {made[0].number, made[1].number}
    assert counted["missed"] == {made[2].number}
    assert counted["denominator"] == counted["numerator"] | counted["missed"]
    assert counted["excluded"] == set()


def test_an_excluded_matter_is_shown_with_both_figures_and_its_rows(street: World, enter: Enter) -> None:
    made = some(street, contacted=30, silent=1)
    actions.exclude(made[30].pk, by=street.leader, reason="litigation", note="已立案")
    client = enter("leader")
    page = client.get(reverse("desk:rates")).content.decode()
    assert "100.0<small>%</small>" in page
    assert "不剔除时" in page
    assert "30 / 31" in page
    assert "已进入诉讼" in page
    rows = client.get(reverse("desk:rates-rows"), {"figure": "response", "part": "excluded"}).content.decode()
    assert "剔除理由：已进入诉讼" in rows and "已立案" in rows and queries.story(made[30])[-1].who in rows
    assert made[30].number in rows


@pytest.mark.parametrize("by", ["area", "unit", "grid", "category", "channel", "month"])
def test_a_line_leads_to_its_own_rows(street: World, enter: Enter, by: str) -> None:
    made = some(street, contacted=1, silent=1)
    client = enter("leader")
    page = client.get(reverse("desk:rates"), {"by": by}).content.decode()
    links = re.findall(rf'href="(/desk/rates/rows/\?by={by}[^"]+figure=response[^"]*)"', page)
    assert links
    rows = client.get(links[-1].replace("&amp;", "&")).content.decode()
    assert all(one.number in rows for one in made)


def test_the_year_before_stands_beside_the_same_days(street: World, enter: Enter) -> None:
    some(street, contacted=15, silent=15)
    street.clock.forward(days=365)
    some(street, contacted=30, silent=0)
    page = enter("leader").get(reverse("desk:rates")).content.decode()
    assert "↑ 50.0 点" in page


@pytest.mark.parametrize(
    "query",
    [
        "since=x",
        "by=zz",
        "unit=abc",
        "since=2026-11-13&until=2026-01-01",
        "since=1066-10-14",
        "until=9999-12-31",
        "grid=-1",
        "area=/etc",
        "place=/etc",
        "place=/99/nowhere",
        "category=nothing",
        "channel=pigeon",
        "unit=99999999",
        "period=yesterday",
        "by=star",
    ],
)
def test_a_condition_that_cannot_be_read_is_said_and_the_rest_still_shows(
    street: World, enter: Enter, query: str
) -> None:
    answer = enter("leader").get(f"{reverse('desk:rates')}?{query}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "没有用上" in page or "日期" in page
    assert 'aria-label="各率合计"' in page
    out = enter("leader").get(f"{reverse('desk:rates-table')}?{query}")
    assert out.status_code == 422 and "spreadsheet" not in out["Content-Type"]


def test_the_rates_of_a_unit_out_of_use_can_still_be_asked_for(street: World, enter: Enter) -> None:
    some(street, contacted=1, silent=0)
    Unit.objects.filter(pk=street.property_company.pk).update(active=False)
    client, asked = enter("leader"), {"unit": street.property_company.pk}
    page = client.get(reverse("desk:rates"), asked).content.decode()
    assert "和顺物业（已停用）" in page and "没有用上" not in page
    assert client.get(reverse("desk:rates-table"), asked).status_code == 200
    assert "和顺物业" not in client.get(reverse("desk:rates-choose", args=["unit"])).content.decode()


def test_the_rates_of_a_channel_of_an_older_edition_can_still_be_asked_for(street: World, enter: Enter) -> None:
    older = library()["m01"]
    table = {**older.table, "channel": {**older.table["channel"], "kiosk": {"title": "自助机"}}}
    adopt(replace(older, table=table), street.town)
    street.clock.forward(minutes=1)
    adopt("m01", street.town)
    client, asked = enter("leader"), {"channel": "kiosk"}
    page = client.get(reverse("desk:rates"), asked).content.decode()
    assert "自助机" in page and "没有用上" not in page
    assert "自助机" not in client.get(reverse("desk:rates-choose", args=["channel"])).content.decode()


@pytest.mark.parametrize(
    "query",
    ["figure=nothing", "figure=response&part=all", "figure=response&by=month&key=x", "figure=response&by=x&key=1"],
)
def test_a_number_that_is_not_there_is_refused_in_words(street: World, enter: Enter, query: str) -> None:
    answer = enter("leader").get(f"{reverse('desk:rates-rows')}?{query}")
    assert answer.status_code in (404, 422)
    assert "现在不能做" in answer.content.decode()


def test_the_table_carries_numerators_and_denominators(street: World, enter: Enter) -> None:
    some(street, contacted=2, silent=1)
    answer = enter("leader").get(reverse("desk:rates-table"), {"by": "unit"})
    lines = cells(answer.content)
    at = lines[0].index("响应率")
    assert lines[0][at + 1 : at + 3] == ["响应率分子", "响应率分母"]
    assert lines[1][at : at + 3] == ["", 2, 3]
    assert lines[2][0] == "和顺物业"


def test_a_ledger_lists_what_the_pack_names_masked_as_on_the_screen(street: World, enter: Enter) -> None:
    matter = completed(street)
    client = enter("leader")
    assert "诉求台账" in client.get(reverse("desk:ledgers")).content.decode()
    page = client.get(reverse("desk:one-ledger", args=["demand"])).content.decode()
    assert matter.number in page
    assert "和顺物业" in page


def exported(client: Client) -> list[list[Any]]:
    """The ledger asked for, written by the job and fetched."""
    answer = client.post(reverse("desk:ledger-table", args=["demand"]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk:exports"))
    while work_once("exporter"):
        pass
    file = client.get(reverse("desk:file", args=[Export.objects.get().upload]))
    return cells(b"".join(file.streaming_content))


def test_a_ledger_leaves_as_a_signed_export_of_what_the_pack_names(street: World, enter: Enter) -> None:
    matter, other = completed(street), opened(street).matter
    lines = exported(enter("leader"))
    assert "导出；个人信息已隐去" in lines[0][0]
    assert lines[1] == ["编号", "渠道", "分类", "地点", "阶段", "责任单位", "到期时间", "是否解决", "满意程度"]
    assert {line[0] for line in lines[2:]} == {matter.number, other.number}
    entries = Entry.objects.filter(subject=Export.objects.get().subject).order_by("seq").values_list("act", flat=True)
    assert list(entries) == ["hotline.start-export", "hotline.finish-export"]


def test_a_long_ledger_waits_for_another_posts_yes(street: World, enter: Enter) -> None:
    completed(street)
    completed(street)
    set_param(street.town, name="export-most", value="1", by=SYSTEM)
    enter("leader").post(reverse("desk:ledger-table", args=["demand"]))
    row = Export.objects.get()
    assert (row.state, row.rows, row.upload) == ("asked", 2, "")


def test_a_ledger_leaves_by_those_who_may_export_and_never_by_a_link(street: World, enter: Enter) -> None:
    completed(street)
    table = reverse("desk:ledger-table", args=["demand"])
    assert enter("dispatcher").post(table).status_code == 403
    give(street.dispatcher, "export")
    assert enter("dispatcher").get(table).status_code == 405
    assert enter("dispatcher").post(table).status_code == 302
    assert Export.objects.count() == 1


def test_a_page_says_how_many_rows_it_does_not_list(street: World, enter: Enter, monkeypatch: Any) -> None:
    for _ in range(3):
        completed(street)
    page = reverse("desk:one-ledger", args=["demand"])
    assert "这里只列最近的" not in enter("leader").get(page).content.decode()
    monkeypatch.setattr(ledgers_read, "MOST_ROWS", 2)
    said = enter("leader").get(page).content.decode()
    assert "共 3 行，这里只列最近的 2 行。要看全部，请导出表格" in said
    assert len(re.findall(r'href="/desk/matters/\d{4}-\d{5}-\d/"', said)) == 2


def test_a_place_out_of_reach_has_no_rates(street: World, enter: Enter) -> None:
    for page in ("desk:rates", "desk:rates-table"):
        answer = enter("stranger").get(reverse(page), {"place": street.town})
        assert "不在您的辖区内" in answer.content.decode()


def test_where_no_pack_is_adopted_the_page_says_what_to_do(street: World, enter: Enter) -> None:
    page = enter("stranger").get(reverse("desk:rates")).content.decode()
    assert "还没有采用机制包" in page
    assert "去采用机制包" in page


def test_a_category_that_last_year_did_not_have_is_no_bar() -> None:
    lamp = SameType("lamp", "路灯不亮", 12, 9, None, "")
    lift = SameType("lift", "电梯停运", 40, 0, None, "")
    drawn = laying.bars([lift, lamp])
    assert drawn is not None and drawn["labels"] == ["路灯不亮"]
    assert [one["data"] for one in drawn["series"]] == [[9], [12]]
    assert "电梯停运" not in laying.bars_say([lift, lamp])
    assert laying.bars([lift]) is None


def test_what_a_unit_sent_back_is_counted_for_it_wherever_the_matter_stands_now(street: World, enter: Enter) -> None:
    made = [dispatched(street) for _ in range(3)]
    for matter, act in ((made[0], "hand-back"), (made[1], "object")):
        actions.act(matter.pk, act, by=street.manager, reason="not-ours", note="不归我们管")
    for ask in Ask.objects.filter(answer="").order_by("pk"):
        actions.approve(ask.pk, by=street.dispatcher if ask.step == "hand-back" else street.leader)
    client, address = enter("leader"), reverse("desk:rates-returns")
    page = client.get(address).content.decode()
    assert "2 / 3 件" in page and "66.7%" not in page
    rows = client.get(address, {"unit": street.property_company.pk}).content.decode()
    assert set(re.findall(r"/desk/matters/(\d{4}-\d{5}-\d)/", rows)) == {made[0].number, made[1].number}
    table = cells(client.get(reverse("desk:rates-returns-table")).content)
    assert ["和顺物业", 3, 1, 1, 2] in [list(row) for row in table]


def test_a_returned_share_stands_from_thirty_on_and_a_unit_sees_its_own_alone(street: World, enter: Enter) -> None:
    made = [dispatched(street) for _ in range(30)]
    actions.act(made[0].pk, "hand-back", by=street.manager, reason="not-ours")
    actions.approve(Ask.objects.get(answer="").pk, by=street.dispatcher)
    actions.act(opened(street).matter.pk, "dispatch", by=street.dispatcher, unit=street.office.pk, category=CATEGORY)
    assert "3.3%" in enter("leader").get(reverse("desk:rates-returns")).content.decode()
    own = insight.returned(replace(street.manager, reach=""), period=Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert [(one.title, one.given, one.sent_back, one.share) for one in own] == [("和顺物业", 30, 1, Fraction(1, 30))]


def test_nothing_sent_back_has_an_empty_state(street: World, enter: Enter) -> None:
    page = enter("leader").get(reverse("desk:rates-returns")).content.decode()
    assert "这段时间没有派过单" in page
