"""Packs put to the test of examples, without the reasons: only how each comes out."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checker.engine.examples import DEFAULT_DATE
from checker.engine.mutation.mutants import Mutant
from checker.engine.params import param_values
from checker.engine.prepared import Desk, make_desk, status_of, words_read
from checker.engine.ruleset import RuleSet, TypedRule, build_rules, with_used
from checker.language.evaluate import Evaluator, Frame, Run
from checker.language.nodes import (
    Bind,
    Call,
    Comprehension,
    Conditional,
    Logic,
    Node,
    TableName,
    subtree,
)
from checker.language.operators.scalars import OPEN_SCALARS, SCALARS, Scalars, Truth
from checker.language.scope import SLOTS
from checker.model.diagnostics import Position, RulesError
from checker.model.records import Record
from checker.model.report import Status
from checker.model.rules import Example, Pack, Rule
from checker.model.types import RecordType
from checker.model.values import UNKNOWN, Value

_NOWHERE = Position("")
# Of so many briefs a rule's functions are kept.
_MOST_READY = 64


class Trial:
    """A rule that is run on examples as it is written, with what a brief fixes made ready once.

    To specialise it to the brief pays for many influencers, not for one.
    """

    def __init__(self, rules: RuleSet, typed: TypedRule) -> None:
        self.rules = rules
        self.typed = typed
        self._ready: dict[str, _Ready] = {}

    def status(self, example: Example) -> Status:
        """Return how the rule comes out on an example."""
        given = example.records
        fixed = [given.get("brief"), given.get("brand"), example.as_of]
        key = json.dumps(fixed, sort_keys=True, default=str)
        ready = self._ready.get(key)
        if ready is None:
            if len(self._ready) >= _MOST_READY:
                self._ready.clear()
            desk = desk_of(self.rules, example)
            ready = self._ready[key] = _Ready(self.typed, desk)
        return ready.status(bind_subject(self.rules, ready.desk, example))


# Conditions whose parts are often not come to: "and" ends with the first part that is false.
_LATE = (Bind, Call, Comprehension, Conditional, Logic)


class _LateEvaluator(Evaluator):
    """Builds a condition's function when it is first run: a mutant is run a few times only."""

    def build(self, node: Node) -> Run:
        """Return a function that makes itself ready."""
        return _late(super().build, node) if isinstance(node, _LATE) else super().build(node)


def _late(build: Callable[[Node], Run], node: Node) -> Run:
    made: Run | None = None

    def run(frame: Frame) -> Value:
        nonlocal made
        if made is None:
            made = build(node)
        return made(frame)

    return run


class _Ready:
    """A rule's functions for one brief."""

    def __init__(self, typed: TypedRule, desk: Desk, on: Scalars = SCALARS) -> None:
        self.typed = typed
        self.on = on
        self.desk = desk
        self.slots = typed.slots
        self.params = param_values(typed.rule, typed.params, desk.binders)
        build = _LateEvaluator(desk.context, on=on).build
        self.lets = [(variable.slot, build(node)) for variable, node in typed.lets]
        self.tests = [build(node) for node in (typed.applies, typed.when) if node is not None]
        self.require = build(typed.require)

    def status(self, values: Mapping[str, Value]) -> Status:
        frame = self.desk.frame(self.slots, values)
        frame[SLOTS["params"]] = self.params
        for slot, run in self.lets:
            frame[slot] = run(frame)
        applies: Truth = True
        for test in self.tests:
            value = test(frame)
            if value is False:
                return "skipped"
            applies = UNKNOWN if value is UNKNOWN else applies
        found: Status = "unknown" if applies is UNKNOWN else status_of(self.require(frame))
        if found == "fail" and self.on is SCALARS and any(words_read(self.typed)):
            return _Ready(self.typed, self.desk, OPEN_SCALARS).status(values)
        return found


def bind_example(rules: RuleSet, example: Example) -> tuple[Desk, Mapping[str, Value]]:
    """Return the desk of an example's brief, and its other records as values by root name."""
    desk = desk_of(rules, example)
    return desk, bind_subject(rules, desk, example)


def desk_of(rules: RuleSet, example: Example) -> Desk:
    """Return what the brief of an example fixes."""
    given = example.records
    today = datetime.date.fromisoformat(example.as_of or DEFAULT_DATE)
    return make_desk(rules, _record("brief", given), _record("brand", given), today)


def bind_subject(rules: RuleSet, desk: Desk, example: Example) -> Mapping[str, Value]:
    """Return the records of an example but brief and brand, as values by root name."""
    given = example.records

    def bind(kind: str, data: Mapping[str, Any]) -> Mapping[str, Value]:
        # An empty record is bound as it is, without its many fields being made ready.
        return desk.binders.record(data, rules.types[kind]) if data else {}

    person = bind("influencer", given.get("influencer", {}))
    deals = [
        {**bind("deal", _terms(deal)), "influencer": bind("influencer", deal.get("influencer", {}))}
        for deal in given.get("shortlist", ())
    ]
    return {
        "influencer": person,
        "deal": {**bind("deal", given.get("deal", {})), "influencer": person},
        "post": bind("post", given.get("post", {})),
        "shortlist": tuple(deals),
    }


def _record(kind: Any, given: Mapping[str, Any]) -> Record:
    return Record(kind, kind, given.get(kind, {}), lambda path: _NOWHERE)


def _terms(deal: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in deal.items() if name != "influencer"}


class Workbench:
    """Types single rules against their packs, again and again, and nothing besides."""

    def __init__(self, packs: Iterable[Pack], types: Mapping[str, RecordType]) -> None:
        self.types = types
        # Texts are not run here, and a slip in a let may keep one from being written.
        self.packs = {
            pack.name: replace(pack, facts=(), rules=tuple(map(_without_texts, pack.rules)))
            for pack in packs
        }

    def build(self, typed: Sequence[TypedRule], mutant: Mutant | None = None) -> RuleSet | None:
        """Return only these rules, with a mutant's slip if one is given; None if it is no rule."""
        ids = {each.rule.id for each in typed}
        needed = self._needed({each.pack.name for each in typed})
        packs = []
        for pack in needed:
            changed = pack if mutant is None else mutant.apply(pack)
            kept = tuple(rule for rule in changed.rules if rule.id in ids)
            packs.append(replace(changed, rules=tuple(map(_without_texts, kept))))
        try:
            return _with_tables_read(build_rules(packs, self.types))
        except RulesError:
            return None

    def _needed(self, names: set[str]) -> list[Pack]:
        """Return packs with all that they use, and those that say which words mean the same."""
        found = {pack.name for pack in with_used(self.packs, names)}
        return [
            pack
            for pack in self.packs.values()
            if pack.name in found
            or any(table.kind == "vocabulary" for table in pack.tables.values())
        ]


def _with_tables_read(rules: RuleSet) -> RuleSet:
    """Return rules with those tables alone that they read: each brief binds all anew."""
    read = {
        id(part.type)
        for typed in rules.rules
        for node in (typed.applies, typed.when, typed.require, *(value for _, value in typed.lets))
        if node is not None
        for part in subtree(node)
        if isinstance(part, TableName)
    }
    return replace(rules, tables={t: table for t, table in rules.tables.items() if id(t) in read})


def _without_texts(rule: Rule) -> Rule:
    return replace(rule, pass_text=None, fail_text=None)
