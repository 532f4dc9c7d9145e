"""Rules on a DataFrame of Spark: each partition runs the queries that one machine runs.

What a worker needs is made on the driver and travels with the task, as plain data: the SQL as
text, and what the evaluator needs for the rows that DuckDB leaves. Workers read no file of the
driver. Nothing of pyspark is imported: a frame of a classic session and one of Spark Connect
take the same expressions.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.bulk.quote import text_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from checker.bulk.proof import Proof
    from checker.bulk.screener import Evaluate, Query

# What becomes of rows that get no verdict: what is asked for leaves them out, or does not say
# whether it holds of them; or there is no text in them.
LEFT_OUT, UNCLEAR, BLANK = "left out", "unclear", "blank"
_OUTCOME = "rule: STRING, status: STRING, low: DOUBLE, high: DOUBLE, needed: DOUBLE"
_RESULT = (
    ("brief", "STRING"),
    ("id", "STRING"),
    ("handle", "STRING"),
    ("verdict", "STRING"),
    ("fit", "DOUBLE"),
    ("decided_by", "STRING"),
    ("open", "INT"),
    ("reason", "STRING"),
    ("outcomes", ""),
)
_WORK = (("wrong", "ARRAY<STRING>"), ("by_hand", "BOOLEAN"))
# The columns of a result, in order; the kept ones follow.
COLUMNS = ("brief", "file", "line", *(name for name, _ in _RESULT[1:]))


@dataclass(frozen=True)
class BriefRules:
    """The rules of one brief as SQL, and their ids in order.

    `queries` are for rows without and with ranges; `reading` is the place of the proofs by which
    the rows are read.
    """

    name: str
    queries: tuple[Query, Query]
    reading: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """What workers do, as plain data.

    Attributes:
        version: of this program; a worker with another one refuses.
        briefs: the rules of each brief.
        proofs: how lines are read and proved, without and with ranges.
        evaluators: makes what judges by hand, one for each brief; called when a row needs it.
        members: names of the lines' members that are carried through.
        where: whether the queries say who is wanted.
        reasons: whether every outcome carries its reason.
        memory: what DuckDB may use in one task before it spills to the worker's disk.
    """

    version: str
    briefs: tuple[BriefRules, ...]
    proofs: tuple[tuple[Proof, Proof], ...]
    evaluators: Callable[[], Sequence[Evaluate]]
    members: tuple[str, ...] = ()
    where: bool = False
    reasons: bool = False
    memory: str = "512MB"

    def packed(self) -> bytes:
        """Return the job as bytes: the queries are long, and much alike."""
        return zlib.compress(pickle.dumps(self), 6)


def judged(frame: DataFrame, text: str, job: Job, carried: Sequence[str] = ()) -> DataFrame:
    """Return what becomes of each row by each brief, with what only a run wants to know.

    Args:
        frame: any frame.
        text: an expression of SQL that gives each row's record as JSON.
        job: what to do.
        carried: columns of the frame that are carried through as they are.

    The verdict may also be `invalid` (`wrong` says why), LEFT_OUT, UNCLEAR or BLANK; `by_hand`
    rows were judged by the evaluator. Kept members and carried columns stand last.
    """
    picked = frame.selectExpr(f"{text} AS line", *map(ticked, carried))
    kinds = {field.name: field.dataType.simpleString() for field in picked.schema.fields}
    inside = _OUTCOME + (", reason: STRING" if job.reasons else "")
    columns = [(name, kind or f"ARRAY<STRUCT<{inside}>>") for name, kind in (*_RESULT, *_WORK)]
    columns += [(f"keep {name}", "STRING") for name in job.members]
    columns += [(name, kinds[name]) for name in carried]
    schema = ", ".join(f"{ticked(name)} {kind}" for name, kind in columns)
    return picked.mapInArrow(_function(job.packed()), schema)


def screened(
    frame: DataFrame,
    text: str,
    job: Job,
    *,
    keep: Sequence[str] = (),
    place: tuple[str, str] | None = None,
    unique: bool = True,
) -> DataFrame:
    """Return one row for each row of a frame and brief: the columns that screening files gives.

    Args:
        frame, text, job: as for `judged`.
        keep: columns of the frame that are carried through.
        place: the columns that say which file a row is from, and which line of it.
        unique: look for influencers that are there twice, which takes a shuffle. The first by
            `place` counts, and in one line the first that is read; without places none does, as
            nobody can say which.
    """
    places = {f"place {index}": name for index, name in enumerate(place or ())}
    kept = {f"kept {index}": name for index, name in enumerate(keep)}
    names = {**places, **kept}
    # The order in which rows are read, which tells those of one line apart.
    turn = [_free("turn", keep)] if unique and place else []
    renamed = frame.selectExpr(
        f"{text} AS text",
        *(f"{ticked(name)} AS {ticked(short)}" for short, name in names.items()),
        *(f"monotonically_increasing_id() AS {ticked(name)}" for name in turn),
    )
    found = judged(renamed, "text", job, [*names, *turn])
    file, line = (ticked(each) for each in places) if place else ("NULL", "NULL")
    found = found.selectExpr(
        "brief",
        f"CAST({file} AS STRING) AS file",
        f"CAST({line} AS BIGINT) AS line",
        *("id", "handle"),
        f"CASE verdict WHEN '{BLANK}' THEN 'invalid' ELSE verdict END AS verdict",
        *("fit", "decided_by", "open"),
        "CASE WHEN verdict = 'invalid' THEN concat_ws('; ', wrong)"
        f" WHEN verdict = '{BLANK}' THEN 'there is no record in this row'"
        " ELSE reason END AS reason",
        "outcomes",
        *(f"{ticked(f'keep {name}')} AS {ticked(name)}" for name in job.members),
        *(f"{ticked(short)} AS {ticked(name)}" for short, name in kept.items()),
        *map(ticked, turn),
    ).where(f"verdict NOT IN ('{LEFT_OUT}', '{UNCLEAR}')")
    return _each_once(found, *turn) if unique else found


def _free(name: str, taken: Iterable[str]) -> str:
    """Return a name for a column that no other has; Spark makes no difference of case."""
    others = {each.lower() for each in (*COLUMNS, *taken)}
    while name in others:
        name += "_"
    return name


def _each_once(found: DataFrame, turn: str = "") -> DataFrame:
    """Return rows in which an influencer that is there twice is invalid.

    `turn` is the column of the order in which rows are read; it goes. Without it no row is first.
    """
    names = [name for name in found.columns if name != turn]
    # Rows that are invalid anyway are nobody's double.
    same = "PARTITION BY brief, id, verdict = 'invalid'"
    if turn:
        same += f" ORDER BY file, line, {ticked(turn)}"
        twice = f"row_number() OVER ({same}) > 1"
        first = f"first_value(concat(file, ':', line)) OVER ({same})"
        ending = f"'\" is there twice; the first is at ', {first}"
    else:
        twice = f"count(1) OVER ({same}) > 1"
        ending = "'\" is there more than once, and nothing says which record counts'"
    reason = f"concat('the influencer \"', id, {ending})"
    marked = found.selectExpr(
        "*", f"verdict <> 'invalid' AND {twice} AS _twice", f"{reason} AS _words"
    )
    void = {"fit": "DOUBLE", "decided_by": "STRING", "open": "INT", "outcomes": ""}
    columns = []
    for name in names:
        if name == "verdict":
            columns.append("CASE WHEN _twice THEN 'invalid' ELSE verdict END AS verdict")
        elif name == "reason":
            columns.append("CASE WHEN _twice THEN _words ELSE reason END AS reason")
        elif name in void:
            columns.append(f"CASE WHEN NOT _twice THEN {name} END AS {name}")
        else:
            columns.append(ticked(name))
    return marked.selectExpr(*columns)


def record_text(names: Iterable[str]) -> str:
    """Return an expression that writes columns as one JSON record; NULL is missing."""
    columns = ", ".join(f"{text_of(name)}, {ticked(name)}" for name in names)
    return f"to_json(named_struct({columns}), map('ignoreNullFields', 'true'))"


def ticked(name: str) -> str:
    """Return a name of a column for Spark, quoted."""
    return "`" + name.replace("`", "``") + "`"


def _function(packed: bytes) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def screen(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from checker.bulk.partition import rows_of

        yield from rows_of(packed, batches)

    return screen
