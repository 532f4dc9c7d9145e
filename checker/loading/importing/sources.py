"""The records of a file, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from checker.files import is_folder
from checker.language.cells import cell_text
from checker.loading.documents import NDJSON_SUFFIXES, refusal
from checker.loading.importing.paths import find
from checker.loading.source import SourceFile, read_source, shown_path
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.mappings import ImportMapping
from checker.model.records import DataPath

_SHEETS = (".xlsx", ".xls", ".ods", ".numbers")
_MOST_COLUMNS = 2000


class FoundRecord:
    """A provider's record; `locate` gives the place of what stands at a path of it."""

    __slots__ = ("data", "locate")

    def __init__(self, data: Any, locate: Callable[[DataPath], Position]) -> None:
        self.data = data
        self.locate = locate


class FoundDocument:
    """What a line, or an entry of a list, holds: the whole of it, and the records in it.

    `columns` are the names in the header, where the file is a table.
    """

    __slots__ = ("columns", "data", "records")

    def __init__(self, data: Any, records: list[FoundRecord], columns: Sequence[str] = ()) -> None:
        self.data = data
        self.records = records
        self.columns = columns


def read_documents(path: Path, mapping: ImportMapping) -> Iterator[FoundDocument | InputError]:
    """Yield what a file holds; a line that cannot be read is its error, so that others go on.

    Raises InputError where the file cannot be read at all.
    """
    shown = shown_path(path)
    suffix = path.suffix.lower()
    wanted = "csv" if suffix == ".csv" else "json"
    if suffix not in (".csv", ".json", *NDJSON_SUFFIXES) or wanted != mapping.input:
        raise _unlike(path, shown, mapping)
    ndjson = suffix in NDJSON_SUFFIXES
    source = read_source(path, shown_as=shown, by_line=ndjson)
    if suffix == ".csv":
        yield from _rows(source)
        return
    empty = True
    for document in _documents(source, ndjson=ndjson):
        empty = False
        yield document if isinstance(document, InputError) else _within(*document, mapping, shown)
    if empty:
        raise refusal("empty-file", "the file holds no records", Position(shown))


def _unlike(path: Path, shown: str, mapping: ImportMapping) -> InputError:
    if is_folder(path):
        # A shell writes the names out; what else lies in a folder is nobody's export.
        ending = "csv" if mapping.input == "csv" else "json"
        hint = f"Name the files in it, such as {shown}/*.{ending}."
        return refusal("is-a-folder", "this is a folder, not a file", Position(shown), hint)
    kinds = "a .csv file" if mapping.input == "csv" else "a .json or .ndjson file"
    hint = "Save the sheet as CSV." if path.suffix.lower() in _SHEETS else ""
    message = f"{mapping.title} is {kinds}"
    return refusal("unknown-format", message, Position(shown), hint)


_Located = tuple[Any, Callable[[DataPath], Position]]


def _documents(source: SourceFile, *, ndjson: bool) -> Iterator[_Located | InputError]:
    from checker.loading.json_text import read_json, read_ndjson

    if ndjson:
        for line in read_ndjson(source):
            yield line if isinstance(line, InputError) else (line.data, line.locate)
        return
    document = read_json(source)
    if not isinstance(document.data, list):
        yield document.data, document.locate
        return
    for index, entry in enumerate(document.data):
        yield entry, _below(document.locate, (index,))


def _below(
    locate: Callable[[DataPath], Position], base: DataPath
) -> Callable[[DataPath], Position]:
    return lambda path: locate((*base, *path))


def _within(
    data: Any, locate: Callable[[DataPath], Position], mapping: ImportMapping, shown: str
) -> FoundDocument | InputError:
    """Find the records that a document holds."""
    records = mapping.records
    if records is None:
        found: Any = data
        base: DataPath = ()
    else:
        found = find(records, data)
        base = _place(data, found, records.steps)
    if not isinstance(found, (dict, list)) or found == []:
        where = f' at "{records.text}"' if records is not None else ""
        message = f"there is no record{where}; is this {mapping.title}?"
        return InputError([Diagnostic("no-record", message, locate(()))])
    if isinstance(found, dict):
        return FoundDocument(data, [FoundRecord(found, _below(locate, base))])
    entries = [
        FoundRecord(entry, _below(locate, (*base, index) if base or found is data else ()))
        for index, entry in enumerate(found)
    ]
    return FoundDocument(data, entries)


def _place(data: Any, found: Any, steps: DataPath | None) -> DataPath:
    """Return where in a document a part of it stands; its start where that is not known."""
    if steps is not None:
        return steps
    if isinstance(data, dict):
        return next(((name,) for name, inner in data.items() if inner is found), ())
    return ()


def _rows(source: SourceFile) -> Iterator[FoundDocument | InputError]:
    from checker.loading.csv_table import table_lines

    lines = table_lines(source)
    header = next(lines, None)
    if header is None:
        raise refusal("empty-file", "the file is empty", Position(source.name))
    names = _header(source.name, *header)
    empty = True
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        empty = False
        yield _row(source.name, line, cells, names)
    if empty:
        raise refusal("no-rows", "the file has a header and no rows", Position(source.name))


def _header(file: str, line: int, cells: list[str]) -> list[str]:
    names = [cell_text(cell) for cell in cells]
    named = [name for name in names if name]
    twice = (
        sorted({name for name in named if named.count(name) > 1})
        if len(named) <= _MOST_COLUMNS
        else []
    )
    if len(named) > _MOST_COLUMNS:
        message = f"the table has {len(named):,} columns; at most {_MOST_COLUMNS:,} are read"
        raise refusal("too-many-columns", message, Position(file, line))
    if twice:
        message = f'two columns are called "{twice[0]}"'
        raise refusal("duplicate-column", message, Position(file, line))
    return names


def _row(file: str, line: int, cells: list[str], names: list[str]) -> FoundDocument | InputError:
    while len(cells) > len(names) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(names):
        message = f"the row has {len(cells)} cells; the header has {len(names)} columns"
        hint = "Put a text that has a comma in it in double quotes." * (len(cells) > len(names))
        return refusal("cell-count", message, Position(file, line), hint)
    data = {
        name or f"column {index}": text
        for index, (name, cell) in enumerate(zip(names, cells, strict=True), start=1)
        if (text := cell_text(cell))
    }

    def locate(path: DataPath) -> Position:
        column = path[0] if path and isinstance(path[0], str) else ""
        return Position(file, line, cell=column)

    return FoundDocument(data, [FoundRecord(data, locate)], names)
