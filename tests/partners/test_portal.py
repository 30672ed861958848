"""The resident's menu and the partner's pages over HTTP: ordered, taken by link, declined, served; wrong links."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.matters.world import photo
from tests.partners import street as play
from tests.partners.street import Street
from youying.access.models import Unit
from youying.channels.intake.rules import LINK_TRIES
from youying.matters import queries
from youying.matters.models import Matter, Reporter
from youying.partners import actions as partners
from youying.partners.models import Agreement, Match, Wish
from youying.record.queries import story

TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def form(street: Street, **said: str) -> dict[str, str]:
    base = {"token": TOKEN, "compound": street.world.community, "phone": "13800000417", "text": "想问遗嘱"}
    return {**base, **said}


def order_address(item: str, street: Street) -> str:
    return f"/menu/service/{item}/?where={street.world.community}"


def test_the_menu_shows_each_item_and_for_whom_it_is(street: Street, client: Client) -> None:
    page = client.get("/menu/").content.decode()
    assert "法律咨询" in page and "要年龄满65岁" in page
    assert "资源清单和服务清单" in page


def test_the_published_lists_name_units_and_times_and_no_person(street: Street, client: Client) -> None:
    page = client.get(f"/partners/?where={street.world.community}").content.decode()
    assert "明和法律服务所" in page and "每月 4 次" in page and "签约到 2027-11-01" in page
    assert "陈桂芳" not in page and "田文博" not in page


def test_an_order_sent_from_a_phone_gives_number_and_secret_once(street: Street, client: Client) -> None:
    sent = client.post(order_address("legal", street), form(street, wanted_on="2026-11-16", part="morning"))
    assert sent.status_code == 302 and sent["Location"] == "/said/"
    matter = Matter.objects.get(kind="order")
    slip = client.get("/said/").content.decode()
    assert matter.number in slip and 'id="secret"' in slip
    again = client.post(order_address("legal", street), form(street))
    assert again.status_code == 302
    assert Matter.objects.filter(kind="order").count() == Wish.objects.count() == 1


@pytest.mark.parametrize(
    ("item", "said", "field"),
    [
        ("haircut", {"age": "40"}, "要年龄满65岁"),
        ("haircut", {}, "多大岁数"),
        ("legal", {"phone": ""}, "请留个手机号"),
        ("legal", {"phone": "abc"}, "手机号"),
        ("legal", {"wanted_on": "2026-11-12"}, "想要的日期"),
        ("legal", {"wanted_on": "soon"}, "日期看不懂"),
        ("legal", {"part": "midnight"}, "时段请选"),
        ("legal", {"compound": "404404"}, ""),
        ("legal", {"text": "x" * 6000}, ""),
    ],
)
def test_a_form_to_mend_says_what_is_wrong_and_keeps_nothing(
    street: Street, client: Client, item: str, said: dict[str, str], field: str
) -> None:
    answer = client.post(order_address(item, street), form(street, **said))
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not Matter.objects.filter(kind="order").exists()


def test_an_item_that_nobody_offers_says_so_before_it_is_ordered(street: Street, client: Client) -> None:
    assert "还没有单位报过能接这一项" not in client.get(order_address("legal", street)).content.decode()
    assert "还没有单位报过能接这一项" in client.get(order_address("shopping", street)).content.decode()


def test_an_item_that_the_menu_lacks_leads_back_to_the_menu(street: Street, client: Client) -> None:
    assert client.get(order_address("gold", street))["Location"] == "/menu/"


def link(street: Street, **more: object) -> str:
    return f"/partner/{partners.make_link(street.office.pk, by=street.secretary, **more).token}/"  # type: ignore[arg-type]


def test_a_partner_takes_an_order_by_link_serves_it_and_every_use_is_on_record(street: Street, client: Client) -> None:
    matter = play.sent(street)
    made = partners.make_link(street.office.pk, by=street.secretary)
    base = f"/partner/{made.token}/"
    assert matter.number in client.get(base).content.decode()
    page = client.get(f"{base}{matter.number}/").content.decode()
    assert "想问问遗嘱怎么写" in page and "13800000417" not in page
    assert client.post(f"{base}{matter.number}/acts/accept/").status_code == 302
    assert Match.objects.get(subject=matter.subject).accepted_at == street.clock()
    seen = client.post(f"{base}{matter.number}/contact/").content.decode()
    assert "13800000417" in seen and "陈桂芳" in seen
    served = client.post(
        f"{base}{matter.number}/acts/deliver/",
        {"note": "当面答复了", "kept": [photo(street.lawyer)][:0]},
    )
    assert served.status_code == 302
    matter.refresh_from_db()
    assert matter.stage == "served"
    used = [entry.facts["what"] for entry in story(made.row.subject) if entry.act == "partners.open-link"]
    assert used == ["waiting", "order", "act", "contact", "act"]
    assert re.search(r"\d{1,2}:\d{2}做完", client.get(base).content.decode())
    origins = {entry.act: entry.origin for entry in story(matter.subject)}
    assert origins["accept"] == origins["deliver"] == f"partner-link:{made.row.pk}"
    assert "access.unmask" in origins


def test_the_contact_is_hidden_until_the_order_is_accepted_and_after_it_is_served(
    street: Street, client: Client
) -> None:
    matter = play.sent(street)
    address = f"{link(street)}{matter.number}/contact/"
    assert client.post(address).status_code == 422
    accepted = play.accepted(street)
    after = f"{link(street)}{accepted.number}/"
    assert "13800000417" in client.post(f"{after}contact/").content.decode()
    client.post(f"{after}acts/deliver/", {"note": "当面答复了"})
    assert client.post(f"{after}contact/").status_code == 422


def test_a_partner_declines_with_a_reason_and_without_one_is_asked_for_it(street: Street, client: Client) -> None:
    matter = play.sent(street)
    address = f"{link(street)}{matter.number}/acts/decline/"
    answer = client.post(address, {"note": "这周排满了"})
    assert answer.status_code == 422
    assert "请选一个理由" in answer.content.decode() and "这周排满了" in answer.content.decode()
    answer = client.post(address, {"reason": "no-capacity", "note": "这周排满了"}, follow=True)
    assert answer.status_code == 200 and "已回复社区" in answer.content.decode()
    assert client.get(f"{link(street)}{matter.number}/").status_code == 200
    matter.refresh_from_db()
    assert matter.stage == "ordered"
    assert [line.title for line in queries.story(matter) if line.act == "decline"] == ["不能接单（这段时间排不出人手）"]


def test_whoever_declines_by_the_link_of_one_order_reads_that_the_community_has_the_answer(
    street: Street, client: Client
) -> None:
    matter = play.sent(street)
    base = f"{link(street, order=matter.subject)}{matter.number}/"
    answer = client.post(f"{base}acts/decline/", {"reason": "no-capacity", "note": "这周排满了"}, follow=True)
    said = answer.content.decode()
    assert answer.status_code == 200 and "已回复社区" in said and "不用您再做什么" in said
    assert "13800000417" not in said and matter.title not in said


def deliver_needs(street: Street, *needs: str) -> None:
    said = {"from": ["accepted"], "to": "served", "by": ["lead"], "needs": list(needs), "tells": ["reporter"]}
    play.change(street.world, {"loop.order.acts.deliver": said})


def test_what_is_done_is_signed_for_by_link_and_nothing_typed_is_lost_before(street: Street, client: Client) -> None:
    deliver_needs(street, "note", "signature")
    matter = play.accepted(street)
    base = f"{link(street)}{matter.number}/"
    assert 'name="signature-typed"' in client.get(base).content.decode()
    unsigned = client.post(f"{base}acts/deliver/", {"note": "当面答复了"})
    assert unsigned.status_code == 422
    assert "请签字" in unsigned.content.decode() and "当面答复了" in unsigned.content.decode()
    nameless = client.post(f"{base}acts/deliver/", {"signature-typed": "陈桂芳"})
    assert nameless.status_code == 422 and 'value="陈桂芳"' in nameless.content.decode()
    signed = client.post(f"{base}acts/deliver/", {"note": "当面答复了", "signature-typed": "陈桂芳"})
    assert signed.status_code == 302
    matter.refresh_from_db()
    assert matter.stage == "served"
    assert [one.facts.get("signed") for one in story(matter.subject) if one.act == "deliver"] == ["typed"]


def test_a_step_that_the_page_has_no_field_for_is_left_to_the_community(street: Street, client: Client) -> None:
    deliver_needs(street, "note", "before-after")
    matter = play.accepted(street)
    base = f"{link(street)}{matter.number}/"
    page = client.get(base).content.decode()
    assert "由社区来记" in page and "acts/deliver/" not in page
    assert client.post(f"{base}acts/deliver/", {"note": "当面答复了"}).status_code == 422


@pytest.mark.parametrize("how", ["ended", "lapsed", "out-of-use"])
def test_what_was_accepted_is_served_by_link_after_the_agreement_and_nothing_new_is_taken(
    street: Street, client: Client, how: str
) -> None:
    mine, late = play.accepted(street), play.sent(street)
    base = link(street)
    row = Agreement.objects.get(unit=street.office, ended_on=None)
    if how == "ended":
        partners.end_agreement(row.pk, by=street.secretary, reason="contract-ended")
    elif how == "lapsed":
        Agreement.objects.filter(pk=row.pk).update(until=play.SIGNED)
        partners.settle_agreements()
    else:
        Unit.objects.filter(pk=street.office.pk).update(active=False)
    page = client.get(base).content.decode()
    assert mine.number in page and late.number not in page
    assert client.post(f"{base}{late.number}/acts/accept/").status_code == 422
    assert "13800000417" in client.post(f"{base}{mine.number}/contact/").content.decode()
    done = client.post(f"{base}{mine.number}/acts/deliver/", {"note": "当面答复了"}, follow=True)
    assert done.status_code == 200 and "记下了" in done.content.decode()
    street.clock.forward(days=2)
    assert "已经停用" in client.get(base).content.decode()


def test_the_link_of_one_order_opens_no_other(street: Street, client: Client) -> None:
    mine, other = play.sent(street), play.sent(street)
    base = link(street, order=mine.subject)
    assert client.get(f"{base}{mine.number}/").status_code == 200
    assert client.get(f"{base}{other.number}/").status_code == 404
    page = client.get(base).content.decode()
    assert mine.number in page and other.number not in page


def test_the_link_of_another_unit_opens_nothing_of_this_one(street: Street, client: Client) -> None:
    matter = play.sent(street)
    other = partners.make_link(street.team.pk, by=street.secretary).token
    assert client.get(f"/partner/{other}/{matter.number}/").status_code == 404
    assert client.post(f"/partner/{other}/{matter.number}/acts/accept/").status_code in (404, 422)
    matter.refresh_from_db()
    assert matter.stage == "dispatched"


def test_a_partners_page_offers_no_step_that_is_not_a_partners(street: Street, client: Client) -> None:
    matter = play.sent(street)
    base = link(street)
    for step in ("verdict", "cross-off", "dispatch", "end", "reassign", "no-such-step"):
        assert client.post(f"{base}{matter.number}/acts/{step}/", {"reason": "no-offer"}).status_code == 422
    matter.refresh_from_db()
    assert matter.stage == "dispatched"


def test_wrong_expired_and_revoked_links_each_say_so(street: Street, client: Client) -> None:
    assert "可能没有复制完整" in client.get("/partner/xyz/").content.decode()
    made = partners.make_link(street.office.pk, by=street.secretary)
    partners.revoke_link(made.row.pk, by=street.secretary)
    assert "已经停用" in client.get(f"/partner/{made.token}/").content.decode()
    late = link(street, days=1)
    street.clock.forward(days=1)
    answer = client.get(late)
    assert "过期了" in answer.content.decode()
    assert answer.status_code >= 400


def test_many_wrong_links_from_one_address_are_stopped_and_a_good_one_is_not_counted(
    street: Street, client: Client
) -> None:
    good = link(street)
    for _ in range(LINK_TRIES + 5):
        assert client.get(good).status_code == 200
    for _ in range(LINK_TRIES):
        assert client.get("/partner/xyz/").status_code != 429
    assert client.get("/partner/xyz/").status_code == 429
    assert client.get(good).status_code == 429


def test_a_page_of_a_link_is_kept_by_nobody_and_tells_nobody_where_it_was(street: Street, client: Client) -> None:
    answer = client.get(link(street))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_resident_rates_the_served_order_on_the_portal(street: Street, client: Client) -> None:
    client.post(order_address("legal", street), form(street))
    matter = Matter.objects.get(kind="order")
    base = link(street)
    from_desk = {"by": street.secretary, "offer": street.legal.pk}
    play.actions.act(matter.pk, "dispatch", **from_desk)
    client.post(f"{base}{matter.number}/acts/accept/")
    client.post(f"{base}{matter.number}/acts/deliver/", {"note": "当面答复了"})
    rated = client.post(f"/m/{matter.number}/verdict/", {"solved": "yes", "satisfaction": "满意"})
    assert rated.status_code == 302
    matter.refresh_from_db()
    assert matter.crossed_off and matter.stage == "rated"
    assert Reporter.objects.filter(matter=matter).count() == 1
