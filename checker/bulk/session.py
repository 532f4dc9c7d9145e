"""The DuckDB of one run: shut in, with a limit to its memory, spilling to a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from checker.bulk.quote import text_of

DEFAULT_MEMORY = "1GB"
# The rules are one long projection. What is made simpler here shortens it; all other optimizers
# look through all of it for each block of lines, and find nothing to do.
_OPTIMIZERS = frozenset(
    ("common_subexpressions", "unused_columns", "column_lifetime", "top_n", "filter_pushdown")
)


@contextmanager
def session(
    *, folder: Path, reads: Sequence[Path] = (), memory: str = DEFAULT_MEMORY, threads: int = 0
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB in memory that reaches no file but those in `folder` and `reads`.

    It spills into `folder`, loads no extension, and its settings cannot be changed any more.
    """
    connection = duckdb.connect(":memory:")
    try:
        found = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
        unused = ",".join(name for (name,) in found if name not in _OPTIMIZERS)
        connection.execute(f"SET disabled_optimizers = {text_of(unused)}")
        for setting in _settings(folder, reads, memory, threads or os.cpu_count() or 1):
            connection.execute(setting)
        yield connection
    finally:
        connection.close()


def _settings(folder: Path, reads: Sequence[Path], memory: str, threads: int) -> list[str]:
    files = ", ".join(text_of(str(path)) for path in reads)
    return [
        f"SET memory_limit = {text_of(memory)}",
        f"SET threads = {threads:d}",
        f"SET temp_directory = {text_of(str(folder))}",
        "SET preserve_insertion_order = true",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        f"SET allowed_directories = [{text_of(str(folder) + os.sep)}]",
        *([f"SET allowed_paths = [{files}]"] if files else []),
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]
