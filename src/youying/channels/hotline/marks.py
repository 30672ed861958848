"""The number under which a row came in is kept with its channel, and stands for one need.

An order number does so whatever channel a later table puts it under; a plain serial only within its channel, because
two lists of one area both count from one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from youying.channels.hotline.models import Came
from youying.channels.hotline.rules import is_own_serial
from youying.matters.actions import NeedIn, Told


def in_their_channel(told: Sequence[Told]) -> list[Told]:
    """The needs, each order number in the one channel under which it came in first, here or before; one statement."""
    numbers = [one.need.external_id for one in told if _is_order(one.need)]
    held = dict(Came.objects.filter(number__in=numbers).values_list("number", "channel"))
    return [_under(one, held) for one in told]


def known_number(need: NeedIn) -> str | None:
    """What a need is known by among all that came in: its order number, or its serial with its channel."""
    if not need.external_id or _is_order(need):
        return need.external_id
    return f"{need.channel}:{need.external_id}"


def _is_order(need: NeedIn) -> bool:
    return bool(need.external_id) and not is_own_serial(need.external_id or "")


def _under(one: Told, held: dict[str | None, str]) -> Told:
    number, channel = one.need.external_id, one.need.channel
    first = held.setdefault(number, channel) if _is_order(one.need) else channel
    return one if first == channel else replace(one, need=replace(one.need, channel=first))
