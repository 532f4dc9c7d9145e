"""Rules on a DataFrame of Spark: each batch of rows is judged by what judges files.

What a worker needs travels with the task: the bytes of the briefs and of their configuration, from
which the rules are loaded once in each process. Workers read no file of the driver. Nothing of
pyspark is imported: a frame of a classic session and one of Spark Connect take the same
expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from checker import __version__
from checker.language.suggest import did_you_mean
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.screening.briefs import OneBrief
from checker.screening.carried import Carried, load_carried, unpacked
from checker.screening.judging.block import BlockJudge
from checker.screening.options import Options
from checker.screening.reading.blocks import Block
from checker.screening.reading.pieces import Batch, Lines
from checker.screening.reading.reader import Reader

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_OUTCOME = "rule: STRING, status: STRING, low: DOUBLE, high: DOUBLE, needed: DOUBLE"
# The columns of a result, in order; the kept ones follow.
COLUMNS = {
    "brief": "STRING",
    "file": "STRING",
    "line": "BIGINT",
    "id": "STRING",
    "handle": "STRING",
    "verdict": "STRING",
    "fit": "DOUBLE",
    "decided_by": "STRING",
    "open": "INT",
    "reason": "STRING",
    "outcomes": f"ARRAY<STRUCT<{_OUTCOME}>>",
}
_FRAME = Position("the DataFrame")
_BLANK = "there is no record in this row"


@dataclass(frozen=True, eq=False)
class Job:
    """What workers do: by which briefs rows are judged, and what is asked for.

    `texts`: the first column holds each record as JSON; else the columns up to `fields` are its
    fields. What follows is carried through.
    """

    version: str
    carried: Carried
    options: Options
    texts: bool
    fields: int


def judged_frame(
    frame: DataFrame,
    paths: Sequence[Path],
    *,
    as_of: date,
    options: Options,
    json: str = "",
    place: tuple[str, str] | None = None,
    unique: bool = True,
) -> tuple[DataFrame, Sequence[OneBrief]]:
    """Judge the influencers of a DataFrame by briefs; see `checker.api.screen_frame`.

    Returns:
        The rows of the result, and the briefs.

    Raises CheckerError where the rules or the frame's columns cannot be used.
    """
    briefs, carried = load_carried(paths, as_of=as_of)
    for brief in briefs:
        brief.condition(options.where)
    fields = _fields(frame, briefs[0], options.keep, json, place)
    job = Job(__version__, carried, options, bool(json), len(fields))
    # The order in which rows are read tells those of one line apart.
    turn = ["monotonically_increasing_id()"] if unique and place else []
    # A text may hold bytes that are none; they are refused where it is read.
    record = [f"CAST({ticked(json)} AS BINARY)"] if json else map(ticked, fields)
    picked = frame.selectExpr(
        *record,
        *(f"{ticked(name)} AS `place {at}`" for at, name in enumerate(place or ())),
        *(f"{ticked(name)} AS `kept {at}`" for at, name in enumerate(options.keep)),
        *(f"{expression} AS turn" for expression in turn),
    )
    extra = picked.schema.fields[len(fields) :]
    inside = _OUTCOME + (", reason: STRING" if options.reasons == "all" else "")
    own = {**COLUMNS, "outcomes": f"ARRAY<STRUCT<{inside}>>"}
    made = [f"{name} {kind}" for name, kind in own.items() if name not in ("file", "line")]
    made += [f"{ticked(each.name)} {each.dataType.simpleString()}" for each in extra]
    found = picked.mapInArrow(_function(job), ", ".join(made))
    names = ("`place 0`", "`place 1`") if place else ("NULL", "NULL")
    found = found.selectExpr(
        "brief",
        f"CAST({names[0]} AS STRING) AS file",
        f"CAST({names[1]} AS BIGINT) AS line",
        *(name for name in COLUMNS if name not in ("brief", "file", "line")),
        *(f"`kept {at}` AS {ticked(name)}" for at, name in enumerate(options.keep)),
        *(["turn AS `the turn`"] if turn else []),
    )
    return (_each_once(found, "the turn" if turn else "") if unique else found), briefs


def _function(job: Job) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def screen(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from checker.screening.frames import judged

        return judged(job, batches)

    return screen


# The worker's side


def judged(job: Job, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the rows of the result for batches of a frame.

    Raises RuntimeError where the worker has another version of this program.
    """
    if job.version != __version__:
        raise RuntimeError(f"the worker has checker {__version__}, the driver {job.version}")
    reader, judges = _ready(_Same(job))
    for batch in batches:
        if batch.num_rows:
            block, invalid = _block(job, reader, batch)
            carried = batch.select(range(job.fields, batch.num_columns))
            for name, judge in judges:
                yield from _rows(name, judge, carried, block, invalid)


class _Same:
    """A job as a key: each task brings a copy, and all of one run are alike."""

    def __init__(self, job: Job) -> None:
        self.job = job
        carried, asked = job.carried, job.options
        texts = [repr(carried.briefs), str(carried.as_of), asked.where, asked.reasons]
        files = [(name, raw) for each in carried.folders for name, raw in sorted(each.items())]
        self.key = (*texts, *files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=4)
def _ready(same: _Same) -> tuple[Reader, list[tuple[str, BlockJudge]]]:
    job = same.job
    briefs = unpacked(job.carried)
    judges = [(brief.campaign.brief.id, judge_of(brief, job.options)) for brief in briefs]
    return Reader(briefs[0].project.schemas), judges


def judge_of(brief: OneBrief, options: Options) -> BlockJudge:
    """Return what judges blocks by a brief."""
    condition = brief.condition(options.where)
    return BlockJudge(
        brief.prepared,
        brief.campaign.brief,
        brief.campaign.brand,
        waivers=brief.waivers,
        where=condition[0] if condition else None,
        reasons=options.reasons,
    )


