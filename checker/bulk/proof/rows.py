"""What is known of rows while they are proved: which are sound, and what their line must hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa


class Rows:
    """Rows that are proved together: those of a batch, or the members of the lists in them.

    `written` says that their values were read from JSON, which DuckDB reads leniently. Then
    `quotes` and `flags` count what was read of each row's line: its quotes, and `true` and
    `false`; `doubtful` rows hold numbers that may have been such a word; `bare` are rows, by the
    path of a text, where it may have stood in the line without quotes.
    """

    def __init__(self, count: int, *, written: bool) -> None:
        self.count = count
        self.written = written
        self.good = np.ones(count, np.bool_)
        self.quotes = np.zeros(count, np.int32)
        self.flags = np.zeros(count, np.int32)
        self.doubtful = np.zeros(count, np.bool_)
        self.bare: dict[tuple[str, ...], Any] = {}

    def need(self, condition: Any) -> None:
        """Refuse the rows of which a condition is not true."""
        self.good &= condition

    def quoted(self, there: Any) -> None:
        """Count a name or a text where there is one."""
        if self.written:
            self.quotes += np.multiply(there, 2, dtype=np.int32)

    def doubt(self, condition: Any) -> None:
        """Note rows with numbers that may have been true or false."""
        if self.written:
            self.doubtful |= condition

    def maybe_bare(self, path: tuple[str, ...], places: Sequence[int]) -> None:
        """Note rows whose text at a path may have stood without quotes."""
        if self.written and places:
            mask = self.bare.setdefault(path, np.zeros(self.count, np.bool_))
            mask[np.array(places)] = True

    def take(self, members: Rows, lengths: Any) -> None:
        """Take over what is known of the members of lists, so many for each row."""
        ends = np.cumsum(lengths)
        bad = ~members.good | members.doubtful
        for mask in members.bare.values():
            bad |= mask
        if bad.any():
            self.good[np.repeat(np.arange(self.count), lengths)[bad]] = False
        if self.written:
            self.quotes += sums(members.quotes, lengths, ends)
            self.flags += sums(members.flags, lengths, ends)


def sums(values: Any, lengths: Any, ends: Any | None = None) -> Any:
    """Return the sum of the members of each list, given one after the other.

    Sums of fractions are right to about the 12th digit only.
    """
    ends = np.cumsum(lengths) if ends is None else ends
    before = np.concatenate((np.zeros(1, values.dtype), np.cumsum(values, dtype=values.dtype)))
    return before[ends] - before[ends - lengths]


def members_of(array: pa.StructArray) -> dict[str, pa.Array]:
    """Return the columns of a struct by name; NULL where the struct is."""
    return dict(zip((each.name for each in array.type), array.flatten(), strict=True))


def lengths_of(array: pa.Array) -> Any:
    """Return how many members each list has, 0 where there is none."""
    return array.value_lengths().fill_null(0).to_numpy().astype(np.int64)


def offsets_of(lengths: Any) -> pa.Array:
    """Return where lists of some lengths begin and the last one ends, as Arrow has it."""
    return pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))


def there(array: pa.Array) -> Any:
    """Return where an array has values, as a mask of numpy."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    if array.null_count == len(array):
        return np.zeros(len(array), np.bool_)
    return array.is_valid().to_numpy(zero_copy_only=False)


def numbers(array: pa.Array) -> Any:
    """Return the numbers of an array of DOUBLE; what stands where there is none is no number."""
    whole = np.frombuffer(array.buffers()[1], np.float64) if len(array) else np.zeros(0)
    return whole[array.offset : array.offset + len(array)]


def ends_of(array: pa.Array) -> tuple[Any, Any]:
    """Return where the texts of an array start and end in its bytes, which are the third buffer."""
    ends = np.frombuffer(array.buffers()[1], np.int32)[array.offset :]
    return ends[: len(array)], ends[1 : len(array) + 1]


def masked(values: Any, mask: Any, type_: pa.DataType) -> pa.Array:
    """Return numbers of numpy as an array of a type, with values where the mask is true."""
    return pa.array(values, type_, mask=None if mask.all() else ~mask)
