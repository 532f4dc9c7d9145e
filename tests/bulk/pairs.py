"""Pairs of a rule and a record, judged by the evaluator and by DuckDB: what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from checker.bulk.compile import Kernel, compile_rules
from checker.bulk.layout import DoesNotFitError, Layout
from checker.bulk.outcomes import REASONS, Outcomes
from checker.bulk.quote import text_of
from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import Desk, PreparedRule
from checker.engine.verdicts import verdict_of
from checker.model.diagnostics import Position
from checker.model.records import Record
from checker.model.report import Outcome, Side

# Rows of one query: a plan is made once for them.
ROWS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """A pair on which the two do not agree."""

    rule: str
    record: Mapping[str, Any]
    what: str
    evaluator: Any
    duckdb: Any

    def __str__(self) -> str:
        return (
            f"{self.rule}: {self.what} is {self.duckdb!r} in DuckDB and {self.evaluator!r} in"
            f" the evaluator\n    {json.dumps(self.record, ensure_ascii=False)}"
        )


@dataclass(slots=True)
class Tally:
    """How many pairs were compared, and how many reasons were left to the evaluator."""

    pairs: int = 0
    rows: int = 0
    by_hand: int = 0
    unfit: int = 0


def influencer_rules(rules: Sequence[Any], desk: Desk) -> list[PreparedRule]:
    """Return the rules that are judged on each influencer."""
    made = [PreparedRule(typed, desk) for typed in rules if typed.rule.scope == "influencer"]
    return [each for each in made if not each.unknown_by_brief or each.never_applies]


def differences(
    prepared: Sequence[PreparedRule],
    brief: Record,
    brand: Record,
    people: Sequence[Mapping[str, Any]],
    tally: Tally,
    *,
    layouts: Sequence[bool] = (True, False),
) -> Iterator[Difference]:
    """Judge people by both; `layouts` says whether on columns with ranges, without, or on both."""
    for ranges in layouts:
        layout = layout_of(prepared, ranges=ranges)
        kernel = compile_rules(prepared, layout, reasons="all")
        rows = list(_fitting(layout, people, tally))
        for start in range(0, len(rows), ROWS):
            yield from _batch(
                kernel, layout, prepared, (brief, brand), rows[start : start + ROWS], tally
            )


def layout_of(prepared: Sequence[PreparedRule], *, ranges: bool) -> Layout:
    """Return the columns that rules are compiled for."""
    desk = prepared[0].desk
    words = desk.context.vocabularies
    return Layout(desk.rules.types["influencer"], ranges=ranges, vocabularies=words)


def _fitting(
    layout: Layout, people: Sequence[Mapping[str, Any]], tally: Tally
) -> Iterator[tuple[Mapping[str, Any], str]]:
    for person in people:
        try:
            yield person, json.dumps(layout.row(person))
        except DoesNotFitError:
            tally.unfit += 1


def run(kernel: Kernel, layout: Layout, rows: Sequence[str]) -> list[dict[str, Any]]:
    """Run a kernel on rows that `Layout.row` laid out; each with its list of outcomes."""
    if not rows:
        return []
    connection = duckdb.connect()
    connection.execute("CREATE TABLE lines (n INTEGER, line VARCHAR)")
    listed = ", ".join(f"({place}, {text_of(row)})" for place, row in enumerate(rows))
    connection.execute(f"INSERT INTO lines VALUES {listed}")
    source = f"(SELECT n, {layout.from_json('line')} AS influencer FROM lines)"
    query = f"SELECT * FROM ({kernel.select(source, ['n'])}) ORDER BY n"
    found = connection.sql(query).to_arrow_table()
    worded = REASONS in found.column_names
    outcomes = Outcomes(kernel.rules, len(rows), reasons=worded)
    every = np.arange(len(rows))
    outcomes.fill(found, every, every, kernel.fixed)
    names = ["n", *(name for name, _ in kernel.results)]
    whole = found.select(names).append_column("outcomes", outcomes.array())
    made: list[dict[str, Any]] = whole.to_pylist()
    return made


def _batch(
    kernel: Kernel,
    layout: Layout,
    prepared: Sequence[PreparedRule],
    records: tuple[Record, Record],
    rows: Sequence[tuple[Mapping[str, Any], str]],
    tally: Tally,
) -> Iterator[Difference]:
    brief, brand = records
    for (person, _), row in zip(rows, run(kernel, layout, [line for _, line in rows]), strict=True):
        record = Record("influencer", "x", person, lambda path: Position("x"))
        desk = prepared[0].desk
        bound = desk.binders.record(person, desk.rules.types["influencer"])
        values = {"influencer": bound, "deal": {"influencer": bound}}
        deal = Record("deal", "", {}, lambda path: Position("x"))
        behind = {"brief": brief, "brand": brand, "influencer": record, "deal": deal}
        case = Case(values, Records(behind))
        outcomes = [explained_outcome(each, each.status(values), case) for each in prepared]
        tally.rows += 1
        tally.pairs += len(outcomes)
        tally.by_hand += row["hand"]
        yield from _compare(outcomes, person, row)


def _compare(
    outcomes: Sequence[Outcome], person: Mapping[str, Any], row: Mapping[str, Any]
) -> Iterator[Difference]:
    for outcome, made in zip(outcomes, row["outcomes"], strict=True):
        wanted = _expected(outcome)
        for what, value in wanted.items():
            if what == "reason" and row["hand"]:
                continue
            if not _same(made[what], value):
                yield Difference(outcome.rule, person, what, value, made[what])
    verdict = verdict_of(outcomes)
    if row["verdict"] != verdict:
        yield Difference("all", person, "verdict", verdict, row["verdict"])
    deciding = _deciding(outcomes, verdict)
    if row["decided_by"] != (deciding.rule if deciding else None):
        yield Difference("all", person, "decided_by", deciding, row["decided_by"])
    if deciding and not row["hand"] and row["reason"] != deciding.reason:
        yield Difference("all", person, "reason", deciding.reason, row["reason"])


def _deciding(outcomes: Sequence[Outcome], verdict: str) -> Outcome | None:
    wanted = {"fail": "fail", "undecided": "unknown"}.get(verdict)
    found = (o for o in outcomes if o.severity == "error" and o.status == wanted)
    return next(found, None)


def _expected(outcome: Outcome) -> dict[str, Any]:
    low, high = _ends(outcome.has)
    needs = _ends(outcome.needs)
    if needs[0] != needs[1]:
        return {"status": outcome.status, "low": low, "high": high, "reason": outcome.reason}
    return {
        "status": outcome.status,
        "low": low,
        "high": high,
        "needed": needs[0],
        "reason": outcome.reason,
    }


def _ends(side: Side | None) -> tuple[float | None, float | None]:
    if side is None or isinstance(side.value, bool | str) or side.value is None:
        return None, None
    if isinstance(side.value, dict):
        return side.value.get("min", float("-inf")), side.value.get("max", float("inf"))
    return side.value, side.value


def _same(made: Any, wanted: Any) -> bool:
    if isinstance(made, float) and isinstance(wanted, float):
        return made == wanted or abs(made - wanted) <= 1e-12 * max(1.0, abs(made), abs(wanted))
    return bool(made == wanted)
