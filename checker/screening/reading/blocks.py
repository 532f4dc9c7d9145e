"""Blocks of records: their arrays, their ids, and what is carried through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.language.columns.stored import StoredRecords, StoredTexts, Whole, records_part
from checker.model.records import Record
from checker.screening.reading.accounts import account_keys, id_keys
from checker.screening.reading.strict import Refused

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of a file, one after the other.

    Attributes:
        numbers: the line that each usable row starts on.
        records: the usable rows.
        refused: the rows that cannot be used.
        kept: the columns that are carried through, as texts.
        record: returns a usable row by its place, as `checker check` reads it.
        deals: the terms of deals that rows name; None where none does.
        deal: returns the terms of a row.
    """

    numbers: Whole
    records: StoredRecords
    refused: tuple[Refused, ...]
    kept: Mapping[str, Sequence[str | None]]
    record: Callable[[int], Record]
    deals: StoredRecords | None = None
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, start: int, stop: int) -> Block:
        """Return some of the usable rows, one after the other."""
        here, record = slice(start, stop), self.record
        return Block(
            self.numbers[here],
            records_part(self.records, start, stop),
            (),
            {name: texts[here] for name, texts in self.kept.items()},
            lambda place: record(start + place),
            self.deals and records_part(self.deals, start, stop),
            {place - start: each for place, each in self.terms.items() if start <= place < stop},
        )

    def deal(self, place: int) -> Record:
        """Return the terms of a row's deal."""
        person = self.record(place)
        return Record("deal", person.id, self.terms.get(place, {}), person.locate)

    def texts(self, name: str) -> list[str]:
        """Return the texts of a field that every record has: the ids, the handles."""
        column = self.records.fields[name]
        assert isinstance(column, StoredTexts)
        if len(column.texts) == len(column.codes):
            return list(column.texts)
        return [column.texts[code] for code in column.codes.tolist()]

    def keys(self) -> tuple[list[str], list[str]]:
        """Return what the ids, and the accounts, of the rows are compared by."""
        accounts = account_keys(self.texts("platform"), self.texts("handle"))
        return id_keys(self.texts("id")), accounts

    def hashes(self) -> tuple[Hashes, Hashes]:
        """Return hashes of the keys, which are the same on every machine."""
        ids, accounts = self.keys()
        return hashes(ids), hashes(accounts)


_STEP = np.uint64(0x9E3779B97F4A7C15)


def hashes(texts: Sequence[str]) -> Hashes:
    """Return 64-bit hashes of texts that are not empty: alike for the same text everywhere."""
    if not texts:
        return np.zeros(0, np.uint64)
    whole = "".join(texts)
    data = whole.encode()
    one_each = len(data) == len(whole)
    parts: Iterable[str | bytes] = texts if one_each else map(str.encode, texts)
    lengths = np.fromiter(map(len, parts), np.int64, len(texts))
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(data)) - np.repeat(starts, lengths)
    powers = np.full(int(lengths.max()), _STEP).cumprod(dtype=np.uint64)
    terms = (np.frombuffer(data, np.uint8).astype(np.uint64) + np.uint64(1)) * powers[places]
    found: Hashes = np.add.reduceat(terms, starts)
    for shift, step in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = (found ^ (found >> np.uint64(shift))) * np.uint64(step)
    return found ^ (found >> np.uint64(31))


def carried(value: Any) -> str | None:
    """Return a value as it is carried through: a text as it is, all else as JSON."""
    if value is None:
        return None
    if not isinstance(value, dict | list | int | float):
        return str(value)
    return json.dumps(_without_nulls(value), ensure_ascii=False, separators=(",", ":"), default=str)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value
