"""Single values, proved in columns: numbers, ranges, texts, codes, dates, flags.

Texts that are few and many times there (codes, labels, dates) are looked at once each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.bulk.layout import label_key
from checker.bulk.proof.rows import Rows, ends_of, masked, members_of, numbers, there
from checker.language.text import canonical

# Texts that JSON may have held without quotes: by how they begin, and by the whole.
_BARE_WORDS = frozenset(("true", "false", "nan", "inf", "infinity", "null", "none"))
_LONGEST_WORD = 8
# The first letters of texts that were texts: of all lengths, or if they are longer than a word.
_TEXT_STARTS = np.zeros(256, np.bool_)
_WORD_STARTS = np.zeros(256, np.bool_)
for _letter in range(ord("!"), 127):
    if chr(_letter) not in '0123456789+-.[{\\"_':
        _WORD_STARTS[_letter] = True
        _TEXT_STARTS[_letter] = chr(_letter).lower() not in "tfni"
# Of the different texts of a column so many are remembered.
_MOST_SEEN = 100_000
_FIRST_DAY = date(1970, 1, 1).toordinal()


def _remember(seen: dict[str, Any], text: str, found: Any) -> None:
    """Remember what a text is; several threads may do so at once."""
    if len(seen) > _MOST_SEEN:
        seen.clear()
    seen[text] = found


def maybe_bare(text: str) -> bool:
    """Tell whether a text may have stood in JSON without quotes: a number, a flag, an object."""
    if text[:1] in ("[", "{") or text.lower().lstrip("+-") in _BARE_WORDS:
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Number:
    """A number within bounds; `whole` if it must be."""

    low: float
    high: float
    whole: bool
    structure: Any = "DOUBLE"

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove the numbers of a column."""
        mask = there(array)
        self.check(numbers(array), mask, rows)
        return array

    def check(self, values: Any, mask: Any, rows: Rows) -> None:
        """Prove numbers where the mask is true; NaN is within no bounds."""
        good = (values >= self.low) & (values <= self.high)
        if self.whole:
            with np.errstate(invalid="ignore"):
                good &= values == np.trunc(values)
        rows.need(good | ~mask)
        rows.doubt(((values == 0) | (values == 1)) & mask)


@dataclass(frozen=True)
class Ranged:
    """A number or a range: a column each, the second a struct of `min` and `max`."""

    number: Number
    open_low: float
    open_high: float

    def prove(self, exact: pa.Array | None, ranges: pa.Array | None, rows: Rows) -> pa.Array:
        """Prove both columns; return them as one of lowest and highest values."""
        size = rows.count
        low, high = np.zeros(size), np.zeros(size)
        held = np.zeros(size, np.bool_)
        if exact is not None:
            held = there(exact)
            values = numbers(exact)
            self.number.check(values, held, rows)
            low[held] = high[held] = values[held]
        if ranges is not None and ranges.null_count < size:
            ranged = there(ranges)
            rows.need(~(held & ranged))
            least, most = self._ends(ranges, ranged, rows)
            low[ranged], high[ranged] = least[ranged], most[ranged]
            held = held | ranged
        type_ = pa.float64()
        return pa.StructArray.from_arrays(
            [masked(low, held, type_), masked(high, held, type_)],
            fields=[pa.field("low", type_), pa.field("high", type_)],
            mask=pa.array(~held),
        )

    def _ends(self, ranges: pa.Array, ranged: Any, rows: Rows) -> tuple[Any, Any]:
        members = members_of(ranges)
        found, given = {}, {}
        for name, open_ in (("min", self.open_low), ("max", self.open_high)):
            end = members.get(name)
            mask = np.zeros(rows.count, np.bool_) if end is None else there(end)
            values = numbers(end) if end is not None else np.zeros(rows.count)
            self.number.check(values, mask, rows)
            rows.quoted(mask)
            found[name], given[name] = np.where(mask, values, open_), mask
        rows.need(~ranged | given["min"] | given["max"])
        rows.need(~(given["min"] & given["max"]) | (found["min"] <= found["max"]))
        return found["min"], found["max"]


