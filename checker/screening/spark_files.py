"""`checker screen --engine spark`: Spark reads the files and writes the table, each its own way.

Between the two stands what judges a DataFrame. The table is a folder of files, as Spark writes
one; in it, an influencer that cannot be used is a row like others, whose verdict is "invalid".
Workers must see the files and that folder under the same paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.engine.verdicts import verdict_of
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.screening import VERDICTS, Best, BriefScreened, Lost, Screening
from checker.screening.briefs import OneBrief
from checker.screening.frames import judged_frame
from checker.screening.options import Options
from checker.screening.reading.sources import Source
from checker.screening.running.stage import Folder

if TYPE_CHECKING:
    from datetime import date

    from pyspark.sql import DataFrame, SparkSession

# Where what Spark raises comes from.
_THEIRS = ("pyspark", "py4j", "grpc")
# What a name of a file may hold that Spark would take for a pattern.
_PATTERN = re.compile(r"([\\*?\[\]{}])")
_FORMATS = {"parquet": "parquet", "ndjson": "json"}


def refuse(
    sources: Sequence[Source], options: Options, table: Path | None, invalid: Path | None
) -> None:
    """Refuse what is not done on Spark, before anything starts. Raises InputError."""
    wrong = [
        _wrong(source.shown, "Spark reads .ndjson, also as .gz or .bz2, and .parquet")
        for source in sources
        if source.kind not in ("ndjson", "parquet") or source.packed == "zstd"
    ]
    frame = "api.screen_frame does, on a DataFrame"
    asked = {
        "--limit": (options.limit is not None, "does not read files from their start to their end"),
        "--map": (bool(options.mapping), "takes records, and no other people's columns"),
        "--where": (bool(options.where), f"does not choose among lines; {frame}"),
        "--keep": (bool(options.keep), f"carries no members of lines through; {frame}"),
        "--invalid": (invalid is not None, "writes those who cannot be used as rows of the table"),
    }
    wrong += [_wrong(name, f"Spark {why}") for name, (is_asked, why) in asked.items() if is_asked]
    if table and table.suffix.lower() == ".csv":
        wrong.append(_wrong(str(table), "Spark writes the table as .parquet or .ndjson"))
    if table and table.exists() and not (table / "_SUCCESS").exists():
        wrong.append(_wrong(str(table), "Spark writes a folder, and another thing stands there"))
    if wrong:
        raise InputError(wrong)


def _wrong(name: str, message: str) -> Diagnostic:
    hint = "Leave out --engine spark, or see docs/spark.md for what else there is."
    return Diagnostic("not-on-spark", message, Position(name), hint=hint)


def screen_files(
    spark: SparkSession,
    paths: Sequence[Path],
    sources: Sequence[Source],
    *,
    as_of: date,
    options: Options,
    table: Path | None = None,
    format_: str = "parquet",
) -> Screening:
    """Screen files by briefs on Spark. Raises CheckerError."""
    with ExitStack() as stack:
        stack.enter_context(_spark_failures())
        frames = []
        briefs: Sequence[OneBrief] = ()
        for kind in ("ndjson", "parquet"):
            frame = _read(spark, [each for each in sources if each.kind == kind], kind)
            if frame is not None:
                found, briefs = judged_frame(
                    frame,
                    paths,
                    as_of=as_of,
                    options=options,
                    json="the record" if kind == "ndjson" else "",
                    place=("the file", "the line"),
                )
                frames.append(found)
        whole = frames[0] if len(frames) == 1 else frames[0].unionByName(frames[1])
        if table:
            folder = stack.enter_context(Folder(table))
            made = folder / "table"
            whole.write.format(_FORMATS[format_]).save(str(made))
            whole = spark.read.schema(whole.schema).format(_FORMATS[format_]).load(str(made))
        else:
            whole = whole.persist()
        done = _summary(whole, briefs, options, table)
        if table:
            _put(made, table, folder)
        return done


def _read(spark: SparkSession, sources: Sequence[Source], kind: str) -> DataFrame | None:
    """Return the rows of files of one kind, each with the name of its file."""
    frames = []
    for source in sources:
        path = _PATTERN.sub(r"\\\1", str(source.path.resolve()))
        if kind == "ndjson":
            # A byte-order mark belongs to no record.
            read = spark.read.text(path, lineSep="\n").where("trim(value) NOT IN ('', '\ufeff')")
            record = "ltrim('\ufeff', value) AS `the record`"
        else:
            read, record = spark.read.parquet(path), "*"
        name = source.shown.replace("\\", "\\\\").replace("'", "\\'")
        place = (f"'{name}' AS `the file`", "CAST(NULL AS BIGINT) AS `the line`")
        frames.append(read.selectExpr(record, *place))
    if not frames:
        return None
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame, allowMissingColumns=True)
    return whole


def _put(made: Path, table: Path, folder: Path) -> None:
    """Put the folder that was written in its place; what stood there goes last."""
    if table.exists():
        table.rename(folder / "old")
    made.rename(table)


def _summary(
    rows: DataFrame, briefs: Sequence[OneBrief], options: Options, table: Path | None
) -> Screening:
    groups = rows.groupBy("brief", "verdict", "decided_by", (rows["open"] == 1).alias("alone"))
    counts = [each.asDict() for each in groups.count().collect()]
    first = rows.where("verdict = 'invalid' AND reason IS NOT NULL").limit(3).collect()
    found = tuple(_brief(each, counts, rows, options.best) for each in briefs)
    lines = sum(found[0].verdicts.values())
    return Screening(
        as_of=briefs[0].as_of.isoformat(),
        lines=lines,
        by_hand=0,
        briefs=found,
        first_invalid=tuple(f"{each['file']}: {each['reason']}" for each in first),
        table=str(table or ""),
    )


def _brief(
    brief: OneBrief, counts: Sequence[dict[str, Any]], rows: DataFrame, most: int
) -> BriefScreened:
    name = brief.campaign.brief.id
    mine = [each for each in counts if each["brief"] == name]
    verdicts = {
        verdict: sum(each["count"] for each in mine if each["verdict"] == verdict)
        for verdict in VERDICTS
    }
    best = rows.where((rows["brief"] == name) & (rows["verdict"] == "pass"))
    best = best.select("id", "handle", "fit", "file").orderBy(best["fit"].desc(), "id").limit(most)
    own = brief.own()
    return BriefScreened(
        brief=name,
        title=str(brief.campaign.brief.data.get("title", name)),
        verdict=verdict_of(own, needs_pass=False),
        own=own,
        verdicts=verdicts,
        lost=tuple(_lost(brief, mine)),
        best=tuple(
            Best(each["id"], each["handle"], each["fit"], each["file"], 0)
            for each in best.collect()
        ),
    )


def _lost(brief: OneBrief, counts: Sequence[dict[str, Any]]) -> list[Lost]:
    titles = {each.rule.id: each.rule.title for each in brief.prepared}
    found: dict[tuple[str, str], list[int]] = {}
    for each in counts:
        if each["decided_by"] is not None:
            both = found.setdefault((each["decided_by"], each["verdict"]), [0, 0])
            both[0] += each["count"]
            both[1] += each["count"] if each["alone"] else 0
    made = [Lost(rule, titles[rule], verdict, *both) for (rule, verdict), both in found.items()]
    return sorted(made, key=lambda each: (-each.first, each.rule))


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
