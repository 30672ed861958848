"""Taking a need in at the desk, over HTTP."""

from __future__ import annotations

import re

import pytest

from tests.faces.desk.test_matter import picture
from tests.matters.world import CATEGORY, WORDS, dispatched, opened
from youying.access.models import Post
from youying.kernel.viewers import SYSTEM
from youying.matters import queries
from youying.matters.models import Matter, Reporter
from youying.places import actions as places

NEW = "/desk/matters/new/"
HTMX = {"HX-Request": "true"}


def token_of(client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(NEW).content.decode())
    assert found
    return found[1]


def sheet(world, client, **more):
    base = {
        "token": token_of(client), "kind": "demand", "channel": "phone", "text": WORDS, "compound": world.place.compound_id,
        "building": world.place.building_id, "spot": "2单元地下室", "phone": "13800000417", "name": "陈桂芳",
        "category": CATEGORY, "urgency": "urgent",
    }  # fmt: skip
    return base | more


def secret_of(page: str) -> str:
    found = re.search(r"data-secret>(\w{4}) (\w{4})<", page)
    assert found
    return found[1] + found[2]


def test_a_call_becomes_a_matter_with_a_number_and_a_secret_for_the_resident(world, enter):
    client = enter("dispatcher")
    answer = client.post(NEW, sheet(world, client))
    page, matter = answer.content.decode(), Matter.objects.get()
    assert "登记好了" in page and matter.number in page and "data:image/svg+xml" in page
    assert "no-store" in answer["Cache-Control"]
    assert (matter.channel, matter.category, matter.urgency) == ("phone", CATEGORY, "urgent")
    assert matter.place_words == "杏林小区 3号楼 2单元地下室"
    assert queries.look_up(matter.number, secret_of(page)).matter == matter


