"""Tables of units and posts on the desk: looked at, taken in, mended; links of new people shown once."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.faces.desk_admin.conftest import cells, table
from tests.faces.desk_admin.test_units import account_of
from tests.matters.world import World
from youying.access.models import Account, Post, Unit
from youying.record.models import Entry

UNITS = ["编码", "名称", "类型", "辖区", "电话"]
POSTS = ["账号", "姓名", "手机号", "单位编码", "岗位角色", "辖区", "起", "止"]
QIN = ["qinhai", "秦海", "13900010088", "", "回访员", "槐花里社区", "", "2027-06-30"]


def handed_in(client: Client, kind: str, sheet: SimpleUploadedFile) -> str:
    """The address of the page that looks at a table."""
    answer = client.post(reverse("desk:unit-imports"), {"kind": kind, "file": sheet})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_units_are_looked_at_then_taken_in_and_bad_rows_come_back(street: World, enter: Enter) -> None:
    client = enter("leader")
    rows = [["anju", "安居物业", "物业企业", street.community, "0971-5550001"], ["moon", "月球站", "飞船", "月球", ""]]
    look = handed_in(client, "unit", table(UNITS, *rows))
    entries, before = Entry.objects.count(), Unit.objects.count()
    page = text(client.get(look))
    assert "新增 1" in page and "第 3 行" in page
    assert (Entry.objects.count(), Unit.objects.count()) == (entries, before)
    bad = cells(client.get(f"{look}to-fix/").content)
    assert bad[0] == ["行", *UNITS, "原因"]
    assert bad[1][2] == "月球站" and "飞船" in bad[1][-1]
    assert client.post(look).headers["Location"] == reverse("desk:units")
    assert Unit.objects.get(code="anju").reach == street.community
    assert "没有要收的" in text(client.get(look))


def test_new_people_get_a_link_each_that_is_shown_once_and_can_be_taken_along(street: World, enter: Enter) -> None:
    client = enter("leader")
    other = ["tianyun", "田芸", "", "", "caller", street.community, "", ""]
    look = handed_in(client, "post", table(POSTS, QIN, other))
    page = text(client.get(look))
    assert "2 人是新的" in page
    assert "139****0088" in page and "13900010088" not in page
    page = text(client.post(look))
    links = re.findall(r">http://testserver(/desk/link/[^<]+)<", page)
    assert len(links) == 2
    tokens = re.search(r'name="tokens" value="([^"]+)"', page)
    assert tokens
    sheet = cells(client.post(reverse("desk:unit-links"), {"tokens": tokens[1]}).content)
    assert [row[:2] for row in sheet[1:]] == [["秦海", "qinhai"], ["田芸", "tianyun"]]
    assert sheet[1][2] == f"http://testserver{links[0]}"
    password = {"password": "槐花满院香 2026", "again": "槐花满院香 2026"}
    assert Client().post(links[0], password).status_code == 302
    again = text(client.get(look))
    assert "没有要收的" in again and "/desk/link/" not in again
    assert client.post(look).headers["Location"] == reverse("desk:accounts")
    assert Post.objects.filter(account__username="qinhai").count() == 1


def test_links_are_given_to_nobody_but_who_made_them(street: World, enter: Enter) -> None:
    client = enter("leader")
    page = text(client.post(handed_in(client, "post", table(POSTS, QIN))))
    token = re.search(r'name="tokens" value="([^"]+)"', page)
    assert token
    for name, status in (("secretary", 422), ("dispatcher", 403)):
        answer = enter(name).post(reverse("desk:unit-links"), {"tokens": token[1]})
        assert answer.status_code in (status, 404), name
        assert b"qinhai" not in answer.content
    assert client.get(reverse("desk:unit-links")).status_code == 405
    assert client.post(reverse("desk:unit-links"), {"tokens": ""}).status_code in (404, 422)


def test_places_are_meant_by_code_by_name_and_by_the_names_from_the_street_down(street: World, enter: Enter) -> None:
    client = enter("leader")
    said: list[Any] = [990101001001, "槐花里社区", "柳湾街道·槐花里社区"]
    rows = [[f"u{at}", f"单位{at}", "物业企业", one, ""] for at, one in enumerate(said)]
    client.post(handed_in(client, "unit", table(UNITS, *rows)))
    made = Unit.objects.filter(title__startswith="单位").values_list("reach", flat=True)
    assert list(made) == [street.community] * 3


def test_an_administrator_appoints_nobody_beyond_its_own_reach(street: World, enter: Enter) -> None:
    client = enter("secretary")
    before = Post.objects.count()
    rows = [[*QIN[:5], place, *QIN[6:]] for place in (street.town, "/", "全部辖区")]
    look = handed_in(client, "post", table(POSTS, *rows))
    page = text(client.get(look))
    assert page.count("您的辖区里没有") == 3
    client.post(look)
    assert Post.objects.count() == before
    assert not Account.objects.filter(username="qinhai").exists()


def test_nobody_appoints_oneself_by_a_table(street: World, enter: Enter) -> None:
    client, me = enter("leader"), Account.objects.get(pk=account_of(street, "leader"))
    Account.objects.filter(pk=me.pk).update(username="helicheng")
    row = ["helicheng", me.name, "", "", "caller", street.community, "", ""]
    look = handed_in(client, "post", table(POSTS, row))
    assert "不能给自己办" in text(client.get(look))
    client.post(look)
    assert me.posts.count() == 1


def test_a_hostile_table_is_shown_as_text_and_comes_back_without_formulas(street: World, enter: Enter) -> None:
    client = enter("leader")
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, UNITS)
        sheet.write_row(
            1, 0, ["=cmd|x", "<script>alert(1)</script>", "'; DROP TABLE access_unit; --", "🏮", "长" * 30_000]
        )
        sheet.write_formula(2, 0, "=1+1", None, "bad code")
    look = handed_in(client, "unit", SimpleUploadedFile("坏.xlsx", kept.getvalue()))
    page = text(client.get(look))
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page
    assert "长" * 300 not in page
    fixed = client.get(f"{look}to-fix/").content
    assert cells(fixed)[1][1] == "=cmd|x"
    assert b"<f>" not in unpacked(fixed)


def unpacked(content: bytes) -> bytes:
    """The first sheet of a workbook as it stands in the file."""
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("kind", ["unit", "post"])
def test_an_empty_table_has_the_right_headers(street: World, enter: Enter, kind: str) -> None:
    head = cells(enter("leader").get(reverse("desk:unit-blank", args=[kind])).content)[0]
    assert set(UNITS if kind == "unit" else POSTS) <= set(head)


def test_a_kind_or_file_that_does_not_fit_is_refused_in_words(street: World, enter: Enter) -> None:
    client, good = enter("leader"), table(UNITS, ["a", "b", "c", "d", "e"])
    address = reverse("desk:unit-imports")
    assert client.post(address, {"kind": "planet", "file": good}).status_code == 422
    assert client.post(address, {"kind": "unit"}).status_code == 422
    exe = SimpleUploadedFile("账.xlsx", b"MZ\x90\x00" * 400)
    assert client.post(address, {"kind": "unit", "file": exe}).status_code == 422
    assert client.get(reverse("desk:unit-blank", args=["planet"])).status_code == 422


def test_another_persons_table_is_not_shown(street: World, enter: Enter) -> None:
    look = handed_in(enter("leader"), "post", table(POSTS, QIN))
    other = enter("secretary")
    assert [other.get(look).status_code, other.post(look).status_code] == [404, 404]
    assert other.get(f"{look}to-fix/").status_code == 404
    assert not Account.objects.filter(username="qinhai").exists()


def test_without_the_power_no_table_is_taken(street: World, enter: Enter) -> None:
    look = handed_in(enter("leader"), "post", table(POSTS, QIN))
    client = enter("dispatcher")
    assert client.post(reverse("desk:unit-imports"), {"kind": "unit", "file": table(UNITS, [])}).status_code == 403
    assert [client.get(look).status_code, client.post(look).status_code] == [403, 403]


def test_the_lists_lead_to_the_tables(street: World, enter: Enter) -> None:
    client = enter("leader")
    for page, kind in (("desk:accounts", "post"), ("desk:units", "unit")):
        assert f"{reverse('desk:unit-imports')}?kind={kind}" in text(client.get(reverse(page)))


def test_the_last_day_of_a_term_counts_whole_by_form_as_by_table(street: World, enter: Enter) -> None:
    client = enter("leader")
    client.post(handed_in(client, "post", table(POSTS, QIN)))
    form = {"code": "caller", "title": "夜班", "reach": street.community, "powers": ["view"], "until": "2027-06-30"}
    client.post(reverse("desk:appoint", args=[account_of(street, "duty")]), form)
    by_form, by_table = Post.objects.get(title="夜班"), Post.objects.get(account__username="qinhai")
    assert by_form.until == by_table.until
    assert by_form.until and by_form.until.isoformat() == "2027-06-30T16:00:00+00:00"
