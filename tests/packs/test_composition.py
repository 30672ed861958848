"""Merging packs: one key one winner, strangers named, variants follow their base, one local pack."""

from __future__ import annotations

import itertools

import pytest

from tests.packs.conftest import LIBRARY
from youying.kernel.refusals import Refused
from youying.packs.composer import compose
from youying.packs.edition import build_edition
from youying.packs.linter import check
from youying.packs.source import RawPack

QUARRELS = {
    ("m02", "m03"): {"loop.demand.acts.call-back.title", "loop.demand.acts.dispatch.title"},
    ("m02", "m05"): {"loop.demand.title"},
    ("m03", "m08"): {"channel.phone.title", "channel.phone.roster"},
}
CARRIED = {("m03", "m15"): ("m03", "m08"), ("m03", "m20"): ("m02", "m03"), ("m03", "m26"): ("m03", "m08")}
CARRIED[("m05", "m20")] = ("m02", "m05")

STREET = """
[pack]
code = "street"
title = "某街道本地包（同时采用全部机制）"
local = true
extends = [{all}]
[loop.demand]
title = "接诉即办"
[loop.demand.acts]
dispatch.title = "交办"
call-back.title = "上门回访"
[channel.phone]
title = "24小时值班电话"
roster = "duty"
[loop.demand.clocks.complete]
within = {{ urgent = "12 office-hours", simple = "2 working-days", hard = "15 working-days", else = "5 working-days" }}
"""


def head(code: str, *bases: str, more: str = "") -> str:
    extends = ", ".join(f'"{base}@1"' for base in bases)
    return f'[pack]\ncode = "{code}"\ntitle = "{code}"\nextends = [{extends}]\n{more}\n'


def test_every_pair_of_packs_agrees_but_for_the_known_quarrels(lib: dict[str, RawPack]) -> None:
    found = {}
    for pair in itertools.combinations(sorted(lib), 2):
        if clashes := compose(pair, lib).clashes:
            found[pair] = {clash.key for clash in clashes}
    known = QUARRELS | {pair: QUARRELS[origin] for pair, origin in CARRIED.items()}
    assert set(found) == set(known)
    assert all(QUARRELS[CARRIED.get(pair, pair)] <= keys for pair, keys in found.items())


def test_a_quarrel_names_both_packs_and_the_key(lib: dict[str, RawPack]) -> None:
    clash = compose(["m02", "m05"], lib).clashes[0]
    assert clash.packs == ("m02", "m05")
    assert clash.say == "m02、m05 对“loop.demand.title”说法不一。"


def test_an_edition_of_quarrelling_packs_is_refused(lib: dict[str, RawPack]) -> None:
    with pytest.raises(Refused) as refused:
        build_edition(["m02", "m03"], lib)
    assert refused.value.code == "pack-clash"
    assert "m02、m03" in refused.value.say


def test_one_local_pack_settles_all_36(lib: dict[str, RawPack], written) -> None:
    everything = ", ".join(f'"{code}@1"' for code in sorted(lib))
    street = written(STREET.format(all=everything))
    assert [str(fault) for fault in check(street, lib)] == []
    edition = build_edition(street, lib)
    assert edition.pack.loop["demand"].acts["call-back"].title == "上门回访"
    assert edition.owner["loop.demand.acts.call-back.title"] == "street"


def test_the_order_in_which_packs_are_listed_changes_nothing(lib: dict[str, RawPack]) -> None:
    one, other = compose(["m17", "m04"], lib), compose(["m04", "m17"], lib)
    assert one.owner == other.owner
    assert {k: v for k, v in one.merged.items() if k != "pack"} == {
        k: v for k, v in other.merged.items() if k != "pack"
    }


def test_the_pack_that_extends_the_other_wins(lib: dict[str, RawPack], written) -> None:
    raw = written(head("a", "m01") + '[loop.demand.clocks.accept]\nwithin = "1 office-hours"\n')
    edition = build_edition(raw, lib)
    assert edition.pack.loop["demand"].clocks["accept"].within == "1 office-hours"
    assert edition.pack.loop["demand"].clocks["accept"].title == "签收"
    assert edition.owner["loop.demand.clocks.accept.within"] == "a"
    assert edition.owner["loop.demand.clocks.accept.title"] == "m01"


def test_a_table_that_means_one_value_is_replaced_whole(lib: dict[str, RawPack], written) -> None:
    raw = written(head("a", "m01") + '[loop.demand.clocks.complete]\nwithin = { else = "9 days" }\n')
    assert build_edition(raw, lib).pack.loop["demand"].clocks["complete"].within == {"else": "9 days"}


def test_an_act_called_merge_and_an_item_called_base_are_names_and_merged_by_name(
    lib: dict[str, RawPack], written
) -> None:
    raw = written(
        head("a", "m36") + '[loop.demand.acts.merge]\ntitle = "合并"\n[sheet.vehicle.items.base]\ntitle = "驻地"\n'
    )
    edition = build_edition(raw, lib)
    assert edition.pack.loop["demand"].acts["merge"].by == ["dispatcher"]
    assert edition.pack.sheet["vehicle"].items["base"].type == "place"


