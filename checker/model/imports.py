"""What an import gave: records, what was refused, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass

# contact and private are never kept; declared is known to the mapping, which says why it is not
# taken; unmapped is not; value is a word or an entry of a field that is taken otherwise; missing
# is a field of the record that the file does not fill.
LeftKind = Literal["contact", "private", "declared", "unmapped", "value", "missing"]


@dataclass(frozen=True, slots=True)
class Left:
    """Something of the files that is in no record, or the other way round.

    `path` is where it stands, with "[]" for every entry of a list; of a "value" and of what is
    "missing" it is the record's own field. `records` says how many records it concerns.
    """

    kind: LeftKind
    path: str
    because: str
    records: int


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file: how many records it holds, and how many of them were imported."""

    name: str
    found: int
    imported: int


@dataclass(frozen=True, slots=True, eq=False)
class ImportedRecord:
    """A valid influencer record, and where it came from."""

    data: Mapping[str, Any]
    position: Position


@dataclass(frozen=True, slots=True, eq=False)
class ImportResult:
    """Everything that an import gave. `wrong` is about the records and files that are missing."""

    format: str
    title: str
    version: str
    files: tuple[ImportedFile, ...]
    records: tuple[ImportedRecord, ...]
    wrong: tuple[Diagnostic, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 where every record was imported, else 3."""
        return 3 if self.wrong or not self.records else 0
