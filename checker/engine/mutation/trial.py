"""Packs put to the test of examples, without the reasons: only how each comes out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from checker.engine.examples import DEFAULT_DATE
from checker.engine.mutation.walk import below
from checker.engine.params import param_values
from checker.engine.prepared import Desk, make_desk, status_of
from checker.engine.ruleset import RuleSet, TypedRule, build_rules
from checker.language.evaluate import Evaluator
from checker.language.nodes import TableName
from checker.language.numbers import Truth
from checker.language.scope import SLOTS
from checker.model.diagnostics import Position, RulesError
from checker.model.records import Record
from checker.model.report import Status
from checker.model.rules import Example, Pack, Rule
from checker.model.types import RecordType
from checker.model.values import UNKNOWN, Value

_NOWHERE = Position("")


def status_on(rules: RuleSet, typed: TypedRule, example: Example) -> Status:
    """Return how a rule comes out on an example.

    It is run as it is written: to specialise it to a brief pays for many influencers, not for one.
    """
    desk, values = bind_example(rules, example)
    frame = desk.frame(typed.slots, values)
    frame[SLOTS["params"]] = param_values(typed.rule, typed.params, desk.binders)
    evaluator = Evaluator(desk.context)
    for variable, node in typed.lets:
        frame[variable.slot] = evaluator.build(node)(frame)
    applies: Truth = True
    for test in (typed.applies, typed.when):
        if test is not None:
            value = evaluator.build(test)(frame)
            if value is False:
                return "skipped"
            applies = UNKNOWN if value is UNKNOWN else applies
    if applies is UNKNOWN:
        return "unknown"
    return status_of(evaluator.build(typed.require)(frame))


def bind_example(rules: RuleSet, example: Example) -> tuple[Desk, Mapping[str, Value]]:
    """Return the desk of an example's brief, and its other records as values by root name."""
    given = example.records
    today = datetime.date.fromisoformat(example.as_of or DEFAULT_DATE)
    desk = make_desk(rules, _record("brief", given), _record("brand", given), today)

    def bind(kind: str, data: Mapping[str, Any]) -> Mapping[str, Value]:
        # An empty record is bound as it is, without its many fields being made ready.
        return desk.binders.record(data, rules.types[kind]) if data else {}

    person = bind("influencer", given.get("influencer", {}))
    deals = [
        {**bind("deal", _terms(deal)), "influencer": bind("influencer", deal.get("influencer", {}))}
        for deal in given.get("shortlist", ())
    ]
    return desk, {
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

    def build(self, typed: Iterable[TypedRule], mutant: Any = None) -> RuleSet | None:
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
        waiting, found = list(names), set(names)
        while waiting:
            for name in self.packs[waiting.pop()].uses:
                if name not in found:
                    found.add(name)
                    waiting.append(name)
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
        for part in below(node)
        if isinstance(part, TableName)
    }
    return replace(rules, tables={t: table for t, table in rules.tables.items() if id(t) in read})


def _without_texts(rule: Rule) -> Rule:
    return replace(rule, pass_text=None, fail_text=None)
