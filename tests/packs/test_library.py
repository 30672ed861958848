"""The shipped packs: clean, composing, free of case data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.packs.conftest import LIBRARY, LOCAL_FOLDER
from youying.packs.edition import build_edition, load_edition
from youying.packs.linter import check
from youying.packs.schema import SECTIONS
from youying.packs.source import LIBRARY_FOLDER, RawPack, parse_pack, read_pack, to_toml

LOCALS = sorted(LOCAL_FOLDER.glob("*.toml"))
CASE_DATA = re.compile(
    r"seeds|桃李|灵武|湟源|湟中|西宁|德令哈|中宁|盐池|金凤|西夏区|兴安南路|运城|先锋小区|绿地公馆|阿拉善|恩和"
)


def test_all_36_mechanisms_are_in_the_library() -> None:
    assert sorted(LIBRARY) == [f"m{n:02}" for n in range(1, 37)]


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_library_pack_is_clean(code: str, lib: dict[str, RawPack]) -> None:
    assert [str(fault) for fault in check(lib[code], lib)] == []


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_whole_that_lists_parts_is_completed_only_once_they_are_done(code: str, lib: dict[str, RawPack]) -> None:
    loops = build_edition(code, lib).loops.values()
    listing = [loop for loop in loops if loop.parts_on or loop.adds_parts]
    ending = [(loop.code, act) for loop in listing for act in loop.acts_of("complete") if not act.where]
    assert [(loop, act.id) for loop, act in ending if not act.needs_word("parts")] == []


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_loop_with_a_step_for_one_class_has_a_step_that_says_the_class(code: str, lib: dict[str, RawPack]) -> None:
    for loop in build_edition(code, lib).loops.values():
        guarded = [act.id for act in loop.acts.values() if "class" in act.where and "summoned" not in act.assigns]
        assert not guarded or [act for act in loop.acts_of("judge") if "class" not in act.where], (loop.code, guarded)


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_library_pack_reads_back_from_its_canonical_text(code: str, lib: dict[str, RawPack]) -> None:
    edition = build_edition(code, lib)
    again = load_edition(edition.canonical)
    assert again == edition
    assert (again.pack, again.owner, again.dropped) == (edition.pack, edition.owner, edition.dropped)


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_library_pack_written_as_toml_is_the_same_pack(code: str, lib: dict[str, RawPack]) -> None:
    assert parse_pack(to_toml(lib[code]), file="again.toml").table == lib[code].table


@pytest.mark.parametrize("path", sorted(LIBRARY_FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_library_pack_holds_no_case_data(path: Path) -> None:
    assert CASE_DATA.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", LOCALS, ids=lambda path: path.stem)
def test_a_demo_street_has_one_clean_local_pack(path: Path, lib: dict[str, RawPack]) -> None:
    raw = read_pack(path)
    assert raw.head["local"] is True
    assert [str(fault) for fault in check(raw, lib)] == []


def test_the_street_of_three_demands_drops_what_is_not_executed_yet(lib: dict[str, RawPack]) -> None:
    edition = build_edition(read_pack(LOCAL_FOLDER / "liuwan.toml"), lib)
    assert list(edition.loops) == ["demand", "commitment", "early", "hard"]
    assert set(edition.dropped.values()) == {"liuwan"}
    assert "rhythm" not in edition.pack.model_dump(exclude_defaults=True)


def test_all_sections_of_the_language_are_used_by_the_library(lib: dict[str, RawPack]) -> None:
    assert {section for raw in lib.values() for section in raw.table} == set(SECTIONS)


@pytest.mark.parametrize("code", ["m01", "m03"])
def test_a_demand_can_go_from_intake_to_its_end_and_back(code: str, lib: dict[str, RawPack]) -> None:
    loop = build_edition(code, lib).loops["demand"]
    way = {"m01": ["dispatch", "accept", "complete", "cross-off"], "m03": ["dispatch", "accept", "judge", "complete"]}
    stage = loop.start
    for act in way[code]:
        assert stage in loop.acts[act].from_stages
        stage = loop.acts[act].to or stage
    assert stage == {"m01": "crossed-off", "m03": "completed"}[code]
    assert loop.acts["rework"].to == "in-hand"


def test_a_resident_may_urge_and_give_the_verdict_and_a_dispatcher_may_make_contact(m01) -> None:
    acts = m01.loops["demand"].acts
    assert "reporter" in acts["urge"].by
    assert "reporter" in acts["verdict"].by
    assert "dispatcher" in acts["contact"].by


@pytest.mark.parametrize("code", [code for code, raw in LIBRARY.items() if raw.english])
def test_english_titles_stand_beside_keys_that_exist(code: str, lib: dict[str, RawPack]) -> None:
    edition = build_edition(code, lib)
    known = set(edition.owner) | {"pack.title"}
    assert set(lib[code].english) <= known


def test_the_base_pack_has_english_titles() -> None:
    assert LIBRARY["m01"].english["loop.demand.title"] == "Demands"
