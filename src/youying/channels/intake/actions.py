"""The writes of the portal: a need said from a phone, and the tries that are counted against guessing."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.db.models import Q

from youying.channels.intake import rules
from youying.channels.intake.models import Try
from youying.channels.intake.rules import Said
from youying.editions.queries import edition_for, params_for
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters import queries
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.matters.queries import Found
from youying.packs.params import engine_param
from youying.places.placing import Place, place_of
from youying.record.keys import ring
from youying.text.queries import find_place, understand

QR, WEB = "qr", "wechat"


def report(said: Said, *, address: str, origin: str = "portal") -> Opened:
    """Make what a resident says a matter; the same form sent twice gives the same number and the same secret.

    The place comes from the entrance's code, the choice, the point or the words, in this order; the category from the
    resident's choice or from the words where the pack's threshold is reached, else a person chooses later.
    """
    rules.refuse_token(said.token)
    _refuse_flood(address)
    place, why = _place(said)
    edition = edition_for(place.area_path)
    threshold = float(engine_param(params_for(edition, place.area_path), "text-confidence"))
    decision = understand(said.text, threshold=threshold, within=place.area_path, hint=said.hint).decision
    secret = rules.secret_of(said.token, ring().current("secret").secret)
    need = NeedIn(
        kind="demand",
        text=said.text,
        channel=QR if said.code else WEB,
        external_id=f"portal:{said.token}",
        category=decision.label or "",
        category_why=decision.say[:120],
        reporters=(ReporterIn(said.name, said.phone, protected=said.protected, secret=secret),),
        uploads=said.uploads,
        place_why=why,
    )
    opened = matters.open_matter(need, place=place, by=PUBLIC, origin=origin)
    Try.objects.create(kind="report", whose=_hidden(address), at=now())
    return Opened(opened.matter, secret, opened.again)


def _place(said: Said) -> tuple[Place, str]:
    spot = said.spot[:60]
    if said.code:
        return place_of(code=said.code, words=spot), "扫单元门的码认出来的"
    if said.building_id or said.compound_id or said.area_path:
        chosen = place_of(
            building_id=said.building_id, compound_id=said.compound_id, area_path=said.area_path, words=spot
        )
        return chosen, "居民自己选的"
    if said.point is not None:
        return place_of(point=said.point, words=spot), "居民在地图上点的"
    place, why, _ = find_place(f"{said.spot} {said.text}")
    if place is None:
        raise Refused(
            "place-missing", say="请选一下在哪个小区；或者在上面写上小区名，比如“杏林小区3号楼”。", field="compound"
        )
    return place, why


def look_up(number: str, secret: str, *, address: str) -> Found:
    """Open a matter by number and secret; five wrong tries in 15 minutes a number and an address stop it.

    A wrong number and a wrong secret do the same work and get the same answer.
    """
    whose = [_hidden(f"number:{number.strip()[:40]}"), _hidden(address)]
    since = now() - rules.WRONG_WITHIN
    wrong = Try.objects.filter(Q(whose=whose[0]) | Q(whose=whose[1]), kind="wrong", at__gte=since)
    counts = [sum(1 for one in wrong if one.whose == who) for who in whose]
    rules.refuse_many(max(counts), most=rules.WRONG_TRIES, say="试的次数太多了，请过15分钟再来，或打值班电话问。")
    try:
        return queries.look_up(number, secret)
    except Refused:
        Try.objects.bulk_create(Try(kind="wrong", whose=who, at=now()) for who in whose)
        raise


def _refuse_flood(address: str) -> None:
    since = now() - rules.REPORTS_WITHIN
    count = Try.objects.filter(kind="report", whose=_hidden(address), at__gte=since).count()
    rules.refuse_many(count, most=rules.REPORTS, say="一小时里从这里报的太多了，请歇一会儿，急事请打值班电话。")


def _hidden(value: str) -> str:
    """An address or number as a keyed hash: enough to count, not to read."""
    return hmac.new(ring().current("index").secret, f"portal-try\0{value}".encode(), hashlib.sha256).hexdigest()


def forget_tries() -> int:
    """Forget tries older than a day; returns how many."""
    from_before = now() - rules.WRONG_WITHIN * 96
    return Try.objects.filter(at__lt=from_before).delete()[0]


def urge(found: Found) -> None:
    """Urge a matter as its reporter; not again within the pack's gap, so that an urging still means something."""
    edition = edition_for(found.matter.area_path)
    hours = float(engine_param(params_for(edition, found.matter.area_path), "urge-gap-hours"))
    last = max((line.at for line in queries.story(found.matter) if line.verb == "urge"), default=None)
    if last is not None and now() - last < timedelta(hours=hours):
        say = f"已经催过了，承办单位看得到。{int(hours)}小时以后还没动静，可以再催。"
        raise Refused("too-soon", say=say, have=last.isoformat(), need=hours)
    matters.act(found.matter.pk, "urge", by=found.viewer, origin="portal")
