"""What the closed loop announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatterOpened:
    """A demand, hazard or other need became a matter."""

    matter_id: int
    number: str
    kind: str
    channel: str
    area_path: str


@dataclass(frozen=True, slots=True)
class MatterActed:
    """A step was taken on a matter; `tells` names who the pack wants told, `say` is the plain sentence.

    `units` are those that had the matter by the step, by role; `reporters` those whom the step took elsewhere;
    `spoke` is the reporter whose word it was, 0 where nobody had to say who.
    """

    matter_id: int
    number: str
    act: str
    verb: str
    stage: str
    area_path: str
    unit_id: int | None
    tells: tuple[str, ...]
    say: str
    units: dict[str, tuple[int, ...]] | None = None
    reporters: tuple[int, ...] = ()
    spoke: int = 0


@dataclass(frozen=True, slots=True)
class ClockRang:
    """A clock reached a rung of its ladder, or ran out; `to` is a post, a relation or a tier.

    `seat` is the unit whose own run it is and the relation by which it has one, where each unit has its own.
    """

    matter_id: int
    number: str
    clock: str
    do: str
    to: str
    area_path: str
    unit_id: int | None
    say: str
    seat: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A step waits for another post's yes, or a ladder proposes one."""

    matter_id: int
    number: str
    ask_id: int
    step: str
    posts: tuple[str, ...]
    area_path: str
    say: str


@dataclass(frozen=True, slots=True)
class AskLapsed:
    """The matter went on before an ask was answered; the unit or post that asked is told."""

    matter_id: int
    number: str
    ask_id: int
    step: str
    unit_id: int | None
    post_code: str
    area_path: str
    say: str


@dataclass(frozen=True, slots=True)
class Alerted:
    """Somebody must know of a matter out of turn: a cause, an escalation, a supervision, a joint meeting.

    `to` are posts, relations or tiers of the pack; `units` are units by key beside them; `meeting` is the number of the
    joint meeting that it is about.
    """

    matter_id: int
    number: str
    code: str
    to: tuple[str, ...]
    units: tuple[int, ...]
    area_path: str
    say: str
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class MatterLanded:
    """A matter came in off hours: `accounts` are whoever is on duty, or, where nobody is, who minds the roster."""

    matter_id: int
    number: str
    on_duty: bool
    accounts: tuple[int, ...]
    area_path: str
    say: str