def test_the_same_form_sent_twice_is_one_matter_with_the_same_secret(world, enter):
    client = enter("dispatcher")
    sent = sheet(world, client)
    first, again = (client.post(NEW, sent).content.decode() for _time in range(2))
    assert Matter.objects.count() == 1 and "已经登记过了" in again
    assert secret_of(first) == secret_of(again)
    client.post(NEW, sheet(world, client))
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "字" * 6000}, "text"),
        ({"channel": ""}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"kind": ""}, "kind"),
        ({"kind": "miracle"}, "kind"),
        ({"compound": "", "building": "", "area": ""}, "compound"),
        ({"building": "999999"}, "building"),
        ({"category": "no.such"}, "category"),
        ({"urgency": "yesterday"}, "urgency"),
        ({"phone": "没有电话"}, "phone"),
        ({"phone": "１３９"}, "phone"),
        ({"building": "-1"}, "building"),
        ({"address": "住" * 121}, "address"),
        ({"spot": "门" * 61}, "spot"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_is_kept(world, enter, change, field):
    client = enter("dispatcher")
    answer = client.post(NEW, sheet(world, client, name="陈桂芳", **change))
    page = answer.content.decode()
    assert answer.status_code == 422 and f'id="{field}-error"' in page and 'value="陈桂芳"' in page
    assert Matter.objects.count() == 0


def test_a_form_opened_by_somebody_else_or_made_up_is_refused(world, enter):
    client, other = enter("dispatcher"), enter("secretary")
    for token in (token_of(other), "made-up", ""):
        answer = client.post(NEW, sheet(world, client, token=token))
        assert answer.status_code == 422 and "再按一次“登记”" in answer.content.decode()
    assert Matter.objects.count() == 0


def test_an_officer_takes_nothing_in_for_another_area(world, enter):
    elsewhere = places.add_area(
        "990101002", name="临溪街道", level="town", parent=world.town.rpartition("/")[0], by=SYSTEM
    )
    there = places.add_area("990101002001", name="石桥社区", level="community", parent=elsewhere.path, by=SYSTEM)
    client = enter("secretary")
    answer = client.post(NEW, sheet(world, client, compound="", building="", area=there.path))
    assert answer.status_code == 403 and Matter.objects.count() == 0


def test_photos_come_along_and_stay_when_something_else_is_missing(world, enter):
    client = enter("dispatcher")
    half = client.post(NEW, sheet(world, client, text="", photos=picture())).content.decode()
    kept = re.search(r'name="photos-kept" value="([^"]+)"', half)
    assert kept and "已收好 1 张" in half
    client.post(NEW, sheet(world, client, **{"photos-kept": kept[1]}))
    assert Matter.objects.get().photo_count == 1


def test_a_file_that_is_no_picture_is_refused_beside_its_field(world, enter):
    client = enter("dispatcher")
    bad = picture()
    bad.file.seek(0)
    bad.file.write(b"MZ\x90\x00 not a picture")
    bad.file.seek(0)
    answer = client.post(NEW, sheet(world, client, photos=bad))
    assert answer.status_code == 422 and 'id="photos-error"' in answer.content.decode()


def test_a_protected_reporter_is_kept_protected(world, enter):
    client = enter("dispatcher")
    client.post(NEW, sheet(world, client, protected="1"))
    assert Matter.objects.get().reporters.get().protected


def test_typing_shows_what_reads_alike_the_category_and_the_place(world, enter):
    matter = dispatched(world)
    client = enter("dispatcher")
    sent = {"text": "杏林小区3号楼地下室下水道又返水了，味儿顺着楼道往上走"}
    page = client.post(f"{NEW}reading/", sent, headers=HTMX).content.decode()
    assert "可能是同一件" in page and matter.number in page
    assert "可能的分类" in page and 'data-set="compound"' in page and "正文写到" in page
    assert "checked" not in page and "selected" not in page
    short = client.post(f"{NEW}reading/", {"text": "下"}, headers=HTMX).content.decode()
    assert "写几个字以后" in short


@pytest.mark.parametrize(("phone", "offered"), [("１３８ 0000 0417", True), ("13800009999", False)])
def test_what_the_same_caller_said_of_the_same_place_is_offered_however_it_is_worded(world, enter, phone, offered):
    first = opened(world).matter
    client = enter("dispatcher")
    other = "楼道里堆了纸箱和旧家具，推着轮椅过不去。"
    sent = sheet(world, client, text=other, phone=phone, category=CATEGORY)
    page = client.post(f"{NEW}reading/", sent, headers=HTMX).content.decode()
    assert (first.number in page) is offered


def test_a_phone_number_finds_earlier_matters_without_showing_any_phone(world, enter):
    matter = opened(world).matter
    client = enter("dispatcher")
    page = client.post(f"{NEW}caller/", {"phone": "138 0000 0417"}, headers=HTMX).content.decode()
    assert matter.number in page and "0417" not in page
    assert "第一次来" in client.post(f"{NEW}caller/", {"phone": "13900000000"}, headers=HTMX).content.decode()
    assert "还没写全" in client.post(f"{NEW}caller/", {"phone": "1"}, headers=HTMX).content.decode()


def test_the_buildings_follow_the_compound(world, enter):
    part = enter("dispatcher").get(f"{NEW}buildings/?compound={world.place.compound_id}", headers=HTMX)
    assert "3号楼" in part.content.decode()
    assert enter("dispatcher").get(f"{NEW}buildings/?compound=胡写").status_code == 200


def test_without_the_power_or_a_sign_in_there_is_no_intake(world, enter, client):
    post = Post.objects.get(pk=world.worker.post_id)
    post.powers = ["view", "act"]
    post.save()
    assert enter("worker").get(NEW).status_code == 403
    for path in ("", "reading/", "caller/", "buildings/"):
        answer = client.get(NEW + path)
        assert answer.status_code in (302, 405)
        assert "Location" not in answer or answer["Location"].startswith("/desk/sign-in/")


def test_where_no_rules_were_adopted_the_page_says_whom_to_ask(world, enter):
    answer = enter("stranger").get(NEW)
    assert answer.status_code == 422 and "还没有采用机制包" in answer.content.decode()


def test_a_form_shown_again_reads_the_words_again_for_its_suggestions(world, enter):
    client = enter("dispatcher")
    assert 'hx-trigger="load"' not in client.get("/desk/matters/new/").content.decode()
    answer = client.post("/desk/matters/new/", {"text": "地下室下水道返水"})
    assert answer.status_code == 422 and 'hx-trigger="load"' in answer.content.decode()


def test_everything_that_is_wrong_is_said_in_one_answer_with_true_lengths(world, enter):
    client = enter("dispatcher")
    sent = sheet(world, client, compound="", building="", area="", address="住" * 100_000, phone="１３９", text="")
    page = client.post(NEW, sent).content.decode()
    assert "还差 4 处，您写的都还在" in page
    for say in ("请写下居民说了什么", "请选在哪儿", "住址最多120个字，现在有100000个", "这不像电话号码"):
        assert say in page
    long = client.post(NEW, sheet(world, client, text="水" * 100_000, name="陈" * 500)).content.decode()
    assert "最多5000个字，现在有100000个" in long and "称呼最多30个字，现在有500个" in long
    assert Matter.objects.count() == 0


def test_a_form_that_got_too_old_is_told_so_once_and_goes_through_when_sent_again(world, enter):
    client = enter("dispatcher")
    page = client.post(NEW, sheet(world, client, token="made-up")).content.decode()
    assert "还差" not in page and WORDS in page and page.count("都还在") == 1
    client.cookies["django_language"] = "en"
    english = client.post(NEW, sheet(world, client, token="made-up")).content.decode()
    assert re.search(r'role="alert" tabindex="-1" data-take-focus>.*?</div></div>', english)[0].count("still here") == 1
    client.cookies["django_language"] = "zh-hans"
    fresh = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert "登记好了" in client.post(NEW, sheet(world, client, token=fresh)).content.decode()


def test_a_phone_in_full_width_digits_is_kept_in_half_width(world, enter):
    client = enter("dispatcher")
    client.post(NEW, sheet(world, client, phone="１３８０００００４１７"))
    assert queries.contact_in_clear(Reporter.objects.get()).phone == "13800000417"


def test_parts_and_orders_are_not_brought_to_the_desk_and_a_demand_is_meant_unless_somebody_says_otherwise(
    world, enter
):
    page = enter("dispatcher").get("/desk/matters/new/").content.decode()
    assert '<option value="demand" selected>' in page
    assert '<option value="commitment"' not in page
