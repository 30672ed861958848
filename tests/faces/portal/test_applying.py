"""一件事联办 on the portal: an applicant sees which papers are wanted, hands in what is there and promises the rest."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import sign_in
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_matter import picture
from tests.matters.jointly import do_part, forwarded, joint_street
from tests.matters.world import World
from youying.access.models import Account
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.models import Matter
from youying.sheets.models import FilledSheet

AT = "/apply/application/"


@pytest.fixture
def street(world: World) -> World:
    """The street with its pack of joint service."""
    return joint_street(world)


def sent(world: World, **more: Any) -> dict[str, Any]:
    """The form with every paper that must be there."""
    return {
        "token": uuid.uuid4().hex, "compound": world.community, "text": "父亲留下的房子过户到我名下", "name": "陈桂芳",
        "phone": "13800000417", "sheet.id": picture(), "sheet.deed": picture(), **more,
    }  # fmt: skip


def body(answer: Any) -> str:
    return str(answer.content.decode())


def desk_of(world: World) -> Client:
    """The window's browser."""
    open_accounts(by=SYSTEM)
    return sign_in(Client(), Account.objects.get(pk=world.window.account_id))


def test_the_applicant_chooses_the_service_and_sees_the_papers_and_the_time(street: World, phone: Client) -> None:
    assert "一件事联办" in body(phone.get("/"))
    page = body(phone.get("/apply/"))
    for said in ("身份证明", "产权证", "15个工作日", f"{AT}?where="):
        assert said in page
    assert 'name="sheet.deed"' in body(phone.get(AT))


def test_with_all_papers_it_is_one_application_and_sent_again_the_same(street: World, phone: Client) -> None:
    form = sent(street)
    assert phone.post(AT, form)["Location"] == "/said/"
    matter = Matter.objects.get(kind="application")
    assert (matter.loop, matter.stage) == ("joint", "asked")
    held = FilledSheet.objects.get(subject=matter.subject)
    assert held.lacking == []
    assert "收到了，正在看材料" in body(phone.get(f"/m/{matter.number}/"))
    assert phone.post(AT, {**form, "sheet.id": picture(), "sheet.deed": picture()})["Location"] == "/said/"
    assert Matter.objects.filter(kind="application").count() == 1
    assert actions.act(matter.pk, "accept", by=street.window).stage == "accepted"


def test_a_missing_paper_is_promised_by_a_day_and_a_name_and_supplied_later(street: World, phone: Client) -> None:
    short = {name: value for name, value in sent(street).items() if name != "sheet.deed"}
    answer = phone.post(AT, short)
    assert answer.status_code == 422 and "还缺产权证" in body(answer)
    assert not Matter.objects.filter(kind="application").exists()
    due = street.clock() + timedelta(days=9)
    promise = {"sheet.promised": f"{due:%Y-%m-%d}", "sheet.promise-typed": "陈桂芳"}
    kept = {**short, "sheet.id": picture(), **promise}
    assert phone.post(AT, {**kept, "sheet.promised": f"{street.clock():%Y-%m-%d}"}).status_code == 422
    far = phone.post(AT, {**kept, "sheet.id": picture(), "sheet.promised": "2099-01-01"})
    assert far.status_code == 422 and "最晚写到两年以内" in body(far)
    assert phone.post(AT, {**kept, "sheet.id": picture()}).status_code == 302
    matter = Matter.objects.get(kind="application")
    assert FilledSheet.objects.get(subject=matter.subject).lacking == ["deed"]
    after = actions.act(matter.pk, "accept-missing", by=street.window, due_at=due)
    assert after.stage == "partial"
    papers = f"/m/{matter.number}/papers/"
    assert 'name="sheet.deed"' in body(phone.get(papers))
    assert phone.post(papers, {"step": "supply", "sheet.deed": picture()}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).stage == "accepted"


@pytest.mark.parametrize(("wrong", "says"), [({"phone": ""}, "请留个手机号"), ({"compound": "/99/no"}, "")])
def test_what_is_wrong_is_said_and_what_was_handed_in_is_kept(
    street: World, phone: Client, wrong: dict[str, str], says: str
) -> None:
    answer = phone.post(AT, sent(street, **wrong))
    assert answer.status_code == 422 and says in body(answer) and 'name="sheet.deed-kept"' in body(answer)
    assert not Matter.objects.filter(kind="application").exists()


def test_where_no_pack_offers_it_nothing_can_be_applied_for(world: World, phone: Client) -> None:
    assert "/apply/" not in body(phone.get("/"))
    assert "还没有能在网上申请的事" in body(phone.get("/apply/"))
    assert phone.get(AT)["Location"] == "/apply/" and phone.post(AT, sent(world))["Location"] == "/apply/"
    assert not Matter.objects.filter(kind="application").exists()


def test_the_line_along_time_names_its_days_and_no_body_and_the_desk_sees_it_too(street: World, phone: Client) -> None:
    phone.post(AT, sent(street))
    matter = Matter.objects.get(kind="application")
    at = f"/m/{matter.number}/"
    page = body(phone.get(at))
    assert "按时间看" in page and "递交申请" in page and "今天" in page
    actions.act(matter.pk, "accept", by=street.window)
    forwarded(street, matter)
    street.clock.forward(days=2)
    do_part(street, matter, "notarise")
    page = body(phone.get(at))
    assert "办完第1步" in page and "最晚这天办完" in page
    assert "公证" not in page and "税" not in page.replace("税务和登记", "")
    desk = body(desk_of(street).get(f"/desk/matters/{matter.number}/"))
    assert (
        "按时间看" in desk
        and "最晚这天办完" in desk
        and "style=" not in desk.split("parts-title")[1].split("</section>")[0]
    )
