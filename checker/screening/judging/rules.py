"""One rule on the records of a block: its statuses, and what it measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from checker.engine.prepared import PreparedRule
from checker.engine.sides import Comparison, Names
from checker.language.columns.domain import COLUMNS
from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.kinds import Column, is_constant
from checker.language.columns.level import Level
from checker.language.columns.sharing import RuleNodes, SharedNodes
from checker.language.nodes import Compare, Literal, Node
from checker.model.report import Status
from checker.model.types import MoneyType, NumberType

STATUSES: tuple[Status, ...] = ("pass", "fail", "unknown", "skipped")
PASS, FAIL, OPEN, SKIPPED = range(4)
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# Two numbers that are smaller count as this large when their distance is measured.
_LEAST = 1e-9

# Numbers of each record, and where there are any; of a rule that measures nothing there are none.
Numbers = tuple[Any, Any]
NOTHING: Numbers = (0.0, False)


class Measured:
    """What was measured of each record and what is needed, and how far inside it the value lies."""

    def __init__(self, low: Numbers, high: Numbers, needed: Numbers, inside: Numbers) -> None:
        self.low, self.high, self.needed, self.inside = low, high, needed, inside

    @property
    def parts(self) -> tuple[Numbers, ...]:
        """Return all of them, in the order of the arguments."""
        return self.low, self.high, self.needed, self.inside


UNMEASURED = Measured(NOTHING, NOTHING, NOTHING, NOTHING)


class Deciding:
    """A comparison that may have decided, with the shared nodes of what it hangs on."""

    def __init__(self, found: Comparison, names: Names, nodes: RuleNodes) -> None:
        self.node: Compare = found.node
        self.left, self.right = nodes.node(found.node.left), nodes.node(found.node.right)
        self.held = [nodes.node(each) for each in found.held]
        self.taken = [(nodes.node(each.test), side is each.then) for each, side in found.taken]
        self.measured_left = names.measured_left(found.node)
        self.numeric = isinstance(found.node.left.type, NumberType | MoneyType)
        self.orders = self.numeric and found.node.operator in _MIRRORED

    @property
    def reachable(self) -> bool:
        """Whether the brief leaves it to the record that this comparison is asked."""
        return all(
            not isinstance(test, Literal) or test.value is wanted for test, wanted in self.taken
        )


class ColumnRule:
    """One rule of a brief, with its nodes shared with the other rules."""

    def __init__(self, prepared: PreparedRule, shared: SharedNodes) -> None:
        self.prepared = prepared
        typed = prepared.typed
        names = Names(typed)
        self.id = prepared.rule.id
        self.is_error = prepared.rule.severity == "error"
        self.nodes = shared.of_rule(names.bound, prepared.params)
        tests = (typed.applies, typed.when)
        self.tests = [self.nodes.node(node) for node in tests if node is not None]
        self.require = self.nodes.node(typed.require)
        found = (Deciding(each, names, self.nodes) for each in names.comparisons(typed.require))
        self.deciding = [each for each in found if each.reachable]
        self.fitted = self.is_error and any(each.orders for each in self.deciding)

    @property
    def read(self) -> tuple[Node, ...]:
        """Return the conditions of the rule."""
        return *self.tests, self.require

    def run(self, work: ColumnEvaluator, level: Level) -> Any:
        """Return the status of each record."""
        size = level.size
        if self.prepared.never_applies:
            return np.full(size, SKIPPED, np.uint8)
        yes, no = _sides(work.column(self.require, level), size)
        found = np.uint8(OPEN) - yes.astype(np.uint8) * np.uint8(2) - no
        skipped, open_ = np.zeros(size, bool), np.zeros(size, bool)
        for test in self.tests:
            if isinstance(test, Literal) and test.value is True:
                continue
            yes, no = _sides(work.column(test, level), size)
            skipped |= no
            open_ |= ~(yes | no)
        found[open_] = OPEN
        found[skipped] = SKIPPED
        return found

    def applies(self, work: ColumnEvaluator, level: Level) -> Any:
        """Tell of which records it is sure that the rule applies."""
        found = np.ones(level.size, bool)
        for test in self.tests:
            found &= _sides(work.column(test, level), level.size)[0]
        return found & (not self.prepared.never_applies)

    def decided(self, work: ColumnEvaluator, level: Level, status: Any) -> Any:
        """Return the number of the comparison that decided each record; -1 where none did."""
        left = self.applies(work, level)
        found = np.full(level.size, -1, np.int16)
        for place, each in enumerate(self.deciding):
            here = left.copy()
            for test, wanted in each.taken:
                here &= _sides(work.column(test, level), level.size)[0 if wanted else 1]
            for node in each.held:
                if not here.any():
                    break
                here &= _as_status(work, node, level) == status
            found[here] = place
            left &= ~here
        return found

    def measured(self, work: ColumnEvaluator, level: Level, decided: Any) -> Measured:
        """Return what was measured, from the comparisons that decided."""
        if not any(each.numeric for each in self.deciding):
            return UNMEASURED
        parts: list[tuple[Any, Measured]] = []
        for place, each in enumerate(self.deciding):
            here = decided == place
            if each.numeric and here.any():
                parts.append((here, _measure(work, level, each)))
        return joined(parts, level.size)


def _as_status(work: ColumnEvaluator, node: Node, level: Level) -> Any:
    yes, no = _sides(work.column(node, level), level.size)
    return np.uint8(OPEN) - yes.astype(np.uint8) * np.uint8(2) - no


def _sides(column: Column, size: int) -> tuple[Any, Any]:
    yes, no = COLUMNS.sides(column)
    if is_constant(column):
        return np.full(size, yes, bool), np.full(size, no, bool)
    return yes, no


def _measure(work: ColumnEvaluator, level: Level, decided: Deciding) -> Measured:
    """Return what was measured, what is needed, and how far inside it the value lies."""
    value, limit, operator = decided.left, decided.right, decided.node.operator
    if not decided.measured_left:
        value, limit, operator = limit, value, _MIRRORED.get(operator, operator)
    known, low, high = COLUMNS.ends(work.column(value, level))
    there, least, most = COLUMNS.ends(work.column(limit, level))
    if operator in (">", ">="):
        needed = most
        inside = _inside(low, most, 1)
    elif operator in ("<", "<="):
        needed = least
        inside = _inside(high, least, -1)
    else:
        exact = there & (least == most) if not isinstance(least, float) else least == most
        return Measured((low, known), (high, known), (least, exact), NOTHING)
    ends, both = (low, known), known & there
    return Measured(ends, (high, known), (needed, there), (inside[0], inside[1] & both))


def _inside(value: Any, limit: Any, sign: int) -> Numbers:
    """Return distances as parts of the larger of two numbers, -1 to 1, and where there are any."""
    with np.errstate(invalid="ignore"):
        gap = np.subtract(value, limit) * sign
        size = np.maximum(np.maximum(np.abs(value), np.abs(limit)), _LEAST)
        part = np.maximum(-1.0, np.minimum(1.0, gap / size))
        finite = np.isfinite(value) & np.isfinite(limit)
        far = np.where(gap > 0, 1.0, -1.0)
        return np.where(finite, part, far), finite | (gap > 0) | (gap < 0)


def joined(parts: Sequence[tuple[Any, Measured]], size: int) -> Measured:
    """Return of each record what its comparison measured."""
    if len(parts) == 1:
        here, only = parts[0]
        if here.all():
            return only
        return Measured(*((values, there & here) for values, there in only.parts))
    columns = []
    for name in range(4):
        values, there = np.zeros(size), np.zeros(size, bool)
        for here, each in parts:
            some, known = each.parts[name]
            values = np.where(here, some, values)
            there |= here & known
        columns.append((values, there))
    return Measured(*columns)
