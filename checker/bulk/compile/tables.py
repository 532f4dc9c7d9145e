"""Bands and lookups in SQL: which of a table's rows a value of the row finds."""

from __future__ import annotations

from math import inf

from checker.bulk.compile import numbers
from checker.bulk.compile.choices import Tools
from checker.bulk.compile.sql import both, cases, picked
from checker.bulk.compile.texts import member_of
from checker.bulk.compile.values import Known, LabelWord, Number, Pick, Val, Word
from checker.bulk.quote import number_of
from checker.language.context import TableValue
from checker.language.operators.scalars import key_of
from checker.model.types import Type
from checker.model.values import UNKNOWN, Value

_NO_PLACE = "NULL::TINYINT"


def band(tools: Tools, value: Val, table: TableValue) -> Pick:
    """Return the row of the band that a number lies in; unknown where it lies across rows."""
    number = numbers.share(tools.columns, numbers.as_number(value))
    place = _place(tools, number.low, table)
    if not number.exact:
        within = picked(
            tools.columns.share(place),
            [
                cases([(_holds(tools, row, number.high), str(at))], _NO_PLACE)
                for at, row in enumerate(table.rows)
            ],
            _NO_PLACE,
        )
        place = within
    return Pick(tools.columns.share(place), table.rows)


def _place(tools: Tools, end: str, table: TableValue) -> str:
    return cases(
        [(_holds(tools, row, end), str(place)) for place, row in enumerate(table.rows)], _NO_PLACE
    )


def _holds(tools: Tools, row: Value, end: str) -> str:
    """Return whether a band holds one end of a number, by the language's tolerance."""

    def below(limit: float) -> str:
        return numbers.less(tools.columns, end, "", tame=True, left=None, right=limit)

    def above(limit: float) -> str:
        return numbers.less(tools.columns, "", end, tame=True, left=limit, right=None)

    parts = []
    if row.get("from", -inf) > -inf:
        parts.append(f"(NOT {below(row['from'])})")
    if "above" in row:
        parts.append(above(row["above"]))
    if row.get("to", inf) < inf:
        parts.append(f"(NOT {above(row['to'])})")
    if "below" in row:
        parts.append(below(row["below"]))
    return both(f"({end} IS NOT NULL)", *parts)


def lookup(tools: Tools, keys: list[Val], types: list[Type], table: TableValue) -> Pick:
    """Return the row that some keys find."""
    index = table.rows_by(tuple(types))
    if all(isinstance(key, Known | Pick) for key in keys) and len(keys) == 1:
        (key,) = keys
        assert isinstance(key, Pick)
        rows = tuple(
            UNKNOWN if each is UNKNOWN else index.get((key_of(each),), UNKNOWN)
            for each in key.values
        )
        return Pick(key.index, rows)
    rows = tuple(index.values())
    found = [
        (both(*(_is(tools, key, cell) for key, cell in zip(keys, cells, strict=True))), str(at))
        for at, cells in enumerate(index)
    ]
    return Pick(tools.columns.share(cases(found, _NO_PLACE)), rows)


def _is(tools: Tools, key: Val, cell: Value) -> str:
    """Return whether a key is exactly that of a row."""
    match key:
        case LabelWord():
            return tools.words.is_one_of(key, (cell,))
        case Word():
            return member_of(key.sql, (cell,))
        case Number():
            return f"({key.low} = {number_of(cell)} AND {key.high} = {number_of(cell)})"
        case Known():
            return "true" if key.value is not UNKNOWN and key_of(key.value) == cell else "false"
        case Pick():
            same = [
                str(each is not UNKNOWN and key_of(each) == cell).lower() for each in key.values
            ]
            return picked(key.index, same, "false")
    raise AssertionError(f"{type(key).__name__} is no key")
