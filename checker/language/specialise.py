"""Computing once what depends on the brief, its params and tables alone.

What is left is the tree that is evaluated for each influencer, and compiled to SQL for
millions. Evidence is traced on the whole tree, so nothing is lost for people.
"""

from __future__ import annotations

from dataclasses import replace

from checker.language.evaluate import Evaluator, Frame
from checker.language.nodes import (
    Arithmetic,
    Bind,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Contains,
    Convert,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    TableName,
    Variable,
    children,
    rebuild,
    side,
)
from checker.model.values import UNKNOWN


class Specialiser:
    """Specialises trees to a frame in which the slots `known` hold their values."""

    def __init__(self, evaluator: Evaluator, frame: Frame, known: frozenset[int]) -> None:
        self.evaluator = evaluator
        self.frame = frame
        self.known = set(known)
        self._free: dict[int, tuple[Node, frozenset[int]]] = {}

    def learn(self, slot: int, node: Node) -> None:
        """Take a slot as known from here on, if its value has become a literal."""
        if isinstance(node, Literal):
            self.frame[slot] = node.value
            self.known.add(slot)

    def visit(self, node: Node) -> Node:
        """Return the tree with its constant parts computed."""
        if isinstance(node, Literal):
            return node
        if isinstance(node, TableName):
            return node
        if free_slots(node, self._free) <= self.known:
            return _literal(node, self.evaluator.build(node)(self.frame))
        return fold(self._rebuild(node))

    def _rebuild(self, node: Node) -> Node:
        if not isinstance(node, Bind):
            return rebuild(node, self.visit)
        bindings = []
        for variable, value in node.bindings:
            made = self.visit(value)
            self.learn(variable.slot, made)
            bindings.append((variable, made))
        return replace(node, bindings=tuple(bindings), body=self.visit(node.body))


def free_slots(node: Node, found: dict[int, tuple[Node, frozenset[int]]]) -> frozenset[int]:
    """Return the slots that a node reads and does not bind itself.

    `found` keeps what was found out, by the identity of nodes, and the nodes themselves.
    """
    known = found.get(id(node))
    if known is None:
        known = found[id(node)] = node, _find_free(node, found)
    return known[1]


def _find_free(node: Node, found: dict[int, tuple[Node, frozenset[int]]]) -> frozenset[int]:
    if isinstance(node, Variable):
        return frozenset((node.slot,))
    read = frozenset[int]().union(*(free_slots(child, found) for child in children(node)))
    if isinstance(node, Comprehension):
        return read - {node.variable.slot}
    if isinstance(node, Bind):
        return read - {variable.slot for variable, _ in node.bindings}
    return read


def _literal(node: Node, value: object) -> Literal:
    return Literal(node.type, node.start, node.end, value, side(node))


def _is_unknown(node: Node) -> bool:
    return isinstance(node, Literal) and node.value is UNKNOWN


def fold(node: Node) -> Node:
    """Settle a node whose literal parts already decide it."""
    match node:
        case Logic():
            return _fold_logic(node)
        case Conditional(test=Literal(value=value)) if value is not UNKNOWN:
            return node.then if value else node.otherwise
        case Arithmetic() | Compare() | Negate() | Not() | Convert() | Call() | Choose():
            if any(map(_is_unknown, children(node))):
                return _literal(node, UNKNOWN)
        case Contains() if _is_unknown(node.members):
            return _literal(node, UNKNOWN)
        case Bind(body=Literal() as body):
            return body
    return node


def _fold_logic(node: Logic) -> Node:
    settles = node.operator == "or"
    left = []
    for operand in node.operands:
        if isinstance(operand, Literal) and operand.value is not UNKNOWN:
            if operand.value is settles:
                return _literal(node, settles)
            continue
        left.append(operand)
    if not left:
        return _literal(node, not settles)
    if len(left) == 1:
        return left[0]
    if all(map(_is_unknown, left)):
        return _literal(node, UNKNOWN)
    return replace(node, operands=tuple(left))
