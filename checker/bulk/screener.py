"""Lines and the rules of one brief: DuckDB decides what it can prove, the evaluator the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from checker.bulk.clean import Proof
from checker.bulk.compile import Kernel
from checker.bulk.lines import SCHEMA, Lines, Refused
from checker.bulk.quote import name_of, text_of

# What a row of the result holds, before the columns that the caller keeps.
VERDICTS = ("pass", "fail", "undecided")
_STATUSES = ("pass", "fail", "unknown", "skipped")


@dataclass(frozen=True)
class Judged:
    """One influencer as the evaluator judged it."""

    id: str
    handle: str
    verdict: str
    fit: float
    decided_by: str | None
    open: int
    reason: str | None
    outcomes: Sequence[dict[str, Any]]
    kept: Sequence[str | None] = ()
    wanted: bool | None = True


# Reads and judges one line, given its number and its text; None is a line that is not UTF-8.
Evaluate = Callable[[int, str | None], Judged | Refused | None]


@dataclass
class Screened:
    """What became of some lines: the rows of the table, and the lines that cannot be used."""

    table: pa.Table
    refused: list[Refused] = field(default_factory=list)
    # Lines that the condition of `--where` leaves out, and of these, on which it is unknown.
    left_out: int = 0
    unclear: int = 0
    by_hand: int = 0
    # Those lines by their number, and whether it is unknown of them.
    left: pa.Table | None = None


class Screener:
    """The statements of one brief, prepared once.

    Args:
        connection: where they run.
        name: a name that no other screener of the connection has.
        statements: of `statements`, for lines without and with ranges.
        evaluate: judges what DuckDB cannot prove or word.
        keep: names of the columns that are carried through.
        reasons: every outcome carries its reason.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        statements: tuple[str, str],
        evaluate: Evaluate,
        *,
        keep: Sequence[str] = (),
        where: bool = False,
        reasons: bool = False,
    ) -> None:
        self.connection = connection
        self.evaluate = evaluate
        self.keep = tuple(keep)
        self.where = where
        self.source = _Source()
        connection.register(f"lines_{name}", self.source)
        self.statements = []
        for form, sql in zip(("exact", "ranged"), statements, strict=True):
            statement = name_of(f"{form}_{name}")
            connection.execute(f"PREPARE {statement} AS {sql}")
            self.statements.append(statement)
        self.void = self._run(self.statements[0], SCHEMA.empty_table())
        self.schema = self.void.schema
        self.judged_type = _judged_type(reasons, self.keep)

    def screen(self, lines: Lines) -> Screened:
        """Judge lines, in their order; blank ones are passed over."""
        parts = []
        for statement, table in zip(self.statements, lines.by_form(), strict=True):
            if table.num_rows:
                parts.append(self._run(statement, table))
        found = parts[0] if len(parts) == 1 else pa.concat_tables([self.void, *parts])
        screened = self._by_hand(found, lines.unreadable)
        screened.refused.extend(lines.refused)
        if len(parts) > 1 or screened.by_hand:
            order = pc.sort_indices(screened.table["number"])
            screened.table = screened.table.take(order)
        return self._without(screened)

    def _run(self, statement: str, table: pa.Table) -> pa.Table:
        self.source.table = table
        try:
            return self.connection.sql(f"EXECUTE {statement}").to_arrow_table()
        finally:
            self.source.table = None

    def _by_hand(self, found: pa.Table, unreadable: frozenset[int]) -> Screened:
        done = found["done"]
        if pc.all(done).as_py() in (True, None):
            return Screened(found)
        open_ = found.filter(pc.invert(done)).select(["number", "line"])
        refused, rows = [], []
        for number, text in zip(*(column.to_pylist() for column in open_.columns), strict=True):
            judged = self.evaluate(number, None if number in unreadable else text)
            if isinstance(judged, Refused):
                refused.append(judged)
            elif judged is not None:
                rows.append(self._row(number, judged))
        kept = found.filter(done)
        made = self._table(rows)
        return Screened(pa.concat_tables([kept, made]), refused, by_hand=len(rows))

    def _row(self, number: int, judged: Judged) -> dict[str, Any]:
        row: dict[str, Any] = {"number": number, "done": True, "line": None}
        row |= {"wanted": judged.wanted is True, "unclear": judged.wanted is None}
        for name in ("id", "handle", "verdict", "fit", "decided_by", "open", "reason"):
            row[name] = getattr(judged, name)
        row["outcomes"] = [dict(each) for each in judged.outcomes]
        row |= {f"keep {k}": v for k, v in zip(self.keep, judged.kept, strict=True)}
        return row

    def _table(self, rows: list[dict[str, Any]]) -> pa.Table:
        """Return judged rows with the very types of DuckDB's result."""
        made = pa.Table.from_pylist(rows, schema=self.judged_type)
        columns = [
            made[field.name].combine_chunks().cast(field.type)
            if field.name != "outcomes"
            else _encoded(made[field.name].combine_chunks(), field.type)
            for field in self.schema
        ]
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _without(self, screened: Screened) -> Screened:
        table = screened.table
        if self.where:
            wanted = table["wanted"]
            screened.left_out = table.num_rows - (pc.sum(wanted).as_py() or 0)
            screened.unclear = pc.sum(table["unclear"]).as_py() or 0
            screened.left = table.filter(pc.invert(wanted)).select(["number", "unclear"])
            table = table.filter(wanted)
        screened.table = table.drop_columns(["done", "line", "wanted", "unclear"])
        return screened


