"""A whole and its parts: opened in order, waited for, refused, dropped, given anew, ended with their whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.matters.changing import change, own_act
from tests.matters.jointly import BODIES, all_done, child, do_part, forwarded, joint_street, part, states, unit
from tests.matters.world import CATEGORY, World, completed, dispatched
from youying.access.models import Unit
from youying.editions.actions import import_directory
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.facts import situation_of
from youying.matters.models import Ask, Assignment, Matter, Part
from youying.matters.replaying import differences
from youying.matters.rules import sees
from youying.record.models import Entry


@pytest.fixture
def joint(world: World) -> World:
    """The street with a window, a notary, a registry and a tax office."""
    return joint_street(world)


def test_forwarding_opens_what_waits_for_nothing_and_lets_the_rest_wait(joint: World) -> None:
    matter = forwarded(joint)
    assert states(matter) == {
        "notarise": "running", "assess-tax": "running", "pay-tax": "waiting", "register-deed": "waiting",
    }  # fmt: skip
    below = child(matter, "notarise")
    assert (below.kind, below.loop, below.stage) == ("commitment", "commitment", "given")
    assert (below.parent_id, below.lead_id, below.place_path) == (matter.pk, unit(joint.notary), matter.place_path)
    assert below.due_clock == "complete" and below.due_at is not None
    assert (matter.parts_done, queries.progress(matter).done, queries.progress(matter).total) == (False, 0, 4)


def test_when_a_part_is_done_what_waited_for_it_opens_at_once(joint: World) -> None:
    matter = forwarded(joint)
    do_part(joint, matter, "notarise")
    assert states(matter)["pay-tax"] == "waiting"
    do_part(joint, matter, "assess-tax")
    assert (states(matter)["pay-tax"], states(matter)["register-deed"]) == ("running", "waiting")


def test_when_all_parts_are_done_the_whole_moves_on_by_itself_once(joint: World) -> None:
    matter = all_done(joint, forwarded(joint))
    assert (matter.stage, matter.parts_done, matter.completed_on_time) == ("ready", True, True)
    acts = list(Entry.objects.filter(subject=matter.subject).order_by("seq").values_list("act", flat=True))
    assert acts == ["open", "sheets.fill", "accept", "forward", "part", "part", "part", "part", "finish"]
    assert differences(matter) == {}
    assert all(differences(child(matter, code)) == {} for code in states(matter))


def test_a_part_that_is_refused_keeps_the_others_waiting_and_the_whole_is_told(joint: World) -> None:
    matter = forwarded(joint)
    actions.act(child(matter, "notarise").pk, "decline", by=joint.notary, reason="not-lawful", note="继承人还有争议")
    do_part(joint, matter, "assess-tax")
    assert (states(matter)["notarise"], states(matter)["pay-tax"]) == ("refused", "waiting")
    entry = Entry.objects.filter(subject=matter.subject, act="part").order_by("seq").first()
    assert entry is not None and entry.facts["state"] == "refused"
    assert part(matter, "notarise").reason == "not-lawful"


def test_a_body_that_refuses_on_the_whole_ends_its_own_part_only(joint: World) -> None:
    matter = forwarded(joint)
    matter = actions.act(matter.pk, "part-refused", by=joint.notary, reason="not-lawful", note="材料与登记不符")
    assert (matter.stage, states(matter)["notarise"], states(matter)["assess-tax"]) == ("asked", "refused", "running")
    assert child(matter, "notarise").ended_at is not None


@pytest.mark.parametrize(("says_no", "state"), [("registry", "refused"), ("notary", "running")])
def test_a_part_is_refused_by_whoever_has_it_now(joint: World, says_no: str, state: str) -> None:
    matter = forwarded(joint)
    below = child(matter, "notarise")
    actions.act(below.pk, "hand-back", by=joint.notary, reason="not-ours", note="不是本处辖区")
    actions.act(below.pk, "dispatch", by=joint.window, unit=unit(joint.registry))
    assert [line.owner for line in queries.progress(matter).lines if line.code == "notarise"] == [BODIES["registry"]]
    by = joint.people[says_no]
    matter = actions.act(matter.pk, "part-refused", by=by, reason="not-lawful", note="材料与登记不符")
    assert (states(matter)["notarise"], states(matter)["assess-tax"]) == (state, "running")


def test_whoever_has_no_unit_refuses_no_part_that_no_unit_has(joint: World) -> None:
    said = {"loop.joint.acts.part-refused.by": ["window"], "loop.joint.parts.notarise.to": "secretary"}
    change(joint, said, code="m33")
    matter = forwarded(joint)
    matter = actions.act(matter.pk, "part-refused", by=joint.window, reason="not-lawful", note="材料与登记不符")
    assert states(matter)["notarise"] == "running"


def test_forwarded_again_what_was_refused_is_opened_anew_and_what_runs_goes_on(joint: World) -> None:
    matter = forwarded(joint)
    running = part(matter, "assess-tax").child_id
    matter = actions.act(matter.pk, "part-refused", by=joint.notary, reason="not-lawful", note="材料与登记不符")
    matter = forwarded(joint, actions.act(matter.pk, "accept", by=joint.window))
    assert [row.state for row in Part.objects.filter(matter=matter, code="notarise").order_by("pk")] == [
        "refused", "running",
    ]  # fmt: skip
    assert part(matter, "assess-tax").child_id == running


def test_a_whole_that_is_withdrawn_ends_its_open_parts_and_says_so(joint: World) -> None:
    matter = forwarded(joint)
    do_part(joint, matter, "assess-tax")
    matter = actions.act(matter.pk, "withdraw", by=joint.window, reason="withdrawn")
    assert states(matter) == {
        "notarise": "dropped", "assess-tax": "done", "pay-tax": "dropped", "register-deed": "dropped",
    }  # fmt: skip
    below = child(matter, "notarise")
    assert (below.stage, below.end_reason, below.crossed_off) == ("off", "withdrawn", False)
    assert differences(below) == {} and not below.running


def test_a_part_past_its_deadline_shows_on_the_whole(joint: World) -> None:
    matter = forwarded(joint)
    assert queries.progress(matter).late == 0
    joint.clock.forward(days=30)
    actions.sweep()
    assert [line.code for line in queries.progress(matter).lines if line.late] == ["notarise", "assess-tax"]


def test_what_a_part_waits_for_is_said_by_its_title(joint: World) -> None:
    matter = forwarded(joint)
    do_part(joint, matter, "notarise")
    said = {line.code: line.say for line in queries.progress(matter).lines}
    assert (said["pay-tax"], said["register-deed"]) == ("等核税", "等缴税")


def test_a_dropped_part_is_waited_for_no_longer(joint: World) -> None:
    matter = forwarded(joint)
    actions.drop_part(matter.pk, "notarise", by=joint.window, note="遗嘱已公证过，不用再办")
    do_part(joint, matter, "assess-tax")
    assert (states(matter)["notarise"], states(matter)["pay-tax"]) == ("dropped", "running")
    assert child(matter, "notarise").ended_at is not None


def test_only_whoever_listed_the_parts_drops_one(joint: World) -> None:
    matter = forwarded(joint)
    with pytest.raises(Refused, match="not-yours"):
        actions.drop_part(matter.pk, "notarise", by=joint.tax, note="不用再办")
    assert states(matter)["notarise"] == "running"


def test_a_refused_part_is_given_to_another_unit(joint: World) -> None:
    matter = forwarded(joint)
    actions.act(child(matter, "notarise").pk, "decline", by=joint.notary, reason="not-lawful", note="超出本处辖区")
    actions.give_part(matter.pk, "notarise", by=joint.window, unit=unit(joint.registry), note="改由登记中心一并核验")
    assert (states(matter)["notarise"], part(matter, "notarise").unit_id) == ("running", unit(joint.registry))


def test_what_waits_for_a_part_goes_on_waiting_when_it_is_given_to_another_unit(joint: World) -> None:
    matter = forwarded(joint)
    do_part(joint, matter, "assess-tax")
    actions.give_part(matter.pk, "notarise", by=joint.window, unit=unit(joint.registry), note="改由登记中心办")
    assert (states(matter)["notarise"], states(matter)["pay-tax"]) == ("running", "waiting")
    do_part(joint, matter, "notarise")
    assert states(matter)["pay-tax"] == "running"


def test_a_part_given_on_without_a_day_has_as_long_as_the_unit_before_it_was_given(joint: World) -> None:
    change(joint, {"loop.joint.adds_parts": ["forward"]}, code="m33")
    due = joint.clock() + timedelta(days=4)
    matter = forwarded(joint, parts=[{"title": "供水过户", "unit": unit(joint.registry), "due_at": due}])
    code = Part.objects.get(matter=matter, title="供水过户").code
    joint.clock.forward(days=3)
    actions.give_part(matter.pk, code, by=joint.window, unit=unit(joint.tax), note="改由税务一并办")
    below = child(matter, code)
    assert (below.lead_id, below.due_at) == (unit(joint.tax), joint.clock() + timedelta(days=4))


def elsewhere(joint: World, **said: Any) -> int:
    """A unit that may not have a part here: closed, or of another province."""
    return Unit.objects.create(**{"code": "far", "title": "外省公证处", "kind": "notary", "reach": "/88", **said}).pk


NOT_HERE = {"closed": "unknown-unit", "far": "unit-elsewhere", "none": "unknown-unit", "forgotten": "needs-unit"}


def strange(joint: World, which: str) -> Any:
    """A unit that cannot have a part of this street's matters."""
    if which == "closed":
        return elsewhere(joint, reach=joint.town, active=False)
    return elsewhere(joint) if which == "far" else {"none": 999_999, "forgotten": ""}[which]


