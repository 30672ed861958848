"""Every address in every role: anonymous, an ended post, without power, with each power missing, of another street."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import street
from tests.access.doors import DOORS, Door
from tests.access.street import ROLES, Role, Thing
from tests.access.walking import Route, routes
from youying.access.guard import rule_of
from youying.kernel.viewers import POWERS
from youying.record.models import Entry

SHUT = (403, 404)
NOT_THIS_WAY = 405
WORDS = ("返水", "和顺物业（新）", "13800000417")
"""What only a thing of the street says."""


@dataclass(frozen=True)
class Answered:
    """What came back, and what was written meanwhile."""

    status: int
    to: str
    text: str
    written: int


def test_the_table_has_a_row_for_every_route_and_no_other() -> None:
    assert sorted(DOORS) == sorted({route.name for route in routes()})
    assert len(DOORS) == len(routes())


def test_every_view_asks_for_what_the_table_says() -> None:
    assert {route.name: said(route) for route in routes()} == {name: door.who for name, door in DOORS.items()}


def said(route: Route) -> str:
    """What the view of a route asks for, in the word of the table."""
    rule = rule_of(route.view)
    assert rule is not None, route.name
    written = DOORS.get(route.name, Door("")).who
    if rule.kind == "signed-in":
        return written if written in ("account", "post") else "signed-in"
    # Look-up and forgetting ask for nothing in their address: the secret is in the form.
    return rule.power or ("open" if rule.kind == "secret" and written == "open" else rule.kind)


def expected(door: Door, role: Role) -> str:
    """What has to come of it: "open", "shut", "sign-in", "posts" (choose one first) or "secret"."""
    if door.who in ("open", "secret"):
        return door.who
    if not role.signed_in:
        return "sign-in"
    if door.who == "account":
        return "open" if role.sees(door) else "shut"
    if not role.in_post:
        return "posts"
    if door.who in POWERS and door.who not in role.powers:
        return "shut"
    return "open" if role.sees(door) else "shut"


def ask(role: Role, route: Route, thing: Thing, method: str) -> Answered:
    """Ask one address and take everything back."""
    names, form = thing
    address = reverse(route.name, kwargs={name: names[name] for name in route.names}) if ":" in route.name else None
    asked_for = f"?{urlencode(form)}" if method == "POST" and "path" in form else ""
    client = Client(raise_request_exception=False)
    client.cookies = role.client.cookies.copy()
    with transaction.atomic():
        before = Entry.objects.count()
        call = client.get if method == "GET" else client.post
        answer = call((address or f"/{route.address}") + asked_for, form)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        came = Answered(
            answer.status_code,
            answer.headers.get("Location", ""),
            body.decode("utf-8", "replace"),
            Entry.objects.count() - before,
        )
        transaction.set_rollback(True)
    return came


def outcome(came: Answered, *, method: str) -> str:
    """What came of it, in the words of `expected`."""
    if came.to.startswith("/desk/sign-in/?next="):
        return "sign-in"
    if came.to.startswith("/desk/posts/"):
        return "posts"
    if came.status in SHUT:
        return "shut"
    return "broken" if came.status >= 500 else "open"


def fits(came: Answered, wanted: str, *, method: str, door: Door) -> bool:
    """Whether the answer keeps what the table promises."""
    found = outcome(came, method=method)
    if came.status == NOT_THIS_WAY:
        return True
    if method == "POST" and wanted == "open" and came.status == door.empty:
        return True
    if wanted == "secret":
        return found != "broken" and came.status != 200 and not came.written and not told(came)
    if wanted == "shut" and door.of and found == "open":
        # A form that says why not: nothing was written, and nothing of the thing stands on the page.
        return method == "POST" and came.status in (302, 422) and not came.written and not told(came)
    return found == wanted


def told(came: Answered) -> bool:
    return any(word in came.text for word in WORDS)


def asked(name: str) -> Iterator[Route]:
    """The routes that a role asks: every one, or those of the one power that it lacks."""
    for route in routes():
        if not name.startswith("all-but-") or DOORS[route.name].who == name.removeprefix("all-but-"):
            yield route


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROLES)
def test_every_address_answers_a_role_as_the_table_says(at, name: str) -> None:
    at("2026-11-13 15:52")
    world = street.build()
    things = street.things(world)
    role = street.role(world, name)
    wrong, count = [], 0
    for route in asked(name):
        door = DOORS[route.name]
        for method in ("GET", "POST"):
            came = ask(role, route, things.get(door.of, ({}, {})), method)
            wanted = expected(door, role)
            count += 1
            if not fits(came, wanted, method=method, door=door):
                wrong.append(
                    f"{method} {route.name}: wanted {wanted}, came {came.status} {came.to} wrote {came.written}"
                )
    assert not wrong, "\n".join(wrong)
    assert count == 2 * len(list(asked(name))) > 0
