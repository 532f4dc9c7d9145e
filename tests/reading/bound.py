"""What stands in arrays, bound to a brief as `checker.language.bind` binds a plain record."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from math import inf
from typing import Any

from checker.language.bind import LARGEST, Binders
from checker.language.columns.stored import (
    Stored,
    StoredDates,
    StoredDistributions,
    StoredFlags,
    StoredLists,
    StoredNumbers,
    StoredRecords,
    StoredTexts,
)
from checker.language.context import Context
from checker.language.operators.scalars import number
from checker.language.vocabulary import Vocabulary
from checker.model.diagnostics import Position
from checker.model.rules import Table, Term
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
from checker.model.values import Distribution, Unknown

_HERE = Position("t")
_TERMS = (Term("hair care", ("haircare",)), Term("skin care", ("skin-care",)))
_TOPICS = Table("topics", "vocabulary", (), _HERE, lambda *_: _HERE, terms=_TERMS)
CONTEXT = Context(
    currency="GBP",
    rates={"USD": 0.8, "EUR": 0.9},
    vocabularies={"topics": Vocabulary("topics", [_TOPICS])},
)
_MISSING = object()


def plainly(record: Mapping[str, Any], type_: RecordType) -> Any:
    """Return a plain record as conditions see it, in a form that tells -0.0 from 0.0."""
    return shown(Binders(CONTEXT).record(record, type_))


def stored(records: StoredRecords, place: int, type_: RecordType) -> Any:
    """Return one of stored records as conditions see it, in the same form."""
    return shown(Row(records, place).record(records, place, type_))


def shown(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: shown(each) for name, each in value.items()}
        case Distribution(shares):
            return ("shares", [(key, repr(share + 0.0)) for key, share in shares.items()])
        case tuple():
            return [shown(each) for each in value]
        case float():
            return repr(value + 0.0)
    return repr(value)


class Row:
    """One row, whose amounts are in the currency that stands beside them."""

    def __init__(self, records: StoredRecords, place: int) -> None:
        self.root = (records, place)

    def record(self, records: StoredRecords, place: int, type_: RecordType) -> Any:
        found = {}
        for name, field in type_.fields.items():
            column = records.fields.get(name)
            value = _MISSING if column is None else self.value(column, place, field.type, field)
            if value is not _MISSING:
                found[name] = value
        return found

    def value(self, column: Stored, place: int, type_: Type, field: Field) -> Any:
        if isinstance(column, StoredTexts):
            code = int(column.codes[place])
            return _MISSING if code < 0 else _text(column.texts[code], type_)
        if not column.present[place]:
            return _MISSING
        match column:
            case StoredNumbers():
                assert isinstance(type_, NumberType | MoneyType)
                return self.number(column, place, type_, field)
            case StoredFlags():
                return bool(column.value[place])
            case StoredDates():
                return date.fromordinal(int(column.days[place]))
            case StoredLists():
                assert isinstance(type_, ListType)
                some = range(int(column.offsets[place]), int(column.offsets[place + 1]))
                item = type_.item
                found = tuple(self.value(column.members, each, item, field) for each in some)
                assert _MISSING not in found
                return found
            case StoredDistributions():
                assert isinstance(type_, DistributionType)
                return _shares(column, place, type_)
            case StoredRecords():
                assert isinstance(type_, RecordType)
                return self.record(column, place, type_)

    def number(
        self, column: StoredNumbers, place: int, type_: NumberType | MoneyType, field: Field
    ) -> Any:
        low, high = float(column.low[place]), float(column.high[place])
        # An open end takes the type's bound; the largest number is none.
        if low == -inf and type_.low > -LARGEST:
            low = float(type_.low)
        if high == inf and type_.high < LARGEST:
            high = float(type_.high)
        made = number(low, high)
        if isinstance(type_, MoneyType) and not isinstance(made, Unknown):
            return CONTEXT.money(made, self.currency(field.currency))
        return made

    def currency(self, path: tuple[str, ...]) -> str | None:
        found: Any = self.root[0]
        for name in path:
            found = found.fields.get(name) if isinstance(found, StoredRecords) else None
        if not isinstance(found, StoredTexts):
            return None
        code = int(found.codes[self.root[1]])
        return found.texts[code] if code >= 0 else None


def _text(text: str, type_: Type) -> Any:
    assert isinstance(type_, TextType)
    if type_.kind == "label":
        return CONTEXT.label(text, type_.vocabulary)
    return unicodedata.normalize("NFC", text) if type_.kind == "plain" else text


def _shares(column: StoredDistributions, place: int, type_: DistributionType) -> Distribution:
    shares: dict[str, float] = {}
    for at in range(int(column.offsets[place]), int(column.offsets[place + 1])):
        key = column.names[column.keys[at]]
        if type_.keys.kind == "label":
            key = CONTEXT.label(key, type_.keys.vocabulary).key
        shares[key] = shares.get(key, 0.0) + float(column.shares[at])
    return Distribution(shares)
