"""Which machines before this one may say where a request came from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from ipaddress import ip_network
from typing import Any

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def proxies(*, secure: bool) -> list[str]:
    """Addresses and networks of YOUYING_PROXIES; behind TLS, without the setting, this machine itself.

    Everybody else's `X-Forwarded-For` is not believed: an address that a resident can choose limits nobody.
    """
    said = os.environ.get("YOUYING_PROXIES", "127.0.0.1,::1" if secure else "")
    found = [one.strip() for one in said.split(",") if one.strip()]
    for one in found:
        try:
            ip_network(one)
        except ValueError as error:
            raise SystemExit(
                f"YOUYING_PROXIES 里的“{one}”不是地址或网段（例如 10.0.0.5 或 10.0.0.0/24）：{error}"
            ) from None
    return found


def behind(application: Application, trusted: list[str]) -> Application:
    """The application as it sees requests through those machines; as it is, where there are none."""
    return wrap_wsgi_with_proxy_headers(application, trusted) if trusted else application
