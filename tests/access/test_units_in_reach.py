"""A post in a unit gives sight of what the unit has in hand: only who reaches the unit gives such a post."""

from __future__ import annotations

import pytest

from tests.access.telling import code_of
from tests.cast import COUNTY, DUKOU, HUAILI, OTHER_STREET, STREET
from youying.access import actions
from youying.access.models import Post, Unit
from youying.access.queries import posts_of, units

REACHES = {"administrator of the house": "/", "of the district": COUNTY, "of the street": STREET, "of 槐花里": HUAILI}
FAR = {"street": OTHER_STREET, "department": COUNTY}


@pytest.fixture
def administrator(cast):
    """Whoever manages accounts, with one reach or another; somebody above stays in office."""
    assert cast.ye_qing.post

    def give(reach):
        return cast.member(
            f"admin{len(reach)}", "管账号的", code="administrator", title="管理员", reach=reach, powers=("accounts",)
        ).viewer

    return give


@pytest.fixture
def newcomer(cast):
    """An account without a post."""
    return actions.create_account("qinhai", by=cast.ye_qing.viewer, name="秦海")


def posted(account, by, *, unit, reach=HUAILI):
    return actions.appoint(account, by=by, code="clerk", title="科员", reach=reach, unit=unit, powers=["view"])


@pytest.mark.parametrize("role", REACHES)
def test_an_administrator_staffs_the_units_in_its_reach_and_no_other(role, cast, administrator, newcomer):
    reach = REACHES[role]
    by = administrator(reach)
    known = [cast.community_office, cast.centre, cast.housing, cast.property_company]
    known.append(cast.unit("linxi", title="临溪物业", kind="property-company", reach=OTHER_STREET))
    for unit in known:
        expected = "" if by.reaches(unit.reach) else "out-of-reach"
        assert code_of(lambda unit=unit: posted(newcomer, by, unit=unit)) == expected, unit.title
    lawful = {unit.pk for unit in known if by.reaches(unit.reach)}
    assert {post.unit_id for post in posts_of(newcomer)} == lawful
    assert {unit.pk for unit in units(by, reach=by.reach)} == lawful


@pytest.mark.parametrize("where", FAR)
def test_a_refused_post_in_a_unit_elsewhere_leaves_nothing(where, cast, newcomer):
    unit = cast.unit("far", title="外单位", kind="department", reach=FAR[where])
    assert code_of(lambda: posted(newcomer, cast.ma_ruilin.viewer, unit=unit)) == "out-of-reach"
    assert not Post.objects.filter(account=newcomer).exists()


def test_nobody_gets_a_link_into_an_account_whose_unit_lies_above(cast, newcomer):
    above, street = cast.ye_qing.viewer, cast.ma_ruilin.viewer
    posted(newcomer, above, unit=cast.housing)
    for do in (actions.invite, actions.disable, actions.drop_second_factor):
        assert code_of(lambda do=do: do(newcomer, by=street)) == "out-of-reach"
    assert code_of(lambda: actions.one_time_link(newcomer, by=street, kind="sign-in")) == "out-of-reach"
    assert actions.one_time_link(newcomer, by=above, kind="sign-in")


def test_an_administrator_of_a_community_neither_makes_nor_changes_units_beside_it(cast, administrator):
    by = administrator(HUAILI)
    made = actions.create_unit(by=by, code="shop", title="槐花里便民店", kind="shop", reach=HUAILI)
    assert actions.change_unit(made, by=by, title="便民服务店").title == "便民服务店"
    for reach in (DUKOU, STREET, COUNTY, "/"):
        new = {"code": "x", "title": "外单位", "kind": "shop", "reach": reach}
        assert code_of(lambda new=new: actions.create_unit(by=by, **new)) == "out-of-reach"
    for unit in (cast.other_community_office, cast.centre, cast.housing):
        assert code_of(lambda unit=unit: actions.change_unit(unit, by=by, active=False)) == "out-of-reach"
    assert not Unit.objects.filter(active=False).exists()
