"""The columns of a made-up roster in DuckDB, which is the yardstick of screening."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    Type,
)

# The age bands that vendors export.
BANDS = (
    *("13-17", "18-24", "25-34", "35-44", "45-54", "45-64", "45+"),
    *("55-64", "55+", "65+"),
)
# A closed set of keys up to this size is a struct.
_MOST_MEMBERS = 8


def keys_of(type_: DistributionType) -> tuple[str, ...]:
    """Return the members of a distribution that is a struct; none where it is a map."""
    if type_.ages:
        return BANDS
    return type_.keys.choices if len(type_.keys.choices) <= _MOST_MEMBERS else ()


def members(record: RecordType) -> Mapping[str, Type]:
    """Return the fields that have a column: all but records without fields."""
    return {
        name: field.type
        for name, field in record.fields.items()
        if not (isinstance(field.type, RecordType) and not members(field.type))
    }


def sql_type(type_: Type, *, ranges: bool) -> str:
    """Return the type of a column; with `ranges`, what may be a range stands as it is written."""
    match type_:
        case NumberType() | MoneyType():
            return "JSON" if ranges and type_.ranged else "DOUBLE"
        case FlagType():
            return "BOOLEAN"
        case DateType():
            return "DATE"
        case ListType():
            return f"{sql_type(type_.item, ranges=ranges)}[]"
        case DistributionType():
            keys = keys_of(type_)
            inside = ", ".join(f"{name_of(key)} DOUBLE" for key in keys)
            return f"STRUCT({inside})" if keys else "MAP(VARCHAR, DOUBLE)"
        case RecordType():
            parts = members(type_).items()
            inside = ", ".join(f"{name_of(n)} {sql_type(t, ranges=ranges)}" for n, t in parts)
            return f"STRUCT({inside})"
    return "VARCHAR"


def text_of(text: str) -> str:
    """Return a text for SQL, quoted."""
    return "'" + text.replace("'", "''") + "'"


def name_of(name: str) -> str:
    """Return a name of a column for SQL, quoted."""
    return '"' + name.replace('"', '""') + '"'
