"""Which parts of a rule decide it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.ruleset import TypedRule
from checker.language.nodes import Bind, Node, Variable, children, subtree
from checker.model.rules import SourceText


def decisive(typed: TypedRule) -> list[tuple[Node, SourceText]]:
    """Return the expressions that decide a rule, with their texts, in the order of the file.

    What only its texts for people read is not among them.
    """
    rule = typed.rule
    found = [(typed.require, rule.require)]
    slots = _slots(typed.require)
    if typed.when is not None and rule.when is not None:
        slots |= _slots(typed.when)
    for variable, value in reversed(typed.lets):
        if variable.slot in slots:
            found.insert(0, (value, rule.let[variable.name]))
            slots |= _slots(value)
    if typed.when is not None and rule.when is not None:
        found.insert(0, (typed.when, rule.when))
    return found


def _slots(node: Node) -> set[int]:
    return {part.slot for part in subtree(node) if isinstance(part, Variable)}


def read_by(typed: TypedRule) -> tuple[Node, ...]:
    """Return the expressions that decide a rule."""
    return tuple(node for node, _ in decisive(typed))


def own(node: Node) -> Iterator[Node]:
    """Give the nodes of an expression's own text, without the bodies of definitions."""
    yield node
    inside = [value for _, value in node.bindings] if isinstance(node, Bind) else children(node)
    for child in inside:
        yield from own(child)
