"""Looking at whole personal values: an act with a purpose."""

from __future__ import annotations

from youying.access.rules import check_purpose
from youying.kernel.viewers import Viewer
from youying.record.actions import write
from youying.record.acts import act
from youying.record.models import Entry


@act("access.unmask", power="unmask")
def log_unmask(subject: str, *, by: Viewer, field: str, purpose: str) -> Entry:
    """Leave in the subject's own record who saw which field whole, and what for; only then show it.

    Source: Personal Information Protection Law, articles 6 and 51.
    """
    check_purpose(purpose)
    return write(subject, "access.unmask", by=by, facts={"field": field, "purpose": purpose})
