"""Who lives where on which day: moving in and out, birth and death, an age read and never stored; within reach, masked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import CHEN_GUIFANG, WU_JIADONG
from tests.places.town import ADMIN, Town, build_town, viewer
from youying.kernel.refusals import Refused
from youying.people import member_queries as queries
from youying.people.actions import move_in, move_out, note_birth, note_birthday, remember_person
from youying.people.models import Household, Membership, Person
from youying.places.actions import add_homes
from youying.places.models import Home
from youying.record.actions import erase
from youying.record.queries import opened, story

TODAY = date(2026, 11, 13)


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def town(at: Any, db: None) -> Town:
    """A town built by the real acts, on Friday 13 November 2026."""
    at("2026-11-13 15:52")
    return build_town()


@pytest.fixture
def homes(town: Town) -> list[Home]:
    """Two homes of building 3."""
    return add_homes(town.building.path, homes=[(1, 3, "302"), (1, 4, "401")], by=ADMIN)


@pytest.fixture
def person(town: Town) -> Person:
    """陈桂芳, whose file is kept; she stands in no household yet."""
    return known(town, CHEN_GUIFANG)


def known(town: Town, who: Any, **more: Any) -> Person:
    """The file of somebody."""
    return remember_person(path=town.building.path, name=who.name, phone=who.phone, by=town.secretary, **more)


def day(words: str) -> date:
    """A day as it is written."""
    return date.fromisoformat(words)


def names(town: Town, home: Home, on: date = TODAY) -> list[str]:
    """Who lives there on a day, as the secretary sees it."""
    return [one.name_masked for one in queries.people_of_home(town.secretary, home.pk, day=on)]


def test_who_moved_in_lives_there_from_that_day_and_is_shown_masked(
    town: Town, homes: list[Home], person: Person
) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", since=day("2019-05-01"), by=town.secretary)
    assert names(town, homes[0]) == ["陈**"]
    assert names(town, homes[0], day("2019-04-30")) == []
    assert story(person.subject)[-1].facts["since"] == "2019-05-01"


def test_who_moves_lives_on_that_day_where_they_move_to(town: Town, homes: list[Home], person: Person) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", since=day("2019-05-01"), by=town.secretary)
    move_out(person.pk, on=day("2026-11-01"), by=town.secretary)
    move_in(person.pk, home_id=homes[1].pk, role="parent", since=day("2026-11-01"), by=town.secretary)
    assert (names(town, homes[0], day("2026-10-31")), names(town, homes[0], day("2026-11-01"))) == (["陈**"], [])
    assert names(town, homes[1], day("2026-11-01")) == ["陈**"]
    assert [one.ended for one in queries.past_people_of_home(town.secretary, homes[0].pk, day=TODAY)] == ["moved-out"]


def test_nobody_moves_in_while_they_live_elsewhere(town: Town, homes: list[Home], person: Person) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", by=town.secretary)
    with refused("lives-there-already"):
        move_in(person.pk, home_id=homes[1].pk, role="head", by=town.secretary)
    assert names(town, homes[1]) == []


def test_the_database_holds_one_household_at_a_time(town: Town, homes: list[Home], person: Person) -> None:
    first = move_in(person.pk, home_id=homes[0].pk, role="head", by=town.secretary)
    other = Household.objects.create(home=homes[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=person, household=other, role="head", since=first.since, began="moved-in")


def test_who_was_taken_down_at_a_home_lives_there_until_somebody_knows_since_when(
    town: Town, homes: list[Home]
) -> None:
    row = known(town, WU_JIADONG, home_id=homes[0].pk)
    assert [one.role for one in queries.people_of_home(town.secretary, homes[0].pk, day=TODAY)] == ["other"]
    move_in(row.pk, home_id=homes[0].pk, role="tenant", since=day("2025-02-01"), by=town.secretary)
    assert list(Membership.objects.values_list("role", "since", "began")) == [("tenant", day("2025-02-01"), "moved-in")]


def test_a_death_ends_the_membership_and_keeps_the_file(town: Town, homes: list[Home], person: Person) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", since=day("2019-05-01"), by=town.secretary)
    move_out(person.pk, on=day("2026-11-12"), died=True, by=town.secretary)
    assert (names(town, homes[0]), Person.objects.get().household_id) == ([], None)
    assert [one.ended for one in queries.past_people_of_home(town.secretary, homes[0].pk, day=TODAY)] == ["died"]


def test_a_child_is_born_into_a_home_without_telephone_or_number(town: Town, homes: list[Home]) -> None:
    note_birth(home_id=homes[0].pk, name="陈小满", born_on=day("2026-11-02"), by=town.secretary)
    shown = queries.people_of_home(town.secretary, homes[0].pk, day=TODAY)
    assert [(one.name_masked, one.role, one.age, one.since) for one in shown] == [
        ("陈**", "child", 0, day("2026-11-02"))
    ]


@pytest.mark.parametrize(
    ("since", "on", "code"),
    [("2026-11-14", None, "day-ahead"), ("2026-11-01", "2026-10-31", "ends-before-it-began"), ("2026-11-01", "2026-11-14", "day-ahead")],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(
    since: str, on: str | None, code: str, town: Town, homes: list[Home], person: Person
) -> None:
    with refused(code):
        move_in(person.pk, home_id=homes[0].pk, role="head", since=day(since), by=town.secretary)
        move_out(person.pk, on=day(on or since), by=town.secretary)


def test_who_lives_nowhere_does_not_move_out(town: Town, person: Person) -> None:
    with refused("lives-nowhere"):
        move_out(person.pk, by=town.secretary)


ACTS: dict[str, Any] = {
    "move-in": lambda by, home, who: move_in(who.pk, home_id=home.pk, role="head", by=by),
    "move-out": lambda by, home, who: move_out(who.pk, by=by),
    "note-birth": lambda by, home, who: note_birth(home_id=home.pk, name="陈小满", born_on=TODAY, by=by),
    "note-birthday": lambda by, home, who: note_birthday(who.pk, born_on=day("1946-03-01"), by=by),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_neighbouring_community_and_who_only_looks_do_none_of_it(
    name: str, town: Town, homes: list[Home], person: Person
) -> None:
    for by, codes in ((town.neighbour, "person-unknown|out-of-reach"), (town.clerk, "no-power")):
        with pytest.raises(Refused, match=f"^({codes}):"):
            ACTS[name](by, homes[0], person)
    assert (len(story(person.subject)), Membership.objects.count()) == (1, 0)


def test_nobody_reads_who_lives_in_the_neighbouring_community(town: Town, homes: list[Home], person: Person) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", by=town.secretary)
    with refused("out-of-reach"):
        queries.people_of_home(town.neighbour, homes[0].pk, day=TODAY)
    with refused("no-power"):
        queries.people_of_home(viewer(town.community.path, "intake"), homes[0].pk, day=TODAY)


def test_an_age_is_read_for_the_day_and_the_birth_day_stands_nowhere_in_clear(
    town: Town, homes: list[Home], person: Person
) -> None:
    note_birthday(person.pk, born_on=day("1946-11-13"), by=town.secretary)
    move_in(person.pk, home_id=homes[0].pk, role="head", since=day("2019-05-01"), by=town.secretary)
    ages = [queries.people_of_home(town.secretary, homes[0].pk, day=one)[0].age for one in (day("2026-11-12"), TODAY)]
    assert ages == [79, 80]
    entry = next(one for one in story(person.subject) if one.act == "people.note-birthday")
    assert (entry.facts, opened(entry)) == ({}, {"born_on": "1946-11-13"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT birth_sealed FROM people_person")
        assert b"1946" not in bytes(cursor.fetchone()[0])


def test_an_erased_person_has_no_birth_day_left(town: Town, person: Person) -> None:
    note_birthday(person.pk, born_on=day("1946-11-13"), by=town.secretary)
    erase(person.subject, by=viewer("/", "audit"), reason="retention")
    assert Person.objects.get().birth_sealed is None


def test_who_is_the_only_one_of_a_household_lives_alone_on_that_day(
    town: Town, homes: list[Home], person: Person
) -> None:
    other = known(town, WU_JIADONG)
    move_in(person.pk, home_id=homes[0].pk, role="head", since=day("2019-05-01"), by=town.secretary)
    move_in(other.pk, home_id=homes[0].pk, role="tenant", since=day("2026-11-10"), by=town.secretary)
    wanted = [person.pk, other.pk]
    assert queries.living_alone(wanted, day=day("2026-11-09")) == {person.pk}
    assert queries.living_alone(wanted, day=TODAY) == set()


def test_the_statements_of_a_home_do_not_grow_with_who_lives_there(
    town: Town, homes: list[Home], person: Person, count_statements: Any
) -> None:
    move_in(person.pk, home_id=homes[0].pk, role="head", by=town.secretary)
    for number in range(5):
        note_birth(home_id=homes[0].pk, name=f"陈小满{number}", born_on=TODAY, by=town.secretary)
    with count_statements(at_most=3):
        assert len(names(town, homes[0])) == 6
    with count_statements(at_most=2):
        queries.living_alone([person.pk], day=TODAY)
