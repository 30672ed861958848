"""Links, passwords, seats, the second factor and set-up, as acts."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.access.telling import code_of
from tests.cast import HUAILI, PASSWORD, STREET
from youying.access import actions
from youying.access.models import Account, Installation, Invitation, SessionSeat
from youying.access.queries import accounts, installation, link, people_in, posts_at, seated, seats_of, units
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.record.queries import story

pytestmark = pytest.mark.django_db


def stored(account):
    """The account as it lies in the database."""
    return Account.objects.get(pk=account.pk)


def code_now(account):
    """The six digits that the phone of this account shows."""
    device = TOTPDevice.objects.get(user=account)
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()
    return f"{clock.token():06d}"


def with_factor(cast):
    """苏敏 with a confirmed authenticator."""
    su_min = cast.su_min
    actions.begin_second_factor(su_min.account, by=su_min.viewer)
    actions.confirm_second_factor(su_min.account, by=su_min.viewer, code=code_now(su_min.account))
    return su_min


def test_an_invitation_sets_a_password_once(cast):
    account = cast.su_min.account
    token = actions.invite(account, by=cast.ma_ruilin.viewer)
    assert link(token).name == "苏敏" and link(token).kind == "invite"
    assert actions.redeem(token, by=PUBLIC, password=PASSWORD) == account
    assert stored(account).check_password(PASSWORD) and not stored(account).password_due
    assert code_of(lambda: actions.redeem(token, by=PUBLIC, password=PASSWORD)) == "link-void"
    assert code_of(lambda: link(token)) == "link-void"
    assert story(account.subject)[-1].account_id == account.pk


def test_only_the_digest_of_a_link_is_kept(cast):
    token = actions.invite(cast.su_min.account, by=SYSTEM)
    row = Invitation.objects.get()
    assert (
        len(token) == 43
        and token not in str(vars(row))
        and token not in str(vars(story(cast.su_min.account.subject)[-1]))
    )


def test_a_weak_password_is_refused_and_the_link_still_works(cast):
    token = actions.invite(cast.su_min.account, by=SYSTEM)
    for weak in ("", "short", "password123", "1234567890123"):
        assert code_of(lambda weak=weak: actions.redeem(token, by=PUBLIC, password=weak)) == "password-weak"
    assert actions.redeem(token, by=PUBLIC, password=PASSWORD)


def test_a_link_runs_out_and_a_newer_one_voids_it(cast, clock):
    account, admin = cast.su_min.account, cast.ma_ruilin.viewer
    first = actions.one_time_link(account, by=admin, kind="sign-in", minutes=5)
    second = actions.one_time_link(account, by=admin, kind="sign-in", minutes=5)
    assert code_of(lambda: actions.redeem(first, by=PUBLIC)) == "link-void"
    clock.forward(minutes=5)
    assert code_of(lambda: actions.redeem(second, by=PUBLIC)) == "link-void"
    assert code_of(lambda: actions.redeem("made-up", by=PUBLIC)) == "link-void"


def test_a_sign_in_link_leaves_the_password_alone(cast):
    account = cast.su_min.account
    actions.redeem(actions.invite(account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    actions.redeem(actions.one_time_link(account, by=SYSTEM, kind="sign-in"), by=PUBLIC)
    assert stored(account).check_password(PASSWORD)


def test_a_reset_by_another_administrator_bars_the_old_password_at_once(cast):
    account = cast.su_min.account
    actions.redeem(actions.invite(account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    seat = actions.sign_in(account, by=PUBLIC)
    for viewer in (cast.zhou_zhiyuan.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.one_time_link(account, by=viewer, kind="reset")) == "no-power"
    actions.one_time_link(account, by=cast.ma_ruilin.viewer, kind="reset")
    assert not stored(account).has_usable_password() and seated(seat) is None
    assert story(account.subject)[-1].facts == {"kind": "reset"}
    own = cast.ma_ruilin
    assert code_of(lambda: actions.one_time_link(own.account, by=own.viewer, kind="reset")) == "not-for-oneself"


@pytest.mark.parametrize("kind", ["invite", "sign-in", "reset"])
def test_nobody_makes_a_link_into_powers_that_they_may_not_give(kind, cast, clock):
    above = cast.ye_qing.viewer
    street = cast.member(
        "lower", "管账号的", code="administrator", title="管理员", reach=STREET, powers=("view", "accounts")
    ).viewer
    account = actions.create_account("qinhai", by=above, name="秦海")
    post = {"code": "secretary", "title": "书记", "reach": HUAILI}
    actions.appoint(account, by=above, powers=["view", "act"], **post)
    assert actions.one_time_link(account, by=street, kind=kind)
    actions.redeem(actions.invite(account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    seat = actions.sign_in(account, by=PUBLIC)
    later = actions.appoint(account, by=above, powers=["unmask"], since=clock() + timedelta(days=1), **post)
    with pytest.raises(Refused) as refused:
        actions.one_time_link(account, by=street, kind=kind)
    assert refused.value.code == "power-not-held" and refused.value.need == ["unmask"]
    assert "管全部辖区的管理员来给" in refused.value.say
    assert stored(account).check_password(PASSWORD) and seated(seat) is not None
    for by in (above, SYSTEM):
        assert actions.one_time_link(account, by=by, kind=kind)
    actions.end_post(later, by=above)
    assert actions.one_time_link(account, by=street, kind=kind)


def test_a_password_is_changed_by_its_owner_who_knows_the_old_one(cast):
    su_min, new = cast.su_min, "第二年的槐花 2027"
    actions.redeem(actions.invite(su_min.account, by=SYSTEM), by=PUBLIC, password=PASSWORD)
    here, elsewhere = (actions.sign_in(su_min.account, by=PUBLIC) for _ in range(2))
    ask = {"old": PASSWORD, "new": new, "seat": here}
    for viewer in (cast.ye_qing.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.set_password(su_min.account, by=viewer, **ask)) == "no-power"
    wrong = ask | {"old": "不是这个"}
    assert code_of(lambda: actions.set_password(su_min.account, by=su_min.viewer, **wrong)) == "password-wrong"
    actions.set_password(su_min.account, by=su_min.viewer, **ask)
    assert stored(su_min.account).check_password(new)
    assert seated(here) and seated(elsewhere) is None


def test_seats_are_listed_and_ended_by_their_owner_or_an_administrator(cast):
    su_min = cast.su_min
    phone, desk = (actions.sign_in(su_min.account, by=PUBLIC, device=device) for device in ("微信", "Chrome"))
    listed = list(seats_of(su_min.account, viewer=su_min.viewer))
    assert {seat.device for seat in listed} == {"微信", "Chrome"}
    assert code_of(lambda: seats_of(su_min.account, viewer=cast.lin_xiaohe.viewer)) == "no-power"
    for viewer in (cast.lin_xiaohe.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.end_session(listed[0], by=viewer)) == "no-power"
    actions.end_session(seated(phone).seat_id, by=su_min.viewer)
    assert seated(phone) is None and seated(desk)
    actions.end_session(seated(desk).seat_id, by=cast.ma_ruilin.viewer)
    assert seated(desk) is None
    ended = len(story(su_min.account.subject))
    actions.end_session(listed[0], by=su_min.viewer)
    assert len(story(su_min.account.subject)) == ended
    assert code_of(lambda: actions.end_session(9999, by=su_min.viewer)) == "not-found"
    theirs = seated(actions.sign_in(cast.tang_qiyuan.account, by=PUBLIC)).seat_id
    assert code_of(lambda: actions.end_session(theirs, by=cast.ma_ruilin.viewer)) == "out-of-reach"


def test_the_secret_of_a_seat_is_kept_as_a_digest(cast):
    token = actions.sign_in(cast.su_min.account, by=PUBLIC, ip="192.0.2.7")
    assert token not in str(vars(SessionSeat.objects.get()))
    assert "192.0.2.7" not in str(vars(story(cast.su_min.account.subject)[-1]))


def test_who_has_two_posts_chooses_one(cast):
    su_min = cast.su_min
    second = actions.appoint(su_min.account, by=SYSTEM, code="caller", title="回访员", reach=STREET, powers=["act"])
    token = actions.sign_in(su_min.account, by=PUBLIC)
    undecided = seated(token)
    assert undecided.viewer.reach == "" and undecided.viewer.powers == frozenset()
    assert [post.post_title for post in undecided.posts] == ["网格员", "回访员"]
    chosen = actions.choose_post(su_min.account, by=undecided.viewer, post=second)
    assert seated(token, post_id=chosen.pk).viewer.post_title == "回访员"
    theirs = cast.lin_xiaohe.post
    assert code_of(lambda: actions.choose_post(su_min.account, by=su_min.viewer, post=theirs)) == "not-your-post"
    assert code_of(lambda: actions.choose_post(su_min.account, by=cast.ye_qing.viewer, post=second)) == "no-power"
    assert code_of(lambda: actions.choose_post(su_min.account, by=PUBLIC, post=second)) == "no-power"
    assert seated(token, post_id=theirs.pk).viewer.powers == frozenset()


def test_finding_the_viewer_takes_one_statement(cast, count_statements):
    token = actions.sign_in(cast.su_min.account, by=PUBLIC)
    with count_statements(at_most=1):
        viewer = seated(token).viewer
    assert viewer == cast.su_min.viewer


def test_a_second_factor_counts_after_one_right_code(cast):
    su_min = cast.su_min
    for viewer in (cast.ye_qing.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.begin_second_factor(su_min.account, by=viewer)) == "no-power"
    factor = actions.begin_second_factor(su_min.account, by=su_min.viewer)
    assert factor.address.startswith("otpauth://totp/")
    confirm = {"code": code_now(su_min.account)}
    for viewer in (cast.ye_qing.viewer, PUBLIC):
        refused = code_of(lambda viewer=viewer: actions.confirm_second_factor(su_min.account, by=viewer, **confirm))
        assert refused == "no-power"
    actions.confirm_second_factor(su_min.account, by=su_min.viewer, **confirm)
    assert code_of(lambda: actions.begin_second_factor(su_min.account, by=su_min.viewer)) == "second-factor-set"


def test_a_wrong_code_confirms_nothing(cast):
    su_min = cast.su_min
    actions.begin_second_factor(su_min.account, by=su_min.viewer)
    right = code_now(su_min.account)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    confirm = actions.confirm_second_factor
    assert code_of(lambda: confirm(su_min.account, by=su_min.viewer, code=wrong)) == "code-wrong"
    assert not TOTPDevice.objects.get(user=su_min.account).confirmed


def test_a_lost_phone_is_forgotten_by_its_owner_or_an_administrator(cast):
    su_min = with_factor(cast)
    for viewer in (cast.lin_xiaohe.viewer, PUBLIC):
        assert code_of(lambda viewer=viewer: actions.drop_second_factor(su_min.account, by=viewer)) == "no-power"
    actions.drop_second_factor(su_min.account, by=cast.ma_ruilin.viewer)
    assert not TOTPDevice.objects.filter(user=su_min.account).exists()
    entries = len(story(su_min.account.subject))
    actions.drop_second_factor(su_min.account, by=su_min.viewer)
    assert len(story(su_min.account.subject)) == entries


FOUNDING = {
    "organisation": "柳湾街道办事处",
    "username": "yeqing",
    "name": "叶青",
    "password": PASSWORD,
    "reach": STREET,
}


def test_an_empty_installation_is_founded_by_whoever_reads_the_terminal(clock):
    token = actions.offer_set_up(by=SYSTEM)
    assert link(token).kind == "set-up" and installation() is None
    account = actions.set_up(token, by=PUBLIC, **FOUNDING)
    assert account.check_password(PASSWORD) and installation().organisation == "柳湾街道办事处"
    viewer = seated(actions.sign_in(account, by=PUBLIC)).viewer
    assert viewer.reach == STREET and viewer.may("accounts") and viewer.may("places")
    assert not viewer.may("unmask") and not viewer.may("act")
    assert [entry.act for entry in story("installation:1")] == ["access.offer-set-up", "access.set-up"]


def test_set_up_is_offered_by_the_terminal_alone_and_works_once(cast, clock):
    assert code_of(lambda: actions.offer_set_up(by=PUBLIC)) == "no-power"
    assert code_of(lambda: actions.offer_set_up(by=cast.ye_qing.viewer)) == "no-power"
    assert code_of(lambda: actions.offer_set_up(by=SYSTEM)) == "set-up-done"
    assert code_of(lambda: actions.set_up("any", by=PUBLIC, **FOUNDING)) == "set-up-done"


def test_a_second_offer_voids_the_first_and_a_bad_set_up_changes_nothing(clock):
    first, second = actions.offer_set_up(by=SYSTEM), actions.offer_set_up(by=SYSTEM)
    assert code_of(lambda: actions.set_up(first, by=PUBLIC, **FOUNDING)) == "link-void"
    weak = FOUNDING | {"password": "short"}
    assert code_of(lambda: actions.set_up(second, by=PUBLIC, **weak)) == "password-weak"
    assert not Account.objects.exists() and not Installation.objects.exists()
    assert code_of(lambda: actions.redeem(second, by=PUBLIC, password=PASSWORD)) == "link-void"
    assert actions.set_up(second, by=PUBLIC, **FOUNDING)


def test_an_invitation_founds_nothing(clock, cast):
    token = actions.invite(cast.su_min.account, by=SYSTEM)
    assert code_of(lambda: actions.set_up(token, by=PUBLIC, **FOUNDING)) == "set-up-done"


def test_there_is_no_account_and_no_password_before_somebody_makes_one(db):
    assert not Account.objects.exists()


def test_lists_start_from_who_is_looking(cast):
    for member in (cast.su_min, cast.zhou_zhiyuan, cast.tang_qiyuan, cast.zheng_wenbo, cast.shen_yulan):
        assert member.post
    titles = [unit.title for unit in units(cast.su_min.viewer)]
    assert titles == ["柳湾区住建局", "柳湾街道综治中心", "槐花里社区居委会"]
    assert [unit.code for unit in units(cast.zhou_zhiyuan.viewer, kind="community-office", reach=HUAILI)] == ["huaili"]
    assert not units(PUBLIC).exists()
    assert [post.account.name for post in people_in(cast.community_office)] == ["苏敏"]
    assert not people_in(cast.community_office, viewer=cast.tang_qiyuan.viewer).exists()
    assert {row.name for row in accounts(cast.ma_ruilin.viewer)} == {"苏敏", "周智远", "沈玉兰", "马瑞林"}
    assert code_of(lambda: accounts(cast.su_min.viewer)) == "no-power"
    near = [post.account.name for post in posts_at(cast.su_min.viewer, HUAILI)]
    assert near == ["苏敏", "周智远", "马瑞林", "郑文博"]


def test_signing_in_logs_nothing_personal(cast, caplog):
    with caplog.at_level(logging.INFO):
        actions.sign_in(cast.su_min.account, by=PUBLIC, device="微信", ip="192.0.2.7")
    assert "sumin" not in caplog.text and "192.0.2.7" not in caplog.text
