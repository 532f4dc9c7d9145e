"""Lines become proved rows, in the columns that rules read, or are left to the evaluator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa

from checker.bulk.columns import Columns
from checker.bulk.lines import SCHEMA, Form, Lines
from checker.bulk.proof import Proof
from checker.bulk.proof.rows import members_of
from checker.bulk.quote import name_of, text_of
from checker.bulk.scan import mark_ranges

# The column of the records, in what is read and in what rules read.
RECORD = "influencer"
# DuckDB gives each thread a batch at a time.
_BATCH = 8192
_SCHEMA = pa.schema([("line", pa.string_view()), ("read", pa.string_view())])


@dataclass(frozen=True)
class Part:
    """Proved rows of one form; `places` are theirs among all rows, `kept` are carried through."""

    places: Any
    rows: pa.Table
    ids: pa.ChunkedArray
    handles: pa.ChunkedArray
    kept: Sequence[pa.ChunkedArray] = ()


class Piece(Protocol):
    """Some rows of a file as they were read; `numbers` are those of their lines."""

    @property
    def numbers(self) -> Any:
        """Return the number of the line of each row, as an array of numpy."""

    def texts(self, places: Sequence[int]) -> list[str | None]:
        """Return the records at some places as lines of JSON; None is no UTF-8."""


@dataclass(frozen=True)
class Found:
    """What is proved of some rows: a part for those without ranges and one for those with some.

    `left` are the places of the rows that are not proved.
    """

    piece: Piece
    parts: Sequence[Part | None] = ()
    left: Sequence[int] = ()


class Reading:
    """Reads lines by two proofs: one of records without ranges, one of those that may hold some.

    Args:
        connection: where JSON is read.
        name: a name that no other reading of the connection has.
        proofs: how lines without and with ranges are read and proved.
        members: the members of a line that are carried through.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        proofs: tuple[Proof, Proof],
        *,
        members: Sequence[str] = (),
    ) -> None:
        self.connection = connection
        self.proofs = proofs
        self.members = members
        self.source = Source(_SCHEMA.empty_table(), _BATCH)
        self.lines = f"lines_{name}"
        connection.register(self.lines, self.source)

    def empty(self) -> Found:
        """Return parts without rows, whose types are those of all lines."""
        nothing = Lines(SCHEMA.empty_table(), 0)
        forms = zip(self.proofs, nothing.by_form(), strict=True)
        return Found(nothing, [self._part(proof, form, []) for proof, form in forms])

    def read(self, piece: Lines | Columns) -> Found:
        """Read rows, and prove them."""
        if isinstance(piece, Columns):
            return self._typed(piece)
        left: list[int] = []
        parts = [
            self._part(proof, form, left) if len(form.places) else None
            for proof, form in zip(self.proofs, piece.by_form(), strict=True)
        ]
        return Found(piece, parts, left)

    def _typed(self, piece: Columns) -> Found:
        """Prove rows that lie in typed columns already."""
        proof = self.proofs[piece.ranges]
        masks, found = [], []
        for number, record in enumerate(piece.records):
            good, rows = proof.prove(record)
            masks.append(good)
            kept = piece.kept(number, self.members)
            found.append(_filtered(good, [rows, *_named(record), *kept]))
        good = np.concatenate(masks)
        part = _part_of(np.flatnonzero(good), found)
        parts = (None, part) if piece.ranges else (part, None)
        return Found(piece, parts, np.flatnonzero(~good).tolist())

    def _part(self, proof: Proof, form: Form, left: list[int]) -> Part:
        read, quotes, places = form.texts, form.quotes, form.places
        if proof.ranges and len(places):
            read, unmarked = mark_ranges(form.texts, form.bounds, proof.ranged)
            quotes = quotes.copy()
            quotes[unmarked] = -1
        self.source.table = pa.table({"line": form.texts, "read": read})
        try:
            good, found = self._proved(proof, read, quotes, strictly=True)
        except duckdb.InvalidInputException:
            # A line is broken. Each is tried by itself, which takes longer.
            good, found = self._proved(proof, read, quotes, strictly=False)
        self.source.table = _SCHEMA.empty_table()
        left += places[~good].tolist()
        return _part_of(places[good], found)

    def _proved(
        self, proof: Proof, read: pa.Array, quotes: Any, *, strictly: bool
    ) -> tuple[Any, list[list[pa.Array]]]:
        """Return which lines are proved; of those, batch by batch, rows and what goes with them."""
        masks, found = [], []
        at = 0
        for batch in self._batches(proof, strictly=strictly):
            end = at + batch.num_rows
            record = batch.column(0)
            good, rows = proof.prove_lines(record, read.slice(at, end - at), quotes[at:end])
            masks.append(good)
            found.append(_filtered(good, [rows, *_named(record), *batch.columns[1:]]))
            at = end
        return np.concatenate(masks), found

    def _batches(self, proof: Proof, *, strictly: bool) -> Iterator[pa.RecordBatch]:
        line = "line" if strictly else "CASE WHEN json_valid(line) THEN line END"
        kept = "".join(
            f", json_extract_string({line}, {_path(name)}) AS {name_of(f'keep {name}')}"
            for name in self.members
        )
        reading = proof.reading("read", strictly=strictly)
        query = f"SELECT {reading} AS {RECORD}{kept} FROM {self.lines}"
        with self.connection.sql(query).to_arrow_reader(_BATCH) as reader:
            some = False
            for batch in reader:
                some = True
                yield batch
            if not some:
                types = reader.schema
                yield pa.RecordBatch.from_arrays(
                    [pa.array([], each.type) for each in types], schema=types
                )


class Source:
    """What DuckDB reads as a table: whatever stands in `table` when a statement runs.

    `batch` is how many rows a batch has at most; without it batches are as they are.
    """

    def __init__(self, table: pa.Table, batch: int | None = None) -> None:
        self.table = table
        self.batch = batch

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        batches = self.table.to_batches(self.batch)
        stream = pa.RecordBatchReader.from_batches(self.table.schema, batches)
        return stream.__arrow_c_stream__(requested_schema)


def _part_of(places: Any, found: list[list[pa.Array]]) -> Part:
    rows, ids, handles, *kept = (pa.chunked_array(each) for each in zip(*found, strict=True))
    return Part(places, pa.table({RECORD: rows}), ids, handles, kept)


def _named(record: pa.StructArray) -> list[pa.Array]:
    columns = members_of(record)
    nothing = pa.nulls(len(record), pa.string())
    return [columns.get(name, nothing) for name in ("id", "handle")]


def _filtered(good: Any, columns: list[pa.Array]) -> list[pa.Array]:
    if good.all():
        return columns
    mask = pa.array(good)
    return [column.filter(mask) for column in columns]


def _path(name: str) -> str:
    return text_of(f"$.{json.dumps(name)}")