@pytest.mark.parametrize(("which", "code"), NOT_HERE.items())
def test_a_part_is_given_to_no_unit_that_may_not_have_it(joint: World, which: str, code: str) -> None:
    matter = forwarded(joint)
    with pytest.raises(Refused) as refused:
        actions.give_part(matter.pk, "notarise", by=joint.window, unit=strange(joint, which), note="改由别处办理")
    assert (refused.value.code, refused.value.field) == (code, "unit")
    assert states(matter)["notarise"] == "running"


@pytest.mark.parametrize(("which", "code"), {**NOT_HERE, "forgotten": "needs-part-unit"}.items())
def test_a_written_part_is_given_to_no_unit_that_may_not_have_it(joint: World, which: str, code: str) -> None:
    change(joint, {"loop.joint.adds_parts": ["forward"]}, code="m33")
    with pytest.raises(Refused, match=code):
        forwarded(joint, parts=[{"title": "供水过户", "unit": strange(joint, which)}])


@pytest.mark.parametrize("listed", [True, False])
def test_what_the_directory_never_gives_to_a_unit_is_no_part_of_that_unit_either(world: World, listed: bool) -> None:
    with_a_part(world, **{"loop.demand.adds_parts": ["try"], **own_act(verb="judge", needs=["note"])})
    told = {"category": CATEGORY, "unit": world.property_company.title, "not_to": world.office.title}
    matter = dispatched(world)
    world.clock.forward(seconds=1)
    assert import_directory(world.town, rows=[told], by=SYSTEM).refused == []
    world.clock.forward(seconds=1)
    with pytest.raises(Refused, match="directory-not-to"):
        if listed:
            actions.act(actions.act(matter.pk, "accept", by=world.manager).pk, "try", by=world.dispatcher, note="分给社区",
                        parts=[{"title": "逐户排查二", "unit": world.office.pk}])  # fmt: skip
        else:
            actions.give_part(matter.pk, "check", by=world.dispatcher, unit=world.office.pk, note="还是社区来")


