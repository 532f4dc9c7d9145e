"""The outcomes of rows as one list of structs, made of the plain columns that a query gives.

DuckDB gives for each rule that applies anywhere what it found, each in a column of its own;
lists of structs made in SQL, and every sorting and leaving out of them, cost several times more
than these columns and one pass over them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

STATUSES = ("pass", "fail", "unknown", "skipped")
_PASS, _FAIL, _UNKNOWN, _SKIPPED = range(4)
_NUMBERS = ("low", "high", "needed")
# One column with a list, where every outcome has its reason.
REASONS = "reasons"


def column(what: str, place: int) -> str:
    """Return the name of the column that holds something of the rule at a place.

    `applies` is left out where it is true of every row, `high` where it is `low`, a number that
    no row has, and everything where the rule applies to no row. Numbers hold where it applies.
    """
    return f"{what} {place}"


class Outcomes:
    """The outcomes of some rows, one row of each matrix for each; filled part by part.

    Args:
        rules: the ids of the rules, in order.
        count: how many rows there are.
        reasons: every outcome has its reason.
    """

    def __init__(self, rules: Sequence[str], count: int, *, reasons: bool = False) -> None:
        self.rules = rules
        self.count = count
        shape = (count, len(rules))
        self._status = np.full(shape, _SKIPPED, np.uint8)
        self._numbers = {name: np.zeros(shape) for name in _NUMBERS}
        self._there = {name: np.zeros(shape, np.bool_) for name in _NUMBERS}
        self._reasons: list[tuple[Any, pa.Array]] | None = [] if reasons else None

    def fill(self, table: pa.Table, rows: Any, into: Any, fixed: Mapping[str, float]) -> None:
        """Take the outcomes of some rows of a query's result, into rows of this.

        Both are numbers of rows, as numpy's arrays; every row is to be filled once. `fixed` are
        columns that are one number in all rows.
        """
        names = set(table.column_names)
        for place in range(len(self.rules)):
            if column("holds", place) in names:
                statuses, applies = _statuses(table, names, place)
                self._status[into, place] = statuses[rows]
                self._fill_numbers(_Numbers(table, names, fixed, place), applies, rows, into)
        if self._reasons is not None:
            self._reasons.append((into, table[REASONS].combine_chunks().take(pa.array(rows))))

    def _fill_numbers(self, read: _Numbers, applies: Any, rows: Any, into: Any) -> None:
        for name in _NUMBERS:
            found = read.column(name)
            if found is None:
                continue
            values, there = found
            where = there if applies is None else there & applies
            self._numbers[name][into, read.place] = np.broadcast_to(values, read.rows)[rows]
            self._there[name][into, read.place] = np.broadcast_to(where, read.rows)[rows]

    def fill_judged(self, rows: Sequence[Sequence[Mapping[str, Any]]], into: Any) -> None:
        """Take outcomes that the evaluator gave, into rows of this."""
        for row, outcomes in zip(into, rows, strict=True):
            for place, outcome in enumerate(outcomes):
                self._status[row, place] = STATUSES.index(outcome["status"])
                for name in _NUMBERS:
                    if outcome[name] is not None:
                        self._numbers[name][row, place] = outcome[name]
                        self._there[name][row, place] = True
        if self._reasons is not None and len(rows):
            texts = [[outcome["reason"] for outcome in outcomes] for outcomes in rows]
            self._reasons.append((into, pa.array(texts, pa.list_(pa.string()))))

    def array(self) -> pa.ListArray:
        """Return the outcomes as a list of structs for each row."""
        width = len(self.rules)
        size = self.count * width
        type_ = outcomes_type(self.rules, reasons=self._reasons is not None)
        fields = list(type_.value_type)
        places = np.arange(width).astype(fields[0].type.index_type.to_pandas_dtype())
        children = [
            pa.DictionaryArray.from_arrays(
                pa.array(np.tile(places, self.count)), pa.array(self.rules, pa.string())
            ),
            pa.DictionaryArray.from_arrays(
                pa.array(self._status.reshape(-1)), pa.array(STATUSES, pa.string())
            ),
        ]
        for name in _NUMBERS:
            there = pa.py_buffer(np.packbits(self._there[name].reshape(-1), bitorder="little"))
            values = pa.py_buffer(self._numbers[name].reshape(-1))
            children.append(pa.Array.from_buffers(pa.float64(), size, [there, values]))
        if self._reasons is not None:
            children.append(self._worded())
        struct = pa.StructArray.from_arrays(children, fields=fields)
        ends = pa.array(np.arange(self.count + 1, dtype=np.int32) * np.int32(width))
        return pa.ListArray.from_arrays(ends, struct, type=type_)

    def _worded(self) -> pa.Array:
        """Return the reasons of all rows in their order, one after the other."""
        parts = self._reasons or []
        if not parts:
            return pa.array([], pa.string())
        whole = pa.concat_arrays([texts.cast(pa.list_(pa.string())) for _, texts in parts])
        order = np.argsort(np.concatenate([into for into, _ in parts]), kind="stable")
        return whole.take(pa.array(order)).flatten()


def outcomes_type(rules: Sequence[str], *, reasons: bool = False) -> pa.ListType:
    """Return the type of the column."""
    index = pa.uint8() if len(rules) < 256 else pa.uint16()
    fields = [
        pa.field("rule", pa.dictionary(index, pa.string())),
        pa.field("status", pa.dictionary(pa.uint8(), pa.string())),
        *(pa.field(name, pa.float64()) for name in _NUMBERS),
    ]
    if reasons:
        fields.append(pa.field("reason", pa.string()))
    return pa.list_(pa.field("element", pa.struct(fields)))


class _Numbers:
    """The numbers of one rule's outcomes in a query's result."""

    def __init__(
        self, table: pa.Table, names: Collection[str], fixed: Mapping[str, float], place: int
    ) -> None:
        self.table = table
        self.rows = table.num_rows
        self.names = names
        self.fixed = fixed
        self.place = place

    def column(self, name: str) -> tuple[Any, Any] | None:
        """Return values, and where they are there; of a fixed column one for all rows."""
        here = column(name, self.place)
        if here in self.fixed:
            return self.fixed[here], True
        if here in self.names:
            return _values(self.table[here])
        return self.column("low") if name == "high" else None


def _statuses(table: pa.Table, names: Collection[str], place: int) -> tuple[Any, Any | None]:
    """Return the statuses of a rule, and where it applies; None is everywhere."""
    holds, known = _values(table[column("holds", place)])
    found = np.where(known, np.where(holds, np.uint8(_PASS), np.uint8(_FAIL)), np.uint8(_UNKNOWN))
    if column("applies", place) not in names:
        return found, None
    applies, sure = _values(table[column("applies", place)])
    found[~sure] = _UNKNOWN
    found[sure & ~applies] = _SKIPPED
    return found, sure & applies


def _values(column_: pa.ChunkedArray) -> tuple[Any, Any]:
    """Return the values of a column, and where there is one."""
    array = column_.combine_chunks()
    if not pa.types.is_boolean(array.type):
        array = array.cast(pa.float64())
    there = pc.is_valid(array).to_numpy(zero_copy_only=False)
    empty = False if pa.types.is_boolean(array.type) else 0.0
    values = pc.fill_null(array, empty) if array.null_count else array
    return values.to_numpy(zero_copy_only=False), there
