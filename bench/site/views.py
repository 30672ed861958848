"""A demand from a resident's phone, all the way in: understood, placed, categorised, compared, recorded."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from youying.access.guard import open_to_all
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.matters import queries
from youying.matters.actions import NeedIn, ReporterIn, open_matter
from youying.places.placing import place_of
from youying.text.queries import decide_category

THRESHOLD = 0.85


@open_to_all("测量用：居民提交诉求")
def say(request: HttpRequest) -> HttpResponse:
    """The form's token, or the number and secret of what was said."""
    if request.method != "POST":
        return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')
    text = request.POST["text"]
    place = place_of(building_id=int(request.POST["building"]))
    decision = decide_category(text, threshold=THRESHOLD)
    alike = queries.similar(SYSTEM, text, place=place, category=decision.label or "")
    need = NeedIn(
        kind="demand", text=text, channel="qr", category=decision.label or "",
        reporters=(ReporterIn(request.POST["name"], request.POST["phone"]),),
    )  # fmt: skip
    opened = open_matter(need, place=place, by=PUBLIC)
    return JsonResponse({"number": opened.matter.number, "secret": opened.secret, "alike": len(alike)})
