"""Acts write entries: chained, in few statements, all or nothing."""

import pytest
from django.db import IntegrityError

from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record import acts, book
from youying.record.actions import open_subject, seal_for, write
from youying.record.models import Entry, Head

pytestmark = pytest.mark.django_db


@acts.act("test.open")
def open_matter(subject, *, by, series="matter/630103", words=None):
    """Open a subject with its first entry."""
    head = open_subject(subject, series=series)
    write(subject, "open", by=by, facts={"channel": "hotline"}, sealed=words)
    return head


@acts.act("test.dispatch", power="act")
def dispatch(subject, *, by, unit=3):
    """Give it to a unit."""
    return write(subject, "dispatch", by=by, facts={"unit": unit})


OFFICER = Viewer(kind="post", account_id=7, post_id=9, post_code="dispatcher", unit_id=2, powers=frozenset({"act"}))


def test_an_intake_costs_three_statements_of_record(count_statements):
    open_matter("matter:1", by=SYSTEM)
    with count_statements(at_most=3):
        head = open_matter("matter:2", by=SYSTEM, words={"text": "路灯不亮"})
    assert head.serial == 2


def test_an_act_costs_three_statements_of_record(count_statements):
    open_matter("matter:1", by=SYSTEM)
    with count_statements(at_most=3):
        dispatch("matter:1", by=OFFICER)
    assert [entry.act for entry in Entry.objects.order_by("seq")] == ["open", "dispatch"]


def test_a_subject_is_opened_only_once():
    open_matter("matter:1", by=SYSTEM)
    with pytest.raises(IntegrityError):
        open_matter("matter:1", by=SYSTEM)
    assert open_matter("matter:2", by=SYSTEM).serial == 2


def test_an_act_on_a_subject_that_was_never_opened_is_a_mistake():
    with pytest.raises(book.BookError, match="never opened"):
        dispatch("matter:77", by=OFFICER)


def test_a_post_without_the_power_is_refused_and_nothing_is_written():
    open_matter("matter:1", by=SYSTEM)
    with pytest.raises(Refused, match="no-power"):
        dispatch("matter:1", by=Viewer(kind="post"))
    assert Head.objects.get(subject="matter:1").count == 1


def test_seal_for(count_statements):
    @acts.act("test.seal-x")
    def f(*, by):
        open_subject("person:1")
        blob = seal_for("person:1", "13900001111")
        write("person:1", "open", by=by, facts={})
        return blob

    assert f(by=SYSTEM)
