"""The comparisons, each declared once: what it means for every type, and how people say it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from checker.language.operators import numbers
from checker.language.operators.domain import Domain, Flag, Operand
from checker.model.frozen import dataclass
from checker.model.types import DateType, MoneyType, NumberType, Type

Meaning = Callable[[Domain, Operand, Operand], Operand]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A comparison.

    Attributes:
        meaning: of numbers and amounts, within the tolerance.
        exactly: of days, and of whether texts are one.
        opposite: what holds where it does not.
        mirrored: what it is with its sides exchanged.
        clause: "is below"; `dates` the same of dates.
        needed: "below", before what is needed.
    """

    meaning: Meaning
    exactly: Callable[[Any, Any], Flag]
    opposite: str
    mirrored: str
    clause: str
    dates: str
    needed: str


COMPARISONS: Mapping[str, Comparison] = {
    "<": Comparison(
        numbers.is_less, operator.lt, ">=", ">", "is below", "is before", "below"
    ),
    "<=": Comparison(
        numbers.is_at_most, operator.le, ">", ">=", "is at most", "is on or before", "at most"
    ),
    ">": Comparison(
        numbers.is_greater, operator.gt, "<=", "<", "is over", "is after", "over"
    ),
    ">=": Comparison(
        numbers.is_at_least, operator.ge, "<", "<=", "is at least", "is on or after", "at least"
    ),
    "==": Comparison(
        numbers.is_equal, operator.eq, "!=", "==", "is", "is", "equal to"
    ),
    "!=": Comparison(
        numbers.differs, operator.ne, "==", "!=", "is not", "is not", "other than"
    ),
}  # fmt: skip


def comparison(sign: str, type_: Type) -> Meaning:
    """Return the comparison with a sign of two values of a type."""
    declared = COMPARISONS[sign]
    if isinstance(type_, NumberType | MoneyType):
        return declared.meaning
    if isinstance(type_, DateType):
        return _of_days(declared.exactly)
    return _is_same if sign == "==" else _is_other


def _of_days(compare: Callable[[Any, Any], Flag]) -> Meaning:
    def run(on: Domain, a: Operand, b: Operand) -> Operand:
        (a_known, a_days), (b_known, b_days) = on.days(a), on.days(b)
        known, holds = a_known & b_known, compare(a_days, b_days)
        return on.truth(known & holds, known & on.invert(holds))

    return run


def _is_same(on: Domain, a: Operand, b: Operand) -> Operand:
    known, equal = on.same(a, b)
    return on.truth(equal, known & on.invert(equal))


def _is_other(on: Domain, a: Operand, b: Operand) -> Operand:
    known, equal = on.same(a, b)
    return on.truth(known & on.invert(equal), equal)
