"""The check of the book finds whatever was done to it behind its back."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from tests.record.desk import OFFICER, dispatch, open_matter, tell_a_history
from youying.kernel.viewers import SYSTEM
from youying.record import guards, rules, verifying
from youying.record.actions import erase
from youying.record.models import Entry, Head
from youying.record.queries import latest_root, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(at):
    """A sound book, whose triggers an attacker with rights on the database has dropped."""
    clock = tell_a_history(at)
    assert verify().faults == []
    guards.lift(connection)
    return clock


def sql(text, *params):
    """Run it as an attacker would."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def rehashed(entry, **changes):
    """What the attacker, who knows the encoding, makes of an entry."""
    values = {name: getattr(entry, name) for name in rules.Line.__slots__} | changes
    facts = values["facts"] if isinstance(values["facts"], str) else rules.facts_text(values["facts"])
    return rules.entry_hash(rules.Line(**(values | {"facts": facts})))


def last_of(subject):
    return Entry.objects.filter(subject=subject).order_by("-seq")[0]


def alter_facts():
    sql("UPDATE record_entry SET facts = %s WHERE subject = 'matter:1' AND seq = 2", '{"unit":4}')


def alter_actor():
    sql("UPDATE record_entry SET post_id = 11 WHERE subject = 'matter:1' AND seq = 2")


def alter_moment():
    sql("UPDATE record_entry SET at = '2026-11-16 01:00:00+00:00' WHERE subject = 'matter:2' AND seq = 1")


def alter_origin():
    sql("UPDATE record_entry SET origin = 'patrol' WHERE subject = 'matter:2' AND seq = 2")


def alter_last_with_a_right_hash():
    entry = last_of("matter:2")
    fresh = rehashed(entry, post_id=11)
    sql("UPDATE record_entry SET post_id = 11, hash = %s WHERE id = %s", fresh, entry.id)
    sql("UPDATE record_head SET hash = %s WHERE subject = 'matter:2'", fresh)


def remove_a_middle_entry():
    sql("DELETE FROM record_entry WHERE subject = 'matter:2' AND seq = 2")


def remove_the_first_entry():
    sql("DELETE FROM record_entry WHERE subject = 'matter:2' AND seq = 1")


def remove_the_last_entry():
    sql("DELETE FROM record_entry WHERE subject = 'matter:2' AND seq = 3")


def remove_the_last_entry_and_set_the_head_back():
    remove_the_last_entry()
    sql("UPDATE record_head SET count = 2, hash = %s WHERE subject = 'matter:2'", last_of("matter:2").hash)


def reorder_two_entries():
    for old, new in ((2, 9), (3, 2), (9, 3)):
        sql("UPDATE record_entry SET seq = %s WHERE subject = 'matter:1' AND seq = %s", new, old)


def move_an_entry_to_another_matter():
    sql("DELETE FROM record_entry WHERE subject = 'matter:3' AND seq = 3")
    sql("UPDATE record_entry SET subject = 'matter:3' WHERE subject = 'matter:2' AND seq = 3")


def insert_at_the_end():
    last = last_of("matter:3")
    values = {name: getattr(last, name) for name in rules.Line.__slots__}
    fresh = rehashed(last, seq=4, prev=last.hash)
    Entry(**(values | {"seq": 4, "prev": last.hash, "hash": fresh})).save(force_insert=True)
    sql("UPDATE record_head SET count = 4, hash = %s WHERE subject = 'matter:3'", fresh)


def insert_in_the_middle():
    sql("UPDATE record_entry SET seq = 4 WHERE subject = 'matter:3' AND seq = 3")
    second = Entry.objects.get(subject="matter:3", seq=2)
    values = {name: getattr(second, name) for name in rules.Line.__slots__}
    fresh = rehashed(second, seq=3, prev=second.hash)
    Entry(**(values | {"seq": 3, "prev": second.hash, "hash": fresh})).save(force_insert=True)


def swap_sealed_blobs():
    one, two = Entry.objects.get(subject="matter:1", seq=1), Entry.objects.get(subject="matter:2", seq=1)
    sql("UPDATE record_entry SET sealed = %s WHERE id = %s", two.sealed, one.id)
    sql("UPDATE record_entry SET sealed = %s WHERE id = %s", one.sealed, two.id)


def remove_a_sealed_blob():
    sql("UPDATE record_entry SET sealed = NULL WHERE subject = 'matter:1' AND seq = 1")


def remove_the_last_matter():
    sql("DELETE FROM record_entry WHERE subject = 'matter:3'")
    sql("DELETE FROM record_head WHERE subject = 'matter:3'")


def remove_a_middle_matter():
    sql("DELETE FROM record_entry WHERE subject = 'matter:2'")
    sql("DELETE FROM record_head WHERE subject = 'matter:2'")


def remove_the_last_matter_and_count_back():
    remove_the_last_matter()
    sql("UPDATE record_head SET count = 2 WHERE subject = 'series:matter/630103'")


def empty_a_matter():
    sql("DELETE FROM record_entry WHERE subject = 'matter:2'")


def remove_a_head():
    sql("DELETE FROM record_head WHERE subject = 'matter:1'")


def remove_a_series():
    sql("DELETE FROM record_head WHERE subject = 'series:matter/630103'")


def remove_a_series_with_all_its_matters():
    sql("DELETE FROM record_entry WHERE subject LIKE 'matter:%%'")
    sql("DELETE FROM record_head WHERE series = 'matter/630103' OR subject = 'series:matter/630103'")


