"""Decoded records become columns of Arrow, some records at a time, while they are at hand.

What a processor's cache holds is read many times as fast, so the records of a few lines go into
columns, and are forgotten, before the next lines are decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from msgspec.structs import astuple

from checker.language.columns.stored import Floats
from checker.screening.reading.parts import Day, Flag, Listed, Number, Part, Record, Shares, Words
from checker.screening.reading.typed import MISSING, is_missing, plain_number

# What a range is as a number, for as long as it takes to find it: no number of JSON is infinite.
_SPAN = float("inf")


class _NotPlainError(Exception):
    """Some values are no numbers as they stand."""


class Gathered(Protocol):
    """A column that grows."""

    def add(self, values: Sequence[Any]) -> None:
        """Add values; None and MISSING are missing."""

    def done(self) -> pa.Array:
        """Return all values."""


# Paths of names, from a record inwards.
Paths = Collection[tuple[str, ...]]
ALL: Paths = ((),)


def gathered(part: Part, wanted: Paths = ALL) -> Gathered:
    """Return a column of values as the decoder makes them; see `Members` for `wanted`."""
    match part:
        case Number():
            return _Numbers()
        case Flag():
            return _Plain(pa.bool_())
        case Day():
            return _Plain(pa.date32())
        case Words() if part.few:
            return _Words(part)
        case Words():
            return _Plain(pa.string())
        case Shares():
            return _Shares(part)
        case Listed():
            return _Lists(part, wanted)
        case Record():
            return _Records(part, wanted)


class _Plain:
    def __init__(self, type_: pa.DataType) -> None:
        self.type = type_
        self.chunks: list[pa.Array] = []

    def add(self, values: Sequence[Any]) -> None:
        self.chunks.append(pa.array(values, self.type, from_pandas=True))

    def done(self) -> pa.Array:
        return pa.concat_arrays(self.chunks) if self.chunks else pa.nulls(0, self.type)


class _Numbers:
    """Numbers; where there is a range among them, all are."""

    def __init__(self) -> None:
        self.low: list[Floats] = []
        self.high: list[Floats] = []

    def add(self, values: Iterable[Any], count: int = -1) -> None:
        """Add values; those that are given one by one are `count`."""
        if count >= 0:
            try:
                low = np.fromiter(values, np.float64, count)
            except (TypeError, ValueError):  # Something is no number; what was before it is gone.
                raise _NotPlainError from None
            self._put(low, low)
            return
        assert isinstance(values, Sequence)
        try:
            low = np.array(values, np.float64)
        except ValueError:
            plain = [plain_number(each) if each.__class__ is str else each for each in values]
            low = np.array(plain, np.float64)
        spans = np.flatnonzero(low == _SPAN)
        high = low.copy() if len(spans) else low
        for place in spans.tolist():
            span = values[place]
            low[place] = -np.inf if is_missing(span.min) else plain_number(span.min)
            high[place] = np.inf if is_missing(span.max) else plain_number(span.max)
        self._put(low, high)

    def _put(self, low: Floats, high: Floats) -> None:
        self.low.append(low)
        self.high.append(high)

    def done(self) -> pa.Array:
        low = np.concatenate(self.low) if self.low else np.zeros(0)
        # No JSON holds a number that is none.
        missing = np.isnan(low)
        if all(low is high for low, high in zip(self.low, self.high, strict=True)):
            return pa.array(low, mask=missing)
        ends = [low, np.concatenate(self.high)]
        arrays = [pa.array(each, mask=missing | np.isinf(each)) for each in ends]
        return pa.StructArray.from_arrays(arrays, names=["min", "max"], mask=pa.array(missing))


class _Words:
    """Texts of which many are alike, as numbers into the different ones."""

    def __init__(self, part: Words) -> None:
        self.index = _Index(
            {None: -1, MISSING: -1} | {each: at for at, each in enumerate(part.choices)}
        )
        self.codes: list[int] = []

    def add(self, values: Iterable[Any]) -> None:
        self.codes.extend(map(self.index.__getitem__, values))

    def done(self) -> pa.Array:
        codes = np.array(self.codes, np.int32)
        different = pa.array(list(self.index)[2:], pa.string())
        places = pa.array(codes, mask=codes < 0)
        return pa.DictionaryArray.from_arrays(places, different)


class _Index(dict[Any, int]):
    """The numbers of texts, of which each new one gets the next."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self) - 2
        return code


