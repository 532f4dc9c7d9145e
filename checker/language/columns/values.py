"""Columns rearranged: `take`, `stack` and `pick` follow records into lists and tables and back."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from checker.language.columns.kinds import (
    Column,
    DateColumn,
    DistributionColumn,
    ListColumn,
    NumberColumn,
    RecordColumn,
    TextColumn,
    TruthColumn,
    is_constant,
    known_of,
)
from checker.language.columns.lifting import lift, unknown
from checker.language.columns.stored import Bools, Whole
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    NumberType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN

Rows = Any  # An array of numbers of records; -1 is none of them.


def spans(offsets: Whole, rows: Rows) -> tuple[Whole, Whole]:
    """Return the offsets of some records' members, one after the other, and their places."""
    starts, lengths = offsets[rows], offsets[rows + 1] - offsets[rows]
    made = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(made[-1]) + np.repeat(starts - made[:-1], lengths)
    return made, places


def take(column: Column, rows: Rows) -> Column:
    """Return the values of some records; unknown for the record -1."""
    if is_constant(column):
        return column
    if len(rows) and rows.min() < 0:
        if not len(known_of(column)):
            return nothing_like(column, len(rows))
        return mask(take(column, np.maximum(rows, 0)), rows >= 0)
    match column:
        case NumberColumn():
            return NumberColumn(column.known[rows], column.low[rows], column.high[rows])
        case TruthColumn():
            return TruthColumn(column.yes[rows], column.no[rows])
        case TextColumn():
            return TextColumn(column.codes[rows], column.values)
        case DateColumn():
            return DateColumn(column.known[rows], column.days[rows])
        case ListColumn():
            offsets, places = spans(column.offsets, rows)
            members = take(column.members, places)
            return ListColumn(column.known[rows], offsets, members, column.certain[places])
        case DistributionColumn():
            offsets, places = spans(column.offsets, rows)
            keys, shares = column.keys[places], column.shares[places]
            return DistributionColumn(column.known[rows], offsets, keys, column.names, shares)
        case RecordColumn():
            return RecordColumn(
                column.type,
                column.known[rows],
                lambda name: take(column.get(name), rows),
                lambda name: column.holds(name)[rows],
            )
    raise AssertionError(f"no column: {column!r}")


def mask(column: Column, known: Any) -> Column:
    """Return a column that is unknown where `known` is false; it is no constant but UNKNOWN."""
    if column is UNKNOWN or np.all(known):
        return column
    match column:
        case NumberColumn():
            return NumberColumn(
                column.known & known,
                np.where(known, column.low, -inf),
                np.where(known, column.high, inf),
            )
        case TruthColumn():
            return TruthColumn(column.yes & known, column.no & known)
        case TextColumn():
            return TextColumn(np.where(known, column.codes, np.int32(-1)), column.values)
        case DateColumn():
            return DateColumn(column.known & known, column.days)
        case RecordColumn():
            return RecordColumn(
                column.type,
                column.known & known,
                lambda name: mask(column.get(name), known),
                column.holds,
            )
        case ListColumn():
            kept = take(column, np.flatnonzero(known))
            offsets = _spread(column.offsets, known)
            return ListColumn(column.known & known, offsets, kept.members, kept.certain)
        case DistributionColumn():
            kept = take(column, np.flatnonzero(known))
            offsets, there = _spread(column.offsets, known), column.known & known
            return DistributionColumn(there, offsets, kept.keys, kept.names, kept.shares)
    raise AssertionError(f"no column: {column!r}")


def _spread(offsets: Whole, known: Bools) -> Whole:
    lengths = np.where(known, np.diff(offsets), 0)
    return np.concatenate(([0], np.cumsum(lengths)))


def stack(a: Column, b: Column) -> Column:
    """Return the values of two columns of one type, one after the other; neither is constant."""
    match a, b:
        case NumberColumn(), NumberColumn():
            return NumberColumn(*(_joined(a, b, name) for name in ("known", "low", "high")))
        case TruthColumn(), TruthColumn():
            return TruthColumn(_joined(a, b, "yes"), _joined(a, b, "no"))
        case DateColumn(), DateColumn():
            return DateColumn(_joined(a, b, "known"), _joined(a, b, "days"))
        case TextColumn(), TextColumn():
            codes = np.where(b.codes < 0, b.codes, b.codes + np.int32(len(a.values)))
            return TextColumn(np.concatenate((a.codes, codes)), a.values + b.values)
        case ListColumn(), ListColumn():
            members = stack(a.members, b.members)
            offsets = np.concatenate((a.offsets, a.offsets[-1] + b.offsets[1:]))
            return ListColumn(_joined(a, b, "known"), offsets, members, _joined(a, b, "certain"))
        case DistributionColumn(), DistributionColumn():
            keys = np.concatenate((a.keys, b.keys + np.int32(len(a.names))))
            offsets = np.concatenate((a.offsets, a.offsets[-1] + b.offsets[1:]))
            return DistributionColumn(
                _joined(a, b, "known"), offsets, keys, a.names + b.names, _joined(a, b, "shares")
            )
        case RecordColumn(), RecordColumn():
            sizes = len(a.known), len(b.known)
            return RecordColumn(
                a.type,
                _joined(a, b, "known"),
                lambda name: _stacked(a.get(name), b.get(name), *sizes, a.type.fields[name].type),
                lambda name: np.concatenate((a.holds(name), b.holds(name))),
            )
    raise AssertionError(f"no columns of one type: {a!r}, {b!r}")


def _joined(a: Column, b: Column, name: str) -> Any:
    return np.concatenate((getattr(a, name), getattr(b, name)))


def _stacked(a: Column, b: Column, a_size: int, b_size: int, type_: Type) -> Column:
    if is_constant(a) and a is b:
        return a
    return stack(full(a, a_size, type_), full(b, b_size, type_))


def full(column: Column, size: int, type_: Type) -> Column:
    """Return a column of this size and type where a value stands for it."""
    if not is_constant(column):
        return column
    if column is UNKNOWN:
        return unknown(type_, size)
    return take(lift([column], type_), np.zeros(size, np.int64))


def nothing_like(column: Column, size: int) -> Column:
    """Return a column of the same kind that knows nothing."""
    type_: Type
    match column:
        case ListColumn():
            never, nowhere = np.zeros(size, bool), np.zeros(size + 1, np.int64)
            return ListColumn(never, nowhere, nothing_like(column.members, 0), never[:0])
        case RecordColumn():
            type_ = column.type
        case NumberColumn():
            type_ = NumberType()
        case TruthColumn():
            type_ = FlagType()
        case DateColumn():
            type_ = DateType()
        case DistributionColumn():
            type_ = DistributionType(TextType("code"))
        case _:
            type_ = TextType("code")
    return unknown(type_, size)


def pick(test: Bools, a: Column, b: Column, type_: Type) -> Column:
    """Return a where the test is true, else b; both of one type."""
    size = len(test)
    if is_constant(a) and is_constant(b) and (a is b or a == b):
        return a
    both = _stacked(a, b, size, size, type_)
    places = np.arange(size)
    return take(both, np.where(test, places, places + size))