def test_strangers_that_define_one_name_are_refused_even_where_no_key_touches(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01") + '[sheet.offer]\ntitle = "清单"\nitems = { what = { title = "内容" } }\n')
    lib["b"] = written(head("b", "m01") + '[sheet.offer]\nitems = { price = { title = "报价", type = "money" } }\n')
    (clash,) = compose(["a", "b"], lib).clashes
    assert (clash.key, clash.packs, clash.same_name) == ("sheet.offer", ("a", "b"), True)


def test_a_pack_that_knows_both_namesakes_replaces_them_with_its_own(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01") + '[sheet.offer]\ntitle = "清单"\nitems = { what = { title = "内容" } }\n')
    lib["b"] = written(head("b", "m01") + '[sheet.offer]\ntitle = "报价"\nitems = { price = { title = "报价" } }\n')
    own = '[sheet.offer]\ntitle = "合并后的清单"\nitems = { both = { title = "内容和报价" } }\n'
    composed = compose(written(head("c", "a", "b") + own), lib)
    assert composed.clashes == []
    assert list(composed.merged["sheet"]["offer"]["items"]) == ["both"]


def test_dropping_a_namesake_settles_it_too(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01") + '[sheet.offer]\ntitle = "清单"\nitems = { what = { title = "内容" } }\n')
    lib["b"] = written(head("b", "m01") + '[sheet.offer]\ntitle = "报价"\nitems = { price = { title = "报价" } }\n')
    composed = compose(written(head("c", "a", "b", more='drop = ["sheet.offer"]')), lib)
    assert composed.clashes == []
    assert "sheet" not in composed.merged


def test_what_one_stranger_drops_and_another_changes_is_a_quarrel(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01", more='drop = ["loop.demand.acts.park"]'))
    lib["b"] = written(head("b", "m01") + '[loop.demand.acts.park]\ntitle = "暂缓"\n')
    assert {clash.packs for clash in compose(["a", "b"], lib).clashes} == {("a", "b")}


def test_a_variant_follows_its_base_after_merging(lib: dict[str, RawPack], written) -> None:
    raw = written(head("a", "m18") + '[loop.topic.clocks.answer]\nwithin = "1 working-days"\n')
    edition = build_edition(raw, lib)
    assert edition.pack.loop["table"].like == "topic"
    assert edition.pack.loop["table"].clocks["answer"].within == "1 working-days"
    assert edition.pack.loop["table"].title == "圆桌会议题"


def test_a_variant_loses_what_is_dropped_from_it_alone(lib: dict[str, RawPack], written) -> None:
    edition = build_edition(written(head("a", "m18", more='drop = ["loop.table.clocks.answer"]')), lib)
    assert "answer" in edition.pack.loop["topic"].clocks
    assert "answer" not in edition.pack.loop["table"].clocks


def test_a_whole_section_can_be_dropped(lib: dict[str, RawPack], written) -> None:
    edition = build_edition(written(head("a", "m01", more='drop = ["watch"]')), lib)
    assert edition.pack.watch == {}
    assert edition.dropped == {"watch": "a"}


@pytest.mark.parametrize(
    ("text", "code", "names"),
    [
        (head("a", more='drop = ["loop.nothing"]'), "pack-drop-nothing", "loop.nothing"),
        (head("a", "m99"), "pack-unknown", "m99"),
        (head("a", "a"), "pack-extends-circle", "a → a"),
        ('[pack]\ncode = "a"\ntitle = "a"\nextends = ["m01@2"]\n', "pack-other-version", "m01@2"),
        (head("a", "m01") + '[directory]\ncolumns = ["category"]\n', "pack-section-reserved", "directory"),
        (head("a", "m01") + '[loop.p]\nlike = "q"\n[loop.q]\nlike = "p"\n', "pack-like-circle", "p → q → p"),
    ],
)
def test_a_merge_that_cannot_be_done_is_refused_with_its_reason(
    text: str, code: str, names: str, lib: dict[str, RawPack], written
) -> None:
    with pytest.raises(Refused) as refused:
        compose(written(text), lib)
    assert refused.value.code == code
    assert names in refused.value.say


def test_two_local_packs_are_refused(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01", more="local = true"))
    lib["b"] = written(head("b", "m01", more="local = true"))
    with pytest.raises(Refused) as refused:
        compose(["a", "b"], lib)
    assert refused.value.code == "pack-two-locals"


def test_no_pack_may_build_on_a_local_pack(lib: dict[str, RawPack], written) -> None:
    lib["a"] = written(head("a", "m01", more="local = true"))
    with pytest.raises(Refused) as refused:
        compose(written(head("b", "a")), lib)
    assert refused.value.code == "pack-extends-local"


def test_a_local_pack_may_write_its_own_calendar(lib: dict[str, RawPack], written) -> None:
    raw = written(head("a", "m01", more="local = true") + '[calendar.office]\nhours = ["08:30-17:30"]\n')
    assert build_edition(raw, lib).pack.calendar["office"].hours == ["08:30-17:30"]


def test_the_library_holds_no_pair_that_is_not_looked_at() -> None:
    assert len(list(itertools.combinations(LIBRARY, 2))) == 630
