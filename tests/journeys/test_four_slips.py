"""One order in a real browser: from the menu on a phone over the desk's proposal and the partner's link to its rating."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import axe_faults, listen, sideways
from tests.faces.desk.conftest import open_accounts
from tests.journeys.test_street_lamp import PHONE, desk, photo
from tests.matters import world as worlds
from tests.partners import street as streets
from tests.partners.street import Street
from youying.kernel.moments import local, now, still, zone
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.partners.models import Match, OfferMonth
from youying.record.queries import verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def street(transactional_db, monkeypatch) -> Street:
    """The street with partners as of now: the server answers by the real clock."""
    before = now() - timedelta(hours=3)  # what it adopts an hour on is in force by now
    today = local(before, zone("Asia/Shanghai")).date()
    monkeypatch.setattr(streets, "SIGNED", today)
    monkeypatch.setattr(streets, "UNTIL", today.replace(year=today.year + 1))
    with still(before) as clock:
        world = worlds.build()
        world.clock = clock
        made = streets.build(world)
        open_accounts(by=SYSTEM)
    return made


def fine(page) -> None:
    """Nothing to complain about, and nothing to be pushed sideways."""
    assert (axe_faults(page), sideways(page)) == ([], 0)


def test_an_order_goes_from_the_menu_to_its_rating(street, browser_page, browser, live_server):
    phone = browser_page
    phone.set_viewport_size(PHONE)
    phone.goto(live_server.url)
    phone.get_by_role("link", name="点单").click()
    fine(phone)
    phone.get_by_role("link", name="法律咨询").click()
    fine(phone)
    phone.get_by_label("手机号").fill("13900010017")
    phone.get_by_label("还想说的").fill("遗嘱怎么写才算数？")
    phone.get_by_role("button", name="点这一单").click()
    number = phone.locator("#number b").inner_text()
    matter = Matter.objects.get(number=number)
    assert (matter.kind, matter.stage) == ("order", "ordered")

    secretary = desk(browser, live_server, street.world, "secretary")
    complaints = listen(secretary)
    secretary.goto(f"{live_server.url}/desk/matters/{number}/")
    secretary.get_by_role("link", name="四单与推荐").click()
    expect(secretary.locator("main")).to_contain_text("会做“法律咨询”")
    fine(secretary)
    secretary.get_by_role("button", name="派给它").first.click()
    expect(secretary.locator("main")).to_contain_text("社区派单")

    secretary.goto(f"{live_server.url}/desk/partners/{street.office.pk}/")
    fine(secretary)
    secretary.get_by_role("button", name="发一个链接").click()
    address = secretary.locator("#link").inner_text()
    fine(secretary)

    partner = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    partner.set_default_timeout(15_000)
    partner.goto(address)
    fine(partner)
    partner.get_by_role("link", name="法律咨询").click()
    fine(partner)
    partner.get_by_role("button", name="接单", exact=True).click()
    expect(partner.locator("main")).to_contain_text("已接单")
    partner.get_by_role("button", name="看联系电话").click()
    expect(partner.locator("main")).to_contain_text("13900010017")
    partner.goto(f"{address}{number}/")
    partner.get_by_label("做了什么？").fill("当面讲清了两种办法")
    partner.locator("#photos").set_input_files(photo("讲解.jpg"))
    partner.locator("form", has=partner.locator("#note")).last.locator("button.btn-primary").click()
    expect(partner.locator("main")).to_contain_text("这一单现在不用您做什么")
    fine(partner)

    phone.goto(f"{live_server.url}/m/{number}/verdict/")
    phone.locator("label", has=phone.locator("#contacted-yes")).click()
    phone.locator("label", has=phone.locator("#solved-yes")).click()
    phone.locator("label", has_text="满意").first.click()
    phone.get_by_role("button", name="提交评价").click()
    phone.wait_for_url(f"**/m/{number}/")

    secretary.goto(f"{live_server.url}/desk/matters/{number}/slips/")
    for words in ("群众评单", "当面讲清了两种办法", "社区派单"):
        expect(secretary.locator("main")).to_contain_text(words)
    matter.refresh_from_db()
    assert (matter.stage, matter.crossed_off, matter.solved) == ("rated", True, True)
    assert Match.objects.get(subject=matter.subject).outcome == "served"
    assert OfferMonth.objects.get(offer=street.legal).taken == 1
    assert verify().ok
    assert complaints == []