def test_the_last_open_part_dropped_lets_the_whole_move_on(joint: World) -> None:
    matter = forwarded(joint)
    for code in ("notarise", "assess-tax", "pay-tax"):
        matter = do_part(joint, matter, code)
    actions.drop_part(matter.pk, "register-deed", by=joint.window, note="本人要求暂不登记")
    assert Matter.objects.get(pk=matter.pk).stage == "ready"


def test_a_part_handed_back_stays_a_part_and_goes_to_another_unit(joint: World) -> None:
    matter = forwarded(joint)
    below = child(matter, "notarise")
    actions.act(below.pk, "hand-back", by=joint.notary, reason="not-ours", note="不是本处辖区")
    below = actions.act(below.pk, "dispatch", by=joint.window, unit=unit(joint.registry))
    assert (below.lead_id, states(matter)["notarise"]) == (unit(joint.registry), "running")
    assert do_part(joint, matter, "notarise").parts_done is False
    assert states(matter)["notarise"] == "done"


def test_a_part_goes_to_another_unit_by_its_very_first_step(joint: World) -> None:
    matter = forwarded(joint)
    below = actions.act(child(matter, "notarise").pk, "dispatch", by=joint.window, unit=unit(joint.registry))
    held = Assignment.objects.filter(matter=below, role="lead").order_by("pk")
    assert [(row.unit_id, row.until is None) for row in held] == [
        (unit(joint.notary), False), (unit(joint.registry), True),
    ]  # fmt: skip


