"""A rule run again on records with one value changed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

from checker.engine.places import Records
from checker.engine.prepared import PreparedRule
from checker.language.trace import Place
from checker.model.records import DataPath
from checker.model.types import Field, RecordType, Type
from checker.model.values import Value


class Trials:
    """Runs one rule on one subject with changed records; the records themselves stay."""

    def __init__(
        self, prepared: PreparedRule, records: Records, values: Mapping[str, Value]
    ) -> None:
        self.prepared = prepared
        self.records = records
        self.values = values

    def passes(self, place: Place, value: Any) -> bool:
        """Tell whether the rule passes with `value`, plain JSON, at a place."""
        values = self._changed(place, value)
        return values is not None and self.prepared.passes(values)

    def run(self, place: Place, value: Any) -> Mapping[int, Value]:
        """Return the value of each node of the rule, by its id, with `value` at a place."""
        values = self._changed(place, value)
        if values is None:
            return {}
        return {id(step.node): step.value for step in self.prepared.trace(values).frame.steps}

    def _changed(self, place: Place, value: Any) -> Mapping[str, Value] | None:
        """Return the subject's values with another one at a place; None where it cannot be."""
        found = self.records.find(place)
        if found is None:
            return None
        record, path = found
        data = changed(record.data, path, value)
        if data is None:
            return None
        desk = self.prepared.desk
        bound = desk.binders.record(data, desk.rules.types[record.kind])
        return self._replace(place, record.kind, bound)

    def _replace(self, place: Place, kind: str, bound: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the subject's values with one record's bound anew."""
        values = dict(self.values)
        if place[0] == "shortlist":
            at = place[1]
            assert isinstance(at, int)
            members = list(values["shortlist"])
            influencer = bound if kind == "influencer" else members[at].get("influencer")
            deal = members[at] if kind == "influencer" else bound
            members[at] = {**deal, "influencer": influencer}
            return {**values, "shortlist": tuple(members)}
        if kind == "deal":
            bound = {**bound, "influencer": values.get("influencer")}
        if kind == "influencer" and "deal" in values:
            values["deal"] = {**values["deal"], "influencer": bound}
        if kind == "post" and "post" in values and "market" in values["post"]:
            # The market that the subject stands for need not stand in the post.
            bound = {**bound, "market": values["post"]["market"]}
        return {**values, kind: bound}


def changed(data: Mapping[str, Any], path: DataPath, value: Any) -> dict[str, Any] | None:
    """Return a record's data with `value` at a path, or None where the result is not valid.

    Parts on the way that are missing are made.
    """
    copy: dict[str, Any] = deepcopy(dict(data))
    holder: Any = copy
    for part, following in pairwise(path):
        if isinstance(holder, list):
            if not isinstance(part, int) or part >= len(holder):
                return None
        elif part not in holder:
            if isinstance(following, int):
                return None
            holder[part] = {}
        holder = holder[part]
    holder[path[-1]] = value
    return copy if _in_order(holder) and _in_order(value) else None


def _in_order(part: Any) -> bool:
    """Tell whether a part of a record has its ends in order."""
    if not isinstance(part, dict):
        return True
    for first, last in (("min", "max"), ("from", "until"), ("start", "end")):
        low, high = part.get(first), part.get(last)
        if low is not None and high is not None and low > high:
            return False
    return True


def changeable_at(place: Place, types: Mapping[str, RecordType]) -> tuple[Place, Field] | None:
    """Return what a party to the deal can change so that another value stands at a place.

    That is the field itself, or the list that it is in. None where nobody can change it.
    """
    in_shortlist = place[0] == "shortlist"
    root = "deal" if in_shortlist else str(place[0])
    if root not in types:
        return None  # A param, or the date.
    start = 2 if in_shortlist else 1
    inner: Type = types[root]
    for at in range(start, len(place)):
        part = place[at]
        if not isinstance(inner, RecordType) or part not in inner.fields:
            return None
        field = inner.fields[str(part)]
        if field.changeable and _is_value(field.type):
            return place[: at + 1], field
        inner = types["influencer"] if _is_influencer(place, at) else field.type
    return None


def _is_value(type_: Type) -> bool:
    """Tell whether a type is changed as a whole; of other records a member is changed."""
    return not isinstance(type_, RecordType) or type_.name == "ages"


def _is_influencer(place: Place, at: int) -> bool:
    return place[at] == "influencer" and place[0] in ("deal", "shortlist")
