"""Tables of a register: each row is entered or comes back with its reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from youying.kernel.moments import local, now, parse_moment, zone
from youying.kernel.refusals import Refused
from youying.kernel.tables import Columns, Field, TableOutcome, plain, values_of
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.people import register_rules as rules
from youying.people.actions.registers import enter
from youying.people.register_rules import Consented, Listed, Terms
from youying.places.queries import zone_of
from youying.record.actions import open_subject, write
from youying.record.acts import act, attempt

MOST_ROWS = 2_000
NAMED: dict[str, dict[str, Field]] = {
    "person": {
        "name": Field(("姓名", "name"), plain, needed=True),
        "phone": Field(("电话", "手机", "phone"), plain, needed=True),
        "way": Field(("同意方式", "way"), plain),
        "basis": Field(("依据", "basis"), plain),
    },
    "thing": {"title": Field(("名称", "title"), plain, needed=True)},
}
COMMON: dict[str, Field] = {
    "class_code": Field(("类别", "class"), plain),
    "since": Field(("列入日期", "since"), lambda cell: cell, raw=True),
}


@dataclass
class Listing(TableOutcome):
    """What a table of a register came to."""

    added: list[int] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)

    @property
    def touched(self) -> bool:
        """Whether anybody is entered; nothing that stands there is ever changed by a table."""
        return bool(self.added)


def columns_of_register(of: str) -> dict[str, Field]:
    """The columns of a table of a register; none where what it lists cannot come in a table."""
    return {**NAMED[of], **COMMON} if of in NAMED else {}


@act("people.import-entries", power="import")
def import_entries(
    register: str, rows: Iterable[Mapping[str, Any]], *, by: Viewer, edition: Edition, path: str, file: str = ""
) -> Listing:
    """Enter the rows of a table in a register; what does not fit, or is listed already, comes back with its reason."""
    terms = rules.terms_of(edition, register)
    rules.check_may_enter(terms, by)
    outcome = Listing(kind=register, file=plain(file)[:120])
    fields = columns_of_register(terms.of)
    if not fields:
        raise Refused("register-not-by-table", say=f"“{terms.title}”不能用表格导入，请逐条列入。", have=terms.of)
    columns = Columns(fields, outcome=outcome)
    for number, row in enumerate(rows, start=2):
        outcome.count_row(most=MOST_ROWS)
        try:
            with attempt():
                _enter_row(values_of(fields, columns.cells(dict(row))), terms, by=by, edition=edition, path=path)
            outcome.added.append(number)
        except Refused as refused:
            if refused.code == "listed-already":
                outcome.same += 1
            else:
                outcome.refuse(number, row, refused)
    subject = f"entries-import:{uuid.uuid4().hex}"
    open_subject(subject)
    counts = {
        "rows": outcome.rows,
        "entered": len(outcome.added),
        "same": outcome.same,
        "refused": len(outcome.refused),
    }
    write(
        subject, "people.import-entries", by=by, facts={"register": register, **counts}, sealed={"file": outcome.file}
    )
    return outcome


def try_entries(
    register: str, rows: Iterable[Mapping[str, Any]], *, by: Viewer, edition: Edition, path: str, file: str = ""
) -> Listing:
    """What `import_entries` would do with this table; all of it is rolled back, its entry too."""
    with transaction.atomic():
        outcome = import_entries(register, rows, by=by, edition=edition, path=path, file=file)
        transaction.set_rollback(True)
    return outcome


def _enter_row(said: dict[str, Any], terms: Terms, *, by: Viewer, edition: Edition, path: str) -> None:
    ways = {title: code for code, title in rules.CONSENT_WAYS.items()}
    classes = {title: code for code, title in terms.classes.items()}
    way = said.get("way", "")
    enter(
        terms.code,
        by=by,
        edition=edition,
        path=path,
        listed=Listed(name=said.get("name", ""), phone=said.get("phone", ""), title=said.get("title", "")),
        class_code=classes.get(said.get("class_code", ""), said.get("class_code", "")),
        since=_day(said["since"], path) if "since" in said else None,
        consents=[Consented("keep", ways.get(way, way))] if way else [],
        basis=said.get("basis", ""),
    )


def _day(cell: Any, path: str) -> date:
    where = zone(zone_of(path))
    return local(parse_moment(cell, where, at=now()), where).date()
