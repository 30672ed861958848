"""Every write of occasions."""

from youying.occasions.actions.doing import attempt, excuse, give, meet
from youying.occasions.actions.ending import follow_move, forget, let_go
from youying.occasions.actions.laying import begin_campaign, call, lay, stop_campaign
from youying.occasions.actions.minding import mind_occasion, sweep

__all__ = [
    "attempt",
    "begin_campaign",
    "call",
    "excuse",
    "follow_move",
    "forget",
    "give",
    "lay",
    "let_go",
    "meet",
    "mind_occasion",
    "stop_campaign",
    "sweep",
]
