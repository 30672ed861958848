"""What of a person is shown, and what is taken out of text before it is indexed."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.masking import (
    mask_address,
    mask_email,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_plate,
    mask_text,
)
from youying.kernel.normal_forms import id_check_character

ID_NUMBER = "63010419900101123" + id_check_character("63010419900101123")
CARD = "6222021234567890128"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("陈水根", "陈**"),
        ("陈静", "陈*"),
        ("欧阳静", "欧**"),
        ("买买提·艾力", "买***"),
        ("陈", "*"),
        ("", ""),
        (" 陈 静 ", "陈*"),
    ],
)
def test_of_a_name_only_the_first_character_is_shown(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000417", "138****0417"),
        ("１３８ ００００－０４１７", "138****0417"),
        ("+86 13800000417", "138****0417"),
        ("0971-8230155", "097******55"),
        ("8230155", "823**55"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_of_a_phone_three_and_four_digits_are_shown_or_fewer(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_of_an_id_number_less_is_shown_than_practice_allows() -> None:
    assert mask_id_number(ID_NUMBER) == f"630***********{ID_NUMBER[-4:]}"
    assert mask_id_number("12345") == "*****"


def test_plates_and_mails() -> None:
    assert mask_plate("青A12345") == "青A****5"
    assert mask_email("chen.sg@example.com") == "c***@example.com"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("饮马街12号杏林小区三号楼2单元501室", "饮马街*号杏林小区*号楼*单元*室"),
        ("三里屯路８弄１２０３Ｂ", "三里屯路*弄**"),
        ("渡口社区", "渡口社区"),
    ],
)
def test_of_an_address_the_numbers_are_not_shown(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800000417，急", "电话138****0417，急"),
        ("电话１３８００００－０４１７，急", "电话138****0417，急"),
        ("138 0000 0417", "138****0417"),
        ("138-0000-0417或139-0000-0123", "138****0417或139****0123"),
        ("13800000417 13900000123", "138****0417 139****0123"),
        ("1380000041713900000123", "138****0417139****0123"),
        ("+86 13800000417", "+138****0417"),
        ("一三八零零零零零四一七", "138****0417"),
        ("座机0971-8230155", "座机097******55"),
        ("座机（010）62230155转3", "座机（010******55转3"),
        ("请打8230155", "请打823**55"),
        (f"身份证{ID_NUMBER}。", f"身份证{mask_id_number(ID_NUMBER)}。"),
        (f"身份证{ID_NUMBER[:17]}x", f"身份证630***********{ID_NUMBER[-4:-1]}X"),
        ("旧证630104900101123", "旧证630********1123"),
        (f"卡号{CARD}", "卡号6222***********0128"),
        ("卡号6222 0212 3456 7890 128", "卡号6222***********0128"),
        ("邮箱chen.sg@example.com回信", "邮箱c***@example.com回信"),
        ("青A12345和青ad12345停在通道", "青A****5和青A*****5停在通道"),
        ("青A·12345", "青A*****5"),
        ("我叫陈水根，住杏林小区", "我叫陈**，住杏林小区"),
        ("我叫陈水根住在杏林小区", "我叫陈**住在杏林小区"),
        ("我叫陈静，", "我叫陈*，"),
        ("姓名：欧阳静静", "姓名：欧***"),
        ("联系人陈水根女士", "联系人陈**女士"),
        ("投诉人：才让卓玛，", "投诉人：才***，"),
        ("姓名：买买提·艾力，", "姓名：买***，"),
        ("我是王大明。", "我是王**。"),
        ("本人马福海，反映", "本人马**，反映"),
    ],
)
def test_personal_values_are_taken_out_of_text(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "工单2611-04817-3，2019-01-06 12:09:38",
        "花了3000.50元，面积89.53㎡",
        "拨打12345热线",
        "编号20190106123456",
        "我是居民，我是业主代表",
        "业主王先生说水管坏了",
        "联系人陈先生",
        "3号楼2单元501室",
        "微信@所有人",
        "😀 <script>alert(1)</script> ' OR 1=1 --",
        "",
    ],
)
def test_what_is_nobodys_value_stays(text: str) -> None:
    assert mask_text(text) == text


def test_names_known_from_the_matter_are_masked_wherever_they_stand() -> None:
    text = "水根叔（陈水根）家漏水，陈水根急"
    assert mask_text(text, names=["陈水根", "根", ""]) == "水根叔（陈**）家漏水，陈**急"


HARD = {
    "digits": "1" * 100_000,
    "groups": "1 " * 50_000,
    "wide groups": "1   " * 25_000,
    "dashes": "1-" * 50_000,
    "dots": "1." * 50_000,
    "mail user": "a" * 100_000,
    "at signs": "@" * 100_000,
    "mails": "a@" * 50_000,
    "mail host": "a@" + "b." * 50_000,
    "cues": "我叫" * 50_000,
    "names": "姓名：" + "陈" * 100_000,
    "plates": "青A1234" * 14_000,
    "spoken": "零" * 100_000,
    "spaces": " " * 100_000,
    "real": "联系人：陈水根13800000417 " * 4_500,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_masking_takes_time_in_proportion_to_length(text: str) -> None:
    """Ten times the text takes about ten times as long; a catastrophe would take a hundred times or never end."""

    def seconds(part: str) -> float:
        begun = perf_counter()
        mask_text(part)
        return perf_counter() - begun

    tenth = min(seconds(text[: len(text) // 10]) for _ in range(3))
    assert seconds(text) < 40 * tenth + 0.5


@given(st.text("水管坏了，。 \n<>'abc", max_size=30), st.text("，。 坏了", min_size=1, max_size=20))
def test_no_mobile_number_survives_whatever_stands_around_it(before: str, after: str) -> None:
    assert "13800000417" not in mask_text(f"{before}13800000417{after}")


@given(st.text(max_size=300))
def test_masking_a_masked_text_changes_nothing_more(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
