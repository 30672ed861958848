"""Reading purses: what they hold, their statement with a running balance, whether all of it balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Count, Max, Q, QuerySet, Sum

from youying.access.queries import within
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.funds.rules import say_amount
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.register_queries import keys_with, names_of_keys
from youying.places.queries import path_words
from youying.record.queries import Opener, opener
from youying.record.reaching import register_places

PAGE = 50


@dataclass(frozen=True, slots=True)
class PurseShown:
    """A purse as lists show it; its holder masked, amounts in the smallest unit."""

    id: int
    subject: str
    code: str
    unit: str
    holder: str
    shown: str
    path: str
    area_path: str
    balance: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booking as its purse sees it: in or out, what was there after it, what proves it."""

    id: int
    at: datetime
    kind: str
    line: str
    into: int
    out: int
    balance: int
    needs: tuple[str, ...]
    words: dict[str, str]
    post_title: str
    reversed: bool
    reverses: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A purse between two moments: what it opened with, every booking, what it closed with."""

    purse: PurseShown
    opening: int
    lines: Sequence[StatementLine]
    closing: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Whether the purses of a kind balance: what is held, what came in and went out, and what does not add up."""

    code: str
    unit: str
    purses: int
    held: int
    came: int
    went: int
    wrong: tuple[int, ...]

    @property
    def balances(self) -> bool:
        """True where in less out is what is held, and every purse holds what its bookings say."""
        return not self.wrong and self.came - self.went == self.held


@dataclass(frozen=True, slots=True)
class AskShown:
    """A spending that waits for a yes."""

    id: int
    purse: PurseShown
    line: str
    amount: int
    asked_at: datetime
    asked_of: tuple[str, ...]
    post_title: str
    account_id: int | None
    words: dict[str, str]


def purses(viewer: Viewer, code: str, *, path: str = "", offset: int = 0, limit: int = PAGE) -> list[PurseShown]:
    """The purses of a kind within reach, the fullest first; needs the power `view`."""
    rows = _purses(viewer, path).filter(code=code).order_by("-balance", "pk")
    return _shown(rows[offset : offset + limit], viewer)


def count_purses(viewer: Viewer, code: str, *, path: str = "") -> int:
    """How many purses of a kind there are within reach."""
    return _purses(viewer, path).filter(code=code).count()


def board_rows(viewer: Viewer, code: str, *, path: str, limit: int) -> list[list[str]]:
    """The purses of a kind at a place as a notice shows them: holder masked, place, what it holds; the fullest first.

    Of people only those whose consent to be shown stands (Personal Information Protection Law 25); all others are one
    sum at the end.
    """
    rows = _purses(viewer, path).filter(code=code).order_by("-balance", "pk")
    public = ~Q(holder__startswith="person:") | Q(holder__in=keys_with("show"))
    found = _shown(rows.filter(public)[:limit], viewer)
    told = [[one.shown, path_words(one.path), say_amount(one.balance, one.unit)] for one in found]
    rest = rows.exclude(public).order_by().aggregate(count=Count("pk"), held=Sum("balance"), unit=Max("unit"))
    if rest["count"]:
        held = say_amount(rest["held"], rest["unit"])
        told.append([f"未公开姓名的{rest['count']}人合计", path_words(path), held])
    return told


def purse(viewer: Viewer, purse_id: int) -> PurseShown:
    """One purse; refused beyond reach."""
    return _shown([_one(viewer, purse_id)], viewer)[0]


def purse_of(viewer: Viewer, code: str, holder: str) -> PurseShown | None:
    """The purse of a holder (person:…, place:…), or nothing where it has none."""
    row = _purses(viewer, "").filter(code=code, holder=holder).first()
    return _shown([row], viewer)[0] if row else None


