"""One made-up roster as NDJSON and as Parquet, for measuring; made by all cores.

    python -m tests.bench.rosters FOLDER 1000000

How it is distributed stands in `tests.bulk.roster`; seven of 100 fit the brief that they are
screened for (`tests.bench.fitting`). The Parquet file has the columns of
`tests.bench.typed` without ranges: a column of numbers holds none, so the middle of a range
stands there instead. All else is the same. Files that are there already are kept; the same
number of rows gives the same files on every machine.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import date
from multiprocessing import Pool
from pathlib import Path
from shutil import copyfileobj
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from checker.loading.schemas import record_types
from checker.model.types import (
    DateType,
    DistributionType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    Type,
)
from tests.bench import fitting
from tests.bench.typed import keys_of, members, sql_type
from tests.bulk import roster

# So many lines have a seed of their own, whichever process makes them.
_CHUNK = 25_000
_RECORD = record_types()["influencer"]

Chunk = tuple[Path, int, int]


def paths(folder: Path, rows: int) -> tuple[Path, Path]:
    """Return where the roster of so many rows stands: its NDJSON and its Parquet."""
    return folder / f"{rows}.ndjson", folder / f"{rows}.parquet"


def make(folder: Path, rows: int) -> None:
    """Make both files, unless they are there."""
    lines, table = paths(folder, rows)
    if lines.exists() and table.exists():
        return
    lines_part, table_part = (path.with_suffix(f"{path.suffix}.part") for path in (lines, table))
    schema = columns(_RECORD)
    with (
        Pool(len(os.sched_getaffinity(0))) as pool,
        lines_part.open("wb") as file,
        pq.ParquetWriter(table_part, schema, compression="zstd") as writer,
    ):
        for made in pool.imap(_make_chunk, _chunks(folder, rows)):
            texts, columns_made = paths(made, 0)
            with texts.open("rb") as part:
                copyfileobj(part, file)
            writer.write_table(pq.read_table(columns_made))
            texts.unlink()
            columns_made.unlink()
            made.rmdir()
    lines_part.rename(lines)
    table_part.rename(table)


def _chunks(folder: Path, rows: int) -> Iterator[Chunk]:
    for start in range(0, rows, _CHUNK):
        yield folder / f"from-{start}", start, min(_CHUNK, rows - start)


def _make_chunk(chunk: Chunk) -> Path:
    folder, start, count = chunk
    folder.mkdir(exist_ok=True)
    texts, table = paths(folder, 0)
    made = random.Random(start)
    records = [json.loads(line) for line in roster.lines(count, seed=start + 1, start=start)]
    for record in records:
        if made.random() < fitting.SHARE:
            fitting.fit(made, record)
    texts.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    rows = [without_ranges(each, _RECORD) for each in records]
    pq.write_table(pa.Table.from_pylist(rows, columns(_RECORD)), table)
    return folder


def columns(record: RecordType) -> pa.Schema:
    """Return the columns of a record as Arrow has them."""
    typed = {name: sql_type(type_, ranges=False) for name, type_ in members(record).items()}
    listed = ", ".join(f'NULL::{type_} AS "{name}"' for name, type_ in typed.items())
    with duckdb.connect() as connection:
        return connection.sql(f"SELECT {listed}").to_arrow_table().schema


def without_ranges(value: Any, type_: Type) -> Any:
    """Return a value as Arrow takes it: days, pairs where keys are open, the middle of a range."""
    match type_:
        case RecordType(fields=fields):
            return {name: without_ranges(each, fields[name].type) for name, each in value.items()}
        case ListType(item=item):
            return [without_ranges(each, item) for each in value]
        case DistributionType() if not keys_of(type_):
            return list(value.items())
        case DateType():
            return date.fromisoformat(value)
        case NumberType() | MoneyType() if isinstance(value, dict):
            middle = (value["min"] + value["max"]) / 2
            return round(middle, 4) if isinstance(value["min"], float) else middle // 1
    return value


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
