"""Units, accounts and posts: who may make, appoint, end and move them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.access.telling import code_of
from tests.cast import DUKOU, HUAILI, OTHER_STREET, STREET
from youying.access import actions
from youying.access.events import AccountDisabled, PostEnded
from youying.access.models import Account, Installation, Post, Unit
from youying.access.queries import grantable_powers, phone_of, posts_of, seated, viewer_of
from youying.jobs.timers import TIMERS
from youying.kernel.moments import now
from youying.kernel.viewers import POWERS, PUBLIC, SYSTEM
from youying.record.events import forget, listen
from youying.record.queries import opened, story


@pytest.fixture
def heard():
    """What was announced, as it was announced."""
    events = []

    def note(event, *, key):
        events.append(event)

    listen(PostEnded, exact=True)(note)
    yield events
    forget(note)


def new_unit(by, **other):
    return actions.create_unit(
        by=by, **{"code": "police", "title": "柳湾派出所", "kind": "police-station", "reach": STREET} | other
    )


def appoint(account, by, **other):
    said = {"code": "caller", "title": "回访员", "reach": HUAILI, "powers": ["act", "view"]}
    return actions.appoint(account, by=by, **said | other)


def test_an_administrator_adds_a_unit_in_its_reach(cast):
    admin = cast.ma_ruilin.viewer
    unit = new_unit(admin, phone=" 0971-5550001 ")
    assert (unit.title, unit.phone, unit.active) == ("柳湾派出所", "0971-5550001", True)
    assert story(unit.subject)[0].facts["reach"] == STREET
    assert code_of(lambda: new_unit(admin)) == "unit-known"
    assert code_of(lambda: new_unit(admin, code="x", reach=OTHER_STREET)) == "out-of-reach"
    assert code_of(lambda: new_unit(cast.zhou_zhiyuan.viewer, code="x")) == "no-power"
    assert code_of(lambda: new_unit(PUBLIC, code="x")) == "no-power"


def test_a_unit_is_renamed_and_taken_out_of_use(cast):
    unit = new_unit(SYSTEM)
    admin = cast.ma_ruilin.viewer
    changed = actions.change_unit(unit, by=admin, title="柳湾派出所（新址）", active=False)
    assert (changed.title, changed.active) == ("柳湾派出所（新址）", False)
    assert story(unit.subject)[-1].facts["before"]["title"] == "柳湾派出所"
    actions.change_unit(unit.pk, by=admin, active=False)
    assert len(story(unit.subject)) == 2
    assert code_of(lambda: actions.change_unit(9999, by=admin, title="x")) == "not-found"
    assert code_of(lambda: actions.change_unit(unit, by=cast.zhou_zhiyuan.viewer, title="x")) == "no-power"
    assert code_of(lambda: actions.change_unit(unit, by=PUBLIC, title="x")) == "no-power"
    stranger = cast.unit("linxi", title="临溪派出所", kind="police-station", reach=OTHER_STREET)
    assert code_of(lambda: actions.change_unit(stranger, by=admin, title="x")) == "out-of-reach"


def test_a_new_account_has_no_password_and_no_post(cast):
    admin = cast.ye_qing.viewer
    account = actions.create_account("Qin.Hai", by=admin, name="秦海", phone="13900010088", email="q@example.org")
    assert account.username == "qin.hai" and not account.has_usable_password() and account.password_due
    assert list(posts_of(account)) == []
    assert code_of(lambda: actions.create_account("qin.hai", by=admin, name="秦海")) == "username-known"
    assert code_of(lambda: actions.create_account("qin", by=admin, name=" ")) == "words-unfit"
    assert code_of(lambda: actions.create_account("qin", by=cast.su_min.viewer, name="秦海")) == "no-power"
    assert code_of(lambda: actions.create_account("qin", by=PUBLIC, name="秦海")) == "no-power"


def test_the_phone_of_an_account_is_ciphertext_and_its_story_names_nobody(cast):
    account = actions.create_account("qinhai", by=SYSTEM, name="秦海", phone="13900010088")
    assert b"13900010088" not in bytes(Account.objects.get(pk=account.pk).phone_sealed)
    assert phone_of(account, viewer=cast.ye_qing.viewer) == "13900010088"
    assert code_of(lambda: phone_of(account, viewer=cast.su_min.viewer)) == "no-power"
    entry = story(account.subject)[0]
    assert "秦海" not in str(entry.facts) and opened(entry)["phone"] == "13900010088"


def test_an_appointment_says_where_what_and_until_when(cast, clock):
    admin, account = cast.ma_ruilin.viewer, actions.create_account("qinhai", by=SYSTEM, name="秦海")
    post = appoint(account, admin, unit=cast.centre, until=clock() + timedelta(days=30))
    viewer = viewer_of(post)
    assert (viewer.reach, viewer.unit_title, viewer.powers) == (HUAILI, "柳湾街道综治中心", {"view", "act"})
    entry = story(account.subject)[-1]
    assert (entry.act, entry.post_id, entry.facts["powers"]) == (
        "access.appoint",
        cast.ma_ruilin.post.pk,
        ["view", "act"],
    )
    assert code_of(lambda: appoint(account, admin, reach=OTHER_STREET)) == "out-of-reach"
    assert code_of(lambda: appoint(account, admin, powers=["fly"])) == "unknown-power"
    assert code_of(lambda: appoint(account, admin, unit=9999)) == "unit-unknown"
    assert code_of(lambda: appoint(account, admin, until=clock())) == "term-unfit"
    assert code_of(lambda: appoint(9999, admin)) == "not-found"
    assert code_of(lambda: appoint(account, cast.zhou_zhiyuan.viewer)) == "no-power"
    assert code_of(lambda: appoint(account, PUBLIC)) == "no-power"


def test_nobody_appoints_oneself_or_a_disabled_account(cast):
    admin = cast.ye_qing
    assert code_of(lambda: appoint(admin.account, admin.viewer, powers=["unmask"])) == "not-for-oneself"
    actions.disable(cast.su_min.account, by=SYSTEM)
    assert code_of(lambda: appoint(cast.su_min.account, admin.viewer)) == "account-disabled"


def test_a_post_counts_from_its_first_to_its_last_moment(cast, clock):
    account = actions.create_account("qinhai", by=SYSTEM, name="秦海")
    token = actions.sign_in(account, by=PUBLIC)
    appoint(account, SYSTEM, since=clock() + timedelta(hours=1), until=clock() + timedelta(hours=2))
    powers = [seated(token).viewer.powers]
    for _ in range(2):
        clock.forward(hours=1)
        powers.append(seated(token).viewer.powers)
    assert powers == [frozenset(), {"view", "act"}, frozenset()]


def test_ending_a_post_hands_its_work_over(cast, heard):
    admin, su_min, lin = cast.ma_ruilin.viewer, cast.su_min, cast.lin_xiaohe
    token = actions.sign_in(su_min.account, by=PUBLIC)
    assert code_of(lambda: actions.end_post(su_min.post, by=cast.zhou_zhiyuan.viewer)) == "no-power"
    assert code_of(lambda: actions.end_post(su_min.post, by=PUBLIC)) == "no-power"
    ended = actions.end_post(su_min.post, by=admin, hand_over_to=lin.post)
    assert heard == [PostEnded(su_min.post.pk, cast.community_office.pk, lin.post.pk)]
    assert (ended.until, ended.ended_by_id) == (ended.closed_at, cast.ma_ruilin.account.pk)
    assert seated(token).viewer.powers == frozenset()
    assert code_of(lambda: actions.end_post(su_min.post, by=admin)) == "post-ended"


def test_a_successor_must_cover_the_place(cast, heard):
    admin, post = cast.ma_ruilin.viewer, cast.su_min.post
    for taker in (cast.shen_yulan.post, post):
        assert code_of(lambda taker=taker: actions.end_post(post, by=admin, hand_over_to=taker)) == "cannot-take-over"
    assert code_of(lambda: actions.end_post(post, by=admin, hand_over_to=9999)) == "not-found"
    assert code_of(lambda: actions.end_post(cast.tang_qiyuan.post, by=admin)) == "out-of-reach"
    assert heard == [] and posts_of(cast.su_min.account).count() == 1


def test_the_last_administrator_can_neither_be_ended_nor_disabled(cast):
    admin = cast.ye_qing
    assert code_of(lambda: actions.end_post(admin.post, by=SYSTEM)) == "last-administrator"
    assert code_of(lambda: actions.disable(admin.account, by=SYSTEM)) == "last-administrator"
    assert cast.ma_ruilin.post
    assert actions.end_post(admin.post, by=SYSTEM).until


def test_a_term_that_ran_out_is_announced_once(cast, clock, heard):
    account = actions.create_account("qinhai", by=SYSTEM, name="秦海")
    post = appoint(account, SYSTEM, until=clock() + timedelta(hours=1))
    assert actions.close_lapsed_posts(by=SYSTEM) == []
    clock.forward(hours=1)
    assert code_of(lambda: actions.close_lapsed_posts(by=cast.su_min.viewer)) == "no-power"
    assert code_of(lambda: actions.close_lapsed_posts(by=PUBLIC)) == "no-power"
    for _ in range(2):
        TIMERS["access.close-lapsed-posts"].function()
    assert heard == [PostEnded(post.pk, None, None)]


def test_a_disabled_account_is_out_at_once_and_comes_back_by_a_new_link(cast, heard):
    admin, account = cast.ma_ruilin.viewer, cast.su_min.account
    seat, link = actions.sign_in(account, by=PUBLIC), actions.invite(account, by=admin)
    for viewer in (cast.zhou_zhiyuan.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.disable(account, by=viewer)) == "no-power"
        assert code_of(lambda viewer=viewer: actions.enable(account, by=viewer)) == "no-power"
    actions.disable(account, by=admin)
    actions.disable(account, by=admin)
    assert seated(seat) is None
    assert code_of(lambda: actions.sign_in(account, by=PUBLIC)) == "account-disabled"
    assert code_of(lambda: actions.redeem(link, by=PUBLIC, password="一条漫长的河流 88")) == "link-void"
    assert [entry.act for entry in story(account.subject)].count("access.disable") == 1
    actions.enable(account, by=admin)
    assert Account.objects.get(pk=account.pk).password_due and seated(seat) is None
    assert AccountDisabled(account.pk) == AccountDisabled(account.pk)


def test_an_administrator_minds_only_accounts_within_its_reach_and_never_itself(cast):
    admin = cast.ma_ruilin.viewer
    for do in (actions.disable, actions.enable, actions.invite, actions.drop_second_factor):
        assert code_of(lambda do=do: do(cast.tang_qiyuan.account, by=admin)) == "out-of-reach"
    for do in (actions.disable, actions.enable, actions.invite):
        assert code_of(lambda do=do: do(cast.ma_ruilin.account, by=admin)) == "not-for-oneself"


def test_posts_and_units_follow_a_moved_branch(cast):
    moved_to = f"{OTHER_STREET}/990101001001"
    su_min, stays = cast.su_min, cast.shen_yulan
    assert actions.move_reach(HUAILI, moved_to, by=cast.ye_qing.viewer) == 2
    assert Post.objects.get(pk=su_min.post.pk).reach == Unit.objects.get(code="huaili").reach == moved_to
    assert Post.objects.get(pk=stays.post.pk).reach == DUKOU
    facts = story(su_min.account.subject)[-1].facts
    assert facts == {"post": su_min.post.pk, "before": HUAILI, "after": moved_to}
    assert actions.move_reach(HUAILI, moved_to, by=SYSTEM) == 0
    assert code_of(lambda: actions.move_reach(moved_to, HUAILI, by=cast.zhou_zhiyuan.viewer)) == "no-power"
    assert code_of(lambda: actions.move_reach(moved_to, HUAILI, by=PUBLIC)) == "no-power"


def test_a_path_that_only_begins_alike_does_not_move(cast):
    unit = cast.unit("longer", title="柳湾邮局", kind="office", reach=STREET + "9")
    actions.move_reach(STREET, "/99/9901/990101/990101007", by=SYSTEM)
    assert Unit.objects.get(pk=unit.pk).reach == STREET + "9"


def test_moving_takes_a_handful_of_statements_however_many_posts(cast, count_statements):
    for number in range(12):
        cast.member(f"worker{number}", f"网格员{number}", code="w", title="网格员", reach=HUAILI, powers=())
    with count_statements(at_most=8):
        assert actions.move_reach(HUAILI, f"{OTHER_STREET}/990101001001", by=SYSTEM) == 12


def test_looking_at_a_whole_value_leaves_who_what_and_why(cast):
    subject = cast.su_min.account.subject
    entry = actions.log_unmask(subject, by=cast.lin_xiaohe.viewer, field="phone", purpose="contact")
    last = story(subject)[-1]
    assert (entry.pk, last.act, last.account_id) == (last.pk, "access.unmask", cast.lin_xiaohe.account.pk)
    assert last.facts == {"field": "phone", "purpose": "contact"}
    ask = {"field": "phone", "purpose": "curious"}
    assert code_of(lambda: actions.log_unmask(subject, by=cast.lin_xiaohe.viewer, **ask)) == "purpose-missing"
    ask["purpose"] = "contact"
    assert code_of(lambda: actions.log_unmask(subject, by=cast.su_min.viewer, **ask)) == "no-power"
    assert code_of(lambda: actions.log_unmask(subject, by=PUBLIC, **ask)) == "no-power"


def test_nobody_gives_a_power_that_they_do_not_hold(cast):
    low = cast.member("low", "马小路", powers=["view", "accounts"], code="secretary", title="管理员", reach=HUAILI)
    puppet = actions.create_account("puppet", by=low.viewer, name="另一个我")
    for power in ("audit", "unmask", "protected", "export", "approve-export", "import", "places", "packs", "rates"):
        call = lambda power=power: appoint(puppet, low.viewer, powers=["view", power])  # noqa: E731
        assert code_of(call) == "power-not-held", power
    assert not posts_of(puppet).exists()
    given = appoint(puppet, low.viewer, powers=["view", "intake", "act", "accounts"])
    assert given.powers == ["view", "intake", "act", "accounts"]


def test_whoever_reaches_the_whole_installation_gives_every_power(cast):
    given = appoint(cast.su_min.account, cast.ye_qing.viewer, powers=list(POWERS))
    assert given.powers == list(POWERS)
    assert set(POWERS) - cast.ye_qing.viewer.powers


def test_who_set_up_one_street_gives_every_power_in_it(cast):
    street, other = cast.ma_ruilin.viewer, cast.su_min.account
    assert code_of(lambda: appoint(other, street, powers=["unmask"])) == "power-not-held"
    Installation.objects.create(pk=1, organisation="柳湾街道", reach=STREET, set_up_at=now())
    assert grantable_powers(street) == list(POWERS)
    assert appoint(other, street, powers=["unmask"]).powers == ["unmask"]