class _Listed:
    """Members of lists, one after the other, and how many each list has."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.missing: list[bool] = []

    def held(self, values: Sequence[Any], nothing: Any) -> list[Any]:
        """Note how long some are; return them with `nothing` for what is missing."""
        type_ = nothing.__class__
        held = [each if each.__class__ is type_ else nothing for each in values]
        self.lengths.extend(map(len, held))
        self.missing += [each.__class__ is not type_ for each in values]
        return held

    def offsets(self) -> pa.Array:
        """Return where each begins, and the last one ends."""
        ends = np.cumsum(np.array(self.lengths, np.int32), dtype=np.int32)
        return pa.array(np.concatenate((np.zeros(1, np.int32), ends)))

    def mask(self) -> pa.Array | None:
        """Return which are missing."""
        return pa.array(self.missing, pa.bool_()) if any(self.missing) else None


class _Lists(_Listed):
    def __init__(self, part: Listed, wanted: Paths) -> None:
        super().__init__()
        self.items = gathered(part.item, wanted)

    def add(self, values: Sequence[Any]) -> None:
        self.items.add(list(chain.from_iterable(self.held(values, []))))

    def done(self) -> pa.Array:
        return pa.ListArray.from_arrays(self.offsets(), self.items.done(), mask=self.mask())


class _Shares(_Listed):
    def __init__(self, part: Shares) -> None:
        super().__init__()
        self.keys = _Words(part.keys)
        self.shares = _Numbers()

    def add(self, values: Sequence[Any]) -> None:
        held = self.held(values, {})
        self.keys.add(chain.from_iterable(held))
        shares = chain.from_iterable(map(dict.values, held))
        try:
            self.shares.add(shares, sum(self.lengths[-len(held) :]) if held else 0)
        except _NotPlainError:
            self.shares.add(list(chain.from_iterable(map(dict.values, held))))

    def done(self) -> pa.Array:
        keys, shares = self.keys.done(), self.shares.done()
        type_ = pa.map_(keys.type, shares.type)
        return pa.MapArray.from_arrays(self.offsets(), keys, shares, type_, mask=self.mask())


class _Records:
    def __init__(self, part: Record, wanted: Paths) -> None:
        self.members = Members(part, wanted)
        self.missing: list[bool] = []

    def add(self, values: Sequence[Any]) -> None:
        missing = [each is None or each is MISSING for each in values]
        if any(missing):
            nothing = (MISSING,) * len(self.members.names)
            pairs = zip(values, missing, strict=True)
            self.members.add([nothing if gone else astuple(each) for each, gone in pairs])
        elif values:
            self.members.add(list(map(astuple, values)))
        self.missing += missing

    def done(self) -> pa.Array:
        mask = pa.array(self.missing, pa.bool_()) if any(self.missing) else None
        columns = self.members.done()
        return pa.StructArray.from_arrays(list(columns.values()), names=list(columns), mask=mask)


class Members:
    """The columns of a record's members, given the values of each in the order of its type.

    Only those are gathered of which a path is `wanted`, or whose values the decoder cannot judge.
    """

    def __init__(self, part: Record, wanted: Paths = ALL) -> None:
        # Those of the decoder's types: what is required comes first.
        self.names = sorted(part.members, key=lambda name: name not in part.required)
        self.columns: dict[str, Gathered] = {}
        for name in self.names:
            member = part.members[name]
            inner = ALL if () in wanted else [each[1:] for each in wanted if each[0] == name]
            needed = name in part.required or _is_span(part) or needs_a_look(member)
            if not is_bare(member) and (inner or needed):
                self.columns[name] = gathered(member, inner)

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


def _is_span(part: Record) -> bool:
    """Tell whether a record has ends, of which the first may not be above the last."""
    return {"min", "max"} <= part.members.keys()


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
            return _is_span(part) or any(map(needs_a_look, part.members.values()))
    return True
