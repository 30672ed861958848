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
