"""What a block of records holds, as it was read: one array for each field, for no brief yet.

The n-th element of every array is of the n-th record. A field that no record of the block has
may be left out. `present` says which records hold a field; what stands in the arrays where it is
false means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class StoredNumbers:
    """Numbers, shares or amounts in their own currency; an end that is open is infinite."""

    present: Bools
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StoredFlags:
    """True or false."""

    present: Bools
    value: Bools


@dataclass(frozen=True, slots=True, eq=False)
class StoredDates:
    """Dates, as proleptic ordinals of the Gregorian calendar (`datetime.date.toordinal`)."""

    present: Bools
    days: Whole


@dataclass(frozen=True, slots=True, eq=False)
class StoredTexts:
    """Texts, as numbers into the different ones; -1 where a record has none."""

    codes: Codes
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoredLists:
    """Lists: `offsets` (one more than records) say which of `members` are whose."""

    present: Bools
    offsets: Whole
    members: Stored


@dataclass(frozen=True, slots=True, eq=False)
class StoredDistributions:
    """Distributions: which keys each record has, in its own order, and their shares (0 to 1).

    `keys` are numbers into `names`; a share that is not exact is left out, as in one record.
    """

    present: Bools
    offsets: Whole
    keys: Codes
    names: tuple[str, ...]
    shares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StoredRecords:
    """Records, or parts of them, by the names of their fields; `size` is how many there are."""

    size: int
    present: Bools
    fields: Mapping[str, Stored]


Stored = (
    StoredNumbers
    | StoredFlags
    | StoredDates
    | StoredTexts
    | StoredLists
    | StoredDistributions
    | StoredRecords
)


def part_of(stored: Stored, start: int, stop: int) -> Stored:
    """Return what some records hold that stand one after the other."""
    here = slice(start, stop)
    match stored:
        case StoredRecords():
            return records_part(stored, start, stop)
        case StoredTexts(codes, texts):
            if len(texts) == len(codes):
                return StoredTexts(np.arange(stop - start, dtype=np.int32), texts[here])
            return StoredTexts(codes[here], texts)
        case StoredLists(present, offsets, members):
            ends = offsets[start : stop + 1]
            inner = part_of(members, int(ends[0]), int(ends[-1]))
            return StoredLists(present[here], ends - ends[0], inner)
        case StoredDistributions(present, offsets, keys, names, shares):
            ends = offsets[start : stop + 1]
            inside = slice(int(ends[0]), int(ends[-1]))
            mine = present[here], ends - ends[0], keys[inside]
            return StoredDistributions(*mine, names, shares[inside])
        case _:
            return type(stored)(*(getattr(stored, each.name)[here] for each in fields(stored)))


def records_part(stored: StoredRecords, start: int, stop: int) -> StoredRecords:
    """Return some records that stand one after the other."""
    some = {name: part_of(each, start, stop) for name, each in stored.fields.items()}
    return StoredRecords(stop - start, stored.present[start:stop], some)


def longest_lists(stored: StoredRecords) -> Whole:
    """Return how many members the longest list of each record has."""
    longest = np.zeros(stored.size, np.int64)
    for each in stored.fields.values():
        if isinstance(each, StoredLists):
            np.maximum(longest, np.diff(each.offsets), out=longest)
    return longest
