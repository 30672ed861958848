"""Purses: every movement has two ends and a proof, nothing goes below zero, what is wrong is taken back, all balances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cast import CHEN_GUIFANG
from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import Town, build_town, viewer
from youying.funds import queries
from youying.funds.actions import (
    answer_spending,
    exchange,
    follow_move,
    grant,
    open_purse,
    reverse,
    spend,
    stock_gift,
    take,
)
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.funds.rules import Terms, amount_said, balances, period_of, say_amount, terms_of
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.people.actions import enter
from youying.people.register_rules import Consented, Listed
from youying.places import actions as places
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.queries import story

SOMEBODY = "person:0198f000-0000-7000-8000-00000000000{}"
PROOF = {"other-evidence": "3月5日签到表第2行", "payment": "收据 0017"}


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def town(db: None) -> Town:
    """A town built by the real acts."""
    return build_town()


def secretary(town: Town) -> Viewer:
    """The secretary, who keeps the books."""
    return replace(town.secretary, powers=town.secretary.powers | {"act"}, account_id=1)


def helper(town: Town) -> Viewer:
    """A building leader, who books but does not approve."""
    return replace(town.clerk, post_code="building-leader", powers=frozenset({"view", "act"}), account_id=2)


def terms(code: str = "m35", purse: str = "points", **said: Any) -> Terms:
    """The purse of a pack, with some keys of it said otherwise."""
    return terms_of(edition(code, **{f"purse__{purse}__{key}": value for key, value in said.items()}), purse)


def points(town: Town, *, earned: int = 0) -> Purse:
    """The points of 陈桂芳, who has earned so many."""
    row = open_purse(terms(), by=secretary(town), path=town.building.path, holder=SOMEBODY.format(0))
    if earned:
        take(row.pk, by=secretary(town), terms=terms(), line="hour", amount=earned, proofs=PROOF)
    return Purse.objects.get(pk=row.pk)


def balance(row: Purse) -> int:
    """What a purse holds now."""
    return Purse.objects.get(pk=row.pk).balance


class TestBooking:
    @pytest.mark.word("purse", "purse.takes", "purse.unit:points")
    def test_what_comes_in_stands_on_the_lines_the_pack_lists(self, town: Town) -> None:
        row = points(town, earned=2)
        assert balance(row) == 2
        with refused("line-unknown"):
            take(row.pk, by=secretary(town), terms=terms(), line="rent", amount=1, proofs=PROOF)
        wider = terms(takes={"rent": "租金"})
        take(row.pk, by=secretary(town), terms=wider, line="rent", amount=1, proofs=PROOF)
        assert balance(row) == 3

    @pytest.mark.word("purse.spends")
    def test_what_goes_out_stands_on_the_lines_the_pack_lists(self, town: Town) -> None:
        row = points(town, earned=5)
        with refused("line-unknown"):
            spend(row.pk, by=secretary(town), terms=terms(), line="trip", amount=1, proofs=PROOF)
        wider = terms(spends={"trip": "参观"})
        spend(row.pk, by=secretary(town), terms=wider, line="trip", amount=4, proofs=PROOF)
        assert balance(row) == 1

    @pytest.mark.word("purse.needs:other-evidence")
    def test_nothing_is_booked_without_the_proof_the_pack_asks_for(self, town: Town) -> None:
        row = points(town)
        with pytest.raises(Refused, match="其他证据") as told:
            take(row.pk, by=secretary(town), terms=terms(), line="hour", amount=1, proofs={"note": "服务"})
        assert told.value.field == "other-evidence"
        take(row.pk, by=secretary(town), terms=terms(needs=[]), line="hour", amount=1, proofs={})
        assert balance(row) == 1

    @pytest.mark.word("purse.needs:payment")
    def test_money_is_booked_with_its_receipt(self, town: Town) -> None:
        village = terms("m32", "village")
        row = open_purse(village, by=secretary(town), path=town.community.path)
        with refused("proof-missing"):
            take(row.pk, by=secretary(town), terms=village, line="rent", amount=100, proofs={})
        take(row.pk, by=secretary(town), terms=village, line="rent", amount=100, proofs=PROOF)

    def test_the_record_keeps_the_sum_and_not_the_words_of_the_proof(self, town: Town) -> None:
        row = points(town, earned=2)
        facts = story(row.subject)[-1].facts
        assert (facts["amount"], facts["balance"], facts["proofs"]) == (2, 2, ["other-evidence"])
        assert "签到表" not in str(facts)
        assert queries.statement(secretary(town), row.pk).lines[0].words == {"other-evidence": PROOF["other-evidence"]}

    def test_a_purse_never_goes_below_zero(self, town: Town) -> None:
        row = points(town, earned=3)
        with refused("balance-short"):
            spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        with pytest.raises(IntegrityError), transaction.atomic():
            Purse.objects.filter(pk=row.pk).update(balance=-1)
        assert balance(row) == 3

    @pytest.mark.parametrize("amount", [0, -5, 10**15])
    def test_an_amount_that_is_none_is_refused(self, town: Town, amount: int) -> None:
        row = points(town)
        with refused("amount-unfit"):
            take(row.pk, by=secretary(town), terms=terms(), line="hour", amount=amount, proofs=PROOF)
        assert not Booking.objects.exists()

    def test_a_wrong_booking_is_taken_back_once_and_both_stay(self, town: Town) -> None:
        row = points(town, earned=3)
        wrong = Booking.objects.get()
        reverse(wrong.pk, by=secretary(town), terms=terms(), reason="记重了")
        lines = queries.statement(secretary(town), row.pk).lines
        assert [(one.into, one.out, one.balance, one.reversed) for one in lines] == [(3, 0, 3, True), (0, 3, 0, False)]
        with refused("booking-reversed"):
            reverse(wrong.pk, by=secretary(town), terms=terms(), reason="再来")
        with refused("booking-reversed"):
            reverse(lines[1].id, by=secretary(town), terms=terms(), reason="冲回来")

    def test_what_was_spent_meanwhile_cannot_be_taken_back(self, town: Town) -> None:
        row = points(town, earned=3)
        first = Booking.objects.get()
        spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=2, proofs=PROOF)
        with refused("balance-short"):
            reverse(first.pk, by=secretary(town), terms=terms(), reason="记错了")
        with refused("reason-missing"):
            reverse(Booking.objects.order_by("-pk")[0].pk, by=secretary(town), terms=terms(), reason="  ")

    def test_the_neighbour_and_who_only_looks_book_nothing(self, town: Town) -> None:
        row = points(town)
        neighbour = replace(town.neighbour, powers=town.neighbour.powers | {"act"})
        with refused("not-found"):
            take(row.pk, by=neighbour, terms=terms(), line="hour", amount=1, proofs=PROOF)
        with refused("no-power"):
            take(row.pk, by=town.clerk, terms=terms(), line="hour", amount=1, proofs=PROOF)
        with refused("not-found"):
            queries.statement(neighbour, row.pk)


class TestApproving:
    @pytest.mark.word("purse.approve")
    def test_a_spending_waits_for_the_post_the_pack_names(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        assert isinstance(asked, SpendAsk)
        assert (balance(row), [one.amount for one in queries.waiting(secretary(town))]) == (5, [4])
        answer_spending(asked.pk, by=secretary(town), terms=terms(), granted=True)
        assert (balance(row), queries.waiting(secretary(town))) == (1, [])

    def test_only_what_lies_above_the_limit_waits(self, town: Town) -> None:
        row = points(town, earned=50)
        limit = terms(approve=[{"over": 10, "by": ["secretary"], "refused": "stay"}])
        assert isinstance(spend(row.pk, by=helper(town), terms=limit, line="gift", amount=10, proofs=PROOF), Booking)
        assert isinstance(spend(row.pk, by=helper(town), terms=limit, line="gift", amount=11, proofs=PROOF), SpendAsk)

    @pytest.mark.word("purse.approve.refused:stay")
    def test_a_no_leaves_everything_as_it_stands(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        answer_spending(
            asked.pk, by=secretary(town), terms=terms(), granted=False, reason=next(iter(terms().refuse_reasons), "")
        )
        assert (balance(row), Booking.objects.count()) == (5, 1)
        with refused("ask-answered"):
            answer_spending(asked.pk, by=secretary(town), terms=terms(), granted=True)

    @pytest.mark.word("reasons.for:refuse")
    def test_a_no_carries_a_reason_where_the_pack_lists_any(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        coded = terms_of(edition(reasons__unused={"title": "不符合兑换办法", "for": ["refuse"]}), "points")
        with refused("reason-unknown"):
            answer_spending(asked.pk, by=secretary(town), terms=coded, granted=False)
        answer_spending(asked.pk, by=secretary(town), terms=coded, granted=False, reason="unused")
        assert SpendAsk.objects.get().reason == "unused"

    def test_nobody_approves_what_he_asked_for_and_no_stranger_does(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        with refused("ask-not-yours"):
            answer_spending(asked.pk, by=helper(town), terms=terms(), granted=True)
        with refused("ask-own"):
            answer_spending(asked.pk, by=replace(secretary(town), account_id=2), terms=terms(), granted=True)

    def test_a_yes_to_what_is_no_longer_there_is_refused(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=3, proofs=PROOF)
        with refused("balance-short"):
            answer_spending(asked.pk, by=secretary(town), terms=terms(), granted=True)
        assert SpendAsk.objects.get().answered_at is None

    def test_what_needed_a_yes_is_taken_back_only_by_who_says_yes(self, town: Town) -> None:
        row = points(town, earned=5)
        asked = spend(row.pk, by=helper(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        assert isinstance(asked, SpendAsk)
        done = answer_spending(asked.pk, by=secretary(town), terms=terms(), granted=True).booking
        assert done
        with refused("reverse-not-yours"):
            reverse(done.pk, by=helper(town), terms=terms(), reason="记错了")
        assert balance(row) == 1
        reverse(done.pk, by=secretary(town), terms=terms(), reason="记错了")
        assert balance(row) == 5

    def test_what_nobody_had_to_approve_is_taken_back_by_who_books(self, town: Town) -> None:
        row = points(town, earned=5)
        free = terms(approve=[])
        done = spend(row.pk, by=helper(town), terms=free, line="gift", amount=4, proofs=PROOF)
        reverse(done.pk, by=helper(town), terms=free, reason="记错了")
        assert balance(row) == 5


class TestHolders:
    @pytest.mark.word("purse.of:person", "register.purse")
    def test_whoever_is_listed_has_a_purse_where_the_register_says_so(self, at: Any, town: Town) -> None:
        at("2026-11-13 15:52")
        adopt("m35", town.town.path)
        listed = Listed(name=CHEN_GUIFANG.name, phone=CHEN_GUIFANG.phone)
        given: dict[str, Any] = {"by": town.secretary, "path": town.building.path, "class_code": "resident"}
        given |= {"listed": listed, "consents": [Consented("keep", "oral")]}
        row = enter("volunteer", edition=edition(), **given)
        found = queries.purse_of(town.secretary, "points", row.key)
        assert found is not None
        assert (found.shown, found.balance, found.area_path) == ("陈**", 0, town.community.path)
        without = edition(register__warm={"title": "热心人", "of": "person", "enter": ["secretary"]})
        enter("warm", edition=without, **{**given, "class_code": ""})
        assert queries.count_purses(town.secretary, "points") == 1

    @pytest.mark.word("purse.of:community", "purse.of:building", "purse.of:grid", "purse.of:compound")
    @pytest.mark.parametrize("of", ["community", "compound", "building", "grid"])
    def test_the_purse_of_a_place_belongs_to_a_place_of_that_kind(self, town: Town, of: str) -> None:
        place = {
            "community": town.community, "compound": town.compound, "building": town.building, "grid": town.grid,
        }  # fmt: skip
        said = terms("m32", "village", of=of)
        for kind, where in place.items():
            if kind == of:
                row = open_purse(said, by=secretary(town), path=where.path)
                assert row.holder == f"place:{where.path}"
                assert open_purse(said, by=secretary(town), path=where.path).pk == row.pk
            else:
                with refused("holder-unfit"):
                    open_purse(said, by=secretary(town), path=where.path)

    def test_the_purse_of_a_person_needs_one(self, town: Town) -> None:
        with refused("holder-missing"):
            open_purse(terms(), by=secretary(town), path=town.building.path)
        with refused("out-of-reach"):
            open_purse(terms(), by=replace(secretary(town), reach=town.other_community.path), path=town.building.path)

    @pytest.mark.word("purse.unit:yuan", "purse.unit:hours")
    @pytest.mark.parametrize(
        ("unit", "said", "stored", "shown"),
        [("yuan", "3000.5", 300050, "3,000.50元"), ("points", "12", 12, "12分"), ("hours", "1.5小时", 150, "1.50小时")],
    )
    def test_an_amount_is_exact_in_the_unit_of_its_purse(self, unit: str, said: str, stored: int, shown: str) -> None:
        assert terms(unit=unit).unit == unit
        assert (amount_said(said, unit), say_amount(stored, unit)) == (stored, shown)

    @pytest.mark.parametrize("said", ["1.5", "-3", "", "1e9", "５００分x", "0"])
    def test_points_are_whole(self, said: str) -> None:
        with pytest.raises(Refused):
            amount_said(said, "points")

    @pytest.mark.word("purse.grant", "purse.every:year", "purse.every:quarter", "purse.every:month")
    @pytest.mark.parametrize(
        ("every", "later", "both"), [("year", 40, False), ("quarter", 60, True), ("month", 40, True)]
    )
    def test_a_grant_comes_once_a_period(self, at: Any, town: Town, every: str, later: int, both: bool) -> None:
        clock = at("2026-11-13 10:00")
        said = terms("m09", "grid-fund", every=every, grant=2000)
        row = open_purse(said, by=secretary(town), path=town.grid.path)
        grant(row.pk, by=secretary(town), terms=said)
        with refused("grant-twice"):
            grant(row.pk, by=secretary(town), terms=said)
        clock.forward(days=later)
        if both:
            grant(row.pk, by=secretary(town), terms=said)
        assert balance(row) == 200_000 * (1 + both)
        with refused("grant-none"):
            grant(row.pk, by=secretary(town), terms=replace(said, grant=0))

    def test_purses_move_with_their_place(self, town: Town) -> None:
        said = terms("m32", "village", of="building")
        row = open_purse(said, by=secretary(town), path=town.building.path)
        other = places.add_compound(town.community.path, name="榆树苑", by=SYSTEM)
        places.move(town.building.path, to=other.path, by=SYSTEM)
        moved = Purse.objects.get(pk=row.pk)
        assert moved.path.startswith(other.path)
        assert moved.holder == f"place:{moved.path}"
        assert follow_move("/nowhere", new_path="/elsewhere", by=SYSTEM) == 0


class TestGifts:
    def shelf(self, town: Town) -> Gift:
        """Three bags of vegetables for five points each."""
        said = {"line": "gift", "title": "时令蔬菜一袋", "price": 5, "pieces": 3}
        return stock_gift(terms(), by=secretary(town), path=town.community.path, **said)

    def test_points_are_exchanged_for_what_stands_on_the_shelf(self, town: Town) -> None:
        row, gift = points(town, earned=12), self.shelf(town)
        exchange(row.pk, by=secretary(town), terms=terms(), gift_id=gift.pk, pieces=2, proofs=PROOF)
        assert (balance(row), Gift.objects.get().stock) == (2, 1)
        with refused("balance-short"):
            exchange(row.pk, by=secretary(town), terms=terms(), gift_id=gift.pk, proofs=PROOF)
        assert Gift.objects.get().stock == 1

    def test_what_is_not_on_the_shelf_is_not_given(self, town: Town) -> None:
        row, gift = points(town, earned=100), self.shelf(town)
        with refused("stock-short"):
            exchange(row.pk, by=secretary(town), terms=terms(), gift_id=gift.pk, pieces=4, proofs=PROOF)
        with refused("exchange-not-yours"):
            exchange(row.pk, by=helper(town), terms=terms(), gift_id=gift.pk, proofs=PROOF)
        with refused("gift-unknown"):
            exchange(row.pk, by=secretary(town), terms=terms(), gift_id=999, proofs=PROOF)
        assert balance(row) == 100

    @pytest.mark.parametrize("said", [{"title": " "}, {"title": "菜" * 61}, {"price": 0}, {"pieces": -1}])
    def test_a_gift_that_does_not_fit_is_refused(self, town: Town, said: dict[str, Any]) -> None:
        given: dict[str, Any] = {"line": "gift", "title": "书", "price": 5, "pieces": 3, **said}
        with pytest.raises(Refused):
            stock_gift(terms(), by=secretary(town), path=town.community.path, **given)
        assert not Gift.objects.exists()


class TestBalancing:
    def test_the_keys_of_the_purses_are_not_sent_however_many_there_are(
        self, town: Town, count_statements: Any
    ) -> None:
        for number in range(3):
            open_purse(terms(), by=secretary(town), path=town.building.path, holder=SOMEBODY.format(number))
        with count_statements(at_most=3) as seen:
            assert queries.reconcile(secretary(town), "points").purses == 3
        assert sum("IN (SELECT" in sql for sql in seen.sql) == 2

    def test_the_books_balance_and_a_changed_row_is_found(self, town: Town) -> None:
        row = points(town, earned=9)
        spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        seen = queries.reconcile(secretary(town), "points")
        assert (seen.balances, seen.held, seen.came, seen.went, seen.purses) == (True, 5, 9, 4, 1)
        Purse.objects.filter(pk=row.pk).update(balance=500)
        assert queries.reconcile(secretary(town), "points").wrong == (row.pk,)

    def test_a_statement_of_a_period_opens_with_what_was_there(self, at: Any, town: Town) -> None:
        clock = at("2026-11-13 10:00")
        row = points(town, earned=9)
        noon = clock.forward(hours=2)
        spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
        seen = queries.statement(secretary(town), row.pk, since=noon)
        assert (seen.opening, [one.out for one in seen.lines], seen.closing) == (9, [4], 5)
        assert queries.statement(secretary(town), row.pk, until=noon).closing == 9

    def test_a_page_of_purses_takes_few_statements(self, town: Town, count_statements: Any) -> None:
        for number in range(5):
            open_purse(terms(), by=secretary(town), path=town.community.path, holder=SOMEBODY.format(number))
        with count_statements(at_most=3):
            assert len(queries.purses(secretary(town), "points")) == 5
        with count_statements(at_most=3):
            assert queries.reconcile(secretary(town), "points").balances


class Move:
    """A movement between two purses, as the arithmetic sees it."""

    def __init__(self, source_id: int, target_id: int, amount: int) -> None:
        self.source_id, self.target_id, self.amount = source_id, target_id, amount


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 10**12)), max_size=60))
def test_whatever_is_booked_all_purses_together_hold_nothing(moves: list[tuple[int, int, int]]) -> None:
    assert sum(balances([Move(*one) for one in moves]).values()) == 0


@act("test.open-purse")
def begin(row: Purse, *, by: Viewer) -> None:
    """Open a purse that belongs to no place."""
    row.opened_at = now()
    row.save(force_insert=True)
    open_subject(row.subject)
    write(row.subject, "test.open-purse", by=by, facts={})


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
@given(st.lists(st.tuples(st.sampled_from(["take", "spend", "reverse"]), st.integers(1, 9)), max_size=12))
def test_random_bookings_never_break_the_balance(db: None, moves: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        play(moves)
        transaction.set_rollback(True)


def play(moves: list[tuple[str, int]]) -> None:
    """Each is refused or done: no purse below zero, all together zero, the statement ends with what is held."""
    by, said = replace(viewer("/", "view", "act"), post_code="secretary"), terms()
    row = Purse(code="points", unit="points", holder=SOMEBODY.format(9), area_path="/", path="/")
    begin(row, by=by)
    for kind, n in moves:
        try:
            if kind == "take":
                take(row.pk, by=by, terms=said, line="hour", amount=n, proofs=PROOF)
            elif kind == "spend":
                spend(row.pk, by=by, terms=said, line="gift", amount=n, proofs=PROOF)
            elif found := Booking.objects.order_by("pk")[n - 1 : n].first():
                reverse(found.pk, by=by, terms=said, reason="冲正")
        except Refused:
            continue
    assert sum(Purse.objects.values_list("balance", flat=True)) == 0
    assert balance(row) == queries.statement(by, row.pk).closing >= 0
    assert balances(Booking.objects.all()).get(row.pk, 0) == balance(row)


@pytest.mark.django_db(transaction=True)
def test_two_who_spend_the_same_points_at_once_spend_them_once() -> None:
    town = build_town()
    row = points(town, earned=5)
    gate, got = Barrier(2), []

    def try_it() -> None:
        gate.wait()
        try:
            spend(row.pk, by=secretary(town), terms=terms(), line="gift", amount=4, proofs=PROOF)
            got.append("done")
        except Refused as refusal:
            got.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=try_it) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == ["balance-short", "done"]
    assert (balance(row), queries.reconcile(secretary(town), "points").balances) == (1, True)


def test_a_period_is_named_by_its_year_and_part() -> None:
    day = date(2026, 11, 21)
    names = {every: period_of(every, day) for every in ("year", "half-year", "quarter", "month", "week", "day", "once")}
    assert list(names.values()) == ["2026", "2026-H2", "2026-Q4", "2026-11", "2026-W47", "2026-11-21", "once"]
