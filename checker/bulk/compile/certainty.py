"""When a compiled value is unknown, and when it is known exactly."""

from __future__ import annotations

from checker.bulk.compile.choices import settled_number
from checker.bulk.compile.lists import is_known
from checker.bulk.compile.records import RowRecord
from checker.bulk.compile.sql import FALSE, TRUE, known, negated, picked, unknown
from checker.bulk.compile.values import (
    Day,
    FixedList,
    Known,
    LabelWord,
    Number,
    Overlap,
    Pick,
    RowList,
    Shares,
    Truth,
    Val,
    Word,
    is_sure,
)
from checker.model.values import UNKNOWN, Distribution, Items, Range, Value


def is_unknown(value: Val) -> str:
    """Return whether a value is unknown."""
    if is_sure(value):
        return FALSE
    match value:
        case Known():
            return TRUE
        case Number():
            return unknown(value.low)
        case RowRecord() if value.sure:
            return FALSE
        case Truth() | Word() | LabelWord() | Day() | Shares() | RowRecord():
            return unknown(value.sql)
        case Pick():
            lacks = [TRUE if each is UNKNOWN else FALSE for each in value.values]
            return picked(value.index, lacks, TRUE)
        case FixedList() | RowList() | Overlap():
            return negated(is_known(value))
    return FALSE


def _is_scalar(value: Value) -> bool:
    held = isinstance(value, Range | Items | tuple | dict | Distribution)
    return value is not UNKNOWN and not held


def is_settled(value: Val) -> str:
    """Return whether a value is known exactly, so that no cause below it counts."""
    match value:
        case Known():
            return TRUE if _is_scalar(value.value) else FALSE
        case Number():
            return TRUE if value.exact and value.sure else settled_number(value)
        case Truth() | Word() | LabelWord() | Day():
            return TRUE if is_sure(value) else known(value.sql)
        case Pick():
            scalar = [TRUE if _is_scalar(each) else FALSE for each in value.values]
            return picked(value.index, scalar, FALSE)
    return FALSE


def is_plain(value: Val) -> bool:
    """Tell whether a value is known exactly where it is known."""
    match value:
        case Number():
            return value.exact
        case Known():
            return value.value is UNKNOWN or _is_scalar(value.value)
        case Pick():
            return all(each is UNKNOWN or _is_scalar(each) for each in value.values)
    return isinstance(value, Truth | Word | LabelWord | Day)
