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
from checker.language.columns.domain import COLUMNS, NotOnColumnsError
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
from checker.language.context import Context
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
from checker.model.values import UNKNOWN


class ColumnBinder:
    """Binds blocks of records to one brief."""

    def __init__(self, context: Context) -> None:
        self.context = context

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
                return TextColumn(held.codes, self._texts(held.texts, type_))
            case StoredDates(), _:
                return DateColumn(held.present, held.days)
            case StoredFlags(), _:
                return TruthColumn(held.present & held.value, held.present & ~held.value)
            case StoredDistributions(), DistributionType():
                return self._distribution(held, type_)
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

    def _texts(self, texts: tuple[str, ...], type_: TextType) -> tuple[Any, ...]:
        if type_.kind == "label":
            return tuple(self.context.label(text, type_.vocabulary) for text in texts)
        if type_.kind == "code":
            return texts
        return tuple(t if t.isascii() else unicodedata.normalize("NFC", t) for t in texts)

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

    def _distribution(self, held: StoredDistributions, type_: DistributionType) -> Column:
        names = held.names
        if type_.keys.kind == "label":
            names = tuple(self.context.label(n, type_.keys.vocabulary).key for n in names)
            if len(set(names)) < len(names):
                raise NotOnColumnsError("shares of words that mean the same")
        return DistributionColumn(held.present, held.offsets, held.keys, names, held.shares)


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
