"""吹哨报到 on the desk: the form, the panel of the matter, a unit's own list, the board by unit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_matter import now_of, page_of, picture, take
from tests.matters.whistling import EMERGENCY, came, the_ask, unit, whistle_street, whistled
from tests.matters.world import in_hand
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Summons
from youying.record.actions import deliver
from youying.sheets.models import FilledSheet


@pytest.fixture
def street(world):
    """The street with its whistle pack, its people with accounts."""
    whistle_street(world)
    open_accounts(by=SYSTEM)
    return world


def test_the_form_offers_units_by_kind_and_says_the_time_of_each_class(street, enter):
    matter = in_hand(street)
    page = page_of(enter("leader"), matter, "?act=whistle")
    for said in ("职能部门", "区供电公司", "区园林局", "应急处置（2小时内报到）", "综合执法（3个工作日内报到）"):
        assert said in page
    named = [unit(street.gongdian), unit(street.yuanlin)]
    answer = take(enter("leader"), matter, "whistle", summoned=named, grade=EMERGENCY, note="树枝压着电线")
    assert (answer.status_code, now_of(matter).stage) == (302, "summoned")
    assert set(Summons.objects.values_list("unit_id", flat=True)) == set(named)


def test_a_form_that_names_nobody_is_shown_again_with_what_it_lacks(street, enter):
    matter = in_hand(street)
    answer = take(enter("leader"), matter, "whistle", grade=EMERGENCY, note="树枝压着电线")
    assert answer.status_code == 422
    assert "请填写“吹哨叫谁来”" in answer.content.decode()


def test_the_panel_says_in_words_where_every_unit_stands_and_who_came(street, enter):
    matter = whistled(street, "gongdian", "yuanlin", "shuiwu", grade=EMERGENCY)
    actions.act(matter.pk, "sign", by=street.yuanlin)
    came(street, matter, "gongdian", place="3号楼东侧")
    page = page_of(enter("leader"), matter)
    for said in ("吹哨报到", "到场", "已签收，等报到", "等签收", "带班的赵工", "3号楼东侧", "前报到"):
        assert said in page
    street.clock.forward(hours=3)
    assert page_of(enter("leader"), matter).count("超期未到") >= 2


def test_a_unit_finds_its_whistle_in_its_day_signs_with_a_tap_and_reports_in_with_a_photo(street, enter):
    matter = whistled(street, "gongdian", grade=EMERGENCY)
    client = enter("gongdian")
    page = client.get("/desk/").content.decode()
    assert "吹到我们的哨 1 声" in page and "签收哨单" in page and "等签收" in page
    assert take(client, matter, "sign").status_code == 302
    assert "已签收，等报到" in client.get("/desk/").content.decode()
    form = page_of(client, matter, "?act=report-in")
    for said in ("怎么报到", "谁来了", "现场照片"):
        assert said in form
    given = {"arrival": "came", "person": "赵工", "note": "到了", "uploads": [picture()]}
    assert take(client, matter, "report-in", **given).status_code == 302
    assert (now_of(matter).stage, Summons.objects.get().end) == ("in-hand", "reported")
    assert "吹到我们的哨" not in client.get("/desk/").content.decode()


def test_another_unit_has_nothing_of_it_in_its_day(street, enter):
    whistled(street, "gongdian")
    assert "吹到我们的哨" not in enter("yuanlin").get("/desk/").content.decode()


def test_whoever_whistled_calls_it_off_by_the_form(street, enter):
    matter = whistled(street, "gongdian", "yuanlin")
    client = enter("leader")
    assert "区园林局" in page_of(client, matter, "?act=call-off")
    answer = take(client, matter, "call-off", units=[unit(street.yuanlin)], note="不用来了")
    assert answer.status_code == 302
    assert Summons.objects.get(unit=unit(street.yuanlin)).end == "called-off"


def test_the_board_counts_by_unit_and_keeps_who_was_late(street, enter):
    matter = whistled(street, "gongdian", "yuanlin", "shuiwu", grade=EMERGENCY)
    came(street, matter, "gongdian")
    street.clock.forward(hours=3)
    actions.sweep()
    came(street, matter, "yuanlin")
    page = enter("dispatcher").get("/desk/whistles/").content.decode()
    for said in ("区供电公司", "区园林局", "区水务局", "超期未到", "现在等谁报到"):
        assert said in page


def test_the_form_that_goes_on_without_a_unit_names_it_and_the_board_still_counts_it(street, enter):
    matter = whistled(street, "gongdian", "yuanlin")
    came(street, matter, "gongdian")
    page = page_of(enter("secretary"), matter, "?act=answered")
    assert "为什么不再等" in page and "区园林局还没有报到，转走以后就不再等了" in page
    assert take(enter("secretary"), matter, "answered").status_code == 422
    assert take(enter("secretary"), matter, "answered", note="电先停了，树明天再修").status_code == 302
    board = enter("dispatcher").get("/desk/whistles/").content.decode()
    assert '<td class="num" data-label="不再等">1</td>' in board


def test_a_unit_that_is_waited_for_no_more_is_told_why_and_the_record_does_not_say_that_it_came(street, enter):
    matter = whistled(street, "gongdian", "yuanlin")
    came(street, matter, "gongdian")
    take(enter("secretary"), matter, "answered", note="树归绿化队修了，联系13800000417")
    deliver(limit=100)
    told = enter("yuanlin").get("/desk/notices/").content.decode()
    assert "不再等您单位报到，不用来了：树归绿化队修了" in told and "13800000417" not in told
    assert f"{matter.number} 不再等" in told and f"/desk/matters/{matter.number}/" not in told
    assert "不再等您单位" not in enter("gongdian").get("/desk/notices/").content.decode()
    assert "哨已响应，转入办理（不再等区园林局）" in page_of(enter("secretary"), matter)


def test_the_approver_reads_whom_it_calls_and_refuses_a_wrong_whistle_by_its_reason(street, enter):
    matter = whistled(street, "gongdian", by="secretary")
    client = enter("leader")
    page = client.get("/desk/").content.decode()
    assert "区供电公司" in page and "不属吹哨范围（乱吹哨）" in page
    ask = the_ask(matter)
    client.post(f"/desk/asks/{ask.pk}/", {"answer": "refuse", "reason": "wrong-whistle", "note": "社区自己能办"})
    ask.refresh_from_db()
    assert (ask.answer, ask.reason) == ("refused", "wrong-whistle")
    assert "因乱吹哨退回 1 次" in client.get("/desk/whistles/").content.decode()


def test_a_wrong_whistle_counts_in_the_period_in_which_it_was_refused_by_whatever_code_the_pack_has(street, enter):
    whistle_street(street, {"reasons.not-a-whistle": {"title": "不该吹哨", "for": ["refuse"]}})
    ask = the_ask(whistled(street, "gongdian", by="secretary"))
    actions.refuse(ask.pk, by=street.leader, reason="not-a-whistle", note="社区自己能办")
    later = street.clock() + timedelta(days=1)
    assert queries.whistle_board(street.leader, until=later).wrong == 1
    assert queries.whistle_board(street.leader, since=later).wrong == 0


def test_the_community_rates_each_unit_that_came_and_a_unit_rates_the_whistle(street, enter):
    matter = whistled(street, "gongdian", "yuanlin")
    came(street, matter, "gongdian")
    came(street, matter, "yuanlin")
    assert "评的是哪一家？" in page_of(enter("secretary"), matter, "?act=rate-unit")
    rating = {"sheet": {"came": True, "effort": "8"}, "judged": unit(street.yuanlin)}
    actions.act(matter.pk, "rate-unit", by=street.secretary, **rating)
    assert "部门评哨单" in page_of(enter("gongdian"), matter)
    actions.act(matter.pk, "rate-whistle", by=street.gongdian, sheet={"needed": True, "clear": False})
    sheets = {row.sheet: row.about for row in FilledSheet.objects.filter(subject=matter.subject)}
    assert sheets == {"unit-rating": f"unit:{unit(street.yuanlin)}", "whistle-rating": matter.subject}
