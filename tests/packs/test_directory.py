"""The directory's rows: known columns and values, a unit for each category, and categories that figures can find."""

from __future__ import annotations

import pytest

from youying.packs.edition import build_edition
from youying.packs.linter import check, directory_faults
from youying.packs.source import RawPack, read_pack

GOOD = {"category": "供暖", "unit": "供热企业", "urgency": "urgent", "tier": "town", "within": "2 working-days"}


def test_good_rows_have_no_fault(lib: dict[str, RawPack]) -> None:
    assert directory_faults(build_edition("m30", lib), [GOOD]) == []


@pytest.mark.parametrize(
    ("change", "say"),
    [
        ({"category": ""}, "没有写分类"),
        ({"unit": ""}, "没有承办单位"),
        ({"urgency": "urgnt"}, "紧急程度的取值“urgnt”"),
        ({"tier": "twon"}, "层级“twon”"),
        ({"within": "soon"}, "期限“soon”"),
        ({"colour": "红"}, "派单目录的列“colour”"),
        ({"loop": "heatng"}, "办理流程“heatng”"),
        ({"category": "暖气"}, "派单目录里的分类“供暖”"),
    ],
)
def test_a_wrong_row_is_named(change: dict[str, str], say: str, lib: dict[str, RawPack]) -> None:
    faults = directory_faults(build_edition("m30", lib), [{**GOOD, **change}])
    assert say in faults[0].say
    assert faults[0].remedy.endswith("。")


def test_checking_a_pack_reads_the_rows_beside_it(tmp_path, lib: dict[str, RawPack]) -> None:
    head = '[pack]\ncode = "a"\ntitle = "甲"\nlocal = true\nextends = ["m01@1"]\n[directory]\nfile = "rows.csv"\n'
    (tmp_path / "a.toml").write_text(head, "utf-8")
    (tmp_path / "rows.csv").write_text("category,unit,urgency\n路灯,市政所,hurry\n", "utf-8")
    (fault,) = check(read_pack(tmp_path / "a.toml"), lib)
    assert (fault.code, fault.file, fault.key) == ("L07", "a.toml", "directory.rows.1.urgency")
