"""Rows that are proved and the rules of one brief: DuckDB decides, and the evaluator the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.bulk.compile.kernel import Reasons
from checker.bulk.lines import Refused
from checker.bulk.outcomes import Outcomes, outcomes_type
from checker.bulk.quote import name_of
from checker.bulk.reading import Found, Part, Source

# What a row of the result holds, before the columns that the caller keeps.
VERDICTS = ("pass", "fail", "undecided")
# What only this file wants to know of a row.
_OWN = ("done", "wanted", "unclear")


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


@dataclass(frozen=True)
class Query:
    """The rules of a brief as SQL, over a table named by `rows_of`; see `Kernel` for `fixed`."""

    sql: str
    fixed: Mapping[str, float]


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

    @property
    def lines(self) -> int:
        """Return how many lines these are, the blank ones left out."""
        return int(self.table.num_rows) + self.left_out + len(self.refused)


class Screener:
    """The rules of one brief, prepared once.

    Args:
        connection: where they run.
        name: a name that no other screener of the connection has.
        queries: the rules, for rows without and with ranges.
        empty: parts without rows, as all parts will be.
        evaluate: judges what DuckDB cannot prove or word.
        rules: the ids of the rules in the queries, in order.
        keep: names of the columns that are carried through.
        reasons: of the queries; without any there are no outcomes either.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        queries: tuple[Query, Query],
        empty: Found,
        evaluate: Evaluate,
        rules: Sequence[str],
        *,
        keep: Sequence[str] = (),
        where: bool = False,
        reasons: Reasons = "deciding",
    ) -> None:
        self.connection = connection
        self.name = name
        self.evaluate = evaluate
        self.keep = tuple(keep)
        self.where = where
        self.rules = tuple(rules)
        self.reasons = reasons
        self.queries = queries
        self.sources = [Source(pa.table({})) for _ in queries]
        void, *_ = [self._run(form, part) for form, part in enumerate(empty.parts) if part]
        self.plain = void.select(_plain_type(self.keep).names)
        nothing = np.zeros(0, np.int64)
        self.schema = self._whole(self.plain, nothing, self._outcomes({}, [], nothing)).schema

    def screen(self, found: Found, refused: Sequence[Refused] = ()) -> Screened:
        """Judge what was read of some lines, in their order; blank ones are passed over."""
        parts = {form: self._run(form, part) for form, part in enumerate(found.parts) if part}
        judged, wrong = self._by_hand(found, parts.values())
        made = self._table([self._row(place, each) for place, each in judged])
        plain = [*(part.select(self.plain.column_names) for part in parts.values()), made]
        whole = pa.concat_tables(plain)
        done = np.flatnonzero(whole["done"].to_numpy())
        # The rows of `whole` that are judged, in the order of their lines.
        rows = done[np.argsort(whole["place"].to_numpy()[done], kind="stable")]
        screened = Screened(whole, [*wrong, *refused], by_hand=len(judged))
        rows = self._wanted(screened, rows, found.piece.numbers)
        every = np.array_equal(rows, np.arange(whole.num_rows))
        kept = whole if every else whole.take(pa.array(rows))
        outcomes = self._outcomes(parts, [each.outcomes for _, each in judged], rows)
        screened.table = self._whole(kept, found.piece.numbers, outcomes)
        return screened

    def _outcomes(
        self, parts: Mapping[int, pa.Table], judged: Sequence[Sequence[Any]], rows: Any
    ) -> pa.Array | None:
        """Return the outcomes of some rows of all parts, and of the rows that were judged."""
        if self.reasons == "none":
            return None
        outcomes = Outcomes(self.rules, len(rows), reasons=self.reasons == "all")
        start = 0
        for form, part in parts.items():
            here = np.flatnonzero((rows >= start) & (rows < start + part.num_rows))
            outcomes.fill(part, rows[here] - start, here, self.queries[form].fixed)
            start += part.num_rows
        here = np.flatnonzero(rows >= start)
        outcomes.fill_judged([judged[row - start] for row in rows[here]], here)
        return outcomes.array()

    def _run(self, form: int, part: Part) -> pa.Table:
        """Return what the rules say of rows, beside what is known of them already."""
        found = self._ask(form, part.rows)
        count = len(part.places)
        asked = found["wanted"] if self.where else pa.chunked_array([np.ones(count, np.bool_)])
        columns = {
            "place": pa.array(part.places, pa.int64()),
            "done": pc.invert(pc.fill_null(found["hand"], True)),
            "wanted": pc.fill_null(asked, False),
            "unclear": pc.is_null(asked),
            "id": part.ids,
            "handle": part.handles,
        }
        own = ("hand", "wanted")
        columns |= {name: found[name] for name in found.column_names if name not in own}
        columns |= {f"keep {k}": v for k, v in zip(self.keep, part.kept, strict=True)}
        return pa.table(columns)

    def _ask(self, form: int, rows: pa.Table) -> pa.Table:
        """Run the query of a form. It is planned again only when the type of the rows changes."""
        source, statement = self.sources[form], name_of(f"rules {self.name} {form}")
        if not source.table.schema.equals(rows.schema):
            source.table = rows
            self.connection.register(rows_of(self.name, form), source)
            self.connection.execute(f"PREPARE {statement} AS {self.queries[form].sql}")
        source.table = rows
        try:
            return self.connection.sql(f"EXECUTE {statement}").to_arrow_table()
        finally:
            source.table = rows.slice(0, 0)

    def _by_hand(
        self, found: Found, parts: Iterable[pa.Table]
    ) -> tuple[list[tuple[int, Judged]], list[Refused]]:
        """Return what the evaluator says of rows that are left, with their places."""
        left = [
            *found.left,
            *(
                p
                for part in parts
                for p in part["place"].filter(pc.invert(part["done"])).to_pylist()
            ),
        ]
        judged, refused = [], []
        numbers = found.piece.numbers
        for place, text in zip(left, found.piece.texts(left), strict=True):
            made = self.evaluate(int(numbers[place]), text)
            if isinstance(made, Refused):
                refused.append(made)
            elif made is not None:
                judged.append((place, made))
        return judged, refused

    def _row(self, place: int, judged: Judged) -> dict[str, Any]:
        row: dict[str, Any] = {"place": place, "done": True}
        row |= {"wanted": judged.wanted is True, "unclear": judged.wanted is None}
        for name in ("id", "handle", "verdict", "fit", "decided_by", "open", "reason"):
            row[name] = getattr(judged, name)
        row |= {f"keep {k}": v for k, v in zip(self.keep, judged.kept, strict=True)}
        return row

    def _table(self, rows: list[dict[str, Any]]) -> pa.Table:
        """Return judged rows with the very types of DuckDB's result."""
        made = pa.Table.from_pylist(rows, schema=_plain_type(self.keep))
        columns = [made[each.name].combine_chunks().cast(each.type) for each in self.plain.schema]
        return pa.Table.from_arrays(columns, schema=self.plain.schema)

    def _wanted(self, screened: Screened, rows: Any, numbers: Any) -> Any:
        """Return which of some rows the condition does not leave out, and count the others."""
        if not self.where:
            return rows
        wanted = screened.table["wanted"].to_numpy()[rows]
        left = screened.table.select(["place", "unclear"]).take(pa.array(rows[~wanted]))
        screened.left = _numbered(left, numbers)
        screened.left_out = screened.left.num_rows
        screened.unclear = pc.sum(screened.left["unclear"]).as_py() or 0
        return rows[wanted]

    def _whole(self, plain: pa.Table, numbers: Any, outcomes: pa.Array | None) -> pa.Table:
        """Return rows with their outcomes, which stand before the columns that are kept."""
        table = _numbered(plain.drop_columns(list(_OWN)), numbers)
        if outcomes is None:
            return table
        type_ = outcomes_type(self.rules, reasons=self.reasons == "all")
        place = table.num_columns - len(self.keep)
        return table.add_column(place, pa.field("outcomes", type_), outcomes)


def _numbered(table: pa.Table, numbers: Any) -> pa.Table:
    """Return a table with the number of each row's line in place of the row's place."""
    lines = pa.array(numbers[table["place"].to_numpy()], pa.int64())
    return table.set_column(0, "number", lines)


def rows_of(name: str, form: int) -> str:
    """Return the name of the table of rows without (0) or with ranges (1) of a screener."""
    return f"rows_{name}_{form}"


def _plain_type(keep: Sequence[str]) -> pa.Schema:
    return pa.schema(
        [
            *(("place", pa.int64()), ("done", pa.bool_())),
            *(("wanted", pa.bool_()), ("unclear", pa.bool_())),
            *(("id", pa.string()), ("handle", pa.string()), ("verdict", pa.string())),
            *(("fit", pa.float64()), ("decided_by", pa.string()), ("open", pa.int32())),
            ("reason", pa.string()),
            *((f"keep {name}", pa.string()) for name in keep),
        ]
    )
