"""The files that an evaluation read, as data for whoever compares them later."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.loading.documents import NDJSON_SUFFIXES, RECORD_SUFFIXES, parse_document
from checker.loading.shipped import shown_name
from checker.loading.source import SourceFile, read_source
from checker.model.diagnostics import CheckerError, InputError
from checker.model.inputs import InputFile, InputKind


def input_files(
    reads: Iterable[tuple[Path, SourceFile]], *, root: Path, kinds: Mapping[str, InputKind]
) -> tuple[InputFile, ...]:
    """Return what was read, once each, in the order of reading, without the shipped packs.

    `kinds` gives the kind of each file by the name that messages show. Raises InputError where
    a file changed between two readings.
    """
    found: dict[str, InputFile] = {}
    for path, source in reads:
        if shown_name(path) is not None:
            continue
        file = _input_file(path, source, root=root, kind=kinds.get(source.name, "file"))
        first = found.setdefault(file.name, file)
        if first.sha256 != file.sha256:
            message = "the file changed while it was read; run this again"
            raise InputError.of("changed-meanwhile", message, source.name)
    return tuple(found.values())


def read_input(path: Path, *, root: Path, kind: InputKind = "file") -> InputFile | None:
    """Read one file as an input; None where there is none or it cannot be read as text."""
    try:
        by_line = path.suffix.lower() in NDJSON_SUFFIXES
        source = read_source(path, shown_as=path.name, by_line=by_line)
    except CheckerError:
        return None
    return _input_file(path, source, root=root, kind=kind)


def _input_file(path: Path, source: SourceFile, *, root: Path, kind: InputKind) -> InputFile:
    return InputFile(name_from(root, path), kind, source.sha256(), _records(path, source))


def name_from(root: Path, path: Path) -> str:
    """Return a file's path from `root`: links to folders followed, a link to a file kept."""
    place = os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118 - names only.
    return os.path.relpath(place, root).replace(os.sep, "/")


def _records(path: Path, source: SourceFile) -> Mapping[str, Any] | None:
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            return _named(_rows(source))
        if suffix in NDJSON_SUFFIXES:
            return _named(_lines(source))
        if suffix not in RECORD_SUFFIXES:
            return None
        data = parse_document(source, suffix).data
    except CheckerError:
        return None
    return _named(data) if isinstance(data, list) else {"": data}


def _rows(source: SourceFile) -> Iterator[dict[str, Any]]:
    """Yield the cells of each row, as they are written; the columns are paths."""
    from checker.loading.csv_table import read_cells

    for cells in read_cells(source):
        row: dict[str, Any] = {}
        for column, text in cells.items():
            *above, last = column.split(".")
            part: Any = row
            for step in above:
                part = part.setdefault(step, {}) if isinstance(part, dict) else part
            if isinstance(part, dict) and last not in part:
                part[last] = text
            else:  # A column "a" beside a column "a.b".
                row[column] = text
        yield row


def _lines(source: SourceFile) -> Iterator[Any]:
    from checker.loading.json_text import read_ndjson

    for document in read_ndjson(source):
        if isinstance(document, CheckerError):
            raise document
        yield document.data


def _named(records: Iterable[Any]) -> dict[str, Any]:
    """Name each record by its id or handle, so that a new first row does not move the others."""
    found: dict[str, Any] = {}
    for number, record in enumerate(records, start=1):
        name = _name(record) or f"entry {number}"
        found[name if name not in found else f"{name} (entry {number})"] = record
    return found


def _name(record: Any) -> str:
    """Return the id or handle of a record, or of the influencer of a deal."""
    if not isinstance(record, dict):
        return ""
    inner = record.get("influencer")
    if isinstance(inner, str):
        return inner
    for source in (record, inner):
        if isinstance(source, dict):
            for key in ("id", "handle"):
                if isinstance(source.get(key), str):
                    return str(source[key])
    return ""
