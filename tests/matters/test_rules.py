"""The pure rules, by table and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.matters.changing import own_act
from youying.kernel.calendar import WorkCalendar
from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.matters import (
    clock_rules,
    closing_rules,
    house_rules,
    intake_rules,
    lamp_rules,
    merge_rules,
    rules,
    tally_rules,
)
from youying.matters.clock_rules import OVERDUE, Rung, has_come, tier_above
from youying.matters.closing_rules import Tried
from youying.matters.given_rules import KNOWN, read_answer, read_chosen, read_given, refuse_unknown
from youying.matters.lamp_rules import Deadline
from youying.matters.rules import Situation
from youying.packs.compiled import CompiledMerge, CompiledSilence
from youying.packs.edition import build_edition
from youying.packs.source import library, with_value

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = WorkCalendar(ZONE, hours=((time(9), time(12)), (time(14), time(18))))
START = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)
moments = st.integers(0, 60 * 24 * 3600).map(lambda s: START + timedelta(seconds=s))


@cache
def edition(**said):
    """The base pack, with a local act where one is said."""
    lib = library()
    raw = lib["m01"]
    for key, value in own_act(**{k: list(v) if isinstance(v, tuple) else v for k, v in said.items()}).items():
        raw = with_value(raw, key=key, value=value)
    return build_edition(raw, lib)


LOOP = edition(verb="step").loops["demand"]
FACTS = {"urgency": "ordinary", "category": "", "class": ""}
viewers = st.builds(
    Viewer,
    kind=st.sampled_from(["post", "system", "reporter", "public"]),
    account_id=st.sampled_from([None, 1, 2]),
    post_code=st.sampled_from(["", "dispatcher", "caller", "secretary", "street-leader"]),
    reach=st.sampled_from(["", "/", "/a", "/a/b", "/a/b/g3", "/z"]),
    unit_id=st.sampled_from([None, 7, 8, 9]),
    unit_kind=st.sampled_from(["", "property-company"]),
    powers=st.sampled_from([frozenset(), frozenset({"view", "act"}), frozenset({"view", "act", "intake", "rates"})]),
    reporter_of=st.sampled_from([None, 5, 6]),
)
situations = st.builds(
    Situation,
    id=st.just(5),
    number=st.just("2611-00001-7"),
    stage=st.sampled_from(sorted(LOOP.stages)),
    facts=st.just(FACTS),
    area_path=st.just("/a/b"),
    place_path=st.just("/a/b/c1/b2"),
    grid_path=st.sampled_from(["", "/a/b/g3"]),
    lead_id=st.sampled_from([None, 7]),
    joint=st.sampled_from([frozenset(), frozenset({8})]),
    summoned=st.sampled_from([frozenset(), frozenset({9})]),
    reported=st.sampled_from([frozenset(), frozenset({9})]),
    hosts=st.sampled_from([frozenset(), frozenset({9})]),
    host_posts=st.sampled_from([frozenset(), frozenset({"secretary"})]),
    keeper_posts=st.sampled_from([frozenset(), frozenset({"secretary"})]),
    doers=st.sampled_from([{}, {"complete": [1]}, {"complete": [2, 1]}]),
)
acts = st.sampled_from(sorted(LOOP.acts))


class TestWhyNot:
    @given(viewers, situations, acts)
    @settings(max_examples=400)
    def test_a_step_is_open_exactly_where_stage_person_and_guard_allow_it(self, viewer, situation, name):
        step = LOOP.acts[name]
        refused = rules.why_not(edition(verb="step"), LOOP, step, viewer=viewer, situation=situation)
        mine = bool(rules.stands_as(viewer, situation) & set(step.by))
        same = viewer.account_id in {a for other in step.not_by for a in situation.doers.get(other, ())}
        free = situation.stage in step.from_stages and mine and not (same and viewer.account_id)
        assert (refused is None) is free

    @given(viewers, situations, acts)
    def test_a_refusal_says_in_chinese_what_is_wrong_and_its_code_is_one_of_few(self, viewer, situation, name):
        refused = rules.why_not(edition(verb="step"), LOOP, LOOP.acts[name], viewer=viewer, situation=situation)
        assume(refused is not None)
        assert refused.code in {"wrong-stage", "not-yours", "guard", "same-person", "too-often"}
        assert refused.say.endswith("。")
        assert refused.say.count("“") == refused.say.count("”")

    @given(viewers, situations)
    def test_nobody_stands_in_a_post_where_the_place_is_out_of_reach(self, viewer, situation):
        if viewer.kind == "post" and not rules.covers(viewer, situation):
            by_unit = rules.stands_as(viewer, situation)
            assert by_unit <= {"lead", "keeper", "joint", "summoned", "host"}
            assert not by_unit or viewer.unit_id in {
                situation.lead_id,
                *situation.joint,
                *situation.summoned,
                *situation.hosts,
            }
            assert ("keeper" in by_unit) is ("lead" in by_unit)

    @given(viewers, situations)
    def test_who_stands_to_a_matter_by_its_unit_or_its_place_with_the_power_sees_it(self, viewer, situation):
        roles = rules.stands_as(viewer, situation)
        by_unit = viewer.unit_id in {situation.lead_id, *situation.joint, *situation.summoned, *situation.hosts} - {
            None
        }
        if by_unit and viewer.kind == "post":
            assert rules.sees(viewer, situation)
        if rules.sees(viewer, situation) and viewer.kind == "post":
            assert rules.covers(viewer, situation) or (by_unit and roles & {"lead", "joint", "summoned", "host"})

    def test_the_public_and_another_matters_reporter_stand_as_anybody(self):
        here = Situation(5, "", "received", FACTS, "/a", "/a")
        assert rules.stands_as(PUBLIC, here) == {"public"}
        assert rules.stands_as(Viewer(kind="reporter", reporter_of=6), here) == {"public"}
        assert rules.stands_as(Viewer(kind="reporter", reporter_of=5), here) == {"reporter", "affected", "applicant"}
        assert rules.stands_as(SYSTEM, here) == {"system"}

    @given(st.integers(0, 5))
    def test_an_act_with_a_bound_is_open_until_it_is_reached(self, done):
        bound = edition(verb="step", most=3)
        loop = bound.loops["demand"]
        here = Situation(5, "", "received", FACTS, "/a", "/a", doers={"try": [1] * done})
        who = Viewer(kind="post", post_code="dispatcher", reach="/a")
        refused = rules.why_not(bound, loop, loop.acts["try"], viewer=who, situation=here)
        assert (refused.code if refused else None) == ("too-often" if done >= 3 else None)


SILENCE = CompiledSilence(3, parse_duration("7 days"), ("phone", "sms"))
tried = st.builds(Tried, way=st.sampled_from(["phone", "sms", "door"]), reached=st.just(False), at=moments)


class TestClosing:
    @given(st.lists(tried, max_size=7))
    def test_silence_never_closes_without_enough_attempts_in_the_right_ways_after_the_completion(self, tries):
        at = closing_rules.silence_from(tries, SILENCE, done_at=START, calendar=OFFICE)
        counted = [one for one in tries if one.way in SILENCE.ways and one.at >= START]
        assert (at is None) is (len(counted) < 3)

    @given(st.lists(tried, min_size=3, max_size=7))
    def test_silence_closes_after_the_period_and_not_before_the_last_attempt_that_counts(self, tries):
        at = closing_rules.silence_from(tries, SILENCE, done_at=START, calendar=OFFICE)
        assume(at is not None)
        assert at >= START + timedelta(days=7)
        assert sum(one.at <= at for one in tries if one.way in SILENCE.ways) >= 3

    @given(st.lists(tried, max_size=7), st.integers(0, 7), moments)
    def test_whoever_was_reached_once_is_not_silent(self, tries, place, at):
        known = [*tries[:place], Tried("phone", True, at), *tries[place:]]
        assert closing_rules.silence_from(known, SILENCE, done_at=START, calendar=OFFICE) is None

    @given(st.lists(tried, max_size=7))
    def test_attempts_before_the_completion_prove_nothing(self, tries):
        late = START + timedelta(days=90)
        assert closing_rules.silence_from(tries, SILENCE, done_at=late, calendar=OFFICE) is None

    @pytest.mark.parametrize(("solved", "lacks"), [(True, 0), (False, 1), (None, 1)])
    def test_only_solved_proves_a_cross_off(self, solved, lacks):
        assert len(closing_rules.lacking(("resident",), {"solved": solved})) == lacks
        if lacks:
            with pytest.raises(Refused, match="not-proven"):
                closing_rules.refuse_open_proofs(("resident",), {"solved": solved})


def cell(**more):
    """The facts of a matter as its tally cell reads them."""
    base = dict.fromkeys((*tally_rules.DIMENSIONS, *tally_rules.COUNTED), "") | {
        "opened_at": START, "lead_id": 7, "merged_into_id": None, "completed_at": None, "reworks": 0,
        "excluded": "", "end_reason": "", "solved": None,
    }  # fmt: skip
    return base | more


class TestTally:
    @given(st.integers(0, 40_000 * 86_400).map(lambda s: datetime(1990, 1, 2, tzinfo=UTC) + timedelta(seconds=s)))
    def test_a_matter_counts_in_the_local_month_in_which_it_came(self, at):
        local = at.astimezone(ZONE)
        month = tally_rules.month_of(at, ZONE)
        assert (month.year, month.month, month.day) == (local.year, local.month, 1)

    changes = st.fixed_dictionaries(
        {},
        optional={
            "solved": st.sampled_from([None, True, False]),
            "category": st.sampled_from(["", "a", "b"]),
            "lead_id": st.sampled_from([None, 1, 2]),
            "reworks": st.integers(0, 3),
            "completed_at": st.sampled_from([None, START]),
            "excluded": st.sampled_from(["", "unreachable"]),
            "end_reason": st.sampled_from(["", "withdrawn"]),
        },
    )

    @given(changes, changes)
    def test_two_matters_share_a_cell_exactly_where_all_that_is_counted_is_equal(self, one, other):
        left, right = (tally_rules.cell_values(cell(**more), ZONE) for more in (one, other))
        assert (tally_rules.cell_key(left) == tally_rules.cell_key(right)) is (left == right)

    @given(changes, changes)
    def test_two_matters_share_a_cell_by_unit_where_nothing_but_what_it_leaves_out_differs(self, one, other):
        left, right = (tally_rules.cell_values(cell(**more), ZONE) for more in (one, other))
        alike = all(left[name] == right[name] for name in left if name not in tally_rules.LEFT_OUT)
        keys = [tally_rules.cell_key(tally_rules.unit_values(values)) for values in (left, right)]
        assert (keys[0] == keys[1]) is alike

    @given(changes)
    def test_what_is_not_counted_moves_no_cell(self, more):
        first = tally_rules.cell_values(cell(**more), ZONE)
        again = tally_rules.cell_values(
            cell(**more, title="别的", version=9, opened_at=START + timedelta(hours=1)), ZONE
        )
        assert first == again
        assert set(first) == {*tally_rules.DIMENSIONS, *tally_rules.COUNTED}


def deadline(**more):
    """A deadline of ten natural hours."""
    base = {
        "due_at": START + timedelta(hours=10), "due_from": START, "yellow_at": START + timedelta(hours=5),
        "red_at": START + timedelta(hours=8), "natural": True, "paused": False, "waiting": False, "ended": False,
        "crossed_off": False,
    }  # fmt: skip
    return Deadline(**base | more)


ORDER = {"green": 0, "yellow": 1, "red": 2, "overdue": 3}


class TestLamp:
    @given(st.integers(0, 72_000), st.integers(0, 72_000))
    def test_a_lamp_only_ever_turns_on_and_its_share_only_grows(self, one, other):
        first, last = sorted((one, other))
        before, after = (lamp_rules.lamp_of(deadline(), START + timedelta(seconds=s), OFFICE) for s in (first, last))
        assert ORDER[before.colour] <= ORDER[after.colour]
        assert before.used <= after.used <= 100

    @given(st.integers(0, 36_000))
    def test_the_share_is_the_share_of_the_time(self, seconds):
        lamp = lamp_rules.lamp_of(deadline(), START + timedelta(seconds=seconds), OFFICE)
        assert abs(lamp.used - seconds / 360) <= 0.51

    @given(st.integers(1, 98), st.integers(1, 99), st.integers(0, 36_000))
    def test_the_share_stays_true_whatever_the_lamps_of_the_loop(self, yellow, red, seconds):
        assume(yellow < red)
        turning = deadline(
            yellow_at=START + timedelta(seconds=360 * yellow),
            red_at=START + timedelta(seconds=360 * red),
            lamps=(yellow, red),
        )
        assert abs(lamp_rules.used_share(turning, START + timedelta(seconds=seconds)) - seconds / 360) <= 0.51

    @pytest.mark.parametrize(
        ("more", "hours", "colour", "say"),
        [
            ({"ended": True, "crossed_off": True}, 1, "done", "已销号"),
            ({"ended": True}, 1, "done", "已结束"),
            ({"waiting": True}, 30, "waiting", "等居民答复"),
            ({"paused": True}, 30, "paused", "已暂停"),
            ({"due_at": None}, 1, "none", "未计时"),
            ({}, 10, "red", None),
            ({}, 11, "overdue", None),
        ],
    )
    def test_each_state_has_its_word_and_the_last_moment_is_not_late(self, more, hours, colour, say):
        lamp = lamp_rules.lamp_of(deadline(**more), START + timedelta(hours=hours), OFFICE)
        assert lamp.colour == colour
        assert say is None or lamp.say == say


class TestClockRules:
    @pytest.mark.parametrize(
        ("tier", "to", "found"),
        [
            ("community", "up", "town"),
            ("community", "", "town"),
            ("county", "up", "county"),
            ("grid", "city", "city"),
            ("", "up", "grid"),
        ],
    )
    def test_the_tier_above_is_the_next_of_the_order_and_the_last_stays(self, tier, to, found):
        assert tier_above(tier, to, ("grid", "community", "town", "county")) == found
        assert tier_above("x", "up", ()) == "up"

    def test_running_out_comes_after_the_deadline_and_other_rungs_at_it(self):
        assert not has_come(Rung(START, OVERDUE), START)
        assert has_come(Rung(START, OVERDUE), START + timedelta(microseconds=1))
        assert has_come(Rung(START, "remind"), START)

    @given(moments)
    def test_a_run_is_missed_after_its_deadline_and_not_at_it(self, at):
        due = START + timedelta(days=30)
        assert clock_rules.missed({}, due_at=due, at=at) is (at > due)
        assert not clock_rules.missed({}, due_at=None, at=at)
        assert clock_rules.missed({"missed": due.isoformat()}, due_at=None, at=at) is (at > due)


class TestMerge:
    told = st.builds(
        merge_rules.Told,
        reporters=st.frozensets(st.sampled_from(["p", "q"])),
        category=st.sampled_from(["", "a", "b"]),
        area_path=st.sampled_from(["/a", "/b"]),
        compound_id=st.sampled_from([None, 1, 2]),
        opened_at=moments,
    )
    words = st.lists(st.sampled_from(["reporter", "category", "place"]), min_size=1, max_size=3, unique=True)

    @given(told, told, words, st.integers(1, 40))
    def test_it_is_symmetric_and_more_conditions_never_offer_more(self, one, other, words, days):
        merge = CompiledMerge(tuple(words), parse_duration(f"{days} days"))
        found = merge_rules.same_by(merge, one, other, calendar=OFFICE)
        assert bool(found) is bool(merge_rules.same_by(merge, other, one, calendar=OFFICE))
        if found:
            assert all(merge_rules.same_by(replace(merge, same=(w,)), one, other, calendar=OFFICE) for w in words)
            assert abs(one.opened_at - other.opened_at) <= merge_rules.looked_back(merge.over)

    @given(told, told)
    def test_a_comparison_that_the_engine_does_not_know_offers_nothing(self, one, other):
        merge = CompiledMerge(("cause",), parse_duration("30 days"))
        assert merge_rules.same_by(merge, one, other, calendar=OFFICE) == ()
        assert merge_rules.same_by(None, one, other, calendar=OFFICE) == ()


class TestGiven:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            ({"way": "pigeon"}, "unknown-way"),
            ({"unit": "seven"}, "bad-value"),
            ({"due_at": "tomorrow"}, "bad-moment"),
            ({"due_at": datetime(2026, 11, 16)}, "bad-moment"),  # noqa: DTZ001 - a moment without a zone is the case
            ({"note": "长" * 5000}, "text"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, data, code):
        with pytest.raises(Refused, match=code):
            read_given(data, photos=0)

    @given(st.dictionaries(st.text(min_size=1, max_size=12), st.integers(), max_size=3))
    def test_only_known_fields_pass(self, data):
        refuse_unknown({name: value for name, value in data.items() if name in KNOWN})
        assume(set(data) - KNOWN)
        with pytest.raises(Refused, match="unknown-field"):
            refuse_unknown(data)

    def test_an_answer_says_solved_and_a_known_degree(self):
        assert read_answer({}, {"满意": "满意"}) is None
        with pytest.raises(Refused, match="needs-verdict"):
            read_answer({"satisfaction": "满意"}, {"满意": "满意"})
        with pytest.raises(Refused, match="unknown-satisfaction"):
            read_answer({"solved": True, "satisfaction": "好"}, {"满意": "满意"})

    def test_a_choice_is_one_of_the_packs_values_and_an_empty_one_is_none(self):
        values = {"urgency": {"urgent": "紧急"}}
        assert read_chosen({"urgency": "urgent", "grade": ""}, values) == {"urgency": "urgent"}
        with pytest.raises(Refused, match="unknown-class"):
            read_chosen({"grade": "hard"}, values)


class TestIntake:
    @given(st.timedeltas(timedelta(days=-20_000), timedelta(days=400)))
    def test_a_moment_is_taken_between_1990_and_a_few_minutes_from_now(self, ago):
        at = START + ago
        try:
            intake_rules.refuse_moment(at, now=START)
        except Refused as refused:
            assert refused.code == ("future" if ago > timedelta() else "too-old")
            assert not intake_rules.EARLIEST <= at <= START + intake_rules.AHEAD
        else:
            assert intake_rules.EARLIEST <= at <= START + intake_rules.AHEAD


class TestHouse:
    @given(
        viewers, situations, st.booleans(), st.sampled_from(["", "litigation"]), st.booleans(),
        st.sampled_from(sorted(house_rules.TABLE)),
    )  # fmt: skip
    @settings(max_examples=400)
    def test_a_house_act_is_for_those_of_the_table_in_its_state(self, viewer, situation, ended, out, parked, name):
        here = replace(situation, ended=ended, facts={**situation.facts, "excluded": out, "parked": parked})
        refused = house_rules.why_not(name, edition(verb="step"), LOOP, viewer=viewer, situation=here)
        when, relations, power = house_rules.TABLE[name]
        wrong_time = (when == "running" and ended) or (when == "ended" and not ended)
        idle = {
            "reassign": here.lead_id is None,
            "call-off": not here.summoned - here.reported,
            "review-parking": not parked,
            "ask-extension": not any(
                one.extend and (one.each or "lead") in rules.stands_as(viewer, here) for one in LOOP.clocks.values()
            ),
            **{act: bool(out) for act in ("exclude", "propose-exclusion")},
            **dict.fromkeys(("include", "object-exclusion"), not out),
        }.get(name, False)
        own_unit = name == "exclude" and viewer.unit_id in {here.lead_id, *here.joint} - {None}
        named = {
            "reopen": LOOP.close.reopen.by,
            "issue-secret": {by for step in LOOP.acts_of("call-back") for by in step.by} - {"reporter", "system"},
            "call-off": {by for step in LOOP.acts.values() if "summoned" in step.assigns for by in step.by},
            "review-parking": {by for step in LOOP.acts_of("park") for by in step.approve.by},
        }.get(name, ())
        mine = bool(rules.stands_as(viewer, here) & {*relations, *named})
        powered = bool(power) and viewer.may(power) and rules.covers(viewer, here)
        assert (refused is None) is (not wrong_time and not idle and not own_unit and (mine or powered))

    @given(viewers, situations, st.sampled_from(["propose-exclusion", "object-exclusion"]))
    def test_nobody_asks_for_a_review_where_the_pack_names_no_reviewer(self, viewer, situation, name):
        lone = replace(LOOP, acts={code: step for code, step in LOOP.acts.items() if step.verb != "end"})
        refused = house_rules.why_not(name, edition(verb="step"), lone, viewer=viewer, situation=situation)
        assert refused.code == "no-reviewer"


def test_every_file_of_rules_is_type_checked_strictly():
    root = Path(__file__).parents[2]
    strict = (root / "pyproject.toml").read_text("utf-8")
    found = [path.relative_to(root / "src").with_suffix("") for path in (root / "src").rglob("*_rules.py")]
    assert [name for path in found if f'"{(name := ".".join(path.parts))}"' not in strict] == []
    assert len(found) > 8
