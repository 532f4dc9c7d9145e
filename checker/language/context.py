"""What a brief fixes for every value: its currency and rates, and the vocabularies in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from checker.language.operators.domain import Domain, Operand
from checker.language.operators.numbers import multiply
from checker.language.operators.scalars import SCALARS
from checker.language.text import BRANDS, label_form
from checker.language.vocabulary import Vocabulary
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


def languages_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages that tell what a record's words mean; English decides beside others."""
    found = record.get("languages") or ([record["language"]] if "language" in record else ())
    return ("en",) if "en" in found else tuple(sorted(set(found)))


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
    `vocabularies` are the words in force, by the names of vocabularies.
    `tables` are the packs' tables with amounts in the brief's currency.
    `labels` remembers those that were made.
    """

    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    tables: Tables = field(default_factory=Tables)
    labels: dict[tuple[str, str, tuple[str, ...]], Label] = field(default_factory=dict)

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

    def label(self, text: str, vocabulary: str, languages: tuple[str, ...] = ()) -> Label:
        """Make a label; words that mean the same get the same key.

        `languages` are those of its record. Where no pack has the vocabulary, its form is the key.
        """
        label = self.labels.get((text, vocabulary, languages))
        if label is None:
            known = self.vocabularies.get(vocabulary)
            form = label_form(text, vocabulary) or text
            if known is None or vocabulary == BRANDS:
                # Nobody has a list of all brands: a name that is not known is another brand.
                label = Label(form if known is None else known.get(form, form), text)
            else:
                label = Label(known.key(text, languages), text)
            self.labels[text, vocabulary, languages] = label
        return label
