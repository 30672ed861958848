"""The one bar of everything that takes a while: drawn on its page, asked for again while it runs, the page anew at its end."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is: what to say, how much of how much, the address that tells it again, what leaving means."""

    words: str
    done: int
    total: int
    href: str
    leaving: str = ""

    @property
    def left(self) -> str:
        """What happens when one leaves the page."""
        return self.leaving or _("可以离开，好了再回这一页看。")


def answer(request: HttpRequest, bar: Bar | None) -> HttpResponse:
    """The bar as it stands; without one it is over, and the page is drawn anew."""
    if bar is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "shared/bar.html", {"bar": bar})
