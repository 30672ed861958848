"""What a local pack or a changed number would mean, before anybody adopts it; reading only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from youying.editions.models import Adoption, LocalPack
from youying.editions.numbers import Number, number_of, numbers_of, with_number
from youying.editions.queries import edition_for
from youying.editions.rules import paths_up
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.diff import Change, diff
from youying.packs.edition import Edition, build_edition
from youying.packs.executed import adoptable
from youying.packs.faults import Fault
from youying.packs.source import RawPack, library, parse_pack

LOCAL_FILE = "本地包"
MOST_CHARACTERS = 400_000
MEANWHILE_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """A local pack as it would be adopted: its text, the merged edition, what changes, what stands in the way.

    `remarks` are sentences of the contexts above on what runs by the edition before and is gone in this one.
    """

    toml: str
    edition: Edition
    changes: list[Change]
    faults: list[Fault]
    number: Number | None = None
    version: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def adoptable(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.faults


Remark = Callable[[str, Edition, Edition], list[str]]
"""Says for a place what runs there by the first edition and is gone in the second."""
_REMARKS: list[Remark] = []


def remarking(function: Remark) -> Remark:
    """Let a context above say something in every preview."""
    _REMARKS.append(function)
    return function


@lru_cache(maxsize=1)
def shipped() -> dict[str, RawPack]:
    """The library of packs that comes with the program."""
    return library()


def latest_pack(area_path: str) -> LocalPack | None:
    """The latest local pack of the place, or of the nearest place above that has one."""
    for path in paths_up(area_path):
        if row := LocalPack.objects.filter(area_path=path).order_by("-version").first():
            return row
    return None


def edition_from(toml: str) -> Edition:
    """The edition that a local pack's text composes to; refused when packs clash or a word is unknown."""
    if len(toml) > MOST_CHARACTERS:
        raise Refused(
            "local-pack-too-long", say="本地包太长了，请只写与机制包不同的地方。", have=len(toml), need=MOST_CHARACTERS
        )
    return build_edition(parse_pack(toml, file=LOCAL_FILE), shipped())


def preview_adoption(viewer: Viewer, area_path: str, toml: str) -> Preview:
    """What adopting a local pack would change at a place, and what keeps it from adoption."""
    viewer.require("packs")
    viewer.require_reach(area_path)
    edition = edition_from(toml)
    before = _in_force(area_path)
    changes = diff(before, edition) if before else []
    return Preview(toml, edition, changes, adoptable(edition), remarks=_remarks(area_path, before, edition))


def preview_change(viewer: Viewer, area_path: str, key: str, value: object) -> Preview:
    """What changing one number would mean, written nowhere; refused when the number is not one or not so written."""
    viewer.require("packs")
    viewer.require_reach(area_path)
    row = latest_pack(area_path)
    if row is None:
        raise Refused("local-pack-missing", say="这里还没有本地包，请先采用一个机制包。", have=area_path)
    before = edition_from(row.toml)
    number = number_of(before, key)
    toml = with_number(row.toml, before, key, value)
    edition = edition_from(toml)
    changes = diff(_in_force(area_path) or before, edition)
    return Preview(toml, edition, changes, adoptable(edition), number, row.version)


def refuse_changed(area_path: str, expected_version: int | None) -> None:
    """Refuse when the local pack that holds here is not the version that somebody had before them; says who changed what."""
    row = latest_pack(area_path)
    version = row.version if row else 0
    if expected_version is None or version == expected_version:
        return
    who, what = _changed_since(row, expected_version) if row else ("有人", "")
    raise Refused(
        "changed-meanwhile",
        say=f"您打开这一页以后，{who}改了本地包{what}请刷新，看过再改；您写的还没有采用。",
        have=version,
        need=expected_version,
    )


def _changed_since(row: LocalPack, version: int) -> tuple[str, str]:
    """Who has adopted later versions, and what is different since, as the middle of a sentence."""
    newer = Adoption.objects.filter(area_path=row.area_path, local_pack__version__gt=version).order_by("id")
    who = "、".join(dict.fromkeys(newer.values_list("adopted_by", flat=True))) or "有人"
    seen = LocalPack.objects.filter(area_path=row.area_path, version=version).first()
    if seen is None:
        return who, "。"
    changes = [change.say.rstrip("。") for change in diff(edition_from(seen.toml), edition_from(row.toml))]
    more = f"，另有{len(changes) - MEANWHILE_SHOWN}处" if len(changes) > MEANWHILE_SHOWN else ""
    return who, f"：{'；'.join(changes[:MEANWHILE_SHOWN])}{more}。" if changes else "。"


def numbers(viewer: Viewer, area_path: str) -> list[Number]:
    """The numbers that a place may change, of the edition in force there."""
    viewer.require("packs")
    viewer.require_reach(area_path)
    return numbers_of(edition_for(area_path))


def _remarks(area_path: str, before: Edition | None, after: Edition) -> tuple[str, ...]:
    return tuple(say for remark in _REMARKS for say in remark(area_path, before, after)) if before else ()


def _in_force(area_path: str) -> Edition | None:
    try:
        return edition_for(area_path)
    except Refused:
        return None
