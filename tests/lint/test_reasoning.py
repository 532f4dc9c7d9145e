"""What lint rules out never happens: interval reasoning against evaluation, on random records.

A seed makes a condition that is taken as given, an expression, and records. Where the condition
holds on the records (or does not), the expression's value must be one that was thought possible.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.language.bounds import Reasoner
from checker.language.check import check_expression
from checker.language.errors import LanguageError
from checker.language.facts import Facts
from checker.language.nodes import Node
from checker.language.possible import Possible
from checker.model.types import TextType
from checker.model.values import UNKNOWN, Items, Range
from tests.conformance.engines import Loaded, Plain, load
from tests.language.generate import PARAMS, TABLES, Maker, case, coarsened, records

SEEDS = st.integers(0, 2**32 - 1)
ROWS = {name: len(table.get("rows", ())) for name, table in TABLES.items() if "rows" in table}
PLAIN = Plain()
TYPES = ("flag", "flag", "number", "money", "date", "code", "labels", "codes", "numbers_list")


class Narrow(Maker):
    """Makes conditions that meet on few fields, so that they imply and exclude each other."""

    def flag(self, depth: int = 3) -> str:
        """Make a condition."""
        less = depth - 1
        if depth <= 0:
            return self.atom()
        return self.one_of(
            self.atom,
            self.atom,
            lambda: f"({self.flag(less)} and {self.flag(less)})",
            lambda: f"({self.flag(less)} or {self.flag(less)})",
            lambda: f"(not {self.flag(less)})",
            lambda: f"({self.flag(less)} if {self.flag(less)} else {self.flag(less)})",
            lambda: f"all({self.flag(0)} for x{self.fresh()} in influencer.topics)",
        )

    def fresh(self) -> int:
        """Return a number for a loop's variable."""
        self.loops += 1
        return self.loops

    def atom(self) -> str:
        """Make one comparison, or a question about a path."""
        sign = self.pick("<", "<=", ">", ">=", "==", "!=")
        return self.one_of(
            lambda: f"({self.number(1)} {sign} {self.number(0)})",
            lambda: f"({self.number(0)} {sign} {self.number(1)})",
            lambda: f"(influencer.country {self.pick('==', '!=')} '{self.pick('GB', 'IE')}')",
            lambda: f"(influencer.country {self.pick('in', 'not in')} ['GB', 'FR'])",
            lambda: f"exists({self.pick('influencer.followers', 'influencer.engagement')})",
            lambda: "exists(influencer.engagement.rate)",
            lambda: f"(influencer.as_of {sign} today)",
            lambda: f"(influencer.as_of {sign} '2026-03-02')",
            lambda: f"(influencer.as_of {sign} brief.campaign.start)",
            lambda: f"(count(influencer.topics) {sign} {self.pick('0', '1', '2')})",
            lambda: "influencer.accepts_gifts",
        )

    def number(self, depth: int = 3) -> str:
        """Make a number."""
        leaves = (
            "influencer.followers",
            "influencer.engagement.rate",
            *("0", "1", "1_000", "0.3", "params.minimum"),
        )
        if depth <= 0:
            return self.pick(*leaves)
        return self.one_of(
            lambda: self.pick(*leaves),
            lambda: f"default(influencer.engagement.rate, {self.pick('0', '0.5')})",
            lambda: f"({self.pick(*leaves)} {self.pick('+', '-', '*', '/')} {self.pick(*leaves)})",
            lambda: f"({self.number(0)} if {self.flag(0)} else {self.number(0)})",
            lambda: f"{self.pick('min', 'max')}({self.number(0)}, {self.number(0)})",
        )


def data_of(rng: random.Random) -> dict[str, Any]:
    """Make records with holes and ranges; a brief has no empty lists."""
    made = records(rng)
    if rng.random() < 0.8:
        made = coarsened(rng, made)
    _without_empty_lists(made["brief"])
    return made


def _without_empty_lists(data: dict[str, Any]) -> None:
    for key, value in list(data.items()):
        if value == []:
            del data[key]
        elif isinstance(value, dict):
            _without_empty_lists(value)


