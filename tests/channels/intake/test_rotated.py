"""A form sent again after the keys were changed is still the same form."""

from __future__ import annotations

from tests.channels.intake.test_saying import said
from youying.channels.intake import actions
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.record.actions import rotate


def test_a_form_sent_again_after_a_rotation_gets_the_number_and_secret_it_had(world, settings, tmp_path):
    settings.YOUYING_HOME = tmp_path
    first = actions.report(said())
    for purpose in ("index", "secret"):
        rotate(purpose, by=SYSTEM)
    again = actions.report(said())
    assert (again.again, again.matter.number, again.secret) == (True, first.matter.number, first.secret)
    assert again.reporter_id == first.reporter_id
    other = actions.report(said(token="f" * 32))
    assert (Matter.objects.count(), other.again) == (2, False)
