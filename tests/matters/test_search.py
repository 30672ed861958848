"""What a search finds of a matter: every word of the longest text that is accepted."""

from __future__ import annotations

import pytest

from tests.matters.world import opened
from youying.matters import queries
from youying.matters.intake_rules import WORDS_MOST

SAID_LAST = "最后说一句紫罗兰花坛坏了"


@pytest.mark.parametrize("filler", ["楼道里很黑。", "ab ", "灯"], ids=["sentences", "words", "no mark at all"])
def test_the_last_words_of_the_longest_demand_are_found(world, filler):
    long = (filler * WORDS_MOST)[: WORDS_MOST - len(SAID_LAST)] + SAID_LAST
    matter = opened(world, text=long).matter
    opened(world, text="楼道里很黑，灯坏了。")
    found = queries.filtered(world.dispatcher, queries.Filters(text="紫罗兰花坛"))
    assert len(long) == WORDS_MOST
    assert [one.pk for one in found] == [matter.pk]
