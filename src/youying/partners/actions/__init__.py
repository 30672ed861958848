"""Every write of partners: agreements, lists, links, and what an order leaves here."""

from youying.partners.actions.agreements import end_agreement, renew_agreement, settle_agreements, sign_agreement
from youying.partners.actions.links import make_link, open_link, revoke_link
from youying.partners.actions.matching import accept_match, end_match, note_wish, send_to
from youying.partners.actions.offers import add_offer, change_capacity, close_offer

__all__ = [
    "accept_match", "add_offer", "change_capacity", "close_offer", "end_agreement", "end_match", "make_link", "note_wish", "open_link",
    "renew_agreement", "revoke_link", "send_to", "settle_agreements", "sign_agreement",
]  # fmt: skip
