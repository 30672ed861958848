"""A hotline export comes in: mapped, previewed, once, with its history, whatever the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.channels.hotline.world import HEADER, a_row, csv_file, importer, loaded, packed, taken, xlsx_file
from tests.matters import world as worlds
from youying.access.models import Unit
from youying.channels.hotline import queries
from youying.channels.hotline.actions import importing, loading
from youying.channels.hotline.models import Import, Mapping
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.actions import act, approve, open_matter
from youying.matters.models import Ask, Assignment, Clock, Matter, Reporter, Verdict
from youying.matters.replaying import differences
from youying.record.models import Entry
from youying.record.queries import opened, verify


def test_an_answered_row_comes_in_with_its_whole_history(world):
    row = loaded(world, csv_file([a_row()]))
    matter = Matter.objects.get()
    assert (row.opened, row.again, row.refused) == (1, 0, 0)
    assert (matter.channel, matter.external_id, matter.stage) == ("hotline", "G-1", "crossed-off")
    assert matter.opened_at.isoformat() == "2026-10-12T01:20:00+00:00"
    assert matter.completed_at.isoformat() == "2026-10-14T08:00:00+00:00"
    assert (matter.completed_on_time, matter.solved, matter.satisfaction) == (True, True, "满意")
    assert (matter.lead_id, matter.compound_id) == (world.property_company.pk, world.place.compound_id)
    assert [entry.act for entry in Entry.objects.filter(subject=matter.subject).order_by("seq")] == [
        "open", "dispatch", "complete", "verdict", "cross-off",
    ]  # fmt: skip
    assert all(entry.facts["imported"] for entry in Entry.objects.filter(subject=matter.subject))
    assert (Assignment.objects.count(), Verdict.objects.count(), Reporter.objects.count()) == (1, 1, 1)
    assert verify().ok


def test_the_reporter_is_sealed_and_the_words_are_masked(world):
    loaded(world, csv_file([a_row(诉求内容="路灯坏了，请打13900010001找我。")]))
    held = Reporter.objects.get()
    assert b"13900010001" not in bytes(held.contact_sealed)
    assert held.phone_index
    assert "13900010001" not in Matter.objects.get().words
    assert "13900010001" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_an_open_row_keeps_its_clocks_running(world):
    loaded(world, csv_file([a_row(答复意见="", 办结时间="", 是否解决="", 满意度="")]))
    matter = Matter.objects.get()
    assert (matter.stage, matter.completed_at) == ("dispatched", None)
    assert set(Clock.objects.filter(stopped_at=None).values_list("code", flat=True)) == {
        "accept",
        "contact",
        "complete",
    }


def test_the_system_itself_knows_every_unit(world):
    row = importing.start(csv_file([a_row()]), by=SYSTEM, area_path=world.town)
    importing.begin(row.pk, by=SYSTEM, in_job=False)
    loading.load(row.pk)
    assert Matter.objects.get().lead_id == world.property_company.pk


def test_an_unknown_unit_leaves_an_open_row_undispatched(world):
    loaded(world, csv_file([a_row(承办单位="某某公司", 答复意见="", 办结时间="", 是否解决="", 满意度="")]))
    assert (Matter.objects.get().stage, Clock.objects.count()) == ("received", 0)


def test_what_was_not_solved_is_taken_up_again_and_counted(world):
    loaded(world, csv_file([a_row(), a_row(工单编号="G-2", 是否解决="否", 满意度="不满意")]))
    solved, unsolved = Matter.objects.order_by("pk")
    assert (solved.stage, solved.reworks, solved.crossed_off) == ("crossed-off", 0, True)
    assert (unsolved.stage, unsolved.solved, unsolved.reworks) == ("in-hand", False, 1)
    assert (unsolved.completed, unsolved.waiting, unsolved.crossed_off) == (False, False, False)
    assert Verdict.objects.get(matter=unsolved).satisfaction == "不满意"
    acts = list(Entry.objects.filter(subject=unsolved.subject).order_by("seq").values_list("act", "actor_kind"))
    assert acts[-2:] == [("verdict", "post"), ("rework", "system")]
    again = Clock.objects.get(matter=unsolved, code="complete", stopped_at=None)
    assert (again.started_at, again.run) == (world.clock(), 2)
    assert unsolved.due_at == again.due_at > world.clock()
    assert differences(unsolved) == {}


@pytest.mark.parametrize("done, kept", [("2026-10-14 16:00", True), ("2026-10-16 16:01", False)])
def test_a_rows_own_target_becomes_a_given_clock(world, done, kept):
    file = csv_file([[*a_row(办结时间=done), "2026-10-15 12:00"]], header=[*HEADER, "办理期限"])
    loaded(world, file)
    clock = Clock.objects.get()
    assert clock.rule["within"] == "given"
    assert clock.due_at.isoformat() == "2026-10-15T04:00:00+00:00"
    assert Matter.objects.get().completed_on_time is kept


def test_an_open_rows_own_target_runs_on(world):
    row = [*a_row(答复意见="", 办结时间="", 是否解决="", 满意度=""), "2026-12-01 12:00"]
    loaded(world, csv_file([row], header=[*HEADER, "办理期限"]))
    clock = Clock.objects.get(code="complete")
    assert (clock.rule["within"], clock.stopped_at) == ("given", None)


@pytest.mark.parametrize(
    "file",
    [
        lambda rows: csv_file(rows),
        lambda rows: csv_file(rows, encoding="utf-8"),
        lambda rows: csv_file(rows, encoding="gb18030"),
        lambda rows: packed(csv_file(rows)),
        lambda rows: xlsx_file(rows),
    ],
    ids=["csv with mark", "csv", "csv in GB18030", "csv.gz", "xlsx"],
)
def test_every_kind_of_file_gives_the_same_matter(world, file):
    loaded(world, file([a_row()]))
    matter = Matter.objects.get()
    assert (matter.external_id, matter.words) == ("G-1", "杏林小区3号楼的路灯坏了一个星期，夜里看不见路。")


def test_the_same_file_twice_changes_nothing(world):
    rows = [a_row(), a_row(工单编号="G-2", 诉求内容="地下室返水，味道很大。")]
    loaded(world, csv_file(rows))
    before = Entry.objects.filter(subject__startswith="matter:").count()
    again = loaded(world, csv_file(rows))
    assert (again.opened, again.again, again.refused) == (0, 2, 0)
    assert Matter.objects.count() == 2
    assert Entry.objects.filter(subject__startswith="matter:").count() == before


def test_rows_without_a_number_are_known_by_their_content(world):
    header, row = HEADER[1:], a_row()[1:]
    loaded(world, csv_file([row], header=header))
    again = loaded(world, xlsx_file([row], header=header))
    assert (again.opened, again.again, Matter.objects.count()) == (0, 1, 1)


def test_equal_rows_in_one_file_come_in_once_and_a_number_used_twice_is_refused(world):
    other = a_row(诉求内容="另一件事：垃圾没有人清。")
    row = loaded(world, csv_file([a_row(), a_row(), other]))
    assert (row.opened, row.again, row.refused) == (1, 1, 1)
    finding = queries.findings(row, "refused")[0]
    assert (finding.line, finding.column) == (4, "工单编号")
    assert "与第2行相同" in finding.say


def test_every_bad_row_is_listed_with_its_cell_and_can_be_mended_and_taken_in_again(world):
    bad = [a_row(工单编号="G-2", 受理时间="上个月"), a_row(工单编号="G-3", 联系电话="电话不详")]
    row = loaded(world, csv_file([a_row(), *bad]))
    assert [(one.line, one.column) for one in queries.findings(row, "refused")] == [(3, "受理时间"), (4, "联系电话")]
    fixing = [[*cells, reason] for cells, reason in queries.to_fix(importer(world), row)]
    assert [cells[0] for cells in fixing] == ["G-2", "G-3"]
    assert all(cells[-1] for cells in fixing)
    mended = [cells[:1] + ["2026-10-12 09:20"] + cells[2:4] + ["13900010002"] + cells[5:] for cells in fixing]
    again = loaded(world, csv_file(mended, header=[*HEADER, "原因"]))
    assert (again.opened, again.refused) == (2, 0)


def test_a_mapping_is_corrected_by_a_person_and_remembered_by_name(world):
    header = ["编码", "时刻", "说了什么"]
    row = taken(world, csv_file([["A1", "2026-10-12 09:20", "楼道灯坏了好几天。"]], header=header))
    assert row.columns == {}
    by = importer(world)
    with pytest.raises(Refused) as refused:
        importing.begin(row.pk, by=by)
    assert refused.value.code == "column-needed"
    said = {"number": "编码", "opened_at": "时刻", "words": "说了什么"}
    importing.map_columns(row.pk, by=by, columns=said, remember="甲系统")
    importing.begin(row.pk, by=by)
    assert loading.load(row.pk).opened == 1
    assert Mapping.objects.get().name == "甲系统"
    next_one = taken(world, csv_file([["A2", "2026-10-13 09:20", "井盖松了。"]], header=header), mapping="甲系统")
    assert next_one.columns == said


def test_labels_that_the_street_does_not_know_are_matched_by_a_person(world):
    rows = [[*a_row(承办单位="市城管委", 三级分类="怪事"), "随手拍"]]
    row = taken(world, csv_file(rows, header=[*HEADER, "来源渠道"]))
    seen = queries.preview(importer(world), row)
    assert {name: [one.label for one in held] for name, held in seen.unknown.items() if held} == {
        "category": ["怪事"], "unit": ["市城管委"], "channel": ["随手拍"],
    }  # fmt: skip
    assert seen.rows[0].told is None
    labels = {
        "channel": {"随手拍": "wechat"},
        "unit": {"市城管委": str(world.office.pk)},
        "category": {"怪事": "utilities"},
    }
    importing.map_columns(row.pk, by=importer(world), columns=row.columns, labels=labels)
    importing.begin(row.pk, by=importer(world))
    assert loading.load(row.pk).opened == 1
    matter = Matter.objects.get()
    assert (matter.channel, matter.lead_id, matter.category) == ("wechat", world.office.pk, "utilities")


@pytest.mark.parametrize("strange", ["closed", "elsewhere", "999999", "abc", "-1"])
def test_a_label_is_given_only_to_a_unit_in_use_here(world, strange):
    made = {
        "closed": lambda: Unit.objects.create(code="gone", title="老市政所", reach=world.town, active=False),
        "elsewhere": lambda: Unit.objects.create(code="far", title="临溪市政所", reach="/99/9901/990102"),
    }
    unit = str(made[strange]().pk) if strange in made else strange
    row = taken(world, csv_file([a_row(承办单位="市城管委")]))
    labels = {"unit": {"市城管委": unit}}
    with pytest.raises(Refused, match="unknown-unit: “市城管委”选的承办单位不存在、已停用或不归这里管"):
        importing.map_columns(row.pk, by=importer(world), columns=row.columns, labels=labels)
    row.refresh_from_db()
    assert row.labels == {}


def test_a_unit_closed_since_it_was_remembered_is_asked_for_again(world):
    row = taken(world, csv_file([a_row(承办单位="市城管委")]))
    labels = {"unit": {"市城管委": str(world.office.pk)}}
    importing.map_columns(row.pk, by=importer(world), columns=row.columns, labels=labels)
    Unit.objects.filter(pk=world.office.pk).update(active=False)
    seen = queries.preview(importer(world), Import.objects.get(pk=row.pk))
    assert [one.label for one in seen.unknown["unit"]] == ["市城管委"]
    importing.begin(row.pk, by=importer(world))
    loading.load(row.pk)
    assert Matter.objects.get().lead_id != world.office.pk


def test_unknown_categories_become_local_ones_where_a_person_says_so(world):
    row = taken(world, csv_file([a_row(三级分类="窗台花盆")]))
    by = importer(world)
    with pytest.raises(Refused) as refused:
        importing.map_columns(row.pk, by=by, columns=row.columns, settings={"categories": "make"})
    assert refused.value.code == "no-power"
    may = type(by)(**{name: getattr(by, name) for name in by.__slots__} | {"powers": by.powers | {"texts"}})
    importing.map_columns(row.pk, by=may, columns=row.columns, settings={"categories": "make"})
    importing.begin(row.pk, by=may)
    loading.load(row.pk)
    assert Matter.objects.get().category.startswith("local-")


def test_the_preview_shows_what_the_first_rows_become_and_changes_nothing(world):
    row = taken(world, csv_file([a_row(工单编号=f"G-{n}") for n in range(30)]))
    seen = queries.preview(importer(world), row)
    assert (len(seen.rows), seen.looked_at, seen.bad) == (20, 30, 0)
    assert seen.rows[0].told.need.text.startswith("杏林小区3号楼")
    assert seen.rows[0].told.place.compound_id == world.place.compound_id
    assert Matter.objects.count() == 0


def test_the_preview_masks_whatever_is_personal_in_whatever_column_it_stands(world):
    rows = [
        a_row(诉求内容="陈桂芳来电13900010001，楼道灯坏了。", 事发地址="杏林小区3号楼501陈桂芳13900010001"),
        a_row(工单编号="13900010001", 受理时间="13900010001"),
    ]
    seen = queries.preview(importer(world), taken(world, csv_file(rows)))
    assert [one.told is None for one in seen.rows] == [False, True]
    for secret in ("陈桂芳", "13900010001"):
        assert secret not in str(seen.rows)


@pytest.mark.parametrize("powers", [{"import"}, {"import", "audit"}])
def test_an_import_is_nobodys_outside_its_place(world, powers):
    row = loaded(world, csv_file([a_row(受理时间="乱写")]))
    auditor = replace(importer(world), account_id=777, powers=frozenset({"import", "audit"}))
    assert queries.one_import(auditor, row.pk) == row
    assert queries.imports(auditor) == [row]
    elsewhere = replace(auditor, reach="/99/9901/990101/990101002", powers=frozenset(powers))
    assert queries.imports(elsewhere) == []
    moved = replace(importer(world), reach="/99/9901/990101/990101002")
    for viewer in (elsewhere, moved):
        with pytest.raises(Refused) as refused:
            queries.one_import(viewer, row.pk)
        assert refused.value.code == "not-found"


def test_the_rows_as_they_came_are_only_for_whoever_took_the_file(world):
    row = loaded(world, csv_file([a_row(受理时间="乱写")]))
    assert len(list(queries.to_fix(importer(world), row))) == 1
    auditor = replace(importer(world), account_id=777, powers=frozenset({"import", "audit", "unmask"}))
    with pytest.raises(Refused) as refused:
        list(queries.to_fix(auditor, row))
    assert refused.value.code == "not-your-file"


def test_what_somebody_else_is_still_mapping_is_not_shown(world):
    row = taken(world, csv_file([a_row()]))
    auditor = replace(importer(world), account_id=777, powers=frozenset({"import", "audit"}))
    assert queries.imports(auditor) == []
    for look in (lambda: queries.one_import(auditor, row.pk), lambda: queries.preview(auditor, row)):
        with pytest.raises(Refused) as refused:
            look()
        assert refused.value.code == "not-found"


def test_times_are_read_in_the_zone_of_the_file(world):
    row = taken(world, csv_file([a_row()]))
    importing.map_columns(row.pk, by=importer(world), columns=row.columns, settings={"zone": "America/New_York"})
    importing.begin(row.pk, by=importer(world))
    loading.load(row.pk)
    assert Matter.objects.get().opened_at.isoformat() == "2026-10-12T13:20:00+00:00"


@pytest.mark.parametrize("on_time", ["是", ""])
def test_a_day_that_is_over_in_the_places_own_zone_keeps_only_its_row_out(world, on_time):
    header = (*HEADER, "办理期限", "是否按时")
    late = [*a_row(**{**OPEN, "受理时间": "2026-10-12 23:30"}), "2026-10-12", on_time]
    other = [*a_row(**{**OPEN, "工单编号": "G-2"}), "2026-10-14", on_time]
    row = taken(world, csv_file([late, other], header=header))
    importing.map_columns(row.pk, by=importer(world), columns=row.columns, settings={"zone": "Asia/Urumqi"})
    seen = queries.preview(importer(world), Import.objects.get(pk=row.pk))
    importing.begin(row.pk, by=importer(world))
    row = loading.load(row.pk)
    assert (row.opened, row.refused, seen.bad) == (1, 1, 1)
    [listed] = queries.findings(row, "refused")
    assert (listed.line, listed.column) == (2, "办理期限")
    assert "早于来电时间" in listed.say


def test_near_equal_rows_are_listed_and_both_stay(world):
    text = "和平路与建设街交叉口的路灯坏了一个多星期，晚上一片漆黑，老人孩子走路很危险，请尽快来修。"
    rows = [
        a_row(),
        a_row(工单编号="G-2", 诉求内容=text),
        a_row(工单编号="G-3", 诉求内容=text.replace("请尽快", "麻烦尽快")),
    ]
    row = loaded(world, csv_file(rows))
    pair = queries.pairs(world.dispatcher, row)[0]
    assert {pair.one.external_id, pair.other.external_id} == {"G-2", "G-3"}
    assert (row.alike, Matter.objects.count()) == (1, 3)


def test_nobody_without_the_power_or_outside_its_reach_imports(world):
    with pytest.raises(Refused) as refused:
        importing.start(csv_file([a_row()]), by=world.worker, area_path=world.community)
    assert refused.value.code == "no-power"
    with pytest.raises(Refused) as refused:
        importing.start(csv_file([a_row()]), by=importer(world), area_path=world.town.rpartition("/")[0])
    assert refused.value.code == "out-of-reach"


def test_an_import_tells_its_own_story(world):
    row = taken(world, csv_file([a_row()]))
    importing.map_columns(row.pk, by=importer(world), columns=row.columns)
    importing.begin(row.pk, by=importer(world))
    loading.load(row.pk)
    told = list(Entry.objects.filter(subject=row.subject).order_by("seq").values_list("act", flat=True))
    assert told == [
        "hotline.take-file", "hotline.map", "hotline.begin-import", "hotline.load-batch", "hotline.finish-import",
    ]  # fmt: skip
    assert loading.load(row.pk).opened == 1
    assert Entry.objects.filter(subject=row.subject).count() == len(told)


def test_an_import_that_was_begun_or_dropped_is_not_changed_again(world):
    row = taken(world, csv_file([a_row()]))
    importing.drop(row.pk, by=importer(world))
    with pytest.raises(Refused) as refused:
        importing.begin(row.pk, by=importer(world))
    assert refused.value.code == "import-begun"
    assert Import.objects.get().state == "dropped"


OPEN = {"办结时间": "", "答复意见": "", "是否解决": "", "满意度": ""}


def test_another_need_under_a_used_number_is_listed_and_never_dropped(world):
    loaded(world, csv_file([a_row(工单编号="G-1", **OPEN)]))
    held = Matter.objects.get()
    other = a_row(工单编号="G-1", 诉求内容="幼儿园门口的井盖丢了，孩子会掉下去。", **OPEN)
    later = a_row(工单编号="G-1", 受理时间="2026-11-02 09:20", **OPEN)
    for strange in (other, later):
        row = loaded(world, csv_file([strange]))
        assert (row.opened, row.again, row.followed, row.refused) == (0, 0, 0, 1)
        finding = queries.findings(row, "refused")[0]
        assert finding.column == "工单编号"
        assert f"在库里是另一件事（{held.number}）" in finding.say
        assert [cells[0] for cells, _ in queries.to_fix(importer(world), row)] == ["G-1"]
    assert Matter.objects.count() == 1


def test_a_later_export_with_the_reply_completes_the_matter(world):
    first = loaded(world, csv_file([a_row(**OPEN), a_row(工单编号="G-2", **OPEN)]))
    assert (first.opened, Matter.objects.filter(stage="dispatched").count()) == (2, 2)
    answered = csv_file([a_row(), a_row(工单编号="G-2", 是否解决="否", 满意度="不满意")])
    row = loaded(world, answered)
    assert (row.opened, row.again, row.followed, row.refused) == (0, 0, 2, 0)
    solved, unsolved = Matter.objects.order_by("pk")
    assert (solved.stage, solved.solved, solved.satisfaction) == ("crossed-off", True, "满意")
    assert solved.completed_at.isoformat() == "2026-10-14T08:00:00+00:00"
    assert (solved.completed_on_time, solved.running, solved.due_at) == (True, 0, None)
    assert (unsolved.stage, unsolved.reworks, unsolved.completed) == ("in-hand", 1, False)
    entries = list(Entry.objects.filter(subject=solved.subject).order_by("seq"))
    assert [entry.act for entry in entries] == ["open", "dispatch", "complete", "verdict", "cross-off"]
    assert opened(entries[2])["note"] == "已换新灯头，当晚亮灯。"
    assert all(entry.facts["imported"] for entry in entries)
    assert [differences(matter) for matter in (solved, unsolved)] == [{}, {}]
    before = picture()
    answered.seek(0)
    again = loaded(world, answered)
    assert (again.opened, again.again, again.followed, again.refused) == (0, 2, 0, 0)
    assert picture() == before
    assert verify().ok


def picture():
    """Every matter with its version, and how many entries, clocks and verdicts there are of matters."""
    entries = Entry.objects.filter(subject__startswith="matter:").count()
    return list(Matter.objects.order_by("pk").values()), entries, Clock.objects.count(), Verdict.objects.count()


def test_news_of_a_matter_that_went_its_own_way_is_listed_with_the_reason(world):
    loaded(world, csv_file([a_row(**OPEN)]))
    matter = Matter.objects.get()
    act(matter.pk, "accept", by=world.manager)
    act(matter.pk, "contact", by=world.manager, note="已联系")
    due = world.clock() + timedelta(days=30)
    act(matter.pk, "park", by=world.manager, reason="conditions", scheme="开春再修", due_at=due)
    for _ in ("while it is asked", "when it is parked"):
        before = picture()
        row = loaded(world, csv_file([a_row()]))
        assert (row.again, row.followed, row.refused) == (0, 0, 1)
        assert f"已在库中（{matter.number}，现在“" in queries.findings(row, "refused")[0].say
        assert picture() == before
        for ask in Ask.objects.filter(answer=""):
            approve(ask.pk, by=world.leader)


def test_a_plain_serial_is_one_need_in_each_area_it_is_imported_for(world):
    def brought(area, **cells):
        by = importer(world)
        row = importing.start(csv_file([a_row(工单编号="1", **cells)]), by=by, area_path=area)
        importing.begin(row.pk, by=by)
        return loading.load(row.pk)

    assert brought(world.town, **OPEN).opened == 1
    assert brought(world.community, 诉求内容="井盖丢了，孩子会掉下去。", **OPEN).opened == 1
    assert brought(world.town, **OPEN).again == 1
    codes = [area.rpartition("/")[2] for area in (world.town, world.community)]
    assert set(Matter.objects.values_list("external_id", flat=True)) == {f"{code}#{1}" for code in codes}


def test_a_number_taken_by_another_way_in_is_named(world):
    need = worlds.need(channel="hotline")
    held = open_matter(replace(need, external_id="G-1"), place=world.place, by=world.dispatcher).matter
    row = loaded(world, csv_file([a_row()]))
    assert (row.opened, row.refused) == (0, 1)
    assert f"已由别的途径登记（{held.number}）" in queries.findings(row, "refused")[0].say
