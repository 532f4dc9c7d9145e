"""The types of the condition language, from schemas, tables and literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from math import inf
from typing import Literal

from checker.model.frozen import dataclass

Unit = Literal["number", "share", "count", "days"]
TextKind = Literal["label", "code", "plain", "literal"]


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number. `low` and `high` bound every value; `ranged` says that it may be a range."""

    unit: Unit = "number"
    low: float = -inf
    high: float = inf
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class MoneyType:
    """An amount in the currency of the brief."""

    low: float = -inf
    high: float = inf
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class FlagType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar date."""


@dataclass(frozen=True, slots=True)
class TextType:
    """Text of one kind; kinds do not compare with each other.

    `choices` is the closed set of a code, and what stands in a table's column of labels, against
    which words of a rule are checked. `vocabulary` names the synonyms of a label; a `lenient`
    label takes the vocabulary of the label that it meets.
    Kind "literal" is text written in a rule; it takes the kind of what it is compared with.
    """

    kind: TextKind
    choices: tuple[str, ...] = ()
    vocabulary: str = ""
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class DistributionType:
    """Shares by key. `ages` marks age bands ("18-24", "65+").

    The youngest that vendors report are `lowest_age` to `lowest_to`, both included.

    `keys` is the type of the key; where it has `choices` the set of keys is closed.
    """

    keys: TextType
    ages: bool = False
    lowest_age: int = 0
    lowest_to: int = 0


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of members of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type.

    `title` is a short noun for messages ("audience ages"); `ask` says what to ask for when it
    is missing; `changeable` marks what a party to the deal can change (fees, targets).
    `currency` is the path, from the record's root, of the field that names a money's currency.
    """

    type: Type
    title: str = ""
    description: str = ""
    ask: str = ""
    required: bool = False
    changeable: bool = False
    currency: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A record, a part of one, or a table's row. An age span is the record named "ages"."""

    name: str
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class TableType:
    """A pack's table: `kind` is "bands", "vocabulary" or "lookup"; rows have the type `row`."""

    name: str
    kind: Literal["bands", "vocabulary", "lookup"]
    row: RecordType
    keys: tuple[str, ...] = ()


Type = (
    NumberType
    | MoneyType
    | FlagType
    | DateType
    | TextType
    | DistributionType
    | ListType
    | RecordType
    | TableType
)
