"""What changed between two editions, said as a secretary would."""

from __future__ import annotations

from typing import Any

import pytest

from youying.packs.chinese import Namer
from youying.packs.diff import diff
from youying.packs.edition import build_edition
from youying.packs.source import RawPack, with_value


@pytest.mark.parametrize(
    ("key", "value", "say"),
    [
        ("loop.demand.clocks.contact.within", "12 hours", "“接诉即办”“首次联系”的时限由24小时改为12小时。"),
        ("watch.same-type.count", 6, "“同类诉求集中”的件数由5改为6。"),
        ("params.batch-most.value", 100, "“一次批量最多办几件”的数值由200件改为100件。"),
        ("loop.demand.acts.urge.by", ["reporter"], "“接诉即办”“催办”的办理人由诉求人、派单员改为诉求人。"),
        ("posts.caller.title", "问效员", "“问效员”的名称由“回访员”改为“问效员”。"),
        (
            "loop.demand.close.silence",
            {"attempts": 2, "over": "5 days", "ways": ["door"]},
            "“接诉即办”的联系不上时的规定由联系次数 3、时间范围 7天、联系方式 电话、短信"
            "改为联系次数 2、时间范围 5天、联系方式 上门。",
        ),
        (
            "loop.demand.clocks.complete.within",
            {"urgent": "1 working-days", "else": "5 working-days"},
            "“接诉即办”“办结”的时限由紧急1个工作日、简单3个工作日、一般7个工作日、疑难11个工作日、其余7个工作日"
            "改为紧急1个工作日、其余5个工作日。",
        ),
    ],
)
def test_one_changed_number_is_one_sentence(key: str, value: Any, say: str, m01, lib: dict[str, RawPack]) -> None:
    (change,) = diff(m01, build_edition(with_value(lib["m01"], key=key, value=value), lib))
    assert (change.key, change.new, change.say) == (key, value, say)


def test_the_same_edition_has_no_change(m01) -> None:
    assert diff(m01, m01) == []


def test_a_new_key_and_a_removed_key_are_said(m01, lib: dict[str, RawPack]) -> None:
    longer = build_edition(with_value(lib["m01"], key="loop.demand.acts.urge.most", value=3), lib)
    (added,) = diff(m01, longer)
    (removed,) = diff(longer, m01)
    assert (added.old, added.new, added.say) == (None, 3, "新增“接诉即办”“催办”最多做几次：3。")
    assert (removed.old, removed.new, removed.say) == (3, None, "去掉“接诉即办”“催办”最多做几次（原为3）。")


def test_bounds_are_asked_for_in_words_that_a_secretary_understands(m01) -> None:
    named = Namer(m01.pack)
    assert named.key("loop.demand.clocks.complete.extend.most") == "“接诉即办”“办结”最多延期几次"
    assert named.key("posts.grid-worker.each") == "每个网格要有几位“网格员”"
    assert named.key("loop.demand.clocks.complete.within") == "“接诉即办”“办结”的时限"
