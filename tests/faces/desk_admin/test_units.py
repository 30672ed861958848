"""Units, accounts and posts on screens: given, shown once, ended, and never by somebody who may not."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import sign_in
from tests.faces.desk.conftest import Enter, give
from tests.matters.world import World, in_hand
from youying.access.models import Account, Post, SessionSeat, Unit
from youying.access.queries import units as units_for
from youying.access.rules import EVERYDAY_POWERS
from youying.faces.desk.duty import views as duty_pages
from youying.matters.models import Matter
from youying.matters.queries.duty import OnCall, Shift

NEW = {"name": "方静", "username": "fangjing", "mobile": "13800000666", "email": ""}


def account_of(world: World, name: str) -> int:
    return int(world.people[name].account_id or 0)


def link_on(page: str) -> str:
    found = re.search(r'id="one-time-link">http://testserver([^<]+)<', page)
    assert found
    return found[1]


def appoint_form(world: World, **fields: object) -> dict[str, object]:
    usual = {"code": "caller", "title": "", "reach": world.community, "unit": "", "powers": ["view", "act"]}
    return {**usual, "since": "", "until": "", **fields}


def test_a_new_person_gets_a_link_that_is_shown_once_and_comes_in_by_it(street: World, enter: Enter) -> None:
    client = enter("leader")
    page = client.post(reverse("desk:add-account"), NEW).content.decode()
    link, account = link_on(page), Account.objects.get(username="fangjing")
    assert link not in client.get(reverse("desk:account", args=[account.pk])).content.decode()
    password = {"password": "槐花满院香 2026", "again": "槐花满院香 2026"}
    assert Client().post(link, password).status_code == 302
    assert Account.objects.get(pk=account.pk).has_usable_password()
    assert Client().post(link, password).status_code in (404, 422)


@pytest.mark.parametrize(
    "fields", [{"username": "a"}, {"username": "FANG JING"}, {"username": ""}, {"name": ""}, {"username": "u0"}]
)
def test_a_person_that_does_not_fit_is_refused_beside_the_field(
    street: World, enter: Enter, fields: dict[str, str]
) -> None:
    before = Account.objects.count()
    answer = enter("leader").post(reverse("desk:add-account"), {**NEW, **fields})
    assert answer.status_code == 422
    assert "-error" in answer.content.decode()
    assert Account.objects.count() == before


def test_a_post_is_given_with_place_unit_powers_and_dates(street: World, enter: Enter) -> None:
    client = enter("leader")
    form = appoint_form(
        street, title="夜班回访员", unit=str(street.office.pk), until="2027-01-01", powers=["view", "export"]
    )
    assert client.post(reverse("desk:appoint", args=[account_of(street, "duty")]), form).status_code == 302
    post = Post.objects.get(title="夜班回访员")
    assert (post.code, post.reach, post.unit) == ("caller", street.community, street.office)
    assert set(post.powers) == {"view", "export"}
    assert post.until is not None


def test_a_power_that_the_giver_does_not_hold_is_neither_offered_nor_given(street: World, enter: Enter) -> None:
    client, address = enter("leader"), reverse("desk:appoint", args=[account_of(street, "duty")])
    page = client.get(address).content.decode()
    assert 'value="export"' in page and 'value="unmask"' not in page
    assert "自己岗位没有的权限不能授予别人" in page
    answer = client.post(address, appoint_form(street, title="夜班", powers=["view", "unmask"]))
    assert answer.status_code == 422
    assert "“查看完整个人信息”" in answer.content.decode()
    assert not Post.objects.filter(title="夜班").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"code": ""},
        {"code": "emperor"},
        {"reach": ""},
        {"reach": "/99/9901/990101/990101002"},
        {"powers": ["fly"]},
        {"since": "x"},
        {"since": "2026-12-01", "until": "2026-11-20"},
        {"unit": "999999"},
    ],
)
def test_an_appointment_that_does_not_fit_changes_nothing(
    street: World, enter: Enter, fields: dict[str, object]
) -> None:
    before = Post.objects.count()
    answer = enter("leader").post(
        reverse("desk:appoint", args=[account_of(street, "duty")]), appoint_form(street, **fields)
    )
    assert answer.status_code in (403, 422)
    assert Post.objects.count() == before


def test_nobody_appoints_oneself(street: World, enter: Enter) -> None:
    answer = enter("leader").post(reverse("desk:appoint", args=[account_of(street, "leader")]), appoint_form(street))
    assert answer.status_code in (403, 422)


def test_an_ended_post_loses_its_access_at_the_next_request(street: World, enter: Enter) -> None:
    theirs, client = enter("duty"), enter("leader")
    assert theirs.get(reverse("desk:ledger")).status_code == 200
    account, post = account_of(street, "duty"), street.people["duty"].post_id
    page = client.get(reverse("desk:end-post", args=[account, post])).content.decode()
    assert "手上的事项交给谁" in page
    assert client.post(reverse("desk:end-post", args=[account, post]), {"hand_over_to": ""}).status_code == 302
    assert theirs.get(reverse("desk:ledger")).status_code == 302
    assert Post.objects.get(pk=post).closed_at is not None


def test_a_post_hands_over_to_whom_the_form_names(street: World, enter: Enter) -> None:
    account, post = account_of(street, "duty"), street.people["duty"].post_id
    successor = street.people["secretary"].post_id
    answer = enter("leader").post(reverse("desk:end-post", args=[account, post]), {"hand_over_to": str(successor)})
    assert answer.status_code == 302
    wrong = enter("leader").post(
        reverse("desk:end-post", args=[account_of(street, "worker"), street.people["worker"].post_id]),
        {"hand_over_to": str(street.people["stranger"].post_id)},
    )
    assert wrong.status_code == 422


def test_disabling_signs_out_everywhere_and_enabling_needs_a_new_link(street: World, enter: Enter) -> None:
    theirs, client, account = enter("duty"), enter("leader"), account_of(street, "duty")
    client.post(reverse("desk:switch-account", args=[account]), {"active": "0"})
    assert theirs.get(reverse("desk:day")).headers["Location"].startswith("/desk/sign-in/")
    page = client.get(reverse("desk:account", args=[account])).content.decode()
    assert "已停用" in page
    client.post(reverse("desk:switch-account", args=[account]), {"active": "1"})
    assert Account.objects.get(pk=account).active
    assert link_on(client.post(reverse("desk:account-link", args=[account]), {"kind": "reset"}).content.decode())


def test_a_device_is_signed_out_by_an_administrator(street: World, enter: Enter) -> None:
    theirs, client, account = enter("duty"), enter("leader"), account_of(street, "duty")
    seat = SessionSeat.objects.get(account_id=account, ended_at=None)
    client.post(reverse("desk:end-seat", args=[account, seat.pk]))
    assert theirs.get(reverse("desk:day")).status_code == 302
    other = SessionSeat.objects.get(account_id=account_of(street, "leader"), ended_at=None)
    assert client.post(reverse("desk:end-seat", args=[account, other.pk])).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("stranger", 404), ("dispatcher", 403)])
def test_nobody_else_touches_an_account(street: World, enter: Enter, name: str, status: int) -> None:
    client, account = enter(name), account_of(street, "duty")
    post = street.people["duty"].post_id
    writes = [
        (reverse("desk:account-link", args=[account]), {"kind": "reset"}),
        (reverse("desk:switch-account", args=[account]), {"active": "0"}),
        (reverse("desk:appoint", args=[account]), appoint_form(street)),
        (reverse("desk:end-post", args=[account, post]), {}),
    ]
    assert [client.post(*write).status_code for write in writes] == [status] * 4
    assert client.get(reverse("desk:account", args=[account])).status_code == status


def test_a_unit_is_added_renamed_and_taken_out_of_use(street: World, enter: Enter) -> None:
    client = enter("leader")
    form = {
        "title": "安槐物业",
        "code": "anhuai",
        "kind": "property-company",
        "reach": street.community,
        "phone": "0971-1234567",
    }
    assert client.post(reverse("desk:add-unit"), form).status_code == 302
    unit = Unit.objects.get(code="anhuai")
    page = reverse("desk:unit", args=[unit.pk])
    client.post(page, {"title": "安槐物业服务公司", "office": "0971-7654321"})
    assert Unit.objects.get(pk=unit.pk).title == "安槐物业服务公司"
    client.post(reverse("desk:use-unit", args=[unit.pk]), {"active": "0"})
    assert unit not in units_for(street.leader)
    assert "已停用" in client.get(reverse("desk:units")).content.decode()
    again = client.post(reverse("desk:add-unit"), form)
    assert again.status_code == 422
    assert "已经用了" in again.content.decode()


def test_a_unit_elsewhere_is_not_shown(street: World, enter: Enter) -> None:
    assert enter("stranger").get(reverse("desk:unit", args=[street.office.pk])).status_code == 404


def test_a_unit_out_of_use_keeps_what_it_has_in_hand(street: World, enter: Enter) -> None:
    matter = in_hand(street)
    answer = enter("leader").post(reverse("desk:use-unit", args=[street.property_company.pk]), {"active": "0"})
    assert answer.status_code in (302, 422)
    assert Matter.objects.get(pk=matter.pk).lead_id == street.property_company.pk


def test_vacancies_and_duty_are_read_off_the_pack(street: World, enter: Enter) -> None:
    client = enter("leader")
    assert "网格员" not in client.get(reverse("desk:missing-posts")).content.decode()
    Post.objects.filter(code="grid-worker").update(reach="/elsewhere")
    assert "网格员" in client.get(reverse("desk:missing-posts")).content.decode()
    assert "现在谁值班" in client.get(reverse("desk:duty")).content.decode()


def test_the_administrator_of_everywhere_sees_everybody(street: World, enter: Enter) -> None:
    root = Account.objects.get(pk=account_of(street, "duty"))
    Post.objects.filter(account=root).update(reach="/", powers=["accounts"])
    page = sign_in(Client(), root).get(reverse("desk:accounts")).content.decode()
    assert all(viewer.name in page for viewer in street.people.values())


def test_duty_says_hours_with_a_long_dash_and_the_units_number(
    street: World, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_call = OnCall("韩树成", "值班员", "0990-5550101")
    day = Shift("day", "白班", ("09:00-12:00", "14:00-18:00"), True, True, (on_call,))
    monkeypatch.setattr(duty_pages, "shifts", lambda place: [day])
    page = enter("leader").get(reverse("desk:duty"), {"place": street.community}).content.decode()
    assert "09:00—12:00、14:00—18:00" in page
    assert not re.search(r"\d{2}:\d{2}-\d{2}:\d{2}", page)
    assert "0990-5550101" in page


def test_a_pack_without_rosters_says_what_to_do(street: World, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_pages, "shifts", lambda place: [])
    page = enter("leader").get(reverse("desk:duty")).content.decode()
    assert "机制包没有写值班表" in page and "在本地包里加一节 [roster.…]" in page
    page = enter("dispatcher").get(reverse("desk:duty")).content.decode()
    assert "请管理员在机制包里写好值班表" in page and "[roster.…]" not in page


def test_nobody_needs_to_invent_a_code_for_a_unit(street: World, enter: Enter) -> None:
    client, address = enter("leader"), reverse("desk:add-unit")
    page = client.get(address).content.decode()
    offered = re.search(r'name="code"[^>]*value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="code"', page)
    assert offered is not None
    given = {"title": "槐花里修缮队", "kind": "property-company", "reach": street.community, "code": offered[1]}
    assert client.post(address, given).status_code == 302
    assert Unit.objects.get(title="槐花里修缮队").code == offered[1]
    assert client.post(address, given | {"title": "槐花里保洁队", "code": ""}).status_code == 302
    assert Unit.objects.get(title="槐花里保洁队").code not in ("", offered[1])


def boxes(page: str) -> set[str]:
    return set(re.findall(r'name="powers" value="([^"]+)" checked', page))


def test_choosing_a_post_ticks_what_it_usually_needs_until_somebody_ticks_by_hand(street: World, enter: Enter) -> None:
    give(street.leader, "unmask", "texts", "import")
    client, there = enter("leader"), reverse("desk:appoint", args=[account_of(street, "duty")])
    page = client.get(there, {"preset": "1", "code": "secretary", "usual": ""}).content.decode()
    ticked = boxes(page)
    assert {"view", "intake", "act", "rates", "packs", "audit", "import"} <= ticked and "accounts" not in ticked
    assert "已按这个岗位平常要用的勾好" in page
    usual = re.search(r'name="usual" value="([^"]*)"', page)[1]
    other = {"preset": "1", "code": "manager", "usual": usual}
    page = client.get(there, {**other, "powers": sorted(ticked)}).content.decode()
    assert boxes(page) == {"act", "unmask"} and "只看交给本单位的" in page
    by_hand = client.get(there, {**other, "powers": ["view"]}).content.decode()
    assert boxes(by_hand) == {"view"} and "您改过勾选" in by_hand


def test_a_power_that_the_giver_lacks_is_named_and_not_ticked(street: World, enter: Enter) -> None:
    there = reverse("desk:appoint", args=[account_of(street, "duty")])
    page = enter("secretary").get(there, {"preset": "1", "code": "secretary", "usual": ""}).content.decode()
    assert "texts" not in boxes(page) and "您自己没有，所以不能授予" in page and "管理分类与训练" in page


def test_without_a_script_a_post_is_given_with_the_everyday_powers(street: World, enter: Enter) -> None:
    client, account = enter("leader"), account_of(street, "duty")
    there = reverse("desk:appoint", args=[account])
    page = client.get(there).content.decode()
    assert boxes(page) == set(EVERYDAY_POWERS) and "先勾了各岗位常用的" in page
    usual = re.search(r'name="usual" value="([^"]*)"', page)[1]
    sent = appoint_form(street, powers=sorted(boxes(page)), usual=usual)
    assert client.post(there, {**sent, "reach": ""}).status_code == 422
    assert client.post(there, sent).status_code == 302
    assert set(Post.objects.filter(account_id=account).latest("pk").powers) == set(EVERYDAY_POWERS)
    chosen = client.get(there, {"preset": "1", "code": "secretary", "usual": usual, "powers": sorted(boxes(page))})
    assert "packs" in boxes(chosen.content.decode())


def test_what_was_ticked_is_said_in_a_place_that_stays(street: World, enter: Enter) -> None:
    client, there = enter("leader"), reverse("desk:appoint", args=[account_of(street, "duty")])
    stays = re.search(r'<div id="ticked" role="status">(.*?)</div>', client.get(there).content.decode(), re.DOTALL)
    assert stays is not None and "先勾了" in stays[1]
    part = client.get(there, {"preset": "1", "code": "caller", "usual": ""}).content.decode()
    fieldset, _end, after = part.partition("</fieldset>")
    assert "已按这个岗位平常要用的勾好" in after and "已按" not in fieldset
    assert '<div id="ticked" hx-swap-oob="innerHTML">' in after


def test_the_code_offered_for_a_unit_is_free_in_every_street(street: World, enter: Enter) -> None:
    last = street.town.rpartition("/")[2]
    beyond = street.town.replace("/990101/", "/990102/")
    assert beyond != street.town and beyond.endswith(last)
    Unit.objects.create(code=f"{last}-01", title="别区的单位", kind="shop", reach=beyond)
    Unit.objects.create(code=f"{last}-02", title="停用的单位", kind="shop", reach=beyond, active=False)
    client, address = enter("leader"), reverse("desk:add-unit")
    assert f'value="{last}-03"' in client.get(address).content.decode()
    new = {"title": "槐花里修缮队", "kind": "property-company", "reach": street.community, "code": ""}
    assert client.post(address, new).status_code == 302
    assert Unit.objects.get(title="槐花里修缮队").code == f"{last}-03"


def test_a_link_into_greater_powers_is_refused_on_the_page_of_the_account(street: World, enter: Enter) -> None:
    account = account_of(street, "duty")
    give(street.people["duty"], "unmask")
    give(street.leader, "texts")
    client = enter("leader")
    for kind in ("sign-in", "reset", "invite"):
        answer = client.post(reverse("desk:account-link", args=[account]), {"kind": kind})
        page = answer.content.decode()
        assert answer.status_code in (403, 422) and 'id="one-time-link"' not in page
        assert "不能给对方登录或设密码的链接" in page and "管全部辖区的管理员来给" in page
    give(street.leader, "unmask")
    answer = client.post(reverse("desk:account-link", args=[account]), {"kind": "sign-in"})
    assert 'id="one-time-link"' in answer.content.decode()
