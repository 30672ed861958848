"""What may stand in a sheet: each type in its normal form, each slip with one sentence beside its own field."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.forms import CARD, DEED, ITEMS, edition_with, sheet
from youying.kernel.refusals import Refused
from youying.sheets.rules import Average, average, check, examine, promises, score, sheet_of, supplied
from youying.sheets.value_rules import SIGNED

KEPT = [
    ("what", " 水管\r\n爆了 ", "水管\n爆了"),
    ("what", 12, "12"),
    ("came", "yes", True),
    ("came", "否", False),
    ("came", True, True),
    ("kind_of_paper", "复印件", "复印件"),
    ("heads", "１２", "12"),
    ("heads", "1,200.50", "1200.5"),
    ("heads", Decimal("3.0"), "3"),
    ("heads", 0, "0"),
    ("temp", "-3.5", "-3.5"),
    ("cost", "¥3,000.5元", "3000.50"),
    ("until_day", "2026年11月9日", "2026-11-09"),
    ("until_day", date(2026, 11, 9), "2026-11-09"),
    ("clock_time", "9:05", "09:05"),
    ("clock_time", time(19, 30), "19:30"),
    ("who", " 陈  桂芳 ", "陈 桂芳"),
    ("phone", "１３８００００００００", "13800000000"),
    ("spot", "3号楼2单元", "3号楼2单元"),
    ("deed", DEED, (DEED,)),
    ("deed", [DEED, CARD, DEED], (DEED, CARD)),
    ("picture", (CARD,), (CARD,)),
    ("signed", [CARD], (CARD,)),
    ("signed", SIGNED + " 陈桂芳", SIGNED + "陈桂芳"),
]


@pytest.mark.parametrize(("code", "raw", "kept"), KEPT)
def test_a_value_is_kept_in_one_form(code: str, raw: Any, kept: Any) -> None:
    assert check(sheet(code), {code: raw}).values == {code: kept}


BAD = [
    ("what", "长" * 2001, "“事由”最多2000个字"),
    ("what", {"x": 1}, "“事由”要写文字"),
    ("came", "也许", "“按时到场”请选是或否。"),
    ("kind_of_paper", "照片", "“材料种类”请选：原件、复印件。"),
    ("heads", "十二", "“参加”要写数字"),
    ("heads", "-1", "“参加”要在0到1,000,000,000人之间"),
    ("heads", "1000000000.1", "之间，请核对"),
    ("heads", "1.23456", "“参加”最多4位小数。"),
    ("heads", "1e3", "“参加”要写数字"),
    ("heads", True, "“参加”要写文字。"),
    ("temp", "-1000000001", "之间，请核对"),
    ("cost", "-3", "“费用”：金额请写成"),
    ("cost", "3.005", "“费用”：金额请写成"),
    ("until_day", "明天", "“截止日”要写成年-月-日"),
    ("until_day", "2026-02-30", "“截止日”没有这一天"),
    ("until_day", "1899-12-31", "“截止日”要在1900年到2100年之间"),
    ("until_day", "2101-01-01", "“截止日”要在1900年到2100年之间"),
    ("clock_time", "25:00", "“时刻”没有这一天或这个时刻"),
    ("clock_time", "晚上", "“时刻”要写成时:分"),
    ("who", "名" * 61, "“经手人”最多60个字"),
    ("phone", "120", "“联系电话”：这不像电话号码"),
    ("spot", "处" * 121, "“测温点”最多120个字"),
    ("deed", "../../etc/passwd", "“产权证”的文件没有传上来"),
    ("deed", [f"{n:043d}" for n in range(7)], "“产权证”最多附6个文件。"),
    ("signed", SIGNED + "陈", "“住户签字”的签名太短"),
]


@pytest.mark.parametrize(("code", "raw", "said"), BAD)
def test_a_bad_value_is_refused_beside_its_field_in_one_sentence(code: str, raw: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check(sheet(code), {code: raw})
    assert said in refused.value.say
    assert refused.value.say.startswith(f"“{ITEMS[code]['title']}”")
    assert refused.value.field == f"sheet.{code}"


@pytest.mark.parametrize("empty", [None, "", "  ", [], ()])
def test_nothing_is_no_value(empty: Any) -> None:
    optional = sheet(note={"title": "备注", "must": False})
    assert check(optional, {"note": empty}).values == {}
    with pytest.raises(Refused, match="请填写“事由”"):
        check(sheet("what"), {"what": empty})


def test_what_must_be_there_is_named_and_may_come_later_where_that_is_allowed() -> None:
    form = sheet("what", "deed", note={"title": "备注", "must": False})
    with pytest.raises(Refused, match="请附上“产权证”") as refused:
        check(form, {"what": "继承"})
    assert (refused.value.code, refused.value.field) == ("sheet-lacking", "sheet.deed")
    assert check(form, {"what": "继承"}, lacking_allowed=True).lacking == ("deed",)
    assert check(form, {"what": "继承", "deed": DEED}).lacking == ()


def test_a_misspelt_item_does_not_vanish() -> None:
    with pytest.raises(Refused, match="没有“waht”这一栏") as refused:
        check(sheet("what"), {"what": "好", "waht": "好"})
    assert refused.value.code == "sheet-unknown-item"


def test_a_form_is_told_every_slip_at_once_and_keeps_what_could_be_read() -> None:
    filled, wrong = examine(sheet("what", "heads", "came"), {"what": "好", "heads": "x"})
    assert filled.values == {"what": "好"}
    assert {code: one.field for code, one in wrong.items()} == {"heads": "sheet.heads", "came": "sheet.came"}


def test_files_and_drawn_signatures_are_the_uploads_of_a_sheet() -> None:
    form = sheet("deed", "signed", "picture")
    filled = check(form, {"deed": DEED, "signed": [CARD], "picture": [DEED]})
    assert filled.uploads == (DEED, CARD)
    assert check(sheet("signed"), {"signed": SIGNED + "陈桂芳"}).uploads == ()


def test_supplying_adds_what_was_lacking_and_nothing_else() -> None:
    form = sheet("what", "deed", "came")
    have = check(form, {"what": "继承"}, lacking_allowed=True).values
    assert supplied(form, have, {"deed": DEED}).lacking == ("came",)
    assert supplied(form, have, {"deed": DEED, "came": "yes"}).values == {"what": "继承", "deed": (DEED,), "came": True}
    with pytest.raises(Refused, match="“事由”已经有了"):
        supplied(form, have, {"what": "赠与", "deed": DEED})
    with pytest.raises(Refused, match="还没有补交任何一项"):
        supplied(form, have, {"deed": ""})


def test_a_promise_is_a_signature_that_need_not_be_there() -> None:
    form = sheet("deed", "signed", promise={"title": "容缺承诺", "type": "signature", "must": False})
    assert promises(form, {"promise": (CARD,)})
    assert not promises(form, {"signed": (CARD,)})


def points(**item: Any) -> Any:
    return sheet(one={"title": "一项", "points": 10, **item})


SCORES = [
    ({"type": "number"}, "7.5", "7.50"),
    ({"type": "number"}, "10", "10.00"),
    ({"type": "yes-no"}, True, "10.00"),
    ({"type": "yes-no"}, False, "0.00"),
    ({"type": "yes-no", "fails": True}, True, "0.00"),
    ({"type": "yes-no", "fails": True}, False, "10.00"),
    ({"type": "number", "fails": 2.1}, "2", "10.00"),
    ({"type": "number", "fails": 2.1}, "2.1", "0.00"),
    ({"type": "choice", "choices": ["好", "中", "差"]}, "好", "10.00"),
    ({"type": "choice", "choices": ["好", "中", "差"]}, "中", "5.00"),
    ({"type": "choice", "choices": ["好", "中", "差"]}, "差", "0.00"),
    ({"type": "choice", "choices": ["好", "差"], "fails": "差"}, "差", "0.00"),
    ({"type": "text"}, "写了", "10.00"),
]


@pytest.mark.parametrize(("item", "raw", "reached"), SCORES)
def test_points_follow_the_type_of_the_item(item: dict[str, Any], raw: Any, reached: str) -> None:
    filled = check(points(**item), {"one": raw})
    assert (filled.points, filled.full) == (Decimal(reached), Decimal(10))


@pytest.mark.parametrize("raw", ["10.5", "-1"])
def test_a_score_stays_within_its_full_points(raw: str) -> None:
    with pytest.raises(Refused, match=r"要在0到10之间"):
        check(points(type="number"), {"one": raw})


def test_a_sheet_adds_up_its_items_and_leaves_out_those_not_filled_in() -> None:
    form = sheet(
        "what",
        effort={"title": "成效", "type": "number", "points": 10},
        speed={"title": "及时", "type": "number", "points": 5, "must": False},
    )
    assert score(form, check(form, {"what": "好", "effort": 8}).values) == (Decimal(8), Decimal(10))
    assert score(form, check(form, {"what": "好", "effort": 8, "speed": 4}).values) == (Decimal(12), Decimal(15))
    assert score(sheet("what"), {"what": "好"}) == (None, None)


def test_an_average_is_exact() -> None:
    assert average([]) is None
    three = average([(Decimal(7), Decimal(10)), (Decimal(8), Decimal(10)), (Decimal(10), Decimal(10))])
    assert three == Average(Decimal(25), Decimal(30), 3)
    assert (three.mean, three.share) == (Fraction(25, 3), Fraction(5, 6))


def test_an_edition_without_the_sheet_says_so() -> None:
    from_library = edition_with({"what": ITEMS["what"]})
    assert sheet_of(from_library, "survey").title == "勘查表"
    with pytest.raises(Refused, match="没有“other”这张表单"):
        sheet_of(from_library, "other")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(raw: str) -> None:
    for code in ITEMS:
        _, wrong = examine(sheet(code), {code: raw})
        assert all(one.say.endswith("。") and one.field == f"sheet.{code}" for one in wrong.values())


@given(st.decimals(min_value=0, max_value=10, places=3))
def test_a_number_read_again_is_the_same(number: Decimal) -> None:
    form = sheet("heads")
    once = check(form, {"heads": str(number)}).values["heads"]
    assert check(form, {"heads": once}).values["heads"] == once
    assert Decimal(str(once)) == number
