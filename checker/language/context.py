"""What a brief fixes for every value: its currency and rates, and the vocabularies in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker.language.numbers import Number, multiply
from checker.language.text import canonical
from checker.model.frozen import dataclass
from checker.model.types import TableType
from checker.model.values import UNKNOWN, Label, Unknown, Value


@dataclass(frozen=True, slots=True, eq=False)
class TableValue:
    """A table ready to be read: its type, its rows as values, and a lookup's rows by keys."""

    type: TableType
    rows: tuple[Mapping[str, Value], ...]
    index: Mapping[tuple[Value, ...], Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """How amounts become the brief's money and words become labels.

    `rates` gives, for a currency, how much of the brief's currency one unit of it is.
    `vocabularies` gives, for each vocabulary, the canonical label of each canonical word.
    `tables` are the packs' tables with amounts in the brief's currency.
    `keys` remembers the keys of labels.
    """

    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    vocabularies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: dict[TableType, TableValue] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def money(self, amount: Number, currency: str | None) -> Number | Unknown:
        """Convert an amount into the brief's currency; UNKNOWN without a currency or a rate."""
        if not currency or not self.currency:
            return UNKNOWN
        if currency == self.currency:
            return amount
        rate = self.rates.get(currency)
        return UNKNOWN if rate is None else multiply(amount, rate)

    def label(self, text: str, vocabulary: str) -> Label:
        """Make a label; synonyms of a vocabulary get the same key."""
        key = self.keys.get((text, vocabulary))
        if key is None:
            plain = canonical(text)
            key = self.vocabularies.get(vocabulary, {}).get(plain, plain)
            self.keys[text, vocabulary] = key
        return Label(key, text)
