"""What this browser has proved the secret of, kept in its session beside what the proof hangs on."""

from __future__ import annotations

from django.http import HttpRequest

from youying.matters import queries as reading
from youying.matters.queries import Found

MINE = "portal-mine"
MOST = 20


def mine(request: HttpRequest) -> list[Found]:
    """The matters that this browser proved a secret for, the latest first, each with the parts it was split into."""
    return reading.proved(_known(request))


def remember(request: HttpRequest, reporter_id: int) -> None:
    """Know the matter again in this browser, for as long as its secret is the one that was proved."""
    known = [[one, proof] for one, proof in _known(request).items() if one != reporter_id]
    request.session[MINE] = [[reporter_id, reading.proof_of(reporter_id)], *known][:MOST]


def _known(request: HttpRequest) -> dict[int, str]:
    """Reporter → what was kept of the proof; what an older version kept proves nothing."""
    return {int(pair[0]): str(pair[1]) for pair in request.session.get(MINE, []) if isinstance(pair, list)}


def forget(request: HttpRequest) -> None:
    """Know nothing any more, for a telephone that others use too."""
    request.session.pop(MINE, None)


def of_number(request: HttpRequest, number: str) -> Found | None:
    """This browser's own matter of that number: the one it was given, or the one it lives on in."""
    return next((one for one in mine(request) if number in (number_of(one), one.matter.number)), None)


def number_of(found: Found) -> str:
    """The number that this reporter was given."""
    came_as = found.reporter.came_as if found.reporter.came_as_id else None
    return came_as.number if came_as else found.matter.number
