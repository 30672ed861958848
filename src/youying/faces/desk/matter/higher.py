"""Fields of steps that draw somebody higher or other in: supervisions, rechecks, joint meetings."""

from __future__ import annotations

from django.utils.translation import gettext as _

from youying.faces.desk.matter.frames import Field, Frame
from youying.matters import queries
from youying.matters.given_rules import LEVELS


def supervise(frame: Frame) -> list[Field]:
    """The level, and what the unit is to do, which stands in the letter."""
    return [
        Field("level", "radios", _("督办级别"), needed=False, options=tuple(LEVELS.items())),
        Field("asked", "area", _("要求"), needed=False, hint=_("要单位做什么、说明什么，写进督办函")),
    ]


def recheck(frame: Frame) -> list[Field]:
    """Whether what was put right is right."""
    options = (("yes", _("合格")), ("no", _("不合格，要再整改")))
    return [
        Field("passed", "yes-no", _("复查合格吗？"), options=options),
        Field("note", "area", _("记几句"), needed=False),
    ]


def session(frame: Frame) -> list[Field]:
    """The meetings that were held with this matter on their agenda and are not noted on it yet."""
    held = tuple((one.id, f"{one.number} {one.title}") for one in queries.held_on(frame.matter))
    hint = "" if held else _("先在“难诉会商”里列入议程、开完会，记录填好就自动记在这里")
    return [Field("session", "select", _("哪一次会商"), options=held, hint=hint)]
