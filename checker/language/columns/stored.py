"""What a block of records holds, as it was read: one array for each field, for no brief yet.

The n-th element of every array is of the n-th record. A field that no record of the block has
may be left out. `present` says which records hold a field; what stands in the arrays where it is
false means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
