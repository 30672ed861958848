"""Compare what is written in bulk with what the real actions leave, life by life and column for column.

python -m bench.history.comparing 1000      in an empty home (YOUYING_HOME); ends with 1 at the first difference
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
django.setup()

import msgspec  # noqa: E402 - after Django is set up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.history import filling, learning, templates  # noqa: E402
from bench.history.filling import ENTRY_OUT, HEAD_OUT, columns_of  # noqa: E402
from bench.history.lives import SHAPES, Life, Shape  # noqa: E402
from bench.street import District, build_district  # noqa: E402
from bench.words import say  # noqa: E402
from youying.kernel.sealing import unseal, unwrap_data_key  # noqa: E402
from youying.record import rules  # noqa: E402
from youying.record.keys import ring  # noqa: E402

A_PATTERN = 25
"""How many lives are filled from one pattern before another of the same kind is learnt."""


def compare(district: District, shape: Shape, *, count: int, seed: str = "") -> Iterator[list[str]]:
    """So many lives of a kind, told and filled; for each what differs between the two."""
    chance = random.Random(seed or shape.name)
    filler = filling.Filler(district, vendor=connection.vendor)
    for n in range(count):
        if n % A_PATTERN == 0:
            pattern = None
            while pattern is None:
                pattern = learning.learn(district, learning.sample_life(district, chance, shape))
            ready = filling.make_ready(pattern, vendor=connection.vendor)
        life = neighbour(district, chance, pattern)
        told = learning.tell(district, life)
        yield differences(told, filler.fill(ready, life, told.head["serial"]))


def differences(told: Any, filled: Any) -> list[str]:
    """The tables, entries and head in which a filled life is not the told one."""
    ours, theirs = rows_of(filled), plain(told.rows)
    found = [table for table in sorted({*ours, *theirs}) if ours.get(table) != theirs.get(table)]
    found += ["entries"] if entries_of(filled) != plain(told.entries) else []
    series = dict(zip(HEAD_OUT, filled.head, strict=True))["series"]
    return found + (["series"] if series != told.head["series"] else [])


def neighbour(district: District, chance: random.Random, pattern: Any) -> Life:
    """Another life of the same kind: somebody else, elsewhere, some minutes later."""
    said = say(chance, urgency=pattern.life.said.urgency)
    later = pattern.life.opened_at + learning.WINDOW * chance.random()
    return Life(pattern.life.shape, later.replace(microsecond=0), chance.choice(district.places), said)


def rows_of(filled: Any) -> dict[str, list[dict[str, Any]]]:
    """The filled rows as plain data, without what is sealed or hashed."""
    return {
        table: [
            plain({name: read(table, name, value) for name, value in zip(columns_of(table), row, strict=True)})
            for row in rows
        ]
        for table, rows in filled.rows.items()
    }


def read(table: str, name: str, value: Any) -> Any:
    """A value as the models read it."""
    if name in templates.MADE_ANEW:
        return None
    if value is not None and templates.is_json(table, name):
        return json.loads(value)
    return value


def entries_of(filled: Any) -> list[dict[str, Any]]:
    """The filled entries as plain data, their sealed parts opened; refused where the chain is broken."""
    key, found, prev = data_key_of(filled), [], rules.NO_HASH
    for row in filled.entries:
        entry = dict(zip(ENTRY_OUT, row, strict=True))
        if entry["prev"] != prev:
            raise SystemExit(f"the chain of {entry['subject']} is broken at {entry['seq']}")
        prev = entry["hash"]
        sealed = entry["sealed"]
        bound = rules.bound_to_entry(entry["subject"], entry["seq"])
        opened = msgspec.json.decode(unseal(key, sealed, bound)) if sealed else None
        kept = {name: entry[name] for name in templates.ENTRY_COLUMNS}
        found.append(plain(kept | {"facts": msgspec.json.decode(entry["facts"]), "sealed": opened}))
    return found


def data_key_of(filled: Any) -> Any:
    """The data key of a filled head."""
    head = dict(zip(HEAD_OUT, filled.head, strict=True))
    return unwrap_data_key(ring(), head["data_key"], bound_to=head["subject"].encode())


def plain(value: Any) -> Any:
    """Moments in one form, lists as lists; what is made anew for each life left out."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in templates.MADE_ANEW}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == value[7:8] == "-" and value[10] == " ":
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def main(count: int) -> None:
    """Compare so many lives, an equal share of each kind."""
    call_command("migrate", verbosity=0)
    district, started, done = build_district(towns=1), time.perf_counter(), 0
    for place, shape in enumerate(SHAPES):
        share = count // len(SHAPES) + (place < count % len(SHAPES))
        for found in compare(district, shape, count=share):
            if found:
                raise SystemExit(f"{shape.name}: bulk and real actions differ in {', '.join(found)}")
            done += 1
    seconds = time.perf_counter() - started
    print(f"{done:,} matters written in bulk equal those of the real actions ({seconds:.0f} s)")  # noqa: T201 - the answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
