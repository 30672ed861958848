"""The route table as the tests of access walk it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the installation: its full name, its pattern, what stands in it, its view."""

    name: str
    address: str
    names: tuple[str, ...]
    view: Callable[..., Any]


def routes() -> list[Route]:
    """Every route of the installation; one without a name goes by its address."""
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: Iterable[Any], before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Route]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, address, inner)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*spaces, pattern.name)) if pattern.name else address
            yield Route(name, address, tuple(pattern.pattern.converters), pattern.callback)
