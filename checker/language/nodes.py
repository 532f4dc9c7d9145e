"""The typed tree of a checked expression: what the evaluator runs and the SQL compiler reads.

`start` and `end` are character offsets in the expression's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.model.frozen import dataclass
from checker.model.types import Field, TextType, Type
from checker.model.values import Value

# Who gives a value: the record that is judged, the brief with its brand, or the rule.
JUDGED, BRIEF, RULE = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Any expression, with its type and its place in the text."""

    type: Type
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    """A value that is known; `side` says who gave it."""

    value: Value
    side: int = RULE


@dataclass(frozen=True, slots=True, eq=False)
class TableName(Node):
    """A table of the packs; its type says which, its rows are bound to a brief."""


@dataclass(frozen=True, slots=True, eq=False)
class Variable(Node):
    """A name: a root (`influencer`), a `let`, an argument or a loop's variable.

    `place` says that it holds a place in a record, so that `exists` and `default` may ask; `side`
    who gave its value.
    """

    name: str
    slot: int
    place: bool
    side: int = RULE


@dataclass(frozen=True, slots=True, eq=False)
class Path(Node):
    """Fields of a record or of a table's row; `field` is the last one's declaration."""

    root: Node
    names: tuple[str, ...]
    field: Field


@dataclass(frozen=True, slots=True, eq=False)
class Choose(Node):
    """A field of a record whose fields are alike, picked by a code: `fees[d.type]`."""

    source: Node
    key: Node


@dataclass(frozen=True, slots=True, eq=False)
class ListOf(Node):
    """A list written out."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Convert(Node):
    """Text of a rule taken as a label or a date, alone or in a list."""

    source: Node


@dataclass(frozen=True, slots=True, eq=False)
class Negate(Node):
    """-a."""

    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(Node):
    """a + b, a - b, a * b, a / b on numbers or money."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Node):
    """One comparison: < <= > >= == !=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Contains(Node):
    """`item in members`."""

    item: Node
    members: Node


@dataclass(frozen=True, slots=True, eq=False)
class Logic(Node):
    """`and` or `or` over two or more conditions."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Node):
    """`not` a condition."""

    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Node):
    """`then if test else otherwise`."""

    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension(Node):
    """[element for variable in source if condition]."""

    variable: Variable
    source: Node
    condition: Node | None
    element: Node


@dataclass(frozen=True, slots=True, eq=False)
class Bind(Node):
    """A definition's body with its arguments bound: evaluated once, not pasted."""

    name: str
    bindings: tuple[tuple[Variable, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Exists(Node):
    """Whether a record holds the path."""

    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Default(Node):
    """The path's value, or another where the record does not hold the path."""

    path: Path
    otherwise: Node


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A function of the language on its arguments."""

    function: str
    arguments: tuple[Node, ...]


# The fields of each kind of node that hold its parts, in the order in which they are written.
_PARTS: Mapping[type[Node], tuple[str, ...]] = {
    Path: ("root",),
    Choose: ("source", "key"),
    ListOf: ("members",),
    Convert: ("source",),
    Negate: ("operand",),
    Not: ("operand",),
    Arithmetic: ("left", "right"),
    Compare: ("left", "right"),
    Contains: ("item", "members"),
    Logic: ("operands",),
    Conditional: ("then", "test", "otherwise"),
    Comprehension: ("source", "element", "condition"),
    Bind: ("bindings", "body"),
    Exists: ("path",),
    Default: ("path", "otherwise"),
    Call: ("arguments",),
}

# The method that takes each kind of node, in every class that has a meaning for each.
METHODS: Mapping[type[Node], str] = {
    Literal: "literal",
    TableName: "table",
    Variable: "variable",
    Path: "path",
    Choose: "choose",
    ListOf: "list_of",
    Convert: "convert",
    Negate: "negate",
    Arithmetic: "arithmetic",
    Compare: "compare",
    Contains: "contains",
    Logic: "logic",
    Not: "negation",
    Conditional: "conditional",
    Comprehension: "comprehension",
    Bind: "bind",
    Exists: "exists",
    Default: "default",
    Call: "call",
}


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in the order in which they are written."""
    found: list[Node] = []
    for name in _PARTS.get(type(node), ()):
        part = getattr(node, name)
        if isinstance(part, Node):
            found.append(part)
        elif part is not None:
            found += [each if isinstance(each, Node) else each[1] for each in part]
    return tuple(found)


def subtree(node: Node) -> Iterator[Node]:
    """Give a node and all in it, each before its parts."""
    yield node
    for child in children(node):
        yield from subtree(child)


def param_of(node: Node) -> str | None:
    """Return the name of the param that a node reads, or None."""
    if isinstance(node, Path) and isinstance(node.root, Variable) and node.root.name == "params":
        return node.names[0]
    return None


def side(node: Node) -> int:
    """Return who gives the value of a node: of what several give, the first."""
    if isinstance(node, Literal | Variable):
        return node.side
    return min(map(side, children(node)), default=RULE)


def turned(asked: Node, wanted: Node) -> bool:
    """Tell whether a word is asked about by one who gives what is wanted: 'pets' in their topics.

    What is wanted, or avoided, is the rule's before the brief's, and never that of who is judged.
    """
    return side(asked) > side(wanted)


def asked_of(node: Compare) -> tuple[Node, Node]:
    """Return the sides of a comparison; of texts, what is wanted comes last."""
    left, right = node.left, node.right
    return (
        (right, left) if isinstance(left.type, TextType) and turned(left, right) else (left, right)
    )


def rebuild(node: Node, visit: Callable[[Node], Node]) -> Node:
    """Return a node whose parts are what `visit` makes of them, in the order of `children`."""
    made: dict[str, Any] = {}
    for name in _PARTS.get(type(node), ()):
        part = getattr(node, name)
        if isinstance(part, Node):
            made[name] = visit(part)
        elif part is not None:
            made[name] = tuple(
                visit(each) if isinstance(each, Node) else (each[0], visit(each[1]))
                for each in part
            )
    return replace(node, **made) if made else node
