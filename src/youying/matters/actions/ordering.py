"""An order from a menu: the matter and the wish beside it, both or neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError

from youying.editions.queries import edition_for, params_for
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions.intake import Opened, already_in, take_in
from youying.matters.intake_rules import NeedIn
from youying.packs.edition import Edition
from youying.partners.actions import note_wish
from youying.partners.reading import today_at
from youying.partners.wish_rules import MenuLine, WishIn, checked_wish, find_line
from youying.places.placing import Place
from youying.record.acts import act as recorded_act


def order(
    need: NeedIn, wish: WishIn, *, place: Place, by: Viewer, at: datetime | None = None, origin: str = ""
) -> Opened:
    """Order an item of the menu of a place; the same channel and external id again gives the same order.

    `need.text` are the words that go with it and may be empty. Raises `Refused` for an item that the menu lacks or
    that is not for this person.
    """
    try:
        return _order(need, wish, place=place, by=by, at=at, origin=origin)
    except IntegrityError:
        old = already_in(need.channel, need.external_id or "")
        if old is None:
            raise
        return Opened(old, again=True)


@recorded_act("matters.order")
def _order(need: NeedIn, wish: WishIn, *, place: Place, by: Viewer, at: datetime | None, origin: str) -> Opened:
    """Open the order and keep what was wished."""
    moment = at or now()
    edition = edition_for(place.area_path, moment)
    line = find_line(edition, wish.menu, wish.item)
    params = params_for(edition, place.area_path, moment)
    declared = checked_wish(wish, line, today=today_at(place.area_path, moment), params=params)
    opened = take_in(_as_order(need, line, edition), place=place, by=by, at=moment, origin=origin)
    if not opened.again:
        note_wish(opened.matter.subject, wish, line=line, declared=declared)
    return opened


def _as_order(need: NeedIn, line: MenuLine, edition: Edition) -> NeedIn:
    loop = edition.loops.get(line.loop)
    if loop is None:
        raise Refused("unknown-kind", say="本地机制包没有办这类点单的流程。", have=line.loop, field="item")
    said = need.text.strip()
    text = f"点单：{line.title}。{said}" if said else f"点单：{line.title}。"
    return replace(need, kind=loop.kind, loop=loop.code, text=text, title=line.title)
