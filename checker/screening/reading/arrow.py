"""Columns of Arrow, as Parquet and Spark have them; NULL is missing.

A column whose type is the field's own, or near it, becomes an array as it stands. What has another
type is read value by value, as JSON would have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.types as types

from checker.language.columns.stored import (
    Bools,
    Floats,
    Stored,
    StoredDates,
    StoredFlags,
    StoredNumbers,
    StoredRecords,
    StoredTexts,
    Whole,
)
from checker.screening.reading import stores
from checker.screening.reading.gathering import gathered, is_bare
from checker.screening.reading.parts import Day, Flag, Listed, Number, Part, Record, Shares, Words
from checker.screening.reading.stores import Rows
from checker.screening.reading.typed import opened, type_of

_EPOCH = 719163  # The ordinal of the day that Arrow counts from.


class OtherTypeError(Exception):
    """A column is of a type that is read value by value."""


class DoubledError(Exception):
    """A record holds a name twice; carries the name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def column(part: Part, array: pa.Array, rows: Rows) -> Stored:
    """Return a column of Arrow, of which all is seen that may be wrong."""
    if types.is_dictionary(array.type) and not isinstance(part, Words):
        array = array.dictionary_decode()
    try:
        match part:
            case Number():
                return _numbers(part, array, rows)
            case Flag():
                return _flags(array)
            case Day():
                return _dates(array, rows)
            case Words():
                return _texts(part, array, rows)
            case Shares():
                return _shares(part, array, rows)
            case Listed():
                return _lists(part, array, rows)
            case Record():
                return record(part, array, rows)
    except OtherTypeError:
        return _value_by_value(part, array, rows)


def _value_by_value(part: Part, array: pa.Array, rows: Rows) -> Stored:
    type_ = type_of(part)
    found: list[Any] = []
    wrong: list[int] = []
    for place, each in enumerate(array):
        value = None
        try:
            value = plain(each.as_py(), array.type)
            if value is not None:
                value = msgspec.convert(value, type_)
        except (msgspec.ValidationError, DoubledError, ValueError):
            value = None
            wrong.append(place)
        if isinstance(part, Record) and not part.closed and isinstance(value, dict):
            value = opened(part, value)
            if value is None:
                wrong.append(place)
        found.append(value)
    rows.refuse(np.array(wrong, np.int64))
    if is_bare(part):
        return StoredRecords(rows.size, np.array([each is not None for each in found]), {})
    made = gathered(part)
    made.add(found)
    return column(part, made.done(), rows)


def plain(value: Any, type_: pa.DataType) -> Any:
    """Return a value of Arrow as JSON would have it. Raises DoubledError."""
    if types.is_dictionary(type_):
        type_ = type_.value_type
    match value:
        case dict():
            inner = {field.name: plain(value[field.name], field.type) for field in type_}
            return {name: each for name, each in inner.items() if each is not None}
        case list() if types.is_map(type_):
            return _by_key(value, type_)
        case list():
            return [plain(each, type_.value_type) for each in value]
        case float() if not types.is_float64(type_):
            # A number of fewer digits is meant as it is written.
            return float(str(np.dtype(type_.to_pandas_dtype()).type(value)))
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return str(value)
    return value


def _by_key(pairs: list[tuple[Any, Any]], type_: pa.DataType) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if str(key) in found:
            raise DoubledError(str(key))
        found[str(key)] = plain(value, type_.item_type)
    return {name: each for name, each in found.items() if each is not None}


def doubled(type_: pa.DataType) -> str:
    """Return a name that a type has twice, at any depth; "" if there is none."""
    fields = [type_.field(index) for index in range(type_.num_fields)]
    seen: set[str] = set()
    for each in fields:
        if types.is_struct(type_) and each.name in seen:
            return str(each.name)
        seen.add(each.name)
    return next((name for each in fields if (name := doubled(each.type))), "")


