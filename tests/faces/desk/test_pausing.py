"""A clock that stands still, over HTTP: asked for with a date, answered by who reads that date, set going once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faces.desk.test_matter import page_of, take
from tests.matters.changing import HOLD, change, held
from tests.matters.world import in_hand
from youying.matters import actions, queries
from youying.matters.models import Ask, Clock


@pytest.fixture
def matter(world):
    """A matter in hand where the pack lets its clock stand still."""
    change(world, HOLD)
    return in_hand(world)


def said(world, days):
    """What the unit writes: a reason, words and the day on which it goes on, so many days from now."""
    day = world.clock() + timedelta(days=days)
    return {"reason": "resident", "note": "居民出差", "due_at": f"{day:%Y-%m-%dT%H:%M}"}


@pytest.mark.parametrize("days", [-2000, -1, 1000])
def test_a_day_of_going_on_that_is_past_or_years_away_is_refused_beside_its_field(world, enter, matter, days):
    page = take(enter("manager"), matter, "hold", **said(world, days))
    assert page.status_code == 422 and "恢复的日期要晚于现在、两年以内" in page.content.decode()
    assert not Ask.objects.exists()
    assert take(enter("manager"), matter, "hold", **said(world, 9)).status_code == 302


def test_who_agrees_to_a_pause_reads_when_it_ends(world, enter, matter):
    take(enter("manager"), matter, "hold", **said(world, 9))
    page = page_of(enter("dispatcher"), matter)
    assert "写的恢复日期：11月22日" in page
    actions.approve(Ask.objects.get().pk, by=world.dispatcher)
    assert "恢复日期11月22日" in page_of(enter("dispatcher"), matter)


def test_a_pause_without_a_day_says_so_to_who_agrees(world, enter, matter):
    take(enter("manager"), matter, "hold", reason="resident", note="居民出差")
    assert "没有写恢复日期" in page_of(enter("dispatcher"), matter)


def open_to(viewer, matter):
    """The steps of standing still and going on that are open now."""
    matter.refresh_from_db()
    return {step.id for step in queries.possible_acts(viewer, matter).can} & {"hold", "go-on"}


def test_what_stands_still_is_set_going_and_only_what_runs_is_paused(world, enter, matter):
    client = enter("manager")
    assert open_to(world.manager, matter) == {"hold"}
    assert "现在没有暂停的计时" in take(client, matter, "go-on").content.decode()
    held(world, matter)
    assert open_to(world.manager, matter) == {"go-on"}
    assert "计时已经暂停着" in take(client, matter, "hold", **said(world, 9)).content.decode()
    assert take(client, matter, "go-on").status_code == 302
    assert not Clock.objects.filter(matter=matter, paused=True).exists()
    assert open_to(world.manager, matter) == {"hold"}


def test_what_stands_still_is_said_with_its_day_on_the_page_on_the_deadline_and_in_the_day(world, enter, matter):
    held(world, matter, due_at=world.clock() + timedelta(days=9))
    client, run = enter("manager"), Clock.objects.get(matter=matter, paused=True)
    page = page_of(client, matter)
    assert "“办结”暂停计时" in page and "打算11月22日" in page
    assert f'href="/desk/matters/{matter.number}/deadlines/complete/{run.run}/"' in page
    told = page_of(client, matter, f"deadlines/complete/{run.run}/")
    assert "打算11月22日" in told and 'class="due"' not in told and "到期</span>" not in told
    day = client.get("/desk/").content.decode()
    assert "暂停中" in day and "打算11月22日" in day


def test_what_runs_is_not_said_to_stand_still(world, enter, matter):
    assert "暂停中" not in page_of(enter("manager"), matter) + enter("manager").get("/desk/").content.decode()
