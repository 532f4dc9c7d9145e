"""From what a block of records holds to the columns that a brief's conditions compute with.

It is what `checker.language.bind` does for one record: amounts are converted into the brief's
currency, words become labels, and an end of a range that is open takes the type's bound.
"""

from __future__ import annotations

import unicodedata
from math import inf
from typing import Any

import numpy as np

from checker.language.bind import open_ends
from checker.language.columns.domain import COLUMNS
from checker.language.columns.kinds import (
    Column,
    DateColumn,
    DistributionColumn,
    ListColumn,
    NumberColumn,
    RecordColumn,
    TextColumn,
    TruthColumn,
)
from checker.language.columns.stored import (
    Bools,
    Codes,
    Stored,
    StoredDates,
    StoredDistributions,
    StoredFlags,
    StoredLists,
    StoredNumbers,
    StoredRecords,
    StoredTexts,
)
from checker.language.columns.values import mask
from checker.language.context import Context, languages_of
from checker.model.types import (
    DistributionType,
    Field,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Label


class ColumnBinder:
    """Binds blocks of records to one brief."""

    def __init__(self, context: Context) -> None:
        self.context = context
        # The records whose languages were looked at last.
        self._spoken: tuple[StoredRecords, Any, list[tuple[str, ...]]] | None = None

    def record(self, stored: StoredRecords, type_: RecordType) -> RecordColumn:
        """Return whole records as a column."""
        return self._record(stored, type_, stored, None, stored.present)

    def _record(
        self,
        stored: StoredRecords,
        type_: RecordType,
        root: StoredRecords,
        owners: Any,
        present: Bools,
    ) -> RecordColumn:
        """Bind records; `owners` are their places in `root`, where they are not its own."""

        def read(name: str) -> Column:
            field, held = type_.fields.get(name), stored.fields.get(name)
            if field is None or held is None:
                return UNKNOWN
            return mask(self._value(held, field.type, field, root, owners), present)

        def holds(name: str) -> Any:
            held = stored.fields.get(name)
            if held is None or name not in type_.fields:
                return np.zeros(stored.size, bool)
            return presence(held)

        return RecordColumn(type_, present, read, holds)

    def _value(
        self, held: Stored, type_: Type, field: Field, root: StoredRecords, owners: Any
    ) -> Column:
        match held, type_:
            case StoredNumbers(), NumberType():
                return _bounded(held, type_)
            case StoredNumbers(), MoneyType():
                amount = _bounded(held, type_)
                return self._money(amount, field.currency, root, owners)
            case StoredTexts(), TextType():
                if type_.kind == "label":
                    return TextColumn(*self._labels(held.codes, held.texts, type_, root, owners))
                return TextColumn(held.codes, _texts(held.texts, type_))
            case StoredDates(), _:
                return DateColumn(held.present, held.days)
            case StoredFlags(), _:
                return TruthColumn(held.present & held.value, held.present & ~held.value)
            case StoredDistributions(), DistributionType():
                return self._distribution(held, type_, root, owners)
            case StoredLists(), ListType():
                return self._list(held, type_, field, root, owners)
            case StoredRecords(), RecordType():
                return self._record(held, type_, root, owners, held.present)
        raise AssertionError(f"{type(held).__name__} is not what {type_} is stored as")

    def _list(
        self, held: StoredLists, type_: ListType, field: Field, root: StoredRecords, owners: Any
    ) -> Column:
        mine = np.repeat(np.arange(len(held.present)), np.diff(held.offsets))
        inner = mine if owners is None else owners[mine]
        members = self._value(held.members, type_.item, field, root, inner)
        return ListColumn(held.present, held.offsets, members, np.ones(len(mine), bool))

    def _labels(
        self,
        codes: Codes,
        texts: tuple[str, ...],
        type_: TextType,
        root: StoredRecords,
        owners: Any,
    ) -> tuple[Codes, tuple[Label, ...]]:
        """Return labels and their numbers, one for each word in each language of its record."""
        kinds, languages = self._languages(root)
        label, vocabulary = self.context.label, type_.vocabulary
        if len(languages) == 1:
            return codes, tuple(label(text, vocabulary, *languages) for text in texts)
        kinds = kinds if owners is None else kinds[owners]
        pairs = np.where(codes < 0, -1, kinds * len(texts) + codes)
        used, where = np.unique(pairs, return_inverse=True)
        made = [
            label(texts[n % len(texts)], vocabulary, languages[n // len(texts)])
            for n in used.tolist()
            if n >= 0
        ]
        numbers = where.reshape(-1) - (len(used) - len(made))
        return numbers.astype(np.int32), tuple(made)

    def _languages(self, root: StoredRecords) -> tuple[Any, list[tuple[str, ...]]]:
        """Return which of some languages each record has, and these; see `languages_of`."""
        if self._spoken is None or self._spoken[0] is not root:
            self._spoken = root, *_languages(root)
        return self._spoken[1:]

    def _money(
        self, amount: Column, where: tuple[str, ...], root: StoredRecords, owners: Any
    ) -> Column:
        """Convert amounts; what one currency's amounts become, `Context.money` says."""
        currency = _text_at(root, where)
        if currency is None:
            return self.context.money(amount, None, COLUMNS)
        codes = currency.codes if owners is None else currency.codes[owners]
        made = self.context.money(amount, None, COLUMNS)
        for code in np.flatnonzero(np.bincount(codes[codes >= 0])).tolist():
            text = currency.texts[code]
            made = _merge(made, self.context.money(amount, text, COLUMNS), codes == code)
        return made

    def _distribution(
        self,
        held: StoredDistributions,
        type_: DistributionType,
        root: StoredRecords,
        owners: Any,
    ) -> Column:
        names, keys = held.names, held.keys
        if type_.keys.kind == "label":
            mine = np.repeat(np.arange(len(held.present)), np.diff(held.offsets))
            inner = mine if owners is None else owners[mine]
            keys, labels = self._labels(keys, names, type_.keys, root, inner)
            names = tuple(each.key for each in labels)
            if len(set(names)) < len(names):
                return _united(held, keys, names, mine)
        return DistributionColumn(held.present, held.offsets, keys, names, held.shares)


def _united(
    held: StoredDistributions, keys: Codes, names: tuple[str, ...], owners: Any
) -> DistributionColumn:
    """Return shares in which words that mean the same are one key: their shares add up."""
    places: dict[str, int] = {}
    numbers = np.array([places.setdefault(name, len(places)) for name in names])
    pairs = owners * len(places) + numbers[keys]
    _, first, where = np.unique(pairs, return_index=True, return_inverse=True)
    shares = np.bincount(where.reshape(-1), weights=held.shares, minlength=len(first))
    order = np.argsort(first, kind="stable")
    kept = first[order]
    counts = np.bincount(owners[kept], minlength=len(held.present))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    made = numbers[keys][kept].astype(np.int32)
    ordered = shares[order].astype(np.float64)
    return DistributionColumn(held.present, offsets, made, tuple(places), ordered)


def _texts(texts: tuple[str, ...], type_: TextType) -> tuple[str, ...]:
    if type_.kind == "code":
        return texts
    return tuple(t if t.isascii() else unicodedata.normalize("NFC", t) for t in texts)


def _languages(root: StoredRecords) -> tuple[Any, list[tuple[str, ...]]]:
    held, kinds = root.fields.get("languages"), np.zeros(root.size, np.int64)
    if not isinstance(held, StoredLists) or not isinstance(held.members, StoredTexts):
        return kinds, [()]
    found: dict[tuple[str, ...], int] = {(): 0}
    texts, ends = held.members.texts, held.offsets
    # Most speak one language: each is looked at once, and so is each list of several.
    known: dict[bytes, int] = {}
    data, width = held.members.codes.tobytes(), held.members.codes.itemsize
    for row in np.flatnonzero(np.diff(ends)).tolist():
        some = data[ends[row] * width : ends[row + 1] * width]
        kind = known.get(some)
        if kind is None:
            codes = held.members.codes[ends[row] : ends[row + 1]].tolist()
            spoken = languages_of({"languages": [texts[code] for code in codes if code >= 0]})
            kind = known[some] = found.setdefault(spoken, len(found))
        kinds[row] = kind
    used = np.unique(kinds)
    return np.searchsorted(used, kinds), [[*found][kind] for kind in used.tolist()]


def presence(held: Stored) -> Any:
    """Tell which records have a field."""
    return held.codes >= 0 if isinstance(held, StoredTexts) else held.present


def _bounded(held: StoredNumbers, type_: NumberType | MoneyType) -> Column:
    least, most = open_ends(type_)
    low = np.where(held.low == -inf, least, held.low)
    high = np.where(held.high == inf, most, held.high)
    return COLUMNS.number(held.present, low, high)


def _text_at(root: StoredRecords, path: tuple[str, ...]) -> StoredTexts | None:
    found: Stored | None = root
    for name in path:
        if not isinstance(found, StoredRecords):
            return None
        found = found.fields.get(name)
    return found if isinstance(found, StoredTexts) and path else None


def _merge(a: Column, b: Column, rows: Bools) -> Column:
    (a_known, a_low, a_high), (b_known, b_low, b_high) = COLUMNS.ends(a), COLUMNS.ends(b)
    ends = (np.where(rows, b_low, a_low), np.where(rows, b_high, a_high))
    return NumberColumn(np.where(rows, b_known, a_known), *ends)