def test_a_part_is_not_checked_by_whoever_did_it(joint: World) -> None:
    below = child(forwarded(joint), "notarise")
    actions.act(below.pk, "complete", by=joint.notary, note="办好了")
    with pytest.raises(Refused, match="not-yours"):
        actions.act(below.pk, "recheck", by=joint.notary, passed=True)


def test_a_step_that_opened_parts_is_not_taken_back(joint: World) -> None:
    matter = forwarded(joint)
    with pytest.raises(Refused, match="not-undoable"):
        actions.undo(matter.pk, by=joint.window)


def test_deadlines_of_parts_are_those_the_pack_gives_unless_one_is_chosen(joint: World) -> None:
    due = joint.clock() + timedelta(days=2)
    matter = forwarded(joint, parts=[{"code": "notarise", "due_at": due}])
    assert child(matter, "notarise").due_at == due
    assert child(matter, "assess-tax").due_at != due


def test_a_part_whose_day_is_over_before_it_begins_has_its_period_from_then_on(joint: World) -> None:
    matter = forwarded(joint, parts=[{"code": "pay-tax", "due_at": joint.clock() + timedelta(days=2)}])
    joint.clock.forward(days=3)
    do_part(joint, matter, "notarise")
    do_part(joint, matter, "assess-tax")
    assert states(matter)["pay-tax"] == "running"
    due = child(matter, "pay-tax").due_at
    assert due is not None and due > joint.clock() + timedelta(days=1)
    entry = Entry.objects.filter(subject=matter.subject, act="part").order_by("seq").last()
    assert entry is not None and [one["code"] for one in entry.facts["due_past"]] == ["pay-tax"]


def test_a_part_without_a_period_whose_day_is_over_before_it_begins_is_late_from_the_start(joint: World) -> None:
    change(joint, {"loop.joint.adds_parts": ["forward"]}, code="m33")
    due, registry = joint.clock() + timedelta(days=2), unit(joint.registry)
    said = {"title": "领新证", "unit": registry, "after": ["notarise"], "due_at": due}
    matter = forwarded(joint, parts=[said])
    joint.clock.forward(days=3)
    do_part(joint, matter, "notarise")
    joint.clock.forward(seconds=60)
    actions.sweep()
    assert (child(matter, "p1").overdue, differences(child(matter, "p1"))) == (True, {})
    assert [line.code for line in queries.progress(matter).lines if line.number and line.late] == ["p1"]


def narrow(joint: World, name: str):
    """Somebody at a body's counter whose post reaches no place: only the part lets them in."""
    return replace(joint.people[name], reach="/none")


def test_papers_handed_in_once_are_seen_by_each_body_while_it_has_a_part_and_by_nobody_else(joint: World) -> None:
    matter = forwarded(joint, joint=[])
    tax, registry = narrow(joint, "tax"), narrow(joint, "registry")
    assert [view.title for view in queries.papers_of(tax, child(matter, "assess-tax"))] == ["一次收齐材料"]
    with pytest.raises(Refused, match="not-found"):
        queries.papers_of(registry, matter)
    actions.act(child(matter, "assess-tax").pk, "decline", by=joint.tax, reason="not-lawful", note="超出本所辖区")
    with pytest.raises(Refused, match="not-found"):
        queries.papers_of(tax, matter)


def with_a_part(world: World, **said: object) -> World:
    """A street whose demands are divided at the dispatch: the community office checks the other homes."""
    part_said = {"title": "逐户排查", "to": "community-office", "within": "3 working-days"}
    change(world, {"loop.demand.parts_on": "dispatch", "loop.demand.parts": {"check": part_said}, **said})
    return world


