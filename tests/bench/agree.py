"""Whether two tables of one roster, screened from NDJSON and from Parquet, say the same.

    python -m tests.bench.agree ROSTERS TABLES 1000000

Every influencer has a row in both. Where the line holds no range, both read the same values, and
the rows are equal but for the file's name.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from tests.bench.bulk import KINDS, table_of
from tests.bench.typed import text_of


def problems(rosters: Path, tables: Path, rows: int) -> list[str]:
    """Return what is wrong, in words; nothing where all is well."""
    files = [rosters / f"{rows}.{kind}" for kind in KINDS]
    made = [f"read_parquet({text_of(str(table_of(tables, path)))})" for path in files]
    with duckdb.connect() as connection:
        found = [
            f"{path.name}: {count:,} rows and {ids:,} ids came out of {rows:,}"
            for path, table in zip(files, made, strict=True)
            for count in [_one(connection, f"SELECT count(*) FROM {table}")]
            for ids in [_one(connection, f"SELECT count(DISTINCT id) FROM {table}")]
            if (count, ids) != (rows, rows)
        ]
        exact = _lines_without_ranges(files[0])
        kept = [
            f"SELECT * EXCLUDE (file) FROM {table} SEMI JOIN {exact} USING (id)" for table in made
        ]
        compared = _one(connection, f"SELECT count(*) FROM ({kept[0]})")
        differ = _one(connection, f"SELECT count(*) FROM ({kept[0]} EXCEPT {kept[1]})")
    if not compared:
        found.append("no line without a range was compared")
    if differ:
        found.append(f"{differ:,} of {compared:,} influencers differ between NDJSON and Parquet")
    return found


def _lines_without_ranges(path: Path) -> str:
    return (
        f"(SELECT json->>'id' AS id FROM read_ndjson_objects({text_of(str(path))})"
        " WHERE NOT contains(json::VARCHAR, '\"min\"'))"
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])


if __name__ == "__main__":
    print("\n".join(problems(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
