"""The comparison that decided an outcome, its two sides, and the values behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.engine.places import Records, evidence_of, plain_value
from checker.engine.reasons import write_sides
from checker.engine.ruleset import TypedRule
from checker.language.functions.facts import counted_keys
from checker.language.nodes import (
    Bind,
    Call,
    Compare,
    Conditional,
    Logic,
    Node,
    Variable,
    children,
)
from checker.language.trace import Step, TracedFrame
from checker.model.frozen import dataclass
from checker.model.report import Evidence, Side
from checker.model.rules import Rule
from checker.model.values import UNKNOWN, Distribution, Value

# A side that reads one of these is what is measured; the other is what is needed.
_SUBJECTS = ("influencer", "deal", "shortlist", "post")


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The comparison that decided: its node, its sides' values, and which side is measured."""

    node: Compare
    values: tuple[Value, Value]
    measured_left: bool


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A comparison, outside loops, that may give a condition its value.

    It does where it, and all that is `held`, has that value, and each conditional in `taken` takes
    that side; of several the first one does.
    """

    node: Compare
    held: tuple[Node, ...]
    taken: tuple[tuple[Conditional, Node], ...]


# The functions that count some keys of a distribution.
SHARES = ("share", "share_aged", "share_of_known_ages")


class Names:
    """What the names of a rule are bound to, by their slots, and what that says of its parts."""

    def __init__(self, typed: TypedRule) -> None:
        self.bound: dict[int, Node] = {variable.slot: value for variable, value in typed.lets}
        for node in (*self.bound.values(), typed.require):
            self._bind(node)

    def _bind(self, node: Node) -> None:
        if isinstance(node, Bind):
            self.bound.update((variable.slot, value) for variable, value in node.bindings)
        for child in children(node):
            self._bind(child)

    def comparisons(
        self,
        node: Node,
        held: tuple[Node, ...] = (),
        taken: tuple[tuple[Conditional, Node], ...] = (),
    ) -> Iterator[Comparison]:
        """Give the comparisons that may give `node` its value, in their order."""
        match node:
            case Compare():
                yield Comparison(node, (*held, node), taken)
            case Logic():
                for part in node.operands:
                    yield from self.comparisons(part, (*held, part), taken)
            case Bind():
                yield from self.comparisons(node.body, held, taken)
            case Variable() if node.slot in self.bound:
                yield from self.comparisons(self.bound[node.slot], held, taken)
            case Conditional():
                for side in (node.then, node.otherwise):
                    yield from self.comparisons(side, held, (*taken, (node, side)))

    def measured_left(self, node: Compare) -> bool:
        """Tell whether the left side of a comparison is what is measured."""
        return self._reads_subject(node.left) or not self._reads_subject(node.right)

    def _reads_subject(self, node: Node) -> bool:
        return any(
            isinstance(part, Variable) and part.name in _SUBJECTS for part in self.parts(node)
        )

    def parts(self, node: Node) -> Iterator[Node]:
        """Give a node and all below it, names followed to what they are bound to."""
        yield node
        if isinstance(node, Variable) and node.slot in self.bound:
            yield from self.parts(self.bound[node.slot])
        for child in children(node):
            yield from self.parts(child)


class Reading:
    """What a traced run of a rule read, and how its parts hang together."""

    def __init__(
        self, typed: TypedRule, frame: TracedFrame, records: Records, currency: str
    ) -> None:
        self.rule: Rule = typed.rule
        self.frame = frame
        self.records = records
        self.currency = currency
        self.latest: Mapping[int, Value] = {id(step.node): step.value for step in frame.steps}
        self.names = Names(typed)
        # For each distribution that was asked, the keys that its share counts; for each text that
        # was searched, what was found.
        self.counted: dict[int, Collection[str]] = {}
        self.found: dict[str, list[Mapping[str, Any]]] = {}
        for step in frame.steps:
            if isinstance(step.node, Call) and step.node.function in SHARES:
                self._count_keys(step.node)
            elif isinstance(step.node, Call) and step.node.function == "mentions":
                text = self.latest.get(id(step.node.arguments[0]), UNKNOWN)
                if step.value is not UNKNOWN and text is not UNKNOWN:
                    self.found.setdefault(text, []).extend(step.value)

    def _count_keys(self, call: Call) -> None:
        distribution, asked = (self.latest.get(id(each), UNKNOWN) for each in call.arguments)
        if isinstance(distribution, Distribution) and asked is not UNKNOWN:
            self.counted[id(distribution)] = counted_keys(distribution, asked)

    def decided(self, node: Node, wanted: Value) -> Decided | None:
        """Find the comparison, outside loops, that gave `node` the value `wanted`."""
        for each in self.names.comparisons(node):
            held = all(self.latest.get(id(part)) is wanted for part in each.held)
            if held and all(self.frame.taken.get(id(a)) is b for a, b in each.taken):
                found = each.node
                values = (self.latest[id(found.left)], self.latest[id(found.right)])
                return Decided(found, values, self.names.measured_left(found))
        return None

    def steps(self, node: Node) -> list[Step]:
        """Return what was read below a node, in order."""
        below = {id(part) for part in self.names.parts(node)}
        return [step for step in self.frame.steps if id(step.node) in below]

    def evidence(self, steps: list[Step]) -> tuple[Evidence, ...]:
        """Return what steps read, each place once; texts in which words were found come first."""
        found: dict[str, Evidence] = {}
        searched: set[str] = set()
        for step in steps:
            keys = self.counted.get(id(step.value), ())
            named = self.found.get(step.value, ()) if isinstance(step.value, str) else ()
            made = evidence_of(step, self.records, self.rule, self.currency, keys, named)
            if made is not None:
                found.setdefault(made.path, made)
                if named:
                    searched.add(made.path)
        return tuple(sorted(found.values(), key=lambda each: each.path not in searched))

    def sides(self, decided: Decided) -> tuple[Side, Side]:
        """Return what is measured and what is needed."""
        node, values = decided.node, decided.values
        left, right = write_sides(node, values, self.currency)
        sides = (self._side(node.left, values[0], left), self._side(node.right, values[1], right))
        has, needs = sides if decided.measured_left else (sides[1], sides[0])
        own = tuple(each for each in has.evidence if each.path.startswith(_SUBJECTS))
        return replace(has, evidence=own or has.evidence), needs

    def _side(self, node: Node, value: Value, text: str) -> Side:
        steps = self.steps(node)
        if value is UNKNOWN:
            # Only what the unknown rests on, not what was read beside it.
            owed = {cause.place for cause in self.frame.causes if cause.place}
            evidence = self.evidence([step for step in steps if step.place in owed])
            nothing = evidence and all(each.value is None for each in evidence)
            return Side("nothing" if nothing else "not known", None, evidence)
        evidence = self.evidence(steps)
        kept = tuple(
            each for each in evidence if each.value is not None or each.origin == "assumed"
        )
        return Side(text, plain_value(value), kept)
