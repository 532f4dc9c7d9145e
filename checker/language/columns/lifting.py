"""From single values to a column, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

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
)
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
