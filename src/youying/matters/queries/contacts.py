"""A reporter's contact in clear: only after an act has recorded who looks and what for."""

from __future__ import annotations

from dataclasses import dataclass

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.models import Matter, Reporter
from youying.matters.queries.page import open_contact


@dataclass(frozen=True, slots=True)
class Contact:
    """A reporter's name, phone and address as they were given."""

    name: str
    phone: str
    address: str


def reporter_to_unmask(viewer: Viewer, matter: Matter, reporter_id: int) -> Reporter:
    """The reporter whose contact this viewer may ask to see whole; to be checked before the purpose is recorded."""
    viewer.require("unmask")
    row = Reporter.objects.filter(matter=matter, pk=reporter_id).select_related("came_as", "matter").first()
    if row is None or not rules.sees(viewer, situation_of(matter)):
        raise Refused("not-found", say="没有这位诉求人，或不归您看。")
    if row.protected and not viewer.may("protected"):
        raise Refused(
            "protected", say="这位举报人的身份受保护，请由有权限的岗位查看。", clause="举报人信息单独保护（本系统规则）"
        )
    return row


def names_of(matter: Matter) -> tuple[str, ...]:
    """The reporters' names, for taking them out of a text before it is kept; never to be shown."""
    rows = Reporter.objects.filter(matter=matter).select_related("came_as", "matter")
    return tuple(name for row in rows if (name := open_contact(row).get("name", "")))


def contact_in_clear(row: Reporter) -> Contact:
    """The contact of a reporter whose unmasking was just recorded."""
    said = open_contact(row)
    return Contact(said.get("name", ""), said.get("phone", ""), said.get("address", ""))
