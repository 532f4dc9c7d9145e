"""A partition of Spark on a worker: batches of Arrow in, rows with verdicts out.

A worker's Python lives through many tasks. What is made for a job (the plan of its statements,
the rules of its evaluator) is kept for the next task of the same job.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import checker
from checker.bulk.lines import Lines, Refused, lines_in, lines_of
from checker.bulk.reading import Reading
from checker.bulk.screener import Evaluate, Judged, Screened, Screener
from checker.bulk.session import session
from checker.bulk.spark import BLANK, LEFT_OUT, UNCLEAR, Job

# Batches are joined up to so many rows: a statement has a cost of its own, whatever it is run on.
_ROWS = 32_768
_READY: dict[bytes, Worker] = {}


def rows_of(packed: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Judge batches: a text column `line`, and the columns that are carried through."""
    for table in _joined(batches):
        yield from _worker(packed).judge(table)


def _joined(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= _ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if sum(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)


def _worker(packed: bytes) -> Worker:
    digest = sha256(packed).digest()
    if digest not in _READY:
        for old in _READY.values():
            old.close()
        _READY.clear()
        job = pickle.loads(zlib.decompress(packed))
        # The folder is made only when DuckDB spills, which a batch rarely makes it do.
        name = f"checker-{digest.hex()[:12]}-{os.getpid()}"
        _READY[digest] = Worker(job, Path(tempfile.gettempdir()).resolve() / name)
    return _READY[digest]


class Worker:
    """A job made ready on a worker."""

    def __init__(self, job: Job, folder: Path) -> None:
        if job.version != checker.__version__:
            raise RuntimeError(
                f"this worker has checker {checker.__version__} and the driver {job.version}; "
                "install the same version on both"
            )
        self.job = job
        self.by_hand: set[int] = set()
        self._stack = ExitStack()
        connection = self._stack.enter_context(session(folder=folder, memory=job.memory, threads=1))
        self.readings = [
            Reading(connection, str(place), proofs, members=job.members)
            for place, proofs in enumerate(job.proofs)
        ]
        self.screeners = [
            Screener(
                connection,
                str(place),
                brief.queries,
                self.readings[brief.reading].empty(),
                self._evaluate(place),
                brief.rules,
                keep=job.members,
                where=job.where,
                reasons="all" if job.reasons else "deciding",
            )
            for place, brief in enumerate(job.briefs)
        ]

    def close(self) -> None:
        """Let the DuckDB of the job go."""
        self._stack.close()

    @cached_property
    def evaluators(self) -> Sequence[Evaluate]:
        """What judges by hand; most partitions never ask for it."""
        return self.job.evaluators()

    def _evaluate(self, place: int) -> Evaluate:
        def evaluate(number: int, text: str | None) -> Judged | Refused | None:
            found = self.evaluators[place](number, text)
            if isinstance(found, Judged):
                self.by_hand.add(number)
            return found

        return evaluate

    def judge(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        """Return the rows of a table, by each brief."""
        lines = _lines(table["line"].combine_chunks())
        carried = table.drop_columns(["line"])
        read = [reading.read(lines) for reading in self.readings]
        for brief, screener in zip(self.job.briefs, self.screeners, strict=True):
            self.by_hand.clear()
            screened = screener.screen(read[brief.reading], lines.refused)
            made = self._whole(brief.name, screened, table.num_rows)
            places = pc.subtract(made["number"], 1)
            kept = carried.take(places)
            columns = [*made.drop_columns(["number"]).columns, *kept.columns]
            names = [name for name in made.column_names if name != "number"] + kept.column_names
            yield from pa.Table.from_arrays(columns, names=names).combine_chunks().to_batches()

    def _whole(self, brief: str, screened: Screened, count: int) -> pa.Table:
        """Return a row for every line: those with a verdict, and what became of the others."""
        type_ = self._type()
        judged = screened.table
        parts = [
            pa.Table.from_arrays(
                [_column(judged, field, self.by_hand, brief) for field in type_], schema=type_
            )
        ]
        rest: list[dict[str, Any]] = [
            {"number": r.line, "id": r.id or None, "verdict": "invalid", "wrong": list(r.reasons)}
            for r in screened.refused
        ]
        if screened.left is not None:
            numbers, unclear = (column.to_pylist() for column in screened.left.columns)
            rest += [
                {"number": number, "verdict": UNCLEAR if open_ else LEFT_OUT}
                for number, open_ in zip(numbers, unclear, strict=True)
            ]
        if judged.num_rows + len(rest) < count:
            seen = {*judged["number"].to_pylist(), *(row["number"] for row in rest)}
            rest += [
                {"number": number, "verdict": BLANK}
                for number in range(1, count + 1)
                if number not in seen
            ]
        if rest:
            rows = [{"brief": brief, "by_hand": False, **row} for row in rest]
            parts.append(pa.Table.from_pylist(rows, schema=type_))
        whole = pa.concat_tables(parts)
        return whole.take(pc.sort_indices(whole["number"])) if rest else whole

    def _type(self) -> pa.Schema:
        outcome = [("rule", pa.string()), ("status", pa.string())]
        outcome += [(name, pa.float64()) for name in ("low", "high", "needed")]
        if self.job.reasons:
            outcome.append(("reason", pa.string()))
        return pa.schema(
            [
                *(("number", pa.int64()), ("brief", pa.string()), ("id", pa.string())),
                *(("handle", pa.string()), ("verdict", pa.string()), ("fit", pa.float64())),
                *(("decided_by", pa.string()), ("open", pa.int32()), ("reason", pa.string())),
                ("outcomes", pa.list_(pa.struct(outcome))),
                *(("wrong", pa.list_(pa.string())), ("by_hand", pa.bool_())),
                *((f"keep {name}", pa.string()) for name in self.job.members),
            ]
        )


def _column(table: pa.Table, field: pa.Field, by_hand: set[int], brief: str) -> Any:
    """Return a column of judged rows; DuckDB's ENUMs become texts, which is what Spark has."""
    if field.name == "brief":
        return pa.repeat(pa.scalar(brief, pa.string()), table.num_rows)
    if field.name == "wrong":
        return pa.nulls(table.num_rows, field.type)
    if field.name == "by_hand":
        return pc.is_in(table["number"], value_set=pa.array(sorted(by_hand), pa.int64()))
    return table[field.name].cast(field.type)


def _lines(column: pa.Array) -> Lines:
    """Return the rows of a text column as lines, numbered from 1; NULL is an empty one."""
    texts = pc.fill_null(column.cast(pa.binary()), b"")
    listed = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    block = pc.binary_join(listed, b"\n")[0].as_py() + b"\n"
    if block.count(b"\n") == len(texts):
        return lines_in(block, 1)
    return _long_lines(texts)


def _long_lines(texts: pa.Array) -> Lines:
    """Return rows as lines where a text has ends of lines within."""
    from dataclasses import replace

    read: Mapping[int, str | None] = dict(enumerate(map(_decoded, texts.to_pylist()), 1))
    lines = lines_of([text or "" for text in read.values()], read)
    unreadable = frozenset(number for number, text in read.items() if text is None)
    return replace(lines, unreadable=unreadable)


def _decoded(text: bytes) -> str | None:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return None
