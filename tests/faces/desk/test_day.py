"""My day over HTTP."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.faces.desk.conftest import give
from tests.faces.desk.test_matter import page_of
from tests.matters.world import completed, dispatched, in_hand, opened
from youying.access.models import Post
from youying.faces.desk.audit.words import subject_words
from youying.faces.desk.matter import buttons
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Matter
from youying.matters.queries import Filters, worklist

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_dispatcher_sees_a_new_matter_with_dispatch_as_the_one_next_step(world, enter):
    matter = opened(world).matter
    page = enter("dispatcher").get("/desk/").content.decode()
    assert matter.number in page and f"/desk/matters/{matter.number}/?act=dispatch" in page
    assert "没有超期的，有 1 件等您动手" in page


def test_the_unit_accepts_with_one_tap_and_may_take_it_back(world, enter):
    matter = dispatched(world)
    client = enter("manager")
    assert "签收" in client.get("/desk/").content.decode()
    sent = {"version": matter.version, "row": "day"}
    answer = client.post(f"/desk/matters/{matter.number}/acts/accept/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "首次联系" in answer.content.decode()
    assert f"/desk/matters/{matter.number}/undo/" in answer["HX-Trigger"]
    assert Matter.objects.get(pk=matter.pk).stage == "in-hand"
    back = client.post(f"/desk/matters/{matter.number}/undo/", headers={"HX-Request": "true"})
    assert back["HX-Refresh"] == "true"
    assert Matter.objects.get(pk=matter.pk).stage == "dispatched"


def test_a_tap_on_a_row_that_somebody_else_changed_still_counts_where_it_can(world, enter):
    matter, taken = dispatched(world), dispatched(world)
    client = enter("manager")
    actions.add_words(matter.pk, by=world.dispatcher, words="居民又来电")
    actions.act(taken.pk, "accept", by=world.manager)
    for one, said in ((matter, "首次联系"), (taken, "别人先改了这件")):
        sent = {"version": one.version, "row": "day"}
        answer = client.post(f"/desk/matters/{one.number}/acts/accept/", sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and said in answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).stage == "in-hand"


def test_what_is_overdue_stands_first_and_is_counted_in_the_headline(world, enter):
    in_hand(world)
    world.clock.forward(days=40)
    page = enter("manager").get("/desk/").content.decode()
    assert "今天先看住 1 件：1 件已超期" in page and "超" in page


def test_who_has_nothing_to_do_reads_what_is_late_with_others_and_what_waits_for_an_answer(world, enter):
    matter = in_hand(world)
    client = enter("leader")
    assert "今天没有到期的事" in client.get("/desk/").content.decode()
    until = world.clock() + timedelta(days=60)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等配件", due_at=until)
    world.clock.forward(days=40)
    page = enter("leader").get("/desk/").content.decode()
    assert "别人手上有 1 件超期，1 个申请等您答复" in page and "今天没有到期的事" not in page


def test_a_letter_on_the_keyboard_means_one_step(world, enter):
    steps = [queries.Possible(str(n), "step", "办理", ()) for n in range(3)]
    assert [one.key for one in buttons.in_order(steps, None)] == ["s", "", ""]


def test_a_child_of_the_same_place_is_listed_once_among_what_is_related(world):
    whole = in_hand(world)
    part = actions.split(whole.pk, by=world.dispatcher, words="楼道灯也坏了", category=whole.category).matter
    Matter.objects.filter(pk=part.pk).update(compound_id=whole.compound_id)
    whole.refresh_from_db()
    assert [(how, one.pk) for how, one in queries.related(world.dispatcher, whole)] == [("拆出", part.pk)]


def test_what_is_due_today_is_counted_and_the_count_leads_to_exactly_these(world, enter):
    today, later, over, closing = (dispatched(world) for _number in range(4))
    tonight = datetime(2026, 11, 14, tzinfo=SHANGHAI)
    for matter, due in ((today, tonight), (later, tonight + timedelta(seconds=1)), (closing, world.clock())):
        Matter.objects.filter(pk=matter.pk).update(due_at=due)
    Matter.objects.filter(pk=over.pk).update(due_at=world.clock() - timedelta(seconds=1))
    client = enter("manager")
    page = client.get("/desk/").content.decode()
    assert "今天先看住 3 件：1 件已超期，2 件今天到期" in page
    for query, expected in (("?due=today", {today, closing}), ("?lamp=overdue", {over})):
        assert f'href="/desk/matters/{query}"' in page
        ledger = client.get(f"/desk/matters/{query}").content.decode()
        assert set(re.findall(r'name="ids" value="([^"]+)"', ledger)) == {matter.number for matter in expected}
        assert f"共 {len(expected)}件" in ledger


def test_whoever_waits_for_a_call_or_has_paused_is_not_due_today(world, enter):
    waits, paused, runs = completed(world), dispatched(world), dispatched(world)
    Matter.objects.filter(pk__in=[waits.pk, paused.pk, runs.pk]).update(due_at=world.clock() + timedelta(hours=1))
    Matter.objects.filter(pk=paused.pk).update(paused=True)
    page = enter("dispatcher").get("/desk/matters/?due=today").content.decode()
    assert re.findall(r'name="ids" value="([^"]+)"', page) == [runs.number]
    assert 'aria-current="true">今天到期' in page


def test_the_count_of_those_who_wait_for_a_call_leads_to_exactly_these(world, enter):
    matter, other = completed(world), dispatched(world)
    client = enter("caller")
    assert 'href="/desk/matters/?lamp=waiting"' in client.get("/desk/").content.decode()
    ledger = client.get("/desk/matters/?lamp=waiting").content.decode()
    assert matter.number in ledger and other.number not in ledger


def test_a_deadline_filter_that_nobody_knows_is_left_out_and_said(world, enter):
    matter = dispatched(world)
    page = enter("dispatcher").get("/desk/matters/?due=yesterday").content.decode()
    assert "看不懂" in page and matter.number in page
    with pytest.raises(Refused, match=r"^unknown-due:"):
        worklist(world.dispatcher, Filters(due="yesterday"))


def test_the_caller_is_shown_who_waits_for_a_call(world, enter):
    matter = completed(world)
    page = enter("caller").get("/desk/").content.decode()
    assert "等回访 1 位" not in page and f"/desk/matters/{matter.number}/?act=call-back" in page


def test_an_ask_waits_for_the_right_post_and_is_answered_there(world, enter):
    matter = dispatched(world)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours", note="这段管道归市政")
    assert "这段管道归市政" not in enter("secretary").get("/desk/").content.decode()
    client = enter("dispatcher")
    page = client.get("/desk/").content.decode()
    assert "这段管道归市政" in page and "不属本单位职责" in page
    ask = matter.asks.get()
    refused = client.post(f"/desk/asks/{ask.pk}/", {"answer": "refuse"}, follow=True).content.decode()
    assert "data-toast" in refused and matter.asks.get().answer == ""
    client.post(f"/desk/asks/{ask.pk}/", {"answer": "approve", "next": "/desk/"})
    assert Matter.objects.get(pk=matter.pk).stage == "received"


def test_a_colleague_of_another_post_cannot_answer_the_ask(world, enter):
    matter = dispatched(world)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    enter("secretary").post(f"/desk/asks/{matter.asks.get().pk}/", {"answer": "approve"})
    assert matter.asks.get().answer == ""


def test_nothing_to_do_says_what_will_come(world, enter):
    page = enter("stranger").get("/desk/").content.decode()
    assert "今天没有到期的事" in page and "手上没有要办的事" in page


def test_visitors_are_sent_to_sign_in_and_back(world, client):
    assert client.get("/desk/").headers["Location"] == "/desk/sign-in/?next=%2Fdesk%2F"


def test_the_day_costs_few_statements(world, enter, count_statements):
    for _number in range(5):
        dispatched(world)
    client = enter("dispatcher")
    client.get("/desk/")
    with count_statements(at_most=18):
        client.get("/desk/")


def test_a_call_back_that_is_late_stands_under_overdue_by_its_own_clock(world, enter):
    matter = completed(world)
    Matter.objects.filter(pk=matter.pk).update(due_at=world.clock() - timedelta(days=9))
    page = enter("caller").get("/desk/").content.decode()
    assert "今天先看住 1 件：1 件已超期" in page and "明天以后" not in page
    assert page.index("已超期") < page.index(matter.number) and "lamp-o" in page


def test_what_the_caller_cannot_do_is_not_her_day(world, enter):
    late, call = dispatched(world), completed(world)
    Matter.objects.filter(pk=late.pk).update(due_at=world.clock() - timedelta(days=9))
    Post.objects.filter(pk=world.people["caller"].post_id).update(powers=["view", "act"])
    page = enter("caller").get("/desk/").content.decode()
    assert call.number in page and late.number not in page
    assert late.number in enter("manager").get("/desk/").content.decode()


def test_who_answers_for_the_figures_sees_what_others_have_late_below_her_own(world, enter):
    late = dispatched(world)
    Matter.objects.filter(pk=late.pk).update(due_at=world.clock() - timedelta(days=9))
    give(world.people["caller"], "rates")
    page = enter("caller").get("/desk/").content.decode()
    assert "在别人手上，已超期" in page and late.number in page and "别人手上有 1 件超期" in page


def clock_of(matter: Matter) -> str:
    return queries.row_from(Matter.objects.select_related("lead").get(pk=matter.pk), now()).due_clock


def test_a_deadline_of_a_friday_evening_is_simply_past_on_saturday(world, enter):
    matter = in_hand(world)
    evening = datetime(2026, 11, 13, 18, 0, tzinfo=SHANGHAI)
    Matter.objects.filter(pk=matter.pk).update(due_at=evening, due_natural=False)
    world.clock.go_to(datetime(2026, 11, 14, 15, 0, tzinfo=SHANGHAI))
    page = enter("manager").get("/desk/").content.decode()
    assert "已超期" in page and "昨天 18:00 到期" in page and "不到1分钟" not in page
    assert f"{clock_of(matter)}期限</span>" in page


def test_the_record_names_a_matter_by_the_number_people_say(world):
    matter = opened(world).matter
    assert subject_words(matter.subject) == f"事项 {matter.number}"


def test_the_side_bar_names_the_version_and_no_digest(world, enter):
    page = enter("dispatcher").get("/desk/").content.decode()
    assert "第1版" in page and world.edition.short not in page


def test_the_tiles_say_their_period_and_lead_to_just_these_rows_and_the_same_board(world, enter):
    old = dispatched(world)
    Matter.objects.filter(pk=old.pk).update(opened_at=world.clock() - timedelta(days=40))
    fresh = [dispatched(world) for _number in range(2)]
    for matter in (old, *fresh):
        actions.act(matter.pk, "contact", by=world.manager, note="已联系居民")
    give(world.leader, "rates")
    client = enter("leader")
    page = client.get("/desk/").content.decode()
    link, said = re.search(r'<a class="plain s4 num" href="([^"]*figure=response[^"]*)">([^<]*)</a>', page).groups()
    period = re.search(r'本月登记的 <span class="faint">([^<]+)<', page)[1]
    rows = client.get(link.replace("&amp;", "&")).content.decode()
    assert period in rows
    found = set(re.findall(r"/desk/matters/(\d{4}-\d{5}-\d)/", rows))
    assert len(found) == int(said.split("/")[1]) and found == {matter.number for matter in fresh}
    board = client.get(re.search(r'href="(/desk/rates/[^"]*)">怎么算的', page)[1]).content.decode()
    assert period in board and said.replace(" / ", "<small> / ") + " 件" in board


def test_what_came_today_counts_in_the_tiles_on_the_first_of_the_month_too(world, enter):
    world.clock.go_to(datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI))
    matter = dispatched(world)
    actions.act(matter.pk, "contact", by=world.manager, note="已联系居民")
    give(world.leader, "rates")
    assert "1 / 1</a>" in enter("leader").get("/desk/").content.decode()


def test_what_waits_for_another_post_today_is_shown_with_whom_it_waits_for(world, enter):
    matter = opened(world).matter
    Matter.objects.filter(pk=matter.pk).update(due_at=world.clock() + timedelta(minutes=29))
    page = enter("leader").get("/desk/").content.decode()
    assert matter.number in page and "今天到期，在等别人办" in page
    assert "1 件今天到期，在等别人办" in page and "今天没有到期的事" not in page
    assert "等值班员、社区书记分派" in page or "等派单员、社区书记派单" in page
    own = enter("dispatcher").get("/desk/").content.decode()
    assert "1 件今天到期" in own and "在等别人办" not in own


def test_an_english_reader_is_told_whom_a_row_waits_for_in_english(world, enter):
    matter = opened(world).matter
    Matter.objects.filter(pk=matter.pk).update(due_at=world.clock() + timedelta(minutes=29))
    client = enter("leader")
    client.cookies["django_language"] = "en"
    said = re.findall(r"<b>(Waiting for [^<]*)</b>", client.get("/desk/").content.decode())
    assert said and all(one.isascii() for one in said), said


def test_steps_that_wait_for_others_are_told_in_english(world, enter):
    matter = opened(world).matter
    client = enter("leader")
    client.cookies["django_language"] = "en"
    closed = page_of(client, matter).partition('class="refused"')[2].partition("</section>")[0]
    titles = re.findall(r"<b>([^<]*)</b><p>", closed)
    assert titles and all(one.isascii() for one in titles), titles
