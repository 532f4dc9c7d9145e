"""The table while it grows, beside where it goes; it takes its place when it is whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from checker.bulk.lines import Refused
from checker.bulk.quote import name_of, text_of
from checker.files import folder_beside
from checker.language.cells import HAZARD, defused
from checker.model.screening import Best

FORMATS = {".parquet": "parquet", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}
# Rows that go to the file together.
_GROUP = 50_000
_COPY = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1",
    "ndjson": "FORMAT json",
    "csv": "FORMAT csv, HEADER true",
}


class Folder:
    """A hidden folder of this run, which goes when the run ends, however it ends."""

    def __init__(self, beside: Path | None) -> None:
        parent = folder_beside(beside) if beside else None
        self.path = Path(tempfile.mkdtemp(prefix=".screen-", dir=parent)).resolve()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Stage:
    """The rows of one brief."""

    def __init__(self, path: Path, brief: str, schema: pa.Schema, keep: Sequence[str]) -> None:
        self.path = path
        self.brief = brief
        self.keep = keep
        self.schema = _schema(schema, keep)
        self._writer = _writer(path, self.schema)
        self._waiting: list[pa.Table] = []
        self.rows = 0

    def add(self, table: pa.Table, file: str) -> None:
        """Add rows of a file."""
        if not table.num_rows:
            return
        count = table.num_rows
        columns = [_same(self.brief, count), _same(file, count), table["number"]]
        columns += [table[name] for name in table.column_names if name != "number"]
        self._waiting.append(pa.Table.from_arrays(columns, schema=self.schema))
        self.rows += count
        if sum(each.num_rows for each in self._waiting) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            whole = pa.concat_tables(self._waiting).unify_dictionaries()
            self._waiting = []
            self._writer.write_table(whole, row_group_size=_GROUP * 2)

    def close(self) -> None:
        """Write what is waiting, and the end of the file."""
        if self._writer.is_open:
            self._flush()
            self._writer.close()

    def drop(self, places: Sequence[int]) -> None:
        """Write the closed file anew without the rows at some places, in the same order."""
        # A join of DuckDB would not keep the order.
        old, self.path = self.path, self.path.with_suffix(".once.parquet")
        gone = np.array(places, np.int64)
        start = 0
        with pq.ParquetFile(old) as file, _writer(self.path, file.schema_arrow) as writer:
            for index in range(file.num_row_groups):
                part = file.read_row_group(index)
                kept = np.ones(part.num_rows, np.bool_)
                kept[gone[(gone >= start) & (gone < start + part.num_rows)] - start] = False
                writer.write_table(part.filter(pa.array(kept)), row_group_size=_GROUP * 2)
                start += part.num_rows
        old.unlink()
        self.rows -= len(gone)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, write_statistics=False
    )


def _schema(schema: pa.Schema, keep: Sequence[str]) -> pa.Schema:
    text = pa.dictionary(pa.int32(), pa.string())
    kept = {f"keep {name}": name for name in keep}
    rest = [
        each.with_name(kept.get(each.name, each.name))
        for each in schema
        if each.name not in ("number", "done", "line", "wanted", "unclear")
    ]
    return pa.schema([("brief", text), ("file", text), ("line", pa.int64()), *rest])


def _same(text: str, count: int) -> pa.DictionaryArray:
    indices = pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(indices, pa.array([text], pa.string()))


class Refusals:
    """The file of lines that cannot be used: where, and why; not what stands in them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self.first: list[str] = []
        self.count = 0

    def add(self, refused: Iterable[Refused], file: str) -> None:
        """Add lines of a file."""
        for each in refused:
            row = {"file": file, "line": each.line, "id": each.id or None}
            row["reasons"] = list(each.reasons)
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.count += 1
            if len(self.first) < 3:
                self.first.append(f"{file}:{each.line}: {each.reasons[0]}")

    def close(self) -> None:
        """Write the end of the file."""
        self._file.close()


