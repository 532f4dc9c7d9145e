"""The values that conditions compute with.

A condition works on: `float`, `Range`, `bool`, `str` (codes and plain text), `Label`,
`datetime.date`, `Distribution`, `Items`, mappings (records and table rows), and `UNKNOWN`.
Money is a `float` or a `Range` in the currency of the brief, converted when a record is bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NoReturn

from checker.model.frozen import dataclass

# A value of the condition language; the type checker of the language tells them apart.
Value = Any


class Unknown(Enum):
    """What a record does not say. The only member is `UNKNOWN`; it has no truth value."""

    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("unknown is neither true nor false")

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Range:
    """A number known within bounds: `low` <= value <= `high`; an end may be infinite."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A free word. Labels are equal when their canonical `key` is; `text` is as written."""

    key: str
    text: str

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Label and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Label({self.key!r}, {self.text!r})"


@dataclass(frozen=True, slots=True)
class Distribution:
    """Shares (0 to 1) by key, as the record gives them; what is absent stays absent."""

    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Items:
    """A list in which some members are only possible, because their filter is unknown.

    `certain[i]` tells whether `values[i]` is surely a member.
    """

    values: tuple[Value, ...]
    certain: tuple[bool, ...]
