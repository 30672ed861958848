"""After a rotation everything is still found: a matter by its secret, a caller by the telephone, a person by the file."""

from __future__ import annotations

import os

import pytest

from tests.matters.world import World, opened
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.actions import ReporterIn
from youying.matters.models import Reporter
from youying.matters.queries import callers, look_up
from youying.people.actions import remember_person
from youying.people.models import Person
from youying.people.queries import find_by_phone
from youying.record import keys
from youying.record.actions import rotate

PHONE = "13900010001"


@pytest.fixture
def rotated(world: World, settings, tmp_path):
    """A home of its own, in which something came in under the first keys and the keys were then changed."""
    settings.YOUYING_HOME = tmp_path
    before = opened(world, reporters=(ReporterIn("陈桂芳", PHONE),))
    for purpose in ("index", "secret"):
        rotate(purpose, by=SYSTEM)
    return before


def test_an_older_secret_still_opens_its_matter_and_a_wrong_one_does_not(world: World, rotated) -> None:
    after = opened(world, reporters=(ReporterIn("陈桂芳", PHONE),))
    assert look_up(rotated.matter.number, rotated.secret).matter == rotated.matter
    assert look_up(after.matter.number, after.secret).matter == after.matter
    for number, secret in ((rotated.matter.number, after.secret), (after.matter.number, rotated.secret)):
        with pytest.raises(Refused, match="not-found"):
            look_up(number, secret)


def test_a_caller_is_found_by_the_telephone_whichever_key_it_was_kept_under(world: World, rotated) -> None:
    after = opened(world, reporters=(ReporterIn("陈桂芳", PHONE),))
    kept = set(Reporter.objects.values_list("phone_index", flat=True))
    assert len(kept) == 2
    assert {one.pk for one in callers(world.dispatcher, PHONE)} == {rotated.matter.pk, after.matter.pk}
    assert callers(world.dispatcher, "13900010002") == []


@pytest.mark.django_db
def test_a_person_keeps_one_file_over_a_rotation(settings, tmp_path) -> None:
    settings.YOUYING_HOME = tmp_path
    said = {"path": "/99/9901", "name": "陈桂芳", "phone": PHONE}
    first = remember_person(by=SYSTEM, **said)
    rotate("index", by=SYSTEM)
    assert remember_person(by=SYSTEM, **said).pk == first.pk
    assert [one.id for one in find_by_phone(SYSTEM, PHONE)] == [first.pk]
    remember_person(by=SYSTEM, **said | {"phone": "13900010002"})
    assert Person.objects.count() == 2


def test_a_key_that_another_process_made_is_used_and_looked_for_at_once(settings, tmp_path) -> None:
    settings.YOUYING_HOME = tmp_path
    ring = keys.ring()
    assert [key.key_id for key in ring.held("index")] == ["index-1"]
    keys.FileKeyRing(tmp_path / "keys").rotate("index")
    os.utime(tmp_path / "keys", ns=(1, 1))
    assert ring.current("index").key_id == "index-2"
    assert [key.key_id for key in ring.held("index")] == ["index-2", "index-1"]
