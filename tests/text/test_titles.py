"""A title for a matter that came without one."""

from __future__ import annotations

import pytest

from youying.text.titles import WITHOUT_TITLE, theme_words, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("清泉里三号楼路灯坏了。晚上看不见。", "清泉里三号楼路灯坏了"),
        ("尊敬的领导：您好！门口的井盖碎了，车过时很响。", "门口的井盖碎了，车过时很响"),
        ("你好，我想问低保怎么申请", "我想问低保怎么申请"),
        ("路灯坏了", "路灯坏了"),
        ("灯坏", "灯坏"),
        ("  \n ", WITHOUT_TITLE),
        ("", WITHOUT_TITLE),
    ],
)
def test_the_first_telling_sentence_is_the_title(text, title):
    assert title_of(text) == title


def test_a_long_sentence_is_cut_at_a_pause():
    title = title_of("清泉里小区三号楼二单元的住户反映，下水道堵塞三天没有人处理，污水流到路上味道很大很难闻")
    assert title == "清泉里小区三号楼二单元的住户反映…"


@pytest.mark.parametrize("text", ["长" * 100_000, "😀" * 500, "<script>alert(1)</script>" * 40])
def test_a_title_never_exceeds_thirty_characters(text):
    assert len(title_of(text)) <= 30


def test_a_theme_is_named_by_the_words_that_set_it_apart():
    cluster = ["小区停车位太少", "停车位被地锁霸占", "停车收费乱涨价"]
    others = ["小区路灯坏了", "小区暖气不热", "小区下水道堵塞", "小区电梯停运"]
    words = theme_words(cluster, against=others)
    assert any("停车" in word for word in words)
    assert "小区" not in words[:1]
