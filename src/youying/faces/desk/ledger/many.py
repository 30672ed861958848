"""One act on many matters: who would be refused is said first, and the rest is done only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from youying.access import queries as access
from youying.access.queries import viewer_for
from youying.editions.queries import directory_suggestion, params_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.ledger.choices import edition_near
from youying.faces.desk.matter.choices import category_options, likely_guess
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions, queries
from youying.packs.params import engine_param
from youying.text.queries import category_title, known_category

ASK_FIRST_OVER = 20
GUESS = "guess"
TITLES = {"urge": gettext_lazy("催办"), "dispatch": gettext_lazy("派单")}


@dataclass(frozen=True, slots=True)
class Planned:
    """What would happen to one of the chosen: the step and its data, or why not."""

    number: str
    title: str
    matter_id: int = 0
    version: int = 0
    act_id: str = ""
    unit_id: int | None = None
    unit: str = ""
    category: str = ""
    refused: Refused | None = None

    @property
    def category_title(self) -> str:
        """The category that it is given with the step, in words."""
        return category_title(self.category, short=True) if self.category else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen for all of them: a unit, and a category for those that have none (`guess`: each its own)."""

    unit: int | None = None
    category: str = GUESS

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        """Read the form; refused for a category that there is not."""
        unit, category = request.POST.get("unit", ""), request.POST.get("category", GUESS)
        number = int(unit) if unit.isdecimal() and len(unit) < 18 else None
        return cls(number, category if category in ("", GUESS) else known_category(category))

    def category_of(self, matter: Any) -> str:
        """The category that a matter has, or would be given."""
        return str(matter.category or (likely_guess(matter) if self.category == GUESS else self.category))


@at_post()
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Urge or dispatch the chosen matters."""
    viewer, verb = viewer_for(request), request.POST.get("verb", "")
    numbers = list(dict.fromkeys(request.POST.getlist("ids")))
    if verb not in TITLES:
        raise Refused("unknown-act", say=_("批量只能催办或派单。"), have=verb[:40])
    most = most_at_once(viewer)
    if not numbers or len(numbers) > most:
        raise Refused("too-many", say=_("一次请选1到%(n)s件。") % {"n": most}, have=len(numbers), need=most)
    wanted = Wanted.of(request)
    plans = plan(viewer, verb, numbers, wanted=wanted)
    asked = request.POST.get("go") == "1"
    straight = verb == "urge" and len(plans) <= ASK_FIRST_OVER and not any(one.refused for one in plans)
    if not (asked or straight):
        return _ask(request, viewer, verb, plans, wanted)
    return _done(request, viewer, verb, plans)


def most_at_once(viewer: Viewer) -> int:
    """How many may be acted on at once, by the number in force at the viewer's own place."""
    edition = edition_near(viewer)
    params = params_for(edition, viewer.reach or "/") if edition else {}
    return int(engine_param(params, "batch-most"))


def plan(viewer: Viewer, verb: str, numbers: list[str], *, wanted: Wanted) -> list[Planned]:
    """What the act would do to each, within sight; the others are refused as unknown."""
    found = {m.number: m for m in queries.filtered(viewer, queries.Filters(state="all", numbers=tuple(numbers)))}
    units = {unit.pk: unit for unit in access.units(viewer)}
    return [_plan_one(viewer, verb, found.get(number), number, wanted=wanted, units=units) for number in numbers]


def _plan_one(viewer: Viewer, verb: str, matter: Any, number: str, *, wanted: Wanted, units: dict[int, Any]) -> Planned:
    if matter is None:
        return Planned(number, "", refused=Refused("not-found", say=_("没有这件事项，或不归您看。")))
    acts = queries.possible_acts(viewer, matter)
    step = next((act for act in acts.can if act.verb == verb), None)
    if step is None:
        closed = next((one for one in acts.cannot if one.id == verb), None)
        refused = closed.refused if closed else Refused("not-open", say=_("现在不能做这一步。"))
        return Planned(number, matter.title, refused=refused)
    category = wanted.category_of(matter) if verb == "dispatch" else ""
    chosen = units.get(wanted.unit or 0) or (_by_directory(matter, category, units) if verb == "dispatch" else None)
    if verb == "dispatch" and (chosen is None or not category):
        say = (
            _("还没有分类，也没有把握大的建议，请在左边选一个分类，或打开这一件派单。")
            if not category
            else _("派单目录里没有对应的单位，请选一个单位。")
        )
        return Planned(number, matter.title, refused=Refused("no-unit", say=say))
    return Planned(
        number, matter.title, matter.pk, matter.version, step.id, chosen.pk if chosen else None,
        chosen.title if chosen else "", "" if matter.category else category,
    )  # fmt: skip


def _by_directory(matter: Any, category: str, units: dict[int, Any]) -> Any:
    said = directory_suggestion(matter.area_path, category) if category else None
    return next((unit for unit in units.values() if said and said.unit in (unit.title, unit.code)), None)


def _is_unasked(request: HttpRequest, verb: str, plans: list[Planned]) -> bool:
    """Whether a unit has to be chosen before there is anything to count."""
    first = "unit" not in request.POST
    return first and verb == "dispatch" and any(one.refused and one.refused.code == "no-unit" for one in plans)


def _ask(request: HttpRequest, viewer: Viewer, verb: str, plans: list[Planned], wanted: Wanted) -> HttpResponse:
    page = {
        "verb": verb,
        "title": TITLES[verb],
        "fit": [one for one in plans if one.refused is None],
        "refused": [one for one in plans if one.refused is not None],
        "all": plans,
        "units": [(str(one.pk), one.title) for one in access.units(viewer)] if verb == "dispatch" else [],
        "unit": wanted.unit or "",
        "categories": [(GUESS, _("按各自的建议，有把握的才归")), *category_options()],
        "category": wanted.category,
        "uncategorised": any(one.category or (one.refused and one.refused.code == "no-unit") for one in plans),
        "back": _back(request),
        "unasked": _is_unasked(request, verb, plans),
    }
    return render(request, "desk/ledger/many.html", page)


def _done(request: HttpRequest, viewer: Viewer, verb: str, plans: list[Planned]) -> HttpResponse:
    done, late = 0, 0
    for one in plans:
        if one.refused is not None:
            continue
        data: dict[str, Any] = {"unit": one.unit_id} if one.unit_id else {}
        data |= {"category": one.category} if one.category else {}
        try:
            actions.act(one.matter_id, one.act_id, by=viewer, expected_version=one.version, **data)
            done += 1
        except Refused:
            late += 1
    refused = late + sum(1 for one in plans if one.refused is not None)
    said = {"title": TITLES[verb], "done": done, "refused": refused}
    words = (
        _("%(title)s：办了 %(done)s 件。") if not refused else _("%(title)s：办了 %(done)s 件，%(refused)s 件没办。")
    )
    say_once(request, words % said)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours else reverse("desk:ledger")
