"""Every story's published figures come out of the real actions and the real reports, and its book is whole."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from youying.cli.demo import tell_all
from youying.insight.queries import recount_differences
from youying.matters.models import Matter
from youying.matters.replaying import differences
from youying.record.queries import verify
from youying.stories.told import STORIES

END = datetime(2026, 11, 20, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(STORIES))
def test_a_storys_published_figures_are_what_its_reports_say(code):
    teller = tell_all(END, [STORIES[code]])
    figures = STORIES[code].figures(teller)
    assert [(f.title, f.computed) for f in figures] == [(f.title, f.published) for f in figures]
    assert verify().ok
    assert recount_differences() == []
    assert all(differences(matter) == {} for matter in Matter.objects.all())
