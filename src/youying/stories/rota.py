"""A month of duty in a story: planned by who minds it, handed over shift by shift, swapped now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import roster_in_force
from youying.matters.queries.landings import open_after
from youying.people import actions, on_duty
from youying.people.models import Shift
from youying.stories.telling import Teller

QUIET = "无事，电话正常，门岗和监控都看过。"
BUSY = "电话记下的还没有派，早上请派单员先看这几件。"


@dataclass(frozen=True)
class Rota:
    """The duty of one place: its roster, who minds it, who shares it by account, the number shown."""

    teller: Teller
    path: str
    code: str
    keeper: Viewer
    crew: dict[int, Viewer]
    phone: str

    def plan(self, month: date) -> None:
        """Plan a month, then see to its hand-overs as the shifts end."""
        rules = roster_in_force(self.path, self.code, month=month)
        actions.plan_shifts(rules, month=month, by=self.keeper, phone=self.phone)
        for row in Shift.objects.filter(path=self.path, roster=self.code, removed_at=None, account__isnull=False):
            if row.ends_at <= self.teller.until and (row.day.year, row.day.month) == (month.year, month.month):
                self.teller.at(row.ends_at, lambda pk=row.pk: self.hand_over(pk))  # type: ignore[misc]

    def hand_over(self, shift_id: int) -> None:
        """Whoever was on the shift writes what is open; whoever takes over confirms it ten minutes later."""
        row = Shift.objects.get(pk=shift_id)
        by = self.crew[row.account_id or 0]
        numbers = [one.number for one in open_after(row)]
        actions.write_hand_over(row.pk, note=BUSY if numbers else QUIET, numbers=numbers, by=by)
        self.teller.at(row.ends_at + timedelta(minutes=10), lambda: self.read(shift_id))

    def read(self, shift_id: int) -> None:
        """The next one confirms; who serves twice in a row has the secretary confirm."""
        row = Shift.objects.get(pk=shift_id)
        after = on_duty.next_shift(row)
        same = after is None or after.account_id == row.account_id
        by = self.keeper if same or after is None else self.crew[after.account_id or 0]
        actions.read_hand_over(shift_id, by=by)

    def swap(self, giver: Viewer, *, answered: bool) -> None:
        """Somebody asks the next free colleague to take their coming shift; where it is answered, with a yes."""
        mine = Shift.objects.filter(path=self.path, account_id=giver.account_id or 0, begins_at__gt=self.teller.until)
        row = mine.order_by("begins_at").first()
        near = timedelta(hours=8)
        if row is None:
            return
        busy = Shift.objects.filter(
            account__in=self.crew, begins_at__lt=row.ends_at + near, ends_at__gt=row.begins_at - near
        )
        taken = set(busy.values_list("account_id", flat=True))
        taker = next((one for key, one in self.crew.items() if key not in taken), None)
        if taker is None:
            return
        asked = actions.ask_swap(row.pk, taker=taker.account_id or 0, by=giver)
        if answered:
            actions.answer_swap(asked.pk, yes=True, by=taker)
