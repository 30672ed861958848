"""A value of a wrong kind anywhere in a pack is a fault that names its key, and never an error."""

from __future__ import annotations

from typing import Any

import pytest

from tests.packs.mutate import given, nodes
from youying.kernel.refusals import Refused
from youying.packs.linter import check
from youying.packs.source import RawPack, pack_of


@pytest.mark.parametrize("wrong", [3, [], {"a": 1}], ids=["a number", "an empty list", "a strange table"])
def test_a_value_of_a_wrong_kind_never_breaks_the_reader(wrong: Any, lib: dict[str, RawPack]) -> None:
    for path, _, _ in nodes(lib["m18"].table):
        table = given(lib["m18"], path, wrong).table
        try:
            faults = check(pack_of(table, file="m18.toml"), lib)
        except Refused as refused:
            assert "m18.toml" in refused.say
        else:
            assert all(fault.key for fault in faults)
