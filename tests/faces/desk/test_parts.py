"""Parts on the desk and for the applicant: the form, the panel of the whole, each body's day, one progress line."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_matter import now_of, page_of, take
from tests.matters.jointly import accepted, applied, child, do_part, forwarded, joint_street, papers, part, states, unit
from youying.access.models import Unit
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries


@pytest.fixture
def street(world):
    """The street with its pack of joint service, its people with accounts."""
    joint_street(world)
    open_accounts(by=SYSTEM)
    return world


def test_the_form_asks_which_unit_only_where_several_may(street, enter):
    other = Unit.objects.create(code="tax-2", title="柳湾第二税务所", kind="tax", reach=street.town)
    matter = accepted(street)
    page = page_of(enter("window"), matter, "?act=forward")
    assert "“核税”由谁办" in page and "“公证”由谁办" not in page
    named = {"unit": unit(street.notary), "part-assess-tax": other.pk, "part-pay-tax": unit(street.tax)}
    assert take(enter("window"), matter, "forward", **named).status_code == 302
    assert (part(now_of(matter), "assess-tax").unit_id, part(now_of(matter), "pay-tax").unit_id) == (
        other.pk, unit(street.tax),
    )  # fmt: skip


def test_the_page_of_the_whole_shows_each_part_its_owner_and_what_it_waits_for(street, enter):
    matter = do_part(street, forwarded(street), "notarise")
    page = page_of(enter("window"), matter)
    for said in ("分头办", "4项，已办完1项", "云川公证处", "等核税", "等缴税"):
        assert said in page
    assert child(matter, "assess-tax").number in page


def test_the_page_of_a_part_that_was_given_anew_shows_whoever_has_it_now(street, enter):
    matter = forwarded(street)
    actions.act(child(matter, "notarise").pk, "decline", by=street.notary, reason="not-lawful", note="超出本处辖区")
    actions.give_part(matter.pk, "notarise", by=street.window, unit=unit(street.registry), note="改由登记中心核验")
    page = enter("window").get(f"/desk/matters/{matter.number}/parts/notarise/").content.decode()
    assert "柳湾不动产登记中心，在办" in page and "云川公证处，不予办理" not in page


def test_a_whole_without_parts_shows_no_panel(street, enter):
    assert "分头办" not in page_of(enter("window"), accepted(street))


def test_each_body_finds_its_own_part_in_its_day_with_its_next_step(street):
    matter = forwarded(street)
    own = [todo for group in (queries.day(street.tax).today, queries.day(street.tax).later) for todo in group]
    mine = {todo.row.number: todo.next.id for todo in own if todo.next}
    assert mine.get(child(matter, "assess-tax").number) == "accept"
    assert child(matter, "notarise").number not in mine


def test_refusing_is_nobodys_next_step(street):
    matter = forwarded(street)
    assert queries.next_step(street.notary, matter) is None
    assert "part-refused" in {one.id for one in queries.possible_acts(street.notary, matter).can}


def test_the_window_finds_what_is_to_be_checked_in_its_day(street):
    below = child(forwarded(street), "assess-tax")
    actions.act(below.pk, "complete", by=street.tax, note="已经核好")
    day = queries.day(street.window)
    own = {
        todo.row.number: todo.next.id for group in (day.today, day.undated, day.later) for todo in group if todo.next
    }
    assert own.get(below.number) == "recheck"


def test_the_applicant_sees_one_progress_and_no_seams(street):
    came = applied(street)
    matter = actions.act(came.matter.pk, "accept", by=street.window, papers=papers(street))
    do_part(street, forwarded(street, matter), "notarise")
    client = Client()
    client.post("/progress/", {"number": matter.number, "secret": came.secret})
    page = client.get(f"/m/{matter.number}/").content.decode()
    assert "一共4步，办完了1步" in page
    for seam in ("云川公证处", "柳湾税务局", "等核税", child(matter, "assess-tax").number):
        assert seam not in page
    assert states(matter)["notarise"] == "done"


def test_who_had_the_parts_listed_gives_one_to_another_unit_or_drops_it_with_a_reason(street, enter):
    matter = forwarded(street)
    other = Unit.objects.create(code="tax-2", title="柳湾第二税务所", kind="tax", reach=street.town)
    client = enter("window")
    assert "改派或取消" in page_of(client, matter)
    address = f"/desk/matters/{matter.number}/parts/assess-tax/"
    refused = client.post(address, {"what": "give", "unit": other.pk, "note": ""})
    assert (refused.status_code, "柳湾第二税务所" in refused.content.decode()) == (422, True)
    assert client.post(address, {"what": "give", "unit": other.pk, "note": "原来的所停办"}).status_code == 302
    assert part(now_of(matter), "assess-tax").unit_id == other.pk
    dropped = client.post(f"/desk/matters/{matter.number}/parts/pay-tax/", {"what": "drop", "note": "免税"})
    assert (dropped.status_code, states(now_of(matter))["pay-tax"]) == (302, "dropped")


def test_a_body_with_a_part_of_its_own_does_not_give_the_others_away(street, enter):
    matter = forwarded(street)
    assert "改派或取消" not in page_of(enter("tax"), matter)
    assert enter("tax").get(f"/desk/matters/{matter.number}/parts/notarise/").status_code == 403
    assert enter("window").get(f"/desk/matters/{matter.number}/parts/nothing/").status_code == 404
