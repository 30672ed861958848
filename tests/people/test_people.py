"""Remembering people sealed, finding them by telephone within reach, masked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.cast import CHEN_GUIFANG, WU_JIADONG
from tests.places.town import ADMIN, Town, build_town, viewer
from youying.kernel.normal_forms import id_check_character
from youying.kernel.refusals import Refused
from youying.people import queries
from youying.people.actions import follow_move, forget_person, remember_person
from youying.people.models import Household, Person
from youying.places import actions as places
from youying.record.actions import erase
from youying.record.models import Entry
from youying.record.queries import story


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def town(db: None) -> Town:
    """A town built by the real acts."""
    return build_town()


def remember(town: Town, **said: str) -> Person:
    """陈桂芳 of building 3 is taken down by the secretary, with whatever else is said."""
    return remember_person(
        **{"path": town.building.path, "name": CHEN_GUIFANG.name, "phone": CHEN_GUIFANG.phone, **said},
        by=town.secretary,
    )


def test_a_person_is_found_by_telephone_however_it_is_written_and_shown_masked(town: Town) -> None:
    remember(town)
    found = queries.find_by_phone(town.secretary, "+86 139-0001-0001")
    assert [(one.name_masked, one.phone_masked) for one in found] == [("陈**", "139****0001")]
    assert found[0].place_words == "柳湾街道·槐花里社区·槐花里小区·3号楼"


def test_nothing_personal_stands_in_the_database_or_the_record(town: Town) -> None:
    row = remember(town)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        stored = [bytes(cell) if isinstance(cell, memoryview) else cell for cell in cursor.fetchone()]
    told = repr(stored) + str(story(row.subject)[0].facts)
    assert not any(word in told for word in (CHEN_GUIFANG.name, CHEN_GUIFANG.phone))
    assert not any(CHEN_GUIFANG.name.encode() in cell for cell in stored if isinstance(cell, bytes))


def test_the_same_person_again_is_the_same_file(town: Town) -> None:
    first = remember(town)
    again = remember(town, phone="139 0001 0001")
    assert (again.pk, Person.objects.count(), len(story(first.subject))) == (first.pk, 1, 1)


def test_what_a_file_lacked_is_added_and_what_it_had_stays(town: Town) -> None:
    first = remember(town, name="")
    second = remember(town)
    assert second.pk == first.pk
    assert story(first.subject)[-1].facts["added"] == ["name"]
    assert queries.find_by_phone(town.secretary, CHEN_GUIFANG.phone)[0].name_masked == "陈**"


def test_another_name_at_the_same_telephone_is_another_person(town: Town) -> None:
    remember(town)
    remember(town, name=WU_JIADONG.name)
    assert len(queries.find_by_phone(town.secretary, CHEN_GUIFANG.phone)) == 2


def test_another_id_number_at_the_same_telephone_and_name_is_another_person(town: Town) -> None:
    remember(town, id_number=_id_number("9901011958031200"))
    remember(town, id_number=_id_number("9901011960010100"))
    assert Person.objects.count() == 2


def test_a_person_is_known_again_by_id_number_with_a_new_telephone(town: Town) -> None:
    first = remember(town, id_number=_id_number("9901011958031200"))
    again = remember(town, id_number=_id_number("9901011958031200"), phone=WU_JIADONG.phone)
    assert again.pk == first.pk


def _id_number(first_16: str) -> str:
    return f"{first_16}1{id_check_character(first_16 + '1')}"


def test_people_of_the_neighbouring_community_are_not_found(town: Town) -> None:
    remember(town)
    assert queries.find_by_phone(town.neighbour, CHEN_GUIFANG.phone) == []


def test_whoever_may_not_look_at_matters_finds_nobody(town: Town) -> None:
    remember(town)
    with refused("no-power"):
        queries.find_by_phone(viewer(town.community.path, "intake"), CHEN_GUIFANG.phone)


def test_whoever_may_not_register_matters_remembers_nobody(town: Town) -> None:
    with refused("no-power"):
        remember_person(by=town.clerk, path=town.building.path, phone=CHEN_GUIFANG.phone)
    assert not Person.objects.exists()


def test_a_person_of_another_community_is_not_taken_down(town: Town) -> None:
    with refused("out-of-reach"):
        remember_person(by=town.neighbour, path=town.building.path, phone=CHEN_GUIFANG.phone)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"phone": ""}, "person-unfindable"),
        ({"phone": "你好"}, "phone-unreadable"),
        ({"id_number": "123"}, "id-number-wrong"),
        ({"name": "陈" * 41}, "name-too-long"),
    ],
)
def test_what_cannot_be_taken_down_is_refused(said: dict[str, str], code: str, town: Town) -> None:
    with refused(code):
        remember(town, **said)
    assert not Person.objects.exists()


def test_people_of_one_home_are_one_household(town: Town) -> None:
    home = places.add_homes(town.building.path, homes=[(2, 3, "301")], by=ADMIN)[0]
    for who in (CHEN_GUIFANG, WU_JIADONG):
        remember_person(by=town.secretary, path=town.building.path, name=who.name, phone=who.phone, home_id=home.pk)
    assert Household.objects.get().people.count() == 2


def test_erasing_a_person_takes_the_fingerprints_too(town: Town) -> None:
    row = remember(town)
    erase(row.subject, by=ADMIN, reason="retention")
    row.refresh_from_db()
    assert (row.phone_index, row.name_index, row.name_sealed) == ("", "", None)
    assert queries.find_by_phone(town.secretary, CHEN_GUIFANG.phone) == []


def test_forgetting_somebody_unknown_changes_nothing(town: Town) -> None:
    before = Entry.objects.count()
    assert forget_person("person:01900000-0000-7000-8000-000000000000", by=ADMIN) == 0
    assert Entry.objects.count() == before


def test_only_whoever_may_audit_forgets_people(town: Town) -> None:
    row = remember(town)
    with refused("no-power"):
        forget_person(row.subject, by=town.secretary)


def test_files_move_with_their_place(town: Town) -> None:
    row = remember(town)
    places.move(town.compound.path, to=town.other_community.path, by=ADMIN)
    row.refresh_from_db()
    assert row.path.startswith(town.other_community.path)
    assert [one.id for one in queries.find_by_phone(town.neighbour, CHEN_GUIFANG.phone)] == [row.pk]


def test_files_are_moved_only_by_whoever_has_the_power_and_the_reach(town: Town) -> None:
    remember(town)
    with refused("no-power"):
        follow_move(town.compound.path, new_path="/99/x", by=town.clerk)
    with refused("out-of-reach"):
        follow_move(town.compound.path, new_path="/99/x", by=town.neighbour)
