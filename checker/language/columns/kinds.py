"""Columns of values: what a field, or an expression, is for each record of a block.

A column has one kind for each type of the language. What a column does not know is masked in it;
a value that is the same for every record may stand for its column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from checker.language.columns.stored import Bools, Codes, Floats, Whole
from checker.model.types import RecordType
from checker.model.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True, eq=False)
class NumberColumn:
    """Numbers within bounds; one that is not known lies between the infinite ends."""

    known: Bools
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TruthColumn:
    """Conditions that surely hold, or surely do not; neither where it is unknown."""

    yes: Bools
    no: Bools


@dataclass(frozen=True, slots=True, eq=False)
class TextColumn:
    """Labels, codes or plain texts, as numbers into the different values; -1 is unknown."""

    codes: Codes
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DateColumn:
    """Dates, as ordinals."""

    known: Bools
    days: Whole


@dataclass(frozen=True, slots=True, eq=False)
class ListColumn:
    """Lists: `offsets` say which of `members` are whose, `certain` which surely are members."""

    known: Bools
    offsets: Whole
    members: Column
    certain: Bools

    @property
    def owners(self) -> Whole:
        """Return the record of each member."""
        return np.repeat(np.arange(len(self.known)), np.diff(self.offsets))


@dataclass(frozen=True, slots=True, eq=False)
class DistributionColumn:
    """Distributions: `keys` are numbers into `names`, in the order in which they are added up."""

    known: Bools
    offsets: Whole
    keys: Codes
    names: tuple[str, ...]
    shares: Floats

    @property
    def owners(self) -> Whole:
        """Return the record of each share."""
        return np.repeat(np.arange(len(self.known)), np.diff(self.offsets))


class RecordColumn:
    """Records, or rows of a table; a field's column is made when it is first read.

    `read` gives the column of a field, or `UNKNOWN` where no record can have it; `holds` tells
    which records have it.
    """

    def __init__(
        self,
        type_: RecordType,
        known: Bools,
        read: Callable[[str], Column],
        holds: Callable[[str], Bools],
    ) -> None:
        self.type = type_
        self.known = known
        self._read = read
        self._holds = holds
        self._fields: dict[str, Column] = {}

    def get(self, name: str) -> Column:
        """Return the column of a field."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = self._read(name)
        return found

    def holds(self, name: str) -> Bools:
        """Tell which records have a field."""
        return self.known & self._holds(name)


# A value of the language that is the same for every record may stand for its column.
Column = Any


def is_constant(column: Column) -> bool:
    """Tell whether a value stands for its column."""
    return not isinstance(
        column,
        NumberColumn
        | TruthColumn
        | TextColumn
        | DateColumn
        | ListColumn
        | DistributionColumn
        | RecordColumn,
    )


def known_of(column: Column) -> Any:
    """Tell which values of a column are known: an array, or a bool for all of them."""
    match column:
        case TruthColumn():
            return column.yes | column.no
        case TextColumn():
            return column.codes >= 0
    return column is not UNKNOWN if is_constant(column) else column.known


def field_of(record: Column, name: str) -> Column:
    """Return a field of records, or of the one record that stands for all."""
    if isinstance(record, RecordColumn):
        return record.get(name)
    return record.get(name, UNKNOWN)
