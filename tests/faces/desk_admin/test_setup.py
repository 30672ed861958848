"""An empty installation is set up in four steps, and says kindly that it is empty until then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from youying.access.actions import offer_set_up
from youying.access.models import Account, Installation
from youying.editions.queries import edition_for, special_days_of
from youying.faces.shared import health
from youying.kernel.viewers import SYSTEM
from youying.places.models import Area
from youying.record import keys

pytestmark = pytest.mark.django_db
HOUSE = {
    "organisation": "柳湾街道办事处",
    "name": "叶青",
    "username": "yeqing",
    "password": "槐花满院香 2026",
    "again": "槐花满院香 2026",
}
PLACES = {"town": "柳湾街道", "code": "990101001", "communities": "槐花里社区 990101001001\n渡口社区\n"}


@pytest.fixture
def link(at: Any) -> Iterator[str]:
    """The link that the terminal prints."""
    at("2026-11-13 09:00")
    yield reverse("desk:set-up", args=[offer_set_up(by=SYSTEM)])


@pytest.fixture
def founder(link: str) -> Client:
    """The first administrator after step one."""
    client = Client()
    assert client.post(link, HOUSE).headers["Location"] == reverse("desk:set-up-places")
    return client


def test_an_empty_house_says_where_the_link_is() -> None:
    page = Client().get("/desk/", follow=True)
    assert page.status_code == 200
    assert "还没有人初始化" in page.content.decode()


def test_four_steps_lead_to_a_house_where_matters_can_be_opened(founder: Client) -> None:
    assert founder.post(reverse("desk:set-up-places"), PLACES).headers["Location"] == reverse("desk:set-up-pack")
    town = Area.objects.get(level="town")
    assert list(Area.objects.filter(level="community").values_list("code", flat=True)) == [
        "990101001001",
        "990101001002",
    ]
    page = founder.get(reverse("desk:set-up-pack")).content.decode()
    assert "有诉必应" in page
    answer = founder.post(reverse("desk:set-up-pack"), {"base": "m01", "place": town.path})
    assert answer.headers["Location"] == reverse("desk:set-up-done")
    assert edition_for(town.path).title == "柳湾街道本地包"
    assert len(special_days_of(town.path, 2026)) > 20
    done = founder.get(reverse("desk:set-up-done")).content.decode()
    assert "2 个社区" in done
    assert founder.get(reverse("desk:packs")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"again": "别的密码 2026"}, "again"),
        ({"password": "123", "again": "123"}, "password"),
        ({"organisation": ""}, "organisation"),
        ({"username": "叶"}, "username"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_first_step_is_said_beside_the_field_and_the_link_still_works(
    link: str, fields: dict[str, str], field: str
) -> None:
    answer = Client().post(link, {**HOUSE, **fields})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert not Installation.objects.exists()
    assert Client().post(link, HOUSE).status_code == 302


def test_the_link_works_once(link: str, founder: Client) -> None:
    assert Client().get(link).status_code in (404, 409, 422)
    assert Account.objects.count() == 1


def test_a_made_up_link_opens_nothing() -> None:
    assert Client().get(reverse("desk:set-up", args=["made-up"])).status_code in (404, 422)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"communities": ""},
        {"town": ""},
        {"communities": "甲社区\n甲社区 990101001001\n乙社区 990101001001"},
        {"code": "九位"},
    ],
)
def test_places_that_do_not_fit_leave_nothing_half_done(founder: Client, fields: dict[str, str]) -> None:
    answer = founder.post(reverse("desk:set-up-places"), {**PLACES, **fields})
    assert answer.status_code == 422
    assert Area.objects.count() == 0


def test_a_community_written_twice_is_refused(founder: Client) -> None:
    fields = {"town": "柳湾街道", "code": "", "communities": "槐花里社区\n渡口社区\n槐花里社区"}
    answer = founder.post(reverse("desk:set-up-places"), fields)
    assert (answer.status_code, Area.objects.count()) == (422, 0)
    assert "写了两遍" in answer.content.decode()


def test_a_street_without_codes_gets_short_ones(founder: Client) -> None:
    founder.post(reverse("desk:set-up-places"), {"town": "临溪镇", "code": "", "communities": "石桥村\n柳树村"})
    assert list(Area.objects.order_by("path").values_list("code", flat=True)) == ["T1", "T1001", "T1002"]


def test_a_pack_that_is_not_executed_whole_cannot_be_chosen(founder: Client) -> None:
    founder.post(reverse("desk:set-up-places"), PLACES)
    answer = founder.post(reverse("desk:set-up-pack"), {"base": "m12", "place": Area.objects.get(level="town").path})
    assert answer.status_code == 422
    assert "请选一个机制包" in answer.content.decode()


def test_a_visitor_cannot_go_on_with_somebody_elses_set_up(founder: Client) -> None:
    for page in ("desk:set-up-places", "desk:set-up-pack", "desk:set-up-done"):
        assert Client().get(reverse(page)).status_code == 302


def test_the_process_says_that_it_lives_and_can_serve() -> None:
    assert Client().get("/healthz").json() == {"up": True}
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)


def test_a_process_without_its_keys_says_that_it_cannot_serve(settings: LazySettings, tmp_path: Any) -> None:
    keys.ring()
    settings.YOUYING_HOME = tmp_path / "gone"
    ready = Client().get("/readyz")
    assert ready.status_code == 503 or (tmp_path / "gone" / "keys").exists()


def test_a_process_ahead_of_its_tables_says_that_it_cannot_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_settled", set())
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one to come"])
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["tables"]) == (503, False)
