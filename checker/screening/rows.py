"""Files that hold no record in each line: tables, columns, and what a mapping translates.

Their rows are written as lines of JSON, and go the way of all lines.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from checker.bulk.columns import Columns, OtherTypeError, as_proved, holds_ranges, texts_of
from checker.bulk.lines import Lines, LineTooLongError, Refused, lines_of
from checker.bulk.proof.nested import Record
from checker.bulk.sources import Opened, reading
from checker.bulk.unpacked import LONGEST
from checker.language.cells import cell_text
from checker.language.suggest import did_you_mean
from checker.loading.csv_table import stream_csv, stream_lines
from checker.loading.importing.apply import Applied, apply_mapping
from checker.loading.importing.mapping_file import load_mapping, mapping_for, shipped_formats
from checker.loading.json_text import read_json
from checker.loading.project import Project
from checker.loading.source import SourceFile
from checker.loading.validation import RecordSchemas
from checker.loading.vocabulary import Blanks
from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from checker.model.mappings import ImportMapping
from checker.model.types import RecordType
from checker.screening.options import Options

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 4096
# Rows of a typed file in a batch, which DuckDB gives a thread; and batches that go together.
_BATCH, _BATCHES = 8192, 6
# A row as plain data with its number; or why it is none; with the terms of its deal.
Row = tuple[int, Any, tuple[str, ...], Mapping[str, Any]]


def find_mapping(options: Options, project: Project) -> ImportMapping | None:
    """Return the mapping that is asked for: a file, or a shipped one by name. Raises RulesError."""
    from pathlib import Path

    if not options.mapping:
        return None
    path = Path(options.mapping)
    if options.mapping in shipped_formats():
        mapping = mapping_for(options.mapping, schemas=project.schemas)
    else:
        mapping = load_mapping(path, schemas=project.schemas)
    if mapping.records:
        message = "this mapping finds several records in a document; screening takes one a line"
        hint = "Run checker import first, and screen what it writes."
        raise RulesError([Diagnostic("several-records", message, mapping.position, hint=hint)])
    return mapping


def lines_of_source(
    opened: Opened,
    options: Options,
    mapping: ImportMapping | None,
    schemas: RecordSchemas,
    part: Record,
    blanks: Blanks,
) -> Iterator[Lines | Columns]:
    """Yield the rows of a file of any kind. Raises InputError.

    `part` proves typed ones; `blanks` counts cells of tables that say nothing.
    """
    kind = opened.source.kind
    with reading(opened.source):
        if mapping is not None:
            rows = _mapped(_plain(opened), mapping, schemas, options, blanks)
            yield from _pieces(islice(rows, options.limit))
        elif kind == "csv":
            yield from _pieces(islice(_table(opened, schemas, blanks), options.limit))
        elif kind == "parquet":
            yield from _columns(opened, schemas.types["influencer"], options.keep, part)
        else:
            yield from opened.lines()


def _pieces(rows: Iterable[Row]) -> Iterator[Lines]:
    texts: list[str] = []
    numbers: list[int] = []
    refused: list[Refused] = []
    terms: dict[int, Mapping[str, Any]] = {}
    for number, data, reasons, deal in rows:
        if reasons:
            name = data.get("id") if isinstance(data, dict) else None
            refused.append(Refused(number, reasons, name if isinstance(name, str) else ""))
        else:
            numbers.append(number)
            texts.append(json.dumps(data, ensure_ascii=False))
            if deal:
                terms[number] = deal
        if len(texts) + len(refused) == _PIECE:
            yield lines_of(texts, numbers, refused=refused, terms=terms)
            texts, numbers, refused, terms = [], [], [], {}
    if texts or refused:
        yield lines_of(texts, numbers, refused=refused, terms=terms)


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


def _columns(
    opened: Opened, record: RecordType, keep: tuple[str, ...], part: Record
) -> Iterator[Lines | Columns]:
    """Read a Parquet file, whose columns are the fields of the record; NULL is missing."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(opened.source.path)
    _refuse_unknown(opened, file.schema_arrow.names, record, keep)
    batches = file.iter_batches(_BATCH)
    number = 1
    while some := list(islice(batches, _BATCHES)):
        yield _piece(some, number, keep, part)
        number += sum(batch.num_rows for batch in some)


