"""How one provider's export becomes influencer records: a mapping, checked and ready to apply.

Data only. `checker.loading.importing` reads mappings and applies them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.types import Type

# Names of fields from a record's root; "[]" stands for every entry of a list.
NamePath = tuple[str, ...]

# What a value is written in. The mapping says it; nothing is ever concluded from a value's size.
MappedUnit = Literal[
    "text",
    "flag",
    "count",
    "number",
    "money",
    "share",
    "percent",
    "date",
    "datetime",
    "month",
    "unix-seconds",
    "web-host",
]


@dataclass(frozen=True, slots=True)
class SourcePath:
    """Where a value stands in a provider's record.

    `text` is JMESPath, or a column's name where the mapping's input is a table. `steps` are the
    names and indexes that lead to one value, None where the path filters, chooses or spreads.
    `gives` are the places of what it finds, `reads` those that it looks at besides. Where it is
    a choice between plain paths (`a || b`), they are its `choices`: the first with a value counts.
    """

    text: str
    steps: tuple[str | int, ...] | None
    gives: frozenset[NamePath]
    reads: frozenset[NamePath] = frozenset()
    choices: tuple[SourcePath, ...] = ()


@dataclass(frozen=True, slots=True)
class OneValue:
    """A value, or the items of a list, from one place, or a range from two.

    `codes` gives the record's word for a provider's, None where the provider's means that
    nothing is known. `case` is applied to what `codes` does not name. A count that was cut to
    its first `rounded_down` digits is a range. Where `unless` finds true there is no value.
    """

    unit: MappedUnit
    path: SourcePath | None = None
    low: SourcePath | None = None
    high: SourcePath | None = None
    codes: Mapping[str, str | None] = field(default_factory=dict)
    case: Literal["", "upper", "lower"] = ""
    rounded_down: int = 0
    unless: SourcePath | None = None
    split: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A distribution from rows of a key and a value; rows of one key are added up.

    Counts become shares of the count at `of`, or, where `of_known`, of what the rows add up to.
    """

    rows: SourcePath
    key: SourcePath
    value: SourcePath
    unit: MappedUnit
    codes: Mapping[str, str | None] = field(default_factory=dict)
    case: Literal["", "upper", "lower"] = ""
    of: SourcePath | None = None
    of_known: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of records from rows; the fields' paths start at the row."""

    rows: SourcePath
    fields: tuple[MappedField, ...]


@dataclass(frozen=True, slots=True)
class MappedField:
    """One field of the influencer: its path, its type, its source.

    Where it is `keyed`, the last step of the path is a key of a distribution.
    """

    target: tuple[str, ...]
    type: Type
    source: OneValue | Parts | Entries
    keyed: bool = False

    @property
    def name(self) -> str:
        """Return the path as it is written."""
        return ".".join(self.target)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A place that is known and not taken, and why."""

    path: SourcePath
    because: str


@dataclass(frozen=True, slots=True)
class RefusedWhen:
    """Records are refused where the value at `path` is one of `values` (or, `unless`, is none)."""

    path: SourcePath
    values: tuple[Any, ...]
    unless: bool
    because: str


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """All that turns one provider's records into influencer records.

    `records` is where records stand in what a file holds; None means that it holds them itself.
    """

    name: str
    title: str
    version: str
    input: Literal["json", "csv"]
    fields: tuple[MappedField, ...]
    position: Position
    records: SourcePath | None = None
    constants: Mapping[tuple[str, ...], Any] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    refused: tuple[RefusedWhen, ...] = ()
    notes: tuple[str, ...] = ()
