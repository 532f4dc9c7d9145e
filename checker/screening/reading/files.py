"""Files of all kinds in pieces: what holds no record in each line is written as such lines."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, cast

import numpy as np
import pyarrow as pa

from checker.language.cells import cell_text
from checker.language.suggest import did_you_mean
from checker.loading.csv_table import stream_csv, stream_lines
from checker.loading.importing.apply import Applied, apply_mapping
from checker.loading.json_text import read_json
from checker.loading.source import SourceFile
from checker.loading.validation import RecordSchemas
from checker.loading.vocabulary import Blanks
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.mappings import ImportMapping
from checker.model.types import RecordType
from checker.screening.reading.arrow import plain
from checker.screening.reading.elements import PIECE, read_elements
from checker.screening.reading.pieces import (
    BLOCK,
    Batch,
    Lines,
    LineTooLongError,
    Piece,
    Stream,
)
from checker.screening.reading.pieces import read_lines as read_blocks
from checker.screening.reading.sources import Opened, reading, refusal
from checker.screening.reading.strict import Refused
from checker.screening.reading.unpacked import LONGEST

# Rows of a typed file that are read together.
_BATCH = 8192
# A row as plain data with its number; or why it is none; with the terms of its deal.
Row = tuple[int, Any, tuple[str, ...], Mapping[str, Any]]
_Plain = tuple[int, Any, tuple[str, ...]]


def pieces_of(
    opened: Opened,
    schemas: RecordSchemas,
    *,
    keep: Sequence[str] = (),
    mapping: ImportMapping | None = None,
    blanks: Blanks | None = None,
    block: int = BLOCK,
    limit: int | None = None,
) -> Iterator[Piece]:
    """Yield the rows of a file of any kind. Raises InputError.

    Args:
        opened: the file.
        schemas: those of records, and the words that labels may be.
        keep: names of columns to carry through; of mapped rows `kept_as` names them.
        mapping: how the file's rows become influencers, where they are none.
        blanks: counts the cells of tables that say nothing.
        block: how many bytes of lines go together.
        limit: how many rows are wanted at most; some more may come.
    """
    counted = blanks or Blanks()
    try:
        with reading(opened.source):
            yield from _pieces(opened, schemas, keep, mapping, counted, block, limit)
    except LineTooLongError as error:
        message = f"the line has no end within {LONGEST >> 20} MiB"
        raise refusal("too-large", message, opened.source, error.number) from None


def _pieces(
    opened: Opened,
    schemas: RecordSchemas,
    keep: Sequence[str],
    mapping: ImportMapping | None,
    blanks: Blanks,
    block: int,
    limit: int | None,
) -> Iterator[Piece]:
    if mapping is not None:
        rows = _mapped(_plain_rows(opened, block), mapping, schemas, keep, blanks)
        yield from rows_in_pieces(islice(rows, limit))
    elif opened.source.kind == "csv":
        yield from rows_in_pieces(islice(_table(opened, schemas, blanks), limit))
    elif opened.source.kind == "parquet":
        yield from _batches(opened, schemas.types["influencer"], keep)
    else:
        yield from _lines(opened, block)


def kept_as(name: str, *, mapped: bool) -> str:
    """Return the name that a kept column has among a record's members.

    Where a mapping names the fields, what is kept must not pass for one of them.
    """
    return f"keep: {name}" if mapped else name


def _lines(opened: Opened, block: int) -> Iterator[Lines]:
    if opened.source.kind == "json":
        yield from read_elements(opened.source, opened.stream)
        return
    yield from read_blocks(cast("Stream", opened.stream), size=block)


def rows_in_pieces(rows: Iterable[Row]) -> Iterator[Lines]:
    """Write plain rows as lines of JSON, so many together."""
    lines: list[bytes] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    terms: dict[int, Mapping[str, Any]] = {}
    for number, data, reasons, deal in rows:
        if reasons:
            name = data.get("id") if isinstance(data, dict) else None
            refused.append(Refused(number, reasons, name if isinstance(name, str) else ""))
        else:
            if deal:
                terms[len(lines)] = deal
            numbers.append(number)
            text = json.dumps(data, ensure_ascii=False, default=str)
            lines.append(text.encode("utf-8", "surrogatepass"))
        if len(lines) + len(refused) == PIECE:
            yield Lines(lines, np.array(numbers, np.int64), refused=tuple(refused), terms=terms)
            lines, numbers, refused, terms = [], [], [], {}
    if lines or refused:
        yield Lines(lines, np.array(numbers, np.int64), refused=tuple(refused), terms=terms)


def _text(opened: Opened) -> Iterator[str]:
    """Yield the lines of a table with their ends."""
    text = io.TextIOWrapper(opened.stream, encoding="utf-8-sig", newline="")
    number = 1
    try:
        while line := text.readline(LONGEST):
            if len(line) == LONGEST:
                raise LineTooLongError(number)
            yield line
            number += 1
    finally:
        # The file is closed by whoever opened it, perhaps before this ends.
        with suppress(ValueError):
            text.detach()


def _table(opened: Opened, schemas: RecordSchemas, blanks: Blanks) -> Iterator[Row]:
    """Read a table in the convention of shortlists."""
    for row in stream_csv(opened.source.shown, _text(opened), schemas):
        for column, blank in row.blank:
            blanks.add(column, blank, row.line)
        reasons = tuple(each.message for each in row.diagnostics)
        yield row.line, row.influencer, reasons, row.deal


def _batches(opened: Opened, record: RecordType, keep: Sequence[str]) -> Iterator[Batch]:
    """Read a Parquet file, whose columns are the fields of the record; NULL is missing."""
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(opened.source.path)
        refuse_unknown(opened.source.shown, file.schema_arrow.names, record, keep)
        number = 1
        for batch in file.iter_batches(_BATCH):
            yield Batch(batch, number)
            number += batch.num_rows
    except (OSError, pa.ArrowException) as error:
        message = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise refusal("unreadable", message, opened.source) from None


def refuse_unknown(
    shown: str, names: Sequence[str], record: RecordType, keep: Sequence[str]
) -> None:
    """Refuse columns that are neither fields nor kept. Raises InputError with all of them."""
    known = [*record.fields, "extra", "$schema"]
    wrong = [
        Diagnostic("unknown-column", f'the column "{name}" is there twice', Position(shown))
        for name, count in Counter(names).items()
        if count > 1
    ]
    for name in names:
        if name not in known and name not in keep:
            near = did_you_mean(name, known)
            hint = f"{near[:1].upper()}{near[1:]} " if near else ""
            hint += f'--keep "{name}" carries it through; --map says which field it is.'
            message = f'an influencer has no "{name}"'
            position = Position(shown, cell=name)
            wrong.append(Diagnostic("unknown-column", message, position, hint=hint))
    if wrong:
        raise InputError(wrong)


def _plain_rows(opened: Opened, block: int) -> Iterator[_Plain]:
    """Read the rows of somebody else's file as plain data."""
    if opened.source.kind == "csv":
        yield from _strange_table(opened.source.shown, _text(opened))
    elif opened.source.kind == "parquet":
        yield from _strange_batches(opened)
    else:
        for piece in _lines(opened, block):
            yield from _strange_lines(piece, opened.source.shown)