def _piece(
    batches: Sequence[pa.RecordBatch], number: int, keep: tuple[str, ...], part: Record
) -> Lines | Columns:
    """Return rows in typed columns, or as text where a column is of another type."""
    try:
        records = [as_proved(batch, part, keep) for batch in batches]
    except OtherTypeError:
        texts = [text for batch in batches for text in texts_of(batch)]
        return lines_of(texts, range(number, number + len(texts)))
    return Columns(records, batches, number, holds_ranges(records[0].type, part))


def _refuse_unknown(
    opened: Opened, names: list[str], record: RecordType, keep: tuple[str, ...]
) -> None:
    known = [*record.fields, "extra", "$schema"]
    wrong = [
        Diagnostic(
            "unknown-column", f'the column "{name}" is there twice', Position(opened.source.shown)
        )
        for name, count in Counter(names).items()
        if count > 1
    ]
    for name in names:
        if name not in known and name not in keep:
            near = did_you_mean(name, known)
            hint = f"{near[:1].upper()}{near[1:]} " if near else ""
            hint += f'--keep "{name}" carries it through; --map says which field it is.'
            message = f'an influencer has no "{name}"'
            position = Position(opened.source.shown, cell=name)
            wrong.append(Diagnostic("unknown-column", message, position, hint=hint))
    if wrong:
        raise InputError(wrong)


def _plain(opened: Opened) -> Iterator[tuple[int, Any, tuple[str, ...]]]:
    """Read the rows of somebody else's file as plain data."""
    kind = opened.source.kind
    if kind == "csv":
        yield from _strange_table(opened.source.shown, _text(opened))
        return
    if kind == "parquet":
        import pyarrow.parquet as pq

        number = 1
        for batch in pq.ParquetFile(opened.source.path).iter_batches(_PIECE):
            for row in batch.to_pylist():
                yield number, row, ()
                number += 1
        return
    for lines in opened.lines():
        columns = (lines.table[name].to_pylist() for name in ("number", "line"))
        for number, text_ in zip(*columns, strict=True):
            if not text_.strip():
                continue
            try:
                yield number, read_json(SourceFile(opened.source.shown, text_)).data, ()
            except InputError as error:
                yield number, None, tuple(each.message for each in error.diagnostics)


def _strange_table(shown: str, text: Iterator[str]) -> Iterator[tuple[int, Any, tuple[str, ...]]]:
    lines = stream_lines(shown, text)
    names = [cell_text(name) for name in next(lines, (1, [""]))[1]]
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            wrong: tuple[str, ...] = ()
            if len(cells) != len(names):
                wrong = (f"the row has {len(cells)} cells; the header has {len(names)} columns",)
            yield line, dict(zip(names, map(cell_text, cells), strict=False)), wrong


def _mapped(
    rows: Iterable[tuple[int, Any, tuple[str, ...]]],
    mapping: ImportMapping,
    schemas: RecordSchemas,
    options: Options,
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
            kept = zip(options.keep, options.members, strict=True)
            data.update((to, row[name]) for name, to in kept if row.get(name) not in (None, ""))
        yield number, data, wrong, {}


def _refuse_other_unit(applied: Applied, mapping: ImportMapping, number: int) -> None:
    """Refuse a file of which a row proves that its shares are written in another unit."""
    for each in applied.wrong:
        if each.other_unit and not (each.scalar and applied.proved):
            message = f"row {number}: {each.message}"
            raise InputError([Diagnostic("other-unit", message, mapping.position, hint=each.hint)])
