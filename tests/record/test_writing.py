"""Acts write entries: chained, in few statements, all or nothing."""

import pytest
from django.db import IntegrityError, transaction

from tests.record.desk import OFFICER, STRANGER, TOWN, dispatch, open_matter
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record import book
from youying.record.actions import Draft, open_next, open_subject, write, write_many
from youying.record.acts import ACTS, act, attempt, coming_from, unchanged
from youying.record.models import Entry, Head, Series
from youying.record.queries import story, verify

pytestmark = pytest.mark.django_db


@act("test.careless")
def be_careless(*, by):
    """Write nothing."""


@act("test.idle")
def stay_idle(*, by):
    """Find nothing to do, and say so."""
    unchanged()


@act("test.open-two", power="act")
def open_two(*, by, then=lambda: None):
    """Open two matters inside one act."""
    open_matter("matter:1", by=by)
    open_matter("matter:2", by=by)
    then()


@act("test.try")
def try_each(subjects, *, by):
    """Open what can be opened; a refused one leaves nothing."""
    write("office:1", "try", by=by, facts={})
    for subject in subjects:
        try:
            with attempt():
                open_then_refuse(subject, by=by)
        except Refused:
            open_matter(subject, by=by, series="matter/630104")


@act("test.refuse")
def open_then_refuse(subject, *, by):
    """Open a matter in a series of its own, then think better of it."""
    open_subject(subject, series="matter/630105")
    write(subject, "open", by=by, facts={})
    raise Refused("no", say="不行。")


@act("test.tear")
def tear(*, by):
    """Roll back a nested act with a savepoint the book is not told of."""
    open_matter("matter:1", by=by)
    with transaction.atomic():
        open_matter("matter:2", by=by)
        transaction.set_rollback(True)


@act("test.loose")
def be_loose(subject, *, by):
    """Put a phone number into the facts."""
    open_subject(subject)
    write(subject, "open", by=by, facts={"caller": "13900001111"})


@act("test.numbered")
def open_numbered(*, by):
    """Open a matter named after its serial."""
    head = open_next(TOWN, subject_of=lambda serial: f"matter:2611{serial:05}")
    write(head.subject, "open", by=by, facts={})
    return head.subject


@act("test.bulk")
def write_in_bulk(drafts, *, by):
    """Write many entries at once."""
    return write_many(drafts)


@act("test.office")
def open_office(*, by):
    """Open the office's own chain."""
    open_subject("office:1")
    write("office:1", "open", by=by, facts={})


def test_an_intake_costs_three_statements_of_record(count_statements):
    open_matter("matter:1", by=SYSTEM)
    with count_statements(at_most=3):
        head = open_matter("matter:2", by=SYSTEM, words={"text": "路灯不亮"})
    assert head.serial == 2


def test_an_act_costs_three_statements_of_record(count_statements):
    open_matter("matter:1", by=SYSTEM)
    with count_statements(at_most=3):
        dispatch("matter:1", by=OFFICER)
    assert [entry.act for entry in story("matter:1")] == ["open", "dispatch"]


def test_an_entry_says_who_which_post_when_what_and_from_where(at):
    clock = at("2026-11-18 09:40")
    open_matter("matter:1", by=SYSTEM)
    with coming_from("hotline desk"):
        open_matter("matter:2", by=OFFICER)
    entry = story("matter:2")[0]
    assert (entry.account_id, entry.post_id, entry.post_code, entry.unit_id) == (7, 9, "dispatcher", 2)
    assert (entry.at, entry.act, entry.origin, entry.facts) == (clock(), "open", "hotline desk", {"channel": "hotline"})


