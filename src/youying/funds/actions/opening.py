"""Opening purses: one for each holder, and one outside for each line, so that every movement has two ends."""

from __future__ import annotations

from youying.funds.models import Purse
from youying.funds.rules import Terms
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.words import POPULATIONS
from youying.places.queries import known_area, path_words
from youying.places.rules import lies_in
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged


@act("funds.open-purse")
def open_purse(terms: Terms, *, by: Viewer, path: str, holder: str = "") -> Purse:
    """The purse of a holder, opened when there is none; the holder of a place's purse is the place itself."""
    _require_booker(by)
    by.require_reach(path)
    area = known_area(path).path
    row, made = Purse.objects.get_or_create(
        code=terms.code,
        area_path=area,
        holder=holder or _place(terms, path),
        defaults={"unit": terms.unit, "path": path, "opened_at": now()},
    )
    if not made:
        unchanged()
        return row
    open_subject(row.subject)
    facts = {"code": row.code, "unit": row.unit, "holder": row.holder, "path": path}
    write(row.subject, "funds.open-purse", by=by, facts=facts)
    return row


def outside(purse: Purse, line: str) -> Purse:
    """The purse outside that a line of this purse's area comes from or goes to."""
    row, _made = Purse.objects.get_or_create(
        code=purse.code,
        area_path=purse.area_path,
        holder=f"line:{line}",
        defaults={"unit": purse.unit, "path": purse.area_path, "opened_at": now(), "outside": True},
    )
    return row


def held(purse_id: int, *, by: Viewer) -> Purse:
    """A purse within reach that this act may move things in and out of."""
    _require_booker(by)
    row = Purse.objects.filter(pk=purse_id, outside=False).first()
    if row is None or not by.reaches(row.path):
        raise Refused("not-found", say="没有这个账户，或不在您的辖区内。", have=purse_id)
    return row


def _require_booker(by: Viewer) -> None:
    if by.kind not in ("post", "system"):
        raise Refused("no-power", say="只有工作人员能记账。", have=by.kind)
    by.require("act")


def _place(terms: Terms, path: str) -> str:
    """The holder of a place's purse; refused where the path is no place of the kind that the purse is for."""
    if terms.of == "person":
        raise Refused("holder-missing", say=f"“{terms.title}”是一人一本，请从名册里的人打开。", field="holder")
    if _kind(path) != terms.of:
        what = POPULATIONS.get(terms.of, terms.of)
        say = f"“{terms.title}”{what}一本，“{path_words(path)}”不是。"
        raise Refused("holder-unfit", say=say, have=_kind(path), need=terms.of, field="path")
    return f"place:{path}"


def _kind(path: str) -> str:
    area = known_area(path)
    rest = path[len(area.path) :].strip("/").rpartition("/")[2]
    steps = {"c": "compound", "b": "building", "g": "grid"}
    return steps.get(rest[:1], area.level) if lies_in(path, area.path) else ""
