"""Tables of units and posts: every row lands or is listed with its reason, and a table asks no less than a form."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from tests.access.telling import code_of
from tests.cast import COUNTY, DUKOU, HUAILI, OTHER_STREET, STREET, Cast
from youying.access import actions
from youying.access.actions import import_posts, import_units
from youying.access.appointing import read_posts
from youying.access.importing import MOST_ROWS, Meanings, read_units
from youying.access.models import Account, Invitation, Post, Unit
from youying.access.queries import fresh_invitations, phone_of, viewer_of
from youying.files.tables import rows_of
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.record.models import Entry
from youying.record.queries import opened, story

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACES = {"柳湾街道": STREET, "槐花里社区": HUAILI, "渡口社区": DUKOU, "临溪街道": OTHER_STREET, "柳湾区": COUNTY}
UNIT = {"编码": "police", "名称": "柳湾派出所（新址）", "类型": "派出所", "辖区": "柳湾街道", "电话": "0971-5550001"}
POST = {
    "账号": "qinhai",
    "姓名": "秦海",
    "手机号": "139 0001 0088",
    "单位编码": "huaili",
    "岗位角色": "网格员",
    "辖区": "槐花里社区",
    "起": "",
    "止": "2026-12-31",
}
HOSTILE = ["=1+2", "'; DROP TABLE access_unit; --", "<script>alert(1)</script>", "长" * 100_000, "🏮" * 300]


def place(words: str) -> str:
    """The path of a name; refused as the desk refuses it."""
    if words not in PLACES:
        raise Refused("place-unknown", say="没有这个辖区。", field="reach")
    return PLACES[words]


MEANINGS = Meanings(
    place=place,
    kinds={"police-station": "派出所", "community-office": "社区居委会（村委会）"},
    posts={"grid-worker": "网格员", "caller": "回访员"},
    zone=SHANGHAI,
)


def take_units(cast: Cast, *rows: dict[str, Any]) -> Any:
    return import_units(
        [{**UNIT, **row} for row in rows], by=cast.ma_ruilin.viewer, meanings=MEANINGS, file="单位.xlsx"
    )


def take_posts(cast: Cast, *rows: dict[str, Any], by: Any = None) -> Any:
    assert cast.community_office.active
    whole = [{**POST, **row} for row in rows]
    return import_posts(whole, by=by or cast.ma_ruilin.viewer, meanings=MEANINGS, file="人员.xlsx")


def why(outcome: Any) -> list[tuple[int, str]]:
    """Row and field of each refused row."""
    assert all(bad.say.endswith("。") for bad in outcome.refused)
    return [(bad.row, bad.field) for bad in outcome.refused]


def standing() -> dict[str, Any]:
    """Everything that an import could have changed."""
    tables = {
        model.__name__: list(model.objects.order_by("pk").values()) for model in (Unit, Account, Post, Invitation)
    }
    return tables | {"entries": Entry.objects.count()}


def test_a_table_of_units_adds_them_with_their_first_entries(cast: Cast) -> None:
    outcome = take_units(cast, {}, {"编码": "ｄｕｋｏｕ２", "类型": "community-office", "辖区": "渡口社区", "电话": ""})
    police, office = Unit.objects.get(code="police"), Unit.objects.get(code="dukou2")
    assert (outcome.added, outcome.refused) == (["police", "dukou2"], [])
    assert (police.title, police.kind, police.reach) == ("柳湾派出所（新址）", "police-station", STREET)
    assert (office.kind, office.reach, office.phone) == ("community-office", DUKOU, "")
    entry = story(police.subject)[0]
    assert (entry.act, entry.post_id) == ("access.create-unit", cast.ma_ruilin.post.pk)
    last = Entry.objects.get(act="access.import-units")
    assert (last.facts["added"], opened(last)["file"]) == (2, "单位.xlsx")


def test_a_unit_by_table_is_recorded_as_a_unit_by_form(cast: Cast) -> None:
    take_units(cast, {})
    said = {"code": "police2", "title": UNIT["名称"], "kind": "police-station", "reach": STREET, "phone": UNIT["电话"]}
    by_form = actions.create_unit(by=cast.ma_ruilin.viewer, **said)
    by_table = story(Unit.objects.get(code="police").subject)[0]
    assert {**by_table.facts, "code": "police2"} == story(by_form.subject)[0].facts


def test_a_table_of_units_taken_in_twice_changes_nothing(cast: Cast) -> None:
    take_units(cast, {}, {"编码": "second"})
    before = standing()
    again = take_units(cast, {}, {"编码": "second"})
    assert (again.same, again.touched) == (2, False)
    assert standing() == before


def test_a_table_renames_a_unit_and_changes_its_telephone_alone(cast: Cast) -> None:
    take_units(cast, {})
    outcome = take_units(cast, {"名称": "柳湾派出所", "电话": ""})
    unit = Unit.objects.get(code="police")
    assert (unit.title, unit.phone, outcome.changed) == ("柳湾派出所", "0971-5550001", {"police": ["title"]})
    entry = story(unit.subject)[-1]
    assert (entry.act, entry.facts["before"]["title"]) == ("access.change-unit", "柳湾派出所（新址）")
    assert why(take_units(cast, {"类型": "community-office"}, {"辖区": "渡口社区", "编码": "police"})) == [
        (2, "kind"),
        (3, ""),
    ]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"编码": ""}, "code"),
        ({"编码": "两 江"}, "code"),
        ({"编码": "a" * 41}, "code"),
        ({"名称": ""}, "title"),
        ({"名称": "长" * 81}, "title"),
        ({"类型": "飞船"}, "kind"),
        ({"辖区": "月球"}, "reach"),
        ({"辖区": ""}, "reach"),
        ({"电话": "打给我"}, "phone"),
        ({"电话": "=HYPERLINK(1)"}, "phone"),
    ],
)
def test_a_unit_that_does_not_fit_is_listed_and_its_neighbour_lands(
    cast: Cast, cells: dict[str, str], field: str
) -> None:
    outcome = take_units(cast, cells, {"编码": "good"})
    assert why(outcome) == [(2, field)]
    assert outcome.to_fix()[0]["原因"]
    assert Unit.objects.filter(code="good").exists()


def test_a_unit_out_of_reach_is_listed_by_table_as_it_is_refused_by_form(cast: Cast) -> None:
    cast.unit("linxi", title="临溪派出所", kind="police-station", reach=OTHER_STREET)
    outcome = take_units(cast, {"辖区": "临溪街道"}, {"编码": "linxi"}, {"编码": "county", "辖区": "柳湾区"})
    assert [bad.row for bad in outcome.refused] == [2, 3, 4]
    assert "已经用了" in outcome.refused[1].say
    assert not Unit.objects.filter(code__in=["police", "county"]).exists()


def test_a_unit_said_twice_with_other_words_is_listed(cast: Cast) -> None:
    outcome = take_units(cast, {}, {}, {"名称": "别的"})
    assert (outcome.added, outcome.same, [bad.row for bad in outcome.refused]) == (["police"], 1, [4])
    assert "第2行" in outcome.refused[0].say


def test_whoever_lacks_the_power_takes_in_nothing(cast: Cast) -> None:
    for by in (cast.zhou_zhiyuan.viewer, PUBLIC):
        before = standing()
        assert code_of(lambda by=by: import_units([UNIT], by=by, meanings=MEANINGS)) == "no-power"
        assert code_of(lambda by=by: import_posts([POST], by=by, meanings=MEANINGS)) == "no-power"
        assert code_of(lambda by=by: read_units([UNIT], by=by, meanings=MEANINGS)) == "no-power"
        assert code_of(lambda by=by: read_posts([POST], by=by, meanings=MEANINGS)) == "no-power"
        assert standing() == before


def test_a_new_person_gets_an_account_a_post_and_an_invitation_and_no_password(cast: Cast) -> None:
    outcome, links = take_posts(cast, {})
    account = Account.objects.get(username="qinhai")
    post = account.posts.get()
    assert (outcome.people, outcome.added) == (1, ["qinhai:grid-worker"])
    assert not account.has_usable_password() and account.password_due
    viewer = viewer_of(post)
    assert (viewer.reach, viewer.unit_title, viewer.powers) == (HUAILI, "槐花里社区居委会", {"view", "act"})
    assert post.title == "网格员"
    assert post.until == datetime(2027, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
    assert (links[0].name, links[0].username) == ("秦海", "qinhai")
    actions.redeem(links[0].token, by=PUBLIC, password="槐花开了满院香 2026")
    assert Account.objects.get(pk=account.pk).has_usable_password()
    assert [entry.act for entry in story(account.subject)] == [
        "access.create-account",
        "access.appoint",
        "access.one-time-link",
        "access.redeem",
    ]


def test_names_and_phones_of_a_table_are_ciphertext_in_the_record(cast: Cast) -> None:
    take_posts(cast, {})
    account = Account.objects.get(username="qinhai")
    assert b"13900010088" not in bytes(account.phone_sealed)
    assert phone_of(account, viewer=cast.ma_ruilin.viewer) == "13900010088"
    assert not any("13900010088" in str(entry.facts) or "秦海" in str(entry.facts) for entry in Entry.objects.all())
    assert opened(story(account.subject)[0]) == {"name": "秦海", "phone": "13900010088"}


def test_only_its_maker_sees_an_invitation_again_and_only_while_it_is_fresh(cast: Cast) -> None:
    _outcome, links = take_posts(cast, {})
    tokens = [links[0].token, "x" * 43]
    made = fresh_invitations(cast.ma_ruilin.viewer, tokens)
    assert [(token, one.account.username) for token, one in made] == [(links[0].token, "qinhai")]
    assert fresh_invitations(cast.ye_qing.viewer, tokens) == []
    assert code_of(lambda: fresh_invitations(cast.zhou_zhiyuan.viewer, tokens)) == "no-power"
    actions.redeem(links[0].token, by=PUBLIC, password="槐花开了满院香 2026")
    assert fresh_invitations(cast.ma_ruilin.viewer, tokens) == []


def test_a_table_of_posts_taken_in_twice_changes_nothing(cast: Cast) -> None:
    rows: list[dict[str, Any]] = [{}, {"岗位角色": "回访员", "起": "2026-11-01"}, {"账号": "tianyun", "姓名": "田芸"}]
    take_posts(cast, *rows)
    before = standing()
    outcome, links = take_posts(cast, *rows)
    assert (outcome.same, outcome.touched, links) == (3, False, [])
    assert standing() == before


def test_a_known_person_gets_another_post_and_no_link(cast: Cast) -> None:
    su_min = cast.su_min.account
    outcome, links = take_posts(cast, {"账号": "sumin", "姓名": "苏敏", "手机号": "", "岗位角色": "caller"})
    assert (outcome.people, links, su_min.posts.count()) == (0, [], 2)
    assert Account.objects.get(pk=su_min.pk).password == su_min.password


def test_a_person_with_two_rows_gets_one_account_and_two_posts(cast: Cast) -> None:
    _outcome, links = take_posts(cast, {}, {"岗位角色": "回访员", "手机号": ""})
    assert (len(links), Account.objects.get(username="qinhai").posts.count()) == (1, 2)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"账号": ""}, "username"),
        ({"账号": "秦海"}, "username"),
        ({"姓名": ""}, "name"),
        ({"姓名": "秦" * 41}, "name"),
        ({"手机号": "没有"}, "phone"),
        ({"单位编码": "nowhere"}, "unit"),
        ({"岗位角色": "皇帝"}, "code"),
        ({"岗位角色": ""}, "code"),
        ({"辖区": "月球"}, "reach"),
        ({"辖区": "临溪街道"}, ""),
        ({"辖区": "柳湾区"}, ""),
        ({"权限": "飞行"}, "powers"),
        ({"起": "明天"}, "since"),
        ({"起": "2027-03-01", "止": "2027-02-01"}, "until"),
        ({"止": "2026-11-01"}, "until"),
        ({"止": "1949-10-01"}, "until"),
    ],
)
def test_a_post_that_does_not_fit_makes_no_account_and_its_neighbour_lands(
    cast: Cast, cells: dict[str, str], field: str
) -> None:
    outcome, _links = take_posts(cast, cells, {"账号": "tianyun", "姓名": "田芸"})
    assert why(outcome) == [(2, field)]
    assert not Account.objects.filter(username="qinhai").exists()
    assert Account.objects.get(username="tianyun").posts.count() == 1


def test_nobody_appoints_oneself_or_somebody_disabled_by_a_table(cast: Cast) -> None:
    actions.disable(cast.su_min.account, by=SYSTEM)
    admin = cast.ma_ruilin
    rows = [{"账号": admin.account.username, "姓名": admin.name}, {"账号": "sumin", "姓名": "苏敏"}]
    outcome, links = take_posts(cast, *[{**row, "手机号": ""} for row in rows])
    assert ([bad.row for bad in outcome.refused], links) == ([2, 3], [])
    assert "不能给自己办" in outcome.refused[0].say
    assert "停用" in outcome.refused[1].say


def test_a_table_takes_nobodys_name_to_sign_in_with(cast: Cast) -> None:
    assert cast.su_min.name == "苏敏"
    other = cast.member("linxi-clerk", "高原", code="clerk", title="科员", reach=OTHER_STREET, powers=("view",))
    outcome, _links = take_posts(cast, {"账号": "sumin"}, {"账号": "linxi-clerk", "姓名": "高原"})
    assert [(bad.row, bad.field) for bad in outcome.refused] == [(2, "username"), (3, "username")]
    assert "高原" not in outcome.refused[1].say
    assert other.account.posts.count() == 1


def test_a_table_does_not_rewrite_a_person_or_a_post(cast: Cast) -> None:
    take_posts(cast, {})
    before = standing()
    outcome, _links = take_posts(
        cast, {"手机号": "13900010077"}, {"止": "2027-06-30"}, {"权限": "导出"}, {"岗位名称": "网格长"}
    )
    assert why(outcome)[0] == (2, "phone")
    assert [bad.row for bad in outcome.refused] == [2, 3, 4, 5]
    assert standing() == before


def test_rows_that_differ_about_one_person_are_listed(cast: Cast) -> None:
    outcome, _links = take_posts(
        cast,
        {},
        {"姓名": "秦海洋", "岗位角色": "回访员"},
        {"手机号": "13900010077", "岗位角色": "回访员"},
        {"权限": "导出"},
    )
    assert [bad.row for bad in outcome.refused] == [3, 4, 5]
    assert Account.objects.get(username="qinhai").posts.count() == 1


def test_powers_are_written_by_title_even_where_a_title_holds_the_dividing_sign(cast: Cast) -> None:
    take_posts(
        cast, {"权限": "看本辖区事项、管理区划、小区、网格；导入"}, {"岗位角色": "回访员", "权限": "view,intake"}
    )
    powers = dict(Post.objects.filter(account__username="qinhai").values_list("code", "powers"))
    assert powers == {"grid-worker": ["view", "import", "places"], "caller": ["view", "intake"]}


def test_a_row_that_gives_a_power_its_bringer_does_not_hold_is_listed(cast: Cast) -> None:
    outcome, _links = take_posts(
        cast, {"权限": "看本辖区事项；查看完整个人信息"}, {"岗位角色": "回访员", "权限": "view"}
    )
    assert [(bad.row, "查看完整个人信息" in bad.say) for bad in outcome.refused] == [(2, True)]
    assert [post.powers for post in Post.objects.filter(account__username="qinhai")] == [["view"]]


def test_dates_of_a_spreadsheet_are_days_of_the_house(cast: Cast) -> None:
    take_posts(cast, {"起": date(2026, 12, 1), "止": 46387.0})
    post = Post.objects.get(account__username="qinhai")
    assert post.since == datetime(2026, 12, 1, tzinfo=SHANGHAI).astimezone(UTC)
    assert post.until == datetime(2027, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize("cell", HOSTILE, ids=["formula", "sql", "html", "long", "emoji"])
@pytest.mark.parametrize("column", list(POST))
def test_a_hostile_cell_of_a_post_is_kept_as_text_or_listed(cast: Cast, column: str, cell: str) -> None:
    outcome, _links = take_posts(cast, {column: cell})
    account = Account.objects.filter(username="qinhai").first()
    if account is not None:
        assert (column, account.name) == ("姓名", cell)
    else:
        assert len(outcome.refused) == 1
        assert len(outcome.refused[0].say) < 700
        assert all(len(said) <= 700 for said in outcome.to_fix()[0].values())


@pytest.mark.parametrize("cell", HOSTILE, ids=["formula", "sql", "html", "long", "emoji"])
@pytest.mark.parametrize("column", list(UNIT))
def test_a_hostile_cell_of_a_unit_is_kept_as_text_or_listed(cast: Cast, column: str, cell: str) -> None:
    outcome = take_units(cast, {column: cell})
    unit = Unit.objects.filter(code="police").first()
    if unit is not None:
        assert (column, unit.title) == ("名称", cell)
    else:
        assert len(outcome.refused) == 1


def test_a_formula_of_a_workbook_is_never_worked_out_by_us(cast: Cast) -> None:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(UNIT))
        sheet.write_row(1, 0, list(UNIT.values()))
        sheet.write_formula(1, 1, '=HYPERLINK("http://example.org","x")', None, "柳湾派出所")
    kept.seek(0)
    import_units(rows_of(kept), by=cast.ma_ruilin.viewer, meanings=MEANINGS)
    assert Unit.objects.get(code="police").title == "柳湾派出所"


def test_a_table_without_a_needed_column_lists_its_rows(cast: Cast) -> None:
    outcome = import_units([{"编码": "x", "名称": "y"}], by=cast.ma_ruilin.viewer, meanings=MEANINGS)
    assert "类型" in outcome.refused[0].say


def test_a_table_that_is_too_long_is_refused_whole(cast: Cast) -> None:
    rows = [{**UNIT, "编码": f"u{number}"} for number in range(MOST_ROWS + 1)]
    before = standing()
    assert code_of(lambda: import_units(rows, by=SYSTEM, meanings=MEANINGS)) == "table-too-long"
    assert standing() == before


def test_a_table_that_fails_half_way_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cast.community_office.active
    admin = cast.ma_ruilin.viewer
    before = standing()

    def fall(*_given: Any, **_named: Any) -> Any:
        raise RuntimeError("the power went")

    monkeypatch.setattr("youying.access.actions.tables.link_row", fall)
    with pytest.raises(RuntimeError):
        import_posts([POST], by=admin, meanings=MEANINGS)
    assert standing() == before


def test_what_somebody_else_stored_meanwhile_refuses_the_whole_table(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.unit("police", title="柳湾派出所", kind="police-station", reach=STREET)
    before = len(Unit.objects.all())
    monkeypatch.setattr("youying.access.importing.by_many", lambda *_given: [])
    assert code_of(lambda: take_units(cast, {"编码": "first"}, {})) == "table-overtaken"
    assert len(Unit.objects.all()) == before


def test_five_thousand_posts_take_few_statements(cast: Cast, count_statements: Any) -> None:
    assert cast.community_office.active
    rows = [{**POST, "账号": f"worker{number}", "姓名": f"甲{number}"} for number in range(MOST_ROWS)]
    admin = cast.ma_ruilin.viewer
    with count_statements(at_most=400):
        outcome, links = import_posts(rows, by=admin, meanings=MEANINGS)
    assert (outcome.people, len(links), len({one.token for one in links})) == (MOST_ROWS, MOST_ROWS, MOST_ROWS)
    with count_statements(at_most=80):
        again = read_posts(rows, by=admin, meanings=MEANINGS).outcome
    assert (again.same, again.touched) == (MOST_ROWS, False)


def test_a_table_of_posts_names_no_unit_beyond_reach(cast: Cast) -> None:
    cast.unit("beside", title="临溪物业", kind="property-company", reach=OTHER_STREET)
    assert cast.housing.active
    outcome, links = take_posts(cast, {"单位编码": "beside"}, {"账号": "qinjiang", "单位编码": cast.housing.code})
    assert (why(outcome), links) == ([(2, "unit"), (3, "unit")], [])
    assert not Account.objects.filter(username__in=("qinhai", "qinjiang")).exists()
    above, _links = take_posts(cast, {"单位编码": cast.housing.code}, by=cast.ye_qing.viewer)
    assert above.refused == []