def statement(
    viewer: Viewer, purse_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> Statement:
    """Every booking of a purse in a period, each with what was there after it."""
    row = _one(viewer, purse_id)
    rows = Booking.objects.filter(Q(source=row) | Q(target=row))
    before = _net(rows.filter(booked_at__lt=since), row) if since else 0
    if since:
        rows = rows.filter(booked_at__gte=since)
    if until:
        rows = rows.filter(booked_at__lt=until)
    keys, balance, lines = opener([row.subject]), before, []
    for one in rows.select_related("reversed_by").order_by("pk"):
        balance += one.amount if one.target_id == row.pk else -one.amount
        lines.append(_line(one, row, balance, keys))
    return Statement(_shown([row], viewer)[0], before, lines, balance)


def reconcile(viewer: Viewer, code: str, *, path: str = "") -> Reconciled:
    """Whether every purse of a kind within reach holds exactly what its bookings say; three statements."""
    found = _purses(viewer, path).filter(code=code)
    rows = {row.pk: row for row in found}
    came = _sums(Booking.objects.filter(target__in=found.values("pk")), "target")
    went = _sums(Booking.objects.filter(source__in=found.values("pk")), "source")
    wrong = [pk for pk, row in rows.items() if came.get(pk, 0) - went.get(pk, 0) != row.balance]
    unit = next((row.unit for row in rows.values()), "")
    held = sum(row.balance for row in rows.values())
    return Reconciled(code, unit, len(rows), held, sum(came.values()), sum(went.values()), tuple(sorted(wrong)))


def waiting(viewer: Viewer, *, path: str = "") -> list[AskShown]:
    """The spendings within reach that wait for a yes, the oldest first."""
    return _asks(_waiting(viewer, path).order_by("pk")[:PAGE], viewer)


def ask(viewer: Viewer, ask_id: int) -> AskShown:
    """One spending that waits for a yes; refused beyond reach and once it is answered."""
    found = _asks(_waiting(viewer, "").filter(pk=ask_id), viewer)
    if not found:
        raise Refused("not-found", say="没有这笔申请，或已经有人答复。", have=ask_id)
    return found[0]


def _waiting(viewer: Viewer, path: str) -> QuerySet[SpendAsk]:
    return SpendAsk.objects.filter(answered_at__isnull=True, purse__in=_purses(viewer, path))


def _asks(found: QuerySet[SpendAsk], viewer: Viewer) -> list[AskShown]:
    rows = list(found.select_related("purse"))
    shown = {one.id: one for one in _shown([row.purse for row in rows], viewer)}
    keys = opener(row.purse.subject for row in rows)
    return [
        AskShown(
            row.pk, shown[row.purse_id], row.line, row.amount, row.asked_at, tuple(row.asked_of), row.post_title,
            row.account_id, _words(keys, row.purse.subject, row.words_sealed),
        )
        for row in rows
    ]  # fmt: skip


def gifts(viewer: Viewer, code: str, *, path: str = "") -> list[Gift]:
    """What stands on the shelf for a kind of purse, within reach."""
    viewer.require("view")
    rows = Gift.objects.filter(_reach(viewer, path, "area_path"), code=code)
    return list(rows.order_by("area_path", "price", "pk"))


def _purses(viewer: Viewer, path: str) -> QuerySet[Purse]:
    viewer.require("view")
    return Purse.objects.filter(_reach(viewer, path, "path"), outside=False)


def _reach(viewer: Viewer, path: str, column: str) -> Q:
    reach = within(viewer.reach, column=column) if viewer.reach else Q(pk=None)
    return reach & within(path, column=column) if path else reach


def _one(viewer: Viewer, purse_id: int) -> Purse:
    row = _purses(viewer, "").filter(pk=purse_id).first()
    if row is None:
        raise Refused("not-found", say="没有这个账户，或不在您的辖区内。", have=purse_id)
    return row


def _shown(rows: Iterable[Purse], viewer: Viewer) -> list[PurseShown]:
    rows = list(rows)
    names = names_of_keys(row.holder for row in rows)
    return [
        PurseShown(
            row.pk, row.subject, row.code, row.unit, row.holder, names.get(row.holder) or path_words(row.path),
            row.path, row.area_path, row.balance,
        )
        for row in rows
    ]  # fmt: skip


def _line(one: Booking, row: Purse, balance: int, keys: Opener) -> StatementLine:
    into = one.amount if one.target_id == row.pk else 0
    return StatementLine(
        id=one.pk,
        at=one.booked_at,
        kind=one.kind,
        line=one.line,
        into=into,
        out=one.amount - into,
        balance=balance,
        needs=tuple(one.needs),
        words=_words(keys, row.subject, one.words_sealed),
        post_title=one.post_title,
        reversed=hasattr(one, "reversed_by"),
        reverses=one.reverses_id,
    )


def _words(keys: Opener, subject: str, blob: bytes | None) -> dict[str, str]:
    return msgspec.json.decode(keys.value(subject, blob) or "{}", type=dict[str, str])


def _net(rows: QuerySet[Booking], row: Purse) -> int:
    came = rows.filter(target=row).aggregate(n=Sum("amount"))["n"] or 0
    return came - (rows.filter(source=row).aggregate(n=Sum("amount"))["n"] or 0)


def _sums(rows: QuerySet[Booking], end: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(end).annotate(n=Sum("amount")))


def _lie(keys: Iterable[str]) -> dict[str, list[str]]:
    rows = Purse.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "path")}


register_places("purse", _lie)


def _gifts_lie(keys: Iterable[str]) -> dict[str, list[str]]:
    rows = Gift.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "area_path")}


register_places("gift", _gifts_lie)
