"""What the engine gets: every duration read, every default filled in, nothing that can be changed."""

from __future__ import annotations

import dataclasses

import pytest

from youying.kernel.durations import Duration
from youying.packs.edition import build_edition
from youying.packs.source import RawPack


def test_an_act_has_its_verb_title_stages_and_proofs(m03) -> None:
    act = m03.loops["demand"].acts["complete"]
    assert (act.verb, act.title, act.from_stages, act.to) == ("complete", "办结", frozenset({"judged"}), "completed")
    assert [need.word for need in act.needs] == ["note", "photo"]
    assert act.needs_word("photo") and not act.needs_word("scheme")


def test_a_local_act_hangs_on_its_verb(lib: dict[str, RawPack]) -> None:
    act = build_edition("m17", lib).loops["hazard"].acts["on-the-spot"]
    assert (act.id, act.verb) == ("on-the-spot", "complete")


def test_an_act_without_a_title_takes_the_catalogue(m01) -> None:
    assert m01.loops["demand"].acts["hand-back"].title == "退单"


def test_a_proof_carries_its_count_or_its_name(lib: dict[str, RawPack]) -> None:
    consent = build_edition("m25", lib).loops["consent"].acts["end"]
    assert [(need.word, need.least) for need in consent.needs] == [("reason", 1), ("attempts", 6)]
    grant = build_edition("m13", lib).loops["application"].acts["grant"]
    assert [(need.word, need.name) for need in grant.needs] == [("publication", "benefit"), ("note", "")]


def test_a_table_of_deadlines_answers_by_the_fact_and_else(m01) -> None:
    clock = m01.loops["demand"].clocks["complete"]
    assert clock.limit({"urgency": "urgent"}) == Duration(1, "working-days")
    assert clock.limit({"urgency": "hard"}) == Duration(11, "working-days")
    assert clock.limit({}) == Duration(7, "working-days")


def test_a_given_deadline_stays_given(lib: dict[str, RawPack]) -> None:
    assert build_edition("m22", lib).loops["topic"].clocks["execute"].limit({}) == "given"


def test_a_clock_knows_what_starts_stops_and_pauses_it(m01) -> None:
    loop = m01.loops["demand"]
    clock = loop.clocks["complete"]
    assert (clock.start_on, clock.stop_on) == (frozenset({"dispatch", "designate", "rework"}), frozenset({"complete"}))
    assert (clock.pause, clock.resume, clock.counting) == (
        frozenset({"park", "hold"}),
        frozenset({"unpark", "go-on"}),
        "legal",
    )
    assert [one.id for one in loop.clocks_started_by("complete")] == ["call-back"]


def test_an_extension_is_asked_before_an_hour_or_before_a_time(m01, lib: dict[str, RawPack]) -> None:
    by_hour = m01.loops["demand"].clocks["complete"].extend
    by_time = build_edition("m17", lib).loops["hazard"].clocks["complete"].extend
    assert by_hour and (by_hour.hour, by_hour.before, by_hour.most) == ("17:00", None, 1)
    assert by_time and (by_time.hour, by_time.before) == (None, Duration(12, "hours"))


def test_a_ladder_is_read_into_shares_and_times(m01) -> None:
    ladder = m01.loops["demand"].clocks["complete"].ladder
    assert [(rung.percent, rung.after, rung.do, rung.to) for rung in ladder] == [
        (80, None, "remind", "lead"),
        (None, None, "propose-supervision", "town"),
        (None, Duration(2, "working-days"), "watch-by", "county"),
    ]


def test_stages_stand_in_the_order_of_the_main_path_with_the_end_last(m03) -> None:
    assert list(m03.loops["demand"].stages) == [
        "received",
        "dispatched",
        "in-hand",
        "judged",
        "completed",
        "parked",
        "crossed-off",
    ]


def test_closing_silence_and_reopening_are_read(m01) -> None:
    close = m01.loops["demand"].close
    assert close.verdict == ("resident",)
    assert close.silence and (close.silence.attempts, close.silence.over) == (3, Duration(7, "days"))
    assert close.reopen and (close.reopen.within, close.reopen.to) == (Duration(30, "days"), "in-hand")


def test_the_acts_of_a_stage_and_of_a_verb_are_found(m01) -> None:
    loop = m01.loops["demand"]
    assert [act.id for act in loop.acts_from("parked")] == ["unpark", "end", "supervise"]
    assert [act.id for act in loop.acts_of("cross-off", "end")] == ["cross-off", "end"]


@pytest.mark.parametrize("part", ["acts", "clocks", "stages"])
def test_a_compiled_loop_cannot_be_changed(part: str, m01) -> None:
    loop = m01.loops["demand"]
    with pytest.raises(TypeError):
        getattr(loop, part)["new"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        loop.title = "别的"  # type: ignore[misc]


def test_lamps_and_duplicates_have_their_numbers(m01) -> None:
    loop = m01.loops["demand"]
    assert loop.lamps == (50, 80)
    assert loop.merge and (loop.merge.same, loop.merge.over) == (("reporter", "category", "place"), Duration(7, "days"))
