"""Bells that could not be rung: kept with their kind of fault, tried again after a growing pause, shown to a person."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from youying.kernel.refusals import Refused
from youying.matters.models import StuckBell
from youying.record.rules import pause_after

LOG = logging.getLogger(__name__)
MOST_TRIES = 30_000


def waiting_rows(bell: str, at: datetime) -> QuerySet[StuckBell, int]:
    """The rows of this bell that are not tried again yet."""
    return StuckBell.objects.filter(bell=bell, try_at__gt=at).values_list("row_id", flat=True)


def note(bell: str, row_id: int, matter_id: int, *, error: Exception, at: datetime) -> None:
    """Keep a bell that failed; of the error only its kind and place, because its words may hold personal values."""
    kind = error.code if isinstance(error, Refused) else f"{type(error).__name__} {_place(error)}"
    LOG.warning("bell %s %s of matter %s could not be rung: %s", bell, row_id, matter_id, kind)
    with transaction.atomic():
        held = StuckBell.objects.select_for_update().filter(bell=bell, row_id=row_id).first()
        row = held or StuckBell(bell=bell, row_id=row_id, matter_id=matter_id, since=at)
        row.tries = min(row.tries + 1, MOST_TRIES)
        row.error, row.try_at = kind[:120], at + pause_after(min(row.tries, 20))
        row.save()


def forget_rung(at: datetime) -> None:
    """After a whole sweep: what was due to be tried and did not fail again has rung, or has nothing to ring for."""
    StuckBell.objects.filter(try_at__lte=at).delete()


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    return f"{code.co_filename.rpartition('/')[2]}:{code.co_name}" if code else ""
