"""From a record's plain JSON to the values that conditions compute with.

Done once for each record and brief: "32%" becomes 0.32, {"min": 400, "max": 600} a `Range`,
money is converted into the brief's currency, words become labels, dates become dates.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from checker.language.context import Context, languages_of
from checker.language.operators.scalars import Number, number
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Distribution, Unknown, Value

# Schemas bound every number by this, so that floats keep it exact.
LARGEST = 1e15

# Takes a plain value and its record's root (for the currency beside an amount).
Binder = Callable[[Any, Mapping[str, Any]], Value]


def plain_number(raw: Any, low: float, high: float) -> Number | Unknown:
    """Read a number, "32%" or {"min": .., "max": ..}; an open end takes the type's bound."""
    if isinstance(raw, dict):
        start = plain_number(raw["min"], low, high) if "min" in raw else low
        end = plain_number(raw["max"], low, high) if "max" in raw else high
        assert isinstance(start, float) and isinstance(end, float)
        return number(start, end)
    if isinstance(raw, str):
        return float(raw[:-1]) / 100
    return float(raw)


def open_ends(type_: NumberType | MoneyType) -> tuple[float, float]:
    """Return the ends of a range that its record leaves open; the largest number is no bound."""
    low, high = float(type_.low), float(type_.high)
    return (low if low > -LARGEST else -inf), (high if high < LARGEST else inf)


class Binders:
    """Makes and keeps the binders of one context; types are kept by identity."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._records: dict[int, Binder] = {}

    def record(self, raw: Mapping[str, Any], type_: RecordType) -> Mapping[str, Value]:
        """Bind a whole record.

        Args:
            raw: plain JSON that passed the schema of `type_`.
            type_: the record's type.
        """
        bound: Mapping[str, Value] = self._record(type_)(raw, raw)
        return bound

    def value(self, raw: Any, type_: Type, field: Field | None = None) -> Value:
        """Bind one value that is no record's field: a param or a table's cell."""
        return self._binder(type_, field or Field(type_))(raw, raw if isinstance(raw, dict) else {})

    def _record(self, type_: RecordType) -> Binder:
        known = self._records.get(id(type_))
        if known is None:
            known = self._records[id(type_)] = self._fields_binder(type_.fields)
        return known

    def _fields_binder(self, fields: Mapping[str, Field]) -> Binder:
        # Of the fields that a type has a record holds few: each is made ready when one has it.
        members: dict[str, Binder] = {}

        def bind(raw: Any, root: Mapping[str, Any]) -> Value:
            bound = {}
            for name, value in raw.items():
                member = members.get(name)
                if member is None:
                    field = fields.get(name)
                    if field is None:
                        continue
                    member = members[name] = self._binder(field.type, field)
                bound[name] = member(value, root)
            return bound

        return bind

    def _binder(self, type_: Type, field: Field) -> Binder:
        match type_:
            case NumberType():
                low, high = open_ends(type_)
                return lambda raw, root: (
                    float(raw)
                    if raw.__class__ is int or raw.__class__ is float
                    else plain_number(raw, low, high)
                )
            case MoneyType():
                return self._money(type_, field)
            case TextType():
                return self._text(type_)
            case DateType():
                return lambda raw, root: datetime.date.fromisoformat(raw)
            case DistributionType(keys=TextType(kind="label", vocabulary=vocabulary)):
                return self._label_distribution(vocabulary)
            case DistributionType():
                return _distribution
            case ListType():
                item = self._binder(type_.item, field)
                return lambda raw, root: tuple([item(each, root) for each in raw])
            case RecordType():
                return self._record(type_)
            case FlagType() | TableType():
                return lambda raw, root: raw

    def _money(self, type_: MoneyType, field: Field) -> Binder:
        convert = self.context.money
        low, high = open_ends(type_)
        where = field.currency

        def bind(raw: Any, root: Mapping[str, Any]) -> Value:
            amount = plain_number(raw, low, high)
            if isinstance(amount, Unknown):
                return UNKNOWN
            return convert(amount, plain_at(root, where))

        return bind

    def _label_distribution(self, vocabulary: str) -> Binder:
        label = self.context.label

        def bind(raw: Any, root: Mapping[str, Any]) -> Value:
            # Synonyms are one key: their shares add up.
            shares: dict[str, float] = {}
            languages = languages_of(root)
            for word, part in _distribution(raw, root).shares.items():
                key = label(word, vocabulary, languages).key
                shares[key] = shares.get(key, 0.0) + part
            return Distribution(shares)

        return bind

    def _text(self, type_: TextType) -> Binder:
        if type_.kind == "label":
            label, vocabulary = self.context.label, type_.vocabulary
            return lambda raw, root: label(raw, vocabulary, languages_of(root))
        if type_.kind == "code":
            return lambda raw, root: raw
        return lambda raw, root: raw if raw.isascii() else unicodedata.normalize("NFC", raw)


def plain_at(root: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
    """Return the text at a path of plain JSON, or None."""
    value: Any = root
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value if isinstance(value, str) and path else None


def _distribution(raw: Any, root: Mapping[str, Any]) -> Value:
    shares = {}
    for key, part in raw.items():
        share = part if part.__class__ is float else plain_number(part, 0.0, 1.0)
        if isinstance(share, float):
            shares[key] = share
    return Distribution(shares)
