"""What an expression compiles to: a value known beforehand, or SQL by its kind.

In SQL an unknown value is NULL. A number is a pair of expressions, its ends, which are one
expression where the number is exact; both ends are NULL together. `sure` says that a value is
never NULL: a field that its record must have, and what is made of such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

from checker.bulk.compile import sql
from checker.model.types import DistributionType, Type
from checker.model.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A value that no row changes."""

    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number or an amount: its ends, and what bounds them for every row."""

    low: str
    high: str
    least: float = -inf
    most: float = inf
    sure: bool = False

    @property
    def exact(self) -> bool:
        """Whether both ends are one expression."""
        return self.low == self.high

    @property
    def tame(self) -> bool:
        """Whether no end can be infinite, or near the largest float."""
        return self.least > -1e300 and self.most < 1e300


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """A condition. `settled` says that it is never unknown."""

    sql: str
    settled: bool = False

    @property
    def surely(self) -> str:
        """SQL that tells whether it is true; never NULL."""
        return self.sql if self.settled else sql.surely(self.sql)

    @property
    def possibly(self) -> str:
        """SQL that tells whether it is not false; never NULL."""
        return self.sql if self.settled else sql.possibly(self.sql)

    @property
    def unknown(self) -> str:
        """SQL that tells whether it is unknown."""
        return sql.FALSE if self.settled else sql.unknown(self.sql)


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A code or plain text."""

    sql: str
    sure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LabelWord:
    """A label as its record writes it, and what it is compared by.

    `plain` is its canonical form, and `key` its key in the vocabulary; no key where a label of
    another vocabulary was taken as a word of this one. Labels that no rule may take so give their
    key for the canonical form.
    """

    sql: str
    vocabulary: str
    key: str
    plain: str
    sure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A date."""

    sql: str
    sure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """A distribution: a struct or a map, see `Layout`."""

    sql: str
    type: DistributionType


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """One of some values that are known beforehand: `index` counts from 0, NULL is unknown."""

    index: str
    values: tuple[Value, ...]


class Record(Protocol):
    """A record: its fields by name."""

    def field(self, name: str) -> Val:
        """Return the value of a field, unknown where the record does not hold it."""

    def held(self, names: tuple[str, ...]) -> str:
        """Return SQL that tells whether the record holds a path; never NULL."""

    def inner(self, name: str) -> Record | None:
        """Return a field that is a record, or None where it is never there."""


Member = Callable[[str], "tuple[Val, Truth]"]


@dataclass(frozen=True, slots=True, eq=False)
class FixedList:
    """A list whose members are written out, each with whether it is surely one."""

    members: tuple[tuple[Val, Truth], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RowList:
    """A list of the row: SQL for the list, and what each of its members stands for.

    `member` gives, for the SQL of a member, its value and whether it surely is one. `raw` says
    that members are texts as they stand and all of them sure, `narrow` that there is none which
    surely is no member. NULL is a list that is unknown.
    """

    source: str
    member: Member
    raw: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """The members of the first list that are in the second, each once; made into a list late."""

    first: ListVal
    second: ListVal
    type: Type


ListVal = FixedList | RowList | Overlap
Val = Known | Number | Truth | Word | LabelWord | Day | Shares | Pick | ListVal | Record

CERTAIN = Truth(sql.TRUE, settled=True)
NOTHING = Known(UNKNOWN)


def is_sure(value: Val) -> bool:
    """Tell whether a value is unknown in no row."""
    match value:
        case Known():
            return value.value is not UNKNOWN
        case Truth():
            return value.settled
        case Number() | Word() | LabelWord() | Day():
            return value.sure
    return False


def map_pick(pick: Pick, change: Callable[[Value], Value]) -> Pick:
    """Return the pick of changed values."""
    return replace(pick, values=tuple(map(change, pick.values)))


def field_of(row: Value, names: tuple[str, ...]) -> Value:
    """Return a field of a table's row, unknown where it is absent."""
    for name in names:
        if row is UNKNOWN:
            return UNKNOWN
        assert isinstance(row, Mapping)
        row = row.get(name, UNKNOWN)
    return row
