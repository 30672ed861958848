"""Listing somebody with the register's sheet is one thing: both are kept, or neither."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import give
from tests.faces.desk.test_registers_and_funds import volunteer
from tests.matters.changing import change
from tests.matters.world import opened
from youying.access.actions import exporting as logging
from youying.channels.hotline.actions import exporting
from youying.faces.desk.registers import views
from youying.kernel.refusals import Refused
from youying.matters.queries import Filters
from youying.people.models import Person, RegisterEntry
from youying.record.queries import opener, story
from youying.sheets.models import FilledSheet


@pytest.fixture
def street(world):
    """The street follows the pack of volunteers."""
    change(world, code="m35")
    give(world.secretary, "act")
    return world


def test_whoever_is_listed_is_listed_with_the_sheet(street, enter):
    assert volunteer(enter, street).status_code == 302
    assert (RegisterEntry.objects.count(), FilledSheet.objects.count()) == (1, 1)


def test_where_the_sheet_cannot_be_kept_nobody_is_listed_and_the_form_comes_back(street, enter, monkeypatch):
    def cannot(**_said):
        raise Refused("file-gone", say="附件已经不在了，请重新选。", field="sheet.skill")

    monkeypatch.setattr(views, "fill", cannot)
    page = volunteer(enter, street)
    assert page.status_code == 422 and "附件已经不在了" in page.content.decode()
    assert not RegisterEntry.objects.exists() and not Person.objects.exists()
    monkeypatch.undo()
    assert enter("secretary").get(reverse("desk:register", args=["volunteer"])).status_code == 200
    assert volunteer(enter, street).status_code == 302


def exports_of(viewer):
    """What an account took away, as its record says."""
    return [one for one in story(f"account:{viewer.account_id}") if one.act == "access.log-export"]


def test_a_register_taken_away_leaves_what_of_where_and_how_many_and_the_words_sealed(street, enter):
    give(street.secretary, "act", "export")
    volunteer(enter, street)
    address = reverse("desk:register-table", args=["volunteer"])
    assert enter("secretary").get(address, {"q": "陈桂芳"}).status_code == 200
    (entry,) = exports_of(street.secretary)
    assert (entry.facts["what"], entry.facts["rows"], entry.facts["sought"]) == ("register:volunteer", 1, ["q"])
    assert "陈桂芳" not in str(entry.facts) and opener([entry.subject]).entry(entry)["q"] == "陈桂芳"


def test_a_register_longer_than_may_be_taken_at_once_is_not_given_out(street, enter, monkeypatch):
    give(street.secretary, "act", "export")
    volunteer(enter, street)
    monkeypatch.setattr(views, "unasked", lambda viewer: 0)
    page = enter("secretary").get(reverse("desk:register-table", args=["volunteer"]))
    assert page.status_code >= 400 and "分开导出" in page.content.decode()
    assert not exports_of(street.secretary)


def taking(world):
    """The secretary as somebody who may export."""
    return replace(world.secretary, powers=world.secretary.powers | {"export"})


def test_what_is_taken_away_in_a_day_counts_together_whatever_tables_it_is_in(street, enter, monkeypatch):
    """Two rows a day: the register twice, and neither it nor a list of matters goes again until the day is over."""
    give(street.secretary, "act", "export", "view")
    volunteer(enter, street)
    for module in (views, exporting):
        monkeypatch.setattr(module, "unasked", lambda viewer: 2)
    opened(street)
    address = reverse("desk:register-table", args=["volunteer"])
    got = [enter("secretary").get(address) for _ in range(3)]
    assert [one.status_code for one in got[:2]] == [200, 200] and got[2].status_code >= 400
    assert "24小时内已导出2行" in got[2].content.decode()
    assert exporting.start_export(Filters(), by=taking(street)).state == "asked"
    street.clock.forward(days=1)
    assert enter("secretary").get(address).status_code == 200


def test_a_list_of_matters_counts_with_the_registers(street, enter, monkeypatch):
    give(street.secretary, "act", "export", "view")
    volunteer(enter, street)
    opened(street)
    for module in (views, exporting):
        monkeypatch.setattr(module, "unasked", lambda viewer: 1)
    assert exporting.start_export(Filters(), by=taking(street)).state == "running"
    page = enter("secretary").get(reverse("desk:register-table", args=["volunteer"]))
    assert page.status_code >= 400 and "24小时内已导出1行" in page.content.decode()


def test_a_register_beyond_one_table_is_refused_and_not_cut(street, enter, monkeypatch):
    give(street.secretary, "act", "export")
    volunteer(enter, street)
    monkeypatch.setattr(logging, "MOST_ROWS", 0)
    page = enter("secretary").get(reverse("desk:register-table", args=["volunteer"]))
    assert page.status_code >= 400 and "一次最多导出0行" in page.content.decode()
    assert not exports_of(street.secretary)
