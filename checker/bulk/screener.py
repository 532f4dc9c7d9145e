"""Lines and the rules of one brief: DuckDB decides what it can prove, the evaluator the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.bulk.clean import Proof
from checker.bulk.compile import Kernel
from checker.bulk.lines import SCHEMA, Lines, Refused
from checker.bulk.outcomes import Outcomes, outcomes_type
from checker.bulk.quote import name_of, text_of

# What a row of the result holds, before the columns that the caller keeps.
VERDICTS = ("pass", "fail", "undecided")
# What only this file wants to know of a row.
_OWN = ("done", "line", "wanted", "unclear")


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
        rules: the ids of the rules in the statements, in order.
        keep: names of the columns that are carried through.
        reasons: every outcome carries its reason.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        statements: tuple[str, str],
        evaluate: Evaluate,
        rules: Sequence[str],
        *,
        keep: Sequence[str] = (),
        where: bool = False,
        reasons: bool = False,
    ) -> None:
        self.connection = connection
        self.evaluate = evaluate
        self.keep = tuple(keep)
        self.where = where
        self.rules = tuple(rules)
        self.reasons = reasons
        self.source = _Source()
        connection.register(f"lines_{name}", self.source)
        self.statements = []
        for form, sql in zip(("exact", "ranged"), statements, strict=True):
            statement = name_of(f"{form}_{name}")
            connection.execute(f"PREPARE {statement} AS {sql}")
            self.statements.append(statement)
        self.plain_type = _plain_type(self.keep)
        void = self._run(self.statements[0], SCHEMA.empty_table())
        self.plain = void.select(self.plain_type.names).drop_columns(["line"])
        self.schema = self._whole(self.plain, Outcomes(self.rules, 0, reasons=reasons)).schema

    def screen(self, lines: Lines) -> Screened:
        """Judge lines, in their order; blank ones are passed over."""
        parts = []
        for statement, table in zip(self.statements, lines.by_form(), strict=True):
            if table.num_rows:
                parts.append(self._run(statement, table))
        judged, refused = self._by_hand(parts, lines.unreadable)
        made = self._table([self._row(number, each) for number, each in judged])
        plain = [*(part.select(self.plain.column_names) for part in parts), made]
        whole = pa.concat_tables(plain)
        done = np.flatnonzero(whole["done"].to_numpy())
        # The rows of `whole` that are judged, in the order of their lines.
        rows = done[np.argsort(whole["number"].to_numpy()[done], kind="stable")]
        screened = Screened(whole, [*refused, *lines.refused], by_hand=len(judged))
        rows = self._wanted(screened, rows)
        outcomes = Outcomes(self.rules, len(rows), reasons=self.reasons)
        start = 0
        for part in parts:
            here = np.flatnonzero((rows >= start) & (rows < start + part.num_rows))
            outcomes.fill(part, rows[here] - start, here)
            start += part.num_rows
        here = np.flatnonzero(rows >= start)
        by_hand = [judged[row - start][1].outcomes for row in rows[here]]
        outcomes.fill_judged(by_hand, here)
        screened.table = self._whole(whole.take(pa.array(rows)), outcomes)
        return screened

    def _run(self, statement: str, table: pa.Table) -> pa.Table:
        self.source.table = table
        try:
            return self.connection.sql(f"EXECUTE {statement}").to_arrow_table()
        finally:
            self.source.table = None

    def _by_hand(
        self, parts: Sequence[pa.Table], unreadable: frozenset[int]
    ) -> tuple[list[tuple[int, Judged]], list[Refused]]:
        """Return what the evaluator says of the lines that are not done, with their numbers."""
        judged, refused = [], []
        for part in parts:
            left = part.select(["number", "line"]).filter(pc.invert(part["done"]))
            for number, text in zip(*(column.to_pylist() for column in left.columns), strict=True):
                found = self.evaluate(number, None if number in unreadable else text)
                if isinstance(found, Refused):
                    refused.append(found)
                elif found is not None:
                    judged.append((number, found))
        return judged, refused

    def _row(self, number: int, judged: Judged) -> dict[str, Any]:
        row: dict[str, Any] = {"number": number, "done": True}
        row |= {"wanted": judged.wanted is True, "unclear": judged.wanted is None}
        for name in ("id", "handle", "verdict", "fit", "decided_by", "open", "reason"):
            row[name] = getattr(judged, name)
        row |= {f"keep {k}": v for k, v in zip(self.keep, judged.kept, strict=True)}
        return row

    def _table(self, rows: list[dict[str, Any]]) -> pa.Table:
        """Return judged rows with the very types of DuckDB's result."""
        made = pa.Table.from_pylist(rows, schema=self.plain_type)
        columns = [made[each.name].combine_chunks().cast(each.type) for each in self.plain.schema]
        return pa.Table.from_arrays(columns, schema=self.plain.schema)

    def _wanted(self, screened: Screened, rows: Any) -> Any:
        """Return which of some rows the condition does not leave out, and count the others."""
        if not self.where:
            return rows
        wanted = screened.table["wanted"].to_numpy()[rows]
        left = pa.array(rows[~wanted])
        screened.left = screened.table.select(["number", "unclear"]).take(left)
        screened.left_out = screened.left.num_rows
        screened.unclear = pc.sum(screened.left["unclear"]).as_py() or 0
        return rows[wanted]

    def _whole(self, plain: pa.Table, outcomes: Outcomes) -> pa.Table:
        """Return rows with their outcomes, which stand before the columns that are kept."""
        table = plain.drop_columns([name for name in _OWN if name in plain.column_names])
        type_ = outcomes_type(self.rules, reasons=self.reasons)
        place = table.num_columns - len(self.keep)
        return table.add_column(place, pa.field("outcomes", type_), outcomes.array())


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
        *("id", "handle", "verdict", "fit", "decided_by", "open", "reason", *kept),
        *(name_of(column) for column, _ in kernel.outcomes),
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


def _plain_type(keep: Sequence[str]) -> pa.Schema:
    return pa.schema(
        [
            *(("number", pa.int64()), ("done", pa.bool_()), ("line", pa.string())),
            *(("wanted", pa.bool_()), ("unclear", pa.bool_())),
            *(("id", pa.string()), ("handle", pa.string()), ("verdict", pa.string())),
            *(("fit", pa.float64()), ("decided_by", pa.string()), ("open", pa.int32())),
            ("reason", pa.string()),
            *((f"keep {name}", pa.string()) for name in keep),
        ]
    )
