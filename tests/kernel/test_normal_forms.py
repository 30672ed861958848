"""One form for each phone, name and ID number."""

from __future__ import annotations

import pytest

from youying.kernel.masking import mask_text
from youying.kernel.normal_forms import id_check_character, is_id_number, normal_id_number, normal_name, normal_phone
from youying.kernel.refusals import Refused


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13800000417", "13800000417"),
        ("+86 138-0000-0417", "13800000417"),
        ("0086 13800000417", "13800000417"),
        ("8613800000417", "13800000417"),
        ("１３８００００ ０４１７", "13800000417"),
        ("0971-8230155", "09718230155"),
        ("(0971) 8230155转12", "09718230155"),
        ("12345", "12345"),
    ],
)
def test_a_phone_has_one_form(written: str, normal: str) -> None:
    assert normal_phone(written) == normal


@pytest.mark.parametrize("written", ["", "无", "--", "12", "1" * 21, "😀"])
def test_what_is_no_phone_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="phone-unreadable") as refused:
        normal_phone(written)
    assert mask_text(refused.value.say) == refused.value.say, "the example is no number that a list would mask"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("陈 水根", "陈水根"),
        ("　陈水根 ", "陈水根"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("John  SMITH", "john smith"),
        ("", ""),
    ],
)
def test_a_name_has_one_form(written: str, normal: str) -> None:
    assert normal_name(written) == normal


def test_the_check_character_is_that_of_the_standard() -> None:
    """GB 11643-1999 prints 11010519491231002X as its example."""
    assert id_check_character("11010519491231002") == "X"
    assert is_id_number("11010519491231002X")


@pytest.mark.parametrize(
    "written", ["11010519491231002X", "１１０１０５１９４９１２３１００２x", "110105 19491231 002x", "110105491231002"]
)
def test_an_id_number_has_one_form_and_the_old_kind_is_lengthened(written: str) -> None:
    assert normal_id_number(written) == "11010519491231002X"


@pytest.mark.parametrize(
    "written",
    ["", "110105194912310021", "11010519491331002X", "01010519491231002X", "11010519491231002", "1" * 10_000, "abc"],
)
def test_a_wrong_id_number_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        normal_id_number(written)
    assert refusal.value.code == "id-number-wrong"
    assert refusal.value.clause == "GB 11643-1999"
