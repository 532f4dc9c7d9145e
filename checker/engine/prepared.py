"""Rules made ready for one brief: specialised once, then run on each subject."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from checker.engine.params import param_values
from checker.engine.ruleset import RuleSet, TypedRule
from checker.language.bind import Binders
from checker.language.context import Context
from checker.language.evaluate import MOST_WORK, PENDING, Evaluator, Frame, Run
from checker.language.nodes import Literal, Node, children
from checker.language.operators.scalars import OPEN_SCALARS, SCALARS, Scalars, Truth
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.language.tables import bind_table
from checker.language.templates import Placeholder, Template
from checker.language.text import BRANDS
from checker.language.trace import TracedFrame, TracingEvaluator, set_variable
from checker.model.frozen import dataclass
from checker.model.records import Record
from checker.model.report import Outcome, Status
from checker.model.types import DistributionType, ListType, TextType, Type
from checker.model.values import UNKNOWN, Unknown, Value


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What a brief fixes for all rules: its context, bound records and the date."""

    rules: RuleSet
    context: Context
    binders: Binders
    brief: Mapping[str, Value]
    brand: Mapping[str, Value]
    today: datetime.date

    def frame(self, slots: int, subject: Mapping[str, Value]) -> Frame:
        """Return a frame with the brief's values and the subject's, by root name."""
        frame: Frame = [UNKNOWN] * slots
        frame[SLOTS["brief"]] = self.brief
        frame[SLOTS["brand"]] = self.brand
        frame[SLOTS["today"]] = self.today
        for name, value in subject.items():
            frame[SLOTS[name]] = value
        return frame


def make_desk(rules: RuleSet, brief: Record, brand: Record, today: datetime.date) -> Desk:
    """Bind a brief and its brand, and the packs' tables, in the brief's currency."""
    budget = brief.data.get("budget", {})
    context = Context(
        budget.get("currency", ""),
        {currency: float(rate) for currency, rate in brief.data.get("exchange_rates", {}).items()},
        rules.vocabularies,
    )
    binders = Binders(context)
    context.tables.bind = lambda type_: bind_table(rules.tables[type_], type_, binders)
    bound = (
        binders.record(brief.data, rules.types["brief"]),
        binders.record(brand.data, rules.types["brand"]),
    )
    return Desk(rules, context, binders, *bound, today)


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """A rule's second run on one subject: every step, and the values of its templates."""

    frame: TracedFrame
    when: Truth
    require: Truth


class _Way:
    """One rule, specialised to a brief, in one way to compare words."""

    def __init__(self, typed: TypedRule, desk: Desk, params: Value, on: Scalars) -> None:
        evaluator = Evaluator(desk.context, on=on)
        self.work = evaluator.work
        base = desk.frame(typed.slots, {})
        base[SLOTS["params"]] = params
        work = Specialiser(evaluator, base, BRIEF_SLOTS)
        for variable, value in typed.lets:
            made = work.visit(value)
            work.learn(variable.slot, made)
            if not isinstance(made, Literal):
                evaluator.lets[variable.slot] = evaluator.build(made)
                base[variable.slot] = PENDING
        self.tests = tuple(work.visit(node) for node in (typed.applies, typed.when) if node)
        self.require = work.visit(typed.require)
        # What a brief fixes stands in the frame already; the rest is run for each subject.
        self._base = base
        open_tests = [n for n in self.tests if not (isinstance(n, Literal) and n.value is True)]
        self._tests = [evaluator.build(node) for node in open_tests]
        self._require = evaluator.build(self.require)
        self.never = any(isinstance(node, Literal) and node.value is False for node in self.tests)

    def status(self, subject: Mapping[str, Value]) -> Status:
        """Run the rule on a subject's bound records, by root name."""
        if self.never:
            return "skipped"
        self.work.too_much = False
        frame = self._base.copy()
        for name, value in subject.items():
            frame[SLOTS[name]] = value
        applies: Truth = True
        for test in self._tests:
            value = test(frame)
            if value is False:
                return "skipped"
            if value is UNKNOWN:
                applies = UNKNOWN
        return "unknown" if applies is UNKNOWN else status_of(self._require(frame))


