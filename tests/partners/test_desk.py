"""The desk's pages of partners over HTTP: signed, listed, a link shown once, dispatched by a tap, the four slips."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import sign_in
from tests.faces.desk.conftest import open_accounts
from tests.partners import street as play
from tests.partners.street import Street
from youying.access.models import Account, Unit
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions
from youying.partners.models import Agreement, Offer, PartnerLink


@pytest.fixture
def desk(street: Street, accounts: None) -> Client:
    """The secretary at the desk."""
    return seated(street.secretary)


@pytest.fixture(autouse=True)
def accounts(street: Street) -> None:
    """The people of the street can sign in."""
    open_accounts(by=SYSTEM)


def seated(viewer: Viewer) -> Client:
    return sign_in(Client(), Account.objects.get(pk=viewer.account_id))


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_a_partner_is_signed_listed_and_its_line_published_from_the_desk(street: Street, desk: Client) -> None:
    unit = Unit.objects.create(code="yuhe", title="雨禾药房", kind="partner", reach=street.world.community)
    said = {
        "unit": unit.pk, "class_code": "enterprise", "signed_on": "2026-11-10", "since": "2026-11-10",
        "until": "2027-11-09", "remind_days": "30",
    }  # fmt: skip
    assert "雨禾药房" in text(desk.get("/desk/partners/sign/"))
    signed = desk.post("/desk/partners/sign/", said)
    assert signed["Location"] == f"/desk/partners/{unit.pk}/"
    line = {
        "list": "service", "what": "测血压", "items": ["legal"], "capacity": "20", "weekdays": ["1", "3"],
        "parts": ["morning"], "who": "partner",
    }  # fmt: skip
    added = desk.post(f"/desk/partners/{unit.pk}/offers/add/", line)
    assert added.status_code == 302, text(added)
    page = text(desk.get(f"/desk/partners/{unit.pk}/"))
    assert "测血压" in page and "周一、周三上午" in page and "0 / 20" in page
    assert "雨禾药房" in text(desk.get("/desk/partners/"))
    assert "测血压" in text(Client().get(f"/partners/?where={street.world.community}"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"capacity": "许多"}, "“每月几次”请写一个数"),
        ({"weekdays": ["周一"]}, "请选“星期几”"),
        ({"entry": "某人"}, "请选“是哪一位”"),
        ({"capacity": "-1"}, "大于零的整数"),
        ({"items": []}, "请选能做菜单里的哪几项"),
        ({"what": "<script>alert(1)</script>", "capacity": "0"}, "每月可提供几次"),
    ],
)
def test_a_line_to_mend_is_said_beside_its_field_and_kept(
    street: Street, desk: Client, said: dict[str, object], words: str
) -> None:
    line = {
        "list": "service", "what": "测血压", "items": ["legal"], "capacity": "20", "weekdays": ["1"],
        "parts": ["morning"], "who": "partner",
    }  # fmt: skip
    answer = desk.post(f"/desk/partners/{street.office.pk}/offers/add/", {**line, **said})
    assert answer.status_code == 422 and words in text(answer)
    assert "<script>alert" not in text(answer)
    assert Offer.objects.count() == 2


@pytest.mark.parametrize(
    ("form", "said", "words"),
    [
        ("sign/", {"unit": ""}, "请选“单位”"),
        ("sign/", {"remind_days": "很多"}, "“提前几天提醒”请写一个数"),
        ("{unit}/links/", {"days": "三天"}, "“有效几天”请写一个数"),
        ("{unit}/change/", {"do": "capacity", "offer": ""}, "请从页面上的按钮里选"),
    ],
)
def test_a_form_that_lacks_a_number_names_the_field(
    street: Street, desk: Client, form: str, said: dict[str, str], words: str
) -> None:
    day = "2026-11-13"
    whole = {"unit": str(street.team.pk), "signed_on": day, "since": day, "until": "2027-11-12", "remind_days": "30"}
    answer = desk.post(f"/desk/partners/{form.format(unit=street.office.pk)}", {**whole, **said})
    assert answer.status_code == 422 and words in text(answer)


def test_a_link_is_shown_once_and_voided_by_a_tap(street: Street, desk: Client) -> None:
    answer = desk.post(f"/desk/partners/{street.office.pk}/links/", {"days": "3"})
    address = re.search(r"http://testserver(/partner/[^<\"]+)", text(answer))
    assert address is not None and "no-store" in answer["Cache-Control"]
    phone = Client()
    assert phone.get(address[1]).status_code == 200
    row = PartnerLink.objects.get()
    assert row.token_hash not in text(desk.get(f"/desk/partners/{street.office.pk}/"))
    desk.post(f"/desk/partners/{street.office.pk}/change/", {"do": "revoke", "link": row.pk})
    assert phone.get(address[1]).status_code >= 400


@pytest.mark.parametrize("do", ["", "erase", "renew", "end", "capacity", "close", "revoke"])
def test_a_change_that_says_nothing_is_refused_in_words(street: Street, desk: Client, do: str) -> None:
    answer = desk.post(f"/desk/partners/{street.office.pk}/change/", {"do": do})
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)


def test_an_agreement_is_renewed_and_ended_from_its_page(street: Street, desk: Client) -> None:
    row = Agreement.objects.get(unit=street.office)
    address = f"/desk/partners/{street.office.pk}/change/"
    assert desk.post(address, {"do": "renew", "agreement": row.pk, "until": "2028-11-01"}).status_code == 302
    assert desk.post(address, {"do": "end", "agreement": row.pk, "reason": "contract-ended"}).status_code == 302
    assert "已解除" in text(desk.get(f"/desk/partners/{street.office.pk}/"))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("agreement", {"do": "renew", "until": "2028-11-01"}),
        ("agreement", {"do": "end", "reason": "contract-ended"}),
        ("offer", {"do": "capacity", "capacity": "9"}),
        ("offer", {"do": "close", "why": "不做了"}),
        ("link", {"do": "revoke"}),
    ],
)
def test_nothing_of_another_partner_is_changed_from_this_page(
    street: Street, desk: Client, what: str, said: dict[str, str]
) -> None:
    desk.post(f"/desk/partners/{street.office.pk}/links/", {"days": "3"})
    kind = {"agreement": Agreement, "offer": Offer, "link": PartnerLink}[what]
    row = kind.objects.get(unit=street.office)
    before = kind.objects.filter(pk=row.pk).values().get()
    answer = desk.post(f"/desk/partners/{street.team.pk}/change/", {**said, what: row.pk})
    assert answer.status_code == 422 and "不是这家单位的" in text(answer)
    assert kind.objects.filter(pk=row.pk).values().get() == before
    assert desk.post(f"/desk/partners/{street.office.pk}/change/", {**said, what: row.pk}).status_code == 302


def test_the_proposal_is_shown_with_its_working_and_taken_by_one_tap(street: Street, desk: Client) -> None:
    matter = play.ordered(street).matter
    page = text(desk.get(f"/desk/matters/{matter.number}/slips/"))
    assert "明和法律服务所" in page and "会做“法律咨询”" in page and "派给它" in page
    assert "菜单没有写由它来做" in page
    sent = desk.post(
        f"/desk/matters/{matter.number}/acts/dispatch/", {"version": matter.version, "offer": street.legal.pk}
    )
    assert sent.status_code == 302, text(sent)
    matter.refresh_from_db()
    assert matter.lead_id == street.office.pk


def test_whoever_the_plan_does_not_let_decide_chooses_from_the_list(street: Street) -> None:
    matter = play.ordered(street).matter
    dispatcher = seated(street.world.dispatcher)
    page = text(dispatcher.get(f"/desk/matters/{matter.number}/slips/"))
    assert "派给它" not in page and "推荐由机制包写明的岗位来定" in page
    form = text(dispatcher.get(f"/desk/matters/{matter.number}/acts/dispatch/"))
    assert "明和法律服务所·法律咨询，每次半小时" in form


def test_the_four_slips_carry_one_number_and_name_who_did_what_when(street: Street, desk: Client) -> None:
    opened = play.ordered(street)
    actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    actions.act(opened.matter.pk, "accept", by=street.lawyer)
    actions.act(opened.matter.pk, "deliver", by=street.lawyer, note="当面答复了")
    actions.act(opened.matter.pk, "verdict", by=play.reporter(opened), solved=True, satisfaction="满意")
    page = text(desk.get(f"/desk/matters/{opened.matter.number}/slips/"))
    assert page.count(f'<span class="num faint s2">{opened.matter.number}</span>') == 4
    for words in (
        "点单",
        "派单",
        "接单",
        "评单",
        "社区派单",
        "群众评单",
        "当面答复了",
        "留痕第1条",
        "打印四单",
        "解决了，满意",
    ):
        assert words in page
    assert "13800000417" not in page


def test_partners_of_another_street_are_not_seen(street: Street) -> None:
    stranger = seated(street.world.stranger)
    assert stranger.get(f"/desk/partners/{street.office.pk}/").status_code == 404
    assert "明和法律服务所" not in text(stranger.get("/desk/partners/"))
