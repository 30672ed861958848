"""Whether a need coming in is a repeat of one that had ended: read once for all that come in together.

Protected reporters are left out on both sides: that two reports are of one person would tell who reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from youying.editions.queries import param
from youying.matters.intake_rules import NeedIn
from youying.matters.merge_rules import Told
from youying.matters.models import Matter, Reporter
from youying.matters.repeat_rules import DAYS, LOOKED_BACK_MOST, Ended, is_repeat
from youying.matters.reporting import phone_indexes
from youying.packs.edition import Edition

READ = ("category", "area_path", "compound_id", "opened_at", "ended_at")


class Past:
    """The needs that had ended, by the blind index of whoever reported them."""

    def __init__(self, needs: Collection[NeedIn], *, since: datetime) -> None:
        """Read, in one statement, what ended after `since` of everybody who reports these; none where nobody is known."""
        self.indexes: dict[str, frozenset[str]] = {}
        self.ended: dict[str, list[Ended]] = {}
        named = [need for need in needs if need.category]
        indexes = {index for need in named for index in self._known(need)}
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

    def _known(self, need: NeedIn) -> frozenset[str]:
        """What its telephones may be kept under, each worked out once; protected ones and unreadable ones not."""
        phones = {person.phone for person in need.reporters if person.phone and not person.protected}
        for phone in phones - self.indexes.keys():
            self.indexes[phone] = phone_indexes(phone)
        return frozenset().union(*(self.indexes[phone] for phone in phones))

    def _add(
        self, index: str, category: str, area: str, compound: int | None, opened: datetime, ended: datetime
    ) -> None:
        told = Told(frozenset({index}), category, area, compound, opened)
        self.ended.setdefault(index, []).append(Ended(told, ended))

    def mark(self, matter: Matter, need: NeedIn, edition: Edition, *, at: datetime) -> None:
        """Set the matter's `repeat` by the number of days in force at the place."""
        mine = self._known(need)
        earlier = [one for index in mine for one in self.ended.get(index, ())]
        if earlier:
            told = Told(mine, matter.category, matter.area_path, matter.compound_id, matter.opened_at)
            matter.repeat = is_repeat(told, earlier, days=int(param(edition, matter.area_path, DAYS, at)))

    def remember(self, matter: Matter, need: NeedIn) -> None:
        """Know a matter that came in with the others and had ended too."""
        if matter.ended_at is not None:
            for index in self._known(need):
                self._add(
                    index, matter.category, matter.area_path, matter.compound_id, matter.opened_at, matter.ended_at
                )


def mark_repeat(matter: Matter, need: NeedIn, edition: Edition, *, at: datetime) -> None:
    """Set `repeat` of one matter; a statement, and none where no telephone or no category is known."""
    Past((need,), since=at - LOOKED_BACK_MOST).mark(matter, need, edition, at=at)


def past_of(needs: Collection[NeedIn], moments: Iterable[datetime]) -> Past:
    """What had ended of all who report these needs, told at these moments."""
    return Past(needs, since=min(moments) - LOOKED_BACK_MOST)
