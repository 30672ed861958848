"""The pages of duty: who is on call and why, the month, a shift, swaps, hand-overs, and the first rows of the day."""

from __future__ import annotations

import io
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from tests.cast import sign_in
from tests.faces.desk.conftest import give
from tests.matters.changing import change
from tests.matters.world import opened
from tests.people.duty import NUMBER, at, keeper, staff
from youying.access.models import Account
from youying.kernel.viewers import SYSTEM
from youying.matters.queries import duty
from youying.people import actions
from youying.people.models import HandOver, Shift, Swap
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.queries import story

NOVEMBER = date(2026, 11, 1)
THREE = ["00:00-08:00", "08:00-16:00", "16:00-24:00"]


@act("tests.open-crew")
def open_crew(accounts, *, by):
    """The record knows those who came later."""
    for one in accounts:
        open_subject(one.subject)
        write(one.subject, "tests.open-crew", by=by, facts={})


@pytest.fixture
def street(world):
    """A community with three shifts a day, planned for November by its secretary; 韩树成 and three more share them."""
    change(world, {"roster.community.hours": THREE}, code="m03")
    known = set(Account.objects.values_list("pk", flat=True))
    world.crew = {one.account_id: one for one in [world.duty, *staff(world, "郑明远", "白秋实", "米兰")]}
    open_crew(Account.objects.exclude(pk__in=known), by=SYSTEM)
    rules = duty.roster_in_force(world.community, "community", month=NOVEMBER)
    world.people["secretary"] = keeper(world)
    actions.plan_shifts(rules, month=NOVEMBER, by=world.secretary, phone=NUMBER)
    return world


def seat(account_id):
    """Somebody behind a browser."""
    return sign_in(Client(), Account.objects.get(pk=account_id))


def running(moment):
    """The shift that runs at a moment."""
    return Shift.objects.get(begins_at__lte=moment, ends_at__gt=moment)


def page(client, name, *args, **query):
    """What a page says."""
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_page_says_who_is_on_call_by_which_number_and_why(street):
    street.clock.go_to(at(16, 10, month=11))
    row = running(street.clock())
    text = page(seat(street.secretary.account_id), "duty", place=street.community)
    assert street.crew[row.account_id].name in text and f"tel:{NUMBER}" in text and "排的是" in text


def test_the_month_is_planned_on_its_page_and_taken_back(street):
    client, here = (
        seat(street.secretary.account_id),
        {"place": street.community, "roster": "community", "month": "2026-12"},
    )
    assert "这个月还没有排班" in page(client, "duty-month", **here)
    answer = client.post(reverse("desk:duty-month"), {**here, "do": "plan", "phone": NUMBER})
    assert answer.status_code == 302 and Shift.objects.filter(day__gte=date(2026, 12, 1)).count() == 93
    assert "共 93 班" in page(client, "duty-month", **here)
    client.post(reverse("desk:duty-month"), {**here, "do": "clear"})
    assert not Shift.objects.filter(day__gte=date(2026, 12, 1), removed_at=None).exists()


def test_a_wrong_number_is_said_beside_its_field_and_nothing_is_planned(street):
    here = {"place": street.community, "roster": "community", "month": "2026-12"}
    answer = seat(street.secretary.account_id).post(
        reverse("desk:duty-month"), {**here, "do": "plan", "phone": "问门卫"}
    )
    assert answer.status_code == 422 and "这不像电话号码" in answer.content.decode()
    assert not Shift.objects.filter(day__gte=date(2026, 12, 1)).exists()


def test_who_does_not_mind_the_roster_sees_it_and_cannot_plan(street):
    client, here = seat(street.worker.account_id), {"place": street.community, "month": "2026-12"}
    assert "排好这个月" not in page(client, "duty-month", **here)
    assert client.post(reverse("desk:duty-month"), {**here, "do": "plan"}).status_code == 403


