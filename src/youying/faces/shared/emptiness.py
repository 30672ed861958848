"""What an installation that nobody has set up yet shows instead of its first pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.queries import is_empty


def not_set_up(request: HttpRequest) -> HttpResponse | None:
    """A kind word on where the set-up link is, or nothing once somebody has set the house up."""
    return render(request, "shared/not-set-up.html") if is_empty() else None
