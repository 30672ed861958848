"""A book whose heads were proved before proofs covered data keys is proved anew, but for what was forged."""

from __future__ import annotations

from importlib import import_module

import msgspec
import pytest
from django.apps import apps

from tests.record.desk import open_matter
from youying.kernel.sealing import hmac_of
from youying.kernel.viewers import SYSTEM
from youying.record.keys import ring
from youying.record.models import Head
from youying.record.queries import verify

MOVED = import_module("youying.record.migrations.0003_heads_vouch_for_keys")


@pytest.mark.django_db
def test_heads_of_the_first_encoding_are_proved_anew_and_forged_ones_are_not():
    for number in (1, 2):
        open_matter(f"matter:{number}", by=SYSTEM, words={"text": "路灯不亮"})
    key = ring().current("head")
    for head in Head.objects.all():
        said = ["youying-head-1", head.subject, head.series, head.serial, head.count, head.hash.hex()]
        proof = hmac_of(key, msgspec.json.encode(said)) if head.subject != "matter:2" else bytes(32)
        Head.objects.filter(pk=head.pk).update(mac=key.key_id.encode() + b"\0" + proof)
    MOVED.prove_anew(apps, None)
    assert {(fault.kind, fault.subject) for fault in verify().faults} == {("head-forged", "matter:2")}