def _strange_batches(opened: Opened) -> Iterator[_Plain]:
    import pyarrow.parquet as pq

    number = 1
    try:
        for batch in pq.ParquetFile(opened.source.path).iter_batches(PIECE):
            types = {each.name: each.type for each in batch.schema}
            for row in batch.to_pylist():
                yield number, {name: plain(row[name], type_) for name, type_ in types.items()}, ()
                number += 1
    except (OSError, pa.ArrowException, ValueError) as error:
        message = f"the file cannot be read: {str(error).splitlines()[0]}"
        raise refusal("unreadable", message, opened.source) from None


def _strange_lines(piece: Lines, shown: str) -> Iterator[_Plain]:
    for number, line in zip(piece.numbers.tolist(), piece.lines, strict=True):
        try:
            text = line.decode("utf-8")
            if text.strip():
                yield number, read_json(SourceFile(shown, text)).data, ()
        except UnicodeDecodeError:
            yield number, None, ("the text is not UTF-8",)
        except InputError as error:
            yield number, None, tuple(each.message for each in error.diagnostics)


def _strange_table(shown: str, text: Iterator[str]) -> Iterator[_Plain]:
    lines = stream_lines(shown, text)
    names = [cell_text(name) for name in next(lines, (1, [""]))[1]]
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            wrong: tuple[str, ...] = ()
            if len(cells) != len(names):
                wrong = (f"the row has {len(cells)} cells; the header has {len(names)} columns",)
            yield line, dict(zip(names, cells, strict=False)), wrong


def _mapped(
    rows: Iterable[_Plain],
    mapping: ImportMapping,
    schemas: RecordSchemas,
    keep: Sequence[str],
    blanks: Blanks,
) -> Iterator[Row]:
    for number, row, reasons in rows:
        if reasons:
            yield number, None, reasons, {}
            continue
        applied = apply_mapping(mapping, row, schemas)
        for field, text in applied.blank:
            blanks.add(field, text, number)
        _refuse_other_unit(applied, mapping, number)
        wrong = tuple(f"{each.field}: {each.message}" for each in applied.wrong)
        data = dict(applied.data)
        if isinstance(row, dict):
            kept = ((kept_as(name, mapped=True), row.get(name)) for name in keep)
            data.update((name, value) for name, value in kept if value not in (None, ""))
        yield number, data, wrong, {}


def _refuse_other_unit(applied: Applied, mapping: ImportMapping, number: int) -> None:
    """Refuse a file of which a row proves that its shares are written in another unit."""
    for each in applied.wrong:
        if each.other_unit and not (each.scalar and applied.proved):
            message = f"row {number}: {each.message}"
            raise InputError([Diagnostic("other-unit", message, mapping.position, hint=each.hint)])
