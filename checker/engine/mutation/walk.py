"""Which parts of a rule decide it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.ruleset import TypedRule
from checker.language.nodes import Bind, Node, Variable, children


def read_by(typed: TypedRule) -> tuple[Node, ...]:
    """Return the expressions that decide a rule: what only its texts read is not among them."""
    decisive = [node for node in (typed.when, typed.require) if node is not None]
    slots = {part.slot for node in decisive for part in below(node) if isinstance(part, Variable)}
    for variable, value in reversed(typed.lets):
        if variable.slot in slots:
            decisive.append(value)
            slots |= {part.slot for part in below(value) if isinstance(part, Variable)}
    return tuple(decisive)


def below(node: Node) -> Iterator[Node]:
    """Give a node and all below it, the bodies of definitions too."""
    yield node
    for child in children(node):
        yield from below(child)


def own(node: Node) -> Iterator[Node]:
    """Give the nodes of an expression's own text, without the bodies of definitions."""
    yield node
    inside = [value for _, value in node.bindings] if isinstance(node, Bind) else children(node)
    for child in inside:
        yield from own(child)
