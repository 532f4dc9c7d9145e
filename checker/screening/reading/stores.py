"""Columns as they are stored, and what is seen to be wrong with a record only there.

However rows are read, their columns come through here: bounds, ranges that run downwards, days
that are out of order, shares of more than a whole, texts without a word, members twice in a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from checker.language.columns.stored import (
    Bools,
    Codes,
    Floats,
    Stored,
    StoredDates,
    StoredDistributions,
    StoredLists,
    StoredNumbers,
    StoredRecords,
    StoredTexts,
    Whole,
)
from checker.language.labels import is_one
from checker.loading.meaning import MOST_IN_ALL, check_meaning
from checker.model.types import DistributionType, TextType
from checker.screening.reading.parts import YEARS, Listed, Number, Record, Shares, Words

# Vendors round, and floats are added up: see `checker.loading.meaning`.
_MOST = MOST_IN_ALL + 1e-9
_FIRST, _LAST = date(YEARS[0], 1, 1).toordinal(), date(YEARS[1], 12, 31).toordinal()
# In longer lists than this, members are compared by the set of them.
_SHORT = 8


class Rows:
    """Rows of a block, or members of their lists, and which rows are seen to be wrong."""

    def __init__(self, size: int, owner: Whole | None = None, bad: Bools | None = None) -> None:
        self.size = size
        self.owner = owner
        self.bad: Bools = np.zeros(size, np.bool_) if bad is None else bad

    def refuse(self, wrong: Bools | Whole) -> None:
        """Note that some are wrong, by a mask or by their places."""
        places = np.flatnonzero(wrong) if wrong.dtype == np.bool_ else wrong
        if len(places):
            self.bad[places if self.owner is None else self.owner[places]] = True

    def members(self, lengths: Whole) -> Rows:
        """Return the members of the rows' lists."""
        owner = np.repeat(np.arange(self.size) if self.owner is None else self.owner, lengths)
        return Rows(len(owner), owner, self.bad)


def numbers(part: Number, present: Bools, low: Floats, high: Floats, rows: Rows) -> StoredNumbers:
    """Return numbers; ends that are open are infinite. NaN is within no bounds."""
    with np.errstate(invalid="ignore"):
        good = low <= high
        for end in (low, high) if high is not low else (low,):
            within = (end >= part.low) & (end <= part.high)
            if part.whole:
                within &= end == np.trunc(end)
            good &= within | np.isinf(end) if high is not low else within
        if high is not low:
            good &= np.isfinite(low) | np.isfinite(high)
    rows.refuse(present & ~good)
    return StoredNumbers(present, low, high)


def dates(present: Bools, days: Whole, rows: Rows) -> StoredDates:
    """Return dates."""
    rows.refuse(present & ((days < _FIRST) | (days > _LAST)))
    return StoredDates(present, days)


def texts(part: Words, codes: Codes, different: tuple[str, ...], rows: Rows) -> StoredTexts:
    """Return texts, each different one looked at once."""
    if different is not part.choices and not all_sound(part, different):
        wrong = [not is_sound(part, each) for each in different]
        rows.refuse(np.array([*wrong, False])[codes])
    return StoredTexts(codes, different)


def is_sound(part: Words, text: str) -> bool:
    """Tell whether a text is as its schema says."""
    if part.choices:
        return text in part.choices
    fits = len(text) <= part.longest and _pattern(part.pattern).search(text) is not None
    # Of a label that looks like a list, the strict reader knows whether it is a word.
    return fits and (not part.few or is_one(text))


def all_sound(part: Words, different: Sequence[str]) -> bool:
    """Tell quickly that all texts are sound; False says nothing."""
    if part.choices:
        return set(different) <= set(part.choices)
    if max(map(len, different), default=0) > part.longest:
        return False
    if part.few and not all(map(is_one, different)):
        return False
    if not part.pattern:
        return True
    unlike = _UNLIKE.fullmatch(part.pattern)
    return unlike is not None and all(each.strip(unlike[1]) for each in different)


# A pattern that asks for any character but some.
_UNLIKE = re.compile(r"\[\^([^\]\\^]+)\]")


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    # To Python `$` is also before a last line break.
    return re.compile(pattern.removesuffix("$") + r"\Z" * pattern.endswith("$"))


