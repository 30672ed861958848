"""Every code of the linter refuses its case, naming the file, the key and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from youying.packs.faults import CODES
from youying.packs.linter import check
from youying.packs.source import RawPack, read_pack

CASES = sorted((Path(__file__).parent / "lint_cases").glob("*.toml"))
NOT_BY_THE_LINTER = {"E01"}


def expected(path: Path) -> str:
    return path.read_text("utf-8").split("\n")[0].removeprefix("# expect: ").strip()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_wrong_pack_is_refused_with_its_code_file_key_and_remedy(path: Path, lib: dict[str, RawPack]) -> None:
    faults = [fault for fault in check(read_pack(path), lib) if fault.code == expected(path)]
    assert faults, f"{path.name} is not refused as {expected(path)}"
    fault = faults[0]
    names = ["m02.toml", "m03.toml"] if fault.code == "L19" else [path.name]
    assert all(name in fault.file for name in names)
    assert fault.key and fault.key in str(fault)
    assert fault.say.endswith("。") and fault.remedy.endswith("。")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_wrong_pack_has_no_fault_but_those_that_follow_from_its_own(path: Path, lib: dict[str, RawPack]) -> None:
    follows = {"06": {"F08"}, "13": {"L07", "L22", "L23", "L26", "L29"}, "14": {"F06"}}
    allowed = {expected(path)} | follows.get(path.name[:2], set())
    assert {fault.code for fault in check(read_pack(path), lib)} <= allowed


def test_every_code_has_a_case() -> None:
    assert {expected(path) for path in CASES} == set(CODES) - NOT_BY_THE_LINTER


def test_all_twenty_shared_cases_stand_here() -> None:
    assert {path.name[:2] for path in CASES} >= {f"{n:02}" for n in range(1, 21)}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('urgency = "urgnet"', "urgent"),
        ('urgncy = "urgent"', "urgency"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest_right_one(
    wrong: str, right: str, lib: dict[str, RawPack], written
) -> None:
    raw = written(
        '[pack]\ncode = "local"\ntitle = "本地"\nextends = ["m01@1"]\n'
        f"[loop.demand.acts.supervise]\nwhere = {{ {wrong} }}\n"
    )
    faults = check(raw, lib)
    assert [fault.code for fault in faults] == ["L07"]
    assert f"最接近的是“{right}”" in faults[0].remedy


def test_a_misspelt_key_is_answered_with_the_nearest_right_one(lib: dict[str, RawPack], written) -> None:
    raw = written(
        '[pack]\ncode = "local"\ntitle = "本地"\nextends = ["m01@1"]\n[loop.demand.close]\nreworks = "in-hand"\n'
    )
    (fault,) = check(raw, lib)
    assert (fault.code, fault.file, fault.key) == ("L07", "local.toml", "loop.demand.close.reworks")
    assert "最接近的是“rework”" in fault.remedy


def test_what_refers_to_a_dropped_loop_is_told_who_dropped_it(lib: dict[str, RawPack], written) -> None:
    raw = written('[pack]\ncode = "local"\ntitle = "本地"\nextends = ["m02@1"]\ndrop = ["loop.early"]\n')
    faults = check(raw, lib)
    assert {fault.key for fault in faults} == {
        "rhythm.screen.opens",
        "figure.screened.of",
        "figure.screened.where.stage",
    }
    assert "local.toml 用 drop 去掉" in next(fault.remedy for fault in faults if fault.key == "rhythm.screen.opens")


@pytest.mark.parametrize(
    "text",
    [
        '[pack]\ncode = "x"\ntitle = "甲"\nextends = ["m99@1"]\n',
        '[pack]\ncode = "x"\ntitle = "甲"\nextends = ["m01@7"]\n',
        '[pack]\ncode = "x"\ntitle = "甲"\nextends = ["x@1"]\n',
        '[pack]\ncode = "x"\ntitle = "甲"\nextends = ["m01@1"]\ndrop = ["loop.nothing"]\n',
        '[pack]\ncode = "x"\ntitle = "甲"\nextends = ["m01@1"]\n[tiers]\norder = ["grid"]\n',
    ],
    ids=["unknown base", "another version", "a circle", "dropping nothing", "tiers by a stranger"],
)
def test_a_pack_that_cannot_be_merged_is_a_fault_and_no_error(text: str, lib: dict[str, RawPack], written) -> None:
    (fault,) = check(written(text), lib)
    assert fault.code in ("L07", "L19")
    assert fault.file == "x.toml" and "请" in fault.say + fault.remedy
