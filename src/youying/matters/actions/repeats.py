"""Whether a need coming in is a repeat of one that had ended: read once for all that come in together.

Protected reporters are left out on both sides: that two reports are of one person would tell who reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from youying.editions.queries import param
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.sealing import blind_index
from youying.matters.intake_rules import NeedIn
from youying.matters.merge_rules import Told
from youying.matters.models import Matter, Reporter
from youying.matters.repeat_rules import DAYS, LOOKED_BACK_MOST, Ended, is_repeat
from youying.packs.edition import Edition
from youying.record.keys import ring

READ = ("category", "area_path", "compound_id", "opened_at", "ended_at")


class Past:
    """The needs that had ended, by the blind index of whoever reported them."""

    def __init__(self, needs: Collection[NeedIn], *, since: datetime) -> None:
        """Read, in one statement, what ended after `since` of everybody who reports these; none where nobody is known."""
        self.ended: dict[str, list[Ended]] = {}
        named = [need for need in needs if need.category]
        indexes = {index for need in named for index in _indexes(need)}
        if not indexes:
            return
        rows = Reporter.objects.filter(
            phone_index__in=indexes,
            protected=False,
            matter__category__in={need.category for need in named},
            matter__ended_at__gte=since,
        )
        for index, *row in rows.values_list("phone_index", *(f"matter__{name}" for name in READ)):
            self._add(index, *row)

    def _add(
        self, index: str, category: str, area: str, compound: int | None, opened: datetime, ended: datetime
    ) -> None:
        told = Told(frozenset({index}), category, area, compound, opened)
        self.ended.setdefault(index, []).append(Ended(told, ended))

    def mark(self, matter: Matter, need: NeedIn, edition: Edition, *, at: datetime) -> None:
        """Set the matter's `repeat` by the number of days in force at the place."""
        mine = _indexes(need)
        earlier = [one for index in mine for one in self.ended.get(index, ())]
        if earlier:
            told = Told(mine, matter.category, matter.area_path, matter.compound_id, matter.opened_at)
            matter.repeat = is_repeat(told, earlier, days=int(param(edition, matter.area_path, DAYS, at)))

    def remember(self, matter: Matter, need: NeedIn) -> None:
        """Know a matter that came in with the others and had ended too."""
        if matter.ended_at is not None:
            for index in _indexes(need):
                self._add(
                    index, matter.category, matter.area_path, matter.compound_id, matter.opened_at, matter.ended_at
                )


def mark_repeat(matter: Matter, need: NeedIn, edition: Edition, *, at: datetime) -> None:
    """Set `repeat` of one matter; a statement, and none where no telephone or no category is known."""
    Past((need,), since=at - LOOKED_BACK_MOST).mark(matter, need, edition, at=at)


def past_of(needs: Collection[NeedIn], moments: Iterable[datetime]) -> Past:
    """What had ended of all who report these needs, told at these moments."""
    return Past(needs, since=min(moments) - LOOKED_BACK_MOST)


def _indexes(need: NeedIn) -> frozenset[str]:
    """What the telephones of a need may be kept under, one for each key held; protected ones and unreadable ones not."""
    found: set[str] = set()
    for person in need.reporters:
        with suppress(Refused):
            if person.phone and not person.protected:
                said = normal_phone(person.phone)
                found |= {blind_index(key, said, kind="phone") for key in ring().held("index")}
    return frozenset(found)
