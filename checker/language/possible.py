"""What an expression may be on any record at all: bounds, truths, codes, lengths.

A `Possible` says too much rather than too little: every value that a valid record can give lies
in it. Whether something is known is kept apart from what it is when it is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from checker.language.bind import LARGEST
from checker.language.operators.comparisons import COMPARISONS
from checker.language.operators.domain import TOLERANCE
from checker.language.operators.numbers import ARITHMETIC
from checker.language.operators.scalars import SCALARS
from checker.model.frozen import dataclass
from checker.model.types import FlagType, MoneyType, NumberType, TextType, Type
from checker.model.values import Range


@dataclass(frozen=True, slots=True)
class Possible:
    """What a value may be.

    `known` and `unknown` tell whether it may be known, and may be unknown. A number, or each end
    of a range, lies from `low` to `high`; a date counts in days. A flag may be `true`, `false`.
    A code is one of `words`, where they are given. A list has surely `least` members, and no
    more than `most`.
    """

    known: bool = True
    unknown: bool = True
    low: float = -inf
    high: float = inf
    true: bool = True
    false: bool = True
    words: frozenset[str] | None = None
    least: float = 0.0
    most: float = inf


ANYTHING = Possible()
NEVER_KNOWN = Possible(known=False)


def truths(*, true: bool, false: bool, unknown: bool) -> Possible:
    """Return what a condition may be; one that is neither true nor false is never known."""
    return Possible(known=true or false, unknown=unknown, true=true, false=false)


def between(low: float, high: float, *, unknown: bool = True) -> Possible:
    """Return a number within bounds."""
    return Possible(unknown=unknown, low=low, high=high)


def of_type(type_: Type) -> Possible:
    """Return what a field of a type may hold; its record may lack it."""
    match type_:
        case NumberType():
            # A range that is open at an end has none, whatever the largest number is.
            low = float(type_.low) if type_.low > -LARGEST else -inf
            high = float(type_.high) if type_.high < LARGEST else inf
            return between(low, high)
        case MoneyType():
            # An exchange rate keeps the sign of an amount and not its size.
            return between(0.0 if type_.low >= 0 else -inf, 0.0 if type_.high <= 0 else inf)
        case TextType(kind="code") if type_.choices:
            return Possible(words=frozenset(type_.choices))
        case FlagType():
            return ANYTHING
    return ANYTHING


def either(options: Iterable[Possible]) -> Possible:
    """Return what one of several may be."""
    made: Possible | None = None
    unknown = False
    for option in options:
        unknown = unknown or option.unknown
        if not option.known:
            continue
        made = option if made is None else _joined(made, option)
    if made is None:
        return NEVER_KNOWN
    return replace(made, unknown=unknown)


def _joined(a: Possible, b: Possible) -> Possible:
    words = a.words | b.words if a.words is not None and b.words is not None else None
    return Possible(
        True,
        a.unknown or b.unknown,
        min(a.low, b.low),
        max(a.high, b.high),
        a.true or b.true,
        a.false or b.false,
        words,
        min(a.least, b.least),
        max(a.most, b.most),
    )


def arithmetic(operator: str, a: Possible, b: Possible) -> Possible:
    """Return what an operation on two numbers may give."""
    if not (a.known and b.known):
        return NEVER_KNOWN
    unknown = a.unknown or b.unknown
    if operator == "/":
        if b.low == b.high == 0:
            return NEVER_KNOWN
        if b.low <= 0 <= b.high:
            return _by_sign(a, b)
    result = ARITHMETIC[operator](SCALARS, Range(a.low, a.high), Range(b.low, b.high))
    if not isinstance(result, float | Range):
        return ANYTHING
    _, low, high = SCALARS.ends(result)
    # What is not finite is unknown; only sums of what is bounded at one end cannot be.
    open_ends = (low == -inf) + (high == inf)
    return between(low, high, unknown=unknown or open_ends > (operator in "+-"))


def _by_sign(a: Possible, b: Possible) -> Possible:
    """Return a / b where b may be 0, which makes it unknown: its sign is all that is sure."""
    same = (a.low >= 0 and b.low >= 0) or (a.high <= 0 and b.high <= 0)
    other = (a.low >= 0 and b.high <= 0) or (a.high <= 0 and b.low >= 0)
    return between(0.0 if same else -inf, 0.0 if other else inf)


def absolute(a: Possible) -> Possible:
    """Return the distance from 0."""
    ends = (abs(a.low), abs(a.high))
    low = 0.0 if a.low <= 0 <= a.high else min(ends)
    return replace(a, low=low, high=max(ends))


def compared(operator: str, a: Possible, b: Possible, *, same: bool) -> Possible:
    """Return what a comparison of two numbers, amounts or dates may give.

    `same` says that both are one expression, which is never below or above itself.
    """
    if not (a.known and b.known):
        return NEVER_KNOWN
    if same:
        true = operator in ("<=", ">=", "==")
        return truths(true=true, false=not true, unknown=a.unknown or b.unknown)
    found = COMPARISONS[operator].meaning(SCALARS, Range(a.low, a.high), Range(b.low, b.high))
    surely, surely_not = SCALARS.sides(found)
    # A range may straddle what it is compared with, unless all that is possible lies on one side.
    open_ = not (surely or surely_not)
    return truths(true=not surely_not, false=not surely, unknown=a.unknown or b.unknown or open_)


def strictly_below(end: float) -> float:
    """Return what a number that is below `end`, by more than the tolerance, is at most."""
    return end if abs(end) == inf else end - 0.5 * TOLERANCE * max(1.0, abs(end))


def strictly_above(end: float) -> float:
    """Return what a number that is above `end`, by more than the tolerance, is at least."""
    return -strictly_below(-end)


def loosely_below(end: float) -> float:
    """Return what a number that is `end` or more, within the tolerance, is at least."""
    return end if abs(end) == inf else end - 2 * TOLERANCE * max(1.0, abs(end))


def loosely_above(end: float) -> float:
    """Return what a number that is `end` or less, within the tolerance, is at most."""
    return -loosely_below(-end)


def widened(a: Possible) -> Possible:
    """Return a number within what rounding of many additions adds to its bounds."""
    return replace(a, low=loosely_below(a.low), high=loosely_above(a.high))
