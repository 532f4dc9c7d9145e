"""The DuckDB of one run: shut in, with a limit to its memory, spilling to a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from checker.bulk.quote import text_of

DEFAULT_MEMORY = "1GB"
# The rules are one long projection: these look through all of it and find nothing to do.
_NOT_NEEDED = (
    "expression_rewriter,filter_pullup,empty_result_pullup,cte_filter_pusher,regex_range,"
    "deliminator,unnest_rewriter,statistics_propagation,common_subplan,materialized_cte,"
    "cte_inlining,compressed_materialization"
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
        f"SET disabled_optimizers = {text_of(_NOT_NEEDED)}",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        f"SET allowed_directories = [{text_of(str(folder) + os.sep)}]",
        *([f"SET allowed_paths = [{files}]"] if files else []),
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]