@dataclass(frozen=True)
class Text:
    """A text with a longest length and a pattern, at a path."""

    path: tuple[str, ...]
    longest: int
    pattern: str = ""
    structure: Any = "VARCHAR"

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove the texts of a column; most are seen to be sound by their length and start."""
        mask = there(array)
        rows.quoted(mask)
        if not len(array):
            return array
        starts, ends = ends_of(array)
        data = np.frombuffer(array.buffers()[2] or b"\0", np.uint8)
        first = data[np.minimum(starts, len(data) - 1)]
        long = ends - starts
        plain = (long > _LONGEST_WORD) & _WORD_STARTS[first] | (long > 0) & _TEXT_STARTS[first]
        plain &= long <= self.longest
        if not data[starts[0] : ends[-1]].max(initial=0) < 128:
            plain[:] = False
        looked_at = np.flatnonzero(mask & ~plain).tolist()
        if looked_at:
            self._look(array, looked_at, rows)
        return array

    def _look(self, array: pa.Array, places: list[int], rows: Rows) -> None:
        texts = array.take(pa.array(places)).to_pylist()
        rows.maybe_bare(
            self.path, [at for at, each in zip(places, texts, strict=True) if maybe_bare(each)]
        )
        wrong = [at for at, each in zip(places, texts, strict=True) if not self._sound(each)]
        rows.good[wrong] = False

    def _sound(self, text: str) -> bool:
        fits = len(text) <= self.longest and re.search(self.pattern, text) is not None
        return fits and unicodedata.is_normalized("NFC", text)


@dataclass(frozen=True)
class Words:
    """Texts of which many are alike: each is looked at once."""

    sound: Callable[[str], bool]
    # Where every sound text is one of a few, none can have stood without quotes.
    closed: bool
    path: tuple[str, ...] = ()
    structure: Any = "VARCHAR"
    _seen: dict[str, bool] = field(default_factory=dict, compare=False)

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove the texts of a column."""
        return self.made(array, self.look(array, rows))

    def look(self, array: pa.Array, rows: Rows) -> pa.DictionaryArray:
        """Prove texts; return them as the different ones and the place of each among them."""
        rows.quoted(there(array))
        found = array.dictionary_encode()
        texts = found.dictionary.to_pylist()
        places = found.indices.fill_null(0) if found.null_count else found.indices
        places = places.to_numpy()
        good = [self._is_sound(each) for each in texts]
        if not all(good):
            rows.need(np.array(good)[places] | ~there(array))
        if not self.closed:
            bare = [maybe_bare(each) for each in texts]
            if any(bare):
                at = np.flatnonzero(np.array(bare)[places] & there(array))
                rows.maybe_bare(self.path, at.tolist())
        return found

    def made(self, array: pa.Array, found: pa.DictionaryArray) -> pa.Array:
        """Return texts, which `look` found to be so, as the layout has them."""
        return array

    def _is_sound(self, text: str) -> bool:
        found = self._seen.get(text)
        if found is None:
            found = self.sound(text)
            _remember(self._seen, text, found)
        return found


@dataclass(frozen=True)
class Labels(Words):
    """Labels: each that is different is folded once.

    `words` are the words of their `vocabulary`, `parts` the members that the layout gives a label.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    vocabulary: str = ""
    parts: tuple[str, ...] = ()
    _keys: dict[str, str] = field(default_factory=dict, compare=False)

    def made(self, array: pa.Array, found: pa.DictionaryArray) -> pa.Array:
        """Return labels as structs of what is written and what it is compared by."""
        texts = found.dictionary.to_pylist()
        made = {"w": array, "k": _made_of(found, self.keys(texts))}
        if "p" in self.parts:
            made["p"] = _made_of(found, [canonical(each) for each in texts])
        mask = array.is_null() if array.null_count else None
        return pa.StructArray.from_arrays(list(made.values()), names=list(made), mask=mask)

    def keys(self, texts: Sequence[str]) -> list[str]:
        """Return the keys of labels."""
        return [self._key(each) for each in texts]

    def _key(self, text: str) -> str:
        found = self._keys.get(text)
        if found is None:
            found = label_key(text, self.vocabulary, self.words)
            _remember(self._keys, text, found)
        return found


# What is made of few different texts: DuckDB reads each of a batch once.
FEW_TEXTS = pa.dictionary(pa.int32(), pa.string())


def _made_of(found: pa.DictionaryArray, texts: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(found.indices, pa.array(texts, pa.string()))


@dataclass(frozen=True)
class Day:
    """A date, as text or as a date."""

    structure: Any = "VARCHAR"
    _seen: dict[str, int] = field(default_factory=dict, compare=False)

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove the dates of a column; return them as dates."""
        mask = there(array)
        rows.quoted(mask)
        if pa.types.is_date32(array.type):
            days = array.cast(pa.int32()).fill_null(0).to_numpy()
            first, last = (date(year, *rest).toordinal() for year, *rest in _YEARS)
            rows.need(~mask | ((days >= first - _FIRST_DAY) & (days <= last - _FIRST_DAY)))
            return array
        found = array.dictionary_encode()
        texts = found.dictionary.to_pylist()
        days = np.array([self._day(each) for each in texts] or [0], np.int32)
        places = found.indices.fill_null(0) if found.null_count else found.indices
        made = days[places.to_numpy()]
        rows.need((made != _NO_DAY) | ~mask)
        return masked(made, mask, pa.int32()).cast(pa.date32())

    def _day(self, text: str) -> int:
        found = self._seen.get(text)
        if found is None:
            found = _day(text)
            _remember(self._seen, text, found)
        return found


_YEARS = ((1000, 1, 1), (2999, 12, 31))
_NO_DAY = -(2**31)
_WRITTEN_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _day(text: str) -> int:
    if not _WRITTEN_DAY.fullmatch(text):
        return _NO_DAY
    try:
        return date.fromisoformat(text).toordinal() - _FIRST_DAY
    except ValueError:
        return _NO_DAY


@dataclass(frozen=True)
class Flag:
    """True or false: read as text, or 1 would pass for true."""

    structure: Any = "VARCHAR"

    def prove(self, array: pa.Array, rows: Rows) -> pa.Array:
        """Prove the flags of a column; return them as flags."""
        if pa.types.is_boolean(array.type):
            return array
        mask = there(array)
        rows.flags += mask
        if not mask.any():
            return pa.nulls(len(array), pa.bool_())
        found = pc.equal(array, "true")
        rows.need(~mask | pc.is_in(array, pa.array(["true", "false"])).to_numpy(False))
        return found
