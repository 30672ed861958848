"""Doing the same for many, so that one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def done_each(work: Iterable[tuple[str, Callable[[], int]]], *, failing: str) -> int:
    """Do every piece of work, each under its name, and add up what they come to.

    Whatever went wrong is raised when all were tried, as one group that `failing` names, each fault with its name.
    """
    done, failed = 0, []
    for name, run in work:
        try:
            done += run()
        except Exception as error:
            error.add_note(name)
            failed.append(error)
    if failed:
        raise ExceptionGroup(failing, failed)
    return done
