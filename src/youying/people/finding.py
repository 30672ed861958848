"""Keyed fingerprints: how a sealed value is found without being opened."""

from __future__ import annotations

from youying.kernel.sealing import blind_index
from youying.record.keys import ring


def fingerprint(kind: str, normal_form: str) -> str:
    """The fingerprint of a name, phone or ID number in its normal form; empty for nothing."""
    return blind_index(ring().current("index"), normal_form, kind=kind) if normal_form else ""


def fingerprints(kind: str, normal_form: str) -> list[str]:
    """All fingerprints that a value may be kept under, one for each key held: the one to store by is the first."""
    return [blind_index(key, normal_form, kind=kind) for key in ring().held("index")] if normal_form else []
