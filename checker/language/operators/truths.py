"""Conditions put together by Kleene; each side of a result follows from the sides of its parts."""

from __future__ import annotations

from collections.abc import Iterable

from checker.language.operators.domain import Domain, Operand


def negation(on: Domain, a: Operand) -> Operand:
    """Not a."""
    yes, no = on.sides(a)
    return on.truth(no, yes)


def conjunction(on: Domain, values: Iterable[Operand]) -> Operand:
    """Return whether all hold."""
    yes, no = True, False
    for value in values:
        one_yes, one_no = on.sides(value)
        yes, no = yes & one_yes, no | one_no
    return on.truth(yes, no)


def disjunction(on: Domain, values: Iterable[Operand]) -> Operand:
    """Return whether one holds."""
    return negation(on, conjunction(on, [negation(on, value) for value in values]))


def any_true(on: Domain, values: Operand) -> Operand:
    """Return whether a member of a list surely holds; one that is only possible settles nothing."""
    surely, maybe = on.reduce(
        values,
        lambda value, certain: (on.sides(value)[0] & certain, on.invert(on.sides(value)[1])),
        ("or", "or"),
    )
    return on.truth(surely, on.invert(maybe))


def all_true(on: Domain, values: Operand) -> Operand:
    """Return whether every member of a list holds; true of nothing."""
    surely_not, maybe_not = on.reduce(
        values,
        lambda value, certain: (on.sides(value)[1] & certain, on.invert(on.sides(value)[0])),
        ("or", "or"),
    )
    return on.truth(on.invert(maybe_not), surely_not)
