"""A page of every part, for tests that look and tests that count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from youying.access.guard import open_to_all
from youying.faces.shared.views import look
from youying.kernel.refusals import Refused

AT = datetime(2026, 11, 18, 1, 12, tzinfo=UTC)
REFUSED = Refused(
    "not-yet", say="要有居民评价，或 3 次联系不上且满 7 天；现有联系 1 次，第 2 天。", clause="接诉即办·销号第 2 款"
)
NO_MARK: dict[str, Any] = {"off": False, "runs": [], "holds": [], "now": None, "due": None, "note": ""}
DAYS = [
    {**NO_MARK, "title": "周五 13日", "note": "16:20 起算", "weight": 2, "runs": [(0, 100)]},
    {**NO_MARK, "title": "周末", "note": "不计", "weight": 1, "off": True},
    {
        **NO_MARK,
        "title": "周一 16日",
        "note": "暂停：等住户在家",
        "weight": 7,
        "runs": [(0, 20), (53, 100)],
        "holds": [(20, 53)],
    },
    {**NO_MARK, "title": "周三 18日", "note": "▲ 现在 09:40，已用 68%", "weight": 7, "runs": [(0, 15)], "now": 15},
    {**NO_MARK, "title": "周四 19日", "note": "09:20 到期", "weight": 2, "due": 38},
]
CHART = {
    "kind": "line",
    "labels": ["1月", "2月", "3月"],
    "unit": "%",
    "least": 80,
    "most": 100,
    "series": [
        {"name": "解决率", "data": [87.2, 88.0, 88.9]},
        {"name": "去年", "data": [85.1, 85.9, 86.6], "past": True},
    ],
}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01], [0, 0]]]}
MAP = {
    "shapes": [{"geometry": SQUARE, "title": "第1网格", "count": 5, "step": 1}],
    "points": [{"lon": 0.004, "lat": 0.005, "title": "楼道灯", "lamp": "r"}],
}
GIVEN = {"at": AT, "refused": REFUSED, "days": DAYS, "chart_data": CHART, "map_data": MAP}


@open_to_all("零件页，只在测试里")
def desk(request: HttpRequest) -> HttpResponse:
    """Every part of the desk."""
    return render(request, "kit/desk.html", GIVEN)


@open_to_all("零件页，只在测试里")
def portal(request: HttpRequest) -> HttpResponse:
    """Every part of the portal."""
    return render(request, "kit/portal.html", GIVEN)


@open_to_all("零件页，只在测试里")
def refused(request: HttpRequest) -> HttpResponse:
    """What a refusal looks like."""
    raise REFUSED


urlpatterns = [
    path("kit/refused/", refused),
    path("kit/desk/", desk),
    path("kit/portal/", portal),
    path("", include(([path("look/", look, name="look")], "shared"))),
]
handler404 = "youying.faces.shared.views.missing"
handler500 = "youying.faces.shared.views.broken"