def test_a_whole_crossed_off_by_silence_leaves_no_part_open(world: World) -> None:
    matter = completed(with_a_part(world))
    for _ in range(3):
        world.clock.forward(days=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
    world.clock.forward(days=10)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, states(matter)["check"]) == (True, "dropped")
    assert child(matter, "check").ended_at == matter.ended_at
    assert differences(matter) == {} and differences(child(matter, "check")) == {}


def test_a_whole_taken_up_again_waits_no_longer_for_what_was_dropped_with_it(world: World) -> None:
    matter = completed(with_a_part(world))
    actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    matter = actions.reopen(matter.pk, by=world.caller, words="又返水了，请再来看看。")
    assert (matter.parts_done, states(matter)["check"]) == (None, "dropped")


def test_the_parts_of_a_merged_whole_live_on_under_the_other(world: World) -> None:
    with_a_part(world)
    one, other = dispatched(world), dispatched(world)
    moved = child(one, "check")
    actions.act(one.pk, "merge", by=world.dispatcher, into=other.number)
    other.refresh_from_db()
    assert [line.state for line in queries.progress(other).lines] == ["running", "running"]
    assert (child(other, f"check-{one.pk}").pk, queries.progress(one).total) == (moved.pk, 0)
    assert all(differences(Matter.objects.get(pk=key)) == {} for key in (one.pk, other.pk, moved.pk))
    actions.act(moved.pk, "complete", by=world.secretary, note="逐户看过了")
    actions.act(moved.pk, "recheck", by=world.dispatcher, passed=True)
    assert queries.progress(other).done == 1


def test_parts_of_parts_end_with_the_outermost_whole(world: World) -> None:
    with_a_part(world, **{"loop.commitment.adds_parts": ["step"]})
    whole = dispatched(world)
    below = child(whole, "check")
    actions.act(below.pk, "accept", by=world.secretary)
    more = [{"title": "三单元", "unit": world.property_company.pk}, {"title": "四单元", "unit": world.office.pk}]
    actions.act(below.pk, "step", by=world.secretary, note="分两家看", parts=more)
    deepest = child(below, "p1")
    with pytest.raises(Refused, match="parts-too-deep"):
        actions.act(deepest.pk, "accept", by=world.manager)
        actions.act(deepest.pk, "step", by=world.manager, note="再分", parts=more)
    actions.act(whole.pk, "accept", by=world.manager)
    actions.act(whole.pk, "end", by=world.dispatcher, reason="withdrawn", note="住户不要了")
    actions.approve(Ask.objects.get(matter=whole, answer="").pk, by=world.leader)
    assert not Matter.objects.filter(pk__in=[whole.pk, below.pk, deepest.pk], ended_at__isnull=True).exists()


AN_ACT, A_CHILD = 10, 9
"""Statements of an act, and of each matter that it opens besides."""


@pytest.mark.parametrize("more", [0, 2])
def test_an_act_on_a_whole_costs_no_more_for_the_parts_it_has(joint: World, count_statements, more: int) -> None:
    said = [{"title": f"第{n}份材料核验", "unit": unit(joint.registry)} for n in range(more)]
    change(joint, {"loop.joint.adds_parts": ["forward"]}, code="m33")
    matter = forwarded(joint, parts=said)
    with count_statements(at_most=AN_ACT):
        actions.act(matter.pk, "supervise", by=replace(joint.window, post_code="county-leader"), note="请抓紧")


def test_a_part_that_frees_another_stays_within_its_budget(joint: World, count_statements) -> None:
    matter = do_part(joint, forwarded(joint), "notarise")
    below = child(matter, "assess-tax")
    actions.act(below.pk, "complete", by=joint.tax, note="已经核好")
    with count_statements(at_most=AN_ACT * 3 // 2 + A_CHILD):
        actions.act(below.pk, "recheck", by=joint.window, passed=True)


def test_the_unit_that_has_the_whole_finds_its_parts_in_its_lists_and_nobody_else_does(joint: World) -> None:
    below = child(forwarded(joint, joint=[]), "assess-tax")
    for name, listed in (("notary", True), ("registry", False)):
        viewer = replace(joint.people[name], reach="/none", powers=frozenset({"view"}))
        found = {row.number for row in queries.worklist(viewer, queries.Filters(state="all")).rows}
        assert (below.number in found, sees(viewer, situation_of(below))) == (listed, listed)
