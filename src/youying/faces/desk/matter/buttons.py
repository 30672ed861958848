"""How a step looks on a button: picture, letter, and whether one tap does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from youying.matters.queries import Possible

LOOKS: dict[str, tuple[str, str]] = {
    "dispatch": ("send", "p"),
    "accept": ("check", "a"),
    "contact": ("phone", "t"),
    "judge": ("adjustments-horizontal", "r"),
    "hand-back": ("arrow-back-up", "h"),
    "object": ("hand-stop", ""),
    "park": ("archive", ""),
    "unpark": ("player-play", ""),
    "whistle": ("speakerphone", "b"),
    "report-in": ("user-check", "i"),
    "escalate": ("stairs-up", "g"),
    "supervise": ("eye", ""),
    "urge": ("bell-ringing", "u"),
    "step": ("tool", "s"),
    "complete": ("circle-check", "c"),
    "recheck": ("clipboard-check", ""),
    "call-back": ("phone-call", "l"),
    "verdict": ("rubber-stamp", "v"),
    "rework": ("repeat", ""),
    "cross-off": ("flag", ""),
    "end": ("ban", ""),
    "merge": ("git-merge", ""),
    "add": ("pencil", "m"),
    "correct": ("adjustments-horizontal", ""),
    "split": ("arrows-split", ""),
    "ask-extension": ("hourglass", ""),
    "review-parking": ("clipboard-check", ""),
    "call-off": ("speakerphone", ""),
    "exclude": ("eye-off", ""),
    "include": ("eye", ""),
    "propose-exclusion": ("eye-off", ""),
    "object-exclusion": ("hand-stop", ""),
    "reopen": ("refresh", ""),
    "reassign": ("arrows-exchange", ""),
    "move-edition": ("package", ""),
}
BESIDE_A_PERSON = frozenset({"issue-secret"})
"""Acts for one reporter: their buttons stand beside the reporter, not among the steps."""
ONE_TAP = frozenset({"accept", "urge"})
"""Steps that one tap does, because they ask for nothing and can be taken back."""


@dataclass(frozen=True, slots=True)
class Button:
    """One step made ready to be pressed."""

    act: Possible
    picture: str
    key: str
    one_tap: bool


def ready(act: Possible) -> Button:
    """A step as a button."""
    picture, key = LOOKS.get(act.verb, ("arrow-right", ""))
    return Button(act, picture, key, one_tap=act.verb in ONE_TAP and not act.needs and not act.approve)


def in_order(acts: list[Possible], first: Possible | None) -> list[Button]:
    """The reader's next step first, then the steps as the loop tells them, then the acts that any matter allows."""
    front = [act for act in acts if first and act.id == first.id]
    rest = [act for act in acts if not (first and act.id == first.id) and act.id not in BESIDE_A_PERSON]
    return _keyed_once(ready(act) for act in (*front, *sorted(rest, key=lambda act: act.house)))


def _keyed_once(buttons: Iterable[Button]) -> list[Button]:
    """The buttons with each letter on the first of those that share it, so that a key means one step."""
    taken: set[str] = set()
    found = []
    for one in buttons:
        found.append(replace(one, key="") if one.key in taken else one)
        taken.add(one.key)
    return found
