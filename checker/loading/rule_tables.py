"""The tables of a rule pack: bands without gaps, words with one meaning, rows found by one key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from checker.language.suggest import suggestion
from checker.language.text import canonical, label_form
from checker.loading.rule_schema import kind_of
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Diagnostic
from checker.model.records import DataPath

LOWER_EDGES = ("from", "above")
UPPER_EDGES = ("below", "to")
_EDGES = (*LOWER_EDGES, *UPPER_EDGES)
_PERCENT = r"[0-9]+(?:\.[0-9]+)?%"

Row = Mapping[str, Any]


def table_diagnostics(document: YamlDocument, name: str, table: Row) -> Iterator[Diagnostic]:
    """Yield what is wrong with a table that matches the schema."""
    path: DataPath = ("tables", name)
    if table["kind"] == "vocabulary":
        yield from vocabulary_diagnostics(document, path, table)
        return
    broken = list(_columns(document, path, table))
    yield from broken
    if table["kind"] == "bands":
        yield from _bands(document, (*path, "rows"), table["rows"])
    elif not broken:
        yield from _keys(document, path, table)


def vocabulary_diagnostics(
    document: YamlDocument, path: DataPath, table: Row
) -> Iterator[Diagnostic]:
    """Yield words that stand under two labels in one language, or say nothing."""
    form = partial(label_form, vocabulary=str(path[-1]))
    words: Mapping[str, Any] = table["words"]
    seen: dict[tuple[str, str], str] = {}
    for label, given in words.items():
        place = (*path, "words", label)
        for word, language, inside in _words(label, given):
            key = form(word)
            first = seen.setdefault((language, key), label)
            again = inside is not None and key == form(label)
            if key and (first is label or again or form(first) == form(label)):
                continue
            position = (
                document.locate_key(place) if inside is None else document.locate((*place, *inside))
            )
            if not key:
                yield Diagnostic("empty-word", f'"{word}" has no letter or digit', position)
                continue
            message = f'"{word}" stands under "{first}" and under "{label}"; a word has one place'
            hint = "Where it may mean each of them, write it under either."
            yield Diagnostic("word-twice", message, position, hint=hint)


def listed(given: Any) -> tuple[Any, ...]:
    """Return the words of a list, or of one text with commas."""
    if isinstance(given, str):
        return tuple(stripped for each in given.split(",") if (stripped := each.strip()))
    return tuple(given) if isinstance(given, list) else (given,) if given != () else ()


def _words(label: str, given: Any) -> Iterator[tuple[str, str, DataPath | None]]:
    """Give a label and its words, each with its language and where it stands below the label."""
    yield label, "", None
    for name, words in given.items() if isinstance(given, dict) else [("", given)]:
        if name in ("", "words") or len(name) == 2:
            language, place = name if len(name) == 2 else "", (name,) if name else ()
            for number, word in enumerate(listed(words)):
                yield word, language, (*place, number) if isinstance(words, list) else place


# Columns and cells


def _columns(document: YamlDocument, path: DataPath, table: Row) -> Iterator[Diagnostic]:
    declared: dict[str, str] = table.get("columns", {})
    keys: list[str] = table.get("keys", [])
    edges = _EDGES if table["kind"] == "bands" else ()
    rows = table["rows"]
    known = list(dict.fromkeys([*keys, *declared, *(c for c in rows[0] if c not in edges)]))
    kinds: dict[str, str] = {}
    for edge in edges:
        if edge in declared:
            message = f'"{edge}" is an edge of a band; it needs no type'
            yield Diagnostic("bad-column", message, document.locate_key((*path, "columns", edge)))
    for number, row in enumerate(rows):
        place: DataPath = (*path, "rows", number)
        for column, cell in row.items():
            if column in edges:
                continue
            if column not in known:
                yield _unknown_column(document, place, column, [*known, *edges])
            elif cell is not None:
                wrong = _cell(column, cell, declared.get(column), kinds)
                if wrong:
                    yield Diagnostic("bad-cell", wrong, document.locate((*place, column)))
        for column in known:
            # A hole is deliberate where the column's type is declared, else likely a slip.
            if row.get(column) is None and (column in keys or column not in declared):
                message = f'row {number + 1} has no "{column}"'
                hint = (
                    "" if column in keys else f'If it has none, declare "{column}" under "columns".'
                )
                yield Diagnostic("missing-cell", message, document.locate(place), hint=hint)


def _unknown_column(
    document: YamlDocument, place: DataPath, column: str, known: list[str]
) -> Diagnostic:
    hint = suggestion(column, known, f'If it is meant, declare it under "columns": {column}')
    message = f'the table has no column "{column}"'
    return Diagnostic("unknown-column", message, document.locate_key((*place, column)), hint=hint)


def _cell(column: str, cell: Any, declared: str | None, kinds: dict[str, str]) -> str:
    """Return what is wrong with a cell, or "". `kinds` holds the kinds of undeclared columns."""
    if declared is not None:
        wrong = _declared(cell, declared.partition(" ")[0])
        return f'"{column}" {wrong}' if wrong else ""
    if isinstance(cell, list | dict):
        return f'"{column}" is a list or a mapping; declare its type under "columns"'
    kind = kind_of(cell)
    first = kinds.setdefault(column, kind)
    return "" if kind == first else f'"{column}" is {kind} here and {first} above'


def _declared(cell: Any, kind: str) -> str:
    """Return what is wrong with a cell of a type, or ""; the name of its column goes before."""
    if kind in ("label", "code", "text"):
        return "" if isinstance(cell, str) and cell.strip() else "must be text"
    if kind == "flag":
        return "" if isinstance(cell, bool) else "must be true or false"
    if kind == "date":
        return "" if _is_date(cell) else "must be a date such as 2026-03-02"
    right = not isinstance(cell, dict) or (bool(cell) and cell.keys() <= {"min", "max"})
    parts = list(cell.values()) if isinstance(cell, dict) else [cell]
    if kind == "ages":
        if not isinstance(cell, dict) or not right:
            return "must be ages such as {min: 18, max: 34}"
        if any(isinstance(age, bool) or not isinstance(age, int) or age < 0 for age in parts):
            return "must be whole years"
    numbers = [number for part in parts if (number := _number(part, kind)) is not None]
    if not right or len(numbers) < len(parts):
        return f"must be {_AMOUNTS[kind]}, or a range {{min: ..., max: ...}}"
    if kind == "share" and not all(0 <= number <= 1 for number in numbers):
        most = max(numbers)
        percent = f'; write {most / 100:g} or "{most:g}%"' if 1 < most <= 100 else ""
        return f"is a share; shares run 0 to 1{percent}"
    if kind in ("count", "money") and min(numbers) < 0:
        return "cannot be less than 0"
    if len(parts) == 2 and _number(cell["min"], kind) != min(numbers):
        return "has a min above its max"
    return ""


_AMOUNTS = {
    "number": "a number",
    "share": 'a share, such as 0.25 or "25%"',
    "count": "a whole number",
    "money": "an amount, such as 500",
}


def _is_date(cell: Any) -> bool:
    from datetime import date

    try:
        return bool(date.fromisoformat(cell).isoformat() == cell)
    except (ValueError, TypeError):
        return False


def _number(value: Any, kind: str) -> float | None:
    if kind == "share" and isinstance(value, str) and re.fullmatch(_PERCENT, value):
        return float(value[:-1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if kind == "count" and value != int(value) else float(value)


# Rows


def _keys(document: YamlDocument, path: DataPath, table: Row) -> Iterator[Diagnostic]:
    seen: dict[tuple[Any, ...], int] = {}
    columns = table.get("columns", {})
    for number, row in enumerate(table["rows"]):
        cells = [row[key] for key in table["keys"]]
        # Labels meet by their canonical form; codes and other text exactly.
        key = tuple(
            canonical(cell)
            if isinstance(cell, str) and columns.get(name, "label") == "label"
            else repr(cell)
            for name, cell in zip(table["keys"], cells, strict=True)
        )
        first = seen.setdefault(key, number)
        if first != number and not _spelt_otherwise(table, row, table["rows"][first]):
            shown = ", ".join(f'"{cell}"' for cell in cells)
            message = f"row {number + 1} has the key {shown} of row {first + 1}"
            position = document.locate((*path, "rows", number, table["keys"][0]))
            yield Diagnostic("key-twice", message, position)


def _spelt_otherwise(table: Row, row: Row, other: Row) -> bool:
    """Tell whether two rows differ in accents alone: texts are searched for each spelling."""
    from checker.language.mentions import spelling

    keys: list[str] = table["keys"]
    same = all(row.get(name) == other.get(name) for name in {*row, *other} if name not in keys)
    spelt = [
        [spelling(each[key]) for key in keys if isinstance(each[key], str)] for each in (row, other)
    ]
    return same and spelt[0] != spelt[1]


def _bands(document: YamlDocument, path: DataPath, rows: list[Row]) -> Iterator[Diagnostic]:
    above: tuple[str, float] | None = None
    for number, row in enumerate(rows):
        place: DataPath = (*path, number)
        wrong = list(_edges(document, place, row, first=number == 0, last=number == len(rows) - 1))
        if wrong:
            yield from wrong
            above = None
            continue
        lower, upper = _edge(row, LOWER_EDGES), _edge(row, UPPER_EDGES)
        if lower and upper and _reversed(lower, upper):
            message = f"the band ends at {_n(upper)} before it starts at {_n(lower)}"
            position = document.locate((*place, upper[0]))
            yield Diagnostic("band-reversed", message, position)
        elif above is not None and lower is not None:
            message = _seam(above, lower)
            if message:
                code = "band-gap" if "gap" in message else "band-overlap"
                hint = _seam_hint(above, lower)
                position = document.locate((*place, lower[0]))
                yield Diagnostic(code, message, position, hint=hint)
        above = upper


def _edges(
    document: YamlDocument, place: DataPath, row: Row, *, first: bool, last: bool
) -> Iterator[Diagnostic]:
    for edges, optional, end in ((LOWER_EDGES, first, "start"), (UPPER_EDGES, last, "end")):
        given = [edge for edge in edges if row.get(edge) is not None]
        if len(given) == 2:
            message = f'a band has "{given[0]}" or "{given[1]}", not both'
            yield Diagnostic("band-edge", message, document.locate_key((*place, given[1])))
        elif not given and not optional:
            only = "first" if end == "start" else "last"
            message = f'this band has no {end} ("{edges[0]}" or "{edges[1]}")'
            hint = f"Only the {only} band may be open at its {end}."
            yield Diagnostic("band-edge", message, document.locate(place), hint=hint)
        for edge in given:
            if isinstance(row[edge], bool) or not isinstance(row[edge], int | float):
                message = f'"{edge}" must be a number'
                yield Diagnostic("band-edge", message, document.locate((*place, edge)))


def _edge(row: Row, edges: tuple[str, ...]) -> tuple[str, float] | None:
    return next(((edge, row[edge]) for edge in edges if row.get(edge) is not None), None)


def _reversed(lower: tuple[str, float], upper: tuple[str, float]) -> bool:
    point = lower[0] == "from" and upper[0] == "to"
    return lower[1] > upper[1] or (lower[1] == upper[1] and not point)


def _seam(upper: tuple[str, float], lower: tuple[str, float]) -> str:
    """Return what is wrong between the end of a band and the start of the next, or ""."""
    if upper[1] < lower[1]:
        return f"a gap: no band holds what lies between {_n(upper)} and {_n(lower)}"
    if upper[1] > lower[1]:
        return f"this band starts at {_n(lower)}, but the band above it runs to {_n(upper)}"
    if upper[0] == "below" and lower[0] == "above":
        return f"a gap: no band holds exactly {_n(lower)}"
    if upper[0] == "to" and lower[0] == "from":
        return f"two bands hold exactly {_n(lower)}"
    return ""


def _seam_hint(upper: tuple[str, float], lower: tuple[str, float]) -> str:
    value = format(lower[1], "_") if isinstance(lower[1], int) else repr(lower[1])
    if lower[0] == "from":
        return f"End the band above with: below: {value}"
    return f"End the band above with: to: {value}"


def _n(edge: tuple[str, float]) -> str:
    return f"{edge[1]:,}"
