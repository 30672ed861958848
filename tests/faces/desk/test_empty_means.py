"""Pages of purses and assessments where nothing is adopted: what they are for, and whom to ask or what to adopt."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import give
from tests.matters.changing import change
from tests.partners.test_desk import text


@pytest.mark.parametrize("page", ["desk:funds", "desk:assessments"])
def test_an_empty_page_says_what_it_is_for_and_whom_to_ask_or_what_to_adopt(world, enter, page):
    change(world, code="m01")
    give(world.worker, "rates")
    give(world.leader, "rates", "packs")
    assert "不用管这一页；要开，请找机制包管理员" in text(enter("worker").get(reverse(page)))
    shown = text(enter("leader").get(reverse(page)))
    assert "机制包以后就有" in shown and "不用管这一页" not in shown
