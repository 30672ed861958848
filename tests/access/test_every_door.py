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
from tests.access.street import ASIDE, ROLES, TO_BE_TAKEN, Role, Thing
from tests.access.walking import Route, routes
from tests.matters import world as worlds
from youying.access.actions import one_time_link
from youying.access.guard import rule_of
from youying.kernel.viewers import POWERS, SYSTEM
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
    asked_for = f"?{urlencode(form)}" if method == "POST" and form.keys() & {"path", "place"} else ""
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


def outcome(came: Answered) -> str:
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
    found = outcome(came)
    if came.status == NOT_THIS_WAY:
        return not came.written
    if wanted == "shut" and door.of in ASIDE and came.status == 200:
        # The frame of a board that says why there are no figures, and an empty form: nothing of the street is on them.
        return not came.written and not told(came)
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


ELSEWHERE = {
    "desk:sign-in": 302,
    "desk:texts-bar": 204,
    "desk:import-bar": 204,
    "desk:export-bar": 204,
    "portal:said": 302,
    "portal:order": 302,
}
"""Where whoever may come in is sent on from, or told that nothing is new."""


def came_in(came: Answered, route: Route, method: str) -> bool:
    """Whether an owner's answer shows that the door was passed, not that something else was wrong."""
    if came.status == NOT_THIS_WAY:
        return True
    if method == "GET":
        return came.status == ELSEWHERE.get(route.name, 200)
    return came.status < 400 if DOORS[route.name].of in TO_BE_TAKEN else outcome(came) == "open"


@pytest.mark.django_db
def test_every_door_lets_its_owner_in(at) -> None:
    at("2026-11-13 15:52")
    world = street.build()
    things = street.things(world)
    role = street.role(world, "owner")
    wrong = []
    for route in asked("owner"):
        door = DOORS[route.name]
        if door.who == "secret":
            continue
        both = {method: ask(role, route, things.get(door.of, ({}, {})), method) for method in ("GET", "POST")}
        if all(came.status == NOT_THIS_WAY for came in both.values()):
            wrong.append(f"{route.name} answers neither way")
        for method, came in both.items():
            empty = method == "POST" and door.empty == came.status
            if not empty and not came_in(came, route, method):
                wrong.append(f"{method} {route.name}: came {came.status} {came.to}")
    assert not wrong, "\n".join(wrong)


SECRET = ("portal:matter", "portal:add", "portal:verdict")


@pytest.mark.django_db
@pytest.mark.parametrize("proved", [True, False])
def test_a_secret_opens_its_own_matter_and_no_other(at, proved: bool) -> None:
    at("2026-11-13 15:52")
    world = street.build()
    mine, other = worlds.opened(world), worlds.opened(world)
    browser = Client()
    proof = {"number": mine.matter.number, "secret": mine.secret if proved else other.secret}
    assert browser.post(reverse("portal:look-up"), proof).status_code == (302 if proved else 422)
    role = Role("reporter", browser, signed_in=False, in_post=False)
    for route in (route for route in routes() if route.name in SECRET):
        for number, opens in ((mine.matter.number, proved), (other.matter.number, False)):
            for method in ("GET", "POST"):
                came = ask(role, route, ({"number": number}, {"words": "再问一次"}), method)
                assert came.status != 404 or not opens, route.name
                assert bool(came.written) <= opens and told(came) <= opens, (route.name, method)
                if opens and (route.name, method) == ("portal:matter", "GET"):
                    assert came.status == 200 and told(came)
                if opens and (route.name, method) == ("portal:add", "POST"):
                    assert came.status == 302 and came.written


@pytest.mark.django_db
def test_a_link_opens_for_whoever_holds_it(at) -> None:
    at("2026-11-13 15:52")
    world = street.build()
    token = one_time_link(world.secretary.account_id or 0, by=SYSTEM, kind="sign-in")
    role = Role("holder", Client(), signed_in=False, in_post=False)
    route = next(route for route in routes() if route.name == "desk:link")
    seen, used = (ask(role, route, ({"token": token}, {}), method) for method in ("GET", "POST"))
    assert seen.status == 200 and "林晓禾" in seen.text and not seen.written
    assert used.status == 302 and used.to.startswith("/desk/") and used.written


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
