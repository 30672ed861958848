"""Each word about people, lines and values, changed in a pack, changes who is called, missing, offered or accepted."""

from __future__ import annotations

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened, person
from youying.access.models import Post, Unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.queries import duty, staffing


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


class TestChannel:
    @pytest.mark.word("channel")
    def test_a_need_comes_in_only_by_a_channel_the_pack_lists(self, world):
        assert opened(world, channel="letter-box").matter.channel == "letter-box"
        change(world, gone=("channel.letter-box",))
        with refused("unknown-channel"):
            opened(world, channel="letter-box")

    @pytest.mark.word("channel.hours")
    @pytest.mark.parametrize(("hours", "open_now"), [("00:00-24:00", True), ("08:00-12:00", False)])
    def test_a_line_is_open_in_the_hours_the_pack_says(self, world, hours, open_now):
        change(world, {"channel.phone.hours": hours})
        assert [line.open_now for line in duty.lines(world.community)] == [open_now]

    @pytest.mark.word("channel.roster")
    @pytest.mark.parametrize(("roster", "who"), [("community", ["韩树成"]), ("police", [])])
    def test_a_line_is_answered_by_the_roster_the_pack_names(self, world, roster, who):
        change(world, {"channel.phone.roster": roster}, code="m03")
        line = next(line for line in duty.lines(world.community) if line.code == "phone")
        assert (line.shift.code, [one.name for one in line.shift.people]) == (roster, who)


class TestRoster:
    @pytest.mark.word("roster")
    def test_who_is_on_call_is_known_where_the_pack_has_a_roster(self, world):
        assert duty.shifts(world.community) == []
        change(world, code="m03")
        assert [one.name for shift in duty.shifts(world.community) for one in shift.people] == ["韩树成"]

    @pytest.mark.word("roster.hours")
    @pytest.mark.parametrize(("hours", "who"), [(["00:00-24:00"], ["韩树成"]), (["20:00-08:00"], [])])
    def test_somebody_is_on_call_in_the_hours_the_pack_says(self, world, hours, who):
        change(world, {"roster.community.hours": hours}, code="m03")
        shift = duty.shifts(world.community)[0]
        assert ([one.name for one in shift.people], shift.running) == (who, bool(who))

    def test_a_shift_across_midnight_runs_on_both_sides_of_it(self, world):
        change(world, {"roster.community.hours": ["20:00-08:00"]}, code="m03")
        running = []
        for hours in (4, 5, 9, 3):  # 19:52, 00:52, 09:52, 12:52
            world.clock.forward(hours=hours)
            running.append(duty.shifts(world.community)[0].running)
        assert running == [False, True, False, False]

    @pytest.mark.word("roster.published")
    @pytest.mark.parametrize("published", [True, False])
    def test_a_roster_is_shown_to_residents_only_where_the_pack_publishes_it(self, world, published):
        change(world, {"roster.community.published": published}, code="m03")
        assert duty.shifts(world.community)[0].published is published


