"""Papers handed in once, as the joint service says it (容缺承诺制): at once, or promised, signed for and supplied."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHANGHAI
from tests.faces.desk.test_matter import picture
from tests.matters import world as worlds
from tests.matters.jointly import forwarded, joint_street
from tests.matters.world import World, person, photo
from youying.files import storage
from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Clock, Matter, Reporter
from youying.record.actions import erase
from youying.sheets import queries


@pytest.fixture
def hall(at: Any, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The street under the joint service, with its window in the county."""
    monkeypatch.setattr(storage, "folder", lambda: tmp_path / "uploads")
    clock = at("2026-11-13 10:00")
    world = worlds.build("m33")
    world.clock = clock
    world.people["window"] = person("石慧", "window", "综合窗口", reach=world.town.rpartition("/")[0])
    return world


def applied(hall: World, **sheet: Any) -> Matter:
    need = NeedIn(
        kind="application",
        text="父亲的房子办继承过户",
        channel=next(iter(hall.edition.pack.channel)),
        reporters=(ReporterIn("陈桂芳", "13800000417"),),
        sheet=sheet,
    )
    return actions.open_matter(need, place=hall.place, by=hall.window).matter


def applicant(matter: Matter) -> Viewer:
    row = Reporter.objects.get(matter=matter)
    return Viewer(kind="reporter", name="诉求人", reporter_of=matter.pk, reporter_id=row.pk)


def step(hall: World, matter: Matter, act: str, **data: Any) -> Matter:
    return actions.act(matter.pk, act, by=hall.window, **data)


def test_whole_papers_are_accepted_at_once(hall: World) -> None:
    papers = {"id": [photo(hall.window)], "deed": [photo(hall.window)]}
    matter = applied(hall, **papers)
    assert step(hall, matter, "accept").stage == "accepted"


def test_missing_papers_need_the_other_acceptance_with_a_promise_and_a_date(hall: World) -> None:
    matter = applied(hall, id=[photo(hall.window)])
    due = hall.clock() + timedelta(days=10)
    with pytest.raises(Refused, match="产权证"):
        step(hall, matter, "accept")
    with pytest.raises(Refused, match="产权证"):
        step(hall, matter, "accept-missing", due_at=due)
    done = step(hall, matter, "accept-missing", due_at=due, sheet={"promise": "name:陈桂芳"})
    assert done.stage == "partial"
    clock = Clock.objects.get(matter=matter, code="supply", stopped_at=None)
    assert clock.due_at is not None and clock.due_at.astimezone(SHANGHAI) == due.astimezone(SHANGHAI)


def test_the_applicant_supplies_what_was_promised(hall: World) -> None:
    matter = applied(hall, id=[photo(hall.window)])
    due = hall.clock() + timedelta(days=10)
    step(hall, matter, "accept-missing", due_at=due, sheet={"promise": "name:陈桂芳"})
    with pytest.raises(Refused, match="产权证"):
        actions.act(matter.pk, "supply", by=applicant(matter))
    deed = take(picture(), by=PUBLIC).token
    done = actions.act(matter.pk, "supply", by=applicant(matter), papers={"deed": [deed]})
    assert done.stage == "accepted"
    assert queries.filled(hall.window, matter.subject)[-1].lacking == ()


@pytest.fixture
def bodies(hall: World) -> World:
    """The same street with the bodies to which the window forwards."""
    return joint_street(hall)


def forwarded_with_a_promise(hall: World) -> Matter:
    """One that went to the bodies before a promised paper was there."""
    matter = applied(hall, id=[photo(hall.window)])
    due = hall.clock() + timedelta(days=10)
    step(hall, matter, "accept-missing", due_at=due, sheet={"promise": "name:陈桂芳"})
    return forwarded(hall, matter)


def test_what_was_promised_is_supplied_while_the_bodies_work_already_and_nothing_lapses(bodies: World) -> None:
    matter = forwarded_with_a_promise(bodies)
    late = forwarded_with_a_promise(bodies)
    deed = take(picture(), by=PUBLIC).token
    assert actions.act(matter.pk, "supply-on", by=applicant(matter), papers={"deed": [deed]}).stage == "working"
    bodies.clock.forward(days=11)
    actions.sweep()
    ended = [(one.stage, one.end_reason) for one in Matter.objects.filter(pk__in=(matter.pk, late.pk)).order_by("pk")]
    assert ended == [("working", ""), ("off", "missing-papers")]


def test_nothing_is_supplied_where_nothing_was_promised_or_it_is_there_already(bodies: World) -> None:
    whole = forwarded(
        bodies, step(bodies, applied(bodies, id=[photo(bodies.window)], deed=[photo(bodies.window)]), "accept")
    )
    promised = forwarded_with_a_promise(bodies)
    papers = {"deed": [photo(bodies.window)]}
    actions.act(promised.pk, "supply-on", by=bodies.window, papers=papers)
    for matter in (whole, promised):
        with pytest.raises(Refused, match="not-awaited"):
            actions.act(matter.pk, "supply-on", by=bodies.window, papers={"deed": [photo(bodies.window)]})


def test_papers_are_masked_where_the_pack_says_so_and_gone_when_erased(hall: World) -> None:
    card = photo(hall.window)
    matter = applied(hall, id=[card], deed=[photo(hall.window)])
    shown = {line.code: line for line in queries.filled(hall.window, matter.subject)[0].lines}
    assert (shown["id"].said, shown["id"].files) == ("已填，不显示", ())
    assert len(shown["deed"].files) == 1
    step(hall, matter, "withdraw", reason="withdrawn")
    erase(matter.subject, by=SYSTEM, reason="retention")
    assert queries.filled(hall.window, matter.subject)[0].erased
