"""What the directory's row decides at a dispatch: who may take the matter, who may not, how urgent, by when, which tier."""

from __future__ import annotations

import pytest

from tests.matters.changing import change
from tests.matters.world import CATEGORY, opened
from youying.access.models import Unit
from youying.editions.actions import import_directory
from youying.kernel.clocks import recount
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Clock, Matter
from youying.matters.replaying import differences
from youying.packs.executed import not_executed


def row(world, **cells):
    """One row of the town's directory for the category of the matter."""
    told = {"category": CATEGORY, "unit": "和顺物业", **cells}
    assert import_directory(world.town, rows=[told], by=SYSTEM).refused == []
    world.clock.forward(seconds=1)


def dispatch(world, unit=None, *, urgency="", **more):
    """A matter given to the property company, or to another unit."""
    matter = opened(world, urgency=urgency).matter
    taken = (unit or world.property_company).pk
    return actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=taken, category=CATEGORY, **more)


def period(matter):
    """The period of completion as the run stores it; its deadline is the one that the working gives."""
    clock = Clock.objects.get(matter=matter, code="complete")
    assert recount(clock.working).due_at == clock.due_at
    return clock.rule["within"]


def test_a_column_that_decides_nothing_keeps_an_edition_from_adoption(world):
    assert not_executed(change(world, {"directory.columns": ["category", "unit", "within", "not_to"]})) == {}
    edition = change(world, {"directory.columns": ["category", "unit", "loop"]})
    assert list(not_executed(edition)) == ["directory.columns:loop"]


class TestPeriodAndUrgency:
    @pytest.mark.word("directory.columns:within")
    def test_the_period_of_the_row_is_the_period_of_completion(self, world):
        assert period(dispatch(world)) == "7 working-days"
        row(world, within="2 working-days")
        assert period(dispatch(world)) == "2 working-days"

    @pytest.mark.parametrize(("chosen", "expected"), [("4 working-days", "4 working-days"), ("", "7 working-days")])
    def test_the_dispatcher_may_choose_another_period_or_the_packs_own(self, world, chosen, expected):
        row(world, within="2 working-days")
        assert period(dispatch(world, within=chosen)) == expected

    def test_the_dispatchers_choice_stands_where_the_same_step_decides_the_category(self, world):
        row(world, within="2 working-days")
        matter = opened(world, category="", text="有件事想请社区的人来看看").matter
        assert matter.category != CATEGORY
        taken = {"unit": world.property_company.pk, "category": CATEGORY, "within": ""}
        assert period(actions.act(matter.pk, "dispatch", by=world.dispatcher, **taken)) == "7 working-days"

    def test_a_period_that_cannot_be_read_is_refused(self, world):
        with pytest.raises(Refused, match="duration-unreadable"):
            dispatch(world, within="soon")

    def test_a_corrected_urgency_leaves_the_period_that_the_directory_gave(self, world):
        row(world, within="2 working-days")
        matter = dispatch(world)
        actions.correct(matter.pk, by=world.dispatcher, urgency="hard")
        assert period(matter) == "2 working-days"

    @pytest.mark.word("directory.columns:urgency")
    @pytest.mark.parametrize("said", ["urgent", "紧急"])
    def test_the_urgency_of_the_row_holds_where_nobody_said_one(self, world, said):
        row(world, urgency=said)
        assert dispatch(world).urgency == "urgent"
        assert dispatch(world, urgency="simple").urgency == "simple"

    def test_the_urgency_that_the_dispatcher_chooses_goes_before_the_row(self, world):
        row(world, urgency="urgent")
        matter = opened(world, urgency="").matter
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        assert actions.act(matter.pk, "dispatch", by=world.dispatcher, urgency="hard", **unit).urgency == "hard"

    @pytest.mark.word("directory.columns:tier")
    def test_a_matter_is_handled_at_the_tier_of_the_row(self, world):
        assert dispatch(world).tier == "community"
        row(world, tier="town")
        matter = dispatch(world)
        assert matter.tier == "town"
        assert differences(Matter.objects.get(pk=matter.pk)) == {}


