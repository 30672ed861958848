"""Kills an import before its n-th statement, for several n, and says as JSON what a successor made of it.

Each piece of work runs in a fork that is really killed with SIGKILL; the process that loops never connects.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.channels.hotline.world import a_row, csv_file  # noqa: E402
from tests.jobs.killing import go_rounds, in_a_fork, work_until_killed  # noqa: E402
from tests.matters import world as worlds  # noqa: E402
from youying.channels.hotline.actions import importing, loading  # noqa: E402
from youying.channels.hotline.models import Batch, Finding, Import  # noqa: E402
from youying.jobs.models import Job  # noqa: E402
from youying.jobs.timers import TIMERS  # noqa: E402
from youying.kernel.moments import set_clock  # noqa: E402
from youying.kernel.viewers import SYSTEM  # noqa: E402
from youying.matters.models import Matter, Reporter, Tally  # noqa: E402
from youying.record.queries import verify  # noqa: E402

START = datetime(2026, 11, 18, 1, 40, tzinfo=UTC)
ROWS, AT_ONCE, STEP, MOST = 12, 4, 7, 500


def lay_out() -> None:
    """The street."""
    set_clock(lambda: START)
    call_command("migrate", verbosity=0)
    worlds.build()


def ask(number: int, at: datetime) -> int:
    """A file of its own for each try, with one bad row."""
    set_clock(lambda: at)
    rows = [a_row(工单编号=f"{number}-{row}", 诉求内容=f"第{number}回第{row}件：灯坏了。") for row in range(ROWS)]
    rows[5] = a_row(工单编号=f"{number}-bad", 受理时间="不知道")
    row = importing.start(csv_file(rows), by=SYSTEM, area_path=worlds_town())
    return importing.begin(row.pk, by=SYSTEM).pk


def worlds_town() -> str:
    """The street's path."""
    return "/99/9901/990101/990101001"


def see(number: int, at: datetime) -> dict[str, object]:
    """Let a successor go on, and count."""
    set_clock(lambda: at + timedelta(minutes=5))
    go_rounds("successor")
    row = Import.objects.latest("pk")
    mine = Matter.objects.filter(external_id__startswith=f"{number}-")
    return {
        "matters": mine.count(),
        "reporters": Reporter.objects.filter(matter__in=mine).count(),
        "counted": [row.state, row.rows, row.opened, row.again, row.refused],
        "batches": Batch.objects.filter(of=row).count(),
        "findings": Finding.objects.filter(of=row).count(),
        "tallied": [sum(rows.values_list("n", flat=True)) for rows in (Tally.objects.full(), Tally.objects.by_unit())]
        == [Matter.objects.count()] * 2,
        "states": sorted(set(Job.objects.values_list("state", flat=True))),
        "whole": verify().ok,
    }


def main() -> None:
    """Kill before the first statement, the eighth … until an import lives to the end."""
    TIMERS.clear()
    loading.ROWS_AT_ONCE = AT_ONCE
    in_a_fork(lay_out)
    for number in range(1, MOST, STEP):
        at = START + timedelta(hours=number)
        in_a_fork(lambda number=number, at=at: ask(number, at))
        ended_by, _ = in_a_fork(work_until_killed(number, at))
        _, seen = in_a_fork(lambda number=number, at=at: see(number, at))
        sys.stdout.write(json.dumps({"number": number, "killed": bool(ended_by)} | seen) + "\n")
        if not ended_by:
            return
    raise SystemExit("no import lived to the end")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.test")
    main()