def swap_two_leaves():
    for old, new in ((1, 99), (2, 1), (99, 2)):
        sql("UPDATE record_entry SET leaf = %s WHERE leaf = %s", new, old)


def lose_a_leaf():
    sql("UPDATE record_entry SET leaf = NULL WHERE leaf = 3")


def lose_the_last_leaf():
    sql("UPDATE record_entry SET leaf = NULL WHERE leaf = 5")


def alter_a_root():
    sql("UPDATE record_root SET root = %s", bytes(32))


def remove_a_root():
    sql("DELETE FROM record_root")


def destroy_a_data_key():
    sql("UPDATE record_head SET data_key = NULL WHERE subject = 'matter:1'")


def pretend_that_it_was_erased():
    sql("UPDATE record_head SET data_key = NULL, erased_at = '2026-11-18 01:00:00+00:00' WHERE subject = 'matter:1'")


def replace_a_data_key():
    other = Head.objects.get(subject="matter:2").data_key
    sql("UPDATE record_head SET data_key = %s WHERE subject = 'matter:1'", other)


def spoil_a_data_key():
    own = Head.objects.get(subject="matter:1").data_key
    sql("UPDATE record_head SET data_key = %s WHERE subject = 'matter:1'", own[:-1] + bytes([own[-1] ^ 1]))


def give_a_subject_without_secrets_a_data_key():
    sql("UPDATE record_head SET data_key = %s WHERE subject = 'record:roots'", b"x")


TAMPERINGS = [
    (alter_facts, "altered"),
    (alter_actor, "altered"),
    (alter_moment, "altered"),
    (alter_origin, "altered"),
    (alter_last_with_a_right_hash, "head-forged"),
    (remove_a_middle_entry, "gap"),
    (remove_the_first_entry, "gap"),
    (remove_the_last_entry, "head-differs"),
    (remove_the_last_entry_and_set_the_head_back, "head-forged"),
    (reorder_two_entries, "altered"),
    (move_an_entry_to_another_matter, "broken-chain"),
    (insert_at_the_end, "head-forged"),
    (insert_in_the_middle, "broken-chain"),
    (swap_sealed_blobs, "altered"),
    (remove_a_sealed_blob, "altered"),
    (remove_the_last_matter, "subject-removed"),
    (remove_a_middle_matter, "subject-removed"),
    (remove_the_last_matter_and_count_back, "head-forged"),
    (empty_a_matter, "subject-emptied"),
    (remove_a_head, "head-missing"),
    (remove_a_series, "series-missing"),
    (remove_a_series_with_all_its_matters, "subject-removed"),
    (swap_two_leaves, "root-differs"),
    (lose_a_leaf, "leaf-missing"),
    (lose_the_last_leaf, "leaf-missing"),
    (alter_a_root, "root-differs"),
    (remove_a_root, "root-altered"),
    (destroy_a_data_key, "key-lost"),
    (pretend_that_it_was_erased, "key-lost"),
    (replace_a_data_key, "head-forged"),
    (spoil_a_data_key, "head-forged"),
    (give_a_subject_without_secrets_a_data_key, "head-forged"),
]


@pytest.mark.parametrize(("tamper", "kind"), TAMPERINGS, ids=[tamper.__name__ for tamper, _ in TAMPERINGS])
def test_tampering_is_found(history, tamper, kind):
    tamper()
    report = verify()
    assert kind in {fault.kind for fault in report.faults}
    assert all(fault.say.endswith(("。", "！")) for fault in report.faults)


def test_a_whole_book_is_said_to_be_whole_with_its_size(history):
    seen = []
    report = verify(lambda done, total: seen.append((done, total)))
    assert (report.ok, report.entries, report.subjects, report.leaves) == (True, 10, 4, 6)
    assert report.root == latest_root().root.hex()
    assert seen[-1] == (20, 20)


def test_an_erased_matter_stays_whole(history):
    erase("matter:1", by=SYSTEM, reason="retention")
    assert Head.objects.get(subject="matter:1").data_key is None
    assert verify().ok


def test_an_erasure_taken_back_with_a_kept_key_is_found(history):
    kept = Head.objects.get(subject="matter:1").data_key
    erase("matter:1", by=SYSTEM, reason="retention")
    sql("UPDATE record_head SET data_key = %s, erased_at = NULL WHERE subject = 'matter:1'", kept)
    assert {fault.kind for fault in verify().faults} == {"head-forged"}


def test_the_database_refuses_to_change_or_remove_an_entry(at):
    tell_a_history(at)
    for statement in (
        "UPDATE record_entry SET post_id = 11",
        "UPDATE record_entry SET leaf = leaf + 100 WHERE leaf IS NOT NULL",
        "UPDATE record_entry SET leaf = 100, facts = '[]' WHERE subject = 'matter:1' AND leaf IS NULL",
        "DELETE FROM record_entry",
        "DELETE FROM record_head",
        "DELETE FROM record_root",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement)
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_the_book_can_be_checked_while_officers_write_on(monkeypatch):
    monkeypatch.setattr(verifying, "ROWS_AT_ONCE", 1)
    for number in range(5):
        open_matter(f"matter:{number}", by=SYSTEM)
    wrote = []

    def write_on():
        dispatch("matter:4", by=OFFICER)
        wrote.append(open_matter("matter:9", by=SYSTEM))
        connection.close()

    def look(done, total):
        if not wrote:
            officer = threading.Thread(target=write_on)
            officer.start()
            officer.join()

    report = verify(look)
    assert (len(wrote), report.faults, report.entries) == (1, [], 5)
    assert verify().entries == 7
