"""All rules of a brief on the records of a block: statuses, verdicts and who is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from checker.engine.prepared import Desk, PreparedRule
from checker.engine.verdicts import verdict_from
from checker.engine.waivers import covering
from checker.language.columns.bind import ColumnBinder
from checker.language.columns.domain import COLUMNS, OPEN_COLUMNS
from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.kinds import RecordColumn
from checker.language.columns.level import Level
from checker.language.columns.sharing import SharedNodes
from checker.language.columns.stored import StoredRecords, longest_lists
from checker.language.evaluate import MOST_WORK
from checker.language.nodes import Comprehension, Node, children, subtree
from checker.language.scope import SLOTS
from checker.model.report import VERDICTS, Status
from checker.model.waivers import Waiver
from checker.screening.judging.rules import (
    FAIL,
    OPEN,
    PASS,
    STATUSES,
    UNMEASURED,
    ColumnRule,
    Measured,
    joined,
)
from checker.screening.reading.accounts import rows_called

NOBODY = -1
# The loops of so many members are evaluated at once.
MOST_MEMBERS = 4 * MOST_WORK


@dataclass(frozen=True, eq=False)
class Judged:
    """What the rules of a brief say of the records of a block; each array has one row a record.

    Attributes:
        statuses: of each rule, by its place, the status of each record; see `STATUSES`.
        decided: of each rule, which comparison decided.
        measured: of each rule, what it measured.
        reopened: of each rule, which records it would fail if unknown words meant nothing; or None.
        verdict: the place in `VERDICTS`.
        decider: the place of the first error rule that keeps the record from passing; or -1.
        open: how many error rules do.
        fit: how far inside the thresholds the record lies.
        level: the records, with the columns that were made on the way.
    """

    statuses: Sequence[Any]
    decided: Sequence[Any]
    measured: Sequence[Measured]
    reopened: Sequence[Any]
    verdict: Any
    decider: Any
    open: Any
    fit: Any
    level: Level


class ColumnJudge:
    """The rules of one brief, on columns.

    `waivers` are those in force; `where` is a condition on an influencer.
    """

    def __init__(
        self,
        prepared: Sequence[PreparedRule],
        waivers: Sequence[Waiver] = (),
        where: Node | None = None,
    ) -> None:
        self.desk: Desk = prepared[0].desk
        desk = self.desk
        known = {"brief": desk.brief, "brand": desk.brand, "today": desk.today}
        self.shared = SharedNodes(desk.context, known)
        self.rules = [ColumnRule(each, self.shared) for each in prepared]
        self.errors = [place for place, rule in enumerate(self.rules) if rule.is_error]
        self.waivers = waivers
        self.where = None if where is None else self.shared.of_rule({}, {}).node(where)
        self.work = ColumnEvaluator(desk.context, {})
        self.open_work = ColumnEvaluator(desk.context, {}, OPEN_COLUMNS)
        self.nested = max(2, *(_nesting(node) for rule in self.rules for node in rule.read))

    def parts(self, people: StoredRecords) -> list[tuple[int, int]]:
        """Divide the records of a block, so that the loops of a part fit into memory.

        Where members are compared with each other, a list costs the square of its length.
        """
        work = np.minimum(longest_lists(people) ** self.nested, MOST_WORK)
        ends = np.flatnonzero(np.diff(np.cumsum(work) // MOST_MEMBERS)) + 1
        return list(pairwise([0, *ends.tolist(), people.size]))

    def level(self, people: StoredRecords, deals: StoredRecords | None) -> Level:
        """Bind the records of a block to the brief."""
        types, binder = self.desk.rules.types, ColumnBinder(self.desk.context)
        person = binder.record(people, types["influencer"])
        every = np.ones(people.size, bool)
        terms = binder.record(deals or StoredRecords(people.size, every, {}), types["deal"])
        deal = RecordColumn(
            types["deal"],
            every,
            lambda name: person if name == "influencer" else terms.get(name),
            lambda name: every if name == "influencer" else terms.holds(name),
        )
        return Level(people.size, {SLOTS["influencer"]: person, SLOTS["deal"]: deal})

    def wanted(self, level: Level) -> tuple[Any, Any]:
        """Return of whom the condition is true, and of whom it is not true or unknown."""
        if self.where is None:
            return np.ones(level.size, bool), np.zeros(level.size, bool)
        yes, no = COLUMNS.sides(self.work.column(self.where, level))
        every = np.ones(level.size, bool)
        return every & yes, every & np.logical_not(no)

    def judge(self, level: Level, people: StoredRecords) -> Judged:
        """Judge the records of a block."""
        level.opened = Level(level.size, level.slots)
        ruled = [self._judged(rule, level) for rule in self.rules]
        statuses, decided, measured, reopened = map(list, zip(*ruled, strict=True))
        verdict, decider, open_ = self._verdicts(statuses, people)
        fit = self._fit(level, measured)
        return Judged(statuses, decided, measured, reopened, verdict, decider, open_, fit, level)

    def _judged(self, rule: ColumnRule, level: Level) -> tuple[Any, Any, Measured, Any]:
        """Return what `_ruled` does, and which records it would have failed for unknown words."""
        status, place, found = self._ruled(rule, self.work, level)
        if not rule.prepared.compares_words or not (status == FAIL).any():
            return status, place, found, None
        assert level.opened is not None
        status_, place_, found_ = self._ruled(rule, self.open_work, level.opened)
        again = (status == FAIL) & (status_ != FAIL)
        if not again.any():
            return status, place, found, None
        if place is not None:
            place = np.where(again, place_, place)
            found = joined([(~again, found), (again, found_)], level.size)
        return np.where(again, status_, status), place, found, again

    def _ruled(self, rule: ColumnRule, work: ColumnEvaluator, level: Level) -> Any:
        """Return a rule's statuses, which comparisons decided, and what it measured."""
        status = rule.run(work, level)
        if not rule.deciding:
            return status, None, UNMEASURED
        place = rule.decided(work, level, status)
        return status, place, rule.measured(work, level, place)

    @property
    def by_record(self) -> list[str]:
        """Return the rules of which a part was computed record by record."""
        slow = self.work.by_record
        return [
            rule.id
            for rule in self.rules
            if slow and any(id(part) in slow for node in rule.read for part in subtree(node))
        ]

    def _verdicts(self, statuses: Sequence[Any], people: StoredRecords) -> tuple[Any, Any, Any]:
        size = people.size
        fails, opens = np.zeros(size, np.int32), np.zeros(size, np.int32)
        first_fail, first_open = np.full(size, NOBODY, np.int16), np.full(size, NOBODY, np.int16)
        passed = np.zeros(size, bool)
        for place in reversed(self.errors):
            status = statuses[place]
            passed |= status == PASS
            for which, count, first in ((FAIL, fails, first_fail), (OPEN, opens, first_open)):
                here = status == which
                self._excuse(self.rules[place].id, STATUSES[which], here, people)
                count += here
                first[here] = place
        kinds = (fails > 0) * np.int8(4) + (opens > 0) * np.int8(2) + passed
        verdict = _VERDICT_OF[kinds]
        failed = fails > 0
        open_ = np.where(failed, fails, opens)
        return verdict, np.where(failed, first_fail, first_open), open_

    def _excuse(self, rule: str, status: Status, rows: Any, people: StoredRecords) -> None:
        """Take out of some rows those that a waiver covers."""
        for waiver in self.waivers:
            if covering((waiver,), rule, status) is None:
                continue
            rows[rows_called(waiver.subject, people)] = False

    def _fit(self, level: Level, measured: Sequence[Measured]) -> Any:
        """Return the mean over error rules of how far inside the threshold the value lies.

        Rules that compare nothing by order, or do not apply, are left out; an unknown counts 0.
        """
        total, count = np.zeros(level.size), np.zeros(level.size)
        for rule, found in zip(self.rules, measured, strict=True):
            if rule.fitted:
                applies = rule.applies(self.work, level)
                values, there = found.inside
                total += np.where(applies & there, values, 0.0)
                count += applies
        return rounded(total / np.maximum(count, 1.0), 6)


def _nesting(node: Node) -> int:
    """Return how many loops stand in each other."""
    inner = max(map(_nesting, children(node)), default=0)
    return inner + isinstance(node, Comprehension)


def rounded(values: Any, digits: int) -> Any:
    """Round as Python does: to the nearest, by the digits of the very number."""
    scaled = values * 10.0**digits
    found = np.rint(scaled) / 10.0**digits
    # Where the scaled number lies close to a half, its own rounding may have decided.
    near = np.flatnonzero(np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < 1e-4)
    for place in near.tolist():
        found[place] = round(float(values[place]), digits)
    return found


def _table() -> Any:
    """Return the verdict for each of: an error rule fails (4), is unknown (2), passed (1)."""
    found = []
    for kinds in range(8):
        deciding: list[Status] = ["fail"] if kinds & 4 else []
        deciding += ["unknown"] if kinds & 2 else []
        found.append(VERDICTS.index(verdict_from(deciding, decided=bool(kinds & 1))))
    return np.array(found, np.uint8)


_VERDICT_OF = _table()
