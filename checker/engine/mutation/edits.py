"""Slips in one expression: each is the expression once more, with one part of it changed.

They are made on Python's syntax tree, so that brackets stay right, and each is typed again like any
rule: what an author could not have written is no slip.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from checker.engine.mutation.steps import (
    moved,
    neighbour,
    settled,
    steps_of,
    touching,
    written,
)
from checker.engine.mutation.walk import own
from checker.language.nodes import Node, Path
from checker.language.parse import parse
from checker.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed part of an expression: where it starts, and the part and the whole after it."""

    offset: int
    old: str
    new: str
    text: str


# Each comparison made strict or lax, and turned round.
_COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_STRICT_AND_LAX = ({ast.Lt, ast.LtE}, {ast.Gt, ast.GtE})
_SWAPPED_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}

_SHORT = (ast.Compare, ast.Call, ast.BinOp, ast.UnaryOp)

# Gives, for a part of a tree, what may stand in its place by a slip.
_Swaps = Callable[["_Context", ast.AST], Iterator[ast.expr]]


def edits(text: str, typed: Node) -> list[Edit]:
    """Return every slip in an expression, in the order of its text.

    Args:
        text: the expression.
        typed: its typed tree, for the fields and the units in it.
    """
    parsed = parse(text)
    context = _Context(typed, parsed.span)
    found: list[Edit] = []
    seen = {_write(parsed.tree)}
    for part, around in _parts(parsed.tree, parsed.tree):
        context.note(part)
        # A lone number or name says little: it is shown with what it stands in.
        lone = isinstance(part, ast.Constant | ast.Attribute) and isinstance(around, _SHORT)
        shown = around if lone else part
        for swap in _SWAPS.get(type(part), ()):
            for new in swap(context, part):
                whole = _write(_replaced(parsed.tree, part, new))
                if whole not in seen:
                    seen.add(whole)
                    start = parsed.span(part)[0]
                    changed = _write(_replaced(shown, part, new))
                    found.append(Edit(start, _write(shown), changed, whole))
    return sorted(found, key=lambda edit: edit.offset)


class _Context:
    """What the typed tree knows of parts of the text, by their place."""

    def __init__(self, typed: Node, span: Callable[[ast.AST], tuple[int, int]]) -> None:
        self.span = span
        self.steps = steps_of(typed)
        self.touching = touching(typed)
        self.settled = settled(typed)
        self.paths = {(node.start, node.end): node for node in own(typed) if isinstance(node, Path)}
        self.joined: set[int] = set()

    def note(self, part: ast.AST) -> None:
        """Remember what stands in an `and`: to drop it there is to take it for true."""
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
            self.joined.update(map(id, part.values))


def _parts(tree: ast.AST, around: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Give every part of a tree, and what it stands in."""
    if isinstance(tree, ast.expr):
        yield tree, around
    for child in ast.iter_child_nodes(tree):
        yield from _parts(child, tree)


def _replaced(tree: ast.AST, part: ast.AST, new: ast.AST) -> ast.AST:
    """Return a tree with one part of it exchanged; the rest is shared."""
    if tree is part:
        return new
    fields: dict[str, Any] = {}
    for name, value in ast.iter_fields(tree):
        if isinstance(value, list):
            fields[name] = [_replaced(each, part, new) for each in value]
        else:
            fields[name] = _replaced(value, part, new) if isinstance(value, ast.AST) else value
    make: Callable[..., ast.AST] = type(tree)
    return make(**fields)


def _write(tree: ast.AST) -> str:
    # A part that is nowhere in it: the tree comes back as a copy, which may be changed.
    copy = _replaced(tree, ast.Pass(), ast.Pass())
    return ast.unparse(_AsRules().visit(copy))


class _AsRules(ast.NodeTransformer):
    """Writes numbers as rules do, 10_000, and one pair of brackets around a lone loop."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Write count(x for x in list), where Python would double the brackets."""
        self.generic_visit(node)
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            node.args = [ast.Name(ast.unparse(node.args[0])[1:-1])]
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Write a number with its thousands apart."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return node
        return ast.Name(written(value))


def _comparison(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.Compare)
    sides = [part.left, *part.comparators]
    for index, operator in enumerate(part.ops):
        link = context.span(sides[index])[0], context.span(sides[index + 1])[1]
        for other in _COMPARISONS.get(type(operator), ()):
            if {type(operator), other} in _STRICT_AND_LAX and not context.touching.get(link, True):
                continue
            operators = [*part.ops[:index], other(), *part.ops[index + 1 :]]
            yield ast.Compare(part.left, operators, part.comparators)
    if len(part.ops) > 1:
        # A chain is its links joined by "and".
        yield ast.Compare(part.comparators[0], part.ops[1:], part.comparators[1:])
        yield ast.Compare(part.left, part.ops[:-1], part.comparators[:-1])


def _logic(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.BoolOp)
    for index in range(len(part.values)):
        left = [*part.values[:index], *part.values[index + 1 :]]
        yield left[0] if len(left) == 1 else ast.BoolOp(part.op, left)
    other = ast.Or() if isinstance(part.op, ast.And) else ast.And()
    yield ast.BoolOp(other, part.values)


def _sum(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.BinOp)
    if isinstance(part.op, ast.Add):
        yield part.left
        yield part.right


def _not(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.UnaryOp)
    if isinstance(part.op, ast.Not):
        yield part.operand


def _call(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.Call)
    name = part.func.id if isinstance(part.func, ast.Name) else ""
    if name == "exists" and id(part) not in context.joined:
        yield ast.Name("true")
    elif name == "default":
        yield part.args[0]
    elif name in _SWAPPED_CALLS:
        yield ast.Call(ast.Name(_SWAPPED_CALLS[name]), part.args, [])


def _filters(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.ListComp | ast.GeneratorExp)
    loop = part.generators[0]
    for index in range(len(loop.ifs)):
        kept = [*loop.ifs[:index], *loop.ifs[index + 1 :]]
        left = [ast.comprehension(loop.target, loop.iter, kept, 0)]
        listed = isinstance(part, ast.ListComp)
        yield ast.ListComp(part.elt, left) if listed else ast.GeneratorExp(part.elt, left)


def _threshold(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.Constant)
    value = part.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        span = context.span(part)
        answer = context.settled.get(span)
        for other in moved(value, context.steps.get(span)):
            if answer and answer(value) is not None and answer(value) == answer(other):
                continue  # Whatever the record says, the comparison has the same answer.
            # A number below 0 is written with a minus before it.
            sign: ast.expr = ast.UnaryOp(ast.USub(), ast.Constant(-other))
            yield sign if other < 0 else ast.Constant(other)


def _field(context: _Context, part: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(part, ast.Attribute)
    path = context.paths.get(context.span(part))
    other = None if path is None else neighbour(path)
    if other is not None:
        yield ast.Attribute(part.value, other, ast.Load())


_SWAPS: Mapping[type[ast.AST], Sequence[_Swaps]] = {
    ast.Compare: (_comparison,),
    ast.BoolOp: (_logic,),
    ast.BinOp: (_sum,),
    ast.UnaryOp: (_not,),
    ast.Call: (_call,),
    ast.ListComp: (_filters,),
    ast.GeneratorExp: (_filters,),
    ast.Constant: (_threshold,),
    ast.Attribute: (_field,),
}
