"""Signing, renewing and ending agreements; the day's look at what ends soon and what has lapsed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from youying.editions.queries import edition_for
from youying.files.actions import attach
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.trying import done_each
from youying.kernel.viewers import SYSTEM, Viewer
from youying.packs.edition import Edition
from youying.partners import agreement_rules as rules
from youying.partners.actions.links import revoke_idle_links
from youying.partners.events import AgreementEnding
from youying.partners.models import Agreement, Offer
from youying.partners.reading import partner_register, today_at, unit_in_hand
from youying.people.actions import end_lapsed, enter, leave
from youying.people.models import RegisterEntry
from youying.people.register_rules import Listed, Terms
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act, unchanged


@act("partners.sign-agreement", power="act")
def sign_agreement(
    unit_id: int,
    *,
    by: Viewer,
    signed_on: date,
    since: date,
    until: date,
    class_code: str = "",
    remind_days: int = 30,
    file: str = "",
    register: str = "",
) -> Agreement:
    """Sign an agreement with a unit from a day to a day and list the unit among the partners; `file` is an upload.

    A unit has one running agreement; one that lapsed is closed first, one that runs is renewed instead.
    """
    unit, edition, terms = unit_in_hand(unit_id, by=by, register=register)
    today = today_at(unit.reach)
    rules.refuse_dates(signed_on=signed_on, since=since, until=until, today=today)
    if running := Agreement.objects.select_for_update().filter(unit=unit, ended_on=None).first():
        if today <= running.until:
            raise rules.signed_already(running.pk, running.until)
        _close(running, by=by)
    days = rules.checked_days(remind_days)
    row = Agreement(
        unit=unit,
        area_path=unit.reach,
        register=terms.code,
        signed_on=signed_on,
        since=since,
        until=until,
        remind_days=days,
    )
    _keep_the_only(row)
    open_subject(row.subject)
    facts = {"unit": unit.pk, "signed_on": str(signed_on), "since": str(since), "until": str(until)}
    write(row.subject, "partners.sign-agreement", by=by, facts=facts | {"files": _hang(row, file, by=by)})
    if _entry_of(row) is None:
        enter(
            terms.code, by=by, edition=edition, path=unit.reach, listed=Listed(unit_id=unit.pk), class_code=class_code
        )
    return row


@act("partners.renew-agreement", power="act")
def renew_agreement(agreement_id: int, *, by: Viewer, until: date, file: str = "") -> Agreement:
    """Renew an agreement to a later day; the same number, every renewal an entry."""
    row, _, _ = _in_hand(agreement_id, by=by)
    today = today_at(row.area_path)
    if today > row.until:
        raise Refused("lapsed", say=f"协议{row.until:%Y-%m-%d}已经到期，不能续，请重新签。", have=str(row.until))
    rules.refuse_renewal(until, was=row.until, today=today)
    was, row.until, row.renewals = row.until, until, row.renewals + 1
    digests = _hang(row, file, by=by)
    row.save(update_fields=["until", "renewals", "file_token"])
    facts = {"before": str(was), "after": str(until), "files": digests}
    write(row.subject, "partners.renew-agreement", by=by, facts=facts)
    return row


@act("partners.end-agreement", power="act")
def end_agreement(agreement_id: int, *, by: Viewer, reason: str) -> Agreement:
    """End an agreement early for a coded reason: the unit leaves the register and its lists close.

    Its links are void, but for what is in hand by them: that is served as agreed.
    """
    row, edition, terms = _in_hand(agreement_id, by=by)
    rules.checked_end(reason, dict(terms.leave))
    return _close(row, by=by, edition=edition, reason=reason)


def settle_agreements() -> int:
    """Remind the keepers of what ends soon and close what has lapsed, each once; returns how many.

    One that cannot be settled stops no other; whatever went wrong is raised when all were tried.
    """
    horizon = now().date() + timedelta(days=rules.REMIND_MOST + 1)
    near = Agreement.objects.filter(ended_on=None, until__lte=horizon).values_list("pk", flat=True)
    work = ((f"partner-agreement:{pk}", partial(settle_agreement, pk, by=SYSTEM)) for pk in near)
    return done_each(work, failing="agreements that could not be settled")


@act("partners.settle-agreement")
def settle_agreement(agreement_id: int, *, by: Viewer) -> int:
    """Close one agreement that has lapsed, or remind its keepers once that it ends soon; 1 where something happened."""
    row = Agreement.objects.select_for_update().filter(pk=agreement_id, ended_on=None).select_related("unit").first()
    if row is None:
        unchanged()
        return 0
    today = today_at(row.area_path)
    stands = rules.state(since=row.since, until=row.until, ended_on=None, remind_days=row.remind_days, today=today)
    if stands == "lapsed":
        _close(row, by=by)
        _tell(row, say=f"“{row.unit.title}”的共建协议{row.until:%Y-%m-%d}到期了，清单已撤下；要继续，请重新签。")
        return 1
    if stands != "ending" or row.reminded_for == row.until:
        unchanged()
        return 0
    row.reminded_for = row.until
    row.save(update_fields=["reminded_for"])
    write(row.subject, "partners.settle-agreement", by=by, facts={"reminded": str(row.until)})
    say = f"“{row.unit.title}”的共建协议{row.until:%Y-%m-%d}到期，还有{(row.until - today).days}天，请商量续签。"
    _tell(row, say=say)
    return 1


def _keep_the_only(row: Agreement) -> None:
    """Keep a new agreement; of two who sign with a unit at one moment the second is told of the first."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = Agreement.objects.filter(unit=row.unit_id, ended_on=None).first()
        if first is None:
            raise
        raise rules.signed_already(first.pk, first.until) from None


