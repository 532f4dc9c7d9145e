"""What a definition of an operator needs of the values that it works on.

A definition is written once, over a domain: over single values (`scalars.SCALARS`) and over
columns of many records (`columns.domain.COLUMNS`). It never asks whether a value is unknown by a
third truth value. A number is (known, low, high), and its bounds hold whether it is known or not;
a truth is (surely, surely not), of which at most one is true. `known` says whether the records
hold the value, and only reasons read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

from checker.model.types import Type

# Two numbers are equal within one part in 10**9 of the larger magnitude, or of 1.
TOLERANCE = 1e-9

# A float, or an array of floats with one for each record; a bool, or an array of bools.
Real = Any
Flag = Any
# A value of the language: of one record, or a column of them.
Operand = Any
# How the parts of a list's members come together; numbers are added from left to right.
Joining = Literal["add", "or", "min", "max"]
# Gives, for a member and whether it is surely one, what it contributes.
Each = Callable[[Operand, Flag], tuple[Any, ...]]


class Domain(Protocol):
    """Values of one kind: how they are taken apart, put together and chosen among."""

    def ends(self, value: Operand) -> tuple[Flag, Real, Real]:
        """Return whether a number is known, and its low and high end."""

    def number(self, known: Flag, low: Real, high: Real) -> Operand:
        """Return the number with these ends; unknown where nothing bounds it."""

    def sides(self, value: Operand) -> tuple[Flag, Flag]:
        """Return whether a truth surely holds, and whether it surely does not."""

    def truth(self, yes: Flag, no: Flag) -> Operand:
        """Return the truth with these sides."""

    def same(self, a: Operand, b: Operand) -> tuple[Flag, Flag]:
        """Return whether it is known that two texts, dates or flags are one or not, and if so."""

    def where(self, test: Flag, a: Any, b: Any) -> Any:
        """Return a where the test is true, else b."""

    def lower(self, a: Real, b: Real) -> Real:
        """Return the lower of two floats."""

    def higher(self, a: Real, b: Real) -> Real:
        """Return the higher of two floats."""

    def invert(self, flag: Flag) -> Flag:
        """Return true where the flag is false."""

    def near(self, a: Real, b: Real) -> Flag:
        """Tell whether two floats count as equal."""

    def quotient(self, a: Real, b: Real) -> Real:
        """Return a / b where b is not 0, and anything where it is."""

    def reduce(self, values: Operand, each: Each, joined: tuple[Joining, ...]) -> tuple[Any, ...]:
        """Return, for each part that a list's members contribute, all of them joined.

        Nothing adds up to 0, holds nowhere, and has an infinite lowest and highest end.
        """

    def days(self, value: Operand) -> tuple[Flag, Real]:
        """Return whether a date is known, and its ordinal."""

    def date(self, known: Flag, days: Real) -> Operand:
        """Return the date with an ordinal."""

    def last(self, values: Operand) -> Operand:
        """Return a list's last member; unknown of nothing and where it is only possible."""

    def row(self, table: Operand, place: Real) -> Operand:
        """Return the row of a table at a place; unknown at -1."""

    def lookup(self, index: Any, keys: tuple[Operand, ...], type_: Type) -> Operand:
        """Return the row of a table, of a type, that `index` has for some keys."""

    def share_parts(self, values: Operand, keys: Operand, choices: tuple[str, ...]) -> Any:
        """Return what `shares.share` asks of a distribution, in its order."""

    def share_aged(self, values: Operand, plan_of: Callable[[tuple[str, ...]], Any]) -> Operand:
        """Return the share of a span of ages, by the plan that the bands present have."""

    def overlap(self, first: Operand, second: Operand, type_: Type, *, turn: bool) -> Operand:
        """Return the members of the first list, of a type, that are in the second, each once.

        `turn` says that the words of the first are what is wanted.
        """

    def span(self, ages: Operand) -> tuple[float, float] | None:
        """Return the ends of an age span that is the same for all; None where one is unknown."""
