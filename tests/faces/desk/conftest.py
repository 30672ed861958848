"""The desk's tests: the fictional street of the loop, and its people behind a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import sign_in
from tests.matters.world import World
from youying.access.models import Account, Post
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.models import Head

Enter = Callable[[str], Client]


@act("tests.open-accounts")
def open_accounts(*, by: Viewer) -> None:
    """The record knows the people of the street, so that they can sign in."""
    known = set(Head.objects.values_list("subject", flat=True))
    for account in [one for one in Account.objects.all() if one.subject not in known]:
        open_subject(account.subject)
        write(account.subject, "tests.open-accounts", by=by, facts={})


@pytest.fixture
def world(world: World) -> World:
    """The street, its people with accounts."""
    open_accounts(by=SYSTEM)
    return world


@pytest.fixture
def enter(world: World) -> Enter:
    """`enter("dispatcher")` gives a client in which that person has signed in."""

    def seat(name: str) -> Client:
        viewer: Viewer = world.people[name]
        return sign_in(Client(), Account.objects.get(pk=viewer.account_id))

    return seat


def give(viewer: Viewer, *powers: str) -> None:
    """Add powers to somebody's post."""
    post = Post.objects.get(pk=viewer.post_id)
    post.powers = [*post.powers, *powers]
    post.save()
