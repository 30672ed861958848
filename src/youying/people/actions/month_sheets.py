"""Month sheets of duty taken in: each shift as the sheet says it, or its line with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from youying.access.models import Post
from youying.access.rules import phone_that_fits
from youying.kernel.moments import local, now
from youying.kernel.refusals import Refused
from youying.kernel.tables import TableOutcome, plain
from youying.kernel.viewers import Viewer
from youying.people import roster_rules as rules
from youying.people.actions.rosters import (
    drafted,
    keep_new,
    lapse_swaps,
    lock_people,
    phone_of,
    row_of,
    spell_of,
    standing,
    tell,
)
from youying.people.models import Shift
from youying.people.on_duty import able, live
from youying.people.roster_rules import RosterSaid, Spell
from youying.people.roster_table_rules import Turn, read_month
from youying.record.actions import write_many
from youying.record.acts import act, unchanged

ACT = "people.import-month"


@dataclass
class MonthTaken(TableOutcome):
    """What a month sheet came to: the shifts added and changed by their time, and whom a name could mean."""

    month: date = date.min
    added: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    @property
    def touched(self) -> bool:
        """Whether anything would be different afterwards; a question may still be answered."""
        return bool(self.added or self.changed or self.asked)


@dataclass
class _Plan:
    """The month as it would stand: who is on what, who is booked elsewhere, which rows are new or change hands."""

    said: RosterSaid
    people: dict[int, Post]
    chosen: Mapping[str, int]
    held: dict[datetime, Shift]
    booked: dict[int, list[Spell]]
    phone: str
    seen: dict[datetime, int] = field(default_factory=dict)
    fresh: list[tuple[Turn, Shift]] = field(default_factory=list)
    moved: list[tuple[Turn, Shift, int | None]] = field(default_factory=list)


@act(ACT, power="rosters")
def import_month(
    said: RosterSaid,
    lines: Sequence[Sequence[Any]],
    *,
    month: date,
    by: Viewer,
    chosen: Mapping[str, int] | None = None,
    file: str = "",
) -> MonthTaken:
    """Put the people of a month sheet on the shifts of a roster; the same sheet again changes nothing.

    Names are those of people who hold a post of the roster at the place; of two with one name `chosen` says which.
    Shifts that the sheet leaves blank stay. Refused with `head-missing`, `shift-unclear`, `month-past`, `month-too-far`.
    """
    by.require_reach(said.path)
    outcome = MonthTaken(kind=said.code, file=plain(file)[:120])
    outcome.month, turns = read_month(lines, roster=said.roster, zone=said.zone, month=month, outcome=outcome)
    rules.month_asked(outcome.month, today=local(now(), said.zone).date())
    plan = _plan(said, turns, chosen or {})
    for turn in turns:
        try:
            _place(plan, turn, outcome)
        except Refused as refused:
            outcome.refuse(turn.row, turn.cells, refused)
    outcome.refused.sort(key=lambda bad: bad.row)
    _store(plan, outcome, by=by)
    return outcome


def try_month(
    said: RosterSaid,
    lines: Sequence[Sequence[Any]],
    *,
    month: date,
    by: Viewer,
    chosen: Mapping[str, int] | None = None,
    file: str = "",
) -> MonthTaken:
    """What `import_month` would do with this sheet; all of it is rolled back."""
    with transaction.atomic():
        outcome = import_month(said, lines, month=month, by=by, chosen=chosen, file=file)
        transaction.set_rollback(True)
    return outcome


def _plan(said: RosterSaid, turns: Sequence[Turn], chosen: Mapping[str, int]) -> _Plan:
    """Everything the lines are held against, read at once; a shift that the sheet says anew books nobody meanwhile."""
    people = able(said.path, said.roster.posts)
    lock_people(people)
    wanted = sorted((turn.spell for turn in turns), key=lambda one: one.begins_at)
    held = {row.begins_at: row for row in standing(said, wanted)}
    moments = {one.begins_at for one in wanted}
    booked: dict[int, list[Spell]] = {account: [] for account in people}
    for row in _near(people, wanted):
        if (row.path, row.roster) != (said.path, said.code) or row.begins_at not in moments:
            booked[row.account_id or 0].append(spell_of(row))
    return _Plan(said, people, chosen, held, booked, phone_of(list(people.values())))


def _near(people: Mapping[int, Post], wanted: Sequence[Spell]) -> list[Shift]:
    if not wanted:
        return []
    until = max(one.ends_at for one in wanted)
    near = live().filter(account__in=people, ends_at__gt=wanted[0].begins_at, begins_at__lt=until + timedelta(days=1))
    return list(near)


def _place(plan: _Plan, turn: Turn, outcome: MonthTaken) -> None:
    """One shift of the sheet: the same, changed, new, or refused."""
    account = _who(plan, turn, outcome)
    spell, row = turn.spell, plan.held.get(turn.spell.begins_at)
    if plan.seen.setdefault(spell.begins_at, account) != account:
        raise Refused("shift-twice", say=f"{_when(plan, spell)}在表里写了两次，人不一样。请留一个。", field="name")
    phone = phone_that_fits(turn.phone) or (row.phone if row else plan.phone)
    if row and (row.account_id, row.phone) == (account, phone):
        outcome.same += 1
        plan.booked[account].append(spell)
        return
    rules.refuse_past(spell.begins_at, at=now())
    rules.refuse_double(plan.people[account].account.name, spell, booked=plan.booked[account])
    plan.booked[account].append(spell)
    if row is None:
        fresh = row_of(plan.said, spell, account, phone)
        plan.held[spell.begins_at] = fresh
        plan.fresh.append((turn, fresh))
        outcome.added.append(_when(plan, spell))
        return
    plan.moved.append((turn, row, row.account_id))
    outcome.changed[_when(plan, spell)] = turn.name
    row.account_id, row.phone, row.version, row.told_at = account, phone, row.version + 1, None


def _who(plan: _Plan, turn: Turn, outcome: MonthTaken) -> int:
    """The account that a name means; a question where it could be several."""
    found = [post for post in plan.people.values() if post.account.name == turn.name]
    if len(found) == 1:
        return found[0].account_id
    if not found:
        posts = "、".join(plan.said.roster.posts)
        say = f"这里没有叫“{turn.name[:20]}”的值班人（要有岗位：{posts}）。请核对名字，或先任命再导。"
        raise Refused("name-unknown", say=say, have=turn.name[:20], need=list(plan.said.roster.posts), field="name")
    outcome.asked[turn.name] = [(post.account_id, _label(post)) for post in found]
    if (chosen := plan.chosen.get(turn.name)) in {post.account_id for post in found}:
        return chosen or 0
    say = f"叫“{turn.name}”的有{len(found)}个人，请选是哪一位。"
    raise Refused("name-ambiguous", say=say, have=turn.name, need=len(found), field="name")


def _label(post: Post) -> str:
    unit = post.unit.title if post.unit else post.title
    return f"{post.account.name}（{unit}，{post.account.username}）"


def _when(plan: _Plan, spell: Spell) -> str:
    return f"{spell.day.month}月{spell.day.day}日{local(spell.begins_at, plan.said.zone):%H:%M}"


def _store(plan: _Plan, outcome: MonthTaken, *, by: Viewer) -> None:
    """Keep what the sheet changes, each shift with its entry, and tell once whoever is moved."""
    rows = [row for _turn, row in plan.fresh]
    keep_new(rows)
    moved = [row for _turn, row, _before in plan.moved]
    Shift.objects.bulk_update(moved, ["account", "phone", "version", "told_at"])
    told: dict[str, Any] = {"edition": plan.said.edition}
    drafts = [drafted(row, ACT, by=by, told=told | {"row": turn.row}, fresh=True) for turn, row in plan.fresh]
    drafts += [
        drafted(row, ACT, by=by, told=told | {"row": turn.row, "before": before}) for turn, row, before in plan.moved
    ]
    if not drafts:
        unchanged()
        return
    write_many(drafts)
    others = [(row, before) for _turn, row, before in plan.moved if before != row.account_id]
    lapse_swaps(row.pk for row, _before in others)
    if others:
        say = f"{outcome.month.month}月的{plan.said.roster.title}按新表改了{len(others)}班，请看自己的班。"
        tell(others[0][0], "assigned", [one for row, before in others for one in (before, row.account_id)], say)