def statements(
    name: str,
    forms: Sequence[tuple[Proof, Kernel]],
    *,
    keep: Sequence[str] = (),
    members: Sequence[str] | None = None,
    where: bool = False,
) -> tuple[str, str]:
    """Return the SQL of a screener of this name, for lines without and with ranges.

    Args:
        name: the name of the screener.
        forms: how lines without and with ranges are read, and their rules.
        keep: names of the columns that are carried through, from `members` of the line.
        where: the rules have a condition beside them.
    """
    exact, ranged = (
        _sql(proof, kernel, f"lines_{name}", keep, keep if members is None else members, where)
        for proof, kernel in forms
    )
    return exact, ranged


def _sql(
    proof: Proof,
    kernel: Kernel,
    source: str,
    keep: Sequence[str],
    members: Sequence[str],
    where: bool,
) -> str:
    kept = [name_of(f"keep {name}") for name in keep]
    read = "".join(
        f", CASE WHEN proved THEN json_extract_string(line, {_path(name)}) END AS {column}"
        for name, column in zip(members, kept, strict=True)
    )
    proved = proof.select(source, carry=("number", "line"))
    rows = (
        "SELECT number, line, proved, influencer.id AS id, influencer.handle AS handle, "
        f"influencer{read} FROM ({proved})"
    )
    carry = ["number", "line", "proved", "id", "handle", *(f"keep {k}" for k in keep)]
    wanted = (
        "coalesce(wanted, false) AS wanted, wanted IS NULL AS unclear"
        if where
        else ("true AS wanted, false AS unclear")
    )
    done = "coalesce(proved AND NOT hand, false)"
    columns = [
        *("number", f"{done} AS done", f"CASE WHEN NOT {done} THEN line END AS line", wanted),
        *("id", "handle", "verdict", "fit", "decided_by", "open", "reason", "outcomes", *kept),
    ]
    return f"SELECT {', '.join(columns)} FROM ({kernel.select(f'({rows})', carry)})"


def _path(name: str) -> str:
    return text_of(f"$.{json.dumps(name)}")


class _Source:
    """What DuckDB reads as a table: whatever stands in `table` when a statement runs."""

    def __init__(self) -> None:
        self.table: pa.Table | None = None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        table = self.table if self.table is not None else SCHEMA.empty_table()
        return Lines(table, 0).stream().__arrow_c_stream__(requested_schema)


def _judged_type(reasons: bool, keep: Sequence[str]) -> pa.Schema:
    outcome = [("rule", pa.string()), ("status", pa.string())]
    outcome += [(name, pa.float64()) for name in ("low", "high", "needed")]
    if reasons:
        outcome.append(("reason", pa.string()))
    return pa.schema(
        [
            *(("number", pa.int64()), ("done", pa.bool_()), ("line", pa.string())),
            *(("wanted", pa.bool_()), ("unclear", pa.bool_())),
            *(("id", pa.string()), ("handle", pa.string()), ("verdict", pa.string())),
            *(("fit", pa.float64()), ("decided_by", pa.string()), ("open", pa.int32())),
            *(("reason", pa.string()), ("outcomes", pa.list_(pa.struct(outcome)))),
            *((f"keep {name}", pa.string()) for name in keep),
        ]
    )


def _encoded(listed: pa.ListArray, wanted: pa.ListType) -> pa.ListArray:
    """Return outcomes with their texts as DuckDB's ENUMs give them."""
    inside = listed.flatten()
    columns = [inside.field(each.name).cast(each.type) for each in wanted.value_type]
    struct = pa.StructArray.from_arrays(columns, fields=list(wanted.value_type))
    offsets = pc.subtract(listed.offsets, listed.offsets[0])
    return pa.ListArray.from_arrays(offsets, struct, type=wanted)
