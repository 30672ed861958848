"""Texts and categories: the model in force, what was decided since, learning again, and the models before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import names_of, viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.shared import waiting
from youying.faces.shared.addresses import strays
from youying.faces.shared.shell import say_once
from youying.jobs import actions as jobs
from youying.jobs import queries as job_queries
from youying.jobs.queries import JobSeen
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.teaching import Teaching, teaching
from youying.matters.tasks import learn_categories
from youying.places.queries import path_words
from youying.text import actions, queries
from youying.text.rules import LEAST_LETTERS, LEAST_OF_A_CATEGORY, fit_to_learn

SHOWN = 20


@at_post("texts")
def texts(request: HttpRequest) -> HttpResponse:
    """The model that reads this place's letters, what people made of it, and the models before."""
    viewer = viewer_for(request)
    found = teaching(viewer, viewer.reach)
    models = queries.learned_models(viewer)
    serving, latest = queries.model_serving(viewer.reach), queries.latest_model(viewer.reach)
    page = {
        "strays": strays(request.GET),
        "found": found,
        "agreements": found.agreements[:SHOWN],
        "models": models,
        "serving": serving,
        "since": max(found.known - latest.known, 0) if latest else found.known,
        "scarce": scarce(found),
        "bar": _bar(job) if (job := _running(viewer)) else None,
        "failed": _failed(viewer),
        "names": names_of(model.made_by for model in models),
        "area_name": area_words,
        "category_title": queries.category_title,
        "least": LEAST_LETTERS,
        "least_of_one": LEAST_OF_A_CATEGORY,
    }
    return render(request, "desk/texts/texts.html", page)


def scarce(found: Teaching) -> str:
    """Why there is nothing to learn from yet, in a sentence; empty where there is."""
    try:
        fit_to_learn(found.letters)
    except Refused as refused:
        return refused.say
    return ""


def area_words(path: str) -> str:
    """The place that a model is for."""
    return _("整个安装") if path == "/" else path_words(path)


def _running(viewer: Viewer) -> JobSeen | None:
    return job_queries.open_job(learn_categories.module_path, viewer.reach)


def _failed(viewer: Viewer) -> str:
    """What stood in the way of the learning that this person asked for last."""
    mine = (job for job in job_queries.for_account(viewer) if job.task == learn_categories.module_path)
    last = next(mine, None)
    return last.error if last and last.over else ""


@at_post("texts")
@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    """Start learning from what was decided, for one's own place; refused where there is too little or it runs already."""
    viewer = viewer_for(request)
    if _running(viewer):
        raise Refused("learning-already", say=_("已经在学了，请等它学完。"))
    fit_to_learn(teaching(viewer, viewer.reach).letters)
    jobs.ask(learn_categories, viewer.reach, viewer.post_id, by=viewer)
    return HttpResponseRedirect(reverse("desk:texts"))


@at_post("texts")
def bar(request: HttpRequest, job_id: str) -> HttpResponse:
    """How far learning is; the whole page anew when it is over."""
    job = _running(viewer_for(request))
    if job is None or job.id != job_id:
        say_once(request, _outcome(viewer_for(request), job_id))
        return waiting.answer(request, None)
    return waiting.answer(request, _bar(job))


def _bar(job: JobSeen) -> waiting.Bar:
    words = _("正在学，一份一份留出来检验") if job.total else _("正在排队")
    return waiting.Bar(words, job.done, job.total, reverse("desk:texts-bar", args=[job.id]))


def _outcome(viewer: Viewer, job_id: str) -> str:
    try:
        job = job_queries.job(viewer, job_id)
    except Refused:
        return _("学完了。")
    if job.error:
        return job.error
    result: dict[str, Any] = job.result or {}
    if result.get("taken"):
        return _("学好了，已经换上新的。")
    return _("学好了，但不如在用的，没有换。要换可以在下面点“用这一个”。")


@at_post("texts")
@require_POST
def use(request: HttpRequest, model_id: int) -> HttpResponse:
    """Use a model of the history."""
    actions.use_model(model_id, by=viewer_for(request))
    say_once(request, _("换上了。以后的来件由它认分类，已经归好的不变。"))
    return HttpResponseRedirect(reverse("desk:texts"))
