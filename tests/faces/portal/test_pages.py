"""The portal over HTTP: what a resident may do, and every bad input said in a clear sentence that changes nothing."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.matters import world as worlds
from tests.matters.world import completed, dispatched, opened
from youying.channels.intake import offers
from youying.kernel.identifiers import matter_number
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter, Reporter
from youying.places.actions import add_area, issue_entrance_codes, revoke_entrance_code
from youying.places.models import EntranceCode

WORDS = "杏林小区3号楼门口的路灯坏了，晚上看不清路。"


def jpeg(name="现场.jpg"):
    """A photograph."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def form(**more):
    """A filled form."""
    return {"token": uuid.uuid4().hex, "text": WORDS, "phone": "13900010017", **more}


def said(client, **more):
    """Send the form and follow to the slip."""
    return client.post("/say/", form(**more), follow=True)


def slip_of(phone):
    """Number and secret as the slip's page shows them."""
    page = phone.get("/said/").content.decode()
    number, secret = (re.search(rf'id="{name}"><b>([^<]+)<', page)[1] for name in ("number", "secret"))
    return {"number": number, "secret": secret}


def proved(phone, found):
    """Prove the secret of a matter in this browser."""
    return phone.post("/progress/", {"number": found.matter.number, "secret": found.secret})


def test_a_need_said_from_a_phone_gets_a_number_and_a_secret_that_open_it(world, phone):
    page = said(phone, photos=[jpeg()])
    matter = Matter.objects.get()
    assert matter.number in page.content.decode()
    slip = slip_of(phone)
    answer = Client().post("/progress/", {"number": slip["number"], "secret": slip["secret"].lower()}, follow=True)
    assert (answer.status_code, WORDS in answer.content.decode()) == (200, True)
    assert (matter.building_id, matter.photo_count, matter.channel) == (world.place.building_id, 1, "web")


def test_the_same_form_sent_twice_is_one_matter_with_one_secret(world, phone):
    sent = form()
    phone.post("/say/", sent)
    first = slip_of(phone)
    phone.post("/say/", sent)
    assert (Matter.objects.count(), slip_of(phone)) == (1, first)


def test_an_entrance_code_fills_in_the_place_and_a_revoked_one_says_so(world, phone):
    path = f"{world.place.place_path}"
    issue_entrance_codes(path, by=SYSTEM)
    code = EntranceCode.objects.filter(building_id=world.place.building_id).first()
    assert "3号楼" in phone.get(f"/q/{code.code}").content.decode()
    said(phone, code=code.code, text="门口的灯不亮了")
    assert (Matter.objects.get().building_id, Matter.objects.get().channel) == (world.place.building_id, "qr")
    revoke_entrance_code(code.code, reason="torn", by=SYSTEM)
    assert "停用" in phone.get(f"/q/{code.code}").content.decode()
    assert "不是本系统的" in phone.get("/q/NOSUCH").content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": ""}, "什么事"),
        ({"text": "水" * 100_000}, "什么事"),
        ({"compound": "999999"}, "没有这个小区"),
        ({"compound": "/99/nowhere"}, "没有这个区划"),
        ({"lon": "0.5", "lat": "0.5"}, "不在本系统管理的范围"),
        ({"lon": "999", "lat": "nan"}, "地图上的点没有读到"),
        ({"lon": "121.5", "lat": ""}, "地图上的点没有读到"),
        ({"name": "陈" * 31}, "称呼最多30个字"),
        ({"spot": "门" * 61}, "具体地点最多60个字"),
        ({"phone": "一三八"}, "手机号"),
        ({"phone": "139"}, "不像电话号码"),
        ({"compound": "-1"}, "没有这个小区"),
        ({"text": "水" * 100_000}, "现在有100000个"),
        ({"hint": "nonsense"}, "没有"),
        ({"token": ""}, "放得太久"),
        ({"token": "<script>"}, "放得太久"),
        ({"code": "NOSUCH"}, "二维码"),
    ],
)
def test_bad_input_is_said_in_a_sentence_and_changes_nothing(world, phone, more, sentence):
    page = phone.post("/say/", form(**more))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert (Matter.objects.count(), Reporter.objects.count()) == (0, 0)


def test_everything_wrong_is_said_at_once_and_a_form_too_old_is_only_sent_again(world, phone):
    page = phone.post("/say/", form(text="", name="陈" * 31, phone="139", spot="门" * 61)).content.decode()
    assert "还差 4 处" in page
    stale = phone.post("/say/", form(token="")).content.decode()
    assert "还差" not in stale and stale.count("都还在") == 1
    again = re.search(r'name="token" value="([^"]+)"', stale)[1]
    assert phone.post("/say/", form(token=again)).status_code == 302


