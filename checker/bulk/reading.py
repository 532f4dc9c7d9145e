"""Lines become proved rows, in the columns that rules read, or are left to the evaluator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from checker.bulk.lines import SCHEMA, Lines
from checker.bulk.proof import Proof
from checker.bulk.quote import name_of, text_of
from checker.bulk.scan import mark_ranges

# The column of the records, in what is read and in what rules read.
RECORD = "influencer"
# DuckDB gives each thread a batch at a time.
_BATCH = 8192
_SCHEMA = pa.schema([("line", pa.string()), ("read", pa.string())])
# The number of a line that is not proved, and its text; None is no UTF-8.
Left = tuple[int, str | None]


@dataclass(frozen=True)
class Part:
    """Proved rows of one form, in the order of their lines; `kept` are carried through."""

    numbers: Any
    rows: pa.Table
    ids: pa.ChunkedArray
    handles: pa.ChunkedArray
    kept: Sequence[pa.ChunkedArray] = ()


@dataclass(frozen=True)
class Found:
    """What is read from some lines: a part for rows without ranges and one for those with some.

    `left` are the lines that are not proved. `text` returns the text of a line by its number.
    """

    text: Callable[[int], str]
    parts: Sequence[Part | None] = ()
    left: Sequence[Left] = ()


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
        self.source = Source(_SCHEMA.empty_table())
        self.lines = f"lines_{name}"
        connection.register(self.lines, self.source)

    def empty(self) -> Found:
        """Return parts without rows, whose types are those of all parts."""
        nothing = SCHEMA.empty_table()
        parts = [self._part(proof, nothing, frozenset(), []) for proof in self.proofs]
        return Found(lambda _: "", parts)

    def read(self, lines: Lines) -> Found:
        """Read lines, and prove them."""
        left: list[Left] = []
        parts = [
            self._part(proof, table, lines.unreadable, left) if table.num_rows else None
            for proof, table in zip(self.proofs, lines.by_form(), strict=True)
        ]
        return Found(lines.text, parts, left)

    def _part(
        self, proof: Proof, lines: pa.Table, unreadable: frozenset[int], left: list[Left]
    ) -> Part:
        texts, quotes = _column(lines, "line"), lines["quotes"].to_numpy()
        numbers = lines["number"].to_numpy()
        read = texts
        if proof.ranges and len(texts):
            read, unmarked = mark_ranges(texts)
            quotes = quotes.copy()
            quotes[unmarked] = -1
        self.source.table = pa.Table.from_arrays([texts, read], schema=_SCHEMA)
        try:
            good, columns = self._proved(proof, read, quotes, strictly=True)
        except duckdb.InvalidInputException:
            # A line is broken. Each is tried by itself, which takes longer.
            good, columns = self._proved(proof, read, quotes, strictly=False)
        self.source.table = _SCHEMA.empty_table()
        rest = zip(numbers[~good].tolist(), texts.filter(pa.array(~good)).to_pylist(), strict=True)
        left += [(number, None if number in unreadable else text) for number, text in rest]
        rows, ids, handles, *kept = columns
        return Part(numbers[good], pa.table({RECORD: rows}), ids, handles, kept)

    def _proved(
        self, proof: Proof, read: pa.Array, quotes: Any, *, strictly: bool
    ) -> tuple[Any, list[pa.ChunkedArray]]:
        """Return which lines are proved; of those the rows, ids, handles and what is kept."""
        masks, found = [], []
        at = 0
        for batch in self._batches(proof, strictly=strictly):
            end = at + batch.num_rows
            record = batch.column(0)
            good, rows = proof.prove_lines(record, read.slice(at, end - at), quotes[at:end])
            masks.append(good)
            found.append(_filtered(good, [rows, *_named(record), *batch.columns[1:]]))
            at = end
        return np.concatenate(masks), [pa.chunked_array(each) for each in zip(*found, strict=True)]

    def _batches(self, proof: Proof, *, strictly: bool) -> Iterator[pa.RecordBatch]:
        kept = "".join(
            f", json_extract_string(line, {_path(name)}) AS {name_of(f'keep {name}')}"
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
    """What DuckDB reads as a table: whatever stands in `table` when a statement runs."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        batches = self.table.to_batches(_BATCH)
        stream = pa.RecordBatchReader.from_batches(self.table.schema, batches)
        return stream.__arrow_c_stream__(requested_schema)


def _column(table: pa.Table, name: str) -> pa.Array:
    chunks = table[name].chunks
    return chunks[0] if chunks else pa.array([], table[name].type)


def _named(record: pa.StructArray) -> list[pa.Array]:
    columns = dict(zip((each.name for each in record.type), record.flatten(), strict=True))
    return [columns["id"], columns["handle"]]


def _filtered(good: Any, columns: list[pa.Array]) -> list[pa.Array]:
    if good.all():
        return columns
    mask = pa.array(good)
    return [column.filter(mask) for column in columns]


def _path(name: str) -> str:
    return text_of(f"$.{json.dumps(name)}")
