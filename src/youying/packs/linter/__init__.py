"""The linter: reads a merged edition as a whole and says what is wrong, where, and what to do."""

from __future__ import annotations

from pydantic import ValidationError

from youying.kernel.refusals import Refused
from youying.packs.composer import Composed, compose
from youying.packs.edition import Edition, edition_of
from youying.packs.faults import CODES, Fault
from youying.packs.floor import check_floors
from youying.packs.linter.acts import check_acts
from youying.packs.linter.closing import check_closing, check_reasons
from youying.packs.linter.directory import check_directory, directory_faults
from youying.packs.linter.figures import check_read_off
from youying.packs.linter.means import check_means
from youying.packs.linter.names import check_names
from youying.packs.linter.parts import check_loop_head, check_parts
from youying.packs.linter.paths import check_paths
from youying.packs.linter.reading import Reading
from youying.packs.linter.recurring import check_recurring
from youying.packs.linter.times import check_clocks
from youying.packs.schema import Pack
from youying.packs.source import Library, RawPack
from youying.packs.validation import validation_faults

__all__ = ["CODES", "Fault", "check", "directory_faults", "lint"]

LOOP_CHECKS = (check_loop_head, check_paths, check_acts, check_closing, check_clocks, check_parts)
PACK_CHECKS = (check_names, check_recurring, check_means, check_read_off, check_reasons, check_directory, check_floors)


def check(raw: RawPack, lib: Library) -> list[Fault]:
    """All faults of one pack, merged with what it extends; empty when it is clean."""
    try:
        composed = compose(raw, lib)
    except Refused as refused:
        return [_of_refusal(refused, raw)]
    if composed.clashes:
        return _of_clashes(composed)
    try:
        Pack.model_validate(composed.merged)
    except ValidationError as error:
        return sorted(validation_faults(error, composed))
    edition = edition_of(composed)
    return [*lint(edition), *directory_faults(edition, raw.directory)]


def lint(edition: Edition) -> list[Fault]:
    """All faults of an edition, by code and key."""
    reading = Reading(edition)
    for name, loop in edition.pack.loop.items():
        for check_loop in LOOP_CHECKS:
            check_loop(reading, name, loop)
    for check_pack in PACK_CHECKS:
        check_pack(reading)
    return sorted(set(reading.faults))


def _of_refusal(refused: Refused, raw: RawPack) -> Fault:
    code = "L07" if refused.code in ("pack-unknown", "pack-drop-nothing", "pack-not-a-table") else "L19"
    return Fault(code, raw.file, refused.field or "pack", refused.say, "")


def _of_clashes(composed: Composed) -> list[Fault]:
    return [
        Fault("L19", "、".join(composed.files[code] for code in clash.packs), clash.key, clash.say, clash.remedy)
        for clash in composed.clashes
    ]
