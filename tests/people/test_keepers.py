"""Who is responsible for what a register lists, on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import CHEN_GUIFANG
from tests.matters.world import adopt, person
from tests.people.saying import edition
from tests.places.town import Town, build_town
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.actions import enter, entrust, leave
from youying.people.models import Keeping, RegisterEntry
from youying.people.register_queries import keepers_on
from youying.people.register_rules import Consented, Listed
from youying.record.queries import story


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
def entry(town: Town) -> RegisterEntry:
    """陈桂芳 among the volunteers."""
    return enter(
        "volunteer", by=town.secretary, edition=edition(), path=town.building.path, class_code="resident",
        listed=Listed(name=CHEN_GUIFANG.name, phone=CHEN_GUIFANG.phone), consents=[Consented("keep", "written")],
    )  # fmt: skip


@pytest.fixture
def workers(town: Town) -> list[Viewer]:
    """Two grid workers of the community, and one of the neighbouring one."""
    reaches = (town.community.path, town.grid.area.path, town.other_community.path)
    return [person(name, "grid-worker", "网格员", reach=reach) for name, reach in zip("甲乙丙", reaches, strict=True)]


def give(town: Town, entry: RegisterEntry, worker: Viewer, since: str | None = None, **more: Any) -> Keeping:
    """The secretary makes a worker responsible since a day."""
    day = date.fromisoformat(since) if since else None
    return entrust(
        entry.pk, **{"by": town.secretary, "edition": edition(), "account_id": worker.account_id, "since": day, **more}
    )


@pytest.mark.parametrize(
    ("day", "who"),
    [("2026-02-28", None), ("2026-03-01", 0), ("2026-09-30", 0), ("2026-10-01", 1), ("2026-11-13", 1)],
)
def test_who_was_responsible_on_a_day_is_told_for_good(
    day: str, who: int | None, town: Town, entry: RegisterEntry, workers: list[Viewer]
) -> None:
    give(town, entry, workers[0], "2026-03-01")
    give(town, entry, workers[1], "2026-10-01")
    told = keepers_on([entry.pk], day=date.fromisoformat(day))
    assert told == ({} if who is None else {entry.pk: workers[who].account_id})


def test_the_record_says_who_was_and_who_is(town: Town, entry: RegisterEntry, workers: list[Viewer]) -> None:
    give(town, entry, workers[0], "2026-03-01")
    give(town, entry, workers[1])
    first, second = workers[0].account_id, workers[1].account_id
    assert story(entry.subject)[-1].facts == {"before": first, "after": second, "since": "2026-11-13"}


@pytest.mark.parametrize(
    ("worker", "since", "code"),
    [(0, "2026-05-01", "nothing-changed"), (1, "2026-02-28", "kept-by-another"), (1, "2026-11-14", "day-ahead"), (2, "2026-05-01", "keeper-elsewhere")],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_the_keeper_stays(
    worker: int, since: str, code: str, town: Town, entry: RegisterEntry, workers: list[Viewer]
) -> None:
    give(town, entry, workers[0], "2026-03-01")
    with refused(code):
        give(town, entry, workers[worker], since)
    assert keepers_on([entry.pk], day=date(2026, 11, 13)) == {entry.pk: workers[0].account_id}


def test_only_who_minds_the_register_within_reach_entrusts(
    town: Town, entry: RegisterEntry, workers: list[Viewer]
) -> None:
    for by, code in ((town.neighbour, "not-found"), (replace(town.secretary, post_code="x"), "register-not-kept")):
        with refused(code):
            give(town, entry, workers[0], by=by)
    assert not Keeping.objects.exists()


def test_the_database_holds_one_keeper_at_a_time(town: Town, entry: RegisterEntry, workers: list[Viewer]) -> None:
    give(town, entry, workers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Keeping.objects.create(entry=entry, account_id=workers[1].account_id, since=date(2026, 11, 13))


def test_who_leaves_the_register_is_kept_by_nobody(town: Town, entry: RegisterEntry, workers: list[Viewer]) -> None:
    give(town, entry, workers[0], "2026-03-01")
    leave(entry.pk, by=town.secretary, edition=edition(), reason="left")
    assert keepers_on([entry.pk], day=date(2026, 11, 12)) == {entry.pk: workers[0].account_id}
    assert keepers_on([entry.pk], day=date(2026, 11, 13)) == {}
