"""Nodes that mean the same become one node, so that it is evaluated once for all rules of a brief.

What a name is bound to stands in its place, and what the brief fixes is computed. Several rules
that call a definition, or read a field, then share its column.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, cast

from checker.language.context import Context
from checker.language.evaluate import Evaluator
from checker.language.nodes import (
    Bind,
    Comprehension,
    Default,
    Exists,
    Literal,
    Node,
    Path,
    TableName,
    Variable,
    rebuild,
    side,
)
from checker.language.scope import FIRST_FREE, SLOTS
from checker.language.specialise import fold, free_slots
from checker.model.values import UNKNOWN, Label, Range, Unknown, Value

# More loops than this are never nested in each other.
_DEEPEST = 256


class SharedNodes:
    """The nodes of all rules of a brief, each once.

    `known` are the values that the brief fixes, by the name of the root.
    """

    def __init__(self, context: Context, known: Mapping[str, Value]) -> None:
        self.context = context
        self.known = {SLOTS[name]: value for name, value in known.items()}
        self._nodes: dict[Any, Node] = {}
        self._free: dict[int, tuple[Node, frozenset[int]]] = {}

    def of_rule(self, bound: Mapping[int, Node], params: Value) -> RuleNodes:
        """Return what shares the nodes of one rule; `bound` is what its names stand for."""
        return RuleNodes(self, bound, {**self.known, SLOTS["params"]: params})

    def one(self, node: Node) -> Node:
        """Return the node that means the same; the parts of the node are shared already."""
        node = fold(node)
        if not isinstance(node, Literal | TableName) and not free_slots(node, self._free):
            value = Evaluator(self.context).build(node)([UNKNOWN] * (FIRST_FREE + _DEEPEST))
            node = Literal(node.type, node.start, node.end, value, side(node))
        return self.kept(node)

    def kept(self, node: Node) -> Node:
        """Return the node that means the same, without computing it."""
        return self._nodes.setdefault(_key(node), node)


class RuleNodes:
    """Finds the shared nodes of one rule."""

    def __init__(
        self, shared: SharedNodes, bound: Mapping[int, Node], known: Mapping[int, Value]
    ) -> None:
        self.shared = shared
        self.bound = dict(bound)
        self.known = known
        # What loop variables stand for, and how many loops are open.
        self._loops: dict[int, Node] = {}
        self._deep = 0
        self._made: dict[int, tuple[Node, Node]] = {}

    def node(self, node: Node) -> Node:
        """Return the shared node of a node."""
        found = self._made.get(id(node))
        if found is None:
            found = self._made[id(node)] = node, self._make(node)
        return found[1]

    def _make(self, node: Node) -> Node:
        match node:
            case Variable():
                return self._variable(node)
            case Bind():
                self.bound.update((variable.slot, value) for variable, value in node.bindings)
                return self.node(node.body)
            case Comprehension():
                return self._comprehension(node)
            case Path():
                return self.shared.one(self._path(node))
            case Exists():
                path = self.shared.kept(self._path(node.path))
                return self.shared.one(replace(node, path=cast("Path", path)))
            case Default():
                path, otherwise = self._path(node.path), self.node(node.otherwise)
                path = cast("Path", self.shared.kept(path))
                return self.shared.one(replace(node, path=path, otherwise=otherwise))
        return self.shared.one(rebuild(node, self.node))

    def _variable(self, node: Variable) -> Node:
        if node.slot in self._loops:
            return self._loops[node.slot]
        if node.slot in self.bound:
            return self.node(self.bound[node.slot])
        if node.slot in self.known:
            value = self.known[node.slot]
            return self.shared.one(Literal(node.type, 0, 0, value, node.side))
        return self.shared.one(node)

    def _path(self, node: Path) -> Path:
        root = self.node(node.root)
        if isinstance(root, Path):
            return replace(node, root=root.root, names=(*root.names, *node.names))
        return replace(node, root=root)

    def _comprehension(self, node: Comprehension) -> Node:
        source = self.node(node.source)
        assert self._deep < _DEEPEST
        variable = self.shared.one(replace(node.variable, slot=FIRST_FREE + self._deep))
        assert isinstance(variable, Variable)
        self._loops[node.variable.slot] = variable
        self._deep += 1
        element = self.node(node.element)
        condition = None if node.condition is None else self.node(node.condition)
        self._deep -= 1
        made = replace(node, variable=variable, source=source, element=element, condition=condition)
        return self.shared.one(made)


_PLACE = ("start", "end", "field")


def _key(node: Node) -> Any:
    if isinstance(node, Literal):
        return Literal, node.type, node.side, _value_key(node.value)
    parts = [_part_key(getattr(node, f.name)) for f in fields(node) if f.name not in _PLACE]
    return type(node), *parts


def _part_key(part: Any) -> Any:
    if isinstance(part, Node):
        return id(part)
    if isinstance(part, tuple):
        return tuple(map(_part_key, part))
    return part


def _value_key(value: Value) -> Any:
    match value:
        case float() | Range():
            return repr(value)
        case str() | bool() | datetime.date() | Unknown():
            return type(value), value
        case Label():
            return Label, value.key, value.text
        case tuple():
            return tuple(map(_value_key, value))
    return id(value)
