"""What a list adds up to, and what is in it; members may be unknown, or only possible."""

from __future__ import annotations

from math import inf

from checker.language.operators.domain import Domain, Operand
from checker.language.operators.numbers import divide, is_equal


def total(on: Domain, values: Operand, *, never_negative: bool) -> Operand:
    """Return the sum, from left to right; a possible member adds between 0 and itself.

    `never_negative` says that no member can be below 0, not even one that is unknown.
    """
    least = 0.0 if never_negative else -inf

    def part(value: Operand, certain: Operand) -> tuple[Operand, Operand]:
        known, low, high = on.ends(value)
        low, high = on.where(known, low, least), on.where(known, high, inf)
        return (
            on.where(certain, low, on.lower(low, 0.0)),
            on.where(certain, high, on.higher(high, 0.0)),
        )

    low, high = on.reduce(values, part, ("add", "add"))
    return on.number(True, low, high)


def count(on: Domain, values: Operand) -> Operand:
    """Return how many members there are; possible ones make a range."""
    low, high = on.reduce(
        values, lambda value, certain: (on.where(certain, 1.0, 0.0), 1.0), ("add", "add")
    )
    return on.number(True, low, high)


Ends = tuple[Operand, Operand]


def settled_ends(on: Domain, values: Operand) -> tuple[Operand, Ends, Ends]:
    """Return whether a list has members that are all sure and known, and its extreme ends.

    The ends are the low and high one of the smallest member, and of the largest.
    """

    def part(value: Operand, certain: Operand) -> tuple[Operand, ...]:
        known, low, high = on.ends(value)
        return on.invert(known & certain), True, low, high, low, high

    joined = on.reduce(values, part, ("or", "or", "min", "min", "max", "max"))
    open_, some, *ends = joined
    return some & on.invert(open_), (ends[0], ends[1]), (ends[2], ends[3])


def smallest_of(on: Domain, values: Operand) -> Operand:
    """Return the smallest member; unknown of nothing, and where one is unknown or only possible."""
    known, smallest, _ = settled_ends(on, values)
    return on.number(known, *smallest)


def largest_of(on: Domain, values: Operand) -> Operand:
    """Return the largest member; unknown of nothing, and where one is unknown or only possible."""
    known, _, largest = settled_ends(on, values)
    return on.number(known, *largest)


def extreme_date(on: Domain, values: Operand, *, last: bool) -> Operand:
    """Return the first or the last of dates; unknown as the smallest number is."""

    def part(value: Operand, certain: Operand) -> tuple[Operand, ...]:
        known, days = on.days(value)
        return on.invert(known & certain), True, days

    open_, some, days = on.reduce(values, part, ("or", "or", "max" if last else "min"))
    return on.date(some & on.invert(open_), days)


def mean(on: Domain, values: Operand) -> Operand:
    """Return the mean; unknown of nothing, and where a member is unknown or only possible."""
    settled, _, _ = settled_ends(on, values)
    whole = divide(on, total(on, values, never_negative=False), count(on, values))
    known, low, high = on.ends(whole)
    return on.number(known & settled, low, high)


def contains(
    on: Domain, item: Operand, values: Operand, *, numbers: bool, turn: bool = False
) -> Operand:
    """Return whether an item is in a list; nothing is in an empty one.

    Args:
        on: the domain.
        item: what is looked for; over columns, one for each member of the list.
        values: the list.
        numbers: the two are numbers, which compare within their bounds; else they compare exactly.
        turn: of words, what is looked for is what is wanted, and not what the list holds.
    """

    def part(value: Operand, certain: Operand) -> tuple[Operand, Operand]:
        if numbers:
            yes, no = on.sides(is_equal(on, item, value))
        else:
            known, yes = on.same(value, item) if turn else on.same(item, value)
            no = known & on.invert(yes)
        return yes & certain, on.invert(no)

    surely, maybe = on.reduce(values, part, ("or", "or"))
    return on.truth(surely, on.invert(maybe))