def test_the_form_stops_asking_for_rules_at_the_first_community_that_has_some(world, monkeypatch):
    add_area("990101001002", name="榆钱里社区", level="community", parent=world.town, by=SYSTEM)
    asked = []
    monkeypatch.setattr(offers, "edition_for", lambda path: asked.append(path))
    assert offers.ready() and len(asked) == 1
    monkeypatch.setattr(offers, "has_rules", lambda path: asked.append(path))
    assert not offers.ready() and len(asked) == 3


def test_words_without_a_place_go_to_the_one_place_served_and_are_asked_for_it_where_there_are_two(world, phone):
    said(phone, text="路灯坏了，晚上看不清。")
    assert (Matter.objects.get().area_path, Matter.objects.get().compound_id) == (world.town, None)
    other = add_area("990101002", name="临溪街道", level="town", parent=world.town.rpartition("/")[0], by=SYSTEM)
    worlds.adopt("m03", other.path)
    page = phone.post("/say/", form(text="路灯坏了，晚上看不清。"))
    assert (page.status_code, Matter.objects.count()) == (422, 1)
    assert "请选一下在哪个小区" in page.content.decode()


def test_emoji_full_width_digits_sql_and_html_are_kept_as_words_and_break_nothing(world, phone):
    words = "杏林小区3号楼😀路灯坏了'; DROP TABLE matters_matter;-- <script>alert(1)</script>"
    said(phone, text=words, name="<b>陈</b>", spot="'\"><i>", phone="１３９０００１００１７")
    found = worlds.opened(world)
    matter = Matter.objects.exclude(pk=found.matter.pk).get()
    slip = slip_of(phone)
    phone.post("/progress/", slip)
    page = phone.get(f"/m/{matter.number}/").content.decode()
    assert "<script>alert" not in page
    assert "😀" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("现场.jpg", b"MZ\x90\x00" + b"\0" * 600),
        ("现场.jpg", b""),
        ("报告.exe", b"MZ\x90\x00" + b"\0" * 600),
        ("现场.jpg", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_what_is_no_photograph_is_refused_beside_the_photographs(world, phone, name, content):
    page = phone.post("/say/", form(photos=[SimpleUploadedFile(name, content, "image/jpeg")]))
    assert page.status_code == 422
    assert 'id="photos-error"' in page.content.decode()
    assert Matter.objects.count() == 0


def test_two_hundred_megabytes_are_refused_without_being_read(world, phone):
    page = phone.post(
        "/say/", data=b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 1024**2)
    )
    assert page.status_code == 413
    assert Matter.objects.count() == 0


def test_a_form_without_its_csrf_mark_is_refused(world):
    page = Client(enforce_csrf_checks=True).post("/say/", form())
    assert (page.status_code, Matter.objects.count()) == (403, 0)


