"""Columns of values: what a field, or an expression, is for each record of a block.

A column has one kind for each type of the language. What a column does not know is masked in it;
a value that is the same for every record may stand for its column. `take`, `stack`, `lift` and
`value_at` are all that is needed to follow records into lists and tables and back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from checker.language.columns.stored import Bools, Codes, Floats, Whole
from checker.language.operators.scalars import SCALARS, make_list
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Distribution, Items, Label, Value

Rows = Any  # An array of numbers of records; -1 is none of them.


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


def unknown(type_: Type, size: int) -> Column:
    """Return a column of a type that knows nothing."""
    never = np.zeros(size, bool)
    nowhere = np.zeros(size + 1, np.int64)
    match type_:
        case NumberType() | MoneyType():
            return NumberColumn(never, np.full(size, -inf), np.full(size, inf))
        case FlagType():
            return TruthColumn(never, never)
        case TextType():
            return TextColumn(np.full(size, -1, np.int32), ())
        case DateType():
            return DateColumn(never, np.zeros(size, np.int64))
        case ListType():
            return ListColumn(never, nowhere, unknown(type_.item, 0), never[:0])
        case DistributionType():
            return DistributionColumn(never, nowhere, np.zeros(0, np.int32), (), np.zeros(0))
    record = type_.row if isinstance(type_, TableType) else type_
    return RecordColumn(record, never, lambda name: UNKNOWN, lambda name: never)


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


# From single values to a column, and back


def lift(values: Sequence[Value], type_: Type) -> Column:
    """Return a column of single values of a type."""
    if not values:
        return unknown(type_, 0)
    match type_:
        case NumberType() | MoneyType():
            return _lift_numbers(values)
        case FlagType():
            return _lift_truths(values)
        case TextType():
            return _lift_texts(values)
        case DateType():
            return _lift_dates(values)
        case ListType():
            return _lift_lists(values, type_)
        case DistributionType():
            return _lift_distributions(values)
        case RecordType():
            return _lift_records(values, type_)
    raise AssertionError(f"no column of {type_}")


def _lift_numbers(values: Sequence[Value]) -> Column:
    known, low, high = zip(*map(SCALARS.ends, values), strict=True)
    return NumberColumn(np.array(known, bool), np.array(low, float), np.array(high, float))


def _lift_truths(values: Sequence[Value]) -> Column:
    yes, no = zip(*map(SCALARS.sides, values), strict=True)
    return TruthColumn(np.array(yes, bool), np.array(no, bool))


def _lift_texts(values: Sequence[Value]) -> Column:
    # Labels are equal by their keys; their texts are kept apart, since they are shown.
    names = [(v.key, v.text) if isinstance(v, Label) else v for v in values]
    places = {name: place for place, name in enumerate(dict.fromkeys(names)) if name is not UNKNOWN}
    different = {code: n for n, code in enumerate(places.values())}
    codes = [different[places[name]] if name in places else -1 for name in names]
    made = tuple(Label(*name) if isinstance(name, tuple) else name for name in places)
    return TextColumn(np.array(codes, np.int32), made)


def _lift_dates(values: Sequence[Value]) -> Column:
    known = np.array([v is not UNKNOWN for v in values])
    return DateColumn(known, np.array([0 if v is UNKNOWN else v.toordinal() for v in values]))


def _lift_lists(values: Sequence[Value], type_: ListType) -> Column:
    known = np.array([v is not UNKNOWN for v in values])
    lists = [v.values if isinstance(v, Items) else () if v is UNKNOWN else v for v in values]
    sure = [
        v.certain if isinstance(v, Items) else (True,) * len(each)
        for v, each in zip(values, lists, strict=True)
    ]
    offsets = np.concatenate(([0], np.cumsum([len(each) for each in lists]))).astype(np.int64)
    members = lift([member for each in lists for member in each], type_.item)
    return ListColumn(known, offsets, members, np.array([s for each in sure for s in each], bool))


def _lift_distributions(values: Sequence[Value]) -> Column:
    known = np.array([v is not UNKNOWN for v in values])
    shares = [{} if v is UNKNOWN else v.shares for v in values]
    places: dict[str, int] = {}
    keys = [places.setdefault(key, len(places)) for each in shares for key in each]
    offsets = np.concatenate(([0], np.cumsum([len(each) for each in shares]))).astype(np.int64)
    parts = np.array([part for each in shares for part in each.values()], float)
    return DistributionColumn(known, offsets, np.array(keys, np.int32), tuple(places), parts)


def _lift_records(values: Sequence[Value], type_: RecordType) -> Column:
    known = np.array([v is not UNKNOWN for v in values])
    records = [{} if v is UNKNOWN else v for v in values]
    return RecordColumn(
        type_,
        known,
        lambda name: lift([r.get(name, UNKNOWN) for r in records], type_.fields[name].type),
        lambda name: np.array([name in record for record in records], bool),
    )


def value_at(column: Column, row: int) -> Value:
    """Return the value of one record."""
    if is_constant(column):
        return column
    match column:
        case NumberColumn():
            ends = float(column.low[row]), float(column.high[row])
            return SCALARS.number(bool(column.known[row]), *ends)
        case TruthColumn():
            return SCALARS.truth(bool(column.yes[row]), bool(column.no[row]))
        case TextColumn():
            return UNKNOWN if column.codes[row] < 0 else column.values[column.codes[row]]
        case DateColumn():
            return SCALARS.date(bool(column.known[row]), column.days[row])
    return _value_at(column, row) if column.known[row] else UNKNOWN


def _value_at(column: Column, row: int) -> Value:
    if isinstance(column, RecordColumn):
        held = [name for name in column.type.fields if column.holds(name)[row]]
        return {name: value_at(column.get(name), row) for name in held}
    inside = range(int(column.offsets[row]), int(column.offsets[row + 1]))
    if isinstance(column, ListColumn):
        sure = column.certain
        return make_list([(value_at(column.members, n), bool(sure[n])) for n in inside])
    names, keys = column.names, column.keys
    return Distribution({names[keys[n]]: float(column.shares[n]) for n in inside})
