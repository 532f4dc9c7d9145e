"""The unit of each number in a rule's params: what the rule compares it with, and its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf

from checker.engine.ruleset import TypedRule
from checker.language.nodes import (
    Arithmetic,
    Call,
    Compare,
    Conditional,
    Contains,
    Default,
    ListOf,
    Negate,
    Node,
    Path,
    Variable,
    children,
)
from checker.language.numbering import Numbering
from checker.model.diagnostics import Diagnostic
from checker.model.rules import Param
from checker.model.types import ListType, NumberType

# What a pack says of a param whose unit cannot be told from what it is compared with.
_DECLARED = {
    "share": NumberType("share", 0, 1),
    "count": NumberType("count", 0),
    "days": NumberType("days"),
}


def misfits(typed: TypedRule) -> Iterator[Diagnostic]:
    """Yield the numbers that the configuration sets and that are none of their param's unit."""
    held: dict[str, NumberType] | None = None
    for param in typed.rule.params.values():
        if not param.because:
            continue
        held = _Units(typed).held if held is None else held
        unit = _DECLARED.get(param.unit) or held.get(param.name, NumberType())
        wrong = _wrong(param, unit)
        if wrong:
            problem, hint = wrong
            message = f"{param.name} of {typed.rule.id} {problem}"
            yield Diagnostic("param-value", message, param.position, hint=hint)


def _wrong(param: Param, unit: NumberType) -> tuple[str, str] | None:
    """Return what is wrong with a param's numbers, and the mend; None where nothing is."""
    defaults = _numbers(param.default)
    for value in _numbers(param.value):
        if unit.unit == "share" and not _share_low(unit) <= value <= 1:
            likely = f'Write {value / 100:.10g} or "{value:.10g}%".' if 1 < value <= 100 else ""
            return f"is {value:.10g}; shares run 0 to 1", likely
        # What may be less than nothing by its unit, days above all, keeps the sign that it has.
        low = 0.0 if unit.low < 0 < min(defaults) else unit.low
        if value < low:
            return f"is {value:.10g}; it cannot be less than {low:.10g}", ""
        if value > unit.high:
            return f"is {value:.10g}; it cannot be more than {unit.high:.10g}", ""
        whole = unit.unit in ("count", "days") and all(each == int(each) for each in defaults)
        if whole and value != int(value):
            return f"is {value:.10g}; it must be a whole number", ""
    return None


def _share_low(unit: NumberType) -> float:
    # What is left of one share after another may be less than nothing.
    return 0 if unit.low >= 0 else -1


def _numbers(value: object) -> list[float]:
    members = value if isinstance(value, list) else [value]
    return [each for each in members if isinstance(each, int | float)]


class _Units:
    """What the params of a rule are held to: `held` has each that meets a number with a unit."""

    def __init__(self, typed: TypedRule) -> None:
        self.held: dict[str, NumberType] = {}
        self.numbering = Numbering(typed.lets)
        self.seen: set[tuple[int, NumberType | None]] = set()
        trees = [node for node in (typed.when, typed.require) if node is not None]
        for node in trees:
            self.numbering.learn(node)
        for node in trees:
            self.visit(node, None)

    def visit(self, node: Node, unit: NumberType | None) -> None:
        """Note the params in an expression that stands beside a number with this unit."""
        node = self.numbering.meaning(node)
        if (id(node), unit) in self.seen:
            return
        self.seen.add((id(node), unit))
        name = _param(node)
        if name and unit is not None:
            # What a param stands beside may have its own bounds through another param.
            known = self.held.get(name, unit)
            low, high = max(known.low, unit.low), min(known.high, unit.high)
            self.held[name] = replace(known, low=low, high=high)
        beside = _beside(node, unit)
        for child in children(node):
            others = [each for each in beside if each is not child]
            met = next(filter(None, map(_unit_of, others)), unit) if child in beside else None
            self.visit(child, _loose(met) if isinstance(node, Arithmetic | Negate) else met)


def _param(node: Node) -> str:
    """Return the name of the param that a node is, or ""."""
    if isinstance(node, Path) and isinstance(node.root, Variable) and node.root.name == "params":
        return node.names[0]
    return ""


def _beside(node: Node, unit: NumberType | None) -> tuple[Node, ...]:
    """Return the parts of an expression that have one unit, together with the whole."""
    match node:
        case Compare() | ListOf() | Contains():
            return children(node)
        case Arithmetic(operator="+" | "-") | Default() | Negate():
            return children(node)
        case Conditional():
            return (node.then, node.otherwise)
        case Call(function="min" | "max") if len(node.arguments) > 1:
            return node.arguments
    return ()


def _unit_of(node: Node) -> NumberType | None:
    type_ = node.type.item if isinstance(node.type, ListType) else node.type
    if not isinstance(type_, NumberType):
        return None
    if type_.unit == "number":
        # Of a bare number only its sign is known; a constant says nothing of what stands beside it.
        return NumberType(low=0) if 0 <= type_.low < type_.high else None
    return type_


def _loose(unit: NumberType | None) -> NumberType | None:
    """Return a unit without its bounds: a part of a sum may be less or more than the whole."""
    return replace(unit, low=-inf, high=inf) if unit is not None else None