def _block(job: Job, reader: Reader, batch: pa.RecordBatch) -> tuple[Block, dict[int, str]]:
    """Read the records of a batch; say of each row that has none that can be used, why."""
    count = batch.num_rows
    invalid: dict[int, str] = {}
    if job.texts:
        texts = batch.column(0).to_pylist()
        lines = [text or b"" for text in texts]
        block = reader.read(Lines(lines, np.arange(count)), str(_FRAME.file))
        blank = [place for place, line in enumerate(lines) if not line.strip()]
        invalid = dict.fromkeys(blank, _BLANK)
    else:
        block = reader.read(Batch(batch.select(range(job.fields)), 0), str(_FRAME.file))
    invalid |= {each.line: "; ".join(each.reasons) for each in block.refused}
    return block, invalid


def _rows(
    name: str, judge: BlockJudge, carried: pa.RecordBatch, block: Block, invalid: dict[int, str]
) -> Iterator[pa.RecordBatch]:
    screened = judge.screen(block)
    table = screened.table.drop_columns(["line"])
    named = pa.array([name] * table.num_rows, pa.string())
    yield from _with(table.add_column(0, "brief", named), carried, block.numbers[screened.rows])
    if invalid:
        count = len(invalid)
        columns: dict[str, Any] = {each.name: pa.nulls(count, each.type) for each in table.schema}
        columns["verdict"] = pa.array(["invalid"] * count)
        columns["reason"] = pa.array(list(invalid.values()), pa.string())
        void = pa.table({"brief": pa.array([name] * count), **columns})
        yield from _with(void, carried, np.array(list(invalid)))


def _with(table: pa.Table, carried: pa.RecordBatch, rows: Any) -> Iterator[pa.RecordBatch]:
    """Give rows of the result with what is carried through, of Spark's types."""
    taken = carried.take(pa.array(rows, pa.int64()))
    for name, column in zip(carried.schema.names, taken.columns, strict=True):
        table = table.append_column(name, column)
    plain = pa.schema([(each.name, _plain(each.type)) for each in table.schema])
    yield from table.cast(plain).combine_chunks().to_batches()


def _plain(type_: pa.DataType) -> pa.DataType:
    """Return a type without dictionaries, which Spark does not take."""
    if pa.types.is_dictionary(type_):
        return type_.value_type
    if pa.types.is_list(type_):
        return pa.list_(_plain(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([(each.name, _plain(each.type)) for each in type_])
    return type_


# The driver's side: columns


def _fields(
    frame: DataFrame,
    brief: OneBrief,
    keep: Sequence[str],
    json: str,
    place: tuple[str, str] | None,
) -> list[str]:
    """Return the columns that hold the records. Raises InputError."""
    names = list(frame.columns)
    asked = [*([json] if json else []), *(place or ()), *keep]
    wrong = [_missing(name, names) for name in asked if name not in names]
    wrong += [_taken(name) for name in keep if name in COLUMNS]
    if wrong:
        raise InputError(wrong)
    if json:
        return [json]
    fields = [name for name in names if name not in asked]
    known = [*brief.rules.types["influencer"].fields, "extra", "$schema"]
    wrong = [_unknown(name, known) for name in fields if name not in known]
    if wrong:
        raise InputError(wrong)
    return fields


def _missing(name: str, names: Sequence[str]) -> Diagnostic:
    hint = _capital(did_you_mean(name, names))
    return Diagnostic("unknown-column", f'there is no column "{name}"', _FRAME, hint=hint)


def _taken(name: str) -> Diagnostic:
    message = f'"{name}" is a column of the result; it cannot be kept under this name'
    hint = "Give it another one first: frame.withColumnRenamed(...)."
    return Diagnostic("column-taken", message, _FRAME, hint=hint)


def _unknown(name: str, known: Sequence[str]) -> Diagnostic:
    hint = _capital(did_you_mean(name, known)) or "Rename it, drop it, or keep it as it is: keep."
    return Diagnostic("unknown-column", f'"{name}" is no field of an influencer', _FRAME, hint=hint)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _each_once(found: DataFrame, turn: str) -> DataFrame:
    """Return rows in which an influencer that is there twice is invalid.

    `turn` is the column of the order in which rows are read; it goes. Without it no row is first.
    """
    # Rows that are invalid anyway are nobody's double.
    same = "PARTITION BY brief, id, verdict = 'invalid'"
    if turn:
        same += f" ORDER BY file, line, {ticked(turn)}"
        twice = f"row_number() OVER ({same}) > 1"
        first = f"first_value(concat_ws(':', file, CAST(line AS STRING))) OVER ({same})"
        ending = f"'\" is there twice; the first is at ', {first}"
    else:
        twice = f"count(1) OVER ({same}) > 1"
        ending = "'\" is there more than once, and nothing says which record counts'"
    marked = found.selectExpr(
        "*",
        f"verdict <> 'invalid' AND {twice} AS `is twice`",
        f"concat('the influencer \"', id, {ending}) AS `the words`",
    )
    told = {"verdict": "'invalid'", "reason": "`the words`"}
    told |= dict.fromkeys(("fit", "decided_by", "open", "outcomes"), "NULL")
    return marked.selectExpr(
        *(
            f"CASE WHEN `is twice` THEN {told[name]} ELSE {name} END AS {name}"
            if name in told
            else ticked(name)
            for name in found.columns
            if name != turn
        )
    )


def ticked(name: str) -> str:
    """Return a name of a column for Spark, quoted."""
    return "`" + name.replace("`", "``") + "`"
