"""One rule in SQL: whether it applies, whether it holds, and the comparison that decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from checker.bulk.compile import numbers
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.lists import narrowed
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import (
    FALSE,
    NO_FLAG,
    NO_NUMBER,
    TRUE,
    both,
    cases,
    negated,
    surely,
    unknown,
)
from checker.bulk.compile.values import Number, Record, Val
from checker.engine.prepared import PreparedRule
from checker.language.evaluate import Evaluator
from checker.language.nodes import Bind, Compare, Conditional, Logic, Node, Variable, children
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.model.types import MoneyType, NumberType

# A side that reads one of these is what is measured; the other is what is needed.
SUBJECTS = ("influencer", "deal", "shortlist", "post")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A comparison that may have decided, and when it did, if none before it did."""

    when: str
    node: Compare
    env: Env


class CompiledRule:
    """A rule of which `applies` and `holds` are conditions of the row."""

    def __init__(
        self, prepared: PreparedRule, expressions: Expressions, roots: dict[str, Record]
    ) -> None:
        self.prepared = prepared
        self.typed = prepared.typed
        self.expressions = expressions
        try:
            self._compile(roots)
        except CannotCompileError as error:
            raise error.of_rule(prepared.rule.id) from None

    def _compile(self, roots: dict[str, Record]) -> None:
        work, typed = self.expressions, self.typed
        self.env = start(self.prepared, roots)
        self.tests = [node for node in (typed.applies, typed.when) if node is not None]
        self.bound = {variable.slot: node for variable, node in typed.lets}
        for node in (*self.bound.values(), typed.require):
            self._note(node)
        if self.prepared.never_applies:
            # Nothing of it is asked of any row.
            self.applies, self.holds = FALSE, NO_FLAG
            return
        self.env = self.with_lets()
        share = work.columns.share
        self.applies = share(both(*(work.truth(node, self.env).sql for node in self.tests)))
        self.holds = share(work.truth(typed.require, self.env).sql)

    def with_lets(self) -> Env:
        """Return what names stand for, the rule's own among them."""
        work, env = self.expressions, self.env
        for variable, node in self.typed.lets:
            value = narrowed(work.tools, work.value(node, env))
            env = env.bound(variable.slot, value, node)
        return env

    def _note(self, node: Node) -> None:
        if isinstance(node, Bind):
            self.bound.update((variable.slot, value) for variable, value in node.bindings)
        for child in children(node):
            self._note(child)

    @property
    def passes(self) -> str:
        """Return whether the rule passes; unknown and skipped count as no."""
        return surely(both(self.applies, self.holds))

    @property
    def clear(self) -> str:
        """Return true where the rule passes or does not apply, false where it fails, else NULL."""
        if self.applies == TRUE:
            return self.holds
        return cases([(negated(self.applies), TRUE), (self.applies, self.holds)], "NULL::BOOLEAN")

    def status(self, written: Callable[[str], str]) -> str:
        """Return the status; `written` makes a literal of each."""
        skipped, unknown_, passed, failed = map(written, ("skipped", "unknown", "pass", "fail"))
        return cases(
            [
                (negated(self.applies), skipped),
                (unknown(self.applies), unknown_),
                (self.holds, passed),
                (negated(self.holds), failed),
            ],
            unknown_,
        )

    # The comparison that decided

    def comparisons(self, wanted: bool | None) -> list[Comparison]:
        """Return the comparisons, outside loops, that may have given the rule its status.

        `wanted` is the value of the rule's condition, None for unknown. The first of which
        `when` is true did.
        """
        return list(self._comparisons(self.typed.require, self.env, wanted, TRUE))

    def _comparisons(
        self, node: Node, env: Env, wanted: bool | None, when: str
    ) -> Iterator[Comparison]:
        match node:
            case Compare():
                found = both(when, self.is_(node, env, wanted))
                if found != FALSE:
                    yield Comparison(found, node, env)
            case Logic():
                for part in node.operands:
                    inside = both(when, self.is_(part, env, wanted))
                    yield from self._comparisons(part, env, wanted, inside)
            case Bind():
                inner = self.expressions.inside(node, env)
                yield from self._comparisons(node.body, inner, wanted, when)
            case Variable() if node.slot in env.defined:
                defined, outer = env.defined[node.slot]
                yield from self._comparisons(defined, outer, wanted, when)
            case Conditional():
                test = self.expressions.truth(node.test, env).sql
                for side, taken in ((node.then, test), (node.otherwise, negated(test))):
                    if surely(taken) != FALSE:
                        yield from self._comparisons(side, env, wanted, both(when, surely(taken)))

    def is_(self, node: Node, env: Env, wanted: bool | None) -> str:
        """Return whether a condition has a value; never NULL."""
        value = self.expressions.truth(node, env).sql
        if wanted is None:
            return unknown(value)
        return surely(value if wanted else negated(value))

    def measured(self, found: Comparison) -> tuple[Val, Val, str]:
        """Return what is measured, what is needed, and the operator between the two."""
        node = found.node
        left, right = (self.expressions.value(side, found.env) for side in (node.left, node.right))
        if self.measured_left(node):
            return left, right, node.operator
        return right, left, _MIRRORED[node.operator]

    def measured_left(self, node: Compare) -> bool:
        """Tell whether the left side is what is measured."""
        return self._reads_subject(node.left) or not self._reads_subject(node.right)

    def _reads_subject(self, node: Node) -> bool:
        return any(isinstance(p, Variable) and p.name in SUBJECTS for p in self._parts(node))

    def _parts(self, node: Node) -> Iterator[Node]:
        yield node
        if isinstance(node, Variable) and node.slot in self.bound:
            yield from self._parts(self.bound[node.slot])
        for child in children(node):
            yield from self._parts(child)

    def sides(self) -> tuple[str, str, str, str]:
        """Return measured low and high, what is needed, and how far inside it the value lies.

        They hold where the rule applies.
        """
        if self.applies == FALSE:
            return NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER
        whole = self._only_comparison()
        if whole is not None:
            return self._numbers(whole)
        branches: list[tuple[str, tuple[str, str, str, str]]] = []
        for wanted in (True, False, None):
            status = both(surely(self.applies), self.is_(self.typed.require, self.env, wanted))
            for found in self.comparisons(wanted):
                numbers_ = self._numbers(found)
                branches.append((both(status, found.when), numbers_))
        made = [
            cases([(when, ends[place]) for when, ends in branches], NO_NUMBER) for place in range(4)
        ]
        low, high, needed, inside = made
        return low, high, needed, inside

    def _only_comparison(self) -> Comparison | None:
        """Return the comparison that is the whole condition, if one is."""
        found = [self.comparisons(wanted) for wanted in (True, False, None)]
        if not all(len(each) == 1 for each in found):
            return None
        node = found[0][0].node
        for (each,), wanted in zip(found, (True, False, None), strict=True):
            whole = self.is_(self.typed.require, self.env, wanted)
            if each.node is not node or each.when != whole:
                return None
        return found[0][0]

    def _numbers(self, found: Comparison) -> tuple[str, str, str, str]:
        if not isinstance(found.node.left.type, NumberType | MoneyType):
            return NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER
        has, needs, operator = self.measured(found)
        value, limit = numbers.as_number(has), numbers.as_number(needs)
        needed, inside = _needed(operator, value, limit)
        share = self.expressions.columns.share
        return value.low, value.high, needed, NO_NUMBER if inside == NO_NUMBER else share(inside)


