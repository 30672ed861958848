"""The field of a dispatch by which an order goes to a line of a partner's list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from youying.faces.desk.matter.frames import Field, Frame
from youying.faces.shared.house_words import told
from youying.faces.shared.words import day
from youying.matters.queries.offers import offers_open_to, proposals
from youying.partners import queries as partners
from youying.partners.rules import PARTS


def wished(matter: Any) -> str:
    """What the resident asked for with an order: the day, the part of it, how old whoever is served is; else empty."""
    wish = partners.wish_of(matter.subject) if matter.kind == "order" else None
    if wish is None:
        return ""
    asked = day(wish.wanted_on)
    part = told(PARTS[wish.part]) if wish.part in PARTS else ""
    age = _("%(n)s岁") % {"n": wish.declared["age"]} if wish.declared.get("age") else ""
    when = _("想要%(when)s") % {"when": " ".join(one for one in (asked, part) if one)} if asked or part else ""
    return _("，").join(one for one in (when, age) if one)


def offer(frame: Frame) -> list[Field]:
    """The offers that meet the limits: in the plan's order for whoever it lets decide, else as they were made."""
    found = proposals(frame.viewer, frame.matter)
    proposed = found.fitting if found.open_to_viewer else ()
    options = [
        (one.supply.id, f"{one.supply.unit}·{one.supply.what}（{'；'.join(wish.say for wish in one.wishes)}）")
        for one in proposed
    ]
    known = {key for key, _words in options}
    options += [(one.id, f"{one.unit}·{one.what}") for one in offers_open_to(frame.matter) if one.id not in known]
    hint = _("按“%(plan)s”排的，由您来定") % {"plan": found.plan} if proposed else ""
    if not options:
        hint = _("没有合适的服务资源。可以先加清单，或选理由办结并告诉居民。")
    return [Field("offer", "radios", _("服务资源"), hint=hint, options=tuple(options))]
