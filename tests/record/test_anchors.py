"""The anchor outside the database shows when the book became shorter, and goes back only by a recorded act."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from tests.record.desk import OFFICER, STRANGER, dispatch, open_matter, tell_a_history
from tests.record.test_verify import sql
from youying.jobs.timers import TIMERS
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record import anchors, guards
from youying.record.actions import accept_shorter
from youying.record.models import Entry, Head, Root
from youying.record.queries import latest_root, story, verify

pytestmark = pytest.mark.django_db
COLUMNS = ("series", "serial", "count", "hash", "mac", "data_key", "erased_at")


@pytest.fixture
def history(at, settings, tmp_path):
    """A sound book in a home of its own, whose triggers an attacker has dropped."""
    settings.YOUYING_HOME = tmp_path
    clock = tell_a_history(at)
    guards.lift(connection)
    return clock


class Attacker:
    """Somebody with all rights on the database, who kept a copy of the heads with their true proofs."""

    def __init__(self):
        self.heads = {head.subject: head for head in Head.objects.all()}
        self.last = Entry.objects.order_by("-id").first().id

    def sets_the_book_back(self):
        """Remove what came since, and put the old heads back: nothing inside the book contradicts it."""
        sql("DELETE FROM record_entry WHERE id > %s", self.last)
        Head.objects.exclude(subject__in=self.heads).delete()
        for head in self.heads.values():
            head.save(update_fields=COLUMNS)


def kinds(**asked):
    report = verify(**asked)
    assert all(fault.say.endswith("。") for fault in report.faults)
    return {fault.kind for fault in report.faults}


def test_a_book_that_has_grown_since_is_whole(history):
    first = anchors.keep()
    dispatch("matter:1", by=OFFICER)
    assert kinds() == set()
    second = anchors.keep()
    assert (second.entries, anchors.held()) == (first.entries + 1, second)


def test_a_removed_tail_with_heads_set_back_is_found_by_the_anchor_alone(history):
    attacker = Attacker()
    dispatch("matter:1", by=OFFICER)
    open_matter("matter:4", by=SYSTEM)
    anchors.keep()
    attacker.sets_the_book_back()
    assert kinds() == {"shorter"}
    anchors.path().unlink()
    assert kinds() == set()


def test_a_removed_entry_is_found_though_others_came_later(history):
    attacker = Attacker()
    dispatch("matter:1", by=OFFICER)
    anchors.keep()
    attacker.sets_the_book_back()
    dispatch("matter:2", by=OFFICER)
    dispatch("matter:3", by=OFFICER)
    assert kinds() == {"shorter"}


def test_another_entry_in_the_place_of_the_last_is_found(history):
    attacker = Attacker()
    lost = dispatch("matter:1", by=OFFICER).id
    anchors.keep()
    attacker.sets_the_book_back()
    other = dispatch("matter:2", by=OFFICER)
    sql("UPDATE record_entry SET id = %s WHERE id = %s", lost, other.id)
    assert kinds() == {"shorter"}


def test_leaves_and_roots_taken_back_together_are_found(history):
    anchors.keep()
    sql("UPDATE record_entry SET leaf = NULL")
    sql("DELETE FROM record_root")
    assert "shorter" in kinds()


def test_an_altered_or_foreign_anchor_is_found(history):
    kept = anchors.to_text(anchors.keep())
    anchors.path().write_text(kept.replace('"entries": 10', '"entries": 1'), "utf-8")
    assert kinds() == {"anchor-forged"}
    anchors.path().write_text("{}", "utf-8")
    assert kinds() == {"anchor-forged"}
    anchors.path().write_text(kept, "utf-8")
    assert kinds() == set()


def test_an_anchor_kept_elsewhere_finds_what_the_own_one_was_made_to_hide(history, tmp_path):
    attacker = Attacker()
    dispatch("matter:1", by=OFFICER)
    elsewhere = tmp_path / "printed.json"
    elsewhere.write_text(anchors.to_text(anchors.keep()), "utf-8")
    attacker.sets_the_book_back()
    anchors.path().unlink()
    anchors.keep()
    assert kinds() == set()
    assert kinds(anchored=[anchors.read(elsewhere)]) == {"shorter"}
    elsewhere.write_text("不是锚", "utf-8")
    with pytest.raises(Refused, match="anchor-unreadable"):
        anchors.read(elsewhere)


def test_a_published_root_is_found_again_or_missed(history):
    published = latest_root().root.hex()
    assert kinds(root=published.upper()) == set()
    assert kinds(root="ab" * 32) == {"root-unknown"}
    sql("UPDATE record_root SET root = %s", bytes(32))
    assert "root-differs" in kinds(root=published)


def test_a_tree_built_anew_over_other_leaves_contradicts_the_anchor(history):
    anchors.keep()
    for old, new in ((1, 99), (2, 1), (99, 2)):
        sql("UPDATE record_entry SET leaf = %s WHERE leaf = %s", new, old)
    anchored = [fault for fault in verify().faults if "锚" in fault.say]
    assert {fault.kind for fault in anchored} == {"root-differs"}


def test_the_anchor_never_goes_back(history):
    attacker = Attacker()
    dispatch("matter:1", by=OFFICER)
    kept = anchors.keep()
    attacker.sets_the_book_back()
    with pytest.raises(Refused, match="book-shorter"):
        anchors.keep()
    assert anchors.held() == kept


def test_a_process_killed_while_writing_leaves_the_old_anchor(history, monkeypatch):
    kept = anchors.keep()
    dispatch("matter:1", by=OFFICER)

    def killed(*names):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            anchors.keep()
    assert anchors.held() == kept
    assert anchors.keep().entries == kept.entries + 1


def test_a_shorter_book_is_accepted_by_a_recorded_act_alone(history):
    attacker = Attacker()
    dispatch("matter:1", by=OFFICER)
    kept = anchors.keep()
    with pytest.raises(Refused, match="book-not-shorter"):
        accept_shorter(by=OFFICER, reason="restored")
    attacker.sets_the_book_back()
    with pytest.raises(Refused, match="no-power"):
        accept_shorter(by=STRANGER, reason="restored")
    accept_shorter(by=OFFICER, reason="restored")
    anchors.keep(accepting=True)
    assert kinds() == set()
    facts = story("record:anchors")[-1].facts
    assert (facts["reason"], facts["anchor"]["entries"], facts["entries"]) == ("restored", kept.entries, 10)
    assert facts["anchor"]["last_hash"] == kept.last_hash


def test_the_timers_keep_the_anchor_each_hour_and_with_each_sealed_day(history):
    assert TIMERS["record.keep-anchor"].rate.every_seconds == 3600
    TIMERS["record.keep-anchor"].function()
    hourly = anchors.held()
    history.forward(days=1)
    TIMERS["record.seal-day"].function()
    sealed = anchors.held()
    assert (hourly.size, sealed.size) == (6, Root.objects.order_by("-day").first().size)
    assert sealed.entries == hourly.entries + 1 == Entry.objects.count()
