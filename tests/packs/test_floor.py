"""The two floors: a pack may tighten national law and the house rules, and never loosen them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from youying.packs.floor import read_fraction
from youying.packs.linter import check
from youying.packs.source import RawPack, with_value


def codes(raw: RawPack, lib: dict[str, RawPack], key: str, value: object) -> set[str]:
    return {fault.code for fault in check(with_value(raw, key=key, value=value), lib)}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("decision.ordinary.turnout", "> 2/3", ""),
        ("decision.ordinary.turnout", "all", ""),
        ("decision.ordinary.turnout", ">= 66/100", "F01"),
        ("decision.ordinary.turnout", ">= 667/1000", ""),
        ("decision.ordinary.turnout", "none", "F01"),
        ("decision.ordinary.pass", "> 1/2", ""),
        ("decision.ordinary.pass", ">= 1/2", "F01"),
        ("decision.ordinary.pass", ">= 51/100", ""),
        ("decision.ordinary.pass", "> 3/2", "F01"),
        ("decision.ordinary.pass", "all", ""),
        ("decision.special.pass", ">= 3/4", ""),
        ("decision.special.pass", "> 1/2", "F01"),
        ("decision.special.pass", ">= 749/1000", "F01"),
        ("decision.ordinary.counts", ["area"], "F01"),
        ("decision.ordinary.counts", ["heads"], "F01"),
        ("decision.ordinary.pass_of", "present", "F01"),
        ("decision.ordinary.pass_of", "entitled", ""),
        ("decision.ordinary.notice", "14 days", "F02"),
        ("decision.ordinary.notice", "20 days", ""),
        ("loop.assembly.clocks.notice.wait", "10 days", "F02"),
        ("loop.assembly.clocks.notice.wait", "30 days", ""),
    ],
)
def test_owners_decide_by_two_measures_and_never_below_article_278(
    key: str, value: object, code: str, lib: dict[str, RawPack]
) -> None:
    assert codes(lib["m27"], lib, key, value) == ({code} if code else set())


@pytest.mark.parametrize(("days", "code"), [("14 days", "F05"), ("15 days", ""), ("30 days", "")])
def test_village_affairs_are_posted_15_days_at_least(days: str, code: str, lib: dict[str, RawPack]) -> None:
    assert codes(lib["m32"], lib, "publication.village.days", days) == ({code} if code else set())


@pytest.mark.parametrize("needs", [["note"], ["reason"], []])
def test_a_refused_benefit_is_refused_in_writing_with_reasons(needs: list[str], lib: dict[str, RawPack]) -> None:
    assert "F03" in codes(lib["m13"], lib, "loop.application.acts.refuse.needs", needs)


@pytest.mark.parametrize("within", ["29 days", "31 days", "1 months"])
def test_the_thirty_days_for_judicial_confirmation_are_not_for_a_pack_to_change(
    within: str, lib: dict[str, RawPack]
) -> None:
    assert codes(lib["m23"], lib, "loop.dispute.clocks.confirm.within", within) == {"F04"}


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("m01", "loop.demand.acts.call-back.not_by"),
        ("m01", "loop.demand.acts.verdict.not_by"),
        ("m17", "loop.hazard.acts.recheck.not_by"),
    ],
)
def test_whoever_did_the_work_does_not_check_it(code: str, key: str, lib: dict[str, RawPack]) -> None:
    assert "F06" in codes(lib[code], lib, key, [])


def test_a_house_rule_is_named_as_such_and_a_law_by_its_clause(lib: dict[str, RawPack]) -> None:
    (house,) = check(with_value(lib["m01"], key="loop.demand.acts.call-back.not_by", value=[]), lib)
    (law,) = check(with_value(lib["m27"], key="decision.special.pass", value="> 1/2"), lib)
    assert "本系统的规则" in house.say
    assert "《民法典》第278条" in law.say


def test_nobody_is_closed_by_silence_without_attempts(lib: dict[str, RawPack]) -> None:
    silence = {"attempts": 0, "over": "7 days", "ways": ["phone"]}
    assert codes(lib["m01"], lib, "loop.demand.close.silence", silence) == {"F07"}
    assert "F07" in codes(lib["m01"], lib, "loop.demand.acts.call-back.needs", [])


def test_nothing_is_crossed_off_without_proof(lib: dict[str, RawPack]) -> None:
    assert "F08" in codes(lib["m01"], lib, "loop.demand.close.verdict", [])


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("all", (Fraction(1), False)),
        ("none", (Fraction(0), False)),
        ("> 1/2", (Fraction(1, 2), True)),
        (">= 2/3", (Fraction(2, 3), False)),
    ],
)
def test_a_fraction_is_exact(text: str, fraction: tuple[Fraction, bool]) -> None:
    assert read_fraction(text) == fraction
