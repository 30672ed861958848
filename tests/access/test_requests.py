"""Requests: who is let in where, how a refusal is answered, what is stopped unread."""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver

from tests.access.telling import code_of
from tests.access.test_entrances import code_now, with_factor
from tests.cast import PASSWORD, STREET, sign_in
from youying.access import actions
from youying.access.entrance import way_back
from youying.access.guard import by_secret, needs, open_to_all, rule_of
from youying.access.middleware import SizeMiddleware
from youying.access.models import SessionSeat
from youying.kernel.viewers import PUBLIC, SYSTEM

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/matters/?lamp=red"}
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def pages(settings):
    """The small site, and refusals in plain words whatever the faces make of them."""
    settings.ROOT_URLCONF = "tests.access.site"
    settings.TEMPLATES = []


@pytest.fixture
def with_password(cast):
    """苏敏, who has chosen her password."""
    actions.redeem(actions.invite(cast.su_min.account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    return cast.su_min


def enter(client, password=PASSWORD, **more):
    """Send the sign-in form."""
    return client.post("/sign-in/", {"username": " SuMin ", "password": password} | more)


def test_every_view_of_the_site_says_who_may_open_it():
    rules = {
        str(pattern.pattern): rule_of(pattern.callback) for pattern in get_resolver("tests.access.site").url_patterns
    }
    assert all(rules.values())
    assert (rules["accounts/"].kind, rules["accounts/"].power) == ("power", "accounts")
    assert (rules["anyone/"].kind, rules["anyone/"].why) == ("open", "公开信息")
    assert rule_of(lambda request: None) is None


def test_a_guard_needs_a_known_power_or_a_reason():
    assert code_of(lambda: needs("fly")) == "unknown-power"
    assert code_of(lambda: open_to_all(" ")) == code_of(lambda: by_secret("")) == "reason-missing"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, "/anyone/", 200),
        (None, "/staff/", 302),
        (None, "/accounts/", 302),
        (None, "/secret/", 422),
        ("su_min", "/anyone/", 200),
        ("su_min", "/staff/", 200),
        ("su_min", "/accounts/", 403),
        ("he_zhiqiu", "/accounts/", 403),
        ("ma_ruilin", "/accounts/", 200),
    ],
)
def test_each_page_opens_to_whom_it_should(client, cast, who, path, status):
    if who:
        sign_in(client, getattr(cast, who))
    assert client.get(path).status_code == status


