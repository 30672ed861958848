"""Tables of partners, one module a subject."""

from youying.partners.models.agreements import Agreement
from youying.partners.models.links import PartnerLink
from youying.partners.models.offers import Offer, OfferMonth
from youying.partners.models.orders import Match, Wish

__all__ = ["Agreement", "Match", "Offer", "OfferMonth", "PartnerLink", "Wish"]
