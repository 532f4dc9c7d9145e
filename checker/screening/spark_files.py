"""`checker screen --engine spark`: files that the workers read, and one table in the end.

Spark's rows go to files beside the table, which the workers write and this machine reads: both
must see that folder, and the influencers' files, under the same paths. From there on everything
is as without Spark: numbers of lines, duplicates, the summary, and files that are whole or not
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from checker.bulk.lines import Refused
from checker.bulk.quote import name_of, text_of
from checker.bulk.screener import VERDICTS
from checker.bulk.session import session
from checker.bulk.sources import Source
from checker.bulk.spark import BLANK, LEFT_OUT, UNCLEAR, Job, judged, record_text
from checker.bulk.stage import Folder
from checker.checking import LoadRules
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.screening import Screening
from checker.screening.briefs import OneBrief
from checker.screening.carried import Carried
from checker.screening.options import Options
from checker.screening.results import Results
from checker.screening.spark import make_job, refuse_unknown
from checker.screening.spark_unpacked import PACKED, unpacked

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Where a row stands: its file, the piece of it that a task read, its place in what is read, and
# its line where that does not follow.
_PLACE = ("at_file", "at_block", "at_row", "at_line")
_STATUSES = ("pass", "fail", "unknown", "skipped")
# Where what Spark raises comes from.
_THEIRS = ("pyspark", "py4j", "grpc")
# Rows that are read back together.
_BATCH = 50_000
# What a name of a file may hold that Spark would take for a pattern.
_PATTERN = re.compile(r"([\\*?\[\]{}])")


def screen_files(
    spark: SparkSession,
    briefs: Sequence[OneBrief],
    carried: Carried,
    sources: Sequence[Source],
    *,
    load_rules: LoadRules,
    options: Options,
    table: Path | None = None,
    format_: str = "parquet",
    invalid: Path | None = None,
) -> Screening:
    """Screen files by briefs on Spark; the result is that of one machine. Raises CheckerError."""
    refuse(sources, options)
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(table or invalid))
        jobs = [
            make_job(briefs, carried, options, load_rules=load_rules, by_column=kind == "ndjson")
            for kind in ("ndjson", "parquet")
        ]
        sources = unpacked(sources, folder / "unpacked")
        with _spark_failures():
            _lines(spark, sources, jobs[0], folder)
            _columns(spark, sources, jobs[1], folder, briefs[0], options)
            _listed(spark, sources, jobs[1], folder)
        opened = session(folder=folder, memory=options.memory, threads=options.threads)
        connection = stack.enter_context(opened)
        rows = _Rows(connection, folder, sources, jobs[0])
        parts = [(brief, rows.schema(place)) for place, brief in enumerate(briefs)]
        results = Results(parts, folder, options, stack)
        rows.give(results)
        return results.finish(connection, table, format_, invalid)


def refuse(sources: Sequence[Source], options: Options) -> None:
    """Refuse what Spark does not do as one machine does. Raises InputError."""
    wrong = [
        _wrong(source.shown, "Spark reads .ndjson and .json files, also packed, and .parquet")
        for source in sources
        if source.kind == "csv" or (source.kind == "parquet" and source.packed not in PACKED)
    ]
    if options.limit is not None:
        wrong.append(_wrong("--limit", "Spark does not read files from their start to their end"))
    if options.mapping:
        wrong.append(_wrong("--map", "Spark takes records, and no other people's columns"))
    if wrong:
        raise InputError(wrong)


def _wrong(name: str, message: str) -> Diagnostic:
    hint = "Leave out --engine spark, or write .ndjson first: checker import."
    return Diagnostic("not-on-spark", message, Position(name), hint=hint)


def _lines(spark: SparkSession, sources: Sequence[Source], job: Job, folder: Path) -> None:
    paths = [_for_spark(source) for source in sources if source.kind == "ndjson"]
    if paths:
        frame = spark.read.text(paths, lineSep="\n").selectExpr(
            "value", *_places("monotonically_increasing_id()")
        )
        _write(judged(frame, "value", job, _PLACE), folder, "lines")


def _columns(
    spark: SparkSession,
    sources: Sequence[Source],
    job: Job,
    folder: Path,
    brief: OneBrief,
    options: Options,
) -> None:
    paths = [_for_spark(source) for source in sources if source.kind == "parquet"]
    if paths:
        # A column that only the second file has is no less a column.
        read = spark.read.option("mergeSchema", "true").parquet(*paths)
        shown = Position(", ".join(source.shown for source in sources if source.kind == "parquet"))
        refuse_unknown(read.columns, brief, options.keep, shown)
        text = record_text(read.columns)
        frame = read.selectExpr(f"{text} AS value", *_places("_metadata.row_index"))
        _write(judged(frame, "value", job, _PLACE), folder, "columns")


def _listed(spark: SparkSession, sources: Sequence[Source], job: Job, folder: Path) -> None:
    paths = [_for_spark(source) for source in sources if source.kind == "json"]
    if paths:
        places = _places("_metadata.row_index", "number")
        frame = spark.read.parquet(*paths).selectExpr("value", *places)
        _write(judged(frame, "value", job, _PLACE), folder, "listed")


def _places(row: str, line: str = "CAST(NULL AS BIGINT)") -> list[str]:
    made = ("_metadata.file_path", "_metadata.file_block_start", row, line)
    return [f"{sql} AS {name}" for sql, name in zip(made, _PLACE, strict=True)]


def _for_spark(source: Source) -> str:
    return "file://" + _PATTERN.sub(r"\\\1", source.path.resolve().as_posix())


def _write(frame: DataFrame, folder: Path, name: str) -> None:
    target = folder / "spark"
    target.mkdir(exist_ok=True)
    frame.write.parquet(f"file://{(target / name).as_posix()}", compression="zstd")


@contextmanager
def _spark_failures() -> Iterator[None]:
    """Say in words that Spark did not finish."""
    try:
        yield
    except Exception as error:
        gone = isinstance(error, ConnectionError) or type(error).__name__ == "Py4JNetworkError"
        if not gone and type(error).__module__.partition(".")[0] not in _THEIRS:
            raise
        said = next((line.strip() for line in _words(error) if line.strip()), "")
        hint = "Workers need this version of checker, and the files under the same paths."
        if gone:
            said = "the Java in which it runs here has ended"
            hint = "Perhaps it had too little memory: spark.driver.memory says how much it may use."
        message = f"Spark did not finish, and nothing was written: {said}"
        raise InputError(
            [Diagnostic("spark-failed", message, Position("Spark"), hint=hint)]
        ) from None


def _words(error: Exception) -> list[str]:
    """Return what failed: the last cause that Spark names, else its own words."""
    lines = str(error).splitlines()
    causes = [line.partition(":")[2] for line in lines if line.startswith("Caused by:")]
    return [*reversed(causes), *lines]


@dataclass(frozen=True)
class _Block:
    """A piece of a file that one task read: where it stands, and what turns places into lines."""

    file: str
    start: int
    shown: str
    shift: int


class _Rows:
    """What the workers wrote, in the order of the files and with the numbers of their lines."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        sources: Sequence[Source],
        job: Job,
    ) -> None:
        self.connection = connection
        self.sources = sources
        self.job = job
        self.found = f"read_parquet({text_of(f'{folder}/spark/*/*.parquet')})"

    def schema(self, place: int) -> pa.Schema:
        """Return the type of a brief's rows."""
        return self._query(place, _Block("", 0, "", 0), "false").schema

    def give(self, results: Results) -> None:
        """Give all rows to what writes them."""
        self._count(results)
        for block in self._blocks():
            for place in range(len(self.job.briefs)):
                for batch in self._query(place, block, "true"):
                    results.stages[place].add(pa.Table.from_batches([batch]), block.shown)
            results.refusals.add(self._refused(block), block.shown)

    def _count(self, results: Results) -> None:
        counted = self.connection.execute(
            "SELECT brief, verdict, count(*), count(*) FILTER (by_hand) "
            f"FROM {self.found} GROUP BY ALL"
        ).fetchall()
        for name, verdict, count, by_hand in counted:
            place = int(name)
            tally = results.tallies[place]
            tally.by_hand += by_hand
            tally.invalid += count if verdict == "invalid" else 0
            tally.left_out += count if verdict in (LEFT_OUT, UNCLEAR) else 0
            tally.unclear += count if verdict == UNCLEAR else 0
            results.lines += count if place == 0 and verdict != BLANK else 0

    def _blocks(self) -> Iterator[_Block]:
        """Yield the pieces of all files in order; a piece of lines goes on where one ended."""
        pieces = self.connection.execute(
            "SELECT at_file, at_block, min(at_row), count(*) "
            f"FROM {self.found} WHERE brief = '0' GROUP BY ALL ORDER BY at_block"
        ).fetchall()
        by_path: dict[Path, list[tuple[str, int, int, int]]] = {}
        for piece in pieces:
            by_path.setdefault(Path(unquote(urlsplit(piece[0]).path)), []).append(piece)
        for source in self.sources:
            lines = 0
            for file, start, first, count in by_path.get(source.path.resolve(), ()):
                shift = 1 if source.kind == "parquet" else 1 + lines - first
                yield _Block(file, start, source.shown, shift)
                lines += count

    def _query(self, place: int, block: _Block, wanted: str) -> pa.RecordBatchReader:
        rules = _enum(self.job.briefs[place].rules)
        reason = ", reason VARCHAR" if self.job.reasons else ""
        outcomes = (
            f"STRUCT(rule {rules}, status {_enum(_STATUSES)}, low DOUBLE, high DOUBLE, "
            f"needed DOUBLE{reason})[]"
        )
        kept = "".join(f", {name_of(f'keep {name}')}" for name in self.job.members)
        listed = ", ".join(text_of(verdict) for verdict in VERDICTS)
        return self.connection.sql(
            f"SELECT {_line(block)} AS number, id, handle, "
            f"verdict::{_enum(VERDICTS)} AS verdict, fit, decided_by::{rules} AS decided_by, "
            f'"open", reason, outcomes::{outcomes} AS outcomes{kept} FROM {self.found} '
            f"WHERE {wanted} AND brief = '{place:d}' AND verdict IN ({listed}) "
            f"AND {_in(block)} ORDER BY at_row"
        ).to_arrow_reader(_BATCH)

    def _refused(self, block: _Block) -> Iterator[Refused]:
        found = self.connection.execute(
            f"SELECT {_line(block)}, wrong, id FROM {self.found} "
            f"WHERE brief = '0' AND verdict = 'invalid' AND {_in(block)} ORDER BY at_row"
        ).fetchall()
        return (Refused(line, tuple(wrong), name or "") for line, wrong, name in found)


def _line(block: _Block) -> str:
    return f"coalesce(at_line, at_row + {block.shift:d})"


def _in(block: _Block) -> str:
    return f"at_block = {block.start:d} AND at_file = {text_of(block.file)}"


def _enum(values: Sequence[str]) -> str:
    return f"ENUM({', '.join(text_of(value) for value in dict.fromkeys(values))})"
