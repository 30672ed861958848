"""Who reported a need, as it is kept: sealed under the matter's own key, and found by a fingerprint."""

from __future__ import annotations

from datetime import datetime

import msgspec

from youying.matters.intake_rules import ReporterIn
from youying.matters.models import Matter, Reporter
from youying.matters.reporting import phone_of
from youying.record import actions as record
from youying.record.keys import fingerprint


def reporter_of(matter: Matter, person: ReporterIn, *, protected: bool, at: datetime) -> Reporter:
    """A reporter not yet saved, with the contact sealed; nobody has a secret until one is issued."""
    contact = {"name": person.name[:60], "phone": person.phone[:30], "address": person.address[:120]}
    filled = any(contact.values())
    return Reporter(
        matter_id=matter.pk,
        contact_sealed=record.seal_for(matter.subject, msgspec.json.encode(contact).decode()) if filled else None,
        phone_index=fingerprint("phone", phone_of(person)),
        protected=protected,
        channel=matter.channel,
        at=at,
    )
