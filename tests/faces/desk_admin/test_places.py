"""Places by screen and by table: added, renamed, moved, closed; tried out first; sheets for entrances."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.faces.desk_admin.conftest import cells, table
from tests.matters.world import World, opened
from youying.kernel.viewers import SYSTEM
from youying.places.actions import issue_entrance_codes
from youying.places.models import Area, Building, Compound, EntranceCode, Grid, Home
from youying.places.queries import qr_sheets
from youying.record.models import Entry

SQUARE = (
    '{"type": "Polygon", "coordinates": [[[101.77,36.61],[101.78,36.61],[101.78,36.62],[101.77,36.62],[101.77,36.61]]]}'
)


def compound() -> Compound:
    return Compound.objects.get(name="杏林小区")


def building() -> Building:
    return Building.objects.get(name="3号楼")


def test_a_place_is_added_where_it_belongs(street: World, enter: Enter) -> None:
    client, add = enter("secretary"), reverse("desk:add-place")
    made = {
        "compound": (street.community, {"name": "和风苑", "aliases": "老和风、和风里", "kind": "estate"}),
        "grid": (street.community, {"code": "990101001001009", "title": "第9网格", "polygon": SQUARE}),
        "building": (compound().path, {"name": "8号楼", "entrances": "2", "floors": "11"}),
    }
    for kind, (under, fields) in made.items():
        assert client.post(add, {"what": kind, "under": under, **fields}).status_code == 302
    assert Compound.objects.get(name="和风苑").aliases == ["老和风", "和风里"]
    assert Grid.objects.get(title="第9网格").polygon["type"] == "Polygon"
    assert (Building.objects.get(name="8号楼").floors, Building.objects.get(name="8号楼").entrances) == (11, 2)


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("compound", {"name": ""}, "name"),
        ("compound", {"name": "杏林小区"}, "name"),
        ("compound", {"name": "甲" * 200}, "name"),
        ("compound", {"name": "新苑", "longitude": "东边", "latitude": "36"}, "longitude"),
        ("compound", {"name": "新苑", "polygon": "{"}, "polygon"),
        ("grid", {"code": "", "title": "第8网格"}, "code"),
        ("area", {"code": "1", "name": "楼组", "level": "community"}, ""),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_added(
    street: World, enter: Enter, kind: str, fields: dict[str, str], field: str
) -> None:
    before = Compound.objects.count() + Grid.objects.count() + Area.objects.count()
    answer = enter("secretary").post(reverse("desk:add-place"), {"what": kind, "under": street.community, **fields})
    assert answer.status_code == 422
    assert "data-take-focus" in answer.content.decode()
    assert Compound.objects.count() + Grid.objects.count() + Area.objects.count() == before


def test_a_renamed_compound_is_still_found_by_its_old_name(street: World, enter: Enter) -> None:
    client, path = enter("secretary"), compound().path
    answer = client.post(reverse("desk:change-place", args=["rename"]), {"path": path, "name": "杏林家园"})
    assert answer.status_code == 302
    assert Compound.objects.get(path=path).aliases == ["杏林小区"]


def test_only_what_differs_is_changed_and_written_down(street: World, enter: Enter) -> None:
    client, path = enter("secretary"), building().path
    form = {"path": path, "entrances": "3", "floors": "7", "aliases": "", "longitude": "", "latitude": ""}
    assert client.post(reverse("desk:change-place", args=["amend"]), form).status_code == 302
    entry = Entry.objects.filter(act="places.amend").latest("id")
    assert entry.facts["after"] == {"floors": 7}
    again = client.post(reverse("desk:change-place", args=["amend"]), form)
    assert "没有改动" in again.content.decode()


def test_a_closed_building_can_be_reopened_and_never_vanishes(street: World, enter: Enter) -> None:
    client, path = enter("secretary"), building().path
    client.post(reverse("desk:change-place", args=["close"]), {"path": path, "reason": "拆除"})
    assert Building.objects.get(path=path).closed_at is not None
    assert "恢复使用" in client.get(reverse("desk:place"), {"path": path}).content.decode()
    client.post(reverse("desk:change-place", args=["reopen"]), {"path": path})
    assert Building.objects.get(path=path).closed_at is None


def test_an_area_in_use_cannot_be_closed(street: World, enter: Enter) -> None:
    answer = enter("leader").post(reverse("desk:change-place", args=["close"]), {"path": street.community})
    assert answer.status_code == 422
    assert "个在用的地点" in answer.content.decode()


def test_a_building_moves_with_its_matters(street: World, enter: Enter) -> None:
    client = enter("secretary")
    matter = opened(street).matter
    client.post(reverse("desk:add-place"), {"what": "compound", "under": street.community, "name": "和风苑"})
    target = Compound.objects.get(name="和风苑")
    answer = client.post(reverse("desk:change-place", args=["move"]), {"path": building().path, "to": target.path})
    assert answer.status_code == 302
    assert building().path.startswith(target.path)
    assert matter.number in client.get(reverse("desk:ledger")).content.decode()


def test_a_grid_says_what_it_covers(street: World, enter: Enter) -> None:
    client, grid = enter("secretary"), Grid.objects.get(title="第3网格")
    client.post(reverse("desk:change-place", args=["cover"]), {"path": grid.path})
    assert grid.covers.count() == 0
    client.post(reverse("desk:change-place", args=["cover"]), {"path": grid.path, "covers": [compound().path]})
    assert grid.covers.count() == 1


def test_homes_are_numbered_by_floor_and_those_that_stand_stay(street: World, enter: Enter) -> None:
    client, path = enter("secretary"), building().path
    for _ in range(2):
        client.post(reverse("desk:change-place", args=["homes"]), {"path": path, "each": "2"})
    assert Home.objects.filter(building__path=path).count() == 3 * 6 * 2
    assert Home.objects.filter(building__path=path, entrance=1, floor=6, number="602").exists()
    assert client.post(reverse("desk:change-place", args=["homes"]), {"path": path, "each": "0"}).status_code == 422


@pytest.mark.parametrize("name", ["stranger", "dispatcher"])
def test_nobody_else_changes_a_place(street: World, enter: Enter, name: str) -> None:
    client = enter(name)
    writes = [
        (reverse("desk:add-place"), {"what": "compound", "under": street.community, "name": "和风苑"}),
        (reverse("desk:change-place", args=["rename"]), {"path": compound().path, "name": "别的"}),
        (reverse("desk:change-place", args=["close"]), {"path": building().path}),
        (reverse("desk:issue-codes"), {"path": building().path}),
    ]
    assert [client.post(*write).status_code for write in writes] == [403] * 4
    assert client.get(reverse("desk:place"), {"path": compound().path}).status_code == 403
    assert (compound().name, EntranceCode.objects.count()) == ("杏林小区", 0)


def test_a_table_is_tried_out_then_taken_in_and_bad_rows_come_back(street: World, enter: Enter) -> None:
    client = enter("secretary")
    sheet = table(["小区", "楼栋", "单元数"], ["杏林小区", "9号楼", 2], ["没有的小区", "1号楼", 1])
    answer = client.post(reverse("desk:place-imports"), {"kind": "building", "file": sheet})
    assert answer.status_code == 302
    look = answer.headers["Location"]
    entries = Entry.objects.count()
    page = client.get(look).content.decode()
    assert "新增 1" in page
    assert "第 3 行" in page
    assert '<td class="text">2</td>' in page and "2.0" not in page
    assert not Building.objects.filter(name="9号楼").exists()
    assert Entry.objects.count() == entries
    bad = cells(client.get(f"{look}to-fix/").content)
    assert bad[0] == ["行", "小区", "楼栋", "单元数", "原因"]
    assert bad[1][1] == "没有的小区"
    assert client.post(look).status_code == 302
    assert Building.objects.get(name="9号楼").entrances == 2
    assert "没有要收的" in client.get(look).content.decode()


def test_another_persons_upload_is_not_shown(street: World, enter: Enter) -> None:
    sheet = table(["小区", "楼栋"], ["杏林小区", "9号楼"])
    look = (
        enter("secretary").post(reverse("desk:place-imports"), {"kind": "building", "file": sheet}).headers["Location"]
    )
    assert enter("leader").get(look).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("账.xlsx", b"MZ\x90\x00" * 400),
        ("x.exe", b"MZ\x90\x00" * 400),
        ("a.csv", b"\xff\xfe\x00\x01"),
        ("b.xlsx", b"PK\x03\x04bad"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(street: World, enter: Enter, name: str, data: bytes) -> None:
    form = {"kind": "building", "file": SimpleUploadedFile(name, data)}
    answer = enter("secretary").post(reverse("desk:place-imports"), form)
    assert answer.status_code == 422
    assert "data-take-focus" in answer.content.decode()


def test_codes_are_issued_printed_and_replaced(street: World, enter: Enter) -> None:
    client, path = enter("secretary"), building().path
    client.post(reverse("desk:issue-codes"), {"path": compound().path})
    first = list(EntranceCode.objects.order_by("entrance").values_list("code", flat=True))
    assert len(first) == 3
    page = client.get(reverse("desk:entrance-sheets"), {"path": path}).content.decode()
    assert len(re.findall("sheet-a4", page)) == 3
    assert f"/q/{first[0]}" in page
    refused = client.post(reverse("desk:revoke-code"), {"path": path, "code": first[0], "reason": ""})
    assert refused.status_code == 422
    client.post(reverse("desk:revoke-code"), {"path": path, "code": first[0], "reason": "被撕"})
    held = {sheet.code for sheet in qr_sheets(street.leader, path, base_url="http://x")}
    assert first[0] not in held
    assert len(held) == 3


@pytest.mark.parametrize(
    ("host", "warned"),
    [("127.0.0.1:18000", True), ("localhost", True), ("[::1]:18000", True), ("youying.example", False)],
)
def test_codes_that_no_telephone_could_open_are_not_printed_without_a_warning(
    street: World, enter: Enter, settings: Any, host: str, warned: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    issue_entrance_codes(building().path, by=SYSTEM)
    page = enter("secretary").get(reverse("desk:entrance-sheets"), {"path": building().path}, headers={"host": host})
    assert ("只有这台机器自己打得开" in page.content.decode()) == warned
    assert "单元</p>" in page.content.decode()


def test_the_map_counts_what_is_open_in_each_grid(street: World, enter: Enter) -> None:
    opened(street)
    client, grid = enter("secretary"), Grid.objects.get(title="第3网格")
    client.post(reverse("desk:change-place", args=["amend"]), {"path": grid.path, "polygon": SQUARE})
    page = client.get(reverse("desk:map"), {"grid": grid.pk}).content.decode()
    assert '"count": 1' in page
    assert "在台账里看这 1 件" in page
