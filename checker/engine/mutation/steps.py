"""One step of a threshold, and the neighbour of a field: what a slip of the pen would write."""

from __future__ import annotations

from collections.abc import Callable

from checker.engine.mutation.walk import own
from checker.language.nodes import Compare, Default, Literal, Node, Path, param_of
from checker.language.operators.comparisons import COMPARISONS
from checker.language.operators.scalars import SCALARS
from checker.model.types import (
    DistributionType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import Range, Unknown

# One hundredth: a percent of a share.
SHARE_STEP = 0.01
# How many decimals a threshold may have; a step is one of the last.
_MOST_DECIMALS = 6

Span = tuple[int, int]


def steps_of(typed: Node) -> dict[Span, float]:
    """Return the step of each number of an expression that stands beside a share.

    Others take theirs from how they are written.
    """
    return {
        (part.start, part.end): SHARE_STEP
        for node in own(typed)
        if isinstance(node, Compare | Default)
        for part, other in _beside(node)
        if isinstance(part, Literal) and is_share(other.type)
    }


def touching(typed: Node) -> dict[Span, bool]:
    """Return, for each comparison of numbers, whether its sides can be equal, by their bounds."""
    found = {}
    for node in own(typed):
        if isinstance(node, Compare):
            a, b = node.left.type, node.right.type
            if isinstance(a, NumberType | MoneyType) and isinstance(b, NumberType | MoneyType):
                found[node.start, node.end] = max(a.low, b.low) <= min(a.high, b.high)
    return found


def settled(typed: Node) -> dict[Span, Callable[[float], bool | None]]:
    """Return, for each number that is compared, what the bounds of the other side make of it.

    The function gives the comparison's answer with another number there; None where it depends.
    """
    found = {}
    for node in own(typed):
        if isinstance(node, Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                literal = side.otherwise if isinstance(side, Default) else side
                if isinstance(literal, Literal) and isinstance(other.type, NumberType | MoneyType):
                    span = (literal.start, literal.end)
                    found[span] = _answer(node.operator, other.type, left=side is node.left)
    return found


def _answer(
    operator: str, other: NumberType | MoneyType, *, left: bool
) -> Callable[[float], bool | None]:
    bounds = Range(float(other.low), float(other.high))

    def answer(value: float) -> bool | None:
        sides = (float(value), bounds) if left else (bounds, float(value))
        truth = COMPARISONS[operator].meaning(SCALARS, *sides)
        return None if isinstance(truth, Unknown) else truth

    return answer


def share_params(typed: Node) -> set[str]:
    """Return the params of a rule that stand beside a share."""
    return {
        name
        for node in own(typed)
        if isinstance(node, Compare | Default)
        for part, other in _beside(node)
        if (name := param_of(part)) is not None and is_share(other.type)
    }


def _beside(node: Compare | Default) -> tuple[tuple[Node, Node], ...]:
    if isinstance(node, Default):
        return ((node.otherwise, node.path),)
    return (node.left, node.right), (node.right, node.left)


def is_share(type_: Type) -> bool:
    """Tell whether a type is of shares, 0 to 1."""
    return isinstance(type_, NumberType) and type_.unit == "share"


def moved(value: int | float, step: float | None = None) -> tuple[int | float, ...]:
    """Return a number one step down and one step up."""
    if step is None:
        if float(value).is_integer():
            step = 1
        else:
            decimals = len(repr(float(value)).partition(".")[2])
            step = 10.0 ** -min(max(decimals, 2), _MOST_DECIMALS)
    pair = (round(value - step, _MOST_DECIMALS), round(value + step, _MOST_DECIMALS))
    return tuple(int(each) if float(each).is_integer() else each for each in pair)


def written(value: int | float) -> str:
    """Write a number as rules do: 10_000, 0.5."""
    if float(value).is_integer():
        return f"{int(value):_}"
    return repr(value)


def neighbour(path: Path) -> str | None:
    """Return the nearest field of the same record that is of the same type, or None."""
    record: Type = path.root.type
    for name in path.names[:-1]:
        if not isinstance(record, RecordType):
            return None
        record = record.fields[name].type
    if not isinstance(record, RecordType):
        return None
    names = list(record.fields)
    own = names.index(path.names[-1])
    alike = [
        (abs(place - own), place < own, name)
        for place, name in enumerate(names)
        if place != own and _alike(record.fields[name].type, record.fields[names[own]].type)
    ]
    return min(alike)[2] if alike else None


def _alike(a: Type, b: Type) -> bool:
    """Tell whether fields of two types can be mistaken for each other: bounds do not matter."""
    if isinstance(a, NumberType) and isinstance(b, NumberType):
        return a.unit == b.unit
    if isinstance(a, MoneyType):
        return isinstance(b, MoneyType)
    if isinstance(a, ListType) and isinstance(b, ListType):
        return _alike(a.item, b.item)
    if isinstance(a, TextType) and isinstance(b, TextType):
        return (a.kind, a.vocabulary) == (b.kind, b.vocabulary) and (
            a.kind != "code" or a.choices == b.choices
        )
    if isinstance(a, DistributionType) and isinstance(b, DistributionType):
        return a == b
    return a == b
