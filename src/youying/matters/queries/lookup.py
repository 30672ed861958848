"""Looking a matter up without an account: a number and its secret, and nothing else, open it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from youying.files.queries import register_guard
from youying.kernel.identifiers import hash_secret, parse_matter_number
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.models import Matter, Reporter
from youying.matters.queries.parts import has_part
from youying.matters.queries.sight import known_to, visible
from youying.record.keys import fingerprints, ring

UNKNOWN = Refused("not-found", say="编号或查询码不对，请对照回执再看一遍。查询码是8位字母数字。", field="secret")


@dataclass(frozen=True, slots=True)
class Found:
    """A matter that a reporter proved to be theirs, with the viewer they act as from now on."""

    matter: Matter
    reporter: Reporter
    viewer: Viewer


def came_in(channel: str, *, external_id: str) -> bool:
    """Whether a demand of that outer number has come in by the channel before."""
    return bool(external_id) and Matter.objects.filter(channel=channel, external_id=external_id).exists()


def look_up(number: str, secret: str) -> Found:
    """The matter of a number and secret; the same refusal, after the same work, for a wrong number and a wrong secret.

    A merged matter's reporters find the one it lives on in; the secret of a whole opens its parts too.
    Throttling is the caller's (five tries in 15 minutes).
    """
    try:
        wanted = parse_matter_number(number)
    except Refused:
        wanted = "0000-00000-0"
    given = [
        hash_secret(secret, key.secret, bound_to=one)
        for key in ring().held("secret")
        for one in (wanted, *_wholes(wanted))
    ]
    row = Reporter.objects.select_related("matter").filter(secret_hash__in=given).exclude(secret_hash="").first()
    found = _of_number(row, wanted) if row else None
    if found is None:
        raise UNKNOWN
    return found


def _wholes(number: str) -> list[str]:
    """Of a part, the numbers by which its reporters look the whole up; their secret opens the part too."""
    key = Matter.objects.filter(number=number).values_list("pk", flat=True).first() or 0
    rows = Reporter.objects.filter(Q(matter=key) | Q(came_as=key), whole__isnull=False)
    named = rows.values_list("whole__came_as__number", "whole__matter__number")
    return sorted({came_as or lives_as for came_as, lives_as in named})


def _of_number(row: Reporter, number: str) -> Found | None:
    """What a proved reporter reads by this number: the matter, or its part; nothing where the number is another's."""
    parts = Reporter.objects.select_related("matter", "matter__lead", "came_as").filter(whole=row)
    for one in (row, *parts):
        if number in (one.matter.number, _came_as(one)):
            return Found(one.matter, one, viewer_of(one))
    return None


def viewer_of(row: Reporter) -> Viewer:
    """The viewer that a reporter is."""
    return Viewer(kind="reporter", name="诉求人", reporter_of=row.matter_id, reporter_id=row.pk)


def by_reporter(reporter_id: int) -> Found:
    """The matter of a reporter whose secret this session proved already."""
    row = Reporter.objects.select_related("matter", "matter__lead").filter(pk=reporter_id).first()
    if row is None:
        raise UNKNOWN
    return Found(row.matter, row, viewer_of(row))


def by_reporters(reporter_ids: Sequence[int]) -> list[Found]:
    """The matters of reporters whose secrets this session proved already, in that order, each before its parts."""
    rows = Reporter.objects.select_related("matter", "matter__lead", "came_as").filter(
        Q(pk__in=reporter_ids) | Q(whole__in=reporter_ids)
    )
    place = {key: n for n, key in enumerate(reporter_ids)}
    ordered = sorted(rows, key=lambda row: (place.get(row.whole_id or row.pk, len(place)), bool(row.whole_id), row.pk))
    return [Found(row.matter, row, viewer_of(row)) for row in ordered]


def proof_of(reporter_id: int) -> str:
    """What a session keeps of a proof: tied to the secret in force, so that it dies with it; empty where none is."""
    row = Reporter.objects.select_related("whole").filter(pk=reporter_id).first()
    return _proof(row) if row else ""


def proved(proofs: Mapping[int, str]) -> list[Found]:
    """The matters of the reporters whose proof still holds, in that order, each before its parts.

    A secret that staff issued anew, or that was erased, takes the proofs of the one before with it.
    """
    rows = Reporter.objects.select_related("whole").filter(pk__in=proofs)
    held = {row.pk for row in rows if proofs[row.pk] and hmac.compare_digest(proofs[row.pk], _proof(row))}
    return by_reporters([one for one in proofs if one in held]) if held else []


def _proof(row: Reporter) -> str:
    """A digest of the secret in force, which for a part is the whole's; the stored hash itself never leaves the table."""
    secret = row.whole.secret_hash if row.whole_id and row.whole else row.secret_hash
    return hashlib.sha256(f"proof\0{row.pk}\0{secret}".encode()).hexdigest() if secret else ""


def parts_of(found: Found) -> list[Found]:
    """The parts that this reporter's matter was split into, oldest first."""
    return [one for one in by_reporters([found.reporter.pk]) if one.reporter.whole_id]


def _came_as(row: Reporter) -> str:
    return row.came_as.number if row.came_as_id and row.came_as else ""


def callers(viewer: Viewer, phone: str) -> list[Matter]:
    """Earlier matters of a phone number within sight, newest first; found by blind index, never by reading phones.

    Whose identity is protected is found only by whoever may see it.
    """
    viewer.require("intake")
    keys = fingerprints("phone", normal_phone(phone))
    known = known_to(viewer).filter(phone_index__in=keys).values("matter_id")
    return list(Matter.objects.select_related("lead").filter(visible(viewer), pk__in=known).order_by("-opened_at")[:20])


def let_in(viewer: Viewer, subject: str) -> None:
    """The guard of a matter's files: refuse whoever may not see the matter."""
    key = subject.partition(":")[2]
    matter = Matter.objects.filter(pk=int(key)).first() if key.isdigit() else None
    if matter is None or not (rules.sees(viewer, situation_of(matter)) or has_part(viewer, matter)):
        raise Refused("not-found", say="没有这个文件，或不归您看。")


register_guard("matter", let_in)