class PreparedRule:
    """One rule, specialised to a brief.

    A word that nobody knows means nothing but itself. What fails so is judged once more with its
    meaning left open, so that no such word fails anybody.
    """

    def __init__(self, typed: TypedRule, desk: Desk) -> None:
        self.typed = typed
        self.rule = typed.rule
        self.desk = desk
        # Outcomes without evidence, by status and reason; see `outcomes.bare_outcome`.
        self.bare: dict[tuple[Status, str], Outcome] = {}
        self.params = param_values(typed.rule, typed.params, desk.binders)
        self._closed = _Way(typed, desk, self.params, SCALARS)
        self.tests, self.require = self._closed.tests, self._closed.require

    @cached_property
    def _open(self) -> _Way:
        return _Way(self.typed, self.desk, self.params, OPEN_SCALARS)

    @cached_property
    def compares_words(self) -> bool:
        """Whether the rule compares words that a vocabulary has."""
        known = self.desk.context.vocabularies
        return any(vocabulary in known for _, vocabulary in words_read(self.typed))

    def _frame(self, subject: Mapping[str, Value]) -> Frame:
        frame = self.desk.frame(self.typed.slots, subject)
        frame[SLOTS["params"]] = self.params
        return frame

    @property
    def never_applies(self) -> bool:
        """Whether the brief alone rules this rule out."""
        return self._closed.never

    @property
    def unknown_by_brief(self) -> bool:
        """Whether the brief alone leaves this rule unknown, whatever the subject is."""
        return any(
            isinstance(node, Literal) and node.value is UNKNOWN
            for node in (*self.tests, self.require)
        )

    def status(self, subject: Mapping[str, Value]) -> Status:
        """Run the rule on a subject's bound records, by root name."""
        found = self._closed.status(subject)
        if found == "fail" and self.compares_words:
            return self._open.status(subject)
        return found

    def passes(self, subject: Mapping[str, Value]) -> bool:
        """Run the whole rule on a subject that may bring a brief of its own."""
        return self._whole(self._frame(subject)) == "pass"

    @cached_property
    def _whole(self) -> Callable[[Frame], Status]:
        """Return the rule as one function of a frame, with nothing computed beforehand."""
        typed, evaluator = self.typed, Evaluator(self.desk.context)
        build = evaluator.build
        lets = [(variable.slot, build(node)) for variable, node in typed.lets]
        tests = [build(node) for node in (typed.applies, typed.when) if node]
        require = build(typed.require)

        def run(frame: Frame) -> Status:
            for slot, value in lets:
                frame[slot] = value(frame)
            found = [test(frame) for test in tests]
            if not all(value is True for value in found):
                return "skipped" if False in found else "unknown"
            return status_of(require(frame))

        return run

    @cached_property
    def _tracing(self) -> _Tracing:
        return _Tracing(self.typed, self.desk, SCALARS)

    @cached_property
    def _tracing_open(self) -> _Tracing:
        return _Tracing(self.typed, self.desk, OPEN_SCALARS)

    def trace(self, subject: Mapping[str, Value]) -> Traced:
        """Run the whole rule again, noting what it reads."""
        # A trace may take more work than the rule; of what was too much, it shows the beginning.
        most = MOST_WORK // 10 if self._closed.work.too_much else 2 * MOST_WORK
        traced = self._tracing.run(TracedFrame(self._frame(subject)), most=most)
        if traced.when is True and traced.require is False and self.compares_words:
            again = self._tracing_open.run(TracedFrame(self._frame(subject)), most=most)
            if UNKNOWN in (again.when, again.require):
                return again
        return traced

    def write(self, template: Template, traced: Traced) -> list[Value]:
        """Return the values of a template's placeholders after a traced run."""
        return self._tracing.values(template, traced.frame)


def words_read(typed: TypedRule) -> Iterator[tuple[Node, str]]:
    """Give what a rule reads words from, each with the vocabulary."""
    waiting = [node for _, node in typed.lets]
    waiting += [node for node in (typed.applies, typed.when, typed.require) if node is not None]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        type_: Type = node.type
        if isinstance(type_, ListType):
            type_ = type_.item
        elif isinstance(type_, DistributionType):
            type_ = type_.keys
        if isinstance(type_, TextType) and type_.vocabulary not in ("", BRANDS):
            yield node, type_.vocabulary


def status_of(value: Any) -> Status:
    """Return the status that a condition's value means."""
    if value is True:
        return "pass"
    return "unknown" if value is UNKNOWN else "fail"


class _Tracing:
    """The traced functions of one rule, built when first asked for and kept."""

    def __init__(self, typed: TypedRule, desk: Desk, on: Scalars) -> None:
        self.typed = typed
        self.evaluator = TracingEvaluator(desk.context, on=on)
        build = self.evaluator.build
        self.lets = [(variable, node, build(node)) for variable, node in typed.lets]
        self.tests = [build(node) for node in (typed.applies, typed.when) if node]
        self.require = build(typed.require)
        self.templates: dict[int, list[Run]] = {}

    def run(self, frame: TracedFrame, *, most: int) -> Traced:
        self.evaluator.work.most, self.evaluator.work.seen = most, 0
        for variable, node, run in self.lets:
            set_variable(frame, variable, node, run)
        when: Truth = True
        for test in self.tests:
            steps, causes = len(frame.steps), len(frame.causes)
            value = test(frame)
            if value is False:
                return Traced(frame, False, UNKNOWN)
            if when is UNKNOWN:
                # Where the rule may not hold here at all, nobody is asked more than that.
                del frame.steps[steps:], frame.causes[causes:]
            elif isinstance(value, Unknown):
                when = value
        return Traced(frame, when, UNKNOWN if when is UNKNOWN else self.require(frame))

    def values(self, template: Template, frame: TracedFrame) -> list[Value]:
        runs = self.templates.get(id(template))
        if runs is None:
            nodes: list[Node] = [part.node for part in template if isinstance(part, Placeholder)]
            runs = self.templates[id(template)] = [self.evaluator.build(node) for node in nodes]
        return [run(frame) for run in runs]
