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
from checker.language.scope import FIRST_FREE
from checker.language.templates import Placeholder
from checker.model.types import FlagType, RecordType

_SUBJECTS = ("influencer", "deal", "post", "shortlist")


def silent_fails(work: Work) -> Iterator[Found]:
    """Find rules whose text for a failure shows nothing that the condition measured."""
    template, source = work.typed.fail_text, work.rule.fail_text
    if template is None or source is None:
        return
    if not _measures(work):
        return
    shown = set[int]()
    for part in template:
        if isinstance(part, Placeholder):
            shown |= _terms(work, part.node)
    if not shown & _measured(work):
        message = "this text does not show the value that failed"
        hint = "Write it in braces, such as {share:percent}."
        yield work.found(at("silent-fail", message, source.locate(0), hint))


def _measured(work: Work) -> set[int]:
    """Return what the condition reads of its subject; of the brief where it reads no more."""
    found: dict[bool, set[int]] = {True: set(), False: set()}
    for number, subject in _read(work, work.typed.require):
        found[subject].add(number)
    return found[True] or found[False]


def _measures(work: Work) -> bool:
    """Tell whether all that can fail are values of records that are compared.

    That something is there, or is so, has no value to show.
    """
    measured = False
    for one in work.reasoner.numbering.parts(work.typed.require, _conditions):
        if isinstance(one, Logic | Not):
            continue
        if any(_read(work, side) for side in _sides(one)):
            measured = True
        elif not isinstance(one, Exists | Literal):
            return False
    return measured


def _conditions(node: Node) -> tuple[Node, ...]:
    return children(node) if isinstance(node, Logic | Not) else ()


def _sides(node: Node) -> tuple[Node, ...]:
    """Return what a comparison measures; "more than 0 of them" asks whether there is one."""
    if isinstance(node, Contains):
        return node.item, node.members
    if not isinstance(node, Compare) or isinstance(node.left.type, FlagType):
        return ()
    sides = (node.left, node.right)
    asks = any(map(_is_count, sides)) and any(isinstance(side, Literal) for side in sides)
    return () if asks else sides


def _is_count(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "count"


def _all_below(work: Work, node: Node) -> Iterator[Node]:
    """Return an expression and its parts, each once: names and loops are followed."""
    numbering = work.reasoner.numbering

    def inside(one: Node) -> tuple[Node, ...]:
        if isinstance(one, Variable) and one.slot in numbering.loops:
            return (numbering.loops[one.slot],)
        return () if isinstance(one, Exists) else children(one)

    return numbering.parts(node, inside)


def _read(work: Work, node: Node) -> set[tuple[int, bool]]:
    """Return the values in an expression that come from records, and whether from the subject."""
    found = set[tuple[int, bool]]()
    for one in _all_below(work, node):
        if isinstance(one, Path):
            roots = {
                each.name
                for each in _all_below(work, one)
                if isinstance(each, Variable) and each.slot < FIRST_FREE
            }
            if roots - {"params", "today"}:
                # A whole that is shown, such as a span of ages, shows each part of it.
                steps = work.reasoner.numbering.steps(one)[1:]
                found.update((step, bool(roots & set(_SUBJECTS))) for step in steps)
    return found


def _terms(work: Work, node: Node) -> set[int]:
    """Return the paths in an expression, by number."""
    numbering = work.reasoner.numbering
    return {numbering.of(each) for each in _all_below(work, node) if isinstance(each, Path)}


def missing_fix(work: Work) -> Iterator[Found]:
    """Find rules that say what is wrong and not what to do."""
    if not work.rule.fix and work.rule.severity != "note":
        message = f'the rule "{work.rule.id}" does not say what to do when it fails'
        yield work.found(at("no-fix", message, work.rule.position))


# Examples

_WORDS = {"pass": "passes", "fail": "fails", "unknown": "is unknown"}


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
        words = " or ".join(_WORDS[status] for status in missing)
        message = f'the rule "{work.rule.id}" has no example that {words}'
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
