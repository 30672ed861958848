"""Tables of units and posts: tried out and taken in; new people's invitations are shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from youying.access import actions
from youying.access.appointing import USUAL_POWERS, read_posts
from youying.access.importing import FIELDS, MOST_ROWS, PERSONAL, Meanings, Outcome, read_units
from youying.access.queries import fresh_invitations, grantable_powers, viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.rates.tables import answer
from youying.faces.desk.tables import taking
from youying.faces.desk.units.people import post_codes
from youying.faces.desk.units.places import PlaceWords
from youying.faces.desk.units.views import unit_kinds
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import full, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import POWERS, Viewer

TITLES: dict[str, Any] = {"unit": gettext_lazy("单位"), "post": gettext_lazy("人员与岗位")}


def meanings(viewer: Viewer) -> Meanings:
    """What the words of a table mean to this administrator."""
    places = PlaceWords(viewer)
    return Meanings(place=places.path, kinds=dict(unit_kinds(viewer)), posts=dict(post_codes(viewer)), zone=zone())


def words(viewer: Viewer) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What may be written in the columns that know only some words."""
    of_units, of_posts = ({name: one.headers[0] for name, one in FIELDS[kind].items()} for kind in ("unit", "post"))
    place = _("区划代码，或名称，例如“城南街道·杏林社区”")
    kinds = [title for _code, title in unit_kinds(viewer)]
    posts = [title for _code, title in post_codes(viewer)]
    usual = "；".join(POWERS[code] for code in USUAL_POWERS)
    powers = _("用分号分开，不填就是“%(usual)s”。可以写：") % {"usual": usual} + "；".join(
        POWERS[code] for code in grantable_powers(viewer)
    )
    days = _("日期，例如 2026-12-01；止的那天也算在内")
    return {
        "unit": [*([(of_units["kind"], "、".join(kinds))] if kinds else []), (of_units["reach"], place)],
        "post": [
            (of_posts["code"], "、".join(str(one) for one in posts)),
            (of_posts["reach"], place),
            (of_posts["powers"], powers),
            (f"{of_posts['since']}、{of_posts['until']}", days),
        ],
    }


def try_rows(kind: str, rows: taking.Rows, viewer: Viewer, name: str) -> Outcome:
    """What taking the table in would do; nothing is written."""
    read: Any = read_units if kind == "unit" else read_posts
    outcome: Outcome = read(rows, by=viewer, meanings=meanings(viewer), file=name).outcome
    return outcome


UNITS = taking.Counter(
    titles=TITLES,
    columns=FIELDS,
    try_rows=try_rows,
    start="desk:unit-imports",
    look="desk:unit-import",
    to_fix="desk:unit-to-fix",
    blank="desk:unit-blank",
    back="desk:accounts",
    most_rows=MOST_ROWS,
    personal=PERSONAL,
    words=words,
)


@at_post("accounts")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a kind and a table."""
    return taking.start(request, UNITS)


@at_post("accounts")
def look(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Try the table out without keeping anything; the button takes it in."""
    kind = UNITS.kind_said(kind)
    if request.method != "POST":
        return taking.look(request, UNITS, kind, token)
    return _take_units(request, token) if kind == "unit" else _take_posts(request, token)


def _take_units(request: HttpRequest, token: str) -> HttpResponse:
    viewer = viewer_for(request)
    name, rows = taking.table(viewer, UNITS, token)
    outcome = actions.import_units(rows, by=viewer, meanings=meanings(viewer), file=name)
    _say(request, outcome)
    return HttpResponseRedirect(reverse("desk:units"))


def _take_posts(request: HttpRequest, token: str) -> HttpResponse:
    """Take the posts in; where people are new, the page that answers is the only one that shows their links."""
    viewer = viewer_for(request)
    name, rows = taking.table(viewer, UNITS, token)
    outcome, links = actions.import_posts(rows, by=viewer, meanings=meanings(viewer), file=name)
    if not links:
        _say(request, outcome)
        return HttpResponseRedirect(reverse("desk:accounts"))
    shown = [(one.name, one.username, _address(request, one.token)) for one in links]
    page = {"outcome": outcome, "links": shown, "tokens": " ".join(one.token for one in links)}
    return render(request, "desk/units/invited.html", page)


def _say(request: HttpRequest, outcome: Outcome) -> None:
    said = {"added": len(outcome.added), "changed": len(outcome.changed), "bad": len(outcome.refused)}
    say_once(request, _("导入好了：新增 %(added)s，改 %(changed)s，没收 %(bad)s。") % said)


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("desk:link", args=[token]))


@at_post("accounts")
@require_POST
def links(request: HttpRequest) -> HttpResponse:
    """The invitations that the page before shows, as a table; only its maker's, and only those still unused."""
    tokens = request.POST.get("tokens", "").split()[:MOST_ROWS]
    found = fresh_invitations(viewer_for(request), tokens)
    if not found:
        raise Refused("link-void", say=_("这些邀请链接已经用过或作废，请在账号页面重新给一个。"))
    head = [_("姓名"), _("登录名"), _("邀请链接"), _("有效到")]
    lines = [
        [one.account.name, one.account.username, _address(request, token), full(one.expires_at)]
        for token, one in found
        if one.account
    ]
    return answer([head, *lines], title=_("邀请链接"), note=_("一人一个，用一次就失效，请单独发给本人。"))


@at_post("accounts")
def to_fix(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The rows that do not fit, each with its reason, to mend and take in again."""
    return taking.to_fix(request, UNITS, UNITS.kind_said(kind), token)


@at_post("accounts")
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right headers."""
    return taking.blank(UNITS, kind)
