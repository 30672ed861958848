"""A number that came in by an import stands for one need, whatever channel a later table puts it under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from youying.channels.hotline.models import Came
from youying.matters.actions import Told


def in_their_channel(told: Sequence[Told]) -> list[Told]:
    """The needs, each number in the one channel under which it came in first, here or before; one statement."""
    numbers = [one.need.external_id for one in told if one.need.external_id]
    held = dict(Came.objects.filter(number__in=numbers).values_list("number", "channel"))
    return [_under(one, held) for one in told]


def _under(one: Told, held: dict[str | None, str]) -> Told:
    number, channel = one.need.external_id, one.need.channel
    first = held.setdefault(number, channel) if number else channel
    return one if first == channel else replace(one, need=replace(one.need, channel=first))
