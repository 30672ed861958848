"""Sign-in, links, posts and one's own account over HTTP."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.cast import HUAILI, PASSWORD, STREET, Cast, sign_in
from youying.access import actions
from youying.access.models import SessionSeat
from youying.kernel.viewers import PUBLIC, SYSTEM

pytestmark = pytest.mark.django_db
WRONG = "不是这个密码 2026"


@pytest.fixture
def lin(db):
    """林晓禾 with a password."""
    member = Cast().lin_xiaohe
    actions.redeem(actions.invite(member.account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    return member


def enter(client: Client, *, password: str = PASSWORD, **more: str):
    return client.post("/desk/sign-in/", {"username": "linxiaohe", "password": password, **more})


def code_now(account) -> str:
    device = TOTPDevice.objects.get(user=account)
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    return f"{clock.token():06d}"


def test_a_password_opens_the_desk_and_leads_back_to_the_page_asked_for(lin, client):
    assert "登录名" in client.get("/desk/sign-in/").content.decode()
    assert enter(client, next="/desk/account/").headers["Location"] == "/desk/account/"
    assert enter(Client(), next="https://elsewhere.example/").headers["Location"] == "/desk/"


def test_a_wrong_password_is_said_without_telling_which_part_was_wrong(lin, client):
    wrong = enter(client, password=WRONG)
    unknown = client.post("/desk/sign-in/", {"username": "nobody", "password": WRONG})
    assert wrong.status_code == unknown.status_code == 422
    say = "登录名或密码不对"
    assert say in wrong.content.decode() and say in unknown.content.decode()
    assert WRONG not in wrong.content.decode() and 'value="linxiaohe"' in wrong.content.decode()


def test_five_wrong_passwords_lock_the_door_even_for_the_right_one(lin, client):
    for _try in range(5):
        enter(client, password=WRONG)
    locked = enter(client)
    assert locked.status_code == 429 and "30分钟后再试" in locked.content.decode()


def test_a_form_without_its_token_is_refused(lin):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/desk/sign-in/", {"username": "linxiaohe", "password": PASSWORD}).status_code == 403


def test_an_invitation_is_shown_first_and_used_by_its_button(client):
    account = Cast().su_min.account
    token = actions.invite(account, by=SYSTEM)
    page = client.get(f"/desk/link/{token}/").content.decode()
    assert "请设一个密码" in page and "苏敏" in page and "sumin" in page
    differ = client.post(f"/desk/link/{token}/", {"password": PASSWORD, "again": WRONG})
    assert differ.status_code == 422 and "两次写的密码不一样" in differ.content.decode()
    weak = client.post(f"/desk/link/{token}/", {"password": "123", "again": "123"})
    assert weak.status_code == 422
    assert client.post(f"/desk/link/{token}/", {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert "苏敏" in client.get("/desk/account/").content.decode()
    assert Client().get(f"/desk/link/{token}/").status_code == 422


def test_a_one_time_link_signs_in_with_one_press(client, lin):
    token = actions.one_time_link(lin.account, by=SYSTEM, kind="sign-in")
    assert client.get(f"/desk/link/{token}/").status_code == 200
    assert client.post(f"/desk/link/{token}/").headers["Location"] == "/desk/"
    assert "无效" in Client().post(f"/desk/link/{token}/").content.decode()


@pytest.mark.parametrize(("asked", "led"), [("/desk/duty/", "/desk/duty/"), ("https://elsewhere.example/", "/desk/")])
def test_a_one_time_link_leads_to_a_page_of_ours_and_to_no_other(client, lin, asked, led):
    token = actions.one_time_link(lin.account, by=SYSTEM, kind="sign-in")
    assert client.post(f"/desk/link/{token}/?next={asked}").headers["Location"] == led


def test_the_set_up_link_founds_the_house(client):
    token = actions.offer_set_up(by=SYSTEM)
    assert "单位名称" in client.get(f"/desk/link/{token}/").content.decode()
    sent = {"organisation": "柳湾街道办事处", "name": "叶青", "username": "yeqing", "password": PASSWORD}
    assert client.post(f"/desk/link/{token}/", sent | {"again": PASSWORD}).headers["Location"] == "/desk/"
    assert "叶青" in client.get("/desk/account/").content.decode()


def test_signing_out_ends_the_seat(lin, client):
    enter(client)
    assert client.get("/desk/sign-out/").status_code == 405
    assert client.post("/desk/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert SessionSeat.objects.filter(ended_at=None).count() == 0
    assert client.get("/desk/").status_code == 302


def test_somebody_with_two_posts_chooses_and_works_from_there(lin, client):
    second = actions.appoint(
        lin.account, by=SYSTEM, code="dispatcher", title="派单员", reach=STREET, powers=("view", "act")
    )
    sign_in(client, lin)
    assert client.get("/desk/").headers["Location"].startswith("/desk/posts/")
    assert "社区党委书记" in client.get("/desk/posts/").content.decode()
    assert client.post("/desk/posts/", {"post": second.pk, "next": "/desk/"}).headers["Location"] == "/desk/"
    assert "派单员" in client.get("/desk/account/").content.decode()
    assert client.post("/desk/posts/", {"post": "999999"}).status_code == 403
    assert client.post("/desk/posts/", {"post": "胡写"}).status_code == 403


def test_somebody_without_a_post_is_told_whom_to_ask(client):
    account = actions.create_account("newcomer", by=SYSTEM, name="新同事")
    sign_in(client, account)
    assert client.get("/desk/matters/").headers["Location"].startswith("/desk/posts/")
    assert "请找本单位管理员任命" in client.get("/desk/posts/").content.decode()


def test_a_password_is_changed_by_its_owner_and_other_devices_are_out(lin, client):
    enter(client)
    other = Client()
    enter(other)
    new = "梨花也开了满院 2027"
    wrong = client.post("/desk/account/password/", {"old": WRONG, "password": new, "again": new})
    assert wrong.status_code == 422 and "原密码不对" in wrong.content.decode()
    differ = client.post("/desk/account/password/", {"old": PASSWORD, "password": new, "again": "x"})
    assert differ.status_code == 422
    assert client.post("/desk/account/password/", {"old": PASSWORD, "password": new, "again": new}).status_code == 302
    assert client.get("/desk/account/").status_code == 200
    assert other.get("/desk/account/").status_code == 302


def test_one_ends_ones_own_session_elsewhere_and_nobody_elses(lin, client):
    enter(client)
    other, stranger = Client(headers={"user-agent": "Firefox/120 Linux"}), Client()
    enter(other)
    sign_in(stranger, Cast().he_zhiqiu)
    page = client.get("/desk/account/").content.decode()
    assert "这一台" in page and "Firefox" in page
    seat = re.search(r"/desk/account/sessions/(\d+)/end/", page)
    assert seat
    assert stranger.post(f"/desk/account/sessions/{seat[1]}/end/").status_code == 403
    client.post(f"/desk/account/sessions/{seat[1]}/end/")
    assert other.get("/desk/account/").status_code == 302


def test_the_second_factor_is_asked_for_once_it_is_on(lin, client):
    enter(client)
    begun = client.post("/desk/account/factor/begin/").content.decode()
    assert "data:image/svg+xml" in begun and re.search(r"[A-Z2-7]{32}", begun)
    assert client.post("/desk/account/factor/confirm/", {"code": "000000"}).status_code == 422
    client.post("/desk/account/factor/confirm/", {"code": code_now(lin.account)})
    assert "已启用" in client.get("/desk/account/").content.decode()
    fresh = Client()
    asked = enter(fresh)
    assert asked.status_code == 422 and "动态口令" in asked.content.decode()
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None)
    assert enter(fresh, code=code_now(lin.account)).status_code == 302
    client.post("/desk/account/factor/drop/")
    assert enter(Client()).status_code == 302


@pytest.mark.parametrize("path", ["account/", "posts/", "account/password/", "account/factor/begin/"])
def test_visitors_have_no_account_page(client, path):
    assert client.get(f"/desk/{path}").status_code == 302


def test_reach_is_said_in_words(client):
    sign_in(client, Cast().lin_xiaohe)
    assert HUAILI not in client.get("/desk/account/").content.decode()


@pytest.mark.parametrize("path", ["/desk/sign-out/", "/look/"])
def test_an_address_that_only_takes_forms_says_so_on_a_page(world, enter, path):
    answer = enter("dispatcher").get(path)
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "这个地址不能这样打开" in answer.content.decode() and 'href="/desk/"' in answer.content.decode()


def test_what_is_no_form_is_not_called_an_old_form(world):
    strict = Client(enforce_csrf_checks=True)
    form, method = strict.post("/desk/sign-in/", {"username": "x"}), strict.put("/desk/sign-in/", "x")
    json = strict.post("/desk/sign-in/", "[" + "1," * 2_000_000 + "1]", content_type="application/json")
    assert (form.status_code, method.status_code, json.status_code) == (403, 405, 400)
    assert "表单放得太久了" in form.content.decode()
    assert all("表单放得太久了" not in one.content.decode() for one in (method, json))


def test_a_refused_sign_in_has_its_own_heading(world, client):
    page = client.post("/desk/sign-in/", {"username": "nobody", "password": "x"}).content.decode()
    assert "没有登录上" in page and "还差" not in page
