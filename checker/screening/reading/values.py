"""Columns of decoded records: what `msgspec` made, field by field, becomes arrays.

A field is only looked at when somebody asks for it, or where the decoder could not see all that
may be wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from itertools import chain, repeat
from operator import is_not
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec.structs import astuple

from checker.language.columns.stored import (
    Bools,
    Floats,
    Stored,
    StoredFlags,
    StoredNumbers,
    StoredRecords,
    StoredTexts,
    Whole,
)
from checker.screening.reading import stores
from checker.screening.reading.parts import Day, Flag, Listed, Number, Part, Record, Shares, Words
from checker.screening.reading.stores import Fields, Rows
from checker.screening.reading.typed import opened, plain_number

EPOCH = 719163  # The ordinal of the day that Arrow counts from.
_PLAIN = frozenset((int, float, type(None)))


def needs_a_look(part: Part) -> bool:
    """Tell whether the decoder cannot see all that may be wrong with a value."""
    match part:
        case Number() | Flag():
            return False
        case Words():
            return bool(part.pattern)
        case Listed():
            return part.once or part.by_day or needs_a_look(part.item)
        case Record():
            return not part.closed or bool(looked_at(part))
    return True


def looked_at(part: Record) -> tuple[str, ...]:
    """Return the members of a record that need a look; see `needs_a_look`."""
    spans = {"min", "max", "from", "until"}
    return tuple(n for n, each in part.members.items() if n in spans or needs_a_look(each))


def column(part: Part, values: Sequence[Any], rows: Rows) -> Stored:
    """Return a column of values; None is missing."""
    match part:
        case Number():
            return stores.numbers(part, *_ends(values), rows)
        case Flag():
            return StoredFlags(present(values), np.fromiter(map(bool, values), np.bool_, rows.size))
        case Day():
            array = pa.array(values, pa.date32())
            days = buffer(array, np.int32).astype(np.int64) + EPOCH
            return stores.dates(valid(array), days, rows)
        case Words():
            return words(part, values, rows)
        case Shares():
            return _shares(part, values, rows)
        case Listed():
            return _lists(part, values, rows)
        case Record():
            return _records(part, values, rows)


def present(values: Sequence[Any]) -> Bools:
    """Return where values are not missing."""
    return np.fromiter(map(is_not, values, repeat(None)), np.bool_, len(values))


def valid(array: pa.Array) -> Bools:
    """Return where an array of Arrow has values."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    found: Bools = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def buffer(array: pa.Array, type_: Any) -> Any:
    """Return the values of an array of Arrow; what stands where there is none means nothing."""
    buffer = array.buffers()[1]
    found = np.frombuffer(buffer, type_) if buffer is not None else np.zeros(0, type_)
    return found[array.offset : array.offset + len(array)]


def _ends(values: Sequence[Any]) -> tuple[Bools, Floats, Floats]:
    """Return where there are numbers, their lowest and their highest values."""
    try:
        array = pa.array(values, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return _ranges(values)
    low = buffer(array, np.float64)
    return valid(array), low, low


def _ranges(values: Sequence[Any]) -> tuple[Bools, Floats, Floats]:
    places = [place for place, each in enumerate(values) if each.__class__ not in _PLAIN]
    plain, highest = list(values), []
    for place in places:
        value = values[place]
        if value.__class__ is str:
            low = high = plain_number(value)
        else:
            low = -np.inf if value.min is None else plain_number(value.min)
            high = np.inf if value.max is None else plain_number(value.max)
        plain[place] = low
        highest.append(high)
    array = pa.array(plain, pa.float64())
    lowest = buffer(array, np.float64)
    most = lowest.copy()
    most[places] = highest
    return valid(array), lowest, most


def words(part: Words, values: Sequence[Any], rows: Rows) -> StoredTexts:
    """Return a column of texts."""
    index: dict[Any, int]
    if part.choices:
        index, different = _index(part.choices), part.choices
    else:
        found = dict.fromkeys(values)
        found.pop(None, None)
        different = tuple(found)
        index = dict(zip(different, range(len(different)), strict=True))
        index[None] = -1
    codes = np.fromiter(map(index.__getitem__, values), np.int32, len(values))
    return stores.texts(part, codes, different, rows)


@cache
def _index(choices: tuple[str, ...]) -> dict[Any, int]:
    return {None: -1, **{each: code for code, each in enumerate(choices)}}


def _lengths(values: Sequence[Any], nothing: Any) -> tuple[Bools, list[Any], Whole]:
    held = [nothing if each is None else each for each in values]
    return present(values), held, np.fromiter(map(len, held), np.int64, len(held))


def _shares(part: Shares, values: Sequence[Any], rows: Rows) -> Stored:
    there, held, lengths = _lengths(values, {})
    inner = rows.members(lengths)
    keys = words(part.keys, list(chain.from_iterable(held)), inner)
    shares = column(part.share, list(chain.from_iterable(map(dict.values, held))), inner)
    assert isinstance(shares, StoredNumbers)
    return stores.distributions(part, there, lengths, keys, shares, rows)


def _lists(part: Listed, values: Sequence[Any], rows: Rows) -> Stored:
    there, held, lengths = _lengths(values, ())
    inner = rows.members(lengths)
    members = column(part.item, list(chain.from_iterable(held)), inner)
    return stores.lists(part, there, lengths, members, rows, inner)


def _records(part: Record, values: Sequence[Any], rows: Rows) -> StoredRecords:
    there = present(values)
    if not part.closed:
        values = [None if each is None else opened(part, each) for each in values]
        rows.refuse(present(values) != there)
    nothing = (None,) * len(part.members)
    tuples = [nothing if each is None else astuple(each) for each in values]
    return table(part, tuples, there, rows)


def table(part: Record, tuples: Sequence[Any], there: Bools, rows: Rows) -> StoredRecords:
    """Return records, given the values of each in the order of its type."""
    order = ordered(part)
    columns = list(zip(*tuples, strict=True)) if tuples else [()] * len(order)
    makers = {
        name: partial(column, part.members[name], values, rows)
        for name, values in zip(order, columns, strict=False)
    }
    fields = Fields(makers)
    for name in looked_at(part):
        fields[name]
    return stores.record(part, rows.size, there, fields, rows)


def ordered(part: Record) -> list[str]:
    """Return the names of a record's members in the order of its type."""
    return sorted(part.members, key=lambda name: name not in part.required)
