"""Words said, words executed, and what keeps an edition from being adopted."""

from __future__ import annotations

import pytest

from youying.kernel.refusals import Refused
from youying.packs import executed
from youying.packs.edition import build_edition
from youying.packs.executed import adoptable, executed_words, executes, not_executed, words_said
from youying.packs.said import vocabulary
from youying.packs.source import RawPack, with_value


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executed, "_REGISTERED", {})


@pytest.mark.parametrize(
    "word",
    [
        "loop.merge",
        "loop.acts.approve",
        "loop.acts.approve.silent:refuse",
        "loop.acts.needs:unit",
        "loop.acts.verb:dispatch",
        "loop.acts.on:close",
        "loop.acts.by:reporter",
        "loop.clocks.pause",
        "loop.clocks.within:table",
        "loop.clocks.ladder.do:propose-supervision",
        "loop.close.silence",
        "loop.close.verdict:resident",
        "figure.exclude",
        "watch.times",
        "directory",
        "fact:contacted_on_time",
    ],
)
def test_the_base_pack_says_the_word(word: str, m01) -> None:
    assert word in words_said(m01)


def test_a_word_is_said_only_by_those_that_say_it(m01, lib: dict[str, RawPack]) -> None:
    assert "roster" not in words_said(m01)
    assert "roster" in words_said(build_edition("m03", lib))
    assert "figure.compare:last-year" in words_said(build_edition("m02", lib))


def test_titles_and_explanations_say_nothing_to_execute(m01) -> None:
    assert not {word for word in words_said(m01) if "title" in word or "beyond" in word}


def test_every_word_that_the_library_says_is_in_the_vocabulary(lib: dict[str, RawPack]) -> None:
    assert {word for code in lib for word in words_said(build_edition(code, lib))} <= vocabulary()


def test_a_registered_word_leaves_the_list(m01) -> None:
    assert "loop.merge" in not_executed(m01)
    executes("matters", "loop.merge")
    assert "loop.merge" not in not_executed(m01)
    assert executed_words() == {"loop.merge": frozenset({"matters"})}


def test_what_is_not_executed_is_listed_with_its_keys(m01) -> None:
    keys = not_executed(m01)["loop.acts.verb:park"]
    assert keys == ["loop.demand.acts.park"]


def test_registering_a_word_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        executes("matters", "loop.acts.verb:dispach")
    assert refused.value.code == "word-unknown"
    assert "loop.acts.verb:dispatch" in refused.value.say
    assert executed_words() == {}


def test_an_edition_with_words_not_executed_is_read_but_not_adopted(m01) -> None:
    faults = adoptable(m01)
    assert {fault.code for fault in faults} == {"E01"}
    assert all("drop" in fault.remedy for fault in faults)


def test_an_edition_all_of_whose_words_are_executed_is_adopted(m01) -> None:
    executes("matters", *words_said(m01))
    assert adoptable(m01) == []


def test_a_fault_keeps_an_edition_from_being_adopted_too(m01, lib: dict[str, RawPack]) -> None:
    executes("matters", *words_said(m01))
    wrong = build_edition(with_value(lib["m01"], key="loop.demand.acts.call-back.not_by", value=[]), lib)
    assert {fault.code for fault in adoptable(wrong)} == {"F06"}
