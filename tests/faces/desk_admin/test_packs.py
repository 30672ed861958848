"""A secretary changes one number: typed, explained, compared, adopted; days, directory, numbers, texts."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.faces.desk_admin.conftest import LOCAL, cells, table
from tests.matters.world import CATEGORY, World, dispatched
from youying.editions import actions as editions
from youying.editions.models import Adoption, LocalPack
from youying.editions.queries import directory_of, edition_for, params_for, special_days_of
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Clock, Matter
from youying.text.queries import category_title

KEY = "loop.demand.clocks.contact.within"


def within(path: str) -> str:
    return str(edition_for(path).loops["demand"].clocks["contact"].within)


def change(world: World, **fields: str) -> dict[str, str]:
    return {"place": world.town, "key": KEY, "value": "12", "unit": "hours", "since": "", "note": "", **fields}


def hours_to_contact(matter: Matter) -> float:
    """In how many hours of its opening a matter must hear from its unit."""
    clock = Clock.objects.get(matter=matter, code="contact")
    return (clock.due_at - clock.started_at).total_seconds() / 3600


def test_a_preview_says_what_changes_and_changes_nothing(street: World, enter: Enter) -> None:
    page = enter("leader").post(reverse("desk:pack-number"), change(street)).content.decode()
    assert "由24小时改为12小时" in page
    assert "采用：改为12小时" in page
    assert "只对新事项生效" in page
    assert within(street.town) == "24 hours"


@pytest.mark.parametrize(
    ("value", "say"),
    [
        ("0", "“0”不行，请写 1 以上的整数"),
        ("-1", "“-1”不行，请写 1 以上的整数"),
        ("4.5", "“4.5”不行，请写 1 以上的整数"),
        ("abc", "“abc”不行，请写 1 以上的整数"),
        ("", "请写 1 以上的整数"),
        ("99999999", "最多写2500个工作日"),
        ("9" * 60, "最多写2500个工作日"),
    ],
)
def test_a_period_that_is_none_is_refused_in_the_words_of_the_page(
    street: World, enter: Enter, value: str, say: str
) -> None:
    answer = enter("leader").post(reverse("desk:pack-number"), change(street, value=value, unit="working-days"))
    page = answer.content.decode()
    errors = page.partition('role="alert"')[2].partition("</ul>")[0]
    assert answer.status_code == 422 and say in errors
    assert "working" not in errors and within(street.town) == "24 hours"


def test_a_period_in_full_width_digits_is_read_as_it_is_meant(street: World, enter: Enter) -> None:
    page = enter("leader").post(reverse("desk:pack-number"), change(street, value="４", unit="working-days"))
    assert "由24小时改为4个工作日" in page.content.decode()


def test_adopting_holds_for_new_matters_and_an_old_one_keeps_its_deadline(street: World, enter: Enter) -> None:
    old = dispatched(street)
    answer = enter("leader").post(reverse("desk:pack-number"), change(street, go="1", version="2"))
    assert answer.status_code == 302
    street.clock.forward(minutes=1)
    new = dispatched(street)
    assert within(street.town) == "12 hours"
    assert (hours_to_contact(old), hours_to_contact(new)) == (24, 12)
    assert "首次联系" in LocalPack.objects.order_by("-version")[0].toml


def test_two_who_change_at_once_do_not_overwrite_each_other(street: World, enter: Enter) -> None:
    client = enter("leader")
    client.post(reverse("desk:pack-number"), change(street, go="1", version="2"))
    page = client.post(reverse("desk:pack-number"), change(street, value="6", go="1", version="2"))
    assert page.status_code == 422
    assert "您打开这一页以后，街道领导改了本地包" in page.content.decode()
    assert within(street.town) == "12 hours"


@pytest.mark.parametrize("value", ["", "十二", "-3", "0", "12.5", "1" * 30, "<b>1</b>", "１２；DROP TABLE"])
def test_a_number_written_wrong_is_said_beside_its_field(street: World, enter: Enter, value: str) -> None:
    answer = enter("leader").post(reverse("desk:pack-number"), change(street, value=value))
    assert answer.status_code == 422
    assert 'id="value-error"' in answer.content.decode() or "data-take-focus" in answer.content.decode()
    assert Adoption.objects.filter(area_path=street.town).count() == 2


def test_a_day_in_the_past_is_refused(street: World, enter: Enter) -> None:
    answer = enter("leader").post(reverse("desk:pack-number"), change(street, go="1", since="2026-11-01"))
    assert answer.status_code == 422
    assert "生效时间不能早于现在" in answer.content.decode()


def test_a_community_may_have_its_own_number_without_touching_the_street(street: World, enter: Enter) -> None:
    answer = enter("secretary").post(
        reverse("desk:pack-number"), change(street, place=street.community, go="1", value="8")
    )
    assert answer.status_code == 302
    assert (within(street.community), within(street.town)) == ("8 hours", "24 hours")


def test_a_secretary_cannot_change_the_street_above(street: World, enter: Enter) -> None:
    answer = enter("secretary").post(reverse("desk:pack-number"), change(street, go="1"))
    assert answer.status_code == 403
    assert within(street.town) == "24 hours"


def test_a_post_without_the_power_changes_nothing(street: World, enter: Enter) -> None:
    assert enter("dispatcher").post(reverse("desk:pack-number"), change(street, go="1")).status_code == 403
    assert within(street.town) == "24 hours"


def test_a_text_with_a_fault_names_key_and_remedy(street: World, enter: Enter) -> None:
    broken = LOCAL + '\n[loop.demand.clocks.accept]\nwithin = "7 fortnights"\n'
    answer = enter("leader").post(reverse("desk:pack-text"), {"place": street.town, "text": broken})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "loop.demand.clocks.accept" in page
    assert "7 fortnights" in page


def test_words_not_executed_yet_keep_a_pack_from_adoption(street: World, enter: Enter) -> None:
    client = enter("leader")
    text = LOCAL.replace("m01@1", "m12@1")
    page = client.post(reverse("desk:pack-text"), {"place": street.town, "text": text}).content.decode()
    assert "还不能采用" in page
    assert "程序还不执行" in page
    refused = client.post(reverse("desk:pack-text"), {"place": street.town, "text": text, "go": "1"})
    assert refused.status_code == 422
    assert Adoption.objects.filter(area_path=street.town).count() == 2


def test_the_preview_says_which_running_matters_stand_in_what_goes(street: World, enter: Enter) -> None:
    dispatched(street)
    text = LOCAL.replace("[loop", 'drop = ["loop.demand.clocks.contact", "figure.response", "ledger.demand"]\n[loop', 1)
    text = text.replace("contact.within", "accept.within")
    page = enter("leader").post(reverse("desk:pack-text"), {"place": street.town, "text": text}).content.decode()
    assert "1件在办事项正在计“首次联系”的期限，新版本没有它" in page


def test_an_uploaded_text_is_compared_and_adopted(street: World, enter: Enter) -> None:
    client = enter("leader")
    text = LOCAL.replace("24 hours", "18 hours")
    file = SimpleUploadedFile("local.toml", text.encode())
    page = client.post(reverse("desk:pack-text"), {"place": street.town, "file": file}).content.decode()
    assert "18小时" in page
    assert "检查通过" in page
    assert client.post(reverse("desk:pack-text"), {"place": street.town, "text": text, "go": "1"}).status_code == 302
    assert within(street.town) == "18 hours"


def test_a_text_written_from_an_older_one_is_refused_once_and_says_what_changed(street: World, enter: Enter) -> None:
    client, text = enter("leader"), LOCAL.replace("24 hours", "18 hours")
    client.post(reverse("desk:pack-number"), change(street, go="1", version="2"))
    form = {"place": street.town, "text": text, "go": "1", "version": "2"}
    page = client.post(reverse("desk:pack-text"), form)
    assert page.status_code == 422
    assert "由24小时改为12小时" in page.content.decode().replace(" ", "")
    assert within(street.town) == "12 hours"
    assert 'name="version" value="3"' in page.content.decode()
    assert client.post(reverse("desk:pack-text"), {**form, "version": "3"}).status_code == 302
    assert within(street.town) == "18 hours"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00bad", b"[pack", b"", "不是 TOML".encode()])
def test_an_upload_that_is_no_pack_is_refused_in_words(street: World, enter: Enter, data: bytes) -> None:
    file = SimpleUploadedFile("x.toml", data) if data else SimpleUploadedFile("x.toml", b" ")
    answer = enter("leader").post(reverse("desk:pack-text"), {"place": street.town, "file": file})
    assert answer.status_code == 422
    assert "您写的都还在" in answer.content.decode()


def test_a_day_is_added_changed_and_let_go(street: World, enter: Enter) -> None:
    client, day = enter("leader"), "2026-12-12"
    form = {"place": street.town, "day": day, "working": "yes", "name": "云川马拉松补班"}
    assert client.post(reverse("desk:pack-days"), form).status_code == 302
    (held,) = special_days_of(street.town, 2026)
    assert (held.day, held.working, held.name) == (date(2026, 12, 12), True, "云川马拉松补班")
    assert "云川马拉松补班" in client.get(reverse("desk:pack-days"), {"place": street.town}).content.decode()
    client.post(reverse("desk:pack-drop-day"), {"place": street.town, "area": street.town, "day": day})
    assert special_days_of(street.town, 2026) == []


def test_a_year_that_is_not_announced_says_so_and_names_the_legal_days(street: World, enter: Enter) -> None:
    page = enter("leader").get(reverse("desk:pack-days"), {"place": street.town, "year": "2027"}).content.decode()
    assert "2027年的放假安排还没有公布或填入" in page
    assert "1月1日" in page and "10月3日" in page
    editions.seed_calendar(2026, by=SYSTEM)
    known = enter("leader").get(reverse("desk:pack-days"), {"place": street.town, "year": "2026"}).content.decode()
    assert "还没有公布或填入" not in known


@pytest.mark.parametrize("fields", [{"day": "x"}, {"day": "1815-06-18"}, {"day": "2026-12-12", "working": "maybe"}])
def test_a_day_that_cannot_be_is_refused(street: World, enter: Enter, fields: dict[str, str]) -> None:
    answer = enter("leader").post(reverse("desk:pack-days"), {"place": street.town, "working": "yes", **fields})
    assert answer.status_code == 422
    assert special_days_of(street.town, 2026) == []


def test_a_directory_is_taken_in_and_bad_rows_are_listed(street: World, enter: Enter) -> None:
    client = enter("leader")
    sheet = table(["分类", "主办", "时限"], [CATEGORY, "和顺物业", "2 working-days"], ["utilities", "", ""])
    page = client.post(reverse("desk:pack-directory"), {"place": street.town, "file": sheet}).content.decode()
    assert "新增 1 行" in page
    assert "第 3 行" in page
    assert [row.unit for row in directory_of(street.town)] == ["和顺物业"]
    filled = cells(client.get(reverse("desk:pack-directory-form"), {"place": street.town}).content)
    assert filled[1][:2] == [CATEGORY, "和顺物业"]
    client.post(reverse("desk:pack-end-row"), {"place": street.town, "category": CATEGORY})
    assert directory_of(street.town) == []


def test_a_row_that_names_no_category_or_no_unit_of_the_place_is_not_taken_in(street: World, enter: Enter) -> None:
    sheet = table(
        ["分类", "主办", "协办", "不派"],
        [0, 0, "", ""],
        [CATEGORY, "不存在的单位", "", ""],
        [CATEGORY, "和顺物业", "没有的协办", ""],
        [CATEGORY, "和顺物业", "", "没有的类型"],
        [category_title(CATEGORY), "和顺物业", "", ""],
    )
    answer = enter("leader").post(reverse("desk:pack-directory"), {"place": street.town, "file": sheet})
    page = answer.content.decode()
    assert "新增 1 行" in page and "没收 4 行" in page
    for said in ("“0”这个分类", "叫“不存在的单位”的单位", "叫“没有的协办”的单位", "叫“没有的类型”的单位"):
        assert said in page
    assert [(row.category, row.unit) for row in directory_of(street.town)] == [(CATEGORY, "和顺物业")]


@pytest.mark.parametrize("lines", [[[CATEGORY, "和顺物业"]], [[CATEGORY, "和顺物业"], ["utilities", "和顺物业"]]])
def test_a_table_without_a_header_is_refused_with_what_to_do(
    street: World, enter: Enter, lines: list[list[str]]
) -> None:
    answer = enter("leader").post(reverse("desk:pack-directory"), {"place": street.town, "file": table(*lines)})
    page = answer.content.decode()
    assert answer.status_code == 422 and "表头里没有“分类”、“主办”。第一行要写列名" in page
    assert directory_of(street.town) == []


def test_a_number_of_the_place_holds_from_now(street: World, enter: Enter) -> None:
    client = enter("leader")
    form = {"place": street.town, "name": "undo-minutes", "value": "15"}
    assert client.post(reverse("desk:pack-param"), form).status_code == 302
    assert params_for(edition_for(street.town), street.town)["undo-minutes"] == 15
    answer = client.post(reverse("desk:pack-param"), {**form, "value": "999999"})
    assert answer.status_code == 422
    assert "应在0到1440" in answer.content.decode()
