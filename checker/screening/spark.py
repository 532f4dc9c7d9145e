"""The driver's side of a screening on Spark: what is compiled once, and travels to the workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from checker import __version__
from checker.bulk.screener import Evaluate
from checker.bulk.spark import COLUMNS, BriefRules, Job, record_text, screened, ticked
from checker.checking import LoadRules
from checker.language.suggest import did_you_mean
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.screening.briefs import OneBrief
from checker.screening.carried import Carried, load_carried, unpacked
from checker.screening.options import Options
from checker.screening.work import compile_briefs, reader_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Fitted = tuple[tuple[str, ...], ...]
_DATAFRAME = Position("the DataFrame")


def screen_frame(
    frame: DataFrame,
    paths: Sequence[Path],
    *,
    load_rules: LoadRules,
    as_of: date,
    options: Options,
    json: str = "",
    place: tuple[str, str] | None = None,
    unique: bool = True,
) -> DataFrame:
    """Screen the influencers of a DataFrame by briefs; see `checker.api.screen_frame`.

    Raises CheckerError where the rules or the frame's columns cannot be used.
    """
    briefs, carried = load_carried(paths, load_rules=load_rules, as_of=as_of)
    text = _text(frame, briefs[0], options.keep, json, place)
    # What is kept are columns of the frame, and no members of a record.
    inside = Options(where=options.where, reasons=options.reasons, memory=options.memory)
    names = [brief.campaign.brief.id for brief in briefs]
    job = make_job(briefs, carried, inside, load_rules=load_rules, by_column=False, names=names)
    return screened(frame, text, job, keep=options.keep, place=place, unique=unique)


def make_job(
    briefs: Sequence[OneBrief],
    carried: Carried,
    options: Options,
    *,
    load_rules: LoadRules,
    by_column: bool,
    names: Sequence[str] = (),
) -> Job:
    """Compile briefs into what workers need.

    Args:
        briefs, carried: of `load_carried`.
        options: what is asked for.
        load_rules: loads the rules of a project; workers call it again.
        by_column: the texts are lines of a file, and what is wrong is said with its column.
        names: of the briefs in the result; without any they are numbered from 0.
    """
    ready, proofs = compile_briefs(briefs, options)
    fitted = tuple(each.fitted for each in ready)
    return Job(
        version=__version__,
        briefs=tuple(
            BriefRules(
                names[place] if names else str(place), each.queries, each.reading, each.rules
            )
            for place, each in enumerate(ready)
        ),
        proofs=tuple(proofs),
        evaluators=partial(_evaluators, carried, options, fitted, load_rules, by_column),
        members=options.keep,
        where=bool(options.where),
        reasons=options.reasons == "all",
        memory=options.memory,
    )


def _evaluators(
    carried: Carried, options: Options, fitted: Fitted, load_rules: LoadRules, by_column: bool
) -> Sequence[Evaluate]:
    """Make, on a worker, what judges the rows that DuckDB leaves."""
    briefs = unpacked(carried, load_rules=load_rules)
    readers = [reader_of(brief, options, each) for brief, each in zip(briefs, fitted, strict=True)]
    for reader in readers:
        reader.by_column = by_column
    return readers


def _text(
    frame: DataFrame,
    brief: OneBrief,
    keep: Sequence[str],
    json: str,
    place: tuple[str, str] | None,
) -> str:
    """Return the expression that gives a row's record as JSON. Raises InputError."""
    names = list(frame.columns)
    asked = [*([json] if json else []), *(place or ()), *keep]
    wrong = [_missing(name, names) for name in asked if name not in names]
    wrong += [_taken(name) for name in keep if name in COLUMNS]
    if wrong:
        raise InputError(wrong)
    if json:
        return ticked(json)
    fields = [name for name in names if name not in asked]
    refuse_unknown(fields, brief, (), _DATAFRAME)
    return record_text(fields)


def refuse_unknown(
    names: Sequence[str], brief: OneBrief, keep: Sequence[str], position: Position
) -> None:
    """Refuse columns that are no fields of an influencer and are not kept. Raises InputError."""
    known = [*brief.rules.types["influencer"].fields, "extra", "$schema"]
    wrong = [_unknown(name, known, position) for name in names if name not in (*known, *keep)]
    if wrong:
        raise InputError(wrong)


def _missing(name: str, names: Sequence[str]) -> Diagnostic:
    message = f'there is no column "{name}"'
    hint = _capital(did_you_mean(name, names))
    return Diagnostic("unknown-column", message, _DATAFRAME, hint=hint)


def _taken(name: str) -> Diagnostic:
    message = f'"{name}" is a column of the result; it cannot be kept under this name'
    hint = "Give it another one first: frame.withColumnRenamed(...)."
    return Diagnostic("column-taken", message, _DATAFRAME, hint=hint)


def _unknown(name: str, known: Sequence[str], position: Position) -> Diagnostic:
    hint = _capital(did_you_mean(name, known)) or "Rename it, drop it, or keep it as it is: keep."
    message = f'"{name}" is no field of an influencer'
    return Diagnostic("unknown-column", message, position, hint=hint)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