def lists(
    part: Listed, present: Bools, lengths: Whole, members: Stored, rows: Rows, inner: Rows
) -> StoredLists:
    """Return lists, whose members are stored; `inner` are the rows of these."""
    offsets = offsets_of(lengths)
    if part.most < inner.size:
        rows.refuse(lengths > part.most)
    if part.once and isinstance(members, StoredTexts):
        inner.refuse(twice(members.codes, lengths, offsets))
    if part.by_day and inner.size and isinstance(members, StoredRecords):
        days = members.fields.get("date")
        if not isinstance(days, StoredDates):
            inner.refuse(np.ones(inner.size, np.bool_))
            return StoredLists(present, offsets, members)
        late = np.zeros(inner.size, np.bool_)
        late[1:] = days.days[1:] <= days.days[:-1]
        late[offsets[:-1][lengths > 0]] = False
        inner.refuse(late)
    return StoredLists(present, offsets, members)


def offsets_of(lengths: Whole) -> Whole:
    """Return where lists of some lengths begin, and the last one ends."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))


def twice(codes: Codes, lengths: Whole, offsets: Whole) -> Whole:
    """Return the places of members that stand in their list a second time."""
    longest = int(lengths.max(initial=0))
    owner = np.repeat(np.arange(len(lengths)), lengths)
    found = []
    for step in range(1, min(longest, _SHORT)):
        same = (codes[step:] == codes[:-step]) & (owner[step:] == owner[:-step])
        if same.any():
            found.append(np.flatnonzero(same))
    for place in np.flatnonzero(lengths > _SHORT).tolist():
        start, end = offsets[place], offsets[place + 1]
        if len(set(codes[start:end].tolist())) < end - start:
            found.append(np.array([start]))
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def distributions(
    part: Shares,
    present: Bools,
    lengths: Whole,
    keys: StoredTexts,
    shares: StoredNumbers,
    rows: Rows,
) -> StoredDistributions:
    """Return distributions; keys without a share are left out, and may not be all."""
    owner = np.repeat(np.arange(rows.size), lengths)
    codes, parts, held = keys.codes, shares.low, shares.present
    if not held.all():
        owner, codes, parts = owner[held], codes[held], parts[held]
        lengths = np.bincount(owner, minlength=rows.size)
    rows.refuse(present & (lengths == 0))
    # As one adds them up: one by one, in the record's order.
    total = np.bincount(owner, weights=parts, minlength=rows.size)
    rows.refuse(total > _MOST)
    offsets = offsets_of(lengths)
    if part.ages:
        rows.refuse(_wrong_bands(codes, keys.texts, owner, rows.size))
    return StoredDistributions(present, offsets, codes, keys.texts, parts)


def _wrong_bands(codes: Codes, names: tuple[str, ...], owner: Whole, size: int) -> Whole:
    """Return the rows whose age bands overlap, or run backwards."""
    if len(names) > _MOST_BITS:
        rows = np.split(codes, np.searchsorted(owner, np.arange(1, size)))
        wrong = [_overlap(tuple(names[code] for code in some)) for some in rows]
        return np.flatnonzero(np.array(wrong, np.bool_))
    # Which bands a row has, as bits: few rows differ in them.
    weights = np.ldexp(1.0, np.arange(len(names)))[codes]
    bits, alike = np.unique(
        np.bincount(owner, weights=weights, minlength=size), return_inverse=True
    )
    some = [[name for bit, name in enumerate(names) if int(each) >> bit & 1] for each in bits]
    return np.flatnonzero(np.array([_overlap(tuple(each)) for each in some], np.bool_)[alike])


# So many bits a float holds exactly.
_MOST_BITS = 52
_AGES = DistributionType(TextType("code"), ages=True)


@lru_cache(maxsize=4096)
def _overlap(bands: tuple[str, ...]) -> bool:
    return any(True for _ in check_meaning(dict.fromkeys(bands, 0), _AGES))


def record(
    part: Record, size: int, present: Bools, fields: Mapping[str, Stored], rows: Rows
) -> StoredRecords:
    """Return records; a span of numbers or days that runs backwards is refused."""
    for first, last in (("min", "max"), ("from", "until")):
        if {first, last} <= part.members.keys() & fields.keys():
            start, end = fields[first], fields[last]
            if isinstance(start, StoredDates) and isinstance(end, StoredDates):
                rows.refuse(start.present & end.present & (start.days > end.days))
            elif isinstance(start, StoredNumbers) and isinstance(end, StoredNumbers):
                rows.refuse(start.present & end.present & (start.low > end.low))
    return StoredRecords(size, present, fields)
