"""How a test asks with what a call was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from youying.kernel.refusals import Refused


def code_of(call: Callable[[], Any]) -> str:
    """The code of the refusal; empty where nothing was refused."""
    try:
        call()
    except Refused as refused:
        assert refused.say.endswith("。"), refused.say
        return refused.code
    return ""
