"""What access announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostEnded:
    """A post is no longer in force; whoever holds open work of it gives the work to `hand_over_to` or to the unit."""

    post_id: int
    unit_id: int | None
    hand_over_to: int | None


@dataclass(frozen=True, slots=True)
class AccountDisabled:
    """An account may no longer sign in; its posts stand until they are ended one by one."""

    account_id: int
