"""What a rule says to people: the value that failed, the fix, and its examples."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.engine.examples import example_outcome
from checker.engine.lint.conditions import answer
from checker.engine.lint.work import Found, Work, at
from checker.language.nodes import (
    Call,
    Compare,
    Conditional,
    Contains,
    Exists,
    Literal,
    Logic,
    Node,
    Not,
    Path,
    Variable,
    children,
)
from checker.language.templates import Placeholder
from checker.model.types import FlagType, RecordType

_SUBJECTS = ("influencer", "deal", "post", "shortlist")


def silent_fails(work: Work) -> Iterator[Found]:
    """Find rules whose text for a failure shows nothing that the condition measured."""
    template, source = work.typed.fail_text, work.rule.fail_text
    if template is None or source is None:
        return
    measured = _measured(work)
    shown = set[int]()
    for part in template:
        if isinstance(part, Placeholder):
            shown |= _terms(work, part.node)
    if measured and not measured & shown:
        message = "this text does not show the value that failed"
        hint = "Write it in braces, such as {share:percent}."
        yield work.found(at("silent-fail", message, source.locate(0), hint))


def _measured(work: Work) -> set[int]:
    """Return what the condition measures of its subject; of the brief where it reads no more."""
    found: dict[bool, set[int]] = {True: set(), False: set()}
    for side in _sides(work, work.typed.require):
        for number, subject in _read(work, side):
            found[subject].add(number)
    return found[True] or found[False]


def _sides(work: Work, node: Node) -> Iterator[Node]:
    """Give what comparisons measure. That something is there, or so, has no value to show."""
    node = work.reasoner.numbering.meaning(node)
    if isinstance(node, Logic | Not | Conditional):
        for child in children(node):
            yield from _sides(work, child)
    elif isinstance(node, Contains):
        yield from (node.item, node.members)
    elif isinstance(node, Compare) and not isinstance(node.left.type, FlagType):
        sides = (node.left, node.right)
        if not (any(map(_is_count, sides)) and any(isinstance(side, Literal) for side in sides)):
            yield from sides


def _is_count(node: Node) -> bool:
    # "More than 0 of them" asks whether there is one.
    return isinstance(node, Call) and node.function == "count"


def _read(work: Work, node: Node) -> Iterator[tuple[int, bool]]:
    """Give the values in an expression that come from records, and whether from the subject."""
    node = work.reasoner.numbering.meaning(node)
    if isinstance(node, Exists):
        return
    roots = _roots(work, node)
    subject = bool(roots & set(_SUBJECTS))
    if isinstance(node, Path) and roots:
        # A whole that is shown, such as a span of ages, shows each part of it.
        yield from ((step, subject) for step in work.reasoner.numbering.steps(node)[1:])
    elif roots and not isinstance(node, Variable):
        yield work.reasoner.numbering.of(node), subject
    for child in _below(work, node):
        yield from _read(work, child)


def _below(work: Work, node: Node) -> tuple[Node, ...]:
    """Return the parts of a node; of a loop's variable, the list that it runs over."""
    if isinstance(node, Variable) and node.slot in work.reasoner.numbering.loops:
        return (work.reasoner.numbering.loops[node.slot],)
    return children(node)


def _roots(work: Work, node: Node) -> set[str]:
    node = work.reasoner.numbering.meaning(node)
    below = _below(work, node)
    if isinstance(node, Variable) and not below:
        return {node.name} - {"params", "today"}
    return set[str]().union(*(_roots(work, child) for child in below))


def _terms(work: Work, node: Node) -> set[int]:
    """Return an expression and all its parts, by number."""
    node = work.reasoner.numbering.meaning(node)
    found = {work.reasoner.numbering.of(node)}
    return found.union(*(_terms(work, child) for child in _below(work, node)))


def missing_fix(work: Work) -> Iterator[Found]:
    """Find rules that say what is wrong and not what to do."""
    if not work.rule.fix and work.rule.severity != "note":
        message = f'the rule "{work.rule.id}" does not say what to do when it fails'
        yield work.found(at("no-fix", message, work.rule.position))


# Examples


def missing_examples(work: Work) -> Iterator[Found]:
    """Find rules without an example of a status that they can give."""
    shown = {example.expect for example in work.rule.examples}
    one_answer = answer(work)
    wanted = {
        "pass": one_answer not in ("never-passes", "only-unknown"),
        "fail": one_answer not in ("never-fails", "only-unknown"),
    }
    missing = [status for status, can in wanted.items() if can and status not in shown]
    hint = ""
    if "unknown" not in shown:
        path = _what_leaves_it_unknown(work)
        if path:
            missing.append("unknown")
            hint = f"It is unknown where {path} is missing."
    if missing:
        message = f'the rule "{work.rule.id}" has no example that is {" or ".join(missing)}'
        yield work.found(at("no-example", message, work.rule.position, hint))


def _what_leaves_it_unknown(work: Work) -> str:
    """Return a path without which one of the rule's own examples becomes unknown, or ""."""
    rules = work.library.rules
    for example in work.rule.examples:
        if example.expect not in ("pass", "fail"):
            continue
        for path, records in _with_holes(example.records, work):
            lacking = replace(example, records=records)
            if example_outcome(rules, work.typed, lacking).status == "unknown":
                return path
    return ""


def _with_holes(records: Mapping[str, Any], work: Work) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give records without one of their fields, for each field that may be missing."""
    for kind, data in records.items():
        type_ = work.library.rules.types.get(kind)
        if type_ is None or not isinstance(data, dict):
            continue
        for path in _optional(data, type_, (kind,)):
            made: dict[str, Any] = copy.deepcopy(dict(records))
            holder = made
            for name in path[:-1]:
                holder = holder[name]
            del holder[path[-1]]
            yield ".".join(path), made


def _optional(
    data: Mapping[str, Any], type_: RecordType, path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    for name, value in data.items():
        field = type_.fields.get(name)
        if field is None:
            continue
        if not field.required:
            yield (*path, name)
        if isinstance(value, dict) and isinstance(field.type, RecordType):
            yield from _optional(value, field.type, (*path, name))
