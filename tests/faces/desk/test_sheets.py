"""Sheets on the desk: the form of a step, the panel of what was filled in, the whole of it with a purpose, paper."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from tests.faces.desk.conftest import Enter, give
from tests.faces.desk.test_matter import page_of, picture, take
from tests.matters.changing import change, own_act
from tests.matters.world import World, need, opened
from tests.sheets.forms import items
from youying.faces.desk.matter.order import order_of
from youying.files.models import Upload
from youying.matters import actions
from youying.matters.models import Matter
from youying.record.queries import story
from youying.sheets import queries
from youying.sheets.models import FilledSheet

TABLE = items("what", "came", "heads", "deed", "phone", income={"title": "收入", "mask": True})


@pytest.fixture
def matter(world: World) -> Matter:
    """A matter whose street has a step `try` with a sheet."""
    said = {"sheet.survey": {"title": "勘查表", "items": TABLE}, **own_act(verb="step", needs=["sheet:survey"])}
    change(world, said)
    return opened(world).matter


def typed(**more: Any) -> dict[str, Any]:
    said = {"what": "管道老化", "came": "yes", "heads": "3", "phone": "13800000417", "income": "两千"} | more
    return {f"sheet.{code}": value for code, value in said.items()}


def filled(world: World, client: Client, matter: Matter) -> FilledSheet:
    assert take(client, matter, "try", **typed(deed=picture())).status_code == 302
    return FilledSheet.objects.get(subject=matter.subject)


def signature() -> str:
    drawn = io.BytesIO()
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line((20, 150, 300, 40, 560, 160), fill="black", width=6)
    image.save(drawn, "PNG")
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()


@pytest.mark.parametrize("signs", [True, False])
def test_papers_that_may_follow_say_that_a_promise_is_signed_and_which_day_is_asked(
    world: World, enter: Enter, signs: bool
) -> None:
    table = {"what": {"title": "情况", "type": "text"}, "deed": {"title": "产权证", "type": "file"}}
    promise = {"promise": {"title": "容缺承诺", "type": "signature", "must": not signs}}
    said = {"sheet.survey": {"title": "材料", "items": table | promise}}
    change(world, {**said, **own_act(verb="step", needs=["sheet:survey", "due"])})
    form = page_of(enter("dispatcher"), opened(world).matter, "acts/try/")
    assert "情况 <small>可以不填" not in form
    assert ("缺的材料最晚哪天补齐" in form, "办理期限" in form.partition("act-form")[2]) == (signs, not signs)
    assert form.count("现在没有的，签了承诺可以以后补") == (2 if signs else 0)
    assert ("有材料以后补的，必须签" in form) is signs


def test_the_form_of_a_step_draws_every_item_of_its_sheet(world: World, enter: Enter, matter: Matter) -> None:
    form = page_of(enter("dispatcher"), matter, "acts/try/")
    for code, item in TABLE.items():
        assert item["title"] in form
        assert f'name="sheet.{code}"' in form
    assert 'type="tel"' in form and 'inputmode="decimal"' in form


def test_a_sheet_typed_and_uploaded_is_filled_in_with_the_step(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    row = filled(world, client, matter)
    assert queries.open_values(row)["heads"] == "3"
    assert Upload.objects.get(subject=matter.subject).role == "sheet"


def test_slips_stand_beside_their_fields_and_nothing_is_lost(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    again = take(client, matter, "try", **typed(heads="三个", deed=picture(), came=""))
    page = again.content.decode()
    assert again.status_code == 422
    assert "“参加”要写数字" in page and "请填写“按时到场”" in page
    assert "管道老化" in page and "已收好 1 个" in page
    token = Upload.objects.get().token
    mended = typed() | {"sheet.deed-kept": token}
    assert take(client, matter, "try", **mended).status_code == 302
    assert queries.open_values(FilledSheet.objects.get())["deed"] == (token,)


def test_a_signature_is_drawn_typed_or_scanned(world: World, enter: Enter) -> None:
    change(world, own_act(verb="step", needs=["signature"]))
    client = enter("dispatcher")
    first = opened(world).matter
    assert "签字" in take(client, first, "try").content.decode()
    assert take(client, first, "try", **{"signature-drawn": signature()}).status_code == 302
    assert Upload.objects.get(subject=first.subject).role == "signature"
    assert take(client, first, "try", **{"signature-typed": "陈桂芳"}).status_code == 302
    assert take(client, first, "try", signature=picture()).status_code == 302
    broken = take(client, first, "try", **{"signature-drawn": "data:image/png;base64,@@@"})
    assert broken.status_code == 422 and "签字没有传上来" in broken.content.decode()


def test_the_page_shows_what_was_filled_in_masked(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    assert "材料与表单" not in page_of(client, matter)
    filled(world, client, matter)
    page = page_of(client, matter)
    for said in ("材料与表单", "勘查表", "管道老化", "138****0417", "已填，不显示"):
        assert said in page
    assert "13800000417" not in page and "两千" not in page


def test_files_of_a_sheet_are_not_among_the_photos(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    filled(world, client, matter)
    token = Upload.objects.get(subject=matter.subject).token
    page = page_of(client, matter)
    assert f"/{token}/?small=1" not in page
    assert f"/{token}/" in page


def test_the_whole_sheet_is_shown_for_a_purpose_and_leaves_an_entry(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    row = filled(world, client, matter)
    address = f"/desk/matters/{matter.number}/papers/{row.pk}/"
    assert client.get(address).status_code == 403
    give(world.dispatcher, "unmask")
    assert "看全表（要写用途" in page_of(client, matter)
    assert "看全表做什么用" in client.get(address).content.decode()
    before = len(story(matter.subject))
    assert client.post(address, {"purpose": ""}).status_code == 422
    shown = client.post(address, {"purpose": "verify"}, headers={"HX-Request": "true"}).content.decode()
    assert "13800000417" in shown and "两千" in shown and "delay:60s" in shown
    entry = story(matter.subject)[before]
    assert (entry.act, entry.facts["field"]) == ("access.unmask", f"sheet:{row.pk}")
    hidden = client.get(f"{address}?hide=1", headers={"HX-Request": "true"}).content.decode()
    assert "13800000417" not in hidden and "138****0417" in hidden
    assert client.get(f"/desk/matters/{matter.number}/papers/{row.pk + 9}/").status_code == 404


def test_the_order_on_paper_lists_the_sheets_masked(world: World, enter: Enter, matter: Matter) -> None:
    client = enter("dispatcher")
    filled(world, client, matter)
    printed = page_of(client, matter, "print/")
    assert "勘查表" in printed and "138****0417" in printed and "13800000417" not in printed
    sheet = order_of(world.dispatcher, Matter.objects.get(pk=matter.pk))["sheets"][0]
    assert sheet["title"] == "勘查表"
    assert ["联系电话", "138****0417"] in sheet["rows"] and ["收入", "已填，不显示"] in sheet["rows"]
    answer = client.get(f"/desk/matters/{matter.number}/order.pdf")
    assert answer["Content-Type"] == "application/pdf"


def test_the_form_asks_only_for_what_the_loops_sheet_still_lacks(world: World, enter: Enter) -> None:
    table = items("what", "deed", promise={"title": "容缺承诺", "type": "signature", "must": False})
    step = {"verb": "step", "title": "受理", "from": ["received"], "by": ["dispatcher"]}
    said = {
        "sheet.survey": {"title": "材料", "items": table},
        "loop.demand.sheet": "survey",
        "loop.demand.acts.whole": {**step, "needs": ["papers"]},
        "loop.demand.acts.missing": {**step, "title": "容缺受理", "needs": ["sheet:survey", "due"]},
    }
    change(world, said)
    matter = actions.open_matter(need(sheet={"what": "继承"}), place=world.place, by=world.dispatcher).matter
    client = enter("dispatcher")
    form = page_of(client, matter, "acts/whole/")
    assert "已经有：事由" in form and 'name="sheet.what"' not in form and 'name="sheet.deed"' in form
    assert "还缺：产权证" in page_of(client, matter)
    later = {"sheet.promise-typed": "陈桂芳", "due_at": "2026-11-20T18:00"}
    assert take(client, matter, "missing", **later).status_code == 302
    assert take(client, matter, "whole", **{"sheet.deed": picture()}).status_code == 302
    assert "还缺" not in page_of(client, matter).partition("更正、补交以前的")[0]


def test_pictures_before_and_after_are_asked_for_by_name(world: World, enter: Enter) -> None:
    change(world, own_act(verb="step", needs=["before-after", "place"]))
    client, matter = enter("dispatcher"), opened(world).matter
    form = page_of(client, matter, "acts/try/")
    assert 'name="before"' in form and 'name="after"' in form and 'name="place"' in form
    assert take(client, matter, "try", after=picture()).status_code == 422
    assert take(client, matter, "try", before=picture(), after=picture()).status_code == 302