def test_a_visitor_is_sent_to_sign_in_and_back(client, cast):
    assert client.get("/staff/?page=2")["Location"] == "/desk/sign-in/?next=%2Fstaff%2F%3Fpage%3D2"
    part = client.get("/staff/", headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Redirect"] == "/desk/sign-in/?next=%2Fdesk%2Fmatters%2F%3Flamp%3Dred"
    assert client.get("/staff/", headers=JSON).status_code == 401


def test_a_refusal_is_data_for_a_program_and_words_for_a_person(client, cast):
    said = {
        "code": "secret-wrong",
        "say": "编号或查询码不对。",
        "clause": "规则",
        "have": 1,
        "need": 2,
        "field": "secret",
    }
    answer = client.get("/secret/", headers=JSON)
    assert (answer.status_code, json.loads(answer.content)) == (422, said)
    page = client.get("/secret/")
    assert (page.status_code, page.content.decode()) == (422, "编号或查询码不对。")


def test_the_status_tells_what_kind_of_refusal_it_is(client, cast):
    sign_in(client, cast.su_min)
    assert client.get("/accounts/", headers=JSON).json()["code"] == "no-power"
    assert client.get("/accounts/").status_code == 403
    assert client.get(f"/choose/{cast.lin_xiaohe.post.pk}/").status_code == 403


def test_a_refusal_is_rendered_by_the_faces_where_they_have_a_page(client, cast, settings, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/refused.html").write_text("<p>{{ status }} {{ refused.say }} {{ part }}</p>", "utf-8")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]
    page = client.get("/secret/", headers={"HX-Request": "true"})
    assert (page.status_code, page.content.decode()) == (422, "<p>422 编号或查询码不对。 True</p>")


def test_the_right_password_opens_and_the_session_gets_a_new_key(client, with_password):
    client.get("/anyone/")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    assert enter(client).content.decode() == "苏敏"
    assert client.get("/staff/").content.decode() == "苏敏 网格员"
    assert client.session.session_key != before


@pytest.mark.parametrize("sent", [{"password": "不是这个"}, {"username": "nobody"}, {"username": "chen"}])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, with_password, cast, sent):
    answer = client.post("/sign-in/", {"username": "sumin", "password": PASSWORD} | sent, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-sign-in")
    assert not SessionSeat.objects.exists()


def test_five_wrong_tries_lock_the_door_and_a_reset_opens_it(client, with_password, cast):
    statuses = [enter(client, "不是这个").status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    locked = enter(client)
    assert locked.status_code == 429 and "30分钟" in locked.content.decode()
    token = actions.one_time_link(with_password.account, by=cast.ma_ruilin.viewer, kind="reset")
    assert client.post(f"/link/{token}/", {"password": PASSWORD + "新"}).status_code == 200
    assert enter(Client(), PASSWORD + "新").status_code == 200


def test_another_address_is_not_locked_out_by_a_neighbour(client, with_password):
    for _ in range(5):
        enter(client, "不是这个")
    assert enter(Client(REMOTE_ADDR="192.0.2.9")).status_code == 200


def test_wrong_tries_leave_no_name_and_no_address_in_the_log(client, with_password, caplog, capsys):
    for _ in range(6):
        enter(client, "不是这个")
    told = caplog.text + "".join(capsys.readouterr())
    assert "sumin" not in told and "127.0.0.1" not in told


def test_the_second_factor_is_asked_for_by_password_and_by_link(client, cast, with_password):
    with_factor(cast)
    assert enter(client).status_code == 422 and not SessionSeat.objects.exists()
    token = actions.one_time_link(with_password.account, by=SYSTEM, kind="sign-in")
    assert client.post(f"/link/{token}/", headers=JSON).json()["code"] == "second-factor-missing"
    assert enter(client, code="000000").status_code in (422,)
    assert not SessionSeat.objects.exists()


def test_the_right_code_opens(client, cast, with_password):
    with_factor(cast)
    device = with_password.account.totpdevice_set.get()
    device.last_t = -1
    device.save()
    assert enter(client, code=code_now(with_password.account)).status_code == 200


def test_a_link_signs_in_and_works_once(client, cast):
    token = actions.invite(cast.su_min.account, by=SYSTEM)
    assert client.post(f"/link/{token}/", {"password": "weak"}).status_code == 422
    assert client.post(f"/link/{token}/", {"password": PASSWORD}).content.decode() == "苏敏"
    assert client.get("/staff/").content.decode() == "苏敏 网格员"
    assert Client().post(f"/link/{token}/", {"password": PASSWORD}).status_code == 422


def test_signing_out_ends_the_seat_so_that_a_copied_cookie_is_worthless(client, cast):
    sign_in(client, cast.su_min)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/staff/").status_code == 200
    client.post("/sign-out/")
    assert SessionSeat.objects.get().ended_at and client.get("/staff/").status_code == 302
    assert thief.get("/staff/").status_code == 302


@pytest.mark.parametrize("what", ["seat", "account"])
def test_whoever_loses_access_loses_it_with_the_next_request(client, cast, what):
    sign_in(client, cast.su_min)
    assert client.get("/staff/").status_code == 200
    if what == "seat":
        actions.end_session(SessionSeat.objects.get(), by=cast.ma_ruilin.viewer)
    else:
        actions.disable(cast.su_min.account, by=cast.ma_ruilin.viewer)
    assert client.get("/staff/").status_code == 302


def test_an_ended_post_takes_its_powers_with_it(client, cast):
    assert cast.ye_qing
    sign_in(client, cast.ma_ruilin)
    assert client.get("/accounts/").status_code == 200
    actions.end_post(cast.ma_ruilin.post, by=SYSTEM)
    assert client.get("/accounts/").status_code == 403


def test_the_chosen_post_stays_in_the_session(client, cast):
    other = actions.appoint(
        cast.su_min.account, by=SYSTEM, code="caller", title="回访员", reach=STREET, powers=["accounts"]
    )
    sign_in(client, cast.su_min)
    assert client.get("/staff/").content.decode() == "苏敏"
    assert client.get("/accounts/").status_code == 403
    client.get(f"/choose/{other.pk}/")
    assert client.get("/staff/").content.decode() == "苏敏 回访员"
    assert client.get("/accounts/").status_code == 200


def test_a_seat_left_alone_for_hours_is_empty(client, cast, clock):
    sign_in(client, cast.su_min)
    clock.forward(minutes=239)
    assert client.get("/staff/").status_code == 200
    clock.forward(minutes=239)
    assert client.get("/staff/").status_code == 200
    clock.forward(minutes=241)
    assert client.get("/staff/").status_code == 302


def test_a_seat_notes_when_it_was_last_seen_but_not_at_every_request(client, cast, clock, count_statements):
    sign_in(client, cast.su_min)
    with count_statements(at_most=2):
        client.get("/staff/")
    clock.forward(minutes=5)
    client.get("/staff/")
    assert SessionSeat.objects.get().seen_at == clock()


def test_a_visitor_costs_no_statement(client, db, count_statements):
    with count_statements(at_most=0):
        assert client.get("/anyone/").content.decode() == "来访者"


class Unread(io.BytesIO):
    """A body of which nobody may read a byte."""

    def read(self, *args):
        raise AssertionError("it was read")


def test_two_hundred_megabytes_are_answered_unread(cast):
    request = RequestFactory().post("/body/")
    request.META["CONTENT_LENGTH"], request._stream = str(200 * 1024 * 1024), Unread()
    answer = SizeMiddleware(lambda request: pytest.fail("it went on"))(request)
    assert answer.status_code == 413 and answer["Connection"] == "close"
    assert "64 MB" in answer.content.decode()


def test_a_body_beyond_the_limit_of_plain_forms_is_told_so(client, settings, cast):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    assert client.post("/body/", b"x" * 1024 * 1024, content_type="text/plain").status_code == 200
    answer = client.post("/body/", b"x" * (1024 * 1024 + 1), content_type="text/plain")
    assert answer.status_code == 413 and "1 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/desk/matters/", "/desk/matters/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_the_way_back_never_leaves_the_house(asked, goes):
    assert way_back(RequestFactory().get("/"), asked=asked) == goes
