"""The street on Friday 13 November 2026; the dispatcher's post may import."""

from __future__ import annotations

import pytest

from tests.matters import world as worlds
from youying.access.models import Post
from youying.text.queries import forget


@pytest.fixture
def world(at, db):
    """The fictional street; its clock can be moved."""
    clock = at("2026-11-13 15:52")
    made = worlds.build()
    made.clock = clock
    Post.objects.filter(pk=made.dispatcher.post_id).update(
        powers=["view", "intake", "act", "import", "export", "texts"]
    )
    yield made
    forget()
