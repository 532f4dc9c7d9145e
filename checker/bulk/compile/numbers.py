"""Interval arithmetic and comparison in SQL, as `checker.bulk.meaning.numbers` does them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import inf, isinf

from checker.bulk.compile.sql import (
    FALSE,
    NO_FLAG,
    NO_NUMBER,
    TRUE,
    Columns,
    cases,
    either,
    is_null,
    negated,
)
from checker.bulk.compile.values import Known, Number, Pick, Truth, Val
from checker.bulk.meaning import numbers
from checker.bulk.quote import number_of
from checker.model.values import UNKNOWN, Range, Value

_INF, _MINUS_INF = number_of(inf), number_of(-inf)
_UNKNOWN = Number(NO_NUMBER, NO_NUMBER, 0.0, 0.0)
_LARGEST = number_of(1.7976931348623157e308)


def literal(value: Value) -> Number:
    """Return a known number."""
    if value is UNKNOWN:
        return _UNKNOWN
    low, high = numbers.bounds(value)
    return Number(number_of(low), number_of(high), low, high, sure=True)


def as_number(value: Val) -> Number:
    """Return any compiled number as its ends."""
    match value:
        case Number():
            return value
        case Known():
            return literal(value.value)
        case Pick():
            return _picked(value)
    raise AssertionError(f"{type(value).__name__} is no number")


def _picked(pick: Pick) -> Number:
    from checker.bulk.compile.sql import picked

    ends = [literal(each) for each in pick.values]
    real = [each for each in ends if each is not _UNKNOWN]
    least = min((each.least for each in real), default=0.0)
    most = max((each.most for each in real), default=0.0)
    low = picked(pick.index, [each.low for each in ends], NO_NUMBER)
    high = picked(pick.index, [each.high for each in ends], NO_NUMBER)
    return Number(low, high, least, most)


def share(columns: Columns, number: Number) -> Number:
    """Return a number whose ends are computed once."""
    low = columns.share(number.low)
    return replace(number, low=low, high=low if number.exact else columns.share(number.high))


def bounded(columns: Columns, low: str, high: str, least: float, most: float) -> Number:
    """Make a number of two ends; unknown where it is not finite, or open at both ends."""
    if is_null(low):
        return _UNKNOWN
    if least > -1e300 and most < 1e300:
        return Number(low, high, least, most)
    if low == high:
        finite = columns.once(
            low, lambda x: f"(CASE WHEN {x} BETWEEN -{_LARGEST} AND {_LARGEST} THEN {x} END)"
        )
        return Number(finite, finite, least, most)
    low, high = columns.share(low), columns.share(high)
    sound = (
        f"({low} < {_INF} AND {high} > {_MINUS_INF} AND {high} <= {_INF}"
        f" AND ({low} > {_MINUS_INF} OR {high} < {_INF}))"
    )
    sound = columns.share(sound)
    return Number(
        f"(CASE WHEN {sound} THEN {low} END)", f"(CASE WHEN {sound} THEN {high} END)", least, most
    )


def _static(operator: str, a: Number, b: Number) -> tuple[float, float]:
    result = numbers.ARITHMETIC[operator](Range(a.least, a.most), Range(b.least, b.most))
    return (-inf, inf) if result is UNKNOWN else numbers.bounds(result)


def arithmetic(columns: Columns, operator: str, a: Number, b: Number) -> Number:
    """Return a + b, a - b, a * b or a / b."""
    if is_null(a.low) or is_null(b.low):
        return _UNKNOWN
    a, b = share(columns, a), share(columns, b)
    made = share(columns, _OPERATIONS[operator](columns, a, b))
    finite = made.tame and (operator != "/" or never_0(b))
    return replace(made, sure=a.sure and b.sure and finite)


def never_0(divisor: Number) -> bool:
    """Tell whether a divisor is 0 in no row."""
    return divisor.least > 0 or divisor.most < 0


def _add(columns: Columns, a: Number, b: Number) -> Number:
    low, high = f"({a.low} + {b.low})", f"({a.high} + {b.high})"
    return bounded(columns, low, high, *_static("+", a, b))


def _subtract(columns: Columns, a: Number, b: Number) -> Number:
    low, high = f"({a.low} - {b.high})", f"({a.high} - {b.low})"
    return bounded(columns, low, high, *_static("-", a, b))


def _product(a: Number, b: Number, x: str, y: str) -> str:
    if a.tame and b.tame:
        return f"({x} * {y})"
    # An end of 0 stays 0 even against an open end.
    return (
        f"(CASE WHEN ({x} = 0 AND {y} IS NOT NULL) OR ({y} = 0 AND {x} IS NOT NULL)"
        f" THEN 0.0::DOUBLE ELSE {x} * {y} END)"
    )


def _multiply(columns: Columns, a: Number, b: Number) -> Number:
    bounds = _static("*", a, b)
    if a.exact and b.exact:
        one = _product(a, b, a.low, b.low)
        return bounded(columns, one, one, *bounds)
    if a.least >= 0 and b.least >= 0:
        low, high = _product(a, b, a.low, b.low), _product(a, b, a.high, b.high)
        return bounded(columns, low, high, *bounds)
    products = [_product(a, b, x, y) for x in _ends(a) for y in _ends(b)]
    return _spanning(columns, products, bounds)


def _ends(number: Number) -> tuple[str, ...]:
    return (number.low,) if number.exact else (number.low, number.high)


def _spanning(columns: Columns, ends: list[str], bounds: tuple[float, float]) -> Number:
    # NULL ends come all together, so that least and greatest drop none of them alone.
    inside = ", ".join(columns.share(end) for end in ends)
    return bounded(columns, f"least({inside})", f"greatest({inside})", *bounds)


def _quotient(a: Number, b: Number, x: str, y: str) -> str:
    if b.tame:
        return f"({x} / {y})"
    return f"(CASE WHEN isinf({y}) AND {x} IS NOT NULL THEN 0.0::DOUBLE ELSE {x} / {y} END)"


def _divide(columns: Columns, a: Number, b: Number) -> Number:
    bounds = _static("/", a, b)
    if a.exact and b.exact:
        one = f"({a.low} / {b.low})"
        one = one if never_0(b) else f"(CASE WHEN {b.low} <> 0 THEN {one} END)"
        return bounded(columns, one, one, *bounds)
    quotients = [_quotient(a, b, x, y) for x in _ends(a) for y in _ends(b)]
    if not never_0(b):
        safe = columns.share(f"({b.low} > 0 OR {b.high} < 0)")
        quotients = [f"(CASE WHEN {safe} THEN {each} END)" for each in quotients]
    return _spanning(columns, quotients, bounds)


_OPERATIONS: dict[str, Callable[[Columns, Number, Number], Number]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
}


def negate(columns: Columns, a: Number) -> Number:
    """Return -a."""
    if is_null(a.low):
        return a
    if a.exact:
        end = columns.share(f"(-{a.low})")
        return Number(end, end, -a.most, -a.least, a.sure)
    return share(columns, Number(f"(-{a.high})", f"(-{a.low})", -a.most, -a.least, a.sure))


def absolute(columns: Columns, a: Number) -> Number:
    """Return the distance of a from 0."""
    if is_null(a.low):
        return a
    a = share(columns, a)
    most = max(abs(a.least), abs(a.most))
    if a.exact:
        end = columns.share(f"abs({a.low})")
        return Number(end, end, 0.0, most, a.sure)
    least = f"least(abs({a.low}), abs({a.high}))"
    low = f"(CASE WHEN {a.low} <= 0 AND {a.high} >= 0 THEN 0.0::DOUBLE ELSE {least} END)"
    high = f"greatest(abs({a.low}), abs({a.high}))"
    return share(columns, Number(low, high, 0.0, most, a.sure))


def extreme(columns: Columns, name: str, values: list[Number]) -> Number:
    """Return the smallest or largest of one or more numbers; unknown where one is."""
    if any(is_null(each.low) for each in values):
        return _UNKNOWN
    values = [share(columns, each) for each in values]
    exact = all(each.exact for each in values)
    choose = min if name == "min" else max
    least = choose(each.least for each in values)
    most = choose(each.most for each in values)
    low = extreme_of(name, [each.low for each in values])
    high = low if exact else extreme_of(name, [each.high for each in values])
    sure = all(each.sure for each in values)
    return share(columns, Number(low, high, least, most, sure))


def extreme_of(name: str, ends: list[str]) -> str:
    """Return the least or greatest of some expressions, NULL where one of them is."""
    kept = list(dict.fromkeys(ends))
    if len(kept) == 1:
        return kept[0]
    function = "least" if name == "min" else "greatest"
    open_ = [end for end in kept if not end.startswith("'")]
    whole = " AND ".join(f"{end} IS NOT NULL" for end in open_) or TRUE
    return f"(CASE WHEN {whole} THEN {function}({', '.join(kept)}) END)"


def hull(a: Number, b: Number) -> tuple[str, str]:
    """Return the ends of the smallest number that contains both."""
    return extreme_of("min", [a.low, b.low]), extreme_of("max", [a.high, b.high])


# Comparison


def _ordered(value: float) -> int:
    """Return the place of a float among all floats."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def _float_at(place: int) -> float:
    bits = place if place >= 0 else (-place) | (1 << 63)
    (value,) = struct.unpack("<d", struct.pack("<Q", bits & 0xFFFFFFFFFFFFFFFF))
    return float(value)


