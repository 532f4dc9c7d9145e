"""What would make a failed comparison pass: one field changed, in the record's own terms.

Only fields that the schema marks as changeable are tried. Each proposal is run again on the
changed record before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from math import ceil, floor
from typing import Any

from checker.engine.places import Records, raw_at
from checker.engine.prepared import PreparedRule
from checker.engine.sides import Decided, Reading
from checker.language.format import write
from checker.language.nodes import Path
from checker.language.trace import Place, Step
from checker.model.records import DataPath
from checker.model.types import MoneyType, NumberType
from checker.model.values import Value


def remedies(
    prepared: PreparedRule, decided: Decided, reading: Reading, values: Mapping[str, Value]
) -> tuple[str, ...]:
    """Return single changes, each of which makes the rule pass: "fee at most GBP 480"."""
    found: dict[str, None] = {}
    steps = [*reading.steps(decided.node.left), *reading.steps(decided.node.right)]
    tried: set[Place] = set()
    for step in steps:
        if step.place is None or step.place in tried or not _changeable(step):
            continue
        tried.add(step.place)
        text = _Trial(prepared, decided, reading.records, values, step).proposal()
        if text:
            found[text] = None
    return tuple(found)


def _changeable(step: Step) -> bool:
    node = step.node
    return (
        isinstance(node, Path)
        and node.field.changeable
        and isinstance(node.type, MoneyType | NumberType)
        and isinstance(step.value, float)
    )


class _Trial:
    """Tries values of one field."""

    def __init__(
        self,
        prepared: PreparedRule,
        decided: Decided,
        records: Records,
        values: Mapping[str, Value],
        step: Step,
    ) -> None:
        self.prepared = prepared
        self.decided = decided
        self.records = records
        self.values = values
        assert step.place is not None and isinstance(step.node, Path)
        self.place: Place = step.place
        self.field = step.node.field

    def proposal(self) -> str:
        """Return the change in words, or an empty text where none works."""
        found = self.records.find(self.place)
        if found is None:
            return ""
        record, path = found
        now = raw_at(record.data, path)
        if isinstance(now, bool) or not isinstance(now, int | float):
            return ""
        target = self._solve(float(now), path)
        if target is None:
            return ""
        share = isinstance(self.field.type, NumberType) and self.field.type.unit == "share"
        for value in _rounded(target, float(now), 100.0 if share else 1.0):
            if self._allowed(value) and self._run(value, path)[0]:
                return self._say(value, float(now), record.data)
        return ""

    def _solve(self, now: float, path: DataPath) -> float | None:
        """Return where the two sides meet, taking their difference as linear in the field."""
        here = self._difference(now, path)
        step = max(1.0, abs(now) * 0.01) if now > 1 else 0.01
        there = self._difference(now + step, path)
        if here is None or there is None or here == there:
            return None
        return now - here * step / (there - here)

    def _difference(self, value: float, path: DataPath) -> float | None:
        _, sides = self._run(value, path)
        left, right = sides
        if isinstance(left, float) and isinstance(right, float):
            return left - right
        return None

    def _run(self, value: float, path: DataPath) -> tuple[bool, tuple[Value, Value]]:
        changed = self._changed(value, path)
        traced = self.prepared.trace(changed)
        latest = {id(step.node): step.value for step in traced.frame.steps}
        node = self.decided.node
        passes = traced.when is True and traced.require is True
        return passes, (latest.get(id(node.left)), latest.get(id(node.right)))

    def _changed(self, value: float, path: DataPath) -> Mapping[str, Value]:
        """Bind the subject again with the one value changed in its record."""
        found = self.records.find(self.place)
        assert found is not None
        record, _ = found
        data = deepcopy(dict(record.data))
        holder: Any = data
        for part in path[:-1]:
            holder = holder[part]
        holder[path[-1]] = value
        desk = self.prepared.desk
        bound = desk.binders.record(data, desk.rules.types[record.kind])
        return self._replace(record.kind, bound)

    def _replace(self, kind: str, bound: Mapping[str, Value]) -> Mapping[str, Value]:
        values = dict(self.values)
        if self.place[0] == "shortlist":
            at = self.place[1]
            assert isinstance(at, int)
            members = list(values["shortlist"])
            influencer = bound if kind == "influencer" else members[at].get("influencer")
            deal = members[at] if kind == "influencer" else bound
            members[at] = {**deal, "influencer": influencer}
            return {**values, "shortlist": tuple(members)}
        if kind == "deal":
            bound = {**bound, "influencer": values.get("influencer")}
        return {**values, kind: bound}

    def _allowed(self, value: float) -> bool:
        type_ = self.field.type
        assert isinstance(type_, MoneyType | NumberType)
        return type_.low <= value <= type_.high

    def _say(self, value: float, now: float, data: Mapping[str, Any]) -> str:
        bound = "at least" if value > now else "at most"
        if isinstance(self.field.type, MoneyType):
            currency = raw_at(data, self.field.currency) or ""
            amount = write(value, "money", currency=str(currency))
        else:
            unit = self.field.type.unit if isinstance(self.field.type, NumberType) else "number"
            amount = write(value, "percent" if unit == "share" else "number", digits=4)
        whose = self.records.whose(self.place)
        return f"{whose + ' ' if whose else ''}{self.field.title} {bound} {amount}"


def _rounded(target: float, now: float, whole: float) -> Iterator[float]:
    """Give the target in round figures, away from the present value so that it still passes.

    `whole` says what a round figure is: 1 for amounts, 100 for shares, which are percents.
    """
    towards = ceil if target > now else floor
    for scale in (whole, whole * 100.0, whole * 10_000.0):
        # A hair of tolerance keeps 480.0000001 from becoming 481.
        hair = -1e-6 if target > now else 1e-6
        yield towards(target * scale + hair) / scale
    step = 1.0 if target > now else -1.0
    yield (towards(target * whole) + step) / whole
    yield target
