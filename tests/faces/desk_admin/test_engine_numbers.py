"""Every number of the place that the screen offers changes what happens."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.matters.world import World, dispatched, opened
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.packs.params import ENGINE_PARAMS

OFFERED = {"text-confidence", "duplicate-likeness", "export-most", "batch-most", "urge-gap-hours", "urges-most"}
OF_MATTERS = {"undo-minutes", "repeat-days", "pause-most-days", "park-review-days", "rework-alarm", "redispatch-alarm"}
OF_SUPERVISION = {"supervise-ordinary-days", "supervise-key-days", "supervise-listed-days"}
OF_DUTY = {"duty-rest-hours", "duty-swap-yes", "duty-plan-days"}
OF_FIGURES = {"grade-first", "grade-second", "exclusion-review-days"}


def put(client, world: World, name: str, value: str) -> None:
    """Change a number on the page."""
    answer = client.post(reverse("desk:pack-param"), {"place": world.town, "name": name, "value": value})
    assert answer.status_code == 302


def test_the_page_offers_the_numbers_that_something_asks_for_and_no_other(street: World, enter: Enter) -> None:
    assert ENGINE_PARAMS.keys() == OFFERED | OF_MATTERS | OF_SUPERVISION | OF_DUTY | OF_FIGURES
    client = enter("leader")
    for name in ("rate-least-n", "spot-check-share"):
        form = {"place": street.town, "name": name, "value": "50"}
        assert client.post(reverse("desk:pack-param"), form).status_code == 422


def test_how_many_may_be_done_at_once_follows_the_page(street: World, enter: Enter) -> None:
    numbers = [dispatched(street).number for _ in range(3)]
    leader, dispatcher = enter("leader"), enter("dispatcher")
    sent = {"verb": "urge", "ids": numbers, "go": "1"}
    put(leader, street, "batch-most", "2")
    refused = dispatcher.post(reverse("desk:many"), sent)
    assert refused.status_code == 429
    assert "一次请选1到2件" in refused.content.decode()
    street.clock.forward(minutes=1)
    put(leader, street, "batch-most", "3")
    assert dispatcher.post(reverse("desk:many"), sent).status_code == 302


def test_how_long_a_step_can_be_taken_back_follows_the_page(street: World, enter: Enter) -> None:
    matter = dispatched(street)
    for minutes, stage in (("15", "dispatched"), ("0", "")):
        put(enter("leader"), street, "undo-minutes", minutes)
        street.clock.forward(minutes=1)
        actions.act(matter.pk, "accept", by=street.manager)
        street.clock.forward(minutes=10 if stage else 0)
        if stage:
            assert actions.undo(matter.pk, by=street.manager).stage == stage
        else:
            with pytest.raises(Refused, match="not-undoable"):
                actions.undo(matter.pk, by=street.manager)
    assert opened(street).matter.pk
