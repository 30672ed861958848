"""The writes of the portal: a need said from a phone, and the tries that are counted against guessing and floods."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from youying.channels.intake import rules
from youying.channels.intake.models import Try
from youying.channels.intake.offers import only_root
from youying.channels.intake.rules import Said
from youying.editions.queries import edition_by_digest, edition_for, params_for
from youying.kernel.identifiers import matter_number_parts, parse_matter_number
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.sealing import seal, sealed_with, unseal
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters import queries
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.matters.intake_rules import read_words
from youying.matters.queries import Found
from youying.matters.reporter_rules import faults_of, person_faults, read_person, read_spot
from youying.packs.params import engine_param
from youying.places.placing import Place, place_of
from youying.record.keys import ring
from youying.text.queries import category_title, decide_category, find_place, known_category
from youying.text.rules import Decision

QR, WEB, WECHAT = "qr", "web", "wechat"
SLIP = b"portal-slip"


def admit(address: str) -> None:
    """Count one sending from an address before any of its files is looked at; refused beyond the limit an hour."""
    _refuse_many("send", address, most=rules.SENDINGS)
    Try.objects.create(kind="send", whose=hidden(address), at=now())


def _refuse_many(kind: str, address: str, *, most: int) -> None:
    since = now() - rules.REPORTS_WITHIN
    count = Try.objects.filter(kind=kind, whose=hidden(address), at__gte=since).count()
    rules.refuse_many(count, most=most, say="一小时里从这里报的太多了，请歇一会儿，急事请打值班电话。")


def report(said: Said, *, origin: str = "portal", address: str = "") -> Opened:
    """Make what a resident says a matter; the same form sent twice gives the same number and the same secret.

    The place comes from the entrance's code, the point, the choice, the words, or the one place served, in this order;
    the category from the words where the pack's threshold is reached, else from the resident's choice, else a person
    chooses later. New matters from one address are limited; a form to mend and a form sent again are not counted.
    """
    rules.refuse_token(said.token)
    person = reporter_of(said)
    place, why = place_said(said)
    decided = _category(said, place)
    channel = channel_of(said, place)
    need = NeedIn(
        kind="demand",
        text=said.text,
        channel=channel,
        external_id=mark_of(said.token, channel=channel),
        category=decided.label or "",
        category_why=decided.say[:120],
        category_guess=decided.guess,
        category_share=decided.share,
        category_by=decided.why if decided.why == "reporter" else "machine",
        reporters=(person,),
        uploads=said.uploads,
        place_why=why,
    )
    return sent_once(
        need,
        said,
        person.secret,
        open_it=lambda: matters.open_matter(need, place=place, by=PUBLIC, origin=origin),
        address=address,
    )


def sent_once(need: NeedIn, said: Said, secret: str, *, open_it: Callable[[], Opened], address: str) -> Opened:
    """Open what a form sends and count it for its address; a form sent again gets the answer it had."""
    if address and not queries.came_in(need.channel, external_id=need.external_id or ""):
        _refuse_many("report", address, most=rules.REPORTS)
    opened = open_it()
    if address and not opened.again:
        Try.objects.create(kind="report", whose=hidden(address), at=now())
    if opened.reporter_id:
        return replace(opened, secret=secret)
    return _as_told_before(opened, said.token)


def faults(said: Said) -> list[Refused]:
    """Everything that keeps a report from being taken in, each beside its field; nothing is written."""
    found = faults_of(lambda: rules.refuse_token(said.token), lambda: read_words(said.text), lambda: place_said(said))
    found += person_faults(ReporterIn(said.name, said.phone))
    return found + faults_of(lambda: known_category(said.hint) if said.hint else None)


def mark_of(token: str, *, channel: str) -> str:
    """What the form is known by: under an older key where it came in before the keys were changed."""
    now_used, *older = [rules.mark_of(token, key.secret) for key in ring().held("index")]
    return next((one for one in older if queries.came_in(channel, external_id=one)), now_used)


def _as_told_before(opened: Opened, token: str) -> Opened:
    """The answer that the form had the first time, whichever key its secret was made with."""
    secrets = [rules.secret_of(token, key.secret) for key in ring().held("secret")]
    for secret in secrets[:-1]:
        with suppress(Refused):
            return replace(opened, secret=secret, reporter_id=queries.look_up(opened.matter.number, secret).reporter.pk)
    reporter = queries.look_up(opened.matter.number, secrets[-1]).reporter
    return replace(opened, secret=secrets[-1], reporter_id=reporter.pk)


def secret_of(token: str) -> str:
    """The look-up secret of a form, worked out anew from its mark and our key; it is kept nowhere."""
    return rules.secret_of(token, ring().current("secret").secret)


def slip_of(secret: str) -> str:
    """A secret sealed for the session of the browser that may still show it: its row alone opens nothing."""
    return seal(ring().current("master"), secret.encode(), SLIP).hex()


def secret_on(slip: str) -> str:
    """The secret of a slip kept by `slip_of`; refused where our keys did not seal it."""
    sealed = bytes.fromhex(slip)
    return unseal(ring().by_id(sealed_with(sealed)), sealed, SLIP).decode()


def reporter_of(said: Said) -> ReporterIn:
    """The reporter with a name of one line and a telephone that can be rung."""
    return read_person(ReporterIn(said.name, said.phone, protected=said.protected, secret=secret_of(said.token)))


def channel_of(said: Said, place: Place) -> str:
    """The channel as the street calls it: the entrance's code, or the page in a telephone."""
    known = edition_for(place.area_path).pack.channel
    wanted = (QR, WEB, WECHAT) if said.scanned or said.code else (WEB, WECHAT, QR)
    return next((code for code in wanted if code in known), wanted[0])


