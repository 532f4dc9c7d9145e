"""Decoded records become columns of Arrow, some records at a time, while they are at hand.

What a processor's cache holds is read many times as fast, so the records of a few lines go into
columns, and are forgotten, before the next lines are decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from msgspec.structs import astuple

from checker.screening.reading.parts import Day, Flag, Listed, Number, Part, Record, Shares, Words
from checker.screening.reading.typed import Span, plain_number

_PLAIN = frozenset((int, float, type(None)))


class Gathered(Protocol):
    """A column that grows."""

    def add(self, values: Sequence[Any]) -> None:
        """Add values; None is missing."""

    def done(self) -> pa.Array:
        """Return all values."""


def gathered(part: Part) -> Gathered:
    """Return a column of values as the decoder makes them."""
    match part:
        case Number():
            return _Numbers()
        case Flag():
            return _Plain(pa.bool_())
        case Day():
            return _Plain(pa.date32())
        case Words():
            return _Plain(pa.string())
        case Shares():
            return _Shares(part)
        case Listed():
            return _Lists(part)
        case Record():
            return _Records(part)


class _Plain:
    def __init__(self, type_: pa.DataType) -> None:
        self.type = type_
        self.chunks: list[pa.Array] = []

    def add(self, values: Sequence[Any]) -> None:
        self.chunks.append(pa.array(values, self.type))

    def done(self) -> pa.Array:
        return pa.concat_arrays(self.chunks) if self.chunks else pa.nulls(0, self.type)


class _Numbers(_Plain):
    """Numbers; where there is a range among them, all are."""

    def __init__(self) -> None:
        super().__init__(pa.float64())

    def add(self, values: Sequence[Any]) -> None:
        try:
            self.chunks.append(pa.array(values, self.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            self.chunks.append(_ranges(values))

    def done(self) -> pa.Array:
        if any(pa.types.is_struct(each.type) for each in self.chunks):
            self.chunks = [
                each if pa.types.is_struct(each.type) else _struct([each, each], each)
                for each in self.chunks
            ]
        return super().done()


def _struct(ends: list[pa.Array], like: pa.Array) -> pa.StructArray:
    return pa.StructArray.from_arrays(ends, names=["min", "max"], mask=like.is_null())


def _ranges(values: Sequence[Any]) -> pa.Array:
    low, high = list(values), list(values)
    held: list[Any] = values  # type: ignore[assignment]
    for place, value in enumerate(values):
        if value.__class__ not in _PLAIN:
            if isinstance(value, Span):
                held = low
                low[place], high[place] = _end(value.min), _end(value.max)  # type: ignore[attr-defined]
            else:
                low[place] = high[place] = plain_number(value)
    lowest = pa.array(low, pa.float64())
    if held is values:
        return lowest
    missing = pa.array([each is None for each in values])
    ends = [lowest, pa.array(high, pa.float64())]
    return pa.StructArray.from_arrays(ends, names=["min", "max"], mask=missing)


def _end(value: Any) -> float | None:
    return None if value is None else plain_number(value)


class _Listed:
    """Members of lists, one after the other, and how many each list has."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.missing: list[bool] = []

    def held(self, values: Sequence[Any], nothing: Any) -> list[Any]:
        """Note how long some are; return them with `nothing` for what is missing."""
        held = [nothing if each is None else each for each in values]
        self.lengths.extend(map(len, held))
        self.missing += [each is None for each in values]
        return held

    def offsets(self) -> pa.Array:
        """Return where each begins, and the last one ends."""
        ends = np.cumsum(np.array(self.lengths, np.int32), dtype=np.int32)
        return pa.array(np.concatenate((np.zeros(1, np.int32), ends)))

    def mask(self) -> pa.Array | None:
        """Return which are missing."""
        return pa.array(self.missing, pa.bool_()) if any(self.missing) else None


class _Lists(_Listed):
    def __init__(self, part: Listed) -> None:
        super().__init__()
        self.items = gathered(part.item)

    def add(self, values: Sequence[Any]) -> None:
        self.items.add(list(chain.from_iterable(self.held(values, ()))))

    def done(self) -> pa.Array:
        return pa.ListArray.from_arrays(self.offsets(), self.items.done(), mask=self.mask())


class _Shares(_Listed):
    def __init__(self, part: Shares) -> None:
        super().__init__()
        self.keys = gathered(part.keys)
        self.shares = gathered(part.share)

    def add(self, values: Sequence[Any]) -> None:
        held = self.held(values, {})
        self.keys.add(list(chain.from_iterable(held)))
        self.shares.add(list(chain.from_iterable(map(dict.values, held))))

    def done(self) -> pa.Array:
        type_ = pa.map_(pa.string(), pa.float64())
        return pa.MapArray.from_arrays(
            self.offsets(), self.keys.done(), self.shares.done(), type_, mask=self.mask()
        )


class _Records:
    def __init__(self, part: Record) -> None:
        self.members = Members(part)
        self.missing: list[bool] = []

    def add(self, values: Sequence[Any]) -> None:
        nothing = (None,) * len(self.members.names)
        self.members.add([nothing if each is None else astuple(each) for each in values])
        self.missing += [each is None for each in values]

    def done(self) -> pa.Array:
        mask = pa.array(self.missing, pa.bool_()) if any(self.missing) else None
        columns = self.members.done()
        return pa.StructArray.from_arrays(list(columns.values()), names=list(columns), mask=mask)


class Members:
    """The columns of a record's members, given the values of each in the order of its type."""

    def __init__(self, part: Record) -> None:
        # Those of the decoder's types: what is required comes first.
        self.names = sorted(part.members, key=lambda name: name not in part.required)
        self.columns = {
            name: gathered(part.members[name])
            for name in self.names
            if not is_bare(part.members[name])
        }

    def add(self, tuples: Sequence[Any]) -> None:
        """Add records; more values than there are members are passed over."""
        for name, values in zip(self.names, zip(*tuples, strict=True), strict=False):
            if name in self.columns:
                self.columns[name].add(values)

    def done(self) -> dict[str, pa.Array]:
        """Return the columns."""
        return {name: each.done() for name, each in self.columns.items()}


def is_bare(part: Part) -> bool:
    """Tell whether a record may hold anything and says nothing of what it holds."""
    return isinstance(part, Record) and not part.members
