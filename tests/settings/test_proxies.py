"""Whom a request comes from: only a proxy that is trusted may say so."""

from __future__ import annotations

from typing import Any

import pytest

from youying.settings.proxies import behind, proxies


def seen_by(trusted: list[str], *, peer: str, forwarded: str | None) -> str:
    """The address that the application sees."""
    seen: list[str] = []

    def application(environ: dict[str, Any], _answer: object) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    said = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    behind(application, trusted)({"REMOTE_ADDR": peer, **said}, lambda *_: None)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("10.0.0.5", None, "10.0.0.5"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
    ids=["by the proxy", "what a resident invents", "two proxies", "nothing said", "not a proxy"],
)
def test_only_a_trusted_proxy_says_where_a_request_came_from(peer: str, forwarded: str | None, expected: str) -> None:
    assert seen_by(["10.0.0.0/24"], peer=peer, forwarded=forwarded) == expected


def test_without_proxies_nobody_says_where_a_request_came_from() -> None:
    assert seen_by([], peer="127.0.0.1", forwarded="203.0.113.9") == "127.0.0.1"


def test_behind_tls_this_machine_is_trusted_unless_the_setting_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YOUYING_PROXIES", raising=False)
    assert (proxies(secure=True), proxies(secure=False)) == (["127.0.0.1", "::1"], [])
    monkeypatch.setenv("YOUYING_PROXIES", "10.0.0.5, 10.1.0.0/16,")
    assert proxies(secure=True) == ["10.0.0.5", "10.1.0.0/16"]


def test_a_proxy_that_is_no_address_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUYING_PROXIES", "nginx")
    with pytest.raises(SystemExit, match="nginx"):
        proxies(secure=True)