def admits(found: Possible, value: Any, node: Node) -> bool:
    """Tell whether a value is one that was thought possible."""
    if value is UNKNOWN:
        return found.unknown
    if not found.known:
        return False
    if isinstance(value, bool):
        return found.true if value else found.false
    if isinstance(value, float | Range):
        low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
        return found.low <= low and high <= found.high
    if isinstance(value, datetime.date):
        return found.low <= value.toordinal() <= found.high
    if isinstance(value, Items):
        return found.least <= sum(value.certain) and len(value.values) <= found.most
    if isinstance(value, tuple):
        return found.least <= len(value) <= found.most
    if isinstance(value, str) and isinstance(node.type, TextType) and found.words is not None:
        return value in found.words
    return True


class Bench:
    """Expressions checked in one scope, and their values on one set of records."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.loaded: Loaded = load(case("true", data))

    def check(self, text: str) -> Node:
        return check_expression(text, self.loaded.scope, self.loaded.slots)

    def value(self, node: Node) -> Any:
        return PLAIN.run(self.loaded, [node])[0]


def _expression(maker: Maker, rng: random.Random) -> str:
    type_ = rng.choice(TYPES)
    if type_ == "numbers_list":
        return f"[{maker.loop('number', 1)}]"
    return maker.make(type_, rng.choice((1, 2, 3)))


def _run(seed: int, make: Callable[[random.Random], Maker]) -> None:
    rng = random.Random(seed)
    maker = make(rng)
    texts = [maker.flag(2), _expression(maker, rng), maker.flag(2), maker.flag(3)]
    for _ in range(3):
        bench = Bench(data_of(rng))
        try:
            given_, *others = [bench.check(text) for text in texts]
        except LanguageError:
            return
        work = Reasoner(rows=ROWS)
        for node in (given_, *others):
            work.numbering.learn(node)
        truth = bench.value(given_)
        facts = Facts() if truth is UNKNOWN else work.assume(given_, truth)
        assert facts is not None, (texts[0], truth)
        for node, text in zip((given_, *others), texts, strict=True):
            value = bench.value(node)
            for known in (Facts(), facts):
                found = work.possible(node, known)
                assert admits(found, value, node), (texts[0], truth, text, value, found)


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_every_value_was_thought_possible(seed: int) -> None:
    _run(seed, Maker)


@settings(max_examples=800, deadline=None)
@given(SEEDS)
def test_conditions_that_meet_on_few_fields(seed: int) -> None:
    _run(seed, Narrow)


FOLLOWERS = "influencer.followers"


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("influencer.followers > 100 and influencer.followers < 50", False, True),
        ("influencer.followers > 100 and influencer.followers <= 100", False, True),
        ("influencer.followers >= 100 or influencer.followers < 100", True, False),
        ("influencer.followers >= 0", True, False),
        ("influencer.engagement.rate > 1", False, True),
        ("share_aged(influencer.audience.age, params.young) >= 1.5", False, True),
        ("influencer.country == 'GB' and influencer.country == 'FR'", False, True),
        ("influencer.country == 'GB' and influencer.country not in ['GB', 'FR']", False, True),
        ("exists(influencer.engagement.rate) and not exists(influencer.engagement)", False, True),
        ("count(influencer.topics) > 0 or count(influencer.topics) == 0", True, False),
        ("count(row for row in tables.tiers) == 3", True, False),
        ("influencer.as_of > '2026-03-01' and influencer.as_of < '2026-03-02'", False, True),
        ("max(influencer.followers, 5) >= 5", True, False),
        ("sum(x.count for x in deal.deliverables) < 0", False, True),
        ("influencer.followers == influencer.followers", True, False),
        ("0.3 <= influencer.engagement.rate <= params.minimum", True, True),
        ("influencer.followers > 100 and influencer.followers < 101", True, True),
    ],
)
def test_what_is_seen(condition: str, true: bool, false: bool) -> None:
    bench = Bench({})
    node = bench.check(condition)
    work = Reasoner(rows=ROWS)
    work.numbering.learn(node)
    found = work.possible(node)
    assert (found.true, found.false) == (true, false)


def test_params_count_as_they_are_or_not() -> None:
    assert PARAMS["minimum"] == 0.5
    bench = Bench({})
    node = bench.check("params.minimum > 0.4")
    assert not Reasoner().possible(node).false
    assert Reasoner(params_free=True).possible(node).false


def test_a_condition_nested_without_end_is_given_up() -> None:
    text = "influencer.accepts_gifts"
    for number in range(12):
        text = (
            f"(not ({text} and influencer.followers > {number}) or influencer.followers < {number})"
        )
    bench = Bench({})
    found = Reasoner().possible(bench.check(text))
    assert found.known
