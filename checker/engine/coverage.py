"""What the examples of rules show: each outcome, and each side of `and`, `or`, `if` and filters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Literal as Choice

from checker.engine.mutation.search import Search, Suggestion
from checker.engine.mutation.trial import Workbench, bind_example
from checker.engine.mutation.walk import decisive
from checker.engine.prepared import PreparedRule
from checker.engine.ruleset import RuleSet, TypedRule
from checker.language.nodes import Bind, Comprehension, Conditional, Literal, Logic, Node, children
from checker.language.show import show
from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.rules import Example, SourceText

Side = Choice["pass", "fail", "unknown", "skipped", "true", "false"]


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """What no example shows: an outcome of a rule, or a part of it that is never true or false.

    `owner` is a rule's id, or "definition cost". `suggestion` is an example that would show it.
    """

    owner: str
    position: Position
    side: Side
    part: str = ""
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """How many outcomes and sides examples could show, and those that none does, in order."""

    parts: int
    gaps: tuple[Gap, ...]


def coverage(
    rules: RuleSet, packs: Collection[str], *, valid: Callable[[Example], bool]
) -> Coverage:
    """Return what the examples of the packs with these names show.

    A rule that cannot be unknown need not be shown so: it is asked for only where an example is
    found that is. `valid` tells whether an example's records are such as the schemas allow.
    """
    work = _Work(rules, packs, Search(Workbench(rules.packs, rules.types), valid))
    for typed in rules.rules:
        if typed.pack.name in packs:
            work.add(typed)
    return work.result()


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition of which both sides are to be shown."""

    owner: str
    position: Position
    text: str


class _Work:
    """Collects what each example shows."""

    def __init__(self, rules: RuleSet, packs: Collection[str], search: Search) -> None:
        self.rules = rules
        self.search = search
        self.bodies = {
            name: definition.body if pack.name in packs else None
            for pack in rules.packs
            for name, definition in pack.definitions.items()
        }
        self.seen: dict[_Part, set[bool]] = {}
        self.outcomes = 0
        self.gaps: list[Gap] = []

    def add(self, typed: TypedRule) -> None:
        """Run the examples of a rule."""
        parts = {id(node): part for node, part in self._parts(typed)}
        for part in parts.values():
            self.seen.setdefault(part, set())
        shown: set[str] = set()
        for example in typed.rule.examples:
            desk, values = bind_example(self.rules, example)
            prepared = PreparedRule(typed, desk)
            shown.add(prepared.status(values))
            for step in prepared.trace(values).frame.steps:
                met = parts.get(id(step.node))
                if met is not None and isinstance(step.value, bool):
                    self.seen[met].add(step.value)
        self._outcomes(typed, shown)

    def _outcomes(self, typed: TypedRule, shown: set[str]) -> None:
        wanted: list[Side] = ["pass"]
        if "never-fails" not in typed.rule.off:
            wanted.append("fail")
        if typed.when is not None or typed.applies is not None:
            wanted.append("skipped")
        self.outcomes += len(wanted)
        for side in wanted:
            if side not in shown:
                self.gaps.append(Gap(typed.rule.id, typed.rule.position, side))
        if "unknown" in shown:
            self.outcomes += 1
            return
        found = self.search.unknown(typed)
        if found is not None:
            self.outcomes += 1
            gap = Gap(typed.rule.id, typed.rule.position, "unknown", suggestion=found)
            self.gaps.append(gap)

    def result(self) -> Coverage:
        """Return what was shown, and what was not, in the order of the files."""
        sides: Iterable[tuple[Side, bool]] = (("true", True), ("false", False))
        for part, seen in self.seen.items():
            for side, value in sides:
                if value not in seen:
                    self.gaps.append(Gap(part.owner, part.position, side, part.text))
        self.gaps.sort(key=lambda gap: (gap.position.file, gap.position.line, gap.position.column))
        return Coverage(self.outcomes + 2 * len(self.seen), tuple(self.gaps))

    def _parts(self, typed: TypedRule) -> Iterator[tuple[Node, _Part]]:
        for node, source in decisive(typed):
            yield from self._below(node, typed.rule.id, source)

    def _below(
        self, node: Node, owner: str, source: SourceText | None
    ) -> Iterator[tuple[Node, _Part]]:
        if source is not None:
            for part in _two_sided(node):
                yield part, _Part(owner, source.locate(part.start), show(part))
        if isinstance(node, Bind):
            for _, value in node.bindings:
                yield from self._below(value, owner, source)
            body = self.bodies.get(node.name)
            yield from self._below(node.body, f"definition {node.name}", body)
            return
        for child in children(node):
            yield from self._below(child, owner, source)


def _two_sided(node: Node) -> Iterator[Node]:
    """Give the parts of a node that are to be seen true and false."""
    found: Iterable[Node] = ()
    match node:
        case Logic():
            found = node.operands
        case Conditional():
            found = (node.test,)
        case Comprehension(condition=Node() as condition):
            found = (condition,)
    yield from (part for part in found if not isinstance(part, Literal | Logic))