def place_said(said: Said) -> tuple[Place, str]:
    """The place of a report, and how it is known."""
    spot = read_spot(said.spot)
    if said.code:
        return place_of(code=said.code, words=spot), "扫单元门的码认出来的"
    chosen = bool(said.building_id or said.compound_id or said.area_path)
    if pointed := _pointed(said, spot, chosen=chosen):
        return pointed, "居民在地图上点的"
    if chosen:
        building, compound, area = said.building_id, said.compound_id, said.area_path
        return place_of(building_id=building, compound_id=compound, area_path=area, words=spot), "居民自己选的"
    place, why, _ = find_place(f"{spot} {said.text}".strip())
    if place is not None:
        return place, why
    if root := only_root():
        return place_of(area_path=root, words=spot), "没有说在哪儿，先记在本地"
    raise Refused(
        "place-missing", say="请选一下在哪个小区；或者在上面写上小区名，比如“杏林小区3号楼”。", field="compound"
    )


def _pointed(said: Said, spot: str, *, chosen: bool) -> Place | None:
    """The place of a point; where the chosen compound holds it, that one or its building, with the point.

    A point beyond our polygons is refused, unless a place was chosen too: then the finger slipped.
    """
    if said.point is None:
        return None
    try:
        place = place_of(point=said.point, words=spot)
    except Refused:
        if chosen:
            return None
        raise
    if said.compound_id and place.compound_id == said.compound_id:
        return place_of(building_id=said.building_id, compound_id=said.compound_id, point=said.point, words=spot)
    return place


def _category(said: Said, place: Place) -> Decision:
    """The category the resident chose; with a whole class chosen, a sure reading of the words inside it, else none."""
    hint = known_category(said.hint, area_path=place.area_path) if said.hint else ""
    if "." in hint:
        return Decision(hint, "reporter", "居民自己选的分类")
    edition = edition_for(place.area_path)
    threshold = float(engine_param(params_for(edition, place.area_path), "text-confidence"))
    decision = decide_category(said.text, threshold=threshold, area_path=place.area_path)
    label = decision.label or ""
    if not hint or label == hint or label.startswith(f"{hint}."):
        return decision
    return replace(decision, label=None, say=f"居民说大概是“{category_title(hint)}”，请人工确认分类。")


def look_up(number: str, secret: str, *, address: str) -> Found:
    """Open a matter by number and secret; five wrong tries in 15 minutes a number and an address stop it.

    A wrong number and a wrong secret do the same work and get the same answer; only a number that cannot be one (its
    check digit is wrong) is said to be so at once, which anybody could work out. Every try is counted before it is
    made, so that many at once get no more guesses, and a right one is taken off again.
    """
    matter_number_parts(number)
    whose = [hidden(f"number:{parse_matter_number(number)}"), hidden(address)]
    mine = Try.objects.bulk_create(Try(kind="wrong", whose=one, at=now()) for one in whose)
    since = now() - rules.WRONG_WITHIN
    counts = [Try.objects.filter(kind="wrong", whose=one, at__gte=since).count() for one in whose]
    if max(counts) > rules.WRONG_TRIES:
        take_back(mine)
        say = "试的次数太多了，请过15分钟再来，或打值班电话问。"
        raise Refused("too-many", say=say, have=max(counts), need=rules.WRONG_TRIES)
    found = queries.look_up(number, secret)
    take_back(mine)
    return found


def count_link(address: str) -> Try:
    """Count a try of a personal link before it is made; refused where too many of this address were wrong."""
    whose = hidden(address)
    tried = Try.objects.create(kind="link", whose=whose, at=now())
    count = Try.objects.filter(kind="link", whose=whose, at__gte=now() - rules.WRONG_WITHIN).count()
    say = "打不开的链接试得太多了，请过15分钟再来，或打社区电话。"
    rules.refuse_many(count - 1, most=rules.LINK_TRIES, say=say)
    return tried


def take_back(tries: list[Try]) -> None:
    """Count these tries no longer: they were right."""
    Try.objects.filter(pk__in=[one.pk for one in tries]).delete()


def hidden(value: str) -> str:
    """An address or number as a keyed hash: enough to count, not to read."""
    return hmac.new(ring().current("index").secret, f"portal-try\0{value}".encode(), hashlib.sha256).hexdigest()


def forget_tries() -> int:
    """Forget tries older than a day; returns how many."""
    from_before = now() - rules.WRONG_WITHIN * 96
    return Try.objects.filter(at__lt=from_before).delete()[0]


def urge(found: Found) -> None:
    """Urge a matter as its reporter; not again within the pack's gap, so that an urging still means something."""
    edition = edition_by_digest(found.matter.edition_id)
    params = params_for(edition, found.matter.area_path)
    hours, most = (int(engine_param(params, name)) for name in ("urge-gap-hours", "urges-most"))
    urged = [line.at for line in queries.story(found.matter) if line.verb == "urge" and line.actor_kind == "reporter"]
    again_at = rules.urge_again_at(max(urged, default=None), gap=timedelta(hours=hours))
    if again_at is not None and now() < again_at:
        say = f"已经催过了，承办单位看得到。{hours}小时以后还没动静，可以再催。"
        raise Refused("too-soon", say=say, have=again_at.isoformat(), need=hours)
    rules.refuse_many(len(urged), most=most, say=f"已经催了{len(urged)}次，社区都看得到；请打值班电话直接说。")
    step = next((one.id for one in queries.possible_acts(found.viewer, found.matter).can if one.verb == "urge"), "urge")
    matters.act(found.matter.pk, step, by=found.viewer, origin="portal")