def test_a_subject_is_opened_only_once():
    open_matter("matter:1", by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        open_matter("matter:1", by=SYSTEM)
    assert open_matter("matter:2", by=SYSTEM).serial == 2


def test_a_subject_can_be_named_after_the_serial_it_draws():
    assert [open_numbered(by=SYSTEM), open_numbered(by=SYSTEM)] == ["matter:261100001", "matter:261100002"]


def test_a_subject_without_a_series_is_counted_in_its_kind():
    open_office(by=SYSTEM)
    assert Head.objects.get(subject="office:1").series == "office"
    assert Series.objects.get(subject="series:office").issued == 1


def test_an_act_on_a_subject_that_was_never_opened_is_a_mistake():
    with pytest.raises(book.BookError, match="never opened"):
        dispatch("matter:77", by=OFFICER)


def test_a_post_without_the_power_is_refused_and_nothing_is_written():
    open_matter("matter:1", by=SYSTEM)
    with pytest.raises(Refused, match="no-power"):
        dispatch("matter:1", by=STRANGER)
    assert Head.objects.get(subject="matter:1").count == 1


def test_an_act_that_leaves_no_entry_is_a_mistake():
    with pytest.raises(book.UnrecordedAct):
        be_careless(by=SYSTEM)


def test_an_act_may_say_that_nothing_had_to_change(count_statements):
    with count_statements(at_most=0):
        stay_idle(by=SYSTEM)


def test_writing_outside_an_act_is_a_mistake():
    with pytest.raises(book.NotInAct):
        write("matter:1", "dispatch", by=OFFICER, facts={})


def test_acts_inside_an_act_share_its_transaction_and_its_statements(count_statements):
    open_matter("matter:9", by=OFFICER)
    with count_statements(at_most=3):
        open_two(by=OFFICER)
    assert verify().ok


def test_a_failure_after_two_nested_acts_undoes_both():
    def fail():
        raise Refused("no", say="不行。")

    with pytest.raises(Refused):
        open_two(by=OFFICER, then=fail)
    assert not Head.objects.filter(subject__startswith="matter").exists()


def test_a_refused_attempt_leaves_nothing_and_the_rest_goes_on():
    open_office(by=SYSTEM)
    try_each(["matter:1", "matter:2"], by=SYSTEM)
    assert list(Head.objects.filter(series="matter/630104").values_list("serial", flat=True)) == [1, 2]
    assert not Series.objects.filter(subject="series:matter/630105").exists()
    assert verify().ok


def test_a_savepoint_rolled_back_behind_the_books_back_stops_the_act():
    with pytest.raises(book.TornAct):
        tear(by=SYSTEM)
    assert not Entry.objects.exists()


def test_a_phone_number_in_the_facts_stops_the_act(settings):
    settings.YOUYING_CHECK_FACTS = True
    with pytest.raises(book.PersonalInFacts):
        be_loose("matter:1", by=SYSTEM)


def test_many_entries_at_once_equal_those_written_one_by_one(at):
    at("2026-11-18 09:40")
    with transaction.atomic():
        open_matter("matter:1", by=OFFICER)
        dispatch("matter:1", by=OFFICER)
        one_by_one = [bytes(entry.hash) for entry in story("matter:1")]
        transaction.set_rollback(True)
    write_in_bulk(
        [
            Draft("matter:1", "open", OFFICER, {"channel": "hotline"}, series=TOWN),
            Draft("matter:1", "dispatch", OFFICER, {"unit": 3}, origin="desk"),
        ],
        by=OFFICER,
    )
    assert [bytes(entry.hash) for entry in story("matter:1")] == one_by_one
    assert verify().ok


def test_a_thousand_intakes_in_one_act_keep_their_chain_and_their_serials():
    write_in_bulk([Draft(f"matter:{n}", "open", OFFICER, {"n": n}, series=TOWN) for n in range(1000)], by=OFFICER)
    assert Series.objects.get(subject=f"series:{TOWN}").issued == 1000
    assert verify().ok


def test_every_act_is_on_the_register_with_its_power():
    assert (ACTS["test.dispatch"].power, ACTS["test.dispatch"].doc) == ("act", "Give a matter to a unit.")
    with pytest.raises(book.BookError, match="twice"):
        act("test.dispatch")(be_careless)
    with pytest.raises(book.BookError, match="keyword-only"):
        act("test.without-by")(len)
    with pytest.raises(book.BookError, match="power"):
        act("test.wrong-power", power="fly")
