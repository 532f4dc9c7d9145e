"""Which expressions of a rule are the same: each gets a number, and equal ones get one.

Names are followed to what they stand for, so a `let` and its text count as one. Loop variables
are told apart by their loops, so nothing that holds of one member is taken for another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from checker.language.nodes import (
    Arithmetic,
    Bind,
    Call,
    Compare,
    Comprehension,
    Convert,
    Literal,
    Logic,
    Node,
    Path,
    TableName,
    Variable,
    children,
)
from checker.model.types import ListType, TableType, TextType, Type


class Numbering:
    """Numbers the expressions of one rule.

    `bound` has the node of each name, by slot, and `loops` the list that each loop runs over.
    """

    def __init__(self, lets: Iterable[tuple[Variable, Node]] = ()) -> None:
        self.bound: dict[int, Node] = {}
        self.loops: dict[int, Node] = {}
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, int] = {}
        self._kept: list[Node] = []
        self._reach: dict[int, int] = {}
        for variable, value in lets:
            self.bound[variable.slot] = value
            self.learn(value)

    def learn(self, node: Node) -> None:
        """Note what the arguments of a tree's definitions, and its loops, stand for."""
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Bind):
                self.bound.update((variable.slot, value) for variable, value in one.bindings)
            elif isinstance(one, Comprehension):
                self.loops[one.variable.slot] = one.source
            waiting += children(one)

    def meaning(self, node: Node) -> Node:
        """Return what a node stands for: names and definitions are followed."""
        while True:
            if isinstance(node, Variable) and node.slot in self.bound:
                node = self.bound[node.slot]
            elif isinstance(node, Bind):
                node = node.body
            else:
                return node

    def parts(
        self, node: Node, inside: Callable[[Node], Iterable[Node]] = children
    ) -> Iterator[Node]:
        """Give an expression and what is inside, names followed, each expression once."""
        seen, waiting = set[int](), [node]
        while waiting:
            one = self.meaning(waiting.pop())
            number = self.of(one)
            if number not in seen:
                seen.add(number)
                yield one
                waiting += inside(one)

    def of(self, node: Node) -> int:
        """Return the number of an expression."""
        found = self._known.get(id(node))
        if found is None:
            found = self._number(self.meaning(node))
            self._known[id(node)] = found
            self._kept.append(node)  # an id is only good while its node lives
        return found

    def field(self, root: int, name: str) -> int:
        """Return the number of a field of what has a number."""
        return self.intern(("field", root, name))

    def intern(self, key: Hashable) -> int:
        """Return the number of a key, a new one if it has none yet."""
        return self._numbers.setdefault(key, len(self._numbers))

    def exists(self, step: int) -> int:
        """Return the number of the question whether a path is there."""
        return self.intern(("exists", step))

    def question(self, node: Compare) -> tuple[int, bool]:
        """Return the question that a comparison asks, and whether it asks it straight.

        `a <= b` asks whether b is below a, and takes the opposite of the answer.
        """
        left, right = self.of(node.left), self.of(node.right)
        if node.operator in ("==", "!="):
            key = ("equal", min(left, right), max(left, right))
            return self.intern(key), node.operator == "=="
        first, second = (left, right) if node.operator in ("<", ">=") else (right, left)
        return self.intern(("less", first, second)), node.operator in ("<", ">")

    def reach(self, node: Node) -> int:
        """Return the numbers of an expression, its parts and its questions, as bits."""
        node = self.meaning(node)
        number = self.of(node)
        found = self._reach.get(number)
        if found is None:
            found = 1 << number
            if isinstance(node, Compare):
                found |= 1 << self.question(node)[0]
            elif isinstance(node, Path):
                for step in self.steps(node)[1:]:
                    found |= 1 << step | 1 << self.exists(step)
            for child in children(node):
                found |= self.reach(child)
            if isinstance(node, Variable) and node.slot in self.loops:
                found |= self.reach(self.loops[node.slot])
            self._reach[number] = found
        return found

    def steps(self, path: Path) -> list[int]:
        """Return the numbers of a path's root and of each field below it."""
        numbers = [self.of(path.root)]
        for name in path.names:
            numbers.append(self.field(numbers[-1], name))
        return numbers

    def _number(self, node: Node) -> int:
        if isinstance(node, Path):
            return self.steps(node)[-1]
        return self.intern((*self._own(node), *map(self.of, children(node))))

    def _own(self, node: Node) -> tuple[Hashable, ...]:
        """Return what a node says itself, without its parts."""
        kind = type(node).__name__
        match node:
            case Literal():
                return kind, type(node.value).__name__, node.value
            case TableName(type=TableType() as table):
                return kind, table.name
            case Variable():
                return kind, node.slot
            case Convert():
                return kind, *_text_kind(node.type)
            case Arithmetic() | Compare() | Logic():
                return kind, node.operator
            case Call():
                return kind, node.function
        # A loop's parts name its variable, which no other loop has.
        return (kind,)


def _text_kind(type_: Type) -> tuple[str, ...]:
    if isinstance(type_, ListType):
        return "list", *_text_kind(type_.item)
    if isinstance(type_, TextType):
        return type_.kind, type_.vocabulary
    return (type(type_).__name__,)
