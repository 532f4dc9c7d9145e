"""Tables as the language reads them: typed rows, found by a number's band or by keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from checker.language.bind import Binders
from checker.language.context import Context, TableValue
from checker.language.operators.scalars import key_of
from checker.model.rules import Table
from checker.model.types import (
    DateType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Label, Value

Row = Mapping[str, Value]


def table_type(table: Table, ages: RecordType) -> TableType:
    """Return the type of a table: declared columns, and what the cells are where undeclared."""
    if table.kind == "vocabulary":
        fields = {
            "label": Field(TextType("label", vocabulary=table.name), "label"),
            "synonyms": Field(ListType(TextType("label", vocabulary=table.name)), "synonyms"),
        }
        return TableType(table.name, table.kind, RecordType(f"row of {table.name}", fields))
    columns = dict.fromkeys(name for row in table.rows for name in row)
    fields = {
        name: Field(_column(table, name, ages), name, currency=_currency(table, name))
        for name in columns
    }
    return TableType(table.name, table.kind, RecordType(f"row of {table.name}", fields), table.keys)


def _currency(table: Table, name: str) -> tuple[str, ...]:
    """Return the currency code of a column of money itself: a table has no field for it."""
    declared = table.columns.get(name, "")
    return (declared.removeprefix("money "),) if declared.startswith("money ") else ()


def _column(table: Table, name: str, ages: RecordType) -> Type:
    declared = table.columns.get(name, "")
    cells = [row[name] for row in table.rows if row.get(name) is not None]
    words = TextType("label", tuple(dict.fromkeys(str(cell) for cell in cells)))
    if declared.startswith("money "):
        return MoneyType(0.0, ranged=any(isinstance(cell, dict) for cell in cells))
    if declared == "code":
        return TextType("code", tuple(dict.fromkeys(str(cell) for cell in cells)))
    if declared == "ages":
        return ages
    simple: dict[str, Type] = {
        "flag": FlagType(),
        "date": DateType(),
        "text": TextType("plain"),
        "label": words,
    }
    if declared in simple:
        return simple[declared]
    if declared or _is_number(cells[0]):
        return _number_column(declared, cells)
    return FlagType() if isinstance(cells[0], bool) else words


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | dict) and not isinstance(cell, bool)


def _number_column(declared: str, cells: list[Any]) -> NumberType:
    ends = [
        float(each)
        for cell in cells
        for each in (cell.values() if isinstance(cell, dict) else [cell])
    ]
    ranged = any(isinstance(cell, dict) for cell in cells)
    unbounded = any(isinstance(cell, dict) and len(cell) < 2 for cell in cells)
    if declared == "share":
        return NumberType("share", 0.0, 1.0, ranged)
    unit = "count" if declared == "count" else "number"
    low, high = (-inf, inf) if unbounded else (min(ends), max(ends))
    return NumberType("count" if unit == "count" else "number", low, high, ranged)


def bind_table(table: Table, type_: TableType, binders: Binders) -> TableValue:
    """Bind a table's rows to values; amounts are converted into the brief's currency."""
    rows = tuple(
        {
            name: _cell(table, name, cell, type_, binders)
            for name, cell in row.items()
            if cell is not None
        }
        for row in table.rows
    )
    made: dict[tuple[str, ...], Mapping[tuple[Value, ...], Row]] = {}

    def rows_by(types: tuple[Type, ...]) -> Mapping[tuple[Value, ...], Row]:
        vocabularies = tuple(
            each.vocabulary if isinstance(each, TextType) else "" for each in types
        )
        if vocabularies not in made:
            made[vocabularies] = _index(rows, type_.keys, vocabularies, binders.context)
        return made[vocabularies]

    return TableValue(type_, rows, rows_by)


def _index(
    rows: Sequence[Row], keys: Sequence[str], vocabularies: Sequence[str], context: Context
) -> Mapping[tuple[Value, ...], Row]:
    index: dict[tuple[Value, ...], Row] = {}
    for row in rows:
        key = tuple(
            context.label(row[name].text, vocabulary).key
            if vocabulary and isinstance(row[name], Label)
            else key_of(row[name])
            for name, vocabulary in zip(keys, vocabularies, strict=True)
        )
        if any(vocabularies):
            index.setdefault(key, row)
        else:
            index[key] = row
    return index


def _cell(table: Table, name: str, raw: Any, type_: TableType, binders: Binders) -> Value:
    declared = table.columns.get(name, "")
    field = type_.row.fields[name]
    if declared.startswith("money "):
        amount = binders.value(raw, NumberType("number", 0.0))
        return UNKNOWN if amount is UNKNOWN else binders.context.money(amount, declared[6:])
    if isinstance(field.type, TextType) and not isinstance(raw, str):
        raw = str(raw)
    return binders.value(raw, field.type, field)
