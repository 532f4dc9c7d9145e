"""The outcomes of rows as one column: a list of structs for each row, one for each rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from checker.screening.judging.rules import STATUSES, Measured

_NUMBERS = ("low", "high", "needed")
_TEXTS = pa.dictionary(pa.int32(), pa.string())


def outcomes_type(rules: Sequence[str], *, reasons: bool = False) -> pa.ListType:
    """Return the type of the column."""
    index = pa.uint8() if len(rules) < 256 else pa.uint16()
    fields = [
        pa.field("rule", pa.dictionary(index, pa.string())),
        pa.field("status", pa.dictionary(pa.uint8(), pa.string())),
        *(pa.field(name, pa.float64()) for name in _NUMBERS),
    ]
    if reasons:
        fields.append(pa.field("reason", _TEXTS))
    return pa.list_(pa.field("element", pa.struct(fields)))


def outcomes_of(
    rules: Sequence[str],
    statuses: Sequence[Any],
    measured: Sequence[Measured],
    rows: Any,
    reasons: pa.DictionaryArray | None = None,
) -> pa.ListArray:
    """Return the outcomes of some rows of a block.

    Args:
        rules: the ids of the rules, in order.
        statuses: of each rule, those of all rows.
        measured: of each rule, what it measured in the rows to which it applies.
        rows: the places of the rows.
        reasons: those of all outcomes of the first row, then those of the second, and so on.
    """
    width, count = len(rules), len(rows)
    size = width * count
    type_ = outcomes_type(rules, reasons=reasons is not None)
    fields = list(type_.value_type)
    places = np.arange(width).astype(fields[0].type.index_type.to_pandas_dtype())
    status = np.empty((count, width), np.uint8)
    for place, found in enumerate(statuses):
        status[:, place] = found[rows]
    children: list[pa.Array] = [
        pa.DictionaryArray.from_arrays(
            pa.array(np.tile(places, count)), pa.array(rules, pa.string())
        ),
        pa.DictionaryArray.from_arrays(
            pa.array(status.reshape(-1)), pa.array(STATUSES, pa.string())
        ),
    ]
    for name in _NUMBERS:
        values, there = np.zeros((count, width)), np.zeros((count, width), bool)
        for place, each in enumerate(measured):
            some, known = getattr(each, name)
            values[:, place] = _taken(some, rows)
            there[:, place] = _taken(known, rows)
        bits = pa.py_buffer(np.packbits(there.reshape(-1), bitorder="little"))
        buffers = [bits, pa.py_buffer(values.reshape(-1))]
        children.append(pa.Array.from_buffers(pa.float64(), size, buffers))
    if reasons is not None:
        children.append(reasons)
    struct = pa.StructArray.from_arrays(children, fields=fields)
    ends = pa.array(np.arange(count + 1, dtype=np.int32) * np.int32(width))
    return pa.ListArray.from_arrays(ends, struct, type=type_)


def _taken(values: Any, rows: Any) -> Any:
    return values[rows] if isinstance(values, np.ndarray) and values.ndim else values