def _tell(row: Agreement, *, say: str) -> None:
    """Tell whoever keeps the register; nobody where the rules in force have none."""
    try:
        terms = partner_register(edition_for(row.area_path), row.register)
    except Refused:
        return
    keepers = (terms.keeper,) if terms.keeper else terms.enter
    announce(AgreementEnding(row.pk, row.unit_id, row.area_path, tuple(keepers), say), subject=row.subject)


def _in_hand(agreement_id: int, *, by: Viewer) -> tuple[Agreement, Edition, Terms]:
    row = Agreement.objects.select_for_update().filter(pk=agreement_id).first()
    if row is None:
        raise Refused("agreement-unknown", say="没有这份协议，或不在您的辖区内。", have=agreement_id)
    _, edition, terms = unit_in_hand(row.unit_id, by=by, register=row.register)
    if row.ended_on is not None:
        raise Refused("agreement-ended", say="这份协议已经结束，不能再改；要继续，请重新签。", have=agreement_id)
    return row, edition, terms


def _close(row: Agreement, *, by: Viewer, edition: Edition | None = None, reason: str = "") -> Agreement:
    """End it: today for a reason of the register, or by date; what hangs on it goes with it."""
    today = today_at(row.area_path)
    row.ended_on, row.end_reason = max(today, row.since), reason
    row.save(update_fields=["ended_on", "end_reason"])
    offers = Offer.objects.filter(unit=row.unit_id, closed_at=None).update(
        closed_at=now(), close_reason="共建协议到期或解除"
    )
    revoked = revoke_idle_links(row.unit_id)
    facts = {"ended_on": str(row.ended_on), "reason": reason, "offers": offers, "links": revoked}
    write(row.subject, "partners.end-agreement", by=by, facts=facts)
    entry = _entry_of(row)
    if entry is not None and edition is not None:
        leave(entry.pk, by=by, edition=edition, reason=reason)
    elif entry is not None:
        end_lapsed(entry.pk, by=SYSTEM)
    return row


def _entry_of(row: Agreement) -> RegisterEntry | None:
    found = RegisterEntry.objects.filter(register=row.register, key=f"unit:{row.unit_id}", left_at=None)
    return found.filter(area_path=row.area_path).first()


def _hang(row: Agreement, file: str, *, by: Viewer) -> list[str]:
    """Hang the signed paper on the agreement; the digests for its entry."""
    if not file:
        return []
    row.file_token = file
    row.save(update_fields=["file_token"])
    return attach([file], subject=row.subject, role="evidence", by=by)