def _needed(operator: str, value: Number, limit: Number) -> tuple[str, str]:
    """Return the end of what is needed that surely suffices, and how far inside it a value lies."""
    if operator in (">", ">="):
        return limit.high, _inside(value.low, limit.high, f"{value.low} - {limit.high}")
    if operator in ("<", "<="):
        return limit.low, _inside(value.high, limit.low, f"{limit.low} - {value.high}")
    if limit.exact:
        return limit.low, NO_NUMBER
    return f"(CASE WHEN {limit.low} = {limit.high} THEN {limit.low} END)", NO_NUMBER


def _inside(a: str, b: str, gap: str) -> str:
    """Return a distance as a part of the larger of two numbers, -1 to 1."""
    largest = f"greatest(abs({a}), abs({b}), '1e-9'::DOUBLE)"
    part = f"({gap}) / {largest}"
    return (
        f"(CASE WHEN isfinite({a}) AND isfinite({b}) THEN greatest(-1.0, least(1.0, {part}))"
        f" WHEN {gap} > 0 THEN 1.0 WHEN {gap} < 0 THEN -1.0 END)"
    )


def start(prepared: PreparedRule, roots: dict[str, Record]) -> Env:
    """Return what the records' names stand for in a rule."""
    desk = prepared.desk
    frame = desk.frame(prepared.typed.slots, {})
    frame[SLOTS["params"]] = prepared.params
    evaluator = Evaluator(desk.context)
    values: dict[int, Val] = {SLOTS[name]: record for name, record in roots.items()}
    reads = Specialiser(evaluator, frame, BRIEF_SLOTS)
    return Env(evaluator, frame, BRIEF_SLOTS, values, reads)
