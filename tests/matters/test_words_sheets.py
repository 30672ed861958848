"""Each word of sheets that is executed: said otherwise in the pack, the step takes something else, or nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import World, dispatched, in_hand, opened, photo
from tests.sheets.forms import ITEMS, items
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Ask, Matter
from youying.record import queries as record
from youying.record.models import Entry
from youying.sheets import queries
from youying.sheets.models import FilledSheet


def survey(table: dict[str, Any]) -> dict[str, Any]:
    """A form `survey` with these items, as a street would say it."""
    return {"sheet.survey": {"title": "勘查表", "items": table}}


def following(world: World, table: dict[str, Any], **act: Any) -> Matter:
    """A matter of a street with that form, whose act `try` asks for it unless it is said otherwise."""
    change(world, {**survey(table), **own_act(**({"verb": "step", "needs": ["sheet:survey"]} | act))})
    return opened(world).matter


def attempt(world: World, matter: Matter, **data: Any) -> Matter:
    return actions.act(matter.pk, "try", by=world.dispatcher, **data)


def refused(world: World, matter: Matter, **data: Any) -> Refused:
    with pytest.raises(Refused) as found:
        attempt(world, matter, **data)
    assert not FilledSheet.objects.filter(subject=matter.subject).exists()
    return found.value


def lines(world: World, matter: Matter) -> dict[str, queries.LineView]:
    return {line.code: line for line in queries.filled(world.dispatcher, matter.subject)[-1].lines}


@pytest.mark.word("sheet", "loop.acts.needs:sheet")
def test_a_step_that_needs_a_sheet_is_taken_with_it_and_not_without(world: World) -> None:
    matter = following(world, items("what", "came"))
    lack = refused(world, matter)
    assert (lack.field, lack.say) == ("sheet.what", "请填写“事由”。请填写“按时到场”。")
    attempt(world, matter, sheet={"what": "管道老化", "came": True})
    assert lines(world, matter)["what"].said == "管道老化"
    entries = list(Entry.objects.filter(subject=matter.subject).order_by("seq").values_list("act", flat=True))
    assert entries == ["open", "sheets.fill", "try"]


def test_the_same_step_without_the_word_takes_no_sheet(world: World) -> None:
    matter = following(world, items("what"), needs=[])
    assert refused(world, matter, sheet={"what": "管道老化"}).say == "这一步不用填表。"
    attempt(world, matter)


@pytest.mark.word("loop.acts.sheet")
def test_loop_acts_sheet_is_filled_in_with_the_step_each_time(world: World) -> None:
    matter = following(world, items("what"), needs=[], sheet="survey")
    assert refused(world, matter).field == "sheet.what"
    attempt(world, matter, sheet={"what": "头一回"})
    with pytest.raises(Refused, match="请填写“事由”"):
        attempt(world, matter)
    attempt(world, matter, sheet={"what": "第二回"})
    assert [view.current for view in queries.filled(world.dispatcher, matter.subject)] == [True, True]


@pytest.mark.word("sheet.items.must")
def test_sheet_items_must_false_may_stay_empty(world: World) -> None:
    matter = following(world, items("came", what={"title": "事由", "must": False}))
    assert refused(world, matter, sheet={"what": "好"}).field == "sheet.came"
    attempt(world, matter, sheet={"came": False})
    assert lines(world, matter)["what"].said == ""


@pytest.mark.word("sheet.items.mask")
def test_sheet_items_mask_covers_the_value_for_whoever_reads(world: World) -> None:
    table = items("what", income={"title": "收入", "mask": True})
    matter = following(world, table)
    attempt(world, matter, sheet={"what": "每月两千", "income": "每月两千"})
    assert (lines(world, matter)["what"].said, lines(world, matter)["income"].said) == ("每月两千", "已填，不显示")


@pytest.mark.word("sheet.items.unit")
def test_sheet_items_unit_stands_behind_the_number_and_says_what_is_below_zero(world: World) -> None:
    heads = following(world, items(n={"title": "读数", "type": "number", "unit": "人"}))
    assert refused(world, heads, sheet={"n": "-3"}).field == "sheet.n"
    cold = following(world, items(n={"title": "读数", "type": "number", "unit": "℃"}))
    attempt(world, cold, sheet={"n": "-3"})
    assert lines(world, cold)["n"].said == "-3℃"


@pytest.mark.word("sheet.items.type:choice")
def test_sheet_items_choices_are_what_may_be_chosen(world: World) -> None:
    matter = following(world, items("kind_of_paper"))
    assert refused(world, matter, sheet={"kind_of_paper": "扫描件"}).say == "“材料种类”请选：原件、复印件。"
    more = {"title": "材料种类", "type": "choice", "choices": ["原件", "扫描件"]}
    other = following(world, items(kind_of_paper=more))
    attempt(world, other, sheet={"kind_of_paper": "扫描件"})


BY_TYPE = [
    # type, taken by it, refused by it, how it is shown
    ("yes-no", True, "管道老化", "是"),
    ("number", "12.50", "管道老化", "12.5"),
    ("money", "1200", "管道老化", "1,200元"),
    ("text", "管道老化", ["x"], "管道老化"),
    ("date", "2026-11-20", "2026-13-01", "2026-11-20"),
    ("time", "9:30", "9:75", "09:30"),
    ("person", "陈桂芳", "名" * 61, "陈**"),
    ("place", "东门口", "处" * 121, "东门口"),
    ("phone", "13800000417", "417", "138****0417"),
]


@pytest.mark.word(
    "sheet.items.type:yes-no", "sheet.items.type:number", "sheet.items.type:money", "sheet.items.type:text",
    "sheet.items.type:date", "sheet.items.type:time", "sheet.items.type:person", "sheet.items.type:place",
    "sheet.items.type:phone",
)  # fmt: skip
@pytest.mark.parametrize(("kind", "good", "bad", "shown"), BY_TYPE)
def test_sheet_items_type_says_what_is_taken(world: World, kind: str, good: Any, bad: Any, shown: str) -> None:
    matter = following(world, items(one={"title": "一栏", "type": kind}))
    assert refused(world, matter, sheet={"one": bad}).field == "sheet.one"
    attempt(world, matter, sheet={"one": good})
    assert lines(world, matter)["one"].said == shown


@pytest.mark.word("sheet.items.type:file", "sheet.items.type:photo", "sheet.items.type:signature")
@pytest.mark.parametrize("kind", ["file", "photo", "signature"])
def test_sheet_items_type_of_a_file_takes_an_upload_that_becomes_the_matters(world: World, kind: str) -> None:
    matter = following(world, items(one={"title": "一栏", "type": kind}))
    assert refused(world, matter, sheet={"one": "写几个字"}).field == "sheet.one"
    token = photo(world.dispatcher)
    attempt(world, matter, sheet={"one": [token]})
    assert lines(world, matter)["one"].files == (token,)


@pytest.mark.word("sheet.items.points")
def test_sheet_items_points_are_what_the_unit_is_judged_by(world: World) -> None:
    effort = {"title": "成效", "type": "number", "points": 10}
    change(world, {**survey(items(effort=effort)), **own_act(verb="step", needs=["sheet:survey"])})
    matter = dispatched(world)
    assert refused(world, matter, sheet={"effort": "10.5"}).field == "sheet.effort"
    attempt(world, matter, sheet={"effort": "8"})
    unit = f"unit:{world.property_company.pk}"
    assert queries.average_points("survey", [unit])[unit].mean == Decimal(8)
    change(world, {**survey(items(effort={**effort, "points": 20})), **own_act(verb="step", needs=["sheet:survey"])})
    attempt(world, dispatched(world), sheet={"effort": "12"})
    assert queries.average_points("survey", [unit])[unit].total == Decimal(20)


def test_only_a_unit_that_had_the_matter_can_be_judged(world: World) -> None:
    effort = {"title": "成效", "type": "number", "points": 10}
    change(world, {**survey(items(effort=effort)), **own_act(verb="step", needs=["sheet:survey"])})
    matter = dispatched(world)
    assert refused(world, matter, sheet={"effort": "8"}, judged=world.office.pk).field == "judged"
    attempt(world, matter, sheet={"effort": "8"}, judged=world.property_company.pk)


# ------------------------------------------------------------------ the loop's own sheet
DEAL = items(
    "what", "deed", promise={"title": "容缺承诺", "type": "signature", "must": False},
    note={"title": "备注", "must": False},
)  # fmt: skip


def applying(world: World, *, loop_sheet: bool = True, sheet: dict[str, Any] | None = None, **acts: Any) -> Matter:
    """A demand of a street whose loop has the sheet `survey` of its own, come in with these items of it."""
    said = {**survey(DEAL), **{f"loop.demand.acts.{code}": act for code, act in acts.items()}}
    change(world, said | ({"loop.demand.sheet": "survey"} if loop_sheet else {}))
    need = NeedIn(
        kind="demand", text="要办继承过户", channel="qr", urgency="ordinary",
        reporters=(ReporterIn("陈桂芳", "13800000417"),), sheet=sheet or {},
    )  # fmt: skip
    return actions.open_matter(need, place=world.place, by=world.dispatcher).matter


STEP = {"verb": "step", "title": "受理", "from": ["received"], "by": ["dispatcher"]}
WHOLE = {**STEP, "needs": ["papers"]}
MISSING = {**STEP, "title": "容缺受理", "needs": ["sheet:survey", "due"]}


def accept(world: World, matter: Matter, act: str, **data: Any) -> Matter:
    return actions.act(matter.pk, act, by=world.dispatcher, **data)


@pytest.mark.word("loop.sheet")
def test_loop_sheet_is_filled_in_with_the_need_and_may_lack_something(world: World) -> None:
    matter = applying(world, sheet={"what": "继承"})
    view = queries.filled(world.dispatcher, matter.subject)[0]
    assert (view.act, view.lacking) == ("open", ("产权证",))
    acts = list(Entry.objects.filter(subject=matter.subject).order_by("seq").values_list("act", flat=True))
    assert acts == ["open", "sheets.fill"]


def test_a_loop_without_a_sheet_takes_none_with_the_need(world: World) -> None:
    with pytest.raises(Refused, match="不用填表"):
        applying(world, loop_sheet=False, sheet={"what": "继承"})
    assert not Matter.objects.exists()


@pytest.mark.word("loop.acts.needs:papers")
def test_loop_acts_needs_papers_waits_until_every_item_is_there(world: World) -> None:
    matter = applying(world, sheet={"what": "继承"}, whole=WHOLE)
    with pytest.raises(Refused, match="请附上“产权证”") as lack:
        accept(world, matter, "whole")
    assert lack.value.field == "sheet.deed"
    accept(world, matter, "whole", papers={"deed": [photo(world.dispatcher)]})
    first, second = queries.filled(world.dispatcher, matter.subject)
    assert (first.current, second.current, second.corrects, second.lacking) == (False, True, first.id, ())
    accept(world, matter, "whole")
    assert FilledSheet.objects.count() == 2


def test_papers_of_a_loop_without_a_sheet_are_files(world: World) -> None:
    matter = applying(world, loop_sheet=False, whole=WHOLE)
    with pytest.raises(Refused, match="请附上齐全的材料"):
        accept(world, matter, "whole")
    accept(world, matter, "whole", uploads=[photo(world.dispatcher)])


def test_with_papers_missing_somebody_must_sign_for_them_and_say_by_when(world: World) -> None:
    matter = applying(world, sheet={"what": "继承"}, missing=MISSING, whole=WHOLE)
    due = world.clock() + timedelta(days=9)
    with pytest.raises(Refused, match="产权证"):
        accept(world, matter, "missing", due_at=due)
    with pytest.raises(Refused, match="期限"):
        accept(world, matter, "missing", sheet={"promise": "name:陈桂芳"})
    accept(world, matter, "missing", due_at=due, sheet={"promise": "name:陈桂芳"})
    assert queries.filled(world.dispatcher, matter.subject)[-1].lacking == ("产权证",)
    with pytest.raises(Refused, match="产权证"):
        accept(world, matter, "whole")
    accept(world, matter, "whole", papers={"deed": [photo(world.dispatcher)]})


def test_an_item_of_the_loops_sheet_that_was_wrong_is_corrected_with_the_step(world: World) -> None:
    matter = applying(world, sheet={"what": "继承"}, whole=WHOLE)
    accept(world, matter, "whole", papers={"what": "赠与", "deed": [photo(world.dispatcher)]})
    assert lines(world, matter)["what"].said == "赠与"
    assert "sheets.correct" in Entry.objects.filter(subject=matter.subject).values_list("act", flat=True)


# ------------------------------------------------------------------ other proofs
@pytest.mark.word("loop.acts.needs:signature")
def test_loop_acts_needs_signature_drawn_or_typed_or_in_the_sheet(world: World) -> None:
    matter = following(world, items("signed"), needs=["signature"])
    assert refused(world, matter).field == "signature"
    assert refused(world, matter, signature="name:陈").field == "signature"
    attempt(world, matter, signature="name:陈桂芳")
    entry = Entry.objects.filter(subject=matter.subject).latest("seq")
    assert entry.facts["signed"] == "typed"
    assert "陈桂芳" not in str(entry.facts)
    assert record.opened(entry)["signature"] == "name:陈桂芳"
    attempt(world, matter, signature=photo(world.dispatcher))
    assert Entry.objects.filter(subject=matter.subject).latest("seq").facts["signed"] == "drawn"
    signing = following(world, items("signed"), needs=["signature"], sheet="survey")
    attempt(world, signing, sheet={"signed": "name:陈桂芳"})


@pytest.mark.word("loop.acts.needs:before-after")
def test_loop_acts_needs_before_after_asks_for_both_pictures(world: World) -> None:
    change(world, {"loop.demand.acts.complete.needs": ["before-after"]})
    matter = in_hand(world)
    after = [photo(world.manager)]
    with pytest.raises(Refused, match="办理前和办理后"):
        actions.act(matter.pk, "complete", by=world.manager, uploads=after)
    actions.act(matter.pk, "complete", by=world.manager, before=[photo(world.manager)], uploads=after)
    change(world, {"loop.demand.acts.complete.needs": ["photo"]})
    actions.act(in_hand(world).pk, "complete", by=world.manager, uploads=[photo(world.manager)])


def test_the_picture_that_came_with_the_need_is_the_one_before(world: World) -> None:
    change(world, {"loop.demand.acts.complete.needs": ["before-after"]})
    matter = opened(world, uploads=(photo(world.dispatcher),)).matter
    sent = {"unit": world.property_company.pk, "category": "utilities.drainage.blocked-drain"}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, **sent)
    actions.act(matter.pk, "accept", by=world.manager)
    with pytest.raises(Refused, match="请附办理后的照片"):
        actions.act(matter.pk, "complete", by=world.manager)
    actions.act(matter.pk, "complete", by=world.manager, uploads=[photo(world.manager)])


@pytest.mark.word("loop.acts.needs:place")
def test_loop_acts_needs_place_is_said_where_nobody_knows_it(world: World) -> None:
    change(world, own_act(verb="step", needs=["place"]))
    known = opened(world).matter
    attempt(world, known)
    vague = opened(world).matter
    Matter.objects.filter(pk=vague.pk).update(compound_id=None, longitude=None)
    assert refused(world, vague).field == "place"
    attempt(world, vague, place="东门口第二根电杆")
    entry = Entry.objects.filter(subject=vague.subject).latest("seq")
    assert record.opened(entry)["place"] == "东门口第二根电杆"


def test_a_step_that_waits_for_a_yes_brings_its_sheet_when_it_is_agreed_to(world: World) -> None:
    approve = {"by": ["street-leader"], "refused": "stay"}
    matter = following(world, items("what", "deed"), approve=approve)
    token = photo(world.dispatcher)
    attempt(world, matter, sheet={"what": "管道老化", "deed": [token]})
    assert not FilledSheet.objects.exists()
    actions.approve(Ask.objects.get(matter=matter).pk, by=world.leader)
    assert lines(world, matter)["deed"].files == (token,)
    assert ITEMS["deed"]["title"] == lines(world, matter)["deed"].title


def test_a_step_with_a_sheet_is_not_taken_back_with_one_tap(world: World) -> None:
    matter = following(world, items("what"), verb="judge")
    attempt(world, matter, sheet={"what": "管道老化"})
    with pytest.raises(Refused):
        actions.undo(matter.pk, by=world.dispatcher)


def test_a_sheet_that_is_refused_leaves_the_matter_as_it_was(world: World) -> None:
    matter = following(world, items("what", "deed"))
    refused(world, matter, sheet={"what": "管道老化", "deed": [photo(world.leader)]})
    matter.refresh_from_db()
    assert (matter.version, Entry.objects.filter(subject=matter.subject).count()) == (1, 1)