def test_a_wrong_number_and_a_wrong_secret_get_the_same_answer(world, phone):
    found = opened(world)
    pages = [
        phone.post("/progress/", {"number": number, "secret": secret})
        for number, secret in ((found.matter.number, "AAAAAAAA"), (matter_number("2611", 99999), found.secret))
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert all("编号或查询码不对" in page.content.decode() for page in pages)


def test_five_wrong_tries_stop_the_number_for_a_quarter_of_an_hour(world, phone):
    found = opened(world)
    for _ in range(5):
        phone.post("/progress/", {"number": found.matter.number, "secret": "AAAAAAAA"})
    assert proved(phone, found).status_code == 429
    world.clock.forward(minutes=16)
    assert proved(phone, found).status_code == 302


def test_without_the_secret_nothing_of_a_matter_opens(world, phone):
    number = completed(world).number
    for path in ("", "verdict/", "add/", "reopen/"):
        assert phone.get(f"/m/{number}/{path}").headers["Location"] == f"/progress/?number={number}", path
    assert phone.post(f"/m/{number}/urge/").status_code == 302
    assert Matter.objects.get(number=number).urged == 0


def test_urging_counts_once_within_the_packs_gap(world, phone):
    found = opened(world)
    worlds.actions.act(
        found.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=worlds.CATEGORY
    )
    proved(phone, found)
    phone.post(f"/m/{found.matter.number}/urge/")
    phone.post(f"/m/{found.matter.number}/urge/")
    assert Matter.objects.get(pk=found.matter.pk).urged == 1


def test_a_word_and_a_photo_are_added(world, phone):
    found = opened(world)
    proved(phone, found)
    page = phone.post(f"/m/{found.matter.number}/add/", {"words": "今天又返水了", "photos": [jpeg()]}, follow=True)
    assert "今天又返水了" in page.content.decode()
    assert Matter.objects.get(pk=found.matter.pk).photo_count == 1


def test_the_verdict_asks_both_questions_and_nothing_is_preselected(world, phone):
    found = opened(world)
    matter = found.matter
    worlds.actions.act(
        matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=worlds.CATEGORY
    )
    worlds.actions.act(matter.pk, "accept", by=world.manager)
    worlds.actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=[worlds.photo(world.manager)])
    proved(phone, found)
    page = phone.get(f"/m/{matter.number}/verdict/").content.decode()
    assert "checked" not in page
    assert phone.post(f"/m/{matter.number}/verdict/", {}).status_code == 422
    assert phone.post(f"/m/{matter.number}/verdict/", {"solved": "yes"}).status_code == 422
    phone.post(f"/m/{matter.number}/verdict/", {"solved": "yes", "satisfaction": "满意", "contacted": "yes"})
    assert Matter.objects.get(pk=matter.pk).crossed_off
    again = phone.post(f"/m/{matter.number}/reopen/", {"words": "又返水了"}, follow=True)
    assert "接着办" in again.content.decode()
    assert Matter.objects.get(pk=matter.pk).reworks == 1


def test_a_verdict_before_the_unit_says_done_is_refused_in_words(world, phone):
    found = opened(world)
    proved(phone, found)
    page = phone.post(f"/m/{found.matter.number}/verdict/", {"solved": "yes", "satisfaction": "满意"}, follow=True)
    assert "还没有办好" in page.content.decode()
    assert Matter.objects.get(pk=found.matter.pk).solved is None


def test_photographs_of_a_matter_are_shown_to_its_reporter_alone(world, phone):
    said(phone, photos=[jpeg()])
    slip = slip_of(phone)
    phone.post("/progress/", slip)
    page = phone.get(f"/m/{slip['number']}/").content.decode()
    address = page.split('href="/files/')[1].split('"')[0]
    assert phone.get(f"/files/{address}").status_code == 200
    assert Client().get(f"/files/{address}").status_code == 404


def test_the_home_page_shows_what_neighbours_got_done_without_anybody_in_it(world, phone):
    matter = completed(world)
    worlds.actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    worlds.actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    page = phone.get("/").content.decode()
    assert "杏林小区·下水道堵塞" in page
    assert "陈桂芳" not in page and "返水" not in page


def test_an_installation_without_rules_says_so_kindly(db, phone):
    for address in ("/", "/say/", "/call/"):
        page = phone.get(address).content.decode()
        assert "还没有开通" in page and "<textarea" not in page and "请先在网上说" not in page
    sent = phone.post("/say/", {"text": "路灯不亮"})
    assert sent.status_code == 422 and "还没有开通" in sent.content.decode()


def test_who_answers_the_telephone_is_shown(world, phone):
    assert phone.get("/call/").status_code == 200


def test_english_and_large_type_are_one_press_away(world, phone):
    phone.post("/look/", {"next": "/", "lang": "en"})
    assert 'lang="en"' in phone.get("/").content.decode()
    phone.post("/look/", {"next": "/", "type": "large"})
    assert 'data-type="large"' in phone.get("/").content.decode()


def test_a_dispatched_matter_says_who_has_it_and_by_when(world, phone):
    found = opened(world)
    dispatched(world)
    worlds.actions.act(
        found.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=worlds.CATEGORY
    )
    proved(phone, found)
    page = phone.get(f"/m/{found.matter.number}/").content.decode()
    assert "和顺物业正在办" in page
    assert "为什么是这个时间" in page


def test_the_field_offers_only_photos_that_are_taken_and_an_iphones_own_format_is_told_the_way(world, phone):
    page = phone.get("/say/").content.decode()
    assert 'accept="image/jpeg,image/png,image/webp"' in page
    heic = SimpleUploadedFile("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(60), "image/heic")
    refused = phone.post("/say/", form(photos=[heic]))
    assert (refused.status_code, Matter.objects.count()) == (422, 0)
    assert "兼容性最佳" in refused.content.decode() and "截个图" in refused.content.decode()
