"""The page of a matter and its steps over HTTP."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from PIL import Image

from tests.faces.desk.conftest import give
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened
from youying.access.models import Post
from youying.faces.desk.matter.buttons import BESIDE_A_PERSON
from youying.faces.desk.matter.forms import HOUSE, NEEDS, VERBS
from youying.faces.desk.matter.reading import HOUSE as HOUSE_DOERS
from youying.kernel.refusals import Refused
from youying.matters import actions, house_rules, need_rules, queries
from youying.matters.intake_rules import ReporterIn
from youying.matters.models import Matter
from youying.packs.words import VERBS as ALL_VERBS
from youying.places.models import Grid
from youying.record.models import Head
from youying.record.queries import story


def picture(name: str = "现场.jpg") -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (80, 50), "gray").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def page_of(client, matter, more: str = "") -> str:
    return client.get(f"/desk/matters/{matter.number}/{more}").content.decode()


def take(client, matter, act, **data):
    sent = {"version": Matter.objects.get(pk=matter.pk).version, **data}
    return client.post(f"/desk/matters/{matter.number}/acts/{act}/", sent)


def now_of(matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_the_page_shows_words_place_deadline_story_and_steps(world, enter):
    matter = in_hand(world)
    page = page_of(enter("manager"), matter)
    for said in (
        "味儿顺着楼道往上走",
        "杏林小区 3号楼",
        "为什么是",
        "条留痕，链已校验",
        "现在可以做",
        "和顺物业",
        "陈**",
    ):
        assert said in page
    assert "13800000417" not in page and "陈桂芳" not in page


def test_steps_that_are_closed_say_why_and_by_whom(world, enter):
    page = page_of(enter("manager"), dispatched(world))
    assert "现在不能做，因为" in page and "“办结”要在“办理中”时才能做" in page


def test_the_dispatch_form_offers_what_the_step_needs_and_sends_the_matter(world, enter):
    matter = opened(world, category="").matter
    client = enter("dispatcher")
    form = page_of(client, matter, "acts/dispatch/")
    assert 'name="unit"' in form and 'name="category"' in form and "和顺物业" in form
    answer = take(client, matter, "dispatch", unit=world.property_company.pk, category=CATEGORY, urgency="urgent")
    assert answer.headers["Location"] == f"/desk/matters/{matter.number}/"
    after = now_of(matter)
    assert (after.stage, after.lead_id, after.urgency) == ("dispatched", world.property_company.pk, "urgent")


@pytest.mark.parametrize(("share", "stands"), [(66, True), (50, True), (49, False)])
def test_a_likely_guess_stands_in_the_field_and_an_unlikely_one_is_told_only_there(world, enter, share, stands):
    matter = opened(world, category="", category_guess=CATEGORY, category_share=share).matter
    form = page_of(enter("dispatcher"), matter, "acts/dispatch/")
    assert (f'value="{CATEGORY}" selected' in form, f"把握 {share}%" in form) == (stands, True)
    assert ("还没有分类，像是“" in page_of(enter("dispatcher"), matter)) == stands


def test_what_is_missing_is_said_beside_its_field_and_nothing_happens(world, enter):
    matter = opened(world, category="").matter
    answer = take(enter("dispatcher"), matter, "dispatch", note="请尽快")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="unit-error"' in page and "请尽快" in page
    assert now_of(matter).stage == "received"


def test_completing_needs_a_photo_and_keeps_it_when_the_note_is_missing(world, enter):
    matter = in_hand(world)
    client = enter("manager")
    without = take(client, matter, "complete", note="主管已疏通")
    assert without.status_code == 422 and "照片" in without.content.decode()
    half = take(client, matter, "complete", uploads=picture())
    kept = re.search(r'name="uploads-kept" value="([^"]+)"', half.content.decode())
    assert half.status_code == 422 and kept
    answer = take(client, matter, "complete", note="主管已疏通", **{"uploads-kept": kept[1]})
    assert answer.status_code == 302 and now_of(matter).completed
    page = page_of(client, matter)
    token = re.search(r"/desk/files/([\w-]+)/\?small=1", page)
    assert token and "办理后" in page
    assert client.get(f"/desk/files/{token[1]}/").headers["Content-Type"] == "image/jpeg"
    assert enter("stranger").get(f"/desk/files/{token[1]}/").status_code == 404


def test_photos_of_a_matter_completed_again_are_told_apart_by_round(world, enter):
    matter, client = in_hand(world), enter("manager")
    world.clock.forward(minutes=5)
    assert take(client, matter, "complete", note="通了", uploads=picture(), before=picture()).status_code == 302
    assert "第一次办结" not in page_of(client, matter)
    world.clock.forward(minutes=5)
    said = {"way": "phone", "reached": "yes", "solved": "no", "satisfaction": "不满意", "words": "又堵了"}
    assert take(enter("caller"), matter, "call-back", **said).status_code == 302
    world.clock.forward(minutes=5)
    assert now_of(matter).reworks == 1
    assert take(client, matter, "complete", note="换了管", uploads=picture(), before=picture()).status_code == 302
    titles = re.findall(r"<figcaption><b>(.*?)</b>", page_of(client, matter))
    assert titles == ["第一次办结·办理前", "第一次办结·办理后", "第二次办结·办理前", "第二次办结·办理后"]


def test_a_call_back_with_the_residents_answer_crosses_the_matter_off(world, enter):
    matter = completed(world)
    client = enter("caller")
    assert "居民说解决了吗" in page_of(client, matter, "acts/call-back/")
    lame = take(client, matter, "call-back", way="phone", reached="yes")
    assert lame.status_code == 422 and now_of(matter).solved is None
    answer = take(client, matter, "call-back", way="phone", reached="yes", solved="yes", satisfaction="满意")
    assert answer.status_code == 302 and now_of(matter).crossed_off
    assert "居民说" in page_of(client, matter)


def test_a_call_that_nobody_answers_is_one_attempt_and_no_verdict(world, enter):
    matter = completed(world)
    assert take(enter("caller"), matter, "call-back", way="phone", reached="no").status_code == 302
    assert (now_of(matter).solved, matter.attempts.count()) == (None, 1)


@pytest.mark.parametrize("version", ["x", "-1", "1.0", "９" * 12])
def test_a_form_that_does_not_know_what_it_was_drawn_from_is_refused(world, enter, version):
    matter = dispatched(world)
    page = take(enter("manager"), matter, "accept", version=version)
    assert page.status_code == 422 and "这个表单不完整" in page.content.decode()
    assert now_of(matter).stage == matter.stage
    assert take(enter("manager"), matter, "accept").status_code == 302


def test_parking_asks_the_leader_who_says_yes_on_the_matters_page(world, enter):
    matter = in_hand(world)
    sent = {"reason": "conditions", "scheme": "等管线改造一起做", "due_at": "2026-12-20T18:00"}
    answer = take(enter("manager"), matter, "park", **sent)
    assert answer.status_code == 302 and now_of(matter).stage == "in-hand"
    leader = enter("leader")
    assert "等管线改造一起做" in page_of(leader, matter)
    leader.post(f"/desk/asks/{matter.asks.get().pk}/", {"answer": "approve"})
    assert now_of(matter).parked


@pytest.mark.parametrize("said", ["明天", "2026-13-40T99:00", "2020-01-01T10:00"])
def test_a_date_that_cannot_be_is_refused_beside_its_field(world, enter, said):
    matter = in_hand(world)
    answer = take(enter("manager"), matter, "park", reason="conditions", scheme="等改造", due_at=said)
    assert answer.status_code == 422 and 'id="due_at' in answer.content.decode()
    assert now_of(matter).asks.count() == 0


def test_a_unit_asks_for_more_time_on_the_deadline_it_names(world, enter):
    matter = in_hand(world)
    client = enter("manager")
    assert "办结" in page_of(client, matter, "acts/ask-extension/")
    sent = {"clock": "complete", "reason": "conditions", "note": "配件在途"}
    assert take(client, matter, "ask-extension", **sent).status_code == 302
    assert matter.asks.get().kind == "extension"


def test_the_unit_that_a_hand_back_names_stands_first_before_the_dispatcher(world, enter):
    matter = dispatched(world)
    client = enter("manager")
    assert "该由哪个单位办" in page_of(client, matter, "acts/hand-back/")
    sent = {"reason": "not-ours", "right_unit": world.office.pk, "note": "路面是社区在管"}
    assert take(client, matter, "hand-back", **sent).status_code == 302
    desk = enter("dispatcher")
    assert "认为该由槐花里社区办" in page_of(desk, matter, "")
    actions.approve(matter.asks.get().pk, by=world.dispatcher)
    form = page_of(desk, matter, "acts/dispatch/")
    assert "退回的单位说该由槐花里社区办" in form
    assert f'<option value="{world.office.pk}" selected>' in form


def test_words_are_added_corrected_and_the_unit_changed(world, enter):
    matter = dispatched(world)
    client = enter("dispatcher")
    take(client, matter, "add", words="居民又来电，味更大了")
    assert take(client, matter, "correct", urgency="urgent", title="地下室返水").status_code == 302
    take(client, matter, "reassign", unit=world.office.pk, note="物业退场了")
    after = now_of(matter)
    assert (after.urgency, after.title, after.lead_id) == ("urgent", "地下室返水", world.office.pk)
    assert "居民又来电" in page_of(client, matter)


def test_merging_lists_what_reads_alike_and_answers_every_reporter(world, enter):
    target = dispatched(world)
    matter = opened(world, reporters=(ReporterIn("吴家栋", "13800000500"),)).matter
    client = enter("dispatcher")
    assert target.number in page_of(client, matter, "acts/merge/")
    assert take(client, matter, "merge", into_number="2611-99999-9").status_code == 422
    assert take(client, matter, "merge", into=target.number).status_code == 302
    assert (now_of(matter).merged_away, now_of(target).reporter_count) == (True, 2)


@pytest.mark.parametrize("who", ["secretary", "worker", "caller"])
def test_the_wrong_post_cannot_accept(world, enter, who):
    matter = dispatched(world)
    answer = take(enter(who), matter, "accept")
    assert answer.status_code == 422 and "主办单位来做" in answer.content.decode()
    assert now_of(matter).stage == "dispatched"


def test_another_area_sees_neither_page_nor_step(world, enter):
    matter = dispatched(world)
    stranger = enter("stranger")
    for path in ("", "acts/accept/", "story/", "print/", "order.pdf"):
        assert stranger.get(f"/desk/matters/{matter.number}/{path}").status_code == 404
    assert take(stranger, matter, "accept").status_code == 404


def test_visitors_are_sent_to_sign_in(world, client):
    matter = dispatched(world)
    for path in ("", "acts/accept/", "print/", "order.pdf"):
        answer = client.get(f"/desk/matters/{matter.number}/{path}")
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize("number", ["2611-99999-9", "胡写", "1" * 60])
def test_an_unknown_number_is_said_plainly(world, enter, number):
    answer = enter("dispatcher").get(f"/desk/matters/{number}/")
    assert answer.status_code == 404 and "没有这件事项" in answer.content.decode()


def test_an_unknown_step_and_one_of_an_ended_matter_are_refused(world, enter):
    matter = completed(world)
    take(enter("caller"), matter, "call-back", way="phone", reached="yes", solved="yes", satisfaction="满意")
    assert take(enter("manager"), matter, "no-such-step").status_code == 422
    assert take(enter("manager"), matter, "complete", note="再办一次").status_code == 422


def test_a_huge_text_is_refused_beside_its_field(world, enter):
    matter = in_hand(world)
    answer = take(enter("manager"), matter, "contact", note="说" * 19_000)
    assert answer.status_code == 422 and now_of(matter).contacted_at is None


def test_the_whole_contact_is_shown_for_a_purpose_and_leaves_an_entry(world, enter):
    matter = in_hand(world)
    reporter = matter.reporters.get()
    address = f"/desk/matters/{matter.number}/reporters/{reporter.pk}/"
    client = enter("dispatcher")
    assert client.get(address).status_code == 403
    give(world.dispatcher, "unmask")
    assert "看全号做什么用" in client.get(address).content.decode()
    assert client.post(address, {"purpose": ""}).status_code == 422
    before = len(story(matter.subject))
    shown = client.post(address, {"purpose": "contact"}, headers={"HX-Request": "true"}).content.decode()
    assert "13800000417" in shown and "陈桂芳" in shown and "delay:60s" in shown
    entry = story(matter.subject)[before]
    assert (entry.act, entry.facts["purpose"]) == ("access.unmask", "contact")
    hidden = client.get(f"{address}?hide=1", headers={"HX-Request": "true"}).content.decode()
    assert "13800000417" not in hidden and "陈**" in hidden


def test_a_protected_reporter_stays_hidden_without_the_power_for_it(world, enter):
    person = actions.ReporterIn("陈桂芳", "13800000417", protected=True)
    matter = opened(world, reporters=(person,)).matter
    give(world.dispatcher, "unmask")
    client = enter("dispatcher")
    address = f"/desk/matters/{matter.number}/reporters/{matter.reporters.get().pk}/"
    assert "身份受保护" in page_of(client, matter)
    assert client.post(address, {"purpose": "contact"}).status_code == 422
    give(world.dispatcher, "protected")
    assert "13800000417" in client.post(address, {"purpose": "contact"}).content.decode()


def test_the_story_is_filtered_to_dealings_with_the_resident(world, enter):
    matter = in_hand(world)
    actions.act(matter.pk, "step", by=world.manager, note="先垫了砖")
    actions.act(matter.pk, "contact", by=world.manager, note="周一上午来看")
    client = enter("manager")
    part = client.get(f"/desk/matters/{matter.number}/story/?story=resident", headers={"HX-Request": "true"})
    assert "周一上午来看" in part.content.decode() and "先垫了砖" not in part.content.decode()


def test_an_altered_story_is_called_out_on_the_page(world, enter):
    matter = in_hand(world)
    client = enter("manager")
    assert "链已校验" in page_of(client, matter)
    Head.objects.filter(subject=matter.subject).update(count=F("count") - 1)
    assert "校验不符" in page_of(client, matter)


def test_the_place_is_shown_on_a_map_among_the_grids_where_both_are_known(world, enter):
    matter = in_hand(world)
    Matter.objects.filter(pk=matter.pk).update(longitude=101.781, latitude=36.621)
    client = enter("dispatcher")
    assert "data-map" not in page_of(client, matter)
    square = [[101.78, 36.62], [101.79, 36.62], [101.79, 36.63], [101.78, 36.62]]
    Grid.objects.filter(pk=matter.grid_id).update(polygon={"type": "Polygon", "coordinates": [square]})
    page = page_of(client, matter)
    assert "data-map" in page and "101.781" in page and "第3网格" in page


def test_the_order_is_printed_masked_with_who_and_when(world, enter):
    matter = in_hand(world)
    client = enter("manager")
    page = page_of(client, matter, "print/")
    assert "董建平（项目经理）打印" in page and "2026-11-13 15:52" in page and "13800000417" not in page
    paper = client.get(f"/desk/matters/{matter.number}/order.pdf")
    assert paper.headers["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")


WAITED_FOR = {"parts"}
"""Needs that nobody fills in: the step waits for other work to be done."""


def test_every_need_that_the_engine_checks_has_a_field():
    assert set(NEEDS) == set(need_rules.NEED_CHECKS) - WAITED_FOR
    assert not WAITED_FOR & {one.name for one in dataclasses.fields(need_rules.Given)}
    assert set(VERBS) <= set(ALL_VERBS)
    assert set(HOUSE) == set(HOUSE_DOERS) == set(house_rules.TABLE) - BESIDE_A_PERSON


# ------------------------------------------------------------------ a new look-up secret
def test_a_new_secret_is_confirmed_shown_once_and_printed_on_a_slip(world, enter):
    found = opened(world)
    row, client = found.matter.reporters.get(), enter("caller")
    page = page_of(client, found.matter)
    address = f"/desk/matters/{found.matter.number}/reporters/{row.pk}/secret/"
    assert f'href="{address}"' in page and "acts/issue-secret" not in page
    asked = client.get(address).content.decode()
    assert "旧的查询码马上作废" in asked and "陈**" in asked and "data-secret" not in asked
    assert "按登记的号码打过去" in asked
    unsaid = client.post(address, {})
    assert unsaid.status_code == 422 and "请选怎么核对的" in unsaid.content.decode()
    slip = client.post(address, {"way": "counter"})
    told = re.search(r"data-secret>(\w{4}) (\w{4})<", slip.content.decode())
    assert "no-store" in slip["Cache-Control"]
    assert queries.look_up(found.matter.number, told[1] + told[2]).matter == found.matter
    with pytest.raises(Refused, match="not-found"):
        queries.look_up(found.matter.number, found.secret)


def test_nobody_can_have_been_called_who_left_no_number(world, enter):
    found = opened(world, reporters=(ReporterIn("陈桂芳"),))
    row = found.matter.reporters.get()
    asked = enter("caller").get(f"/desk/matters/{found.matter.number}/reporters/{row.pk}/secret/").content.decode()
    assert "按登记的号码打过去" not in asked and "本人到窗口" in asked


def test_who_may_not_issue_a_secret_sees_no_button_and_is_refused(world, enter):
    found = opened(world)
    dispatched = actions.act(
        found.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY
    )
    Post.objects.filter(pk=world.manager.post_id).update(powers=["view", "act"])
    client, row = enter("manager"), found.matter.reporters.get()
    assert "/secret/" not in page_of(client, dispatched)
    answer = client.post(f"/desk/matters/{dispatched.number}/reporters/{row.pk}/secret/", {"way": "counter"})
    assert answer.status_code in (403, 422) and "data-secret" not in answer.content.decode()
    assert queries.look_up(found.matter.number, found.secret)


def test_the_story_says_to_whom_and_what_the_resident_answered(world, enter):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    actions.act(matter.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意", reasons=["只修了一半"])
    page = page_of(enter("caller"), matter)
    assert "给和顺物业" in page and "没解决，不满意，只修了一半" in page
    assert f"·{world.people['caller'].name}" in page


def test_a_unit_from_elsewhere_reads_the_posts_and_no_names(world, enter):
    matter = dispatched(world)
    assert f"·{world.dispatcher.name}" in page_of(enter("dispatcher"), matter)
    assert f"·{world.dispatcher.name}" not in page_of(enter("manager"), matter)


def test_a_step_that_the_address_asks_for_in_vain_is_said(world, enter):
    matter = dispatched(world)
    client = enter("manager")
    assert "地址里要的那一步现在不能做" in page_of(client, matter, "?act=fly")
    assert "地址里要的那一步现在不能做" not in page_of(client, matter, "?act=hand-back")


def test_whoever_may_not_take_the_next_step_reads_who_may(world, enter):
    matter = opened(world).matter
    page = page_of(enter("leader"), matter)
    closed = page.partition("现在不能做，因为")[2]
    waits = re.search(r"<b>([^<]*派单[^<]*)</b><p>([^<]*)</p>", closed)
    assert waits and "社区书记" in waits[2]
    assert not re.search(r"<b>[^<]*派单[^<]*</b><p>", page_of(enter("dispatcher"), matter))


def test_the_order_carries_the_photos_told_apart_and_its_pdf_is_one_press_away(world, enter):
    matter, client = completed(world), enter("dispatcher")
    bare = client.get(f"/desk/matters/{opened(world).matter.number}/order.pdf").content
    page = client.get(f"/desk/matters/{matter.number}/print/").content.decode()
    assert "办理后" in page and "?small=1" in page
    assert f"/desk/matters/{matter.number}/order.pdf" in page_of(client, matter)
    paper = client.get(f"/desk/matters/{matter.number}/order.pdf").content
    assert (paper.count(b"/Subtype/Image"), bare.count(b"/Subtype/Image")) == (1, 0)


def test_acts_for_which_there_is_no_case_are_not_offered(world, enter):
    bare, given = opened(world).matter, in_hand(world)
    client = enter("dispatcher")
    assert "改派承办单位" not in page_of(client, bare)
    assert "改派承办单位" in page_of(client, given)
    give(world.people["leader"], "packs")
    assert "acts/move-edition/" not in page_of(enter("leader"), given)


def test_where_the_directory_is_silent_the_past_is_told_and_the_clear_winner_stands_in_the_form(world, enter):
    for _time in range(3):
        past = in_hand(world)
        Matter.objects.filter(pk=past.pk).update(crossed_off=True, ended_at=past.opened_at, solved=True)
    client = enter("dispatcher")
    page = client.get(f"/desk/matters/{opened(world).matter.number}/acts/dispatch/").content.decode()
    assert "近一年同类：和顺物业3件，由您来定" in page
    assert f'value="{world.property_company.pk}" selected' in page


def test_the_form_that_keeps_a_matter_out_names_the_rates_that_each_reason_touches(world, enter):
    page = page_of(enter("leader"), in_hand(world), "?act=exclude")
    assert "第11条），不计入响应率、解决率" in page and "没有写到的率照样计入" in page
    assert "按期办结率" not in page.partition("act-form")[2].partition("</form>")[0]
