"""Arithmetic and comparison of numbers that are known exactly, or within bounds.

Arithmetic is interval arithmetic: the result contains the result of each of its members. A
comparison surely holds where it holds for every value, and surely does not where it holds for
none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from checker.language.operators.domain import Domain, Flag, Operand, Real

Meaning = Callable[[Domain, Operand, Operand], Operand]


def add(on: Domain, a: Operand, b: Operand) -> Operand:
    """Return a + b."""
    (a_known, a_low, a_high), (b_known, b_low, b_high) = on.ends(a), on.ends(b)
    return on.number(a_known & b_known, a_low + b_low, a_high + b_high)


def subtract(on: Domain, a: Operand, b: Operand) -> Operand:
    """Return a - b."""
    (a_known, a_low, a_high), (b_known, b_low, b_high) = on.ends(a), on.ends(b)
    return on.number(a_known & b_known, a_low - b_high, a_high - b_low)


def multiply(on: Domain, a: Operand, b: Operand) -> Operand:
    """Return a * b."""
    (a_known, a_low, a_high), (b_known, b_low, b_high) = on.ends(a), on.ends(b)
    products = [_product(on, x, y) for x in (a_low, a_high) for y in (b_low, b_high)]
    return on.number(a_known & b_known, *_hull(on, products))


def _product(on: Domain, a: Real, b: Real) -> Real:
    # An end of 0 stays 0 even against an open end: nothing times any number is nothing.
    nothing = (a == 0) | (b == 0)
    return on.where(nothing, 0.0, on.where(nothing, 0.0, a) * on.where(nothing, 0.0, b))


def divide(on: Domain, a: Operand, b: Operand) -> Operand:
    """Return a / b; unknown where b may be 0."""
    (a_known, a_low, a_high), (b_known, b_low, b_high) = on.ends(a), on.ends(b)
    by_nothing = (b_low <= 0) & (b_high >= 0)
    quotients = [_quotient(on, x, y) for x in (a_low, a_high) for y in (b_low, b_high)]
    known = a_known & b_known & on.invert(by_nothing)
    return on.number(known, *_hull(on, quotients))


def _quotient(on: Domain, a: Real, b: Real) -> Real:
    endless = (b == inf) | (b == -inf)
    return on.where((a == 0) | endless, 0.0, on.quotient(a, on.where(endless, 1.0, b)))


def _hull(on: Domain, ends: list[Real]) -> tuple[Real, Real]:
    low = high = ends[0]
    for end in ends[1:]:
        low, high = on.lower(low, end), on.higher(high, end)
    return low, high


def negate(on: Domain, a: Operand) -> Operand:
    """Return -a."""
    known, low, high = on.ends(a)
    return on.number(known, -high, -low)


def absolute(on: Domain, a: Operand) -> Operand:
    """Return the distance of a from 0."""
    known, low, high = on.ends(a)
    around = (low <= 0) & (high >= 0)
    nearest = on.where(around, 0.0, on.lower(abs(low), abs(high)))
    return on.number(known, nearest, on.higher(abs(low), abs(high)))


def smallest(on: Domain, *values: Operand) -> Operand:
    """Return the smallest of some numbers."""
    return _extreme(on, on.lower, values)


def largest(on: Domain, *values: Operand) -> Operand:
    """Return the largest of some numbers."""
    return _extreme(on, on.higher, values)


def _extreme(on: Domain, choose: object, values: tuple[Operand, ...]) -> Operand:
    assert callable(choose)
    known, low, high = on.ends(values[0])
    for value in values[1:]:
        also, other_low, other_high = on.ends(value)
        known, low, high = known & also, choose(low, other_low), choose(high, other_high)
    return on.number(known, low, high)


def below(on: Domain, a: Real, b: Real) -> Flag:
    """Tell whether the float a is below b by more than the tolerance."""
    return (a < b) & on.invert(on.near(a, b))


def is_less(on: Domain, a: Operand, b: Operand) -> Operand:
    """a < b."""
    (_, a_low, a_high), (_, b_low, b_high) = on.ends(a), on.ends(b)
    return on.truth(below(on, a_high, b_low), on.invert(below(on, a_low, b_high)))


def is_greater(on: Domain, a: Operand, b: Operand) -> Operand:
    """a > b."""
    return is_less(on, b, a)


def is_at_most(on: Domain, a: Operand, b: Operand) -> Operand:
    """a <= b."""
    yes, no = on.sides(is_less(on, b, a))
    return on.truth(no, yes)


def is_at_least(on: Domain, a: Operand, b: Operand) -> Operand:
    """a >= b."""
    return is_at_most(on, b, a)


def is_equal(on: Domain, a: Operand, b: Operand) -> Operand:
    """a == b."""
    (_, a_low, a_high), (_, b_low, b_high) = on.ends(a), on.ends(b)
    apart = below(on, a_high, b_low) | below(on, b_high, a_low)
    return on.truth(on.near(a_low, b_high) & on.near(a_high, b_low) & on.invert(apart), apart)


def differs(on: Domain, a: Operand, b: Operand) -> Operand:
    """a != b."""
    yes, no = on.sides(is_equal(on, a, b))
    return on.truth(no, yes)


def hull(on: Domain, a: Operand, b: Operand) -> Operand:
    """Return the smallest number that contains both."""
    (a_known, a_low, a_high), (b_known, b_low, b_high) = on.ends(a), on.ends(b)
    return on.number(a_known & b_known, on.lower(a_low, b_low), on.higher(a_high, b_high))


ARITHMETIC: Mapping[str, Meaning] = {"+": add, "-": subtract, "*": multiply, "/": divide}
