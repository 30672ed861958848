"""No log keeps a link that opens something: every route with a secret in its address, asked and refused."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.walking import Route, routes
from tests.cast import PASSWORD, sign_in
from youying.access import actions
from youying.access.models import Invitation
from youying.kernel.viewers import POWERS, SYSTEM
from youying.settings.quiet import QuietFormatter, QuietRecord, quiet

pytestmark = pytest.mark.django_db
SECRET_NAMES = ("token", "secret")


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines of everything that is logged, at any level, formatted as an installation formats them, and plainly."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter("%(message)s").format(record))

    handler, root = Keeping(logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def with_secrets() -> list[Route]:
    return [route for route in routes() if set(route.names) & set(SECRET_NAMES)]


def test_the_routes_with_secrets_are_found() -> None:
    assert {"desk:link", "desk:set-up", "desk:file", "portal:file", "desk:unit-import"} <= {
        route.name for route in with_secrets()
    }


@pytest.mark.parametrize("route", with_secrets(), ids=lambda route: route.name)
def test_a_refused_address_leaves_no_secret_in_the_log(route: Route, written: list[str], cast) -> None:
    token = secrets.token_urlsafe(32)
    address = reverse(route.name, kwargs={name: token if name in SECRET_NAMES else "x" for name in route.names})
    everywhere = cast.member("all", "叶青", code="administrator", title="管理员", reach="/", powers=tuple(POWERS))
    client = Client() if route.name.startswith("portal:") else sign_in(Client(), everywhere)
    client.get(address, {"q": "13900010001"})
    client.post(address, {"words": "x"})
    client.put(address)
    assert any(
        line for line in written if line.startswith(("Not Found", "Method Not Allowed", "Unprocessable", "Gone"))
    )
    assert not any(token in line or "13900010001" in line for line in written)


def test_a_weak_password_leaves_the_living_link_out_of_the_log(written: list[str], cast) -> None:
    token = actions.invite(cast.su_min.account, by=SYSTEM)
    address = reverse("desk:link", args=[token])
    assert Client().post(address, {"password": "123456", "again": "123456"}).status_code == 422
    assert "Unprocessable Entity: /desk/link/…/" in written
    assert not any(token in line for line in written)
    assert Client().post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert Invitation.objects.get().used_at is not None


def test_the_server_s_own_access_log_is_cut_too(written: list[str]) -> None:
    token = secrets.token_urlsafe(32)
    told = {"method": "GET", "path": f"/desk/link/{token}/", "query_string": "q=13900010001", "status": 200}
    logging.getLogger("granian.access").warning('"%(method)s %(path)s" %(query_string)s %(status)d', told)
    logging.getLogger("any").error("went wrong at %s", f"http://127.0.0.1:8000/desk/files/{token}/?next=/a/b")
    assert written == ['"GET /desk/link/…/" … 200', "went wrong at http://127.0.0.1:8000/desk/files/…/?…"]


def test_what_an_exception_says_is_cut_in_the_written_line() -> None:
    token = secrets.token_urlsafe(32)
    try:
        raise LookupError(f"/desk/set-up/{token}/")
    except LookupError:
        line = QuietFormatter("{message}", style="{").format(
            logging.getLogger("any").makeRecord("any", logging.ERROR, "", 0, "broke", (), sys.exc_info())
        )
    assert token not in line and "LookupError: /desk/set-up/…/" in line


@pytest.mark.parametrize(
    "line",
    ["Not Found: /desk/matters/26110000123/", "GET /static/build/desk-ABCDEFGH.js", "why? because", "a/b/c 100%"],
)
def test_the_rest_of_a_line_is_left_as_it_was(line: str) -> None:
    assert quiet(line) == line


@pytest.mark.parametrize("behind", [".", ".html", ",", ")", ""])
def test_a_link_pasted_with_what_stood_behind_it_is_cut(behind: str) -> None:
    token = secrets.token_urlsafe(32)
    assert token not in quiet(f"Not Found: /desk/link/{token}{behind}")


@pytest.mark.parametrize(
    "line", ["GET " + "/" * 60_000, "GET " + "/a" * 30_000, "a/?" * 20_000], ids=["bars", "parts", "marks"]
)
def test_a_long_address_is_cut_in_time_that_grows_with_its_length(line: str) -> None:
    """Looking from every bar to the end again took a quarter of a minute here."""
    started = time.process_time()
    quiet(line)
    assert time.process_time() - started < 1


class Unspeakable:
    """A value that cannot say itself."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("words", "values"), [("%(a)s %(b)s", ({"a": 1},)), ("%s", (Unspeakable(),))], ids=["a name too few", "no words"]
)
def test_a_message_that_does_not_fit_its_values_never_undoes_what_it_tells_of(words, values) -> None:
    record = QuietRecord("any", logging.WARNING, "", 0, words, values, None)
    assert record.msg == words, "it is the handler's to tell"
    with pytest.raises((KeyError, RuntimeError)):
        record.getMessage()
