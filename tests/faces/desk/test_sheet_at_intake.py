"""A need whose loop has a sheet of its own brings it along when staff take it in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faces.desk.conftest import Enter
from tests.faces.desk.test_matter import picture
from tests.matters.changing import change
from tests.matters.world import World
from tests.sheets.forms import items
from youying.faces.desk.intake.form import new_token
from youying.files.models import Upload
from youying.matters.models import Matter
from youying.sheets import queries


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    """What an officer types into the intake form of a street whose demands have a sheet."""
    sheet = {"title": "一次收齐材料", "items": items("what", "heads", "deed")}
    change(world, {"sheet.deal": sheet, "loop.demand.sheet": "deal"})
    return {
        "token": new_token(world.dispatcher), "kind": "demand", "channel": next(iter(world.edition.pack.channel)),
        "text": "父亲的房子办继承过户", "area": world.community, "name": "陈桂芳", "phone": "13800000417",
    }  # fmt: skip


def test_choosing_the_kind_brings_its_sheet(world: World, enter: Enter, form: dict[str, Any]) -> None:
    client = enter("dispatcher")
    part = client.get("/desk/matters/new/sheet/?kind=demand").content.decode()
    assert "一次收齐材料" in part and 'name="sheet.deed"' in part and "没带齐的可以以后补" in part
    assert "sheet." not in client.get("/desk/matters/new/sheet/?kind=").content.decode()


def test_what_came_with_the_need_is_kept_and_the_rest_may_follow(
    world: World, enter: Enter, form: dict[str, Any]
) -> None:
    client = enter("dispatcher")
    sent = form | {"sheet.what": "继承", "sheet.heads": "2"}
    assert client.post("/desk/matters/new/", sent).status_code == 200
    matter = Matter.objects.get()
    view = queries.filled(world.dispatcher, matter.subject)[0]
    assert (view.act, view.lacking) == ("open", ("产权证",))


def test_a_slip_in_the_sheet_keeps_the_need_out_and_the_upload_there(
    world: World, enter: Enter, form: dict[str, Any]
) -> None:
    client = enter("dispatcher")
    answer = client.post("/desk/matters/new/", form | {"sheet.heads": "两个", "sheet.deed": picture()})
    page = answer.content.decode()
    assert answer.status_code == 422 and "“参加”要写数字" in page and "已收好 1 个" in page
    assert not Matter.objects.exists()
    mended = form | {"sheet.heads": "2", "sheet.deed-kept": Upload.objects.get().token}
    assert client.post("/desk/matters/new/", mended).status_code == 200
    assert queries.filled(world.dispatcher, Matter.objects.get().subject)[0].lacking == ("事由",)
