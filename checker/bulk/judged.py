"""What the evaluator says of one influencer, as a row of the table that DuckDB makes.

DuckDB decides what it can prove; every other record is judged here, and this word is final.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from checker.bulk.compile.reasons import NOTHING_DECIDED
from checker.bulk.screener import Judged
from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, Traced
from checker.engine.sides import Decided, Reading
from checker.language.nodes import Bind, Compare, Conditional, Logic, Node, Variable, children
from checker.model.records import Record
from checker.model.report import Status
from checker.model.types import MoneyType, NumberType
from checker.model.values import UNKNOWN, Range, Value
from checker.model.waivers import Waiver

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WANTED: Mapping[str, Value] = {"pass": True, "fail": False, "unknown": UNKNOWN}
# Two numbers that are smaller count as this large when their distance is measured.
_LEAST = 1e-9


class Judge:
    """Judges records by the influencer rules of one brief, as `checker check` does.

    `waivers` are those in force. `fitted` are the rules whose distance from the threshold counts
    for `fit`; None finds them by their conditions. `reasons` gives every outcome its reason.
    """

    def __init__(
        self,
        prepared: Sequence[PreparedRule],
        brief: Record,
        brand: Record,
        *,
        waivers: Sequence[Waiver] = (),
        fitted: Collection[str] | None = None,
        where: Callable[[Mapping[str, Value]], Value] | None = None,
        reasons: bool = False,
    ) -> None:
        self.prepared = prepared
        self.desk = prepared[0].desk
        self.common = {"brief": brief, "brand": brand}
        self.waivers = waivers
        self.where = where
        self.reasons = reasons
        self.fitted = {p.rule.id for p in prepared if _orders(p)} if fitted is None else fitted

    def judge(self, influencer: Record, deal: Record, kept: Sequence[str | None] = ()) -> Judged:
        """Judge a valid record, with the terms of its deal if there are any."""
        types = self.desk.rules.types
        person = self.desk.binders.record(influencer.data, types["influencer"])
        terms = self.desk.binders.record(deal.data, types["deal"])
        values = {"influencer": person, "deal": {**terms, "influencer": person}}
        case = Case(values, Records({**self.common, "influencer": influencer, "deal": deal}))
        handle = str(influencer.data["handle"])
        names = {influencer.id, handle}
        found = [
            _Found(each, each.status(values), case, names, self.waivers) for each in self.prepared
        ]
        verdict, decider, open_ = _verdict(found)
        return Judged(
            influencer.id,
            handle,
            verdict,
            self._fit(found),
            decider.prepared.rule.id if decider else None,
            open_,
            decider.reason if decider else NOTHING_DECIDED if verdict == "undecided" else None,
            [each.row(self.reasons) for each in found],
            kept,
            True if self.where is None else _truth(self.where(values)),
        )

    def _fit(self, found: list[_Found]) -> float:
        counted = [
            each.inside or 0.0
            for each in found
            if each.prepared.rule.severity == "error"
            and each.prepared.rule.id in self.fitted
            and each.applies
        ]
        total = 0.0
        for each in counted:
            total += each
        return round(total / len(counted), 6) if counted else 0.0


def _truth(value: Value) -> bool | None:
    return None if value is UNKNOWN else value is True


def _verdict(found: list[_Found]) -> tuple[str, _Found | None, int]:
    errors = [each for each in found if each.prepared.rule.severity == "error"]
    fails = [each for each in errors if each.status == "fail" and not each.excused]
    if fails:
        return "fail", fails[0], len(fails)
    open_ = [each for each in errors if each.status == "unknown" and not each.excused]
    if open_:
        return "undecided", open_[0], len(open_)
    passed = any(each.status == "pass" for each in errors)
    return ("pass" if passed else "undecided"), None, 0


class _Found:
    """One rule on one record."""

    def __init__(
        self,
        prepared: PreparedRule,
        status: Status,
        case: Case,
        names: set[str],
        waivers: Sequence[Waiver],
    ) -> None:
        self.prepared = prepared
        self.status = status
        self.case = case
        self.excused = any(
            waiver.rule == prepared.rule.id and waiver.status == status and waiver.subject in names
            for waiver in waivers
        )
        self.low: float | None = None
        self.high: float | None = None
        self.needed: float | None = None
        self.inside: float | None = None
        traced = prepared.trace(case.values)
        self.applies = traced.when is True
        if self.applies:
            self._measure(traced)

    def _measure(self, traced: Traced) -> None:
        typed, desk = self.prepared.typed, self.prepared.desk
        reading = Reading(typed, traced.frame, self.case.records, desk.context.currency)
        decided = reading.decided(typed.require, _WANTED[self.status])
        if decided is None or not isinstance(decided.node.left.type, (NumberType, MoneyType)):
            return
        self.low, self.high, self.needed, self.inside = _sides(decided)

    @property
    def reason(self) -> str:
        return explained_outcome(self.prepared, self.status, self.case).reason

    def row(self, reasons: bool) -> dict[str, Any]:
        made: dict[str, Any] = {"rule": self.prepared.rule.id, "status": self.status}
        made |= {"low": self.low, "high": self.high, "needed": self.needed}
        return made | ({"reason": self.reason} if reasons else {})


def _sides(
    decided: Decided,
) -> tuple[float | None, float | None, float | None, float | None]:
    """Return what was measured, what is needed, and how far inside it the value lies."""
    left, right = map(_ends, decided.values)
    operator = decided.node.operator
    value, limit = left, right
    if not decided.measured_left:
        value, limit, operator = right, left, _MIRRORED.get(operator, operator)
    low, high = value or (None, None)
    if limit is None:
        return low, high, None, None
    if operator in (">", ">="):
        return low, high, limit[1], _inside(low, limit[1], 1)
    if operator in ("<", "<="):
        return low, high, limit[0], _inside(high, limit[0], -1)
    return low, high, limit[0] if limit[0] == limit[1] else None, None


def _ends(value: Value) -> tuple[float, float] | None:
    if value is UNKNOWN:
        return None
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def _inside(value: float | None, limit: float, sign: int) -> float | None:
    """Return a distance as a part of the larger of two numbers, -1 to 1."""
    if value is None:
        return None
    gap = sign * (value - limit)
    if isfinite(value) and isfinite(limit):
        return max(-1.0, min(1.0, gap / max(abs(value), abs(limit), _LEAST)))
    return 1.0 if gap > 0 else -1.0 if gap < 0 else None


def _orders(prepared: PreparedRule) -> bool:
    """Tell whether a rule compares numbers by order, outside loops."""
    bound = {variable.slot: node for variable, node in prepared.typed.lets}
    return any(
        node.operator in _MIRRORED and isinstance(node.left.type, (NumberType, MoneyType))
        for node in _comparisons(prepared.typed.require, bound)
    )


def _comparisons(node: Node, bound: dict[int, Node]) -> Iterator[Compare]:
    match node:
        case Compare():
            yield node
        case Bind():
            bound.update((variable.slot, value) for variable, value in node.bindings)
            yield from _comparisons(node.body, bound)
        case Variable() if node.slot in bound:
            yield from _comparisons(bound[node.slot], bound)
        case Logic() | Conditional():
            for child in children(node):
                yield from _comparisons(child, bound)
