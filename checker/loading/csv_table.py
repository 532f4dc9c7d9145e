"""A shortlist as CSV: one influencer, with the terms of the deal, in each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from checker.language.accounts import account_key
from checker.language.cells import cell_text
from checker.loading.csv_cells import (
    CellError,
    Column,
    HeaderError,
    cell_value,
    column,
    is_blank,
)
from checker.loading.source import SourceFile
from checker.loading.validation import RecordSchemas
from checker.loading.vocabulary import KnownWords
from checker.model.diagnostics import MOST_DIAGNOSTICS, Diagnostic, InputError, Position, first_of
from checker.model.records import DataPath
from checker.model.types import RecordType


class CsvRow:
    """One row: the plain data of its deal (without the influencer) and of its influencer.

    `diagnostics` are about cells that could not be read; their values are left out, and
    `unread` are their paths. `blank` are the columns and texts of cells that say nothing.
    """

    __slots__ = ("blank", "deal", "diagnostics", "file", "influencer", "line", "unread")

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line
        self.deal: dict[str, Any] = {}
        self.influencer: dict[str, Any] = {}
        self.diagnostics: list[Diagnostic] = []
        self.unread: set[DataPath] = set()
        self.blank: list[tuple[str, str]] = []

    def locate(self, path: DataPath = ()) -> Position:
        """Return the row, and the name of the column that holds, or would hold, the path."""
        names = []
        for step in path:
            if isinstance(step, int):
                break  # An item of a list, which has one cell.
            names.append(step)
        if names[:1] == ["deliverables"]:
            del names[1:]
        elif names[-1:] in (["min"], ["max"]):
            del names[-1]
        return Position(self.file, self.line, cell=".".join(names))


def read_csv(source: SourceFile, schemas: RecordSchemas) -> Iterator[CsvRow]:
    """Read a table.

    Raises InputError, before the first row, with everything that is wrong with the header, or
    where there are no rows; and where the text is not CSV.
    """
    lines = table_lines(source)
    header = next(lines, None)
    if header is None:
        raise _refusal("empty-file", "the file is empty", Position(source.name))
    columns = _columns(source.name, *header, schemas.types)
    count = 0
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            count += 1
            yield _row(source.name, line, cells, columns, schemas.words)
    if not count:
        message = "the file has a header and no rows"
        raise _refusal("no-rows", message, Position(source.name), "Write one influencer a row.")


def stream_csv(name: str, stream: Iterable[str], schemas: RecordSchemas) -> Iterator[CsvRow]:
    """Read a table of any length from its lines; see `read_csv`. `name` is for messages."""
    table = stream_lines(name, stream)
    header = next(table, None)
    if header is None:
        raise _refusal("empty-file", "the file is empty", Position(name))
    columns = _columns(name, *header, schemas.types)
    for line, cells in table:
        if any(cell.strip() for cell in cells):
            yield _row(name, line, cells, columns, schemas.words)


def stream_lines(name: str, stream: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not blank; see `table_lines`. `name` is for messages."""
    lines = iter(stream)
    blank: list[str] = []
    first = ""
    for first in lines:
        if first.strip():
            break
        blank.append(first)
    return _table_lines(name, chain(blank, [first], lines), _delimiter(first))


def read_cells(source: SourceFile) -> Iterator[dict[str, str]]:
    """Read the texts of a table's cells by column, without the blank ones, whatever they say.

    Cells without a column's name go by their number. Raises InputError where it is not CSV.
    """
    lines = table_lines(source)
    header = next(lines, (1, []))[1]
    for _, cells in lines:
        row = {}
        for index, cell in enumerate(cells):
            name = cell_text(header[index]) if index < len(header) else ""
            if text := cell_text(cell):
                row[name or f"column {index + 1}"] = text
        if row:
            yield row


def table_lines(source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not blank, with the number of its first line."""
    first = next((line for line in source.lines() if line.strip()), "")
    yield from _table_lines(source.name, io.StringIO(source.text, newline=""), _delimiter(first))


def _table_lines(
    name: str, lines: Iterable[str], delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            message = f"a cell is longer than {csv.field_size_limit():,} characters"
            hint = "Perhaps a double quote is not closed."
            raise _refusal("too-large", message, Position(name, line), hint) from None
        message = f"the line cannot be read as CSV: {error}"
        hint = 'A text with commas or line breaks stands in double quotes; "" is one quote in it.'
        raise _refusal("csv-syntax", message, Position(name, line), hint) from None


def _delimiter(header: str) -> str:
    """Spreadsheets of many countries write semicolons, some write tabs."""
    return max(",;\t", key=header.count)


def _columns(
    file: str, line: int, headers: list[str], types: Mapping[str, RecordType]
) -> list[Column | None]:
    """Return the column of each header, None for those without a name."""
    columns: list[Column | None] = []
    wrong: list[Diagnostic] = []
    seen: set[str] = set()

    def refuse(code: str, message: str, hint: str = "") -> None:
        wrong.append(Diagnostic(code, message, Position(file, line), hint=hint))

    for header in headers:
        name = cell_text(header)
        columns.append(None)
        if not name:
            continue
        if name in seen:
            refuse("duplicate-column", f'two columns are called "{name}"')
            continue
        seen.add(name)
        try:
            columns[-1] = column(name, types, near=len(wrong) < MOST_DIAGNOSTICS)
        except HeaderError as error:
            refuse("unknown-column", error.message, error.hint)
    if not wrong and not seen:
        refuse("unknown-column", "the first line has no names of fields")
    if wrong:
        raise InputError(first_of(wrong))
    return columns


def _row(
    file: str, line: int, cells: list[str], columns: list[Column | None], words: KnownWords
) -> CsvRow:
    row = CsvRow(file, line)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    shifted = len(cells) != len(columns)
    if shifted:
        message = f"the row has {_count(len(cells), 'cell')}; "
        message += f"the header has {_count(len(columns), 'column')}"
        hint = "Put a text that has a comma in it in double quotes." * (len(cells) > len(columns))
        row.diagnostics.append(Diagnostic("cell-count", message, Position(file, line), hint=hint))
    for index, (cell, target) in enumerate(zip(cells, columns, strict=False), start=1):
        text = cell_text(cell)
        # Cells of a row that lacks one may stand in the wrong columns; only the name is of use.
        if not text or (shifted and (target is None or target.name != "handle")):
            continue
        if target is None:
            message = f'the cell "{text}" stands in column {index}, which has no name'
            row.diagnostics.append(Diagnostic("unnamed-column", message, Position(file, line)))
            continue
        if is_blank(text, target.type):
            row.blank.append((target.name, text))
            continue
        try:
            value = cell_value(text, target.type, words, header=target.name)
        except CellError as error:
            message = f'column "{target.name}" has "{text}"'
            diagnostic = Diagnostic("bad-cell", message, Position(file, line), hint=error.hint)
            row.diagnostics.append(diagnostic)
            row.unread.add(target.path)
            continue
        _put(row.deal if target.part == "deal" else row.influencer, target.path, value)
    _default_id(row.influencer)
    return row


def _put(record: dict[str, Any], path: DataPath, value: Any) -> None:
    for step in path[:-1]:
        record = record.setdefault(str(step), {})
    record[str(path[-1])] = value


def _default_id(influencer: dict[str, Any]) -> None:
    platform, handle = influencer.get("platform"), influencer.get("handle")
    if "id" not in influencer and platform and handle:
        influencer["id"] = account_key(platform, handle)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _refusal(code: str, message: str, position: Position, hint: str = "") -> InputError:
    return InputError([Diagnostic(code, message, position, hint=hint)])
