"""One record file of any format: its data, and where each value stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from checker.loading.source import SourceFile, read_source
from checker.model.diagnostics import InputError, Position
from checker.model.records import DataPath

YAML_SUFFIXES = (".yaml", ".yml")
NDJSON_SUFFIXES = (".ndjson", ".jsonl")
RECORD_SUFFIXES = (".json", *YAML_SUFFIXES)
_SHEETS = (".xlsx", ".xls", ".ods", ".numbers")


class Document(Protocol):
    """A file's data without nulls, and the places of its values and of their names.

    `raw` is the data with its nulls; it is `data` itself where there are none.
    """

    data: Any
    raw: Any

    def locate(self, path: DataPath = ()) -> Position:
        """Return where the value at `path` stands; the nearest parent's place if missing."""

    def locate_key(self, path: DataPath) -> Position:
        """Return where the name of the member at `path` stands."""

    def unclear_numbers(self, path: DataPath = ()) -> Iterable[tuple[DataPath, str]]:
        """Return the numbers below `path` that have two readings, and their paths from there."""


def read_document(path: Path, *, shown_as: str) -> Document:
    """Read a JSON or YAML file.

    Raises InputError if the file is missing, unreadable, empty or of another format.
    """
    suffix = path.suffix.lower()
    if suffix not in RECORD_SUFFIXES:
        raise unknown_format(path, shown_as)
    return parse_document(read_source(path, shown_as=shown_as), suffix)


def parse_document(source: SourceFile, suffix: str) -> Document:
    """Read a text as the format that the file's suffix names. Raises InputError."""
    if suffix in YAML_SUFFIXES:
        # Loaded only where there is YAML: a project of JSON records never pays for it.
        from checker.loading.yaml_text import read_yaml

        document = read_yaml(source)
        if document.data is None:
            raise refusal("empty-file", "the file is empty", Position(source.name))
        document.leave_out_nulls()
        return document
    from checker.loading.json_text import read_json

    return read_json(source)


def unknown_format(path: Path, shown_as: str) -> InputError:
    """Say that a file's format is not read, and what to do with a spreadsheet."""
    hint = "Records are .json or .yaml files."
    if path.suffix.lower() in _SHEETS:
        hint = 'Save the sheet as CSV and name it under "shortlist".'
    return refusal("unknown-format", "files of this kind are not read", Position(shown_as), hint)


def refusal(code: str, message: str, position: Position, hint: str = "") -> InputError:
    """Return an InputError with one diagnostic."""
    return InputError.of(code, message, position, hint)
