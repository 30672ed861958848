"""How many statements an intake, an act and a page of a worklist cost, without those that only open and close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection

from bench.figures import Figure
from bench.history.lives import BEGIN, Life, Shape, report, taken_back
from bench.street import NOW, District
from bench.words import Said
from youying.kernel.moments import still
from youying.matters import actions
from youying.matters.queries import Filters, worklist

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
SAID = Said("地下室下水道又返水了，味儿顺着楼道往上走。", "utilities.drainage.blocked-drain", "simple", "paishui", "已疏通。", "qr",
            "陈桂芳", "13900000417", "2346ACDE")  # fmt: skip


def count(function: Callable[[], Any]) -> tuple[int, Any]:
    """How many statements ran, and what came of it."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Keep the statement's first word."""
        if not sql.lstrip().upper().startswith(NOT_COUNTED):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        result = function()
    return len(seen), result


def measure(district: District, where: str) -> list[Figure]:
    """Counted with warm caches, in a transaction that is taken back."""
    life = Life(Shape("counted", BEGIN, 0, (0, 1)), NOW - timedelta(hours=3), district.places[0], SAID)
    team = district.team("paishui", life.place)
    with taken_back(), still(life.opened_at) as clock:
        report(district, life)
        intake, opened = count(lambda: report(district, replace(life, said=replace(SAID, phone="13900000418"))))
        key, acts = opened.matter.pk, {}
        steps: list[tuple[str, Any, dict[str, Any]]] = [
            ("dispatch", district.staff["dispatcher"], {"unit": team.unit_id, "category": SAID.category}),
            ("accept", team.viewer, {}),
            ("contact", team.viewer, {"note": "已打过电话。"}),
            ("complete", team.viewer, {"note": SAID.done}),
            ("call-back", district.staff["caller"], {"way": "phone", "reached": True}),
        ]
        for name, by, data in steps:
            clock.go_to(clock() + timedelta(minutes=10))
            acts[name], _ = count(lambda name=name, by=by, data=data: actions.act(key, name, by=by, **data))
        page, _ = count(lambda: worklist(district.staff["dispatcher"], Filters()))
    said = ", ".join(f"{name} {n}" for name, n in acts.items())
    return [
        Figure("statements of an intake", where, str(intake), "", "≤ 12", intake <= 12),
        Figure("statements of an act", where, str(max(acts.values())), said, "≤ 10", max(acts.values()) <= 10),
        Figure("statements of a worklist page", where, str(page), "", "≤ 8", page <= 8),
    ]
