"""The street on Friday 13 November 2026; the dispatcher's post may import."""

from __future__ import annotations

import pytest

from youying.access.models import Post
from youying.text.queries import forget


@pytest.fixture
def world(world):
    """The fictional street, whose dispatcher brings tables in and out."""
    Post.objects.filter(pk=world.dispatcher.post_id).update(
        powers=["view", "intake", "act", "import", "export", "texts"]
    )
    yield world
    forget()
