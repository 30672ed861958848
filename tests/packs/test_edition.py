"""Editions: named by their digest, read back exactly, and choosing a loop for a new matter."""

from __future__ import annotations

import hashlib

import pytest

from youying.kernel.durations import Duration
from youying.kernel.refusals import Refused
from youying.packs.edition import build_edition, load_edition
from youying.packs.source import RawPack, library, parse_pack, read_pack, to_toml, with_value


def test_an_edition_is_named_by_the_sha256_of_its_canonical_text(m01) -> None:
    assert m01.digest == hashlib.sha256(m01.canonical.encode()).hexdigest()
    assert m01.short == m01.digest[:12]


def test_one_changed_number_makes_another_edition(m01, lib: dict[str, RawPack]) -> None:
    changed = build_edition(with_value(lib["m01"], key="watch.same-type.count", value=6), lib)
    assert changed.digest != m01.digest
    assert changed.pack.watch["same-type"].count == 6


def test_the_same_packs_make_the_same_edition(m01, lib: dict[str, RawPack]) -> None:
    assert build_edition("m01", lib).digest == m01.digest


def test_loading_twice_gives_the_very_same_edition(m01) -> None:
    assert load_edition(m01.canonical) is load_edition(m01.canonical)


def test_the_first_stage_stays_the_start_after_reading_back(m03) -> None:
    assert load_edition(m03.canonical).loops["demand"].start == "received"


def test_a_fault_in_an_inherited_key_names_the_file_that_said_it(m03) -> None:
    assert m03.file_of("loop.demand.clocks.accept.within") == "m01.toml"
    assert m03.file_of("loop.demand.acts.judge.needs") == "m03.toml"


def test_an_unknown_word_is_refused_with_file_key_and_the_nearest_word(lib: dict[str, RawPack], written) -> None:
    raw = written('[pack]\ncode = "a"\ntitle = "a"\nextends = ["m01@1"]\n[watch.same-type]\ncuont = 3\n')
    with pytest.raises(Refused) as refused:
        build_edition(raw, lib)
    assert refused.value.code == "pack-word-unknown"
    assert all(word in refused.value.say for word in ("a.toml", "watch.same-type.cuont", "“count”"))


def test_the_most_specific_loop_is_chosen_else_the_plain_one(lib: dict[str, RawPack]) -> None:
    edition = build_edition("m30", lib)
    assert edition.loop_for("demand", {"category": "供暖"}).code == "heating"
    assert edition.loop_for("demand", {"category": "路灯"}).code == "demand"


def test_a_variant_is_not_the_plain_loop_of_its_kind(lib: dict[str, RawPack]) -> None:
    assert build_edition("m20", lib).loop_for("topic", {}).code in ("topic", "hard")
    assert build_edition("m18", lib).loop_for("topic", {}).code == "topic"


def test_a_kind_without_a_loop_is_refused(m01) -> None:
    with pytest.raises(Refused) as refused:
        m01.loop_for("dispute", {})
    assert refused.value.code == "loop-missing"


def test_the_english_titles_beside_a_pack_are_carried(tmp_path, lib: dict[str, RawPack]) -> None:
    (tmp_path / "a.toml").write_text('[pack]\ncode = "a"\ntitle = "甲"\nextends = ["m01@1"]\n', "utf-8")
    (tmp_path / "a.en.toml").write_text('[loop.demand]\ntitle = "Demands"\n', "utf-8")
    edition = build_edition(read_pack(tmp_path / "a.toml"), lib)
    assert edition.english["loop.demand.title"] == "Demands"
    assert load_edition(edition.canonical).english == edition.english


def test_an_english_title_goes_when_its_chinese_title_is_changed(lib: dict[str, RawPack], written) -> None:
    raw = written('[pack]\ncode = "a"\ntitle = "甲"\nextends = ["m01@1"]\n[loop.demand]\ntitle = "本地叫法"\n')
    english = build_edition(raw, lib).english
    assert "loop.demand.title" not in english
    assert "pack.title" not in english
    assert english["figure.solved.title"] == "Solved rate"


def test_the_directory_rows_beside_a_pack_are_read(tmp_path) -> None:
    (tmp_path / "a.toml").write_text('[pack]\ncode = "a"\ntitle = "甲"\n[directory]\nfile = "rows.csv"\n', "utf-8")
    (tmp_path / "rows.csv").write_text("category,unit\n路灯,市政所\n", "utf-8-sig")
    assert read_pack(tmp_path / "a.toml").directory == ({"category": "路灯", "unit": "市政所"},)


def test_a_directory_file_that_is_not_there_gives_no_rows(lib: dict[str, RawPack]) -> None:
    assert lib["m01"].directory == ()


def test_changing_a_value_leaves_the_pack_as_it_was(lib: dict[str, RawPack]) -> None:
    before = to_toml(lib["m01"])
    with_value(lib["m01"], key="loop.demand.clocks.contact.within", value="1 hours")
    assert to_toml(lib["m01"]) == before


def test_a_changed_pack_survives_being_written_and_read(lib: dict[str, RawPack]) -> None:
    changed = with_value(lib["m01"], key="loop.demand.clocks.contact.within", value="1 hours")
    again = parse_pack(to_toml(changed), file="m01.toml")
    assert build_edition(again, lib).loops["demand"].clocks["contact"].within == Duration(1, "hours")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("这不是 TOML", "pack-not-toml"),
        ("[loop]\n", "pack-without-head"),
        ('[pack]\ncode = "a"\nextends = "m01"\n', "pack-head-wrong"),
        ('loop = 3\n[pack]\ncode = "a"\n', "pack-not-a-table"),
        ('[pack]\ncode = "a"\n[loop]\ndemand = "x"\n', "pack-not-a-table"),
    ],
)
def test_a_file_that_is_no_pack_is_refused_in_plain_words(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_pack(text, file="a.toml")
    assert refused.value.code == code
    assert "a.toml" in refused.value.say and "请" in refused.value.say


def test_two_files_with_one_code_are_refused(tmp_path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('[pack]\ncode = "same"\ntitle = "甲"\n', "utf-8")
    with pytest.raises(Refused) as refused:
        library(tmp_path)
    assert refused.value.code == "pack-code-twice"
