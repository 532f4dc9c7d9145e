"""A rule's own examples: partial records, and the status that the rule must give on them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from checker.engine.outcomes import Case, explained_outcome
from checker.engine.places import Records
from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet, TypedRule
from checker.model.diagnostics import Position
from checker.model.frozen import dataclass
from checker.model.records import DataPath, Entry, Record
from checker.model.report import Outcome
from checker.model.rules import Example
from checker.model.values import Value

# What `today` means in an example that names no date.
DEFAULT_DATE = "2026-01-01"


@dataclass(frozen=True, slots=True, eq=False)
class ExampleResult:
    """What one example of a rule gave: the status expected and got, and the reason."""

    rule: str
    expect: str
    got: str
    reason: str
    why: str
    position: Position

    @property
    def ok(self) -> bool:
        """Whether the rule gave what its example expects."""
        return self.expect == self.got


def run_examples(rules: RuleSet, packs: Collection[str] | None = None) -> Iterator[ExampleResult]:
    """Run every example of every rule in a set, or of the packs with these names."""
    for typed in rules.rules:
        if packs is not None and typed.pack.name not in packs:
            continue
        for example in typed.rule.examples:
            outcome = example_outcome(rules, typed, example)
            yield ExampleResult(
                typed.rule.id,
                example.expect,
                outcome.status,
                outcome.reason,
                example.why,
                example.position,
            )


def example_outcome(rules: RuleSet, typed: TypedRule, example: Example) -> Outcome:
    """Run a rule on one of its examples; the example's records are valid but may be partial."""
    record = _Maker(example)
    brand = record.make("brand", example.records.get("brand", {}))
    brief = record.make("brief", example.records.get("brief", {}))
    today = datetime.date.fromisoformat(example.as_of or DEFAULT_DATE)
    desk = make_desk(rules, brief, brand, today)
    prepared = PreparedRule(typed, desk)

    def bind(made: Record) -> Mapping[str, Value]:
        return desk.binders.record(made.data, rules.types[made.kind])

    entries = [
        record.entry(deal, index) for index, deal in enumerate(example.records.get("shortlist", ()))
    ]
    deal = record.make("deal", example.records.get("deal", {}))
    influencer = record.make("influencer", example.records.get("influencer", {}))
    post = record.make("post", example.records.get("post", {}))
    person = bind(influencer)
    values: dict[str, Value] = {
        "influencer": person,
        "deal": {**bind(deal), "influencer": person},
        "post": bind(post),
        "shortlist": tuple(
            {**bind(entry.deal), "influencer": bind(cast(Record, entry.influencer))}
            for entry in entries
        ),
    }
    by_root = {"brief": brief, "brand": brand, "influencer": influencer, "deal": deal, "post": post}
    case = Case(values, Records(by_root, entries))
    return explained_outcome(prepared, prepared.status(values), case)


class _Maker:
    """Makes records of an example's data, with their places in the rule file."""

    def __init__(self, example: Example) -> None:
        self.example = example

    def make(self, kind: str, data: Mapping[str, Any], *path: str | int) -> Record:
        prefix: DataPath = path or (kind,)

        def locate(inside: DataPath) -> Position:
            return self.example.locate((*prefix, *inside))

        return Record(cast(Any, kind), str(data.get("id", kind)), data, locate)

    def entry(self, data: Mapping[str, Any], index: int) -> Entry:
        terms = {name: value for name, value in data.items() if name != "influencer"}
        deal = self.make("deal", terms, "shortlist", index)
        person = data.get("influencer", {})
        influencer = self.make("influencer", person, "shortlist", index, "influencer")
        return Entry(str(person.get("handle", index)), deal, influencer, self.example.position)