class Staged:
    """The whole tables, asked in SQL.

    A row is known by its place in its table: several may share a line of a file.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, stages: Sequence[Stage]) -> None:
        self.connection = connection
        self.stages = stages
        # How many rows of each table were there twice.
        self.dropped: list[int] = []
        connection.execute(
            "CREATE TEMP TABLE twice "
            "(stage INTEGER, place BIGINT, file VARCHAR, line BIGINT, id VARCHAR, seen VARCHAR)"
        )

    def drop_twice(self) -> list[tuple[str, Refused]]:
        """Take out the rows whose id an earlier row has, and return them: the first one counts."""
        for index, stage in enumerate(self.stages):
            rows = (
                "SELECT id, file, line, file_row_number AS place "
                f"FROM read_parquet({text_of(str(stage.path))}, file_row_number = true)"
            )
            self.connection.execute(
                f"INSERT INTO twice SELECT {index:d}, place, file, line, id, first FROM ("
                "SELECT place, file, line, id, row_number() OVER same AS nth, "
                "first_value(file || ':' || line) OVER same AS first "
                f"FROM ({rows}) WHERE id IN "
                f"(SELECT id FROM ({rows}) GROUP BY id HAVING count(*) > 1) "
                "WINDOW same AS (PARTITION BY id ORDER BY place)) WHERE nth > 1"
            )
            found = self.connection.execute(f"SELECT place FROM twice WHERE stage = {index:d}")
            places = [place for (place,) in found.fetchall()]
            self.dropped.append(len(places))
            if places:
                stage.drop(places)
        return [
            (
                file,
                Refused(
                    line, (f'the influencer "{id_}" is there twice; the first is at {at}',), id_
                ),
            )
            for file, line, id_, at in self._listed()
        ]

    def _listed(self) -> list[tuple[str, int, str, str]]:
        """Return each row that is there twice, once for all briefs, in the order of the files."""
        # The place of a row differs by brief, as conditions may; its turn in its line does not.
        return self.connection.execute(
            "SELECT file, line, id, arg_min(seen, stage) FROM (SELECT *, row_number() OVER "
            "(PARTITION BY stage, file, line, id ORDER BY place) AS turn FROM twice) "
            "GROUP BY file, line, id, turn ORDER BY min((stage, place))"
        ).fetchall()

    def _rows(self, index: int) -> str:
        return f"FROM read_parquet({text_of(str(self.stages[index].path))})"

    def lost(self, index: int) -> list[tuple[str, str | None, int, int]]:
        """Return, by verdict and deciding rule: how many rows, and how many by it alone."""
        return self.connection.execute(
            "SELECT verdict, decided_by, count(*), count(*) FILTER (open = 1) "
            f"{self._rows(index)} GROUP BY ALL ORDER BY 3 DESC, 2"
        ).fetchall()

    def best(self, index: int, count: int) -> list[Best]:
        """Return the best that pass, by fit, then by id."""
        found = self.connection.execute(
            f"SELECT id, handle, fit, file, line {self._rows(index)} WHERE verdict = 'pass' "
            f"ORDER BY fit DESC, id LIMIT {count:d}"
        ).fetchall()
        return [Best(*row) for row in found]

    def finish(self, target: Path, format_: str, folder: Path) -> Path:
        """Return the whole table as a file of a format, in the folder of the run."""
        only = self.stages[0]
        if format_ == "parquet" and len(self.stages) == 1:
            return only.path
        made = folder / f"whole{target.suffix}"
        columns = ", ".join(
            _as_cell(field) if format_ == "csv" else name_of(field.name) for field in only.schema
        )
        parts = " UNION ALL ".join(
            f"SELECT {columns} {self._rows(index)}" for index in range(len(self.stages))
        )
        self.connection.execute(f"COPY ({parts}) TO {text_of(str(made))} ({_COPY[format_]})")
        return made


def _as_cell(field: pa.Field) -> str:
    """Return a column for CSV: texts so that no spreadsheet runs them, outcomes as JSON."""
    name, type_ = name_of(field.name), field.type
    if field.name == "outcomes":
        return f"to_json({name})::VARCHAR AS {name}"
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if not pa.types.is_string(type_):
        return name
    unsafe = f"regexp_matches({name}::VARCHAR, {text_of(HAZARD)})"
    cell = f"CASE WHEN {unsafe} THEN concat(chr(39), {name}) ELSE {name}::VARCHAR END"
    return f"{cell} AS {name_of(defused(field.name))}"
