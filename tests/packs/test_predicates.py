"""Tests of facts: every key must hold, a list is any of, numbers compare, a missing fact is like an empty one."""

from __future__ import annotations

import pytest

from youying.kernel.refusals import Refused
from youying.packs.predicates import matches

FACTS = {"urgency": "urgent", "solved": True, "reworks": 2, "tags": ["甲", "乙"], "lead": ""}


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({}, True),
        ({"urgency": "urgent"}, True),
        ({"urgency": "simple"}, False),
        ({"urgency": ["simple", "urgent"]}, True),
        ({"urgency": "urgent", "solved": False}, False),
        ({"solved": True}, True),
        ({"solved": 1}, False),
        ({"reworks": True}, False),
        ({"reworks": 2}, True),
        ({"reworks": {"at_least": 2}}, True),
        ({"reworks": {"over": 2}}, False),
        ({"reworks": {"at_most": 2}}, True),
        ({"reworks": {"below": 2}}, False),
        ({"reworks": {"at_least": 1, "below": 3}}, True),
        ({"urgency": {"not": "simple"}}, True),
        ({"urgency": {"not": ["simple", "urgent"]}}, False),
        ({"tags": "乙"}, True),
        ({"tags": ["丙"]}, False),
        ({"lead": {"not": ""}}, False),
        ({"missing": ""}, True),
        ({"missing": {"not": ""}}, False),
        ({"missing": False}, False),
        ({"missing": {"at_least": 0}}, False),
        ({"reworks": {"at_least": "param:most"}}, True),
    ],
)
def test_a_table_of_tests_holds_or_not(where: dict, holds: bool) -> None:
    assert matches(where, FACTS, params={"most": 2}) is holds


def test_an_unknown_number_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        matches({"reworks": {"at_most": "param:nobody"}}, FACTS)
    assert refused.value.code == "param-unknown"
    assert refused.value.have == "nobody"