def test_the_month_goes_out_as_a_table_to_whoever_may_export_and_leaves_an_entry(street):
    here = {"place": street.community, "roster": "community", "month": "2026-11"}
    assert seat(street.secretary.account_id).get(reverse("desk:duty-export"), here).status_code == 403
    give(street.secretary, "export")
    answer = seat(street.secretary.account_id).get(
        reverse("desk:duty-export"), {"place": street.community, "roster": "community", "month": "2026-11"}
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["日期", "时段", "值班人", "值班电话", "休息日"]
    assert len(rows) == 1 + Shift.objects.count() and rows[1][1] == "16:00—24:00"
    (entry,) = [one for one in story(f"account:{street.secretary.account_id}") if one.act == "access.log-export"]
    assert (entry.facts["what"], entry.facts["rows"]) == ("duty", Shift.objects.count())


def handed_in(client, content, *, month="2026-12", place):
    """The page that shows what a sheet would do, after it was handed in."""
    here = {"place": place, "month": month}
    file = SimpleUploadedFile("十二月.xlsx", content)
    answer = client.post(f"{reverse('desk:duty-imports')}?{urlencode(here)}", {"kind": "community", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def xlsx(lines):
    """A workbook of these lines."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
    return kept.getvalue()


def test_a_month_sheet_is_looked_at_a_name_is_asked_and_it_is_taken_in(street):
    other = staff(street, "米兰")[0]
    open_crew([Account.objects.get(pk=other.account_id)], by=SYSTEM)
    client = seat(street.secretary.account_id)
    lines = [
        ["槐花里社区2026年12月值班表"],
        ["日期", "08:00-16:00", "手机", "16:00-24:00"],
        ["12月1日", "郑明远", "13900000419", "米兰"],
        ["12月2日", "查无此人", "", "白秋实"],
    ]
    address = handed_in(client, xlsx(lines), place=street.community)
    text = client.get(address).content.decode()
    assert "新增 2" in text and "第 4 行" in text and "没有叫“查无此人”的值班人" in text
    assert "13900000419" not in text and "请选是哪一位" in text and not Shift.objects.filter(day__month=12).exists()
    fix = client.get(address.replace("/?", "/to-fix/?"))
    bad = CalamineWorkbook.from_filelike(io.BytesIO(fix.content)).get_sheet_by_index(0).to_python()
    assert bad[0][:2] == ["行", "日期"] and [row[0] for row in bad[1:]] == ["3", "4"]
    answer = client.post(address, {"who-米兰": str(other.account_id)})
    assert answer.status_code == 302 and "month=2026-12" in answer["Location"]
    assert Shift.objects.get(begins_at=at(1, 16)).account_id == other.account_id
    again = client.get(handed_in(client, xlsx(lines), place=street.community)).content.decode()
    assert "没变 2" in again and "新增 0" in again


def test_a_sheet_of_another_month_than_the_pages_gets_that_months_days_off(street):
    client = seat(street.secretary.account_id)
    lines = [["槐花里社区2026年12月值班表"], ["日期", "08:00-16:00"], ["12月4日", "郑明远"], ["12月5日", "白秋实"]]
    address = handed_in(client, xlsx(lines), place=street.community, month="2026-11")
    assert client.post(address).status_code == 302
    friday, saturday = Shift.objects.filter(day__month=12).order_by("day")
    assert (friday.day_off, saturday.day_off) == (False, True)


def test_the_month_that_went_out_as_a_table_comes_in_again_and_changes_nothing(street):
    give(street.secretary, "export")
    client = seat(street.secretary.account_id)
    here = {"place": street.community, "roster": "community", "month": "2026-11"}
    content = client.get(reverse("desk:duty-export"), here).content
    text = client.get(handed_in(client, content, month="2026-11", place=street.community)).content.decode()
    assert f"没变 {Shift.objects.count()}" in text and "没有要收的" in text


def calendar_of(account_id):
    """The shifts that a calendar reads from somebody's file, and the file."""
    answer = seat(account_id).get(reverse("desk:duty-calendar"))
    assert answer["Content-Type"].startswith("text/calendar") and "attachment" in answer["Content-Disposition"]
    return Calendar.from_ical(answer.content).walk("VEVENT"), answer.content.decode()


def test_ones_own_shifts_go_into_a_calendar_in_the_time_of_the_place(street):
    events, text = calendar_of(street.duty.account_id)
    mine = Shift.objects.filter(account_id=street.duty.account_id, ends_at__gt=street.clock()).order_by("begins_at")
    assert [one.decoded("dtstart") for one in events] == [row.begins_at for row in mine]
    assert {one["dtstart"].params["TZID"] for one in events} == {"Asia/Shanghai"}
    assert "BEGIN:VTIMEZONE" in text and len({str(one["uid"]) for one in events}) == len(events) == mine.count()


def test_a_shift_until_midnight_and_one_past_it_end_on_the_next_day(street):
    row = Shift.objects.filter(begins_at__gt=street.clock()).earliest("begins_at")
    until = at(20, 16, month=11)
    for begins, ends in ((until, at(21, 0, month=11)), (until + timedelta(hours=4), at(21, 8, month=11))):
        Shift.objects.exclude(pk=row.pk).delete()
        Shift.objects.filter(pk=row.pk).update(account_id=street.duty.account_id, begins_at=begins, ends_at=ends)
        (event,) = calendar_of(street.duty.account_id)[0]
        assert event["dtend"].to_ical() == f"20261121T{ends:%H%M}00".encode()
        assert event["dtstart"].to_ical() == f"20261120T{begins:%H%M}00".encode()


def test_a_calendar_holds_no_telephone_and_nobody_elses_shift(street):
    _events, text = calendar_of(street.duty.account_id)
    assert NUMBER not in text.replace("\r\n ", "") and "0970" not in text and "BEGIN:VEVENT" in text
    assert not any(one.name in text for one in street.crew.values())
    assert calendar_of(street.worker.account_id)[0] == []


def test_somebody_else_is_put_on_a_shift_on_its_page(street):
    client, row = seat(street.secretary.account_id), running(at(20, 10, month=11))
    address = reverse("desk:duty-shift", args=[row.pk])
    answer = client.post(address, {"do": "assign", "account": "", "phone": NUMBER, "version": row.version})
    assert answer.status_code == 302 and Shift.objects.get(pk=row.pk).account_id is None
    stale = client.post(address, {"do": "assign", "account": str(row.account_id), "version": row.version})
    assert stale.status_code in (409, 422) and "刚才被别人改过" in stale.content.decode()
    assert "没有人" in page(client, "duty", place=street.community)


def test_a_swap_is_asked_for_on_the_page_of_the_shift_and_answered_by_the_other(street):
    row = Shift.objects.filter(account_id=street.duty.account_id, begins_at__gt=street.clock()).earliest("begins_at")
    busy = Shift.objects.filter(
        begins_at__lt=row.ends_at + timedelta(hours=8), ends_at__gt=row.begins_at - timedelta(hours=8)
    )
    taker = next(key for key in street.crew if key not in set(busy.values_list("account_id", flat=True)))
    mine, theirs = seat(street.duty.account_id), seat(taker)
    assert mine.post(reverse("desk:duty-shift", args=[row.pk]), {"do": "swap", "taker": str(taker)}).status_code == 302
    swap = Swap.objects.get()
    assert "同意换" in page(theirs, "duty") and "撤回，不换了" in page(mine, "duty")
    theirs.post(reverse("desk:duty-swap", args=[swap.pk]), {"answer": "yes"})
    assert Shift.objects.get(pk=row.pk).account_id == taker


def test_whoever_may_not_swap_a_shift_or_asks_twice_reads_why(street):
    row = Shift.objects.filter(account_id=street.duty.account_id, begins_at__gt=street.clock()).earliest("begins_at")
    address, mine = reverse("desk:duty-shift", args=[row.pk]), seat(street.duty.account_id)
    taker = next(key for key in street.crew if key != street.duty.account_id)
    asked = {"do": "swap", "taker": str(taker)}
    stranger = seat(taker).post(address, {"do": "swap", "taker": str(street.duty.account_id)})
    assert stranger.status_code >= 400 and 'role="alert"' in stranger.content.decode()
    mine.post(address, asked)
    twice = mine.post(address, asked)
    assert twice.status_code == 422 and 'role="alert"' in twice.content.decode()


def test_what_came_at_night_is_first_in_the_day_and_goes_over_with_the_note(street):
    night = at(16, 22, month=11)
    street.clock.go_to(night)
    matter = opened(street).matter
    row, client = running(night), seat(running(night).account_id)
    day = page(client, "day")
    assert "值班时来的，先由您接" in day and day.count(f'id="todo-{matter.pk}"') == 1
    street.clock.go_to(row.ends_at)
    written = page(client, "duty-shift", row.pk)
    assert matter.number in written and "班上来的、还没有办的" in written
    address = reverse("desk:duty-shift", args=[row.pk])
    assert client.post(address, {"do": "write", "note": "水还没关严", "numbers": [matter.number]}).status_code == 302
    after = running(row.ends_at)
    following = seat(after.account_id)
    assert "看过了，我接班" in page(following, "duty-shift", row.pk)
    following.post(address, {"do": "read"})
    assert HandOver.objects.get().read_by_id == after.account_id
    assert f'id="todo-{matter.pk}"' in page(following, "day")


def test_a_note_names_only_what_came_in_the_shift(street):
    row = running(at(16, 10, month=11))
    street.clock.go_to(row.ends_at)
    client = seat(row.account_id)
    client.post(reverse("desk:duty-shift", args=[row.pk]), {"do": "write", "note": "无事", "numbers": ["26110000109"]})
    assert HandOver.objects.get().numbers == []


def test_what_nobody_was_on_duty_for_is_in_the_keepers_day(street):
    Shift.objects.all().delete()
    for one in street.crew.values():
        Account.objects.filter(pk=one.account_id).update(active=False)
    street.clock.go_to(at(16, 22, month=11))
    opened(street)
    assert "来的时候没有人值班" in page(seat(street.secretary.account_id), "day")


def test_the_portal_shows_published_numbers_by_place_without_anybodys_name(street):
    text = Client().get(reverse("portal:call")).content.decode()
    assert f'href="tel:{NUMBER}"' in text and "社区24小时值班" in text and "槐花里社区" in text
    assert not any(one.name in text for one in street.crew.values())


def test_a_roster_that_is_not_published_stays_off_the_portal(street):
    change(street, {"roster.community.hours": THREE, "roster.community.published": False}, code="m03")
    assert NUMBER not in Client().get(reverse("portal:call")).content.decode()


def test_the_pages_of_duty_take_a_bounded_number_of_statements(street, django_assert_max_num_queries):
    client = seat(street.secretary.account_id)
    page(client, "duty", place=street.community)
    with django_assert_max_num_queries(30):
        page(client, "duty-month", place=street.community, roster="community", month="2026-11")
