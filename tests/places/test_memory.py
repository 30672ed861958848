"""What a process keeps in memory of the places, and when it looks again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from tests.places.town import ADMIN, build_town
from youying.places import actions, queries, snapshot


def in_another_process(work: Any) -> None:
    """Run with a memory of its own, as another thread on its own connection."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failures, failures


@pytest.mark.django_db(transaction=True)
def test_after_the_commit_a_second_of_placing_costs_no_statement(count_statements: Any) -> None:
    town = build_town()
    queries.place_of(building_id=town.building.pk)
    with count_statements(at_most=0):
        queries.place_of(building_id=town.building.pk)


@pytest.mark.django_db(transaction=True)
def test_a_change_by_another_process_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    town = build_town()
    assert queries.place_of(compound_id=town.compound.pk).words == "槐花里小区"
    in_another_process(lambda: actions.rename(town.compound.path, name="槐花新苑", by=ADMIN))
    clock = snapshot.time.monotonic() + snapshot.FRESH_SECONDS
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: clock)
    assert queries.place_of(compound_id=town.compound.pk).words == "槐花新苑"


@pytest.mark.django_db(transaction=True)
def test_a_change_rolled_back_is_forgotten_at_once() -> None:
    town = build_town()
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.rename(town.compound.path, name="槐花新苑", by=ADMIN)
        assert queries.place_of(compound_id=town.compound.pk).words == "槐花新苑"
        raise RuntimeError
    assert queries.place_of(compound_id=town.compound.pk).words == "槐花里小区"
