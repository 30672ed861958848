"""Campaigns: begun at a place, followed building by building, stopped early."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.where import choices, declared, place_asked
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.occasions import actions, queries
from youying.occasions.rhythm_rules import ONCE
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.places.queries import path_words


def _once(edition: Edition) -> dict[str, Rhythm]:
    return {code: rhythm for code, rhythm in edition.pack.rhythm.items() if rhythm.every == ONCE}


@at_post("view")
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns within reach, and those that may be begun here."""
    return _campaigns(request)


def _campaigns(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    page = {
        "campaigns": queries.campaigns(viewer),
        "offered": [(code, rhythm.title) for code, rhythm in declared(path, _once).items()],
        "place": path,
        "places": choices(viewer),
        "missed": queries.missed(viewer),
        "given": request.POST,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/occasions/campaigns.html", page, status=status_of(refused) if refused else 200)


@at_post("act")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a campaign at a place, from a day."""
    viewer = viewer_for(request)
    try:
        path = place_asked(request, viewer)
        row = actions.begin_campaign(
            path, request.POST.get("code", "")[:40], by=viewer, first=_day(request.POST.get("first", ""))
        )
    except Refused as refused:
        return _campaigns(request, refused)
    say_once(request, _("开展起来了，到%(day)s为止。") % {"day": row.last})
    return HttpResponseRedirect(reverse("desk:campaign", args=[row.pk]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("day-unreadable", say=_("日期请写成 2026-11-21。"), have=text[:20], field="first") from None


@at_post("view")
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """How far a campaign got, building by building; it can be stopped here."""
    viewer = viewer_for(request)
    found = queries.campaign(viewer, campaign_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            viewer.require("act")
            actions.stop_campaign(campaign_id, by=viewer)
            say_once(request, _("停止了，做过的都留着。"))
            return HttpResponseRedirect(reverse("desk:campaign", args=[campaign_id]))
        except Refused as told:
            refused = told
    rows = queries.coverage(viewer, found.rhythm, path=found.path, period=found.period)
    named = [(path_words(row.path), row) for row in rows]
    page = {
        "campaign": found,
        "rows": named,
        "whole": queries.whole(rows),
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/occasions/campaign.html", page, status=status_of(refused) if refused else 200)
