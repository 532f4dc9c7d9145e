"""Tables while they grow, beside where they go; they take their places when they are whole."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from checker.files import folder_beside
from checker.language.cells import defused
from checker.screening.reading.strict import Refused

FORMATS = {".parquet": "parquet", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}
# The version of the table's columns; it stands in the file's metadata where it has some.
TABLE_VERSION = "2"
# Rows that go to the file together.
_GROUP = 50_000


class Folder:
    """A hidden folder of this run, which goes when the run ends, however it ends."""

    def __init__(self, beside: Path | None) -> None:
        parent = folder_beside(beside) if beside else None
        self.path = Path(tempfile.mkdtemp(prefix=".screen-", dir=parent)).resolve()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Stage(Protocol):
    """The rows of one brief in a file that grows."""

    path: Path

    def add(self, table: pa.Table) -> None:
        """Add rows."""

    def close(self) -> None:
        """Write the end of the file."""


class Nowhere:
    """Takes rows that nobody asked for."""

    path = Path()

    def add(self, table: pa.Table) -> None:
        """Forget rows."""

    def close(self) -> None:
        """Do nothing."""


class ParquetStage:
    """Rows as Parquet."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        meta = {"checker.table": TABLE_VERSION}
        self._writer = parquet_writer(path, schema.with_metadata(meta))
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            whole = pa.concat_tables(self._waiting).unify_dictionaries()
            self._waiting, self._rows = [], 0
            self._writer.write_table(whole, row_group_size=_GROUP * 2)

    def close(self) -> None:
        """Write what is waiting, and the end of the file."""
        if self._writer.is_open:
            self._flush()
            self._writer.close()


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return what writes a Parquet file."""
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, write_statistics=False
    )


class NdjsonStage:
    """Rows as lines of JSON; an end of a range that is open is null."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self._file = path.open("wb")
        self._encoder = msgspec.json.Encoder()

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        names = table.column_names
        rows = zip(*map(_listed, table.columns), strict=True)
        lines = (self._encoder.encode(dict(zip(names, row, strict=True))) for row in rows)
        self._file.writelines(line + b"\n" for line in lines)

    def close(self) -> None:
        """Write the end of the file."""
        self._file.close()


class CsvStage:
    """Rows as CSV, with the outcomes as JSON; no spreadsheet runs a text of them."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8", newline="")
        self._encoder = msgspec.json.Encoder()
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(map(defused, schema.names))

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        columns = [
            [self._encoder.encode(each).decode() for each in _listed(column)]
            if pa.types.is_list(column.type)
            else [defused(each) if isinstance(each, str) else each for each in _listed(column)]
            for column in table.columns
        ]
        self._writer.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        """Write the end of the file."""
        self._file.close()


def _listed(column: pa.ChunkedArray) -> list[Any]:
    """Return a column as plain data."""
    if not pa.types.is_list(column.type):
        whole = column.combine_chunks()
        if isinstance(whole, pa.ChunkedArray):
            whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
        return _plain(whole)
    return [row for chunk in column.chunks for row in _outcomes(chunk)]


def _plain(array: pa.Array) -> list[Any]:
    if isinstance(array, pa.DictionaryArray):
        names = [*array.dictionary.to_pylist(), None]
        return [names[code] for code in array.indices.fill_null(len(names) - 1).to_pylist()]
    found: list[Any] = array.to_pylist()
    return found


def _outcomes(chunk: pa.ListArray) -> Iterator[list[dict[str, Any]]]:
    struct = chunk.flatten()
    names = [field.name for field in struct.type]
    rows = zip(*map(_plain, struct.flatten()), strict=True)
    made = [dict(zip(names, row, strict=True)) for row in rows]
    ends = (np.asarray(chunk.offsets) - chunk.offsets[0].as_py()).tolist()
    for start, end in pairwise(ends):
        yield made[start:end]


_STAGES: Mapping[str, Callable[[Path, pa.Schema], Stage]] = {
    "parquet": ParquetStage,
    "ndjson": NdjsonStage,
    "csv": CsvStage,
}


def stage_of(format_: str, path: Path, schema: pa.Schema) -> Stage:
    """Return a file of a format for the rows of a brief."""
    return _STAGES[format_](path, schema)


def joined(stages: Sequence[Stage], format_: str, folder: Path) -> Path:
    """Return the files of all briefs, closed, as one; the first one's rows come first."""
    first, *others = stages
    if not others:
        return first.path
    if format_ == "parquet":
        return _joined_parquet([stage.path for stage in stages], folder)
    with first.path.open("ab") as file:
        for stage in others:
            with stage.path.open("rb") as other:
                if format_ == "csv":
                    other.readline()
                shutil.copyfileobj(other, file)
            stage.path.unlink()
    return first.path


def _joined_parquet(paths: Sequence[Path], folder: Path) -> Path:
    made = folder / "whole.parquet"
    with parquet_writer(made, pq.read_schema(paths[0])) as writer:
        for path in paths:
            with pq.ParquetFile(path) as file:
                for index in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(index), row_group_size=_GROUP * 2)
            path.unlink()
    return made


class Refusals:
    """The file of lines that cannot be used: where, and why; not what stands in them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self.first: list[str] = []

    def add(self, refused: Iterable[Refused], file: str) -> None:
        """Add lines of a file."""
        for each in refused:
            row = {"file": file, "line": each.line, "id": each.id or None}
            row["reasons"] = list(each.reasons)
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            if len(self.first) < 3:
                self.first.append(f"{file}:{each.line}: {each.reasons[0]}")

    def close(self) -> None:
        """Write the end of the file."""
        self._file.close()
