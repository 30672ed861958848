"""Two files of one person become one: a person says so, nothing is lost, and the double leads to the file that stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cast import CHEN_GUIFANG, WU_JIADONG
from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import ADMIN, Town, build_town, viewer
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.people import member_queries, queries, register_queries
from youying.people.actions import enter, merge_persons, move_in, move_out, note_birthday, remember_person
from youying.people.models import Consent, Membership, Person, RegisterEntry
from youying.people.register_queries import Wanted
from youying.people.register_rules import Consented, Listed
from youying.places.actions import add_homes
from youying.places.models import Home
from youying.record.actions import erase
from youying.record.queries import opened, story

OLD_PHONE, NEW_PHONE = CHEN_GUIFANG.phone, WU_JIADONG.phone
WHY = "本人到社区当面说明换了电话"


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=rf"^{code}:")


@pytest.fixture
def town(at: Any, db: None) -> Town:
    """A town built by the real acts, on Friday 13 November 2026; its street works by the pack of volunteers."""
    at("2026-11-13 15:52")
    made = build_town()
    adopt("m35", made.town.path)
    return made


@pytest.fixture
def files(town: Town, at: Any) -> tuple[Person, Person]:
    """陈桂芳 was taken down twice: with her old telephone, and a week later with her new one."""
    older = known(town, OLD_PHONE)
    at("2026-11-20 09:10")
    return older, known(town, NEW_PHONE)


@pytest.fixture
def homes(town: Town) -> list[Home]:
    """Two homes of building 3."""
    return add_homes(town.building.path, homes=[(1, 3, "302"), (1, 4, "401")], by=ADMIN)


def known(town: Town, phone: str) -> Person:
    """Her file at a telephone."""
    return remember_person(path=town.building.path, name=CHEN_GUIFANG.name, phone=phone, by=town.secretary)


def listed(town: Town, phone: str, *purposes: str) -> RegisterEntry:
    """She joins the volunteers, as she is known at a telephone."""
    return enter(
        "volunteer", by=town.secretary, edition=edition(), path=town.building.path, class_code="resident",
        listed=Listed(name=CHEN_GUIFANG.name, phone=phone), consents=[Consented(one, "written") for one in purposes],
    )  # fmt: skip


def merge(town: Town, files: tuple[Person, Person], **more: Any) -> Person:
    """The secretary says that they are one, naming the younger first."""
    return merge_persons(files[1].pk, files[0].pk, **{"by": town.secretary, "reason": WHY, **more})


def test_the_older_stands_and_the_other_stays_as_a_pointer_told_in_both_stories(
    town: Town, files: tuple[Person, Person]
) -> None:
    stands = merge(town, files)
    double = Person.objects.get(pk=files[1].pk)
    assert (stands.pk, double.merged_into_id) == (files[0].pk, files[0].pk)
    told = [story(row.subject)[-1] for row in files]
    assert [(one.facts.get("double"), one.facts.get("into")) for one in told] == [
        (files[1].subject, None),
        (None, files[0].subject),
    ]
    assert [opened(one)["reason"] for one in told] == [WHY, WHY]


def test_either_telephone_finds_the_file_that_stands_and_makes_no_third(
    town: Town, files: tuple[Person, Person]
) -> None:
    merge(town, files)
    for phone in (OLD_PHONE, NEW_PHONE):
        assert [one.id for one in queries.find_by_phone(town.secretary, phone)] == [files[0].pk]
        assert known(town, phone).pk == files[0].pk
    assert Person.objects.count() == 2


def test_what_only_the_double_knew_is_sealed_for_the_older(town: Town, files: tuple[Person, Person]) -> None:
    note_birthday(files[1].pk, born_on=date(1946, 3, 1), by=town.secretary)
    merge(town, files)
    assert story(files[0].subject)[-1].facts["added"] == ["birth"]
    assert Person.objects.get(pk=files[0].pk).birth_sealed is not None


def test_an_entry_of_the_double_goes_over_and_its_telephone_still_finds_it(
    town: Town, files: tuple[Person, Person]
) -> None:
    row = listed(town, NEW_PHONE, "keep", "show")
    merge(town, files)
    row.refresh_from_db()
    assert (row.person_id, row.key, row.left_at) == (files[0].pk, files[0].subject, None)
    shown = register_queries.entries(town.secretary, "volunteer", Wanted(text=NEW_PHONE)).rows
    assert [(one.id, one.consents) for one in shown] == [(row.pk, ("keep", "show"))]
    assert story(row.subject)[-1].facts == {"before": files[1].subject, "after": files[0].subject}


def test_listed_twice_the_earlier_entry_stands_with_the_consents_of_both(
    town: Town, files: tuple[Person, Person]
) -> None:
    first, second = listed(town, OLD_PHONE, "keep"), listed(town, NEW_PHONE, "keep", "match")
    merge(town, files)
    shown = register_queries.entries(town.secretary, "volunteer").rows
    assert [(one.id, one.consents) for one in shown] == [(first.pk, ("keep", "match"))]
    second.refresh_from_db()
    assert (second.left_reason, second.person_id, Consent.objects.count()) == ("merged", files[0].pk, 3)


def test_the_days_of_both_files_are_told_by_the_one_that_stands(
    town: Town, files: tuple[Person, Person], homes: list[Home]
) -> None:
    move_in(files[0].pk, home_id=homes[0].pk, role="head", since=date(2026, 1, 1), by=town.secretary)
    move_out(files[0].pk, on=date(2026, 3, 1), by=town.secretary)
    move_in(files[1].pk, home_id=homes[1].pk, role="parent", since=date(2026, 3, 1), by=town.secretary)
    stands = merge(town, files)
    days = [(date(2026, 2, 1), homes[0]), (date(2026, 4, 1), homes[1])]
    for day, home in days:
        shown = member_queries.people_of_home(town.secretary, home.pk, day=day)
        assert [one.person_id for one in shown] == [files[0].pk]
    assert stands.household == Membership.objects.get(until=None).household


def test_who_stands_twice_in_one_home_stands_there_once_and_lives_alone(
    town: Town, files: tuple[Person, Person], homes: list[Home]
) -> None:
    for row, since in ((files[0], date(2026, 5, 1)), (files[1], date(2026, 1, 1))):
        move_in(row.pk, home_id=homes[0].pk, role="head", since=since, by=town.secretary)
    merge(town, files)
    shown = member_queries.people_of_home(town.secretary, homes[0].pk, day=date(2026, 2, 1))
    assert [(one.person_id, one.since) for one in shown] == [(files[0].pk, date(2026, 1, 1))]
    assert member_queries.living_alone([files[0].pk], day=date(2026, 6, 1)) == {files[0].pk}
    assert Membership.objects.count() == 2


def test_who_lives_in_two_homes_on_one_day_is_not_merged(
    town: Town, files: tuple[Person, Person], homes: list[Home]
) -> None:
    for row, home in zip(files, homes, strict=True):
        move_in(row.pk, home_id=home.pk, role="head", since=date(2026, 1, 1), by=town.secretary)
    with refused("lives-in-two-homes"):
        merge(town, files)
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_two_birth_days_are_two_persons(town: Town, files: tuple[Person, Person]) -> None:
    for row, year in zip(files, (1946, 1947), strict=True):
        note_birthday(row.pk, born_on=date(year, 3, 1), by=town.secretary)
    with refused("two-persons"):
        merge(town, files)


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        ("system", WHY, "merge-needs-a-person"),
        ("secretary", " ", "reason-missing"),
        ("neighbour", WHY, "person-unknown"),
        ("clerk", WHY, "no-power"),
    ],
)
def test_only_a_person_with_power_reach_and_a_reason_merges(
    who: str, reason: str, code: str, town: Town, files: tuple[Person, Person]
) -> None:
    by = SYSTEM if who == "system" else getattr(town, who)
    with refused(code):
        merge(town, files, by=by, reason=reason)
    assert [len(story(row.subject)) for row in files] == [1, 1]


def test_a_double_is_merged_once_and_changed_no_more(
    town: Town, files: tuple[Person, Person], homes: list[Home]
) -> None:
    merge(town, files)
    with refused("merged-already"):
        merge(town, files)
    with refused("merged-already"):
        move_in(files[1].pk, home_id=homes[0].pk, role="head", by=town.secretary)


def test_erasing_the_file_that_stands_erases_its_double(town: Town, files: tuple[Person, Person]) -> None:
    merge(town, files)
    erase(files[0].subject, by=viewer("/", "audit"), reason="retention")
    left = Person.objects.values_list("name_sealed", "phone_sealed", "phone_index")
    assert set(left) == {(None, None, "")}
    assert queries.find_by_phone(town.secretary, NEW_PHONE) == []


def test_the_statements_of_a_merge_are_bounded(
    town: Town, files: tuple[Person, Person], homes: list[Home], count_statements: Any
) -> None:
    move_in(files[1].pk, home_id=homes[0].pk, role="head", by=town.secretary)
    listed(town, NEW_PHONE, "keep")
    with count_statements(at_most=20):
        merge(town, files)
