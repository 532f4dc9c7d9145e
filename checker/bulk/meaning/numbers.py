"""Arithmetic and comparison of numbers known exactly or within bounds.

A number is a finite `float` or a `Range`. Arithmetic is interval arithmetic; whatever is not
finite, and division by what may be 0, is `UNKNOWN`. A comparison is true where it holds for
every value, false where it holds for none, else `UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, isnan

from checker.model.values import UNKNOWN, Range, Unknown

Number = float | Range
Truth = bool | Unknown

# Two numbers are equal within one part in 10**9 of the larger magnitude, or of 1.
TOLERANCE = 1e-9


def near(a: float, b: float) -> bool:
    """Tell whether two floats count as equal."""
    if a == b:
        return True
    difference = abs(a - b)
    if difference == inf:
        return False
    return difference <= TOLERANCE * max(1.0, abs(a), abs(b))


def less(a: float, b: float) -> bool:
    """Tell whether `a` is below `b` by more than the tolerance."""
    return a < b and not near(a, b)


def bounds(value: Number) -> tuple[float, float]:
    """Return the low and the high end of a number."""
    if isinstance(value, Range):
        return value.low, value.high
    return value, value


def number(low: float, high: float) -> Number | Unknown:
    """Make the simplest number of two ends: UNKNOWN where both are open."""
    if isnan(low) or isnan(high) or low == inf or high == -inf:
        return UNKNOWN
    if low == high:
        return low
    if low == -inf and high == inf:
        return UNKNOWN
    return Range(low, high)


def hull(a: Number, b: Number) -> Number | Unknown:
    """Return the smallest number that contains both."""
    (a_low, a_high), (b_low, b_high) = bounds(a), bounds(b)
    return number(min(a_low, b_low), max(a_high, b_high))


def add(a: Number, b: Number) -> Number | Unknown:
    """Return a + b."""
    if a.__class__ is float and b.__class__ is float:
        return number(a + b, a + b)
    (a_low, a_high), (b_low, b_high) = bounds(a), bounds(b)
    return number(a_low + b_low, a_high + b_high)


def subtract(a: Number, b: Number) -> Number | Unknown:
    """Return a - b."""
    (a_low, a_high), (b_low, b_high) = bounds(a), bounds(b)
    return number(a_low - b_high, a_high - b_low)


def _product(a: float, b: float) -> float:
    # An end of 0 stays 0 even against an open end: nothing times any number is nothing.
    return 0.0 if a == 0 or b == 0 else a * b


def multiply(a: Number, b: Number) -> Number | Unknown:
    """Return a * b."""
    products = [_product(x, y) for x in bounds(a) for y in bounds(b)]
    return number(min(products), max(products))


def _quotient(a: float, b: float) -> float:
    return 0.0 if a == 0 or not isfinite(b) else a / b


def divide(a: Number, b: Number) -> Number | Unknown:
    """Return a / b; UNKNOWN where b may be 0."""
    low, high = bounds(b)
    if low <= 0 <= high:
        return UNKNOWN
    quotients = [_quotient(x, y) for x in bounds(a) for y in (low, high)]
    return number(min(quotients), max(quotients))


def negate(a: Number) -> Number:
    """Return -a."""
    return Range(-a.high, -a.low) if isinstance(a, Range) else -a


def absolute(a: Number) -> Number | Unknown:
    """Return the distance of a from 0."""
    low, high = bounds(a)
    if low <= 0 <= high:
        return number(0.0, max(-low, high))
    return number(min(abs(low), abs(high)), max(abs(low), abs(high)))


def smallest(values: list[Number]) -> Number | Unknown:
    """Return the smallest of one or more numbers."""
    ends = [bounds(value) for value in values]
    return number(min(low for low, _ in ends), min(high for _, high in ends))


def largest(values: list[Number]) -> Number | Unknown:
    """Return the largest of one or more numbers."""
    ends = [bounds(value) for value in values]
    return number(max(low for low, _ in ends), max(high for _, high in ends))


def is_less(a: Number, b: Number) -> Truth:
    """a < b."""
    if a.__class__ is float and b.__class__ is float:
        return less(a, b)
    (a_low, a_high), (b_low, b_high) = bounds(a), bounds(b)
    if less(a_high, b_low):
        return True
    return UNKNOWN if less(a_low, b_high) else False


def is_greater(a: Number, b: Number) -> Truth:
    """a > b."""
    return is_less(b, a)


def is_at_most(a: Number, b: Number) -> Truth:
    """a <= b."""
    if a.__class__ is float and b.__class__ is float:
        return not less(b, a)
    return negation(is_less(b, a))


def is_at_least(a: Number, b: Number) -> Truth:
    """a >= b."""
    if a.__class__ is float and b.__class__ is float:
        return not less(a, b)
    return negation(is_less(a, b))


def is_equal(a: Number, b: Number) -> Truth:
    """a == b."""
    (a_low, a_high), (b_low, b_high) = bounds(a), bounds(b)
    if less(a_high, b_low) or less(b_high, a_low):
        return False
    return True if near(a_low, b_high) and near(a_high, b_low) else UNKNOWN


def differs(a: Number, b: Number) -> Truth:
    """a != b."""
    return negation(is_equal(a, b))


def negation(value: Truth) -> Truth:
    """Kleene's not."""
    return UNKNOWN if value is UNKNOWN else not value


ARITHMETIC: dict[str, Callable[[Number, Number], Number | Unknown]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
}

COMPARISONS: dict[str, Callable[[Number, Number], Truth]] = {
    "<": is_less,
    "<=": is_at_most,
    ">": is_greater,
    ">=": is_at_least,
    "==": is_equal,
    "!=": differs,
}
