"""Orders taken down at the desk, the link for one order, the menu as a notice on the wall."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.faces.desk.conftest import open_accounts
from tests.partners import street as play
from tests.partners.street import Street
from tests.partners.test_desk import seated, text
from youying.access.models import Unit
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.models import Matter
from youying.partners.models import PartnerLink, Wish
from youying.people.models import Person


@pytest.fixture(autouse=True)
def accounts(street: Street) -> None:
    """The people of the street can sign in."""
    open_accounts(by=SYSTEM)


@pytest.fixture
def desk(street: Street) -> Client:
    """The dispatcher at the telephone."""
    return seated(street.world.dispatcher)


def form(street: Street, desk: Client, **said: str) -> dict[str, Any]:
    """The form as it is sent, its token from the page."""
    page = text(desk.get("/desk/partners/order/"))
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    known = {
        "token": token[1], "item": "service/haircut", "age": "71", "channel": "phone", "phone": "13800000417",
        "name": "陈桂芳", "compound": str(street.world.place.compound_id),
        "building": str(street.world.place.building_id), "wanted_on": "2026-11-16", "part": "morning", "text": "",
    }  # fmt: skip
    return known | said


def test_an_order_by_telephone_becomes_a_matter_with_a_receipt_and_twice_is_once(street: Street, desk: Client) -> None:
    sent = form(street, desk)
    receipt = desk.post("/desk/partners/order/", sent)
    assert receipt.status_code == 200, text(receipt)
    assert "事项回执" in text(receipt) and "no-store" in receipt["Cache-Control"]
    matter = Matter.objects.get()
    wish = Wish.objects.get(subject=matter.subject)
    assert (matter.kind, matter.title, wish.item, wish.part, wish.declared) == (
        "order", "上门理发", "haircut", "morning", {"age": 71},
    )  # fmt: skip
    page = text(desk.get(f"/desk/matters/{matter.number}/"))
    assert "想要11月16日 星期一 上午，71岁" in page
    again = desk.post("/desk/partners/order/", sent)
    assert "已经点过了" in text(again) and matter.number in text(again)
    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"item": ""}, "请选要哪一项服务"),
        ({"item": "service/gold"}, "菜单里没有这一项"),
        ({"phone": ""}, "请留个电话"),
        ({"age": "60"}, "要年龄满65岁"),
        ({"wanted_on": "明天"}, "日期看不懂"),
        ({"compound": "", "building": ""}, "请选在哪儿"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_ordered(
    street: Street, desk: Client, said: dict[str, str], words: str
) -> None:
    answer = desk.post("/desk/partners/order/", form(street, desk, **said))
    assert answer.status_code in (403, 404, 422) and words in text(answer)
    assert not Matter.objects.exists() and not Person.objects.exists()


def test_nobody_orders_for_another_street_or_without_a_place_of_ones_own(street: Street, desk: Client) -> None:
    stranger = seated(street.world.stranger)
    assert 'name="token"' not in text(stranger.get("/desk/partners/order/"))
    assert stranger.post("/desk/partners/order/", form(street, desk)).status_code == 422
    assert seated(street.lawyer).get("/desk/partners/order/").status_code == 422
    assert not Matter.objects.exists()


def test_the_link_for_one_order_opens_that_order_alone(street: Street) -> None:
    first, second = play.sent(street), play.sent(street)
    keeper = seated(street.secretary)
    assert "发这一单的链接" in text(keeper.get(f"/desk/matters/{first.number}/slips/"))
    answer = keeper.post(f"/desk/matters/{first.number}/slips/link/")
    address = re.search(r"http://testserver(/partner/[^<\"]+)", text(answer))
    assert address is not None and "no-store" in answer["Cache-Control"]
    assert "法律咨询" in text(answer) and "打印派单条" in text(answer)
    phone = Client()
    assert phone.get(f"{address[1]}{first.number}/").status_code == 200
    assert phone.get(f"{address[1]}{second.number}/").status_code == 404
    assert PartnerLink.objects.get().order == first.subject
    street.clock.forward(days=8)
    assert phone.get(f"{address[1]}{first.number}/").status_code >= 400


def test_an_order_that_nobody_has_gives_no_link_and_only_the_keeper_gives_one(street: Street) -> None:
    waiting, sent = play.ordered(street).matter, play.sent(street)
    keeper = seated(street.secretary)
    assert "发这一单的链接" not in text(keeper.get(f"/desk/matters/{waiting.number}/slips/"))
    refused = keeper.post(f"/desk/matters/{waiting.number}/slips/link/")
    assert refused.status_code == 422 and "还没有派给谁" in text(refused)
    other = seated(street.world.dispatcher)
    assert "发这一单的链接" not in text(other.get(f"/desk/matters/{sent.number}/slips/"))
    assert other.post(f"/desk/matters/{sent.number}/slips/link/").status_code in (403, 422)
    assert not PartnerLink.objects.exists()


def test_a_link_is_over_for_an_order_that_went_to_somebody_else(street: Street) -> None:
    matter = play.sent(street)
    keeper = seated(street.secretary)
    address = re.search(
        r"testserver(/partner/[^<\"]+)", text(keeper.post(f"/desk/matters/{matter.number}/slips/link/"))
    )
    assert address is not None
    actions.reassign(matter.pk, by=street.world.dispatcher, unit=street.team.pk, note="改由志愿队去")
    page = Client().get(f"{address[1]}{matter.number}/")
    assert "接单" not in text(page) or page.status_code == 404


def test_the_menu_hangs_on_the_wall_of_each_compound_with_its_code(street: Street) -> None:
    Unit.objects.filter(pk=street.world.office.pk).update(phone="0411-5550101", reach=street.world.community)
    page = text(seated(street.secretary).get("/desk/partners/menu-sheet/"))
    assert "打社区电话0411-5550101或到社区来说" in page
    assert "上门理发（要年龄满65岁）" in page and "data:image/svg+xml" in page
    address = re.search(r"http://testserver(/menu/\?where=[^<]+)<", page)
    assert address is not None and "%2F" not in address[1]
    assert "上门理发" in text(Client().get(address[1]))
    play.change(street.world, {"menu.service.items": {"legal": {"title": "法律咨询", "by": ["partner"]}}})
    assert "上门理发" not in text(seated(street.secretary).get("/desk/partners/menu-sheet/"))
    assert seated(street.world.stranger).get(f"/desk/partners/menu-sheet/?place={street.world.community}").status_code in (
        403, 404,
    )  # fmt: skip
