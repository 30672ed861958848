"""The rules of access, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.access.rules import (
    LINK_MINUTES,
    MOST_LINK_MINUTES,
    UNMASK_PURPOSES,
    Term,
    check_link,
    check_not_oneself,
    check_purpose,
    check_take_over,
    device_words,
    link_life,
    moved,
    powers_that_fit,
    reach_that_fits,
    term_that_fits,
    username_that_fits,
    words_that_fit,
)
from youying.kernel.refusals import Refused
from youying.kernel.viewers import POWERS, SYSTEM, Viewer

NINE = datetime(2026, 11, 18, 1, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
segments = st.lists(st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=6)


def refused(call, code):
    """The refusal with which a call ends, of this code."""
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize(("typed", "kept"), [("sumin", "sumin"), (" Su.Min ", "su.min"), ("a-1_2", "a-1_2")])
def test_a_username_is_kept_in_its_normal_form(typed, kept):
    assert username_that_fits(typed) == kept


@pytest.mark.parametrize("typed", ["", "苏敏", "ab", "-abc", "a b c", "x" * 41, "su@min", "abc\n"])
def test_a_username_that_could_be_mistaken_is_refused(typed):
    if typed == "abc\n":
        assert username_that_fits(typed) == "abc"
    else:
        assert refused(lambda: username_that_fits(typed), "username-unfit").field == "username"


def test_words_are_trimmed_and_neither_empty_nor_too_long():
    assert words_that_fit("  苏敏 ", field="name", title="姓名", most=2) == "苏敏"
    assert refused(lambda: words_that_fit("  ", field="name", title="姓名", most=2), "words-unfit").field == "name"
    assert "姓名" in refused(lambda: words_that_fit("苏小敏", field="name", title="姓名", most=2), "words-unfit").say


@pytest.mark.parametrize("path", ["/", "/99", "/99/9901/c12/b3", "/99/g7"])
def test_a_path_of_the_tree_can_be_a_reach(path):
    assert reach_that_fits(path) == path


@pytest.mark.parametrize("path", ["", "99", "/99/", "//", "/99//1", "/99/%", "/99/../1", "/" + "1/" * 90 + "1"])
def test_anything_else_cannot(path):
    assert refused(lambda: reach_that_fits(path), "reach-unfit").have == path


def test_powers_are_kept_once_and_in_the_order_of_the_table():
    assert powers_that_fit(["act", "view", "act"]) == ["view", "act"]
    assert powers_that_fit([]) == []
    assert powers_that_fit(POWERS) == list(POWERS)


def test_an_unknown_power_is_refused_by_name():
    assert refused(lambda: powers_that_fit(["view", "fly"]), "unknown-power").have == ["fly"]


def test_a_post_holds_from_its_first_moment_and_no_longer_at_its_last():
    term = Term(NINE, NINE + A_MINUTE)
    assert [term.holds(NINE + A_MINUTE * step) for step in (-1, 0, 1)] == [False, True, False]
    assert Term(NINE).holds(NINE + timedelta(days=9999))


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_term_that_ends_before_it_begins_is_refused(minutes):
    assert term_that_fits(NINE, None) == Term(NINE)
    assert term_that_fits(NINE, NINE + A_MINUTE) == Term(NINE, NINE + A_MINUTE)
    refused(lambda: term_that_fits(NINE, NINE + A_MINUTE * minutes), "term-unfit")


def test_each_kind_of_link_has_its_own_life():
    assert {kind: link_life(kind, None) for kind in LINK_MINUTES} == {
        "invite": timedelta(days=3),
        "sign-in": timedelta(minutes=30),
        "reset": timedelta(hours=1),
        "set-up": timedelta(days=1),
    }
    assert link_life("reset", 1) == A_MINUTE
    assert link_life("reset", MOST_LINK_MINUTES) == timedelta(days=7)


@pytest.mark.parametrize("minutes", [0, -5, MOST_LINK_MINUTES + 1])
def test_a_link_lives_between_a_minute_and_a_week(minutes):
    refused(lambda: link_life("reset", minutes), "link-life-unfit")
    refused(lambda: link_life("party", 5), "link-kind-unknown")


@pytest.mark.parametrize(
    "what",
    [
        {"expires_at": None},
        {"used_at": NINE},
        {"active": False},
        {"expires_at": NINE},
        {"expires_at": NINE - A_MINUTE},
    ],
)
def test_every_bad_link_gets_the_same_answer(what):
    good = {"expires_at": NINE + A_MINUTE, "used_at": None, "active": True, "at": NINE}
    check_link(**good)
    assert (
        refused(lambda: check_link(**good | what), "link-void").say
        == "这个链接无效、已使用或已过期，请联系管理员重新发一个。"
    )


def test_only_a_purpose_of_the_list_opens_a_masked_value():
    for purpose in UNMASK_PURPOSES:
        check_purpose(purpose)
    for purpose in ("", "好奇", "CONTACT"):
        answer = refused(lambda purpose=purpose: check_purpose(purpose), "purpose-missing")
        assert answer.need == UNMASK_PURPOSES and answer.clause


def test_nobody_appoints_oneself_but_the_system_may_appoint_anybody():
    check_not_oneself(SYSTEM, account_id=3, what="任命")
    check_not_oneself(Viewer(kind="post", account_id=4), account_id=3, what="任命")
    refused(lambda: check_not_oneself(Viewer(kind="post", account_id=3), account_id=3, what="任命"), "not-for-oneself")


def test_a_successor_must_be_in_office_and_cover_the_place():
    good = {"reach": "/99/1/2", "taker_reach": "/99/1", "same_post": False, "taker_holds": True}
    check_take_over(**good)
    for wrong in ({"taker_reach": "/99/1/2/3"}, {"taker_reach": "/99/11"}, {"same_post": True}, {"taker_holds": False}):
        refused(lambda wrong=wrong: check_take_over(**good | wrong), "cannot-take-over")


@given(segments, segments, segments)
def test_a_branch_moves_whole_and_nothing_else_does(branch, tail, target):
    old, new = "/" + "/".join(branch), "/" + "/".join(target)
    assert moved(old, old=old, new=new) == new
    assert moved(f"{old}/{'/'.join(tail)}", old=old, new=new) == f"{new}/{'/'.join(tail)}"
    assert moved(old + "x", old=old, new=new) == old + "x"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile MicroMessenger/8.0", "微信 · 安卓"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604", "Safari · iPhone"),
        ("curl/8", "其他设备"),
        ("", "其他设备"),
    ],
)
def test_a_device_is_told_in_a_few_words(agent, words):
    assert device_words(agent) == words
