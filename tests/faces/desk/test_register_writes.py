"""Listing somebody with the register's sheet is one thing: both are kept, or neither."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import give
from tests.faces.desk.test_registers_and_funds import volunteer
from tests.matters.changing import change
from youying.faces.desk.registers import views
from youying.kernel.refusals import Refused
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