class TestStaff:
    def missing(self, world):
        return {(v.title, v.path, v.have, v.need) for v in staffing.vacancies(SYSTEM, world.town)}

    @pytest.mark.word("posts")
    def test_a_post_that_the_pack_does_not_have_is_not_missed(self, world):
        assert ("楼栋长" in {title for title, *_ in self.missing(world)}) is True
        change(world, gone=("posts.building-leader",))
        assert ("楼栋长" in {title for title, *_ in self.missing(world)}) is False

    @pytest.mark.word("posts.each")
    @pytest.mark.parametrize(("each", "lacks"), [(1, False), (3, True)])
    def test_every_place_wants_as_many_people_as_the_pack_says(self, world, each, lacks):
        change(world, {"posts.secretary.each": each})
        assert (("社区书记", world.community, 1, 3) in self.missing(world)) is lacks

    @pytest.mark.word("posts.at")
    @pytest.mark.parametrize("level", ["community", "town"])
    def test_people_are_missed_at_the_level_the_pack_says(self, world, level):
        change(world, {"posts.volunteer.each": 1, "posts.volunteer.at": level})
        where = world.community if level == "community" else world.town
        assert [one[1] for one in self.missing(world) if one[0] == "志愿者"] == [where]

    def test_who_does_not_reach_a_place_is_not_told_who_is_missing_there(self, world):
        with refused("out-of-reach"):
            staffing.vacancies(world.stranger, world.town)

    def test_a_post_that_ended_leaves_a_vacancy(self, world):
        person("方小雨", "volunteer", "志愿者", reach=world.community)
        change(world, {"posts.volunteer.each": 1})
        assert not [one for one in self.missing(world) if one[0] == "志愿者"]
        Post.objects.filter(code="volunteer").update(until=world.clock())
        assert [one[2] for one in self.missing(world) if one[0] == "志愿者"] == [0]

    @pytest.mark.word("units")
    def test_a_matter_is_offered_to_units_of_the_types_the_pack_has(self, world):
        titles = [one.title for one in staffing.units_for(dispatched(world))]
        assert sorted(titles) == ["和顺物业", "槐花里社区"]
        change(world, gone=("units.property-company",))
        assert [one.title for one in staffing.units_for(opened(world).matter)] == ["槐花里社区"]

    @pytest.mark.word("units.at")
    @pytest.mark.parametrize(("level", "near"), [("community", True), ("county", False)])
    def test_units_at_the_level_the_pack_says_stand_first(self, world, level, near):
        Unit.objects.create(code="far", title="区住建局", kind="department", reach=world.town.rpartition("/")[0])
        change(world, {"units.community-office.at": level})
        offered = {one.title: one.near for one in staffing.units_for(opened(world).matter)}
        assert offered["槐花里社区"] is near
        assert "区住建局" in offered


class TestValues:
    @pytest.mark.word("values", "values:urgency")
    def test_a_degree_of_urgency_is_one_the_pack_lists(self, world):
        with refused("unknown-urgency"):
            opened(world, urgency="at-once")
        unit = {"unit": world.property_company.pk, "category": CATEGORY, "urgency": "at-once"}
        with refused("unknown-urgency"):
            actions.act(opened(world).matter.pk, "dispatch", by=world.dispatcher, **unit)
        change(world, {"values.urgency.at-once": "马上"})
        assert opened(world, urgency="at-once").matter.urgency == "at-once"
        assert actions.act(opened(world).matter.pk, "dispatch", by=world.dispatcher, **unit).urgency == "at-once"

    @pytest.mark.word("values:satisfaction")
    def test_an_answer_is_one_the_pack_lists(self, world):
        data = {"solved": True, "satisfaction": "非常满意"}
        with refused("unknown-satisfaction"):
            actions.act(completed(world).pk, "verdict", by=world.caller, **data)
        change(world, {"values.satisfaction.非常满意": "非常满意"})
        done = actions.act(completed(world).pk, "verdict", by=world.caller, **data)
        assert done.satisfaction == "非常满意"

    @pytest.mark.word("values:class")
    def test_a_class_is_one_the_pack_lists(self, world):
        judged = own_act(verb="judge")
        change(world, judged)
        with refused("unknown-class"):
            actions.act(opened(world).matter.pk, "try", by=world.dispatcher, grade="hard")
        change(world, judged | {"values.class.hard": "难诉"})
        assert actions.act(opened(world).matter.pk, "try", by=world.dispatcher, grade="hard").grade == "hard"


class TestLoop:
    @pytest.mark.word("loop.kind:demand")
    def test_a_demand_takes_the_loop_that_is_for_demands(self, world):
        assert opened(world).matter.loop == "demand"
        change(world, {"loop.demand.kind": "hazard"})
        with refused("unknown-kind"):
            opened(world)

    @pytest.mark.word("loop.tier")
    @pytest.mark.parametrize("tier", ["community", "town"])
    def test_a_matter_begins_at_the_tier_the_pack_says(self, world, tier):
        change(world, {"loop.demand.tier": tier})
        assert opened(world).matter.tier == tier

    @pytest.mark.word("words")
    def test_a_refusal_speaks_with_the_words_of_the_place(self, world):
        for word in ("事项", "工单"):
            change(world, {"words.matter": word})
            with pytest.raises(Refused, match=f"{word}还在办"):
                actions.reopen(in_hand(world).pk, by=world.caller, words="又坏了")
