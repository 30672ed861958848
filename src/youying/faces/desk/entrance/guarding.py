"""What pages of the desk ask for beyond a sign-in: a chosen post, and one sentence for each field that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from youying.access.guard import is_htmx, needs, signed_in
from youying.access.queries import viewer_for
from youying.kernel.refusals import Refused

View = Callable[..., HttpResponseBase]


def at_post(power: str = "") -> Callable[[View], View]:
    """Open a page to signed-in people who have chosen a post, with the power where one is named; never cached."""

    def decorate(view: View) -> View:
        inner = (needs(power) if power else signed_in)(view)

        @wraps(view)
        def seated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and viewer_for(request).post_id is None:
                return _to_posts(request)
            return inner(request, *args, **kwargs)

        guarded = never_cache(seated)
        guarded.access_rule = inner.access_rule  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _to_posts(request: HttpRequest) -> HttpResponse:
    """Send somebody who holds several posts, or none, to where they are chosen."""
    address = f"{reverse('desk:posts')}?{urlencode({'next': request.get_full_path()})}"
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:posts")})
    return HttpResponseRedirect(address)


def errors_of(refused: Refused) -> dict[str, str]:
    """A refusal as the sentence beside its field; without a field it stands in the summary alone."""
    return {refused.field: refused.say}
