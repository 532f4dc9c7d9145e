"""Rows whose columns have types already become blocks of records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from checker.language.columns.stored import StoredRecords
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.screening.reading import arrow
from checker.screening.reading.accounts import with_clean_handles
from checker.screening.reading.arrow import DoubledError, plain
from checker.screening.reading.blocks import Block, carried
from checker.screening.reading.parts import Record
from checker.screening.reading.pieces import Batch
from checker.screening.reading.settling import settle
from checker.screening.reading.stores import Rows
from checker.screening.reading.strict import Refused, Strict


def read_batch(part: Record, piece: Batch, keep: Sequence[str], strict: Strict) -> Block:
    """Read rows of a file; `keep` are the columns to carry through. Raises InputError."""
    whole, start = piece.batch, piece.start

    def columns(batch: pa.RecordBatch, rows: Rows) -> StoredRecords:
        known = {
            name: batch.column(place)
            for place, name in enumerate(batch.schema.names)
            if name not in strict.kept and name != "$schema"
        }
        table = arrow.table(part, known, np.ones(batch.num_rows, np.bool_), rows)
        return with_clean_handles(table, rows)

    try:
        table, batch, places, refused = settle(
            whole,
            np.arange(whole.num_rows),
            columns,
            lambda place: _refused(whole, place, start + place, strict),
        )
    except UnicodeDecodeError as error:
        # Parquet says of its texts that they are UTF-8; nobody has looked.
        raise _unreadable("", error, strict.shown) from None
    return Block(
        places + start,
        table,
        tuple(sorted(refused, key=lambda each: each.line)),
        {name: _kept(batch, name, strict.shown) for name in keep},
        lambda row: strict.record(int(places[row]) + start, _line(batch, row)),
    )


def _refused(batch: pa.RecordBatch, place: int, number: int, strict: Strict) -> Refused | None:
    """Say in the words of the strict reader why a row cannot be used; None if it can."""
    try:
        line = _line(batch, place)
    except DoubledError as error:
        return Refused(number, (f'"{error.name}" is given twice',))
    document = strict.read(number, line)
    return document if isinstance(document, Refused) else strict.refused(document)


def _line(batch: pa.RecordBatch, place: int) -> bytes:
    """Return a row as a line of JSON; NULL is missing. Raises DoubledError."""
    row: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if column[place].is_valid:
            if twice := arrow.doubled(column.type):
                raise DoubledError(twice)
            row[name] = plain(column[place].as_py(), column.type)
    return json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _kept(batch: pa.RecordBatch, name: str, shown: str) -> list[str | None]:
    if name not in batch.schema.names:
        return [None] * batch.num_rows
    column = batch.column(name)
    try:
        return [carried(plain(each, column.type)) for each in column.to_pylist()]
    except (DoubledError, ValueError) as error:
        raise _unreadable(name, error, shown) from None


def _unreadable(name: str, error: Exception, shown: str) -> InputError:
    message = f"a column cannot be read: {str(error).splitlines()[0]}"
    return InputError([Diagnostic("unreadable", message, Position(shown, cell=name))])
