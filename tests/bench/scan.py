"""What DuckDB alone takes to read a roster with the types of the schema.

    python -m tests.bench.scan ROSTER.ndjson

Every column is read and its values are counted; nothing is judged and nothing is written. Where
a file of JSON holds a number or a range, the column's type is JSON. The time is that of the query
alone, without the start of Python and the imports.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from checker.loading.schemas import record_types
from tests.bench.typed import members, name_of, sql_type, text_of


def query(path: Path) -> str:
    """Return the query that reads all of a file."""
    columns = members(record_types()["influencer"])
    counts = ", ".join(f"count({name_of(name)})" for name in columns)
    if path.suffix == ".parquet":
        return f"SELECT count(*), {counts} FROM read_parquet({text_of(str(path))})"
    types = ", ".join(
        f"{text_of(name)}: {text_of(sql_type(type_, ranges=True))}"
        for name, type_ in columns.items()
    )
    return (
        f"SELECT count(*), {counts} FROM read_json({text_of(str(path))},"
        f" format = 'newline_delimited', columns = {{{types}}})"
    )


def main() -> None:
    """Scan a file, and print its rows and the seconds."""
    asked = query(Path(sys.argv[1]))
    with duckdb.connect() as connection:
        start = time.perf_counter()
        counted = connection.execute(asked).fetchone()
        seconds = time.perf_counter() - start
    assert counted is not None
    print(json.dumps({"rows": counted[0], "counts": counted[1:], "seconds": seconds}))


if __name__ == "__main__":
    main()
