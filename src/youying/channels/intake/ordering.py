"""The writes of the portal for orders and for personal links of partners."""

from __future__ import annotations

from youying.channels.intake import actions
from youying.channels.intake.rules import Said, refuse_token
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters.actions import NeedIn, Opened
from youying.partners import actions as partners
from youying.partners.links import LinkHeld, held
from youying.partners.wish_rules import WishIn


def order(said: Said, wish: WishIn, *, origin: str = "portal", address: str = "") -> Opened:
    """Make what a resident orders from a menu a matter; the same form sent twice gives the same number and secret.

    A telephone is needed: whoever comes rings first.
    """
    refuse_token(said.token)
    person = actions.reporter_of(said)
    if not person.phone:
        raise Refused("needs-phone", say="请留个手机号，上门前好跟您约时间。", field="phone")
    place, why = actions.place_said(said)
    channel = actions.channel_of(said, place)
    need = NeedIn(
        kind="",
        text=said.text,
        channel=channel,
        external_id=actions.mark_of(said.token, channel=channel),
        category_by="reporter",
        reporters=(person,),
        place_why=why,
    )
    return actions.sent_once(
        need,
        said,
        person.secret,
        open_it=lambda: matters.order(need, wish, place=place, by=PUBLIC, origin=origin),
        address=address,
    )


def partner_link(token: str, *, address: str, what: str) -> LinkHeld:
    """Use a personal link; many wrong ones from one address stop it for a while, a good one is not counted."""
    tried = actions.count_link(address)
    row = partners.open_link(token, by=PUBLIC, what=what)
    actions.take_back([tried])
    return held(row)
