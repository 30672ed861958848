"""The decorator of every write in the system, and the register of all acts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from youying.kernel.moments import now, still
from youying.kernel.viewers import POWERS, Viewer
from youying.record import book

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ActInfo:
    """What is known of one act: its name, its function, the power it asks for, its own words."""

    name: str
    function: Callable[..., Any]
    power: str
    doc: str

    @property
    def path(self) -> str:
        """Where the function stands."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


ACTS: dict[str, ActInfo] = {}
TURN_SECONDS_MOST = 20
_turn = Lock()
_origin: ContextVar[str] = ContextVar("origin", default="")


def act(name: str, *, power: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an act: it needs the power, runs in one transaction, and must leave an entry in the record.

    An act happens at one moment: whoever asks for the time within it is told the same. The function takes a keyword-only `by: Viewer`. An act called inside an act joins its transaction; a refusal in
    it undoes the whole, unless the caller wraps the call in `attempt()`.
    """
    if power and power not in POWERS:
        raise book.BookError(f"act {name}: there is no power {power!r}")

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        """Register the function and put the transaction around it."""
        _register(name, function=function, power=power)

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            """Check the power, then run inside the transaction."""
            by = kwargs.get("by")
            if not isinstance(by, Viewer):
                raise TypeError(f"{name} needs by=<Viewer>")
            if power:
                by.require(power)
            return _inside(name, lambda: function(*args, **kwargs))

        return run

    return wrap


def _register(name: str, *, function: Callable[..., Any], power: str) -> None:
    by = inspect.signature(function).parameters.get("by")
    if by is None or by.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise book.BookError(f"act {name}: {function.__qualname__} needs a keyword-only argument by")
    info = ActInfo(name, function, power, inspect.getdoc(function) or "")
    if name in ACTS and ACTS[name].path != info.path:
        raise book.BookError(f"act {name} is declared twice: {ACTS[name].path} and {info.path}")
    ACTS[name] = info


def _inside(name: str, run: Callable[[], R]) -> R:
    current = book.open_book()
    return _outermost(name, run) if current is None else _nested(name, run, current=current)


def _outermost(name: str, run: Callable[[], R]) -> R:
    current, token = book.start()
    try:
        with in_turn(), still(now()), transaction.atomic():
            result = run()
            book.tell_exact_listeners()
            _must_have_moved(name, current=current, place=(0, 0, 0, 0, 0))
            book.flush()
            return result
    finally:
        book.finish(token)


@contextmanager
def in_turn() -> Iterator[None]:
    """Let the acts of this process in one after another where the database has a single writer (SQLite).

    There, who finds the database busy sleeps and looks again, longer each time, while others slip in; here the next
    is woken at once. Whoever stands in a transaction already is the writer and waits for nobody: the others wait for
    it. After `TURN_SECONDS_MOST` the act goes on to the database, which refuses as it would have.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    mine = _turn.acquire(timeout=TURN_SECONDS_MOST)
    try:
        yield
    finally:
        if mine:
            _turn.release()


def _nested(name: str, run: Callable[[], R], *, current: book.Book) -> R:
    place = current.place()
    try:
        with transaction.atomic(savepoint=False):
            result = run()
            _must_have_moved(name, current=current, place=place)
            current.keep_mark()
            return result
    except BaseException:
        current.back_to(place)
        raise


def _must_have_moved(name: str, *, current: book.Book, place: tuple[int, int, int, int, int]) -> None:
    if not current.moved_since(place):
        raise book.UnrecordedAct(f"act {name} wrote no entry; call unchanged() where nothing had to change")


def unchanged() -> None:
    """Say inside an act that it rightly changes nothing (a repeated request, an empty sweep)."""
    book.book().unchanged += 1


@contextmanager
def attempt() -> Iterator[None]:
    """A savepoint inside an act: what fails in it is taken back from the database and the book, and may be caught."""
    current = book.book()
    place = current.place()
    try:
        with transaction.atomic():
            yield
    except BaseException:
        current.back_to(place)
        raise


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Say where the acts within come from (channel, kind of device); short, and never personal."""
    token = _origin.set(origin[:120])
    try:
        yield
    finally:
        _origin.reset(token)


def origin() -> str:
    """Where the running act comes from, empty if nobody said."""
    return _origin.get()
