"""Who listens to what: the register of listeners, and how an event becomes a stored announcement and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

Listener = TypeVar("Listener", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class SubjectErased:
    """The data key of a subject was destroyed: what others hold of its personal values must go too."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listening:
    """One function that listens to one class of events; exact ones run inside the announcing transaction."""

    name: str
    event: type
    function: Callable[..., Any]
    exact: bool


LISTENERS: dict[str, Listening] = {}
_of_event: dict[type, list[Listening]] = {}


def listen(event: type, *, exact: bool = False) -> Callable[[Listener], Listener]:
    """Have a function called as `function(event, key=…)`: `exact` in the same transaction, else after commit.

    The later ones come in order per subject, each in a transaction of its own together with the mark that it came,
    so that its effect in the database happens once. What leaves the process belongs in a job that it enqueues.
    """

    def register(function: Listener) -> Listener:
        name = f"{function.__module__}.{function.__qualname__}"
        listening = Listening(name, event, function, exact)
        forget(function)
        LISTENERS[name] = listening
        _of_event.setdefault(event, []).append(listening)
        return function

    return register


def forget(function: Callable[..., Any]) -> None:
    """Take a function off the register."""
    listening = LISTENERS.pop(f"{function.__module__}.{function.__qualname__}", None)
    if listening is not None:
        _of_event[listening.event].remove(listening)


def listeners_of(event: type, *, exact: bool) -> list[Listening]:
    """Those who listen to this class, in the order of registration."""
    return [listening for listening in _of_event.get(event, ()) if listening.exact is exact]


def topic_of(event: type) -> str:
    """The stable name an event class is stored under."""
    return f"{event.__module__}.{event.__qualname__}"


def payload_of(event: Any) -> str:
    """The event as JSON."""
    return msgspec.json.encode(event).decode()


def event_from(payload: str, event: type) -> Any:
    """The event that a stored payload stands for."""
    return msgspec.json.decode(payload, type=event)
