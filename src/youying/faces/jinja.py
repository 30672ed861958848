"""The one environment in which every page of ours is rendered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from youying.faces.shared import house_words, statics, words
from youying.kernel import masking, moments


def environment(**options: Any) -> Environment:
    """Django's Jinja2 backend calls this once with its own options (loader, autoescape, auto-reload)."""
    made = Environment(
        **{**options, "undefined": StrictUndefined},
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(static=statics.static, icon=statics.icon, url=url, now=moments.now, enough=words.enough)
    made.filters.update(FILTERS)
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by name: `url("desk:matter", number)`."""
    return reverse(name, args=args, kwargs=kwargs)


FILTERS = {
    "moment": words.moment,
    "day": words.day,
    "clock_time": words.clock_time,
    "full": words.full,
    "dated": words.dated,
    "period": words.period,
    "told": house_words.told,
    "told_each": house_words.told_each,
    "hours": words.hours,
    "span": words.span,
    "left": words.left,
    "thousands": words.thousands,
    "percent": words.percent,
    "quoted": words.quoted,
    "masked_name": masking.mask_name,
    "masked_phone": masking.mask_phone,
    "masked_id_number": masking.mask_id_number,
    "masked_address": masking.mask_address,
    "masked": masking.mask_text,
}