def valid(array: pa.Array) -> Bools:
    """Return where an array has values."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    found: Bools = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def buffer(array: pa.Array, type_: Any) -> Any:
    """Return the values of an array; what stands where there is none means nothing."""
    whole = array.buffers()[1]
    found = np.frombuffer(whole, type_) if whole is not None else np.zeros(0, type_)
    return found[array.offset : array.offset + len(array)]


def _amounts(array: pa.Array) -> Floats:
    """Return the numbers of an array; what stands where there is none means nothing."""
    type_ = array.type
    if types.is_null(type_):
        return np.zeros(len(array))
    if types.is_integer(type_) or types.is_decimal(type_):
        array = array.cast(pa.float64(), safe=False)
    elif types.is_float32(type_):
        # A number of fewer digits is meant as it is written.
        array = array.cast(pa.string()).cast(pa.float64())
    elif not types.is_float64(type_):
        raise OtherTypeError
    found: Floats = buffer(array, np.float64)
    return found


def _numbers(part: Number, array: pa.Array, rows: Rows) -> StoredNumbers:
    if not (part.ranged and types.is_struct(array.type)):
        low = _amounts(array)
        return stores.numbers(part, valid(array), low, low, rows)
    ends = members(array)
    if not ends.keys() <= {"min", "max"} or doubled(array.type):
        raise OtherTypeError
    present = valid(array)
    some = np.zeros(rows.size, np.bool_)
    made: list[Floats] = []
    for name, open_ in (("min", -np.inf), ("max", np.inf)):
        end = ends.get(name, pa.nulls(rows.size))
        held, amounts = valid(end), _amounts(end)
        rows.refuse(held & ~np.isfinite(amounts))
        made.append(np.where(held, amounts, open_))
        some |= held
    rows.refuse(present & ~some)
    low, high = made
    return stores.numbers(part, present, low, high, rows)


def members(array: pa.StructArray) -> dict[str, pa.Array]:
    """Return the columns of a struct by name; NULL where the struct is."""
    return dict(zip((each.name for each in array.type), array.flatten(), strict=True))


def _flags(array: pa.Array) -> StoredFlags:
    if types.is_null(array.type):
        return StoredFlags(valid(array), np.zeros(len(array), np.bool_))
    if not types.is_boolean(array.type):
        raise OtherTypeError
    return StoredFlags(valid(array), array.fill_null(False).to_numpy(zero_copy_only=False))


def _dates(array: pa.Array, rows: Rows) -> StoredDates:
    if types.is_null(array.type):
        return stores.dates(valid(array), np.zeros(len(array), np.int64), rows)
    if not types.is_date32(array.type):
        raise OtherTypeError
    return stores.dates(valid(array), buffer(array, np.int32).astype(np.int64) + _EPOCH, rows)


def _texts(part: Words, array: pa.Array, rows: Rows) -> StoredTexts:
    type_ = array.type.value_type if types.is_dictionary(array.type) else array.type
    if types.is_null(type_):
        return StoredTexts(np.full(len(array), -1, np.int32), ())
    if not (types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_)):
        raise OtherTypeError
    if not types.is_dictionary(array.type):
        array = (array if types.is_string(type_) else array.cast(pa.string())).dictionary_encode()
    different = tuple(array.dictionary.to_pylist())
    if None in different or len(set(different)) < len(different):
        return _texts(part, array.cast(pa.string()), rows)
    places = array.indices.cast(pa.int32())
    codes = buffer(places.fill_null(-1) if places.null_count else places, np.int32)
    if different == part.choices:
        different = part.choices
    return stores.texts(part, codes, different, rows)


def _shares(part: Shares, array: pa.Array, rows: Rows) -> Stored:
    if types.is_map(array.type):
        present, lengths, names, amounts = _mapped(array)
    elif types.is_struct(array.type) and array.type.num_fields and not doubled(array.type):
        present, lengths, names, amounts = _named(array)
    else:
        raise OtherTypeError
    inner = rows.members(lengths)
    keys = _texts(part.keys, names, inner)
    shares = _numbers(part.share, amounts, inner)
    inner.refuse(stores.twice(keys.codes, lengths, stores.offsets_of(lengths)))
    return stores.distributions(part, present, lengths, keys, shares, rows)


def _mapped(array: pa.MapArray) -> tuple[Bools, Whole, pa.Array, pa.Array]:
    """Return where there are shares, how many, their keys and what they are."""
    present = valid(array)
    starts = array.offsets.to_numpy().astype(np.int64)
    lengths = np.diff(starts)
    if (lengths[~present] != 0).any():
        # What NULL hides in the map's own arrays goes.
        return _mapped(array.take(pa.array(np.arange(len(array)))))
    first, size = int(starts[0]), int(starts[-1] - starts[0])
    return present, lengths, array.keys.slice(first, size), array.items.slice(first, size)


def _named(array: pa.StructArray) -> tuple[Bools, Whole, pa.Array, pa.Array]:
    """Return the members of structs as `_mapped` does: a name is a key where it has a value."""
    columns = array.flatten()
    held = np.column_stack([valid(each) for each in columns])
    amounts = np.column_stack([_amounts(each) for each in columns])
    names = pa.array([each.name for each in array.type], pa.string())
    keys = names.take(pa.array(np.nonzero(held)[1]))
    return valid(array), held.sum(axis=1), keys, pa.array(amounts[held])


def _lists(part: Listed, array: pa.Array, rows: Rows) -> Stored:
    type_ = array.type
    if not (types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_)):
        raise OtherTypeError
    lengths = array.value_lengths().fill_null(0).to_numpy().astype(np.int64)
    items = array.flatten()
    inner = rows.members(lengths)
    inner.refuse(~valid(items))
    stored = column(part.item, items, inner)
    return stores.lists(part, valid(array), lengths, stored, rows, inner)


def record(part: Record, array: pa.Array, rows: Rows) -> StoredRecords:
    """Return a column of structs."""
    if not types.is_struct(array.type) or doubled(array.type):
        raise OtherTypeError
    if not part.closed and not {each.name for each in array.type} <= part.members.keys():
        # What nobody declared is looked through, too.
        raise OtherTypeError
    return table(part, members(array), valid(array), rows)


def table(
    part: Record, columns: Mapping[str, pa.Array], present: Bools, rows: Rows
) -> StoredRecords:
    """Return records, given their columns by name; one that nobody has is left out."""
    fields: dict[str, Stored] = {}
    held = np.zeros(rows.size, np.bool_)
    for name, array in columns.items():
        there = valid(array)
        held |= there
        if name in part.required:
            rows.refuse(present & ~there)
        if name in part.members:
            if there.any():
                fields[name] = column(part.members[name], array, rows)
        elif part.closed:
            rows.refuse(there)
    if not part.required <= columns.keys():
        rows.refuse(present)
    if part.filled:
        rows.refuse(present & ~held)
    return stores.record(part, rows.size, present, fields, rows)