@lru_cache(maxsize=4096)
def largest_below(limit: float) -> float:
    """Return the largest float that counts as less than `limit`."""
    low, high = _ordered(limit - max(1e-8, abs(limit) * 1e-8)), _ordered(limit)
    while high - low > 1:
        middle = (low + high) // 2
        if numbers.less(_float_at(middle), limit):
            low = middle
        else:
            high = middle
    return _float_at(low)


def less(columns: Columns, a: str, b: str, *, tame: bool, left: Value, right: Value) -> str:
    """Return whether one end is below another by more than the tolerance.

    `left` and `right` are the ends where they are known, else None: against a constant the
    tolerance is worked out beforehand, and one comparison is left.
    """
    if right is not None:
        return (
            f"({a} < {_INF})"
            if right == inf
            else (FALSE if right == -inf else f"({a} <= {number_of(largest_below(right))})")
        )
    if left is not None:
        if isinf(left):
            return FALSE if left > 0 else f"({b} > {_MINUS_INF})"
        return f"({b} >= {number_of(-largest_below(-left))})"
    gap = f"({b} - {a})"
    beyond = f"{gap} > '1e-9'::DOUBLE * greatest(1.0::DOUBLE, abs({a}), abs({b}))"
    if tame:
        return f"({a} < {b} AND {beyond})"
    return f"({a} < {b} AND ({beyond} OR {gap} = {_INF}))"


