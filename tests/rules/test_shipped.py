"""The rules that are shipped: whole, true to their examples, and refused with any letter wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checker.engine.examples import ExampleResult, example_outcome, run_examples
from checker.engine.ruleset import RuleSet, build_rules
from checker.language.parse import parse
from checker.language.templates import Placeholder, Template
from checker.loading.examples import check_example
from checker.loading.packs import load_packs
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.report import Outcome
from checker.model.rules import Example, FactColumn, Pack, Rule, SourceText


@cache
def rules() -> RuleSet:
    """Return all shipped rules."""
    return build_rules(load_packs(None, root=Path()), SHIPPED.types)


TYPED = rules().rules
BY_ID = {typed.rule.id: typed for typed in TYPED}


# What every rule has


@pytest.mark.parametrize("name", BY_ID)
def test_a_rule_is_whole(name: str) -> None:
    rule = BY_ID[name].rule
    assert rule.source.title, "no source"
    assert rule.fix, "no fix"
    never_fails = "never-fails" in rule.off
    assert rule.pass_text is not None and (never_fails or rule.fail_text), "no reasons"
    expected = {example.expect for example in rule.examples}
    wanted = {"pass", "unknown"} if never_fails else {"pass", "fail"}
    assert wanted <= expected, f"only {expected}"
    if "unknown" not in expected:
        found = [each for example in rule.examples for each in _unknowns(name, example)]
        assert not found, f"it can be unknown, and no example shows it: {found[0]}"
    if rule.when is not None:
        assert "skipped" in expected, "a rule that may not apply shows when"
    for param in rule.params.values():
        assert param.source.title, f"the threshold {param.name} has no source"


def _unknowns(name: str, example: Example) -> Iterator[Any]:
    """Give an example's records, each without one of their fields, that leave a rule unknown."""
    for less in _holes(dict(example.records)):
        if (
            example_outcome(rules(), BY_ID[name], replace(example, records=less)).status
            == "unknown"
        ):
            yield less


# What every record of its kind has.
REQUIRED = frozenset(("id", "handle", "platform", "followers", "influencer", "shortlist"))


