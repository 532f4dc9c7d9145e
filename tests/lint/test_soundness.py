"""What lint says of a whole rule, and of its parts, is so on random records."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engine.examples import example_outcome
from checker.engine.lint import lint_rules
from checker.engine.ruleset import RuleSet, build_rules
from checker.loading.pack_file import parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Position, RulesError
from checker.model.rules import Example
from checker.model.values import UNKNOWN
from tests.language.generate import DEFINITIONS, PARAMS, TABLES, TODAY, Maker
from tests.lint.build import pack_text
from tests.lint.test_reasoning import Bench, Narrow, data_of

SEEDS = st.integers(0, 2**32 - 1)
# What a rule of which lint says this never gives.
NEVER = {
    "never-fails": {"fail"},
    "never-passes": {"pass"},
    "only-unknown": {"pass", "fail"},
    "never-applies": {"pass", "fail"},
    "always-applies": {"skipped"},
}


def build(rule: dict[str, Any]) -> RuleSet:
    params = {name: {"default": value, "source": "ours"} for name, value in PARAMS.items()}
    tables = {name: {**table, "source": "ours"} for name, table in TABLES.items()}
    part = {"rules": [{**rule, "params": params}], "tables": tables, "definitions": DEFINITIONS}
    return build_rules([parse_pack(SourceFile("made.yaml", pack_text(part)))], SHIPPED.types)


def status(rules: RuleSet, data: dict[str, Any]) -> str:
    place = Position("made.yaml")
    example = Example("pass", "random", data, TODAY, place, lambda path: place)
    return example_outcome(rules, rules.rules[0], example).status


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_a_rule_gives_nothing_that_lint_rules_out(seed: int) -> None:
    rng = random.Random(seed)
    maker = rng.choice((Maker, Narrow))(rng)
    rule = {"require": maker.flag(2), "when": maker.flag(1)}
    try:
        rules = build(rule)
    except RulesError:
        return
    ruled_out = {code for each in lint_rules(rules) for code in NEVER.get(each.code, ())}
    for _ in range(6):
        got = status(rules, data_of(rng))
        assert got not in ruled_out, (rule, got)


@settings(max_examples=250, deadline=None)
@given(SEEDS)
def test_a_part_that_changes_nothing_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    maker = Narrow(rng)
    operator = rng.choice(("and", "or"))
    parts = [maker.flag(rng.choice((0, 1))) for _ in range(2)]
    whole = f" {operator} ".join(parts)
    rules = build({"require": whole})
    codes = ("needless-part", "always-true", "always-false")
    found = [each for each in lint_rules(rules) if each.code in codes]
    marked = {(each.excerpt.start, each.excerpt.length) for each in found if each.excerpt}
    # The condition stands in a line of JSON, after its key and a quote.
    start = rules.rules[0].rule.require.locate(0).column - 1
    for number, part in enumerate(parts):
        at = start + (len(parts[0]) + len(operator) + 2 if number else 0)
        inner = part.removeprefix("(").removesuffix(")") if part.startswith("(") else part
        if (at + part.startswith("("), len(inner)) not in marked:
            continue
        for _ in range(8):
            bench = Bench(data_of(rng))
            full, rest = (
                bench.value(bench.check(whole)),
                bench.value(bench.check(parts[1 - number])),
            )
            if full is not UNKNOWN:
                assert rest is full, (whole, number)
