"""Members without a value: a null is a missing value, but only where a schema knows its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def without_nulls(data: Any) -> Any:
    """Return plain data without the members that are null."""
    if isinstance(data, dict):
        return {k: without_nulls(value) for k, value in data.items() if value is not None}
    if isinstance(data, list):
        return [without_nulls(value) for value in data]
    return data


def without_known_nulls(raw: Any, schema: Schema, *, names_are_free: bool) -> Any:
    """Return data without the members that are null and whose names `schema` knows.

    The others stay, for the schema to refuse them as it refuses any other unknown member.
    `names_are_free` says whether the author of the data chooses the names of a map's members, as
    the configuration's: such a member says nothing without a value, so it stays, too.
    """

    def kept(data: Any, at: Schema) -> Any:
        at = _resolved(at, schema)
        if isinstance(data, list):
            return [kept(item, at.get("items", {})) for item in data]
        if not isinstance(data, dict):
            return data
        own, others = at.get("properties", {}), at.get("additionalProperties", True)
        members = {}
        for name, value in data.items():
            if value is not None:
                below = own.get(name, others if isinstance(others, dict) else {})
                members[name] = kept(value, below)
            elif name not in own and (others is False or not known(name, at, others)):
                members[name] = None
        return members

    def known(name: str, at: Schema, others: Any) -> bool:
        if isinstance(others, dict) and names_are_free:
            return False
        names = _resolved(at.get("propertyNames", {}), schema)
        return name in names.get("enum", (name,)) and bool(
            re.search(names.get("pattern", ""), name)
        )

    return kept(raw, schema)


def _resolved(at: Schema, schema: Schema) -> Schema:
    reference = at.get("$ref", "")
    return {**schema["$defs"][reference.rpartition("/")[2]], **at} if reference else at
