"""The evaluation of one rule on one subject as a tree: each part with its value and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.engine.outcomes import Case
from checker.engine.places import raw_at, value_text
from checker.engine.prepared import PreparedRule
from checker.engine.ruleset import RuleSet
from checker.engine.where import place_words
from checker.language.nodes import (
    Bind,
    Choose,
    Comprehension,
    Conditional,
    Convert,
    Default,
    Exists,
    ListOf,
    Literal,
    Node,
    Path,
    TableName,
    Variable,
    children,
)
from checker.language.show import show
from checker.language.trace import Place, Step, TracedFrame
from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.rules import SourceText
from checker.model.types import FlagType, RecordType
from checker.model.values import UNKNOWN, Items, Value


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a condition: its text, its value for people, where it stands, what is below it.

    `truth` is the value of a condition, None where it is unknown; `is_condition` tells whether
    it is one. `record` is where a record holds the value, None for what no record holds.
    """

    text: str
    value: str
    position: Position
    parts: tuple[Part, ...] = ()
    is_condition: bool = False
    truth: bool | None = None
    record: Position | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A rule's evaluation: whether it applies, when it is asked, and what it requires."""

    roles: tuple[tuple[str, Part], ...]


def tree_of(prepared: PreparedRule, rules: RuleSet, case: Case) -> Tree:
    """Evaluate a rule on a subject once more, and return every part with its value."""
    traced = prepared.trace(case.values)
    grower = _Grower(prepared, rules, case, traced.frame)
    typed, rule = prepared.typed, prepared.rule
    roles = []
    if typed.applies is not None and id(typed.applies) in grower.latest:
        roles.append(("applies", grower.applies(typed.applies)))
    asked = (("when", typed.when, rule.when), ("require", typed.require, rule.require))
    for role, node, source in asked:
        if node is not None and source is not None and id(node) in grower.latest:
            roles.append((role, grower.part(node, source)))
    return Tree(tuple(roles))


class _Grower:
    """Grows parts from what a traced frame noted."""

    def __init__(
        self, prepared: PreparedRule, rules: RuleSet, case: Case, frame: TracedFrame
    ) -> None:
        self.prepared = prepared
        self.case = case
        self.latest: dict[int, Step] = {id(step.node): step for step in frame.steps}
        self.taken = frame.taken
        self.lets = {variable.slot: node for variable, node in prepared.typed.lets}
        self.bound: dict[int, Node] = {}
        self.bodies: Mapping[str, SourceText] = {
            name: definition.body
            for pack in rules.packs
            for name, definition in pack.definitions.items()
        }
        self.shown: set[int] = set()

    def applies(self, node: Node) -> Part:
        """Return where a rule holds in words, and what was read to tell.

        The condition that the words stand for lists every part of a country.
        """
        rule = self.prepared.rule
        nowhere = SourceText("", lambda offset: rule.position, lambda line: "")
        whole = self.part(node, nowhere)
        read = {part.text: part for part in _ends(whole)}
        words = place_words(self.prepared.typed.pack, rule)
        return replace(whole, text=words, parts=tuple(read.values()))

    def part(self, node: Node, source: SourceText) -> Part:
        """Return a node with its value, and below it what it was made of."""
        while isinstance(node, Convert):
            node = node.source
        step = self.latest.get(id(node))
        value = step.value if step else UNKNOWN
        is_condition = isinstance(node.type, FlagType)
        truth = value if isinstance(value, bool) else None
        return Part(
            show(node),
            self._text(node, step),
            source.locate(node.start),
            tuple(self._below(node, source)),
            is_condition,
            truth,
            self._record(step),
        )

    def _below(self, node: Node, source: SourceText) -> Iterator[Part]:
        match node:
            case Variable() if node.slot in self.lets:
                yield from self._let(node)
            case Variable() if node.slot in self.bound:
                value = self.bound[node.slot]
                if not isinstance(value, Variable | Path | Literal):
                    yield self.part(value, source)
            case Bind():
                self.bound.update((variable.slot, value) for variable, value in node.bindings)
                yield self.part(node.body, self.bodies.get(node.name, source))
            case Conditional():
                yield self.part(node.test, source)
                taken = self.taken.get(id(node))
                sides = (node.then, node.otherwise) if taken is None else (taken,)
                yield from self._parts(sides, source)
            case Comprehension():
                # Its condition and element have a value for each member; the list is what counts.
                yield from self._parts((node.source,), source)
            case Default():
                yield from self._parts((node.path, node.otherwise), source)
            case Exists():
                yield from self._parts((node.path,), source)
            case Path(root=Variable() as root) if root.slot in self.lets:
                yield from self._let(root)
            case Path(root=root):
                yield from self._parts((root,), source)
            case Choose():
                yield from self._parts((node.source, node.key), source)
            case _:
                yield from self._parts(children(node), source)

    def _let(self, node: Variable) -> Iterator[Part]:
        # A name that is read twice is explained once.
        if node.slot not in self.shown:
            self.shown.add(node.slot)
            yield self.part(self.lets[node.slot], self.prepared.rule.let[node.name])

    def _parts(self, nodes: tuple[Node, ...], source: SourceText) -> Iterator[Part]:
        for node in nodes:
            plain = node.source if isinstance(node, Convert) else node
            if id(plain) in self.latest and not self._plain(plain):
                yield self.part(plain, source)

    def _plain(self, node: Node) -> bool:
        """Tell whether a node needs no line of its own: it says what it is."""
        if isinstance(node, ListOf):
            return all(isinstance(member, Literal) for member in node.members)
        whole = isinstance(node, Variable) and node.slot not in self.lets
        return isinstance(node, Literal | TableName) or (
            whole and isinstance(node.type, RecordType)
        )

    def _text(self, node: Node, step: Step | None) -> str:
        if step is None:
            return "not looked at"
        value = step.value
        if step.assumed or (step.place is not None and not step.present):
            return "nothing recorded"
        if value is UNKNOWN:
            return "not known"
        if isinstance(value, bool):
            return "true" if value else "false"
        return self._written(node, value)

    def _written(self, node: Node, value: Value) -> str:
        if isinstance(value, Mapping) and getattr(node.type, "name", "") != "ages":
            return "found"
        members = value.values if isinstance(value, Items) else value
        if isinstance(members, tuple) and any(isinstance(member, Mapping) for member in members):
            return f"{len(members):,} of them" if len(members) != 1 else "one of them"
        return value_text(value, node.type, self.prepared.desk.context.currency) or "nothing"

    def _record(self, step: Step | None) -> Position | None:
        if step is None or step.place is None or not step.present:
            return None
        return self._place(step.place)

    def _place(self, place: Place) -> Position | None:
        if place[0] == "params":
            return self.prepared.rule.params[str(place[1])].position
        found = self.case.records.find(place)
        if found is None or raw_at(found[0].data, found[1]) is None:
            return None
        return found[0].position(found[1])


def _ends(part: Part) -> Iterator[Part]:
    """Yield the parts with nothing below them: what the records hold, or lack."""
    for below in part.parts:
        yield from _ends(below) if below.parts else (below,)
