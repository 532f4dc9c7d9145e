"""What loads but is wrong in a rule."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.ruleset import RuleSet, TypedRule
from checker.engine.texts import diagnose
from checker.language.errors import LanguageError
from checker.language.nodes import (
    Bind,
    Compare,
    Comprehension,
    Default,
    Literal,
    Node,
    Path,
    Variable,
    children,
)
from checker.language.operators import check_share_bounds
from checker.language.show import show
from checker.model.diagnostics import Diagnostic
from checker.model.rules import SourceText

# A default on what these say of a person or a post would pass what nobody knows.
_OF_OTHERS = ("influencer", "post")


def lint_rules(rules: RuleSet) -> list[Diagnostic]:
    """Return what is wrong with rules that load, each place once."""
    found = {
        (diagnostic.position, diagnostic.message): diagnostic
        for typed in rules.rules
        for diagnostic in (*_assumptions(typed, rules), *_out_of_bounds(typed, rules))
    }
    return list(found.values())


def _out_of_bounds(typed: TypedRule, rules: RuleSet) -> Iterator[Diagnostic]:
    """Give each share that is compared with a constant that no share reaches: 30 for 0.3."""
    for node, source in _parts(typed, rules):
        if isinstance(node, Compare):
            try:
                check_share_bounds(node.left, node.right)
            except LanguageError as error:
                yield diagnose(error, source)


def _assumptions(typed: TypedRule, rules: RuleSet) -> Iterator[Diagnostic]:
    """Give each default with a constant on what a record of others says, in an error rule."""
    if typed.rule.severity != "error":
        return
    bound: dict[int, Node] = {}
    for node, source in _parts(typed, rules):
        if isinstance(node, Bind):
            bound.update((variable.slot, value) for variable, value in node.bindings)
        elif isinstance(node, Comprehension):
            bound[node.variable.slot] = node.source
        if not isinstance(node, Default) or not isinstance(node.otherwise, Literal):
            continue
        if _of_others(node.path, bound):
            path, value = show(node.path), show(node.otherwise)
            message = f"{path} is taken as {value} where the record does not say"
            note = "an error rule decides on facts only; let it be unknown"
            yield diagnose(
                LanguageError(message, node.start, node.end, note=note, code="assumed-fact"), source
            )


def _of_others(node: Node, bound: dict[int, Node]) -> bool:
    """Tell whether a path leads into a record of others, names followed to their values."""
    if isinstance(node, Path):
        return "influencer" in node.names or _of_others(node.root, bound)
    if isinstance(node, Variable):
        value = bound.get(node.slot)
        return node.name in _OF_OTHERS if value is None else _of_others(value, bound)
    return False


def _parts(typed: TypedRule, rules: RuleSet) -> Iterator[tuple[Node, SourceText]]:
    rule = typed.rule
    yield from _below(typed.require, rule.require, rules)
    if typed.when is not None and rule.when is not None:
        yield from _below(typed.when, rule.when, rules)
    for variable, node in typed.lets:
        yield from _below(node, rule.let[variable.name], rules)


def _below(node: Node, source: SourceText, rules: RuleSet) -> Iterator[tuple[Node, SourceText]]:
    yield node, source
    if isinstance(node, Bind):
        for _, value in node.bindings:
            yield from _below(value, source, rules)
        yield from _below(node.body, _definition(node.name, rules) or source, rules)
        return
    for child in children(node):
        yield from _below(child, source, rules)


def _definition(name: str, rules: RuleSet) -> SourceText | None:
    bodies = (pack.definitions[name].body for pack in rules.packs if name in pack.definitions)
    return next(bodies, None)
