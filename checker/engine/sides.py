"""The comparison that decided an outcome, its two sides, and the values behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.engine.places import Records, evidence_of, plain_value
from checker.engine.reasons import write_sides
from checker.engine.ruleset import TypedRule
from checker.language.nodes import (
    Bind,
    Compare,
    Comprehension,
    Conditional,
    Logic,
    Node,
    Variable,
    children,
)
from checker.language.trace import Step, TracedFrame
from checker.model.report import Evidence, Side
from checker.model.rules import Rule
from checker.model.values import UNKNOWN, Value

# A side that reads one of these is what is measured; the other is what is needed.
_SUBJECTS = ("influencer", "deal", "shortlist", "post")


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The comparison that decided: its node, its sides' values, and which side is measured."""

    node: Compare
    values: tuple[Value, Value]
    measured_left: bool


class Reading:
    """What a traced run of a rule read, and how its parts hang together."""

    def __init__(self, typed: TypedRule, frame: TracedFrame, records: Records, currency: str) -> None:
        self.rule: Rule = typed.rule
        self.frame = frame
        self.records = records
        self.currency = currency
        self.latest: Mapping[int, Value] = {id(step.node): step.value for step in frame.steps}
        self.bound: dict[int, Node] = {variable.slot: value for variable, value in typed.lets}
        for node in (*self.bound.values(), typed.require):
            self._bind(node)

    def _bind(self, node: Node) -> None:
        if isinstance(node, Bind):
            self.bound.update((variable.slot, value) for variable, value in node.bindings)
        for child in children(node):
            self._bind(child)

    def decided(self, node: Node, wanted: Value) -> Decided | None:
        """Find the comparison, outside loops, that gave `node` the value `wanted`."""
        value = self.latest.get(id(node))
        match node:
            case Compare() if value is wanted:
                values = (self.latest[id(node.left)], self.latest[id(node.right)])
                return Decided(node, values, self._measured_left(node))
            case Logic():
                parts = (part for part in node.operands if self.latest.get(id(part)) is wanted)
                found = (self.decided(part, wanted) for part in parts)
                return next((each for each in found if each), None)
            case Bind():
                return self.decided(node.body, wanted)
            case Variable() if node.slot in self.bound:
                return self.decided(self.bound[node.slot], wanted)
            case Conditional():
                taken = self.frame.taken.get(id(node))
                return None if taken is None else self.decided(taken, wanted)
        return None

    def _measured_left(self, node: Compare) -> bool:
        return self._reads_subject(node.left) or not self._reads_subject(node.right)

    def _reads_subject(self, node: Node) -> bool:
        return any(isinstance(part, Variable) and part.name in _SUBJECTS for part in self.parts(node))

    def parts(self, node: Node) -> Iterator[Node]:
        """Give a node and all below it, names followed to what they are bound to."""
        yield node
        if isinstance(node, Variable) and node.slot in self.bound:
            yield from self.parts(self.bound[node.slot])
        for child in children(node):
            yield from self.parts(child)

    def steps(self, node: Node) -> list[Step]:
        """Return what was read below a node, in order."""
        below = {id(part) for part in self.parts(node)}
        return [step for step in self.frame.steps if id(step.node) in below]

    def evidence(self, steps: list[Step]) -> tuple[Evidence, ...]:
        """Return what steps read, each place once."""
        found: dict[str, Evidence] = {}
        for step in steps:
            made = evidence_of(step, self.records, self.rule, self.currency)
            if made is not None:
                found.setdefault(made.path, made)
        return tuple(found.values())

    def sides(self, decided: Decided) -> tuple[Side, Side]:
        """Return what is measured and what is needed."""
        node, values = decided.node, decided.values
        left, right = write_sides(node, values, self.currency)
        sides = (self._side(node.left, values[0], left), self._side(node.right, values[1], right))
        return sides if decided.measured_left else (sides[1], sides[0])

    def _side(self, node: Node, value: Value, text: str) -> Side:
        evidence = self.evidence(self.steps(node))
        present = tuple(each for each in evidence if each.value is not None or each.origin == "assumed")
        if value is UNKNOWN:
            missing = tuple(each for each in evidence if each.value is None)
            return Side("not known" if present else "nothing", None, missing or present)
        return Side(text, plain_value(value), present)


def is_in_loop(node: Node, target: Node) -> bool:
    """Tell whether `target` stands inside a loop below `node`."""
    if isinstance(node, Comprehension):
        return any(each is target for each in _below(node))
    return any(is_in_loop(child, target) for child in children(node))


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _below(child)