def _holes(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in REQUIRED:
                yield {name: each for name, each in data.items() if name != key}
            for less in _holes(value):
                yield {**data, key: less}
    elif isinstance(data, list):
        for at, value in enumerate(data):
            for less in _holes(value):
                yield [*data[:at], less, *data[at + 1 :]]


@cache
def results() -> tuple[ExampleResult, ...]:
    """Run every example."""
    return tuple(run_examples(rules()))


@pytest.mark.parametrize("name", BY_ID)
def test_the_examples_give_their_status(name: str) -> None:
    own = [result for result in results() if result.rule == name]
    assert own
    for result in own:
        assert result.ok, f"{result.position}: {result.why}: {result.got}, {result.reason}"


@pytest.mark.parametrize("name", BY_ID)
def test_the_examples_are_valid_and_say_why(name: str) -> None:
    for example in BY_ID[name].rule.examples:
        assert example.why
        assert check_example(example, SHIPPED) == []


@pytest.mark.parametrize("name", BY_ID)
def test_the_reasons_are_whole_sentences_of_known_values(name: str) -> None:
    # Where one of two is enough, the other may be missing, and the reason says so.
    either = " or " in BY_ID[name].rule.require.text
    for result in results():
        if result.rule == name and result.got in ("pass", "fail"):
            assert either or "not known" not in result.reason, f"{result.position}: {result.reason}"
            assert not re.search(r"UNKNOWN|Range\(|\bNone\b|\{|\}", result.reason)


# A missing field never passes

SUBJECTS = ("influencer", "deal", "post")
# What the brief alone decides, whatever the deal says: nothing is paid, so nothing can be dear.
BY_BRIEF = re.compile(r"compensation|nothing|no deliverables|gift")


OF_PEOPLE = [name for name, typed in BY_ID.items() if typed.rule.scope in ("influencer", "post")]


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_subject_without_a_field_never_passes(name: str) -> None:
    typed = BY_ID[name]
    for example in typed.rule.examples:
        if example.expect != "pass" or BY_BRIEF.search(example.why):
            continue
        bare = {kind: data for kind, data in example.records.items() if kind not in SUBJECTS}
        outcome = example_outcome(rules(), typed, replace(example, records=bare))
        assert outcome.status != "pass", f"{example.position}: {example.why}: {outcome.reason}"


@pytest.mark.parametrize("name", BY_ID)
def test_what_an_unknown_rests_on_is_said(name: str) -> None:
    typed = BY_ID[name]
    for example in typed.rule.examples:
        if example.expect == "unknown":
            outcome = example_outcome(rules(), typed, example)
            assert outcome.reason.startswith("cannot tell"), example.position
            assert len(outcome.reason) > len("cannot tell: "), example.position


# One letter wrong


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A text of a pack, and how to put another in its place in the smallest set of packs."""

    label: str
    source: SourceText
    template: bool
    pack: Pack
    rule: Rule | None = None
    fact: FactColumn | None = None
    let: str = ""
    key: str = ""
    definition: str = ""

    def build(self, text: str) -> list[Diagnostic]:
        """Check the smallest set of packs with another text here; return what is wrong."""
        changed = replace(self.source, text=text)
        pack = self.pack
        rule, fact = self.rule, self.fact
        if self.definition:
            owner = _owner(self.definition)
            made = replace(owner.definitions[self.definition], body=changed)
            owner = replace(owner, definitions={**owner.definitions, self.definition: made})
            others = {each.name: each for each in rules().packs} | {owner.name: owner}
            pack = others[pack.name]
        else:
            others = {each.name: each for each in rules().packs}
            if rule is not None:
                rule = _with(rule, self.key, self.let, changed)
            elif fact is not None:
                fact = replace(fact, value=changed)
        only = replace(
            pack,
            rules=() if rule is None else (replace(rule, examples=()),),
            facts=() if fact is None else (fact,),
        )
        used = [
            replace(others[name], rules=(), facts=()) for name in _uses(pack) if name != pack.name
        ]
        try:
            build_rules([only, *used], rules().types)
        except RulesError as error:
            return list(error.diagnostics)
        return []


def _with(rule: Rule, key: str, let: str, changed: SourceText) -> Rule:
    if let:
        return replace(rule, let={**rule.let, let: changed})
    parts: dict[str, Any] = {key: changed}
    return replace(rule, **parts)


def _uses(pack: Pack) -> set[str]:
    found, waiting = set(), [pack.name]
    by_name = {each.name: each for each in rules().packs}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(by_name[name].uses)
    return found


def _owner(definition: str) -> Pack:
    return next(pack for pack in rules().packs if definition in pack.definitions)


def _texts(rule: Rule) -> Iterator[tuple[str, str, SourceText, bool]]:
    for name, source in rule.let.items():
        yield "let", name, source, False
    for key in ("when", "require", "pass_text", "fail_text"):
        source = getattr(rule, key)
        if source is not None:
            yield key, "", source, key.endswith("_text")


def _called(text: str) -> set[str]:
    known = {name for pack in rules().packs for name in pack.definitions}
    return {name for name in re.findall(r"(\w+)\(", text) if name in known}


def _all_called(texts: list[str]) -> set[str]:
    found: set[str] = set()
    waiting = [name for text in texts for name in _called(text)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_called(_owner(name).definitions[name].body.text))
    return found


def spots() -> Iterator[Spot]:
    """Give every text of every shipped pack."""
    users: dict[str, Spot] = {}
    for pack in rules().packs:
        for rule in pack.rules:
            for key, let, source, template in _texts(rule):
                spot = Spot(
                    f"{rule.id} {let or key}", source, template, pack, rule, let=let, key=key
                )
                yield spot
            for name in _all_called([source.text for _, _, source, _ in _texts(rule)]):
                users.setdefault(name, Spot(f"{name}()", rule.require, False, pack, rule))
        for fact in pack.facts:
            yield Spot(f"fact {fact.name}", fact.value, False, pack, fact=fact, key="value")
            for name in _all_called([fact.value.text]):
                users[name] = Spot(f"{name}()", fact.value, False, pack, fact=fact)
    for pack in rules().packs:
        for name, definition in pack.definitions.items():
            assert name in users, f"nothing uses {name}()"
            yield replace(users[name], source=definition.body, definition=name)


ROOT_NAMES = frozenset(
    ("brief", "brand", "influencer", "deal", "shortlist", "post", "params", "tables", "today")
)


def segments(text: str, offset: int = 0) -> Iterator[tuple[int, str]]:
    """Give each name of each path of an expression and where it starts."""
    parsed = parse(text)
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Attribute):
            yield offset + parsed.span(node)[1] - len(node.attr), node.attr
        elif isinstance(node, ast.Name) and node.id in ROOT_NAMES:
            yield offset + parsed.span(node)[0], node.id


def expressions(spot: Spot) -> Iterator[tuple[str, int]]:
    """Give the expressions of a text and where they start."""
    if not spot.template:
        yield spot.source.text, 0
        return
    for offset in (match.end() for match in re.finditer(r"\{", spot.source.text)):
        inside = spot.source.text[offset : spot.source.text.index("}", offset)]
        expression, colon, _ = inside.rpartition(":")
        yield expression if colon else inside, offset


def misspelt(word: str) -> Iterator[str]:
    """Give a word with each of its letters in turn exchanged for another."""
    for at, letter in enumerate(word):
        if letter.isalpha():
            yield word[:at] + ("z" if letter == "q" else "q") + word[at + 1 :]


SPOTS = list(spots())


def test_every_text_of_every_pack_is_walked() -> None:
    walked = {id(spot.source) for spot in SPOTS}
    for typed in TYPED:
        assert {id(source) for _, _, source, _ in _texts(typed.rule)} <= walked
    templates: list[Template] = [
        template for typed in TYPED for template in (typed.pass_text, typed.fail_text) if template
    ]
    placeholders = [part for each in templates for part in each if isinstance(part, Placeholder)]
    found = [each for spot in SPOTS if spot.template for each in expressions(spot)]
    assert len(found) == len(placeholders)


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.label)
def test_a_wrong_letter_of_a_path_is_refused_with_the_right_word(spot: Spot) -> None:
    text = spot.source.text
    assert spot.build(text) == []
    for expression, offset in expressions(spot):
        for start, word in segments(expression, offset):
            for wrong in misspelt(word):
                changed = text[:start] + wrong + text[start + len(word) :]
                found = spot.build(changed)
                assert found, f"{wrong} for {word} was taken: {changed}"
                assert all(each.severity == "error" for each in found)
                here = [each for each in found if each.position == spot.source.locate(start)]
                assert here, f"{wrong} for {word} is marked elsewhere: {found}"
                said = here[0].excerpt.note if here[0].excerpt else here[0].hint
                assert f'"{word}"' in said, f"{wrong} for {word}: {said}"


def test_many_letters_were_tried() -> None:
    tried = sum(
        len(list(misspelt(word)))
        for spot in SPOTS
        for expression, offset in expressions(spot)
        for _, word in segments(expression, offset)
    )
    assert tried > 1_000


# What the reasons say


def _outcome(name: str, **records: Any) -> Outcome:
    example = Example("fail", "", records, "2026-03-02", Position("t"), lambda _: Position("t"))
    return example_outcome(rules(), BY_ID[name], example)


def _reason(name: str, **records: Any) -> str:
    outcome = _outcome(name, **records)
    assert outcome.status == "fail"
    return outcome.reason


@pytest.mark.parametrize(
    ("low", "high", "nearest"),
    [
        (70, 80, "65 and over"),
        (65, 80, "65 and over"),
        (22, 23, "18 to 24"),
        (19, 20, "18 to 24"),
        (61, 62, "55 to 64"),
        (20, 30, "18 to 34"),
        (5, 10, "13 to 17"),
        (121, 121, "65 and over"),
    ],
)
def test_the_proposed_ages_run_upwards(low: int, high: int, nearest: str) -> None:
    brief = {"target": {"age": {"min": low, "max": high}}}
    assert _reason("brief-target-ages", brief=brief).endswith(f"that does not is {nearest}")


def test_every_span_of_ages_has_a_nearest() -> None:
    for low in (*range(0, 120, 7), 12, 13, 17, 18, 24, 25, 64, 65, 120):
        for high in range(low, 121, 4):
            brief = {"target": {"age": {"min": low, "max": high}}}
            outcome = _outcome("brief-target-ages", brief=brief)
            if outcome.status != "pass":
                assert outcome.status == "fail", (low, high)
                first, last = re.findall(r"is (\d+) (?:to (\d+)|and over)$", outcome.reason)[0]
                assert int(first) < int(last or 120), (low, high)


def test_a_slip_in_the_tiers_is_named_wherever_it_stands() -> None:
    mix = [{"tier": "micro"}, {"tier": "mirco", "min": 1}]
    assert "asks for mirco; " in _reason("brief-tiers-known", brief={"tier_mix": mix})
    both = {"tiers": ["nanno"], "tier_mix": [{"tier": "micro"}]}
    assert "asks for nanno; " in _reason("brief-tiers-known", brief=both)


def test_who_is_on_the_shortlist_twice_is_named_once() -> None:
    jo = {"person": "Jo Hill", "platform": "x"}
    twice = [{"influencer": jo}, {"influencer": {**jo, "platform": "tiktok"}}]
    assert _reason("shortlist-once", shortlist=twice).startswith("Jo Hill is on the shortlist")
