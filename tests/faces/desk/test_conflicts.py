"""Two people at one matter: the later one sees what was done, keeps every word, and has a way on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import WIDTHS, axe_faults, sideways
from tests.faces.desk.test_in_the_browser import enter as sit_down
from tests.faces.desk.test_in_the_browser import keep_picture, street
from tests.faces.desk.test_matter import now_of, page_of, picture
from tests.matters.world import dispatched, in_hand, opened, photo
from youying.matters import actions, queries
from youying.matters.models import Matter

__all__ = ["street"]


def test_somebody_elses_change_is_shown_and_the_typed_text_is_kept(world, enter):
    matter = in_hand(world)
    actions.act(matter.pk, "step", by=world.manager, note="先垫了砖")
    sent = {"version": matter.version, "note": "我这边也看过了"}
    answer = enter("manager").post(f"/desk/matters/{matter.number}/acts/contact/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "别人先改了这件" in page
    assert "先垫了砖" in page and "我这边也看过了" in page
    assert f'name="version" value="{now_of(matter).version}"' in page
    assert now_of(matter).contacted_at is None


def test_where_both_corrected_the_same_fact_the_later_one_reads_what_it_says_now(world, enter):
    matter = dispatched(world)
    actions.correct(matter.pk, by=world.dispatcher, title="地下室返水")
    sent = {"version": matter.version, "title": "下水道堵了"}
    page = enter("dispatcher").post(f"/desk/matters/{matter.number}/acts/correct/", sent).content.decode()
    assert 'value="下水道堵了"' in page and "这件现在写的是：地下室返水" in page
    again = {"version": now_of(matter).version, "title": "下水道堵了"}
    assert enter("dispatcher").post(f"/desk/matters/{matter.number}/acts/correct/", again).status_code == 302
    assert now_of(matter).title == "下水道堵了"


def test_a_step_that_the_others_made_needless_shows_theirs_beside_all_that_was_typed(world, enter):
    matter = opened(world).matter
    sent = {"version": matter.version, "unit": world.office.pk, "note": "请周五前去看"}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, note="先派物业")
    answer = enter("dispatcher").post(f"/desk/matters/{matter.number}/acts/dispatch/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "别人刚做的" in page and world.property_company.title in page
    assert "请周五前去看" in page and world.office.title in page
    assert f'formaction="/desk/matters/{matter.number}/acts/add/"' in page


def test_words_that_came_too_late_are_carried_into_another_steps_form_and_taken_there(world, enter):
    matter, client = in_hand(world), enter("manager")
    sent = {"version": matter.version, "note": "主管已疏通", "uploads": picture()}
    actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=(photo(world.manager),))
    late = client.post(f"/desk/matters/{matter.number}/acts/complete/", sent).content.decode()
    token = re.search(r'name="uploads-kept" value="([^"]+)"', late)[1]
    carried = {"carry": "1", "note": "主管已疏通", "uploads-kept": token}
    form = client.post(f"/desk/matters/{matter.number}/acts/add/", carried).content.decode()
    assert "主管已疏通</textarea>" in form and token in form
    before = len(queries.story(matter))
    taken = {"version": now_of(matter).version, "words": "主管已疏通", "uploads-kept": token}
    assert client.post(f"/desk/matters/{matter.number}/acts/add/", taken).status_code == 302
    assert len(queries.story(matter)) == before + 1 and "主管已疏通" in page_of(client, matter)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_words_on_their_way_into_another_form_stay_where_that_step_is_closed_meanwhile_too(world, enter, headers):
    matter, client = in_hand(world), enter("manager")
    shown = matter.version
    actions.act(matter.pk, "contact", by=world.manager, note="已联系居民")
    actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=(photo(world.manager),))
    token = photo(world.manager)
    carried = {"carry": "1", "version": shown, "words": "我这边也疏通了", "uploads-kept": token}
    answer = client.post(f"/desk/matters/{matter.number}/acts/complete/", carried, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == (200 if headers else 409) and "别人先改了这件" in page
    assert "我这边也疏通了</textarea>" in page and token in page and "好了" in page
    assert f'formaction="/desk/matters/{matter.number}/acts/add/"' in page
    assert f'name="version" value="{now_of(matter).version}"' in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_later_officer_reads_both_side_by_side_and_goes_on(street, browser_page, live_server):
    page = browser_page
    matter = opened(street).matter
    sit_down(page, live_server, street, "dispatcher")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=dispatch")
    page.get_by_label("主办单位").select_option(str(street.office.pk))
    page.get_by_label("交代几句").fill("请周五前去看一眼，老人家里进水了")
    actions.correct(matter.pk, by=street.dispatcher, title="地下室返水", urgency="urgent", note="电话里问清楚了")
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#act-panel .note-warn")).to_be_focused()
    expect(page.locator("#act-panel .story")).to_contain_text("紧急程度改成“紧急”；电话里问清楚了")
    expect(page.get_by_label("交代几句")).to_have_value("请周五前去看一眼，老人家里进水了")
    legible(page, "conflict")
    actions.act(matter.pk, "dispatch", by=street.dispatcher, unit=street.property_company.pk, note="先派物业")
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#act-panel .story")).to_contain_text("先派物业")
    legible(page, "overtaken")
    page.locator("#act-panel").get_by_role("button", name="补充").click()
    expect(page.get_by_label("要记下的话")).to_have_value("请周五前去看一眼，老人家里进水了")
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#story")).to_contain_text("请周五前去看一眼")
    assert Matter.objects.get(pk=matter.pk).lead_id == street.property_company.pk


def legible(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, f"desk-{name}-{width}")
        assert axe_faults(page) == [], (name, width)
        assert sideways(page) <= 0, (name, width)
