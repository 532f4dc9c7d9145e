"""What a brief fixes for every value: its currency and rates, and the vocabularies in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from checker.language.operators.domain import Domain, Operand
from checker.language.operators.numbers import multiply
from checker.language.operators.scalars import SCALARS
from checker.language.text import label_form
from checker.model.frozen import dataclass
from checker.model.types import TableType, Type
from checker.model.values import Label, Value


@dataclass(frozen=True, slots=True, eq=False)
class TableValue:
    """A table ready to be read: its type, and its rows as values.

    `rows_by` gives a lookup's rows by keys of some types: a key with a vocabulary finds the row
    that any of its synonyms names.
    """

    type: TableType
    rows: tuple[Mapping[str, Value], ...]
    rows_by: Callable[[tuple[Type, ...]], Mapping[tuple[Value, ...], Mapping[str, Value]]]


class Tables(dict[TableType, TableValue]):
    """Tables by their types, each bound when it is first read: most vocabularies never are."""

    def __init__(self) -> None:
        super().__init__()
        self.bind: Callable[[TableType], TableValue] | None = None

    def __missing__(self, type_: TableType) -> TableValue:
        """Bind a table. Raises KeyError where there is none of this type."""
        if self.bind is None:
            raise KeyError(type_)
        value = self[type_] = self.bind(type_)
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """How amounts become the brief's money and words become labels.

    `rates` gives, for a currency, how much of the brief's currency one unit of it is.
    `vocabularies` gives, for each vocabulary, the canonical label of each canonical word.
    `tables` are the packs' tables with amounts in the brief's currency.
    `labels` remembers those that were made.
    """

    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    vocabularies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Tables = field(default_factory=Tables)
    labels: dict[tuple[str, str], Label] = field(default_factory=dict)

    def money(self, amount: Operand, currency: str | None, on: Domain = SCALARS) -> Operand:
        """Convert an amount into the brief's currency.

        Without a currency or a rate it is unknown, but for 0, which is nothing in any currency.
        """
        if currency and currency == self.currency:
            return amount
        rate = self.rates.get(currency) if currency and self.currency else None
        if rate is not None:
            return multiply(on, amount, rate)
        known, low, high = on.ends(amount)
        return on.number(known & (low == 0.0) & (high == 0.0), low, high)

    def label(self, text: str, vocabulary: str) -> Label:
        """Make a label; synonyms of a vocabulary get the same key."""
        label = self.labels.get((text, vocabulary))
        if label is None:
            plain = label_form(text, vocabulary)
            label = Label(self.vocabularies.get(vocabulary, {}).get(plain, plain), text)
            self.labels[text, vocabulary] = label
        return label