def _less(columns: Columns, a: Number, b: Number, x: str, y: str) -> str:
    # A number of which every row has the same ends is a constant.
    left = a.least if a.least == a.most and not isinf(a.least) and x.startswith("'") else None
    right = b.least if b.least == b.most and not isinf(b.least) and y.startswith("'") else None
    return less(columns, x, y, tame=a.tame and b.tame, left=left, right=right)


def compare(columns: Columns, operator: str, a: Number, b: Number) -> str:
    """Return a comparison of two numbers as a condition."""
    if is_null(a.low) or is_null(b.low):
        return NO_FLAG
    a, b = share(columns, a), share(columns, b)
    match operator:
        case "<":
            return _is_less(columns, a, b)
        case ">":
            return _is_less(columns, b, a)
        case "<=":
            return negated(_is_less(columns, b, a))
        case ">=":
            return negated(_is_less(columns, a, b))
        case "==":
            return _is_equal(columns, a, b)
    return negated(_is_equal(columns, a, b))


def _is_less(columns: Columns, a: Number, b: Number) -> str:
    surely = _less(columns, a, b, a.high, b.low)
    if a.exact and b.exact:
        return surely
    possibly = _less(columns, a, b, a.low, b.high)
    return cases([(surely, TRUE), (negated(possibly), FALSE)], NO_FLAG)


def _is_equal(columns: Columns, a: Number, b: Number) -> str:
    below, above = _less(columns, a, b, a.high, b.low), _less(columns, b, a, b.high, a.low)
    apart = either(below, above)
    if a.exact and b.exact:
        return negated(apart)
    # Equal for sure: no end lies away from the other number's other end, on either side.
    away = either(
        *(
            _less(columns, x, y, x_end, y_end)
            for x, y, x_end, y_end in (
                (a, b, a.low, b.high),
                (b, a, b.high, a.low),
                (a, b, a.high, b.low),
                (b, a, b.low, a.high),
            )
        )
    )
    return cases([(apart, FALSE), (negated(away), TRUE)], NO_FLAG)


def truth(columns: Columns, operator: str, a: Number, b: Number) -> Truth:
    """Return a comparison of two numbers."""
    # Where ranges overlap it is unknown.
    settled = a.sure and b.sure and a.exact and b.exact
    return Truth(columns.share(compare(columns, operator, a, b)), settled)
