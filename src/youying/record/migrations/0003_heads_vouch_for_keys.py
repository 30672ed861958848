"""Prove the heads anew, now that a proof covers the data key too; only those whose old proof holds."""

from typing import Any

import msgspec
from django.db import migrations

from youying.kernel.sealing import hmac_of
from youying.record import rules
from youying.record.keys import ring

ROWS_AT_ONCE = 500


def _held_before(head: Any) -> bool:
    """Whether the proof is one of the first encoding, which left the data key out."""
    key_id, _, proof = bytes(head.mac).partition(b"\0")
    said = ["youying-head-1", head.subject, head.series, head.serial, head.count, head.hash.hex()]
    return proof == hmac_of(ring().by_id(key_id.decode()), msgspec.json.encode(said))


def prove_anew(apps: Any, schema_editor: Any) -> None:
    """Give every head that was vouched for its wider proof."""
    heads = apps.get_model("record", "Head").objects
    some: list[Any] = []
    for head in heads.order_by("subject").iterator(chunk_size=ROWS_AT_ONCE):
        if _held_before(head):
            head.mac = rules.head_mac(ring(), head)
            some.append(head)
        if len(some) == ROWS_AT_ONCE:
            heads.bulk_update(some, ["mac"])
            some = []
    heads.bulk_update(some, ["mac"])


class Migration(migrations.Migration):
    """Proofs of heads."""

    dependencies = [("record", "0002_guards")]
    operations = [migrations.RunPython(prove_anew, migrations.RunPython.noop)]