class TestWhoMayTakeIt:
    def bureau(self, reach, *, kind="department"):
        """A department with this reach."""
        return Unit.objects.create(code="chengguan", title="区城管局", kind=kind, reach=reach)

    @pytest.mark.word("directory.columns:not_to")
    @pytest.mark.parametrize("said", ["槐花里社区", "huaihuali", "community-office", "社区"])
    def test_whom_the_row_excludes_by_name_or_type_is_refused_and_the_row_is_named(self, world, said):
        assert dispatch(world, world.office).lead_id == world.office.pk
        row(world, not_to=said)
        with pytest.raises(Refused, match="directory-not-to") as caught:
            dispatch(world, world.office)
        assert said in caught.value.say
        assert dispatch(world).lead_id == world.property_company.pk

    def test_whom_the_row_excludes_is_refused_as_a_helper_and_by_reassigning_too(self, world):
        row(world, not_to="槐花里社区")
        with pytest.raises(Refused, match="directory-not-to"):
            dispatch(world, joint=[world.office.pk])
        with pytest.raises(Refused, match="directory-not-to"):
            actions.reassign(dispatch(world).pk, by=world.dispatcher, unit=world.office.pk, note="改由社区办")

    def test_a_department_above_the_place_may_take_it_and_one_elsewhere_may_not(self, world):
        assert dispatch(world, self.bureau("/99/9901/990101")).lead_id
        Unit.objects.filter(code="chengguan").update(reach="/99/9901/990102")
        with pytest.raises(Refused, match="unit-elsewhere"):
            dispatch(world, Unit.objects.get(code="chengguan"))

    def test_a_type_that_the_pack_does_not_have_takes_it_only_where_the_directory_names_it(self, world):
        company = self.bureau(world.community, kind="power-company")
        with pytest.raises(Refused, match="unit-elsewhere"):
            dispatch(world, company)
        row(world, unit="区城管局")
        assert dispatch(world, company).lead_id == company.pk

    def test_the_form_offers_whom_the_step_lets_through(self, world):
        far, above = (
            self.bureau("/99/9901/990102"),
            Unit.objects.create(code="zhujian", title="区住建局", kind="department", reach="/99/9901/990101"),
        )
        row(world, not_to="槐花里社区")
        offered = {choice.id for choice in queries.units_for(opened(world).matter)}
        assert offered == {world.property_company.pk, above.pk}
        for unit in (far, world.office):
            with pytest.raises(Refused):
                dispatch(world, unit)


class TestBounds:
    """What cannot be is refused in words, never by the database."""

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            ({"category": "no-such"}, "unknown-category"),
            ({"category": "x" * 70}, "bad-value"),
            ({"unit": 10**30}, "bad-value"),
            ({"unit": "-1"}, "bad-value"),
            ({"joint": [10**30]}, "bad-value"),
            ({"joint": list(range(1, 60))}, "too-many"),
            ({"reason": "x" * 70}, "bad-value"),
            ({"level": "x" * 70}, "unknown-level"),
            ({"reached": "maybe"}, "bad-value"),
        ],
    )
    def test_what_no_column_holds_is_refused(self, world, data, code):
        matter = opened(world).matter
        told = {"unit": world.property_company.pk, "category": CATEGORY, **data}
        with pytest.raises(Refused, match=code):
            actions.act(matter.pk, "dispatch", by=world.dispatcher, **told)
        assert Matter.objects.get(pk=matter.pk).stage == "received"

    def test_a_number_no_unit_has_is_refused_by_reassigning_too(self, world):
        with pytest.raises(Refused, match="bad-value"):
            actions.reassign(dispatch(world).pk, by=world.dispatcher, unit=10**30, note="改派")

    def test_what_an_ask_holds_is_checked_when_it_is_put(self, world):
        change(world, {"loop.demand.acts.dispatch.approve": {"by": ["street-leader"], "refused": "stay"}})
        with pytest.raises(Refused, match="unknown-category"):
            matter = opened(world).matter
            unit = {"unit": world.property_company.pk, "category": "no-such"}
            actions.act(matter.pk, "dispatch", by=world.dispatcher, **unit)


class TestWhoseDutyItIs:
    """What the directory gives to a department is not pushed down to a community."""

    def bureau(self):
        """The department that the directory names."""
        return Unit.objects.create(code="chengguan", title="区城管局", kind="department", reach="/99/9901/990101")

    def test_a_community_takes_what_no_department_is_named_for(self, world):
        self.bureau()
        row(world, unit="和顺物业")
        assert dispatch(world, world.office).lead_id == world.office.pk

    @pytest.mark.word("directory.columns:basis")
    def test_what_is_a_departments_duty_is_not_given_to_a_community_and_the_basis_is_told(self, world):
        bureau = self.bureau()
        row(world, unit="区城管局", basis="《城市市容和环境卫生管理条例》")
        with pytest.raises(Refused, match="pushed-down") as caught:
            dispatch(world, world.office)
        assert caught.value.clause.startswith("《城市市容和环境卫生管理条例》；《北京市接诉即办工作条例》第17条")
        row(world, unit="区城管局", basis="")
        with pytest.raises(Refused, match="pushed-down") as caught:
            dispatch(world, world.office)
        assert caught.value.clause.startswith("《北京市接诉即办工作条例》第17条")
        matter = dispatch(world, bureau, joint=[world.office.pk])
        assert (matter.lead_id, matter.units["joint"]) == (bureau.pk, [world.office.pk])
        with pytest.raises(Refused, match="pushed-down"):
            actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="请社区先办着")

    def test_a_property_company_may_take_it_all_the_same(self, world):
        self.bureau()
        row(world, unit="区城管局")
        assert dispatch(world).lead_id == world.property_company.pk

    def test_the_form_offers_the_community_as_a_helper_only(self, world):
        bureau = self.bureau()
        row(world, unit="区城管局")
        choices = {choice.id: choice.helps for choice in queries.units_for(opened(world).matter)}
        assert (choices[world.office.pk], choices[bureau.pk], choices[world.property_company.pk]) == (
            True,
            False,
            False,
        )
