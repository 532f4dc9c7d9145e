"""Loaded records: plain JSON data that passed its schema, and where each value stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal

from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass

# The way to a value inside a record: field names and list indexes.
DataPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A brand, brief, influencer, deal or post.

    `data` is plain JSON without nulls; shares may still be "32%" and numbers ranges.
    `locate` finds where the value at a path stands; it is called only for what is shown.
    `inherited` maps a path to the record that supplied it (a brief's target from its brand).
    """

    kind: Literal["brand", "brief", "influencer", "deal", "post"]
    id: str
    data: Mapping[str, Any]
    locate: Callable[[DataPath], Position]
    inherited: Mapping[DataPath, Record] = field(default_factory=dict)

    def origin(self, path: DataPath) -> Record:
        """Return the record that supplied the value at `path`: this one, or an inherited one."""
        for length in range(len(path), 0, -1):
            source = self.inherited.get(path[:length])
            if source is not None:
                return source
        return self

    def position(self, path: DataPath = ()) -> Position:
        """Return where the value at `path` stands, in this record or the one it came from."""
        source = self.origin(path)
        return source.locate(path)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One line of a shortlist: a deal and its influencer.

    `influencer` is None and `diagnostics` says why where the record cannot be used.
    `name` is the handle, else the id, else what the entry wrote.
    """

    name: str
    deal: Record
    influencer: Record | None
    position: Position
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def dropped(self) -> bool:
        """Whether the deal was dropped: it is listed, and not evaluated."""
        return self.deal.data.get("state") == "dropped"


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One draft post. `record` is None and `diagnostics` says why where it cannot be used."""

    name: str
    record: Record | None
    position: Position
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """All that is checked together: a brief (its brand merged in), its shortlist and posts."""

    brief: Record
    brand: Record
    shortlist: tuple[Entry, ...] = ()
    posts: tuple[Draft, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
