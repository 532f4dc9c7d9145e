"""Short ways for values that are known exactly, which most are.

Each gives what the definition gives; a property test holds them to it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import inf

from checker.language.operators import comparisons, lists, numbers
from checker.language.operators.scalars import SCALARS, List, Scalars, Truth, near
from checker.model.types import MoneyType, NumberType, Type
from checker.model.values import UNKNOWN, Label, Range, Unknown, Value

Binary = Callable[[Value, Value], Value]
_NOT_EXACT = (float, Range, Unknown, Label)


def _exactly(exact: Binary, meaning: numbers.Meaning) -> Binary:
    def run(a: Value, b: Value) -> Value:
        if a.__class__ is float and b.__class__ is float:
            return exact(a, b)
        return meaning(SCALARS, a, b)

    return run


def _finite(exact: Callable[[float, float], float]) -> Binary:
    def run(a: float, b: float) -> Value:
        result = exact(a, b)
        return result if -inf < result < inf else UNKNOWN

    return run


def _quotient(a: float, b: float) -> Value:
    return UNKNOWN if b == 0 else _finite(operator.truediv)(a, b)


def less(a: float, b: float) -> bool:
    """Tell whether `a` is below `b` by more than the tolerance."""
    return a < b and not near(a, b)


ARITHMETIC: Mapping[str, Binary] = {
    sign: _exactly(exact, numbers.ARITHMETIC[sign])
    for sign, exact in {
        "+": _finite(operator.add),
        "-": _finite(operator.sub),
        "*": _finite(operator.mul),
        "/": _quotient,
    }.items()
}

_COMPARISONS: Mapping[str, Binary] = {
    sign: _exactly(exact, comparisons.COMPARISONS[sign].meaning)
    for sign, exact in {
        "<": less,
        "<=": lambda a, b: not less(b, a),
        ">": lambda a, b: less(b, a),
        ">=": lambda a, b: not less(a, b),
        "==": near,
        "!=": lambda a, b: not near(a, b),
    }.items()
}


def comparison(sign: str, type_: Type, on: Scalars = SCALARS) -> Binary:
    """Return the comparison with a sign of two values of a type."""
    if isinstance(type_, NumberType | MoneyType):
        return _COMPARISONS[sign]
    meaning = comparisons.comparison(sign, type_)
    return lambda a, b: meaning(on, a, b)


def contains(
    item: Value, values: List, *, exact: bool, on: Scalars = SCALARS, turn: bool = False
) -> Truth:
    """Tell whether `item` is in a list; `exact` says that both are texts, dates or flags."""
    if exact and isinstance(values, tuple) and not isinstance(item, _NOT_EXACT):
        # Texts and dates compare exactly, as Python's own `in` does.
        return True if item in values else UNKNOWN if UNKNOWN in values else False
    found: Truth = lists.contains(on, item, values, numbers=not exact, turn=turn)
    return found
