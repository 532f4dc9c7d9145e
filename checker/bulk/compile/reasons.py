"""The reasons of outcomes in SQL: templates, comparisons, and why a rule is unknown or skipped."""

from __future__ import annotations

from checker.bulk.compile.causes import Causes
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.rules import CompiledRule
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import FALSE, NO_TEXT, both, cases, either, negated, surely, unknown
from checker.bulk.compile.wording import Slot, Worded, Writer, tidy
from checker.bulk.meaning import OPPOSITE, WORDS
from checker.bulk.quote import text_of
from checker.engine.places import node_field
from checker.engine.reasons import WHOSE
from checker.language.format import default_format
from checker.language.nodes import Bind, Compare, Exists, Logic, Node
from checker.language.show import show
from checker.language.templates import Placeholder, Template
from checker.model.types import MoneyType

NOTHING_DECIDED = "no error rule passed, so nothing was decided"


class Wording:
    """Words the outcomes of one rule."""

    def __init__(self, rule: CompiledRule) -> None:
        self.rule = rule
        self.work = rule.expressions
        self.writer = Writer(rule.expressions.tools)

    def every(self) -> Worded:
        """Return the reason whatever the status is."""
        rule = self.rule
        if rule.applies == FALSE:
            return self.skipped()
        open_ = either(unknown(rule.applies), both(rule.applies, unknown(rule.holds)))
        branches = []
        for when, make in (
            (negated(rule.applies), self.skipped),
            (open_, self.unknown),
            (rule.holds, self.passed),
            (negated(rule.holds), self.fail),
        ):
            if when != FALSE:
                with self.work.columns.guarded(when):
                    branches.append((when, make()))
        return _first(branches, Worded(NO_TEXT))

    def passed(self) -> Worded:
        """Return the reason of a pass."""
        return self._settled(self.rule.typed.pass_text, passed=True)

    def fail(self) -> Worded:
        """Return the reason of a fail."""
        return self._settled(self.rule.typed.fail_text, passed=False)

    def unknown(self) -> Worded:
        """Return why the rule is unknown."""
        causes = Causes(self.rule, self.writer)
        tests = causes.of_tests("cannot tell whether this rule applies")
        if self.rule.applies == "true":
            return causes.of_condition("cannot tell")
        return _first([(unknown(self.rule.applies), tests)], causes.of_condition("cannot tell"))

    def _settled(self, template: Template | None, *, passed: bool) -> Worded:
        if template is not None:
            return self.template(template)
        require = self.rule.typed.require
        found = self.rule.comparisons(passed)
        branches = [(each.when, self._compared(each.node, each.env, passed)) for each in found]
        plain = f"{show(require)} is {'true' if passed else 'false'}"
        return _first(branches, Worded(text_of(plain)))

    def template(self, template: Template) -> Worded:
        """Write a template with the values of the row."""
        return write_template(self.work, self.writer, template, self.rule.env)

    # Reasons from the comparison that decided

    def _compared(self, node: Compare, env: Env, passed: bool) -> Worded:
        left, right = self.sides(node, env)
        name = _name(node.left)
        operator = WORDS[node.operator if passed else OPPOSITE[node.operator]]
        tail = f", {operator} " if passed else f"; needs to be {WORDS[node.operator]} "
        made = " || ".join(
            (text_of(f"{name} is "), f"({left.sql})", text_of(tail), f"({right.sql})")
        )
        return Worded(f"({made})", either(left.hand, right.hand))

    def sides(self, node: Compare, env: Env) -> tuple[Worded, Worded]:
        """Write the two sides of a comparison so that they can be told apart."""
        sides = (node.left, node.right)
        values = [self.work.value(side, env) for side in sides]
        formats = side_formats(node)
        slots = [
            Slot(value, format_, side.type)
            for value, format_, side in zip(values, formats, sides, strict=True)
        ]
        if formats[0] == formats[1] and formats[0] in ("percent", "number", "money"):
            left, right = self.writer.write_alike(slots)
            return left, right
        left, right = (self.writer.write(slot) for slot in slots)
        return left, right

    # Skipped

    def skipped(self) -> Worded:
        """Say which part of `when` was false."""
        rule = self.rule
        env = rule.with_lets() if rule.applies == FALSE else rule.env
        found = []
        for node in rule.tests:
            when = surely(negated(self.work.truth(node, env).sql))
            found.append((when, self._false_part(node, env)))
        return _first(found, Worded(text_of("does not apply")))

    def _false_part(self, node: Node, env: Env) -> Worded:
        if isinstance(node, Bind):
            return self._false_part(node.body, self.work.inside(node, env))
        own = Worded(text_of(_skipped_text(node)))
        if not isinstance(node, Logic):
            return own
        parts = []
        for part in node.operands:
            when = surely(negated(self.work.truth(part, env).sql))
            parts.append((when, self._false_part(part, env)))
        return _first(parts, own)


def write_template(work: Expressions, writer: Writer, template: Template, env: Env) -> Worded:
    """Write a template with the values of the row."""
    slots = [
        Slot(work.value(part.node, env), part.format, part.node.type)
        for part in template
        if isinstance(part, Placeholder)
    ]
    written = iter(writer.write_alike(slots))
    parts: list[str | Worded] = []
    loose = False
    for part in template:
        if isinstance(part, str):
            parts.append(part)
            continue
        worded = next(written)
        parts.append(worded if worded.plain is None else worded.plain)
        loose = loose or (worded.plain is None and worded.spaced)
    return _put_together(parts, loose=loose)


def _skipped_text(node: Node) -> str:
    if isinstance(node, Exists):
        owner = WHOSE.get(show(node.path).split(".")[0], "the record")
        title = node.path.field.title or node.path.names[-1].replace("_", " ")
        return f"does not apply: {owner} has no {title}"
    return f"does not apply: {show(node)} is false"


def side_formats(node: Compare) -> list[str]:
    """Return the formats in which the two sides of a comparison are written."""
    sides = (node.left, node.right)
    formats = [default_format(side.type) for side in sides]
    if "percent" in formats and "number" in formats:
        formats = ["percent", "percent"]
    if any(isinstance(side.type, MoneyType) for side in sides):
        formats = ["money", "money"]
    return formats


def _name(node: Node) -> str:
    field = node_field(node)
    return field.title if field and field.title else show(node)


def _first(branches: list[tuple[str, Worded]], otherwise: Worded) -> Worded:
    """Return the words of the first branch that holds."""
    text = cases([(when, worded.sql) for when, worded in branches], otherwise.sql)
    hand = cases([(when, worded.hand) for when, worded in branches], otherwise.hand)
    return Worded(text, hand)


def _put_together(parts: list[str | Worded], *, loose: bool) -> Worded:
    """Join texts and values; runs of spaces become one. `loose`: a value may bring such runs."""
    merged: list[str | Worded] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    last = len(merged) - 1
    made = [
        text_of(part if loose else _squeezed(part, first=at == 0, last=at == last))
        if isinstance(part, str)
        else f"({part.sql})"
        for at, part in enumerate(merged)
    ]
    text = f"({' || '.join(made)})" if made else "''"
    hands = (part.hand for part in merged if isinstance(part, Worded))
    return Worded(tidy(text) if loose else text, either(*hands))


def _squeezed(text: str, *, first: bool, last: bool) -> str:
    """Return a text with each run of spaces made one, and none at an end of the whole."""
    inner = " ".join(text.split())
    if not inner:
        return "" if first or last or not text else " "
    before = " " if text[0].isspace() and not first else ""
    return before + inner + (" " if text[-1].isspace() and not last else "")
