"""Personal values are ciphertext under a key of their subject; erasing destroys the key, nothing else."""

import stat
from datetime import date

import pytest
from django.db import connection

from tests.record.desk import OFFICER, STRANGER, note, open_matter, tell_a_history
from youying.kernel.merkle import leaf_hash, root
from youying.kernel.refusals import Refused
from youying.kernel.sealing import sealed_with
from youying.kernel.viewers import SYSTEM
from youying.record import actions, keys, rules
from youying.record.actions import erase, open_subject, rewrap, rotate, seal_day, seal_for, unseal_for, write
from youying.record.acts import act
from youying.record.models import Entry, Head, Root
from youying.record.queries import ERASED, latest_root, opened, opener, story, verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A key folder of this test alone."""
    settings.YOUYING_HOME = tmp_path
    return tmp_path / "keys"


@act("test.remember")
def remember(subject, phone, *, by):
    """Keep a phone number of a person."""
    open_subject(subject)
    blob = seal_for(subject, phone)
    assert unseal_for(subject, blob) == phone
    write(subject, "open", by=by, facts={})
    return blob


@act("test.move")
def keep_words(subject, *, by):
    """Seal a value for a subject that stands already."""
    write(subject, "add", by=by, facts={})
    return seal_for(subject, "甲")


def test_what_a_person_said_is_ciphertext_in_the_database():
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮", "phone": "13900001111"})
    entry = story("matter:1")[0]
    assert "路灯".encode() not in entry.sealed
    assert b"13900001111" not in entry.sealed
    assert opened(entry) == {"text": "路灯不亮", "phone": "13900001111"}


def test_an_entry_without_sealed_words_opens_empty():
    open_matter("matter:1", by=SYSTEM)
    assert opened(story("matter:1")[0]) == {}


def test_sm4_is_used_where_the_setting_asks_for_it(settings):
    settings.YOUYING_CIPHER = "sm4-gcm"
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    entry = story("matter:1")[0]
    assert (entry.sealed[1], opened(entry)["text"]) == (2, "路灯不亮")
    assert {key.partition(" ")[0] for key in own_key_texts(settings)} == {"SM4-GCM", "HMAC-SM3"}
    assert verify().ok


def own_key_texts(settings):
    return [path.read_text() for path in (settings.YOUYING_HOME / "keys").glob("*.key")]


def test_an_unknown_cipher_is_refused_with_the_right_names(settings):
    settings.YOUYING_CIPHER = "rot13"
    with pytest.raises(Refused, match="cipher-unknown"):
        open_matter("matter:1", by=SYSTEM)


def test_erasing_leaves_a_whole_book_that_says_erased():
    phone = remember("guest:1", "13900001111", by=SYSTEM)
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    open_matter("matter:2", by=SYSTEM, words={"text": "水管漏水"})
    erase("matter:1", by=OFFICER, reason="retention")
    erase("guest:1", by=OFFICER, reason="asked")
    assert opened(story("matter:1")[0]) == ERASED
    assert unseal_for("guest:1", phone) is None
    assert opened(story("matter:2")[0]) == {"text": "水管漏水"}
    assert verify().ok


def test_nothing_personal_can_be_added_after_erasing():
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    erase("matter:1", by=OFFICER, reason="retention")
    with pytest.raises(Refused, match="subject-erased"):
        note("matter:1", by=OFFICER, words="已联系")
    with pytest.raises(Refused, match="subject-erased"):
        erase("matter:1", by=OFFICER, reason="retention")


def test_only_who_may_audit_erases():
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    with pytest.raises(Refused, match="no-power"):
        erase("matter:1", by=STRANGER, reason="retention")
    assert opened(story("matter:1")[0]) == {"text": "路灯不亮"}


@pytest.mark.parametrize(
    ("subject", "reason", "code"),
    [("matter:1", "陈桂芳要求", "reason-not-a-code"), ("matter:9", "asked", "subject-unknown")],
)
def test_an_erasure_without_a_code_or_a_subject_is_refused(subject, reason, code):
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    with pytest.raises(Refused, match=code):
        erase(subject, by=OFFICER, reason=reason)
    assert opened(story("matter:1")[0]) == {"text": "路灯不亮"}


def test_a_value_moved_to_another_subject_does_not_open():
    remember("guest:1", "13900001111", by=SYSTEM)
    blob = remember("guest:2", "13900002222", by=SYSTEM)
    with pytest.raises(Refused):
        unseal_for("guest:1", blob)


def test_many_values_are_opened_with_one_statement(count_statements):
    blobs = {f"guest:{number}": remember(f"guest:{number}", f"1390000111{number}", by=SYSTEM) for number in range(9)}
    with count_statements(at_most=1):
        keys_of = opener(blobs)
        phones = [keys_of.value(subject, blob) for subject, blob in blobs.items()]
    assert phones == [f"1390000111{number}" for number in range(9)]


def test_keys_are_files_of_the_owner_alone(own_keys):
    open_matter("matter:1", by=SYSTEM)
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in own_keys.iterdir()} == {0o600}
    assert sorted(path.name for path in own_keys.iterdir()) == [
        "head-1.key",
        "index-1.key",
        "master-1.key",
        "secret-1.key",
    ]


def test_after_a_rotation_everything_moves_to_the_new_keys():
    for number in range(3):
        open_matter(f"matter:{number}", by=SYSTEM, words={"text": f"第{number}盏"})
    assert rotate("master", by=OFFICER) == "master-2"
    assert rotate("head", by=OFFICER) == "head-2"
    after = ""
    while after is not None:
        after = rewrap(by=OFFICER, after=after)
    heads = list(Head.objects.all())
    assert {sealed_with(head.data_key) for head in heads if head.data_key} == {"master-2"}
    assert {head.mac.partition(b"\0")[0] for head in heads} == {b"head-2"}
    assert opened(story("matter:2")[0]) == {"text": "第2盏"}
    assert verify().ok


def test_a_lost_key_is_named(own_keys):
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    entry = story("matter:1")[0]
    (own_keys / "master-1.key").unlink()
    keys._ring_in.cache_clear()
    keys.ring().rotate("master")
    (own_keys / "master-1.key").unlink()
    keys._ring_in.cache_clear()
    with pytest.raises(Refused, match=r"key-unknown.*master-1"):
        opened(entry)


def test_a_day_is_sealed_once_and_only_when_it_is_over(at):
    clock = tell_a_history(at)
    assert latest_root().size == 6
    with pytest.raises(Refused, match="day-not-over"):
        seal_day(date(2026, 11, 18), by=SYSTEM)
    again = seal_day(date(2026, 11, 17), by=SYSTEM)
    assert (again.day, Root.objects.count()) == (date(2026, 11, 17), 1)
    clock.forward(days=1)
    assert seal_day(date(2026, 11, 18), by=SYSTEM).size == 10
    leaves = Entry.objects.filter(leaf__isnull=False).order_by("leaf")
    assert latest_root().root == root(leaf_hash(entry.hash) for entry in leaves)
    assert verify().ok


def test_leaves_given_in_small_lots_make_the_same_tree(at, monkeypatch):
    monkeypatch.setattr(actions, "LEAVES_AT_ONCE", 3)
    clock = tell_a_history(at)
    clock.forward(days=1)
    assert [actions.give_leaves(date(2026, 11, 18)) for _ in range(3)] == [3, 1, 0]
    assert verify().ok
    assert seal_day(date(2026, 11, 18), by=SYSTEM).size == 10
    assert verify().ok


def test_the_tree_takes_only_hashes_so_that_an_erased_book_keeps_its_root(at):
    tell_a_history(at)
    before = verify().root
    erase("matter:1", by=SYSTEM, reason="retention")
    assert verify().root == before


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"note": "请打 13900001111"}, ["13900001111"]),
        ({"note": "证件11010519491231002X。"}, ["11010519491231002X"]),
        ({"phone": "8230155"}, ["phone"]),
        ({"area": "630103005012", "serial": "26110012345", "hash": "a13900001111"}, []),
    ],
)
def test_personal_values_in_facts_are_noticed(facts, found):
    assert rules.personal_values(facts) == found


def test_the_sealed_part_does_not_open_at_another_place():
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    note("matter:1", by=OFFICER, words="已联系")
    first, second = story("matter:1")
    first.sealed = second.sealed
    with pytest.raises(Refused, match="seal-broken"):
        opened(first)


def test_sealing_for_a_standing_subject_costs_no_statement_of_its_own(count_statements):
    open_matter("matter:1", by=SYSTEM, words={"text": "路灯不亮"})
    with count_statements(at_most=3):
        blob = keep_words("matter:1", by=SYSTEM)
    assert unseal_for("matter:1", blob) == "甲"
    assert connection.in_atomic_block
