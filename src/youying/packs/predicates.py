"""Tests of facts: a table fact = value; all keys must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from youying.kernel.refusals import Refused

PARAM_PREFIX = "param:"
NO_PARAMS: Mapping[str, Any] = {}


def matches(where: Mapping[str, Any], facts: Mapping[str, Any], *, params: Mapping[str, Any] = NO_PARAMS) -> bool:
    """Whether every test of the table holds for the facts; a missing fact equals nothing but `""`."""
    return all(_holds(test, facts.get(fact), params) for fact, test in where.items())


def resolve(value: Any, params: Mapping[str, Any]) -> Any:
    """A value with `param:x` replaced by the street's number; refused when there is no such number."""
    if not (isinstance(value, str) and value.startswith(PARAM_PREFIX)):
        return value
    name = value.removeprefix(PARAM_PREFIX)
    if name not in params:
        raise Refused(
            "param-unknown", say=f"没有本地数值“{name}”。请在 params 里写明。", have=name, need=sorted(params)
        )
    return params[name]


def _holds(test: Any, have: Any, params: Mapping[str, Any]) -> bool:
    if isinstance(test, Mapping):
        return all(_COMPARISONS[word](have, bound, params) for word, bound in test.items())
    return _among(have, test, params)


def _among(have: Any, wanted: Any, params: Mapping[str, Any]) -> bool:
    options = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    mine = have if isinstance(have, (list, tuple, set, frozenset)) else [have]
    return any(_equal(one, resolve(option, params)) for one in mine for option in options)


def _equal(have: Any, want: Any) -> bool:
    if have is None:
        return bool(want == "")
    if isinstance(have, bool) is not isinstance(want, bool):
        return False
    return bool(have == want)


def _compare(operator: Callable[[Any, Any], bool]) -> Callable[[Any, Any, Mapping[str, Any]], bool]:
    def test(have: Any, bound: Any, params: Mapping[str, Any]) -> bool:
        if have is None or have == "":
            return False
        return operator(have, resolve(bound, params))

    return test


_COMPARISONS: Mapping[str, Callable[[Any, Any, Mapping[str, Any]], bool]] = {
    "at_least": _compare(lambda have, bound: bool(have >= bound)),
    "at_most": _compare(lambda have, bound: bool(have <= bound)),
    "below": _compare(lambda have, bound: bool(have < bound)),
    "over": _compare(lambda have, bound: bool(have > bound)),
    "not": lambda have, bound, params: not _among(have, bound, params),
}
