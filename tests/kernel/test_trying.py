"""One piece of work that fails stops no other, and is told of when all were tried."""

from __future__ import annotations

import pytest

from youying.kernel.trying import done_each


def broken() -> int:
    """A piece of work that fails."""
    raise ValueError("no")


def test_what_each_comes_to_is_added_up() -> None:
    assert done_each([("a", lambda: 2), ("b", lambda: 3)], failing="all well") == 5


def test_the_others_are_done_and_the_fault_carries_the_name_of_its_work() -> None:
    did: list[str] = []

    def done() -> int:
        did.append("c")
        return 1

    with pytest.raises(ExceptionGroup, match="some were not done") as raised:
        done_each([("a", done), ("b", broken), ("c", done)], failing="some were not done")
    assert did == ["c", "c"]
    assert [error.__notes__ for error in raised.value.exceptions] == [["b"]]
