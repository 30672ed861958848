"""Warnings are judged by whom the pack names; notices are seen, and what reporters are to be told is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.matters.world import World, dispatched, opened
from youying.channels.notify.actions import keep
from youying.channels.notify.models import Notice
from youying.channels.notify.rules import UNIT, Word
from youying.insight.actions import sweep_watches
from youying.insight.models import Warning
from youying.kernel.viewers import SYSTEM
from youying.record.actions import deliver


@pytest.fixture
def warning(street: World) -> Warning:
    """More of a kind in the community than its pack lets pass."""
    for _ in range(12):
        opened(street)
    street.clock.forward(minutes=1)
    sweep_watches()
    return Warning.objects.get()


def judge(warning: Warning) -> str:
    """The name in the cast of whoever is to judge it."""
    return {"street-leader": "leader", "secretary": "secretary"}[warning.judges[0]]


def test_a_warning_names_its_matters_and_is_judged_once(street: World, enter: Enter, warning: Warning) -> None:
    client, page = enter(judge(warning)), reverse("desk:warning", args=[warning.pk])
    shown = client.get(page).content.decode()
    assert f"数进去的事项，{warning.n} 件" in shown
    for fields in (
        {"judged_as": "real", "note": ""},
        {"judged_as": "", "note": "看过"},
        {"judged_as": "x", "note": "看过"},
    ):
        assert client.post(page, fields).status_code == 422
    assert client.post(page, {"judged_as": "real", "note": "管网老化，约排水中心"}).status_code == 302
    judged = client.get(reverse("desk:warnings"), {"state": "judged"}).content.decode()
    assert "管网老化，约排水中心" in judged
    assert "没有等研判的预警" in client.get(reverse("desk:warnings")).content.decode()


def test_whoever_is_not_named_may_look_and_not_judge(street: World, enter: Enter, warning: Warning) -> None:
    client, page = enter("dispatcher"), reverse("desk:warning", args=[warning.pk])
    assert "由机制包指定的岗位来研判" in client.get(page).content.decode()
    assert client.post(page, {"judged_as": "real", "note": "看过"}).status_code == 422
    assert enter("stranger").get(page).status_code == 404


def test_what_a_reporter_is_to_be_told_leaves_the_list_once_told(street: World, enter: Enter) -> None:
    matter = dispatched(street)
    deliver()
    notice = Notice.objects.filter(audience="reporter", matter_id=matter.pk).order_by("pk").last()
    assert notice is not None
    client = enter("dispatcher")
    assert matter.number in client.get(reverse("desk:to-tell")).content.decode()
    assert enter("stranger").post(reverse("desk:notice-seen", args=[notice.pk])).status_code == 404
    client.post(reverse("desk:notice-seen", args=[notice.pk]), {"next": reverse("desk:to-tell")})
    assert "没有要告诉居民的" in client.get(reverse("desk:to-tell")).content.decode()


def test_a_notice_for_a_unit_is_seen_by_its_people_alone(street: World, enter: Enter) -> None:
    word = Word(UNIT, say="有一件快到期", area_path=street.community, unit_id=street.property_company.pk)
    notice = keep(word, key="t", by=SYSTEM)
    assert "有一件快到期" in enter("manager").get(reverse("desk:notices")).content.decode()
    assert "没有新的提醒" in enter("stranger").get(reverse("desk:notices")).content.decode()
    enter("manager").post(reverse("desk:notice-seen", args=[notice.pk]), {"next": "https://elsewhere.example/"})
    assert "没有新的提醒" in enter("manager").get(reverse("desk:notices")).content.decode()
