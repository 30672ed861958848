"""Numbers people read over the phone, secrets on a slip, codes on a sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.identifiers import (
    ALPHABET,
    check_digit,
    hash_secret,
    look_up_secret,
    matter_number,
    matter_number_parts,
    new_code,
    parse_matter_number,
    uuid7,
)
from youying.kernel.moments import still
from youying.kernel.refusals import Refused

months = st.builds(lambda year, month: f"{year:02d}{month:02d}", st.integers(0, 99), st.integers(1, 12))
serials = st.integers(1, 9_999_999)


def test_the_check_digit_is_that_of_iso_7064_mod_11_10() -> None:
    """The standard's own example for MOD 11,10: 0794 takes the check digit 5."""
    assert check_digit("0794") == "5"


def test_a_number_is_printed_in_three_groups() -> None:
    number = matter_number("2611", 4817)
    assert number.startswith("2611-04817-")
    assert parse_matter_number(number) == number
    assert matter_number_parts(number) == ("2611", 4817)


def test_a_serial_grows_past_five_digits() -> None:
    number = matter_number("2611", 123_456)
    assert number[:12] == "2611-123456-"
    assert matter_number_parts(number.replace("-", "")).serial == 123_456


@given(months, serials)
def test_every_number_is_read_back_with_or_without_its_dashes(yymm: str, serial: int) -> None:
    number = matter_number(yymm, serial)
    full_width = number.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    for typed in (number, number.replace("-", ""), f" {number.replace('-', ' ')} ", full_width.replace("-", "－")):
        assert parse_matter_number(typed) == number
        assert matter_number_parts(typed) == (yymm, serial)


@given(months, st.integers(1, 99_999), st.integers(0, 9), st.integers(1, 9))
def test_one_misheard_digit_is_always_caught(yymm: str, serial: int, place: int, shift: int) -> None:
    digits = matter_number(yymm, serial).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(Refused) as refusal:
        parse_matter_number(wrong)
    assert refusal.value.code in ("number-check-digit", "number-unreadable")


def test_a_wrong_check_digit_is_refused_with_a_sentence_to_act_on() -> None:
    number = matter_number("2611", 4817)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(Refused) as refusal:
        parse_matter_number(wrong)
    assert refusal.value.code == "number-check-digit"
    assert "有一位数字不对" in refusal.value.say


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2611",
        "2613-04817-3",
        "2611-0481-3",
        "abc",
        "2611-04817-3'; DROP TABLE matter",
        "1" * 100_000,
        "2611-00000-5",
    ]
    + ["2611-004817-3", "😀"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="number-unreadable"):
        parse_matter_number(typed)


@pytest.mark.parametrize(("yymm", "serial"), [("2613", 1), ("26", 1), ("2611", 0), ("２６１１", 1)])
def test_a_number_is_not_made_of_impossible_parts(yymm: str, serial: int) -> None:
    with pytest.raises(Refused, match="number-unmakeable"):
        matter_number(yymm, serial)


def test_a_secret_has_eight_characters_that_cannot_be_taken_for_one_another() -> None:
    secrets = {look_up_secret() for _ in range(200)}
    assert len(secrets) == 200
    assert {len(secret) for secret in secrets} == {8}
    assert set("".join(secrets)) <= set(ALPHABET)
    for look_alikes in ("0OQ", "1ILJ", "2Z", "5S", "8B", "UV"):
        assert len(set(look_alikes) & set(ALPHABET)) <= 1


def test_a_secret_is_found_however_it_is_typed_and_only_with_its_key_and_number() -> None:
    key = b"k" * 32
    stored = hash_secret("AC34XY79", key, bound_to="2611-04817-3")
    assert hash_secret(" ac34-xy79 ", key, bound_to="2611-04817-3") == stored
    assert hash_secret("ＡＣ３４ＸＹ７９", key, bound_to="2611-04817-3") == stored
    assert hash_secret("AC34XY77", key, bound_to="2611-04817-3") != stored
    assert hash_secret("AC34XY79", b"j" * 32, bound_to="2611-04817-3") != stored
    assert hash_secret("AC34XY79", key, bound_to="2611-04818-1") != stored


def test_codes_have_the_length_asked_for() -> None:
    assert len(new_code(6)) == 6
    assert len({new_code() for _ in range(100)}) == 100


def test_identities_sort_by_the_moment_they_were_made() -> None:
    with still(datetime(2026, 11, 18, 1, 40, tzinfo=UTC)) as clock:
        made = []
        for _ in range(50):
            made.append(uuid7())
            clock.moment += timedelta(microseconds=1)
    assert made == sorted(made)
    assert {identity.version for identity in made} == {7}
    assert made[0].int >> 80 == int(datetime(2026, 11, 18, 1, 40, tzinfo=UTC).timestamp() * 1000)
    assert {identity.variant for identity in made} == {"specified in RFC 4122"}
