"""Looking a matter up without an account: a number and its secret, and nothing else, open it."""

from __future__ import annotations

from dataclasses import dataclass

from youying.files.queries import register_guard
from youying.kernel.identifiers import hash_secret, parse_matter_number
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.sealing import blind_index
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.models import Matter, Reporter
from youying.matters.queries.sight import known_to, visible
from youying.record.keys import ring

UNKNOWN = Refused("not-found", say="编号或查询码不对，请对照回执再看一遍。查询码是8位字母数字。", field="secret")


@dataclass(frozen=True, slots=True)
class Found:
    """A matter that a reporter proved to be theirs, with the viewer they act as from now on."""

    matter: Matter
    reporter: Reporter
    viewer: Viewer


def look_up(number: str, secret: str) -> Found:
    """The matter of a number and secret; the same refusal, after the same work, for a wrong number and a wrong secret.

    A merged matter's reporters find the one it lives on in. Throttling is the caller's (five tries in 15 minutes).
    """
    try:
        wanted = parse_matter_number(number)
    except Refused:
        wanted = "0000-00000-0"
    given = hash_secret(secret, ring().current("secret").secret, bound_to=wanted)
    row = Reporter.objects.select_related("matter").filter(secret_hash=given).exclude(secret_hash="").first()
    if row is None or wanted not in (row.matter.number, _came_as(row)):
        raise UNKNOWN
    return Found(row.matter, row, viewer_of(row))


def viewer_of(row: Reporter) -> Viewer:
    """The viewer that a reporter is."""
    return Viewer(kind="reporter", name="诉求人", reporter_of=row.matter_id, reporter_id=row.pk)


def by_reporter(reporter_id: int) -> Found:
    """The matter of a reporter whose secret this session proved already."""
    row = Reporter.objects.select_related("matter", "matter__lead").filter(pk=reporter_id).first()
    if row is None:
        raise UNKNOWN
    return Found(row.matter, row, viewer_of(row))


def _came_as(row: Reporter) -> str:
    return row.came_as.number if row.came_as_id and row.came_as else ""


def callers(viewer: Viewer, phone: str) -> list[Matter]:
    """Earlier matters of a phone number within sight, newest first; found by blind index, never by reading phones.

    Whose identity is protected is found only by whoever may see it.
    """
    viewer.require("intake")
    key = blind_index(ring().current("index"), normal_phone(phone), kind="phone")
    known = known_to(viewer).filter(phone_index=key).values("matter_id")
    return list(Matter.objects.select_related("lead").filter(visible(viewer), pk__in=known).order_by("-opened_at")[:20])


def let_in(viewer: Viewer, subject: str) -> None:
    """The guard of a matter's files: refuse whoever may not see the matter."""
    key = subject.partition(":")[2]
    matter = Matter.objects.filter(pk=int(key)).first() if key.isdigit() else None
    if matter is None or not rules.sees(viewer, situation_of(matter)):
        raise Refused("not-found", say="没有这个文件，或不归您看。")


register_guard("matter", let_in)
