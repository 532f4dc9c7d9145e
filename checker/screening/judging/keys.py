"""What rows are told apart by when their words are made: whole numbers that mean the same.

Rows that agree in all keys share a text. The numbers hold for the whole run, not for a block.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from checker.language.columns.domain import COLUMNS
from checker.language.columns.kinds import Column, ListColumn, TextColumn, is_constant
from checker.language.columns.lifting import value_at
from checker.language.format import first_digits
from checker.model.values import Label

Keys = list[Any]
_NUMERIC = {"percent": 100.0, "number": 1.0, "money": 1.0}
# A number so close to a half, or so large, may print either way: all its digits count.
_CLOSE, _LARGE = 1e-3, 1e11
_FREE = 16


class Ids:
    """Gives the same number to the same thing, whenever it is asked; the least are left free."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}

    def __call__(self, thing: Hashable) -> int:
        """Return the number of a thing."""
        return self._known.setdefault(thing, _FREE + len(self._known))


def grouped(keys: Sequence[Any], size: int) -> tuple[Any, Any]:
    """Return the group of each row, and a row of each group; rows of a group agree in all keys."""
    groups, count = np.zeros(size, np.int64), 1
    for key in keys:
        if not key.strides[0]:
            continue  # It is the same in all rows.
        places, different = _numbered(key)
        groups, count = groups * different + places, count * different
        if count > size:
            groups, count = _numbered(groups)
    groups, count = _numbered(groups)
    first = np.zeros(count, np.int64)
    first[groups[::-1]] = np.arange(size)[::-1]
    return groups, first


def _numbered(values: Any) -> tuple[Any, int]:
    found = pa.array(values).dictionary_encode()
    return found.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(found.dictionary)


def printed(written: Sequence[tuple[Column, str]], size: int, currency: str, ids: Ids) -> Keys:
    """Return keys of columns that are written together in some formats, by `write_alike`.

    Numbers are rounded as they are printed, where that is sure.
    """
    keys: Keys = []
    for format_ in dict.fromkeys(format_ for _, format_ in written):
        columns = [column for column, each in written if each == format_]
        if format_ in _NUMERIC:
            keys += _numbers(columns, size, format_, currency)
        else:
            keys += [_plain(column, size, ids) for column in columns]
    return keys


def _numbers(columns: Sequence[Column], size: int, format_: str, currency: str) -> Keys:
    scale = _NUMERIC[format_] * 10.0 ** first_digits(format_, currency)
    found = []
    raw = np.broadcast_to(np.False_, 1 if all(map(is_constant, columns)) else size)
    for column in columns:
        known, low, high = map(np.atleast_1d, COLUMNS.ends(column))
        least, doubtful = _rounded(low, scale)
        most, also = (least, doubtful) if low is high else _rounded(high, scale)
        raw = raw | (known & (doubtful | also))
        found.append((known, low, high, least, most))
    for place, one in enumerate(found):
        for other in found[:place]:
            raw = raw | _alike(one, other)
    keys: Keys = [raw]
    for known, low, high, least, most in found:
        ends = [np.where(raw, _bits(low), least), np.where(raw, _bits(high), most)]
        keys += [known, *(np.where(known, each, 0) for each in ends)]
    return [np.broadcast_to(each, size) for each in keys]


def _rounded(values: Any, scale: float) -> tuple[Any, Any]:
    """Return numbers as they are printed, and of which that is not sure."""
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = values * scale
        near = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < _CLOSE
        doubtful = near | ~(np.abs(scaled) < _LARGE)
    return np.where(doubtful, 0.0, np.rint(scaled)).astype(np.int64), doubtful


def _alike(one: Any, other: Any) -> Any:
    """Tell where two numbers print alike and are not the same: they are given more digits."""
    known, low, high, least, most = one
    there, its_low, its_high, its_least, its_most = other
    exact = (low == high) & (its_low == its_high)
    with np.errstate(invalid="ignore"):
        same = exact & COLUMNS.near(low, its_low)
    return known & there & (least == its_least) & (most == its_most) & ~same


def _bits(values: Any) -> Any:
    return np.ascontiguousarray(values, np.float64).view(np.int64)


def _plain(column: Column, size: int, ids: Ids) -> Any:
    if is_constant(column):
        return np.broadcast_to(np.int64(ids(("value", repr(column)))), size)
    if isinstance(column, TextColumn):
        return _words(column, ids)
    if isinstance(column, ListColumn) and isinstance(column.members, TextColumn):
        members = _words(column.members, ids) * 2 + column.certain
        return sequences(members, column.offsets, column.known, ids)
    values = [ids(("value", repr(value_at(column, row)))) for row in range(size)]
    return np.array(values, np.int64)


def _words(column: TextColumn, ids: Ids) -> Any:
    texts = [each.text if isinstance(each, Label) else each for each in column.values]
    codes = [ids(("text", each)) for each in texts]
    return np.array([*codes, -1], np.int64)[column.codes]


def sequences(members: Any, offsets: Any, rows: Any, ids: Ids, *, once: bool = False) -> Any:
    """Return a key of the members of some rows' lists; `once`: the first of like ones counts."""
    size = members.itemsize
    data, ends = members.tobytes(), (offsets * size).tolist()
    found = np.full(len(rows), -1, np.int64)
    known: dict[bytes, int] = {}
    for row in np.flatnonzero(rows).tolist():
        some = data[ends[row] : ends[row + 1]]
        key = known.get(some)
        if key is None:
            whole = np.frombuffer(some, members.dtype).tolist()
            listed = tuple(dict.fromkeys(whole)) if once else tuple(whole)
            key = known[some] = ids(("members", listed))
        found[row] = key
    return found
