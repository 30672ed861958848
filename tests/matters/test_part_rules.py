"""The graph of parts, pure: whatever is listed begins in an order that keeps every promise, and rings are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.matters import part_rules as rules
from youying.matters.part_rules import PartIn, PartNow

CODES = [f"p{n}" for n in range(8)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Parts that wait only for parts listed before them, told in any order."""
    made = {}
    for n, code in enumerate(CODES[: draw(st.integers(1, len(CODES)))]):
        made[code] = tuple(draw(st.lists(st.sampled_from(CODES[:n]), unique=True))) if n else ()
    return {code: made[code] for code in draw(st.permutations(list(made)))}


def played(waits: dict[str, tuple[str, ...]], ends: list[str]) -> list[str]:
    """Every part begun as soon as it may, ended as told; the order in which they began."""
    states = dict.fromkeys(waits, rules.WAITING)
    began: list[str] = []
    for turn in range(len(waits) + 1):
        free = rules.ready(PartNow(code, states[code], after) for code, after in waits.items())
        for code in free:
            assert all(states[one] in (rules.DONE, rules.DROPPED) for one in waits[code])
            states[code] = ends[(turn + len(code)) % len(ends)]
            began.append(code)
    return began


@given(graphs())
def test_every_part_of_a_graph_without_a_ring_begins_once_and_after_what_it_waits_for(waits) -> None:
    rules.refuse_circle(waits)
    began = played(waits, [rules.DONE])
    assert sorted(began) == sorted(waits)
    depth = rules.depths(waits)
    assert all(depth[one] < depth[code] for code, after in waits.items() for one in after)


@given(graphs(), st.sampled_from([rules.DROPPED, rules.DONE]))
def test_what_was_dropped_holds_nobody_up(waits, end) -> None:
    assert sorted(played(waits, [end])) == sorted(waits)


@given(graphs())
def test_what_was_refused_holds_up_all_that_waits_for_it_and_nothing_else(waits) -> None:
    assert set(played(waits, [rules.REFUSED])) == {code for code, after in waits.items() if not after}


@given(graphs(), st.data())
def test_a_ring_is_refused_wherever_it_is_closed(waits, data) -> None:
    depth = rules.depths(waits)
    code = data.draw(st.sampled_from(sorted(waits)))
    above = [other for other in waits if depth[other] >= depth[code] and _reaches(waits, other, code)]
    closing = data.draw(st.sampled_from(sorted(above)))
    with pytest.raises(Refused, match="parts-in-circle"):
        rules.refuse_circle({**waits, code: (*waits[code], closing)})


def _reaches(waits: dict[str, tuple[str, ...]], start: str, goal: str) -> bool:
    return start == goal or any(_reaches(waits, one, goal) for one in waits[start])


@given(graphs(), st.data())
def test_progress_counts_what_is_done_of_what_is_not_dropped(waits, data) -> None:
    states = {code: data.draw(st.sampled_from(sorted(rules.STATES))) for code in waits}
    nows = [PartNow(code, state) for code, state in states.items()]
    left = [state for state in states.values() if state != rules.DROPPED]
    assert rules.count(nows) == (left.count(rules.DONE), len(left))
    assert rules.all_done(nows) == (None if not left else set(left) == {rules.DONE})


def test_of_parts_listed_twice_the_one_that_stands_counts() -> None:
    nows = [PartNow("a", rules.REFUSED), PartNow("a", rules.RUNNING), PartNow("b", rules.WAITING, ("a",))]
    assert (rules.ready(nows), rules.count(nows)) == ([], (0, 2))
    assert rules.ready([PartNow("a", rules.REFUSED), PartNow("a", rules.DONE), nows[2]]) == ["b"]


def test_a_part_names_what_it_waits_for_by_title_or_code() -> None:
    found = rules.numbered([PartIn("", "公证", unit_id=1), PartIn("", "登记", unit_id=2, after=("公证",))], ())
    assert [(part.code, part.after) for part in found] == [("p1", ()), ("p2", ("p1",))]
    with pytest.raises(Refused, match="part-unknown"):
        rules.numbered([PartIn("", "登记", unit_id=2, after=("缴税",))], ())


def test_of_several_units_of_a_type_one_must_be_chosen() -> None:
    part, fitting = PartIn("tax", "核税", "tax"), [(1, "一分局"), (2, "二分局")]
    assert rules.pick_unit(part, fitting[:1]) == 1
    with pytest.raises(Refused, match="needs-part-unit"):
        rules.pick_unit(part, fitting)
    with pytest.raises(Refused, match="part-unit-strange"):
        rules.pick_unit(PartIn("tax", "核税", "tax", 9), fitting)
