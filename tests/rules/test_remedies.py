"""What would make a rule pass: each change that is proposed, applied, makes it pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import api
from checker.engine.examples import example_outcome
from checker.engine.judge import judge
from checker.engine.reach import reach_of
from checker.engine.ruleset import RuleSet, build_rules
from checker.loading.campaigns import load_campaign
from checker.loading.packs import load_packs
from checker.loading.project import Projects
from checker.loading.validation import SHIPPED, validate
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.records import Campaign, Record
from checker.model.report import Outcome, Remedy, Report
from checker.model.rules import Example
from tests.language.generate import TODAY, Maker, coarsened, records
from tests.lint.test_soundness import build

pytestmark = pytest.mark.xdist_group("remedies")

ROOT = Path(__file__).parents[2]
NOWHERE = Position("made.yaml")
CHANGEABLE_ROOTS = {"brief", "brand", "deal", "influencer", "post"}


def applied(data: Any, path: str, value: Any) -> dict[str, Any]:
    """Return a record's data with another value at a path such as "deliverables[0].count"."""
    copy: dict[str, Any] = deepcopy(dict(data))
    *way, last = path.replace("[", ".[").split(".")
    holder: Any = copy
    for step in way:
        holder = holder[int(step[1:-1])] if step[0] == "[" else holder.setdefault(step, {})
    holder[int(last[1:-1]) if last[0] == "[" else last] = value
    return copy


def assert_changeable(remedy: Remedy) -> None:
    """Check that the schema marks the field, or one around it, as changeable."""
    type_: Any = SHIPPED.types[remedy.record]
    changeable = False
    for name in remedy.path.split("[")[0].split("."):
        field = type_.fields[name]
        changeable = changeable or field.changeable
        type_ = field.type
    assert changeable, remedy


# On the samples

BRIEFS = sorted(
    path
    for pattern in ("brief.yaml", "brief.json", "*.brief.yaml")
    for path in (ROOT / "samples").rglob(pattern)
    if "/broken/" not in path.as_posix()
)


def replaced(record: Record, remedy: Remedy) -> Record:
    """Return a record with a remedy applied; it is valid."""
    data = applied(record.data, remedy.path, remedy.value)
    checked = {**data}
    if record.kind == "brief":
        # A loaded brief has its brand's parts; the file names a brand, a shortlist and posts.
        checked = {**data, "brand": "brand.yaml"}
        for name in ("shortlist", "posts", "avoid"):
            checked.pop(name, None)
    found = validate(record.kind, checked, lambda path: NOWHERE, partial=True)
    assert found == [], (remedy, found)
    return Record(record.kind, record.id, data, record.locate, record.inherited)


def with_remedy(campaign: Campaign, kind: str, identity: str, remedy: Remedy) -> Campaign:
    """Return a campaign with one field of one record changed, as the remedy says."""
    brief, brand = campaign.brief, campaign.brand
    if remedy.record == "brief":
        return Campaign(replaced(brief, remedy), brand, campaign.shortlist, campaign.posts)
    if remedy.record == "brand":
        return Campaign(brief, replaced(brand, remedy), campaign.shortlist, campaign.posts)
    assert remedy.position is not None
    shortlist, posts = list(campaign.shortlist), list(campaign.posts)
    for at, entry in enumerate(shortlist):
        named = remedy.text.startswith(f"{entry.name} ") if kind == "shortlist" else False
        if entry.influencer is not None and (entry.influencer.id == identity or named):
            deal, influencer = entry.deal, entry.influencer
            if remedy.record == "deal":
                deal = replaced(deal, remedy)
            elif remedy.record == "influencer":
                influencer = replaced(influencer, remedy)
            shortlist[at] = type(entry)(entry.name, deal, influencer, entry.position)
    for at, draft in enumerate(posts):
        if remedy.record == "post" and draft.record is not None and draft.record.id == identity:
            posts[at] = type(draft)(draft.name, replaced(draft.record, remedy), draft.position)
    return Campaign(brief, brand, tuple(shortlist), tuple(posts))


def proposed(report: Report) -> Iterator[tuple[str, str, str, Outcome, Remedy]]:
    for subject in report.subjects:
        for outcome in subject.outcomes:
            for remedy in outcome.remedies:
                yield subject.kind, subject.id, subject.market, outcome, remedy


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda path: path.parent.name)
def test_each_change_proposed_on_the_samples_makes_the_rule_pass(brief: Path) -> None:
    project = Projects().of(brief)
    campaign = load_campaign(brief, project)
    rules = api.load_rules(project=project, reach=reach_of(campaign))
    day = date(2026, 3, 2)
    for kind, identity, market, outcome, remedy in proposed(judge(campaign, rules, as_of=day)):
        assert outcome.status in ("fail", "unknown")
        assert_changeable(remedy)
        alone = tuple(each for each in rules.rules if each.rule.id == outcome.rule)
        only = replace(rules, rules=alone)
        after = judge(with_remedy(campaign, kind, identity, remedy), only, as_of=day)
        (status,) = {
            each.status
            for subject in after.subjects
            if (subject.kind, subject.id, subject.market) == (kind, identity, market)
            for each in subject.outcomes
            if each.rule == outcome.rule
        }
        assert status == "pass", (outcome.rule, remedy)


def test_the_samples_have_changes_of_many_kinds() -> None:
    texts = [
        remedy.text
        for report in api.check_briefs([ROOT / "samples/bramble"], as_of=date(2026, 3, 2))
        for *_, remedy in proposed(report)
    ]
    for wanted in (
        "fee at most GBP 480",
        "budget per influencer at least GBP 1,420",
        "target age 18–54",
        "acknowledgement of the guidelines: yes",
        "tiers with macro added",
        "target countries with AU added",
    ):
        assert wanted in texts


# On the examples of every shipped rule


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    """All shipped rules."""
    return build_rules(load_packs(None, root=Path()), SHIPPED.types)


def outcome_on(rules: RuleSet, rule: int, data: dict[str, Any], day: str) -> Outcome:
    example = Example("pass", "", data, day, NOWHERE, lambda path: NOWHERE)
    return example_outcome(rules, rules.rules[rule], example)


def with_change(data: dict[str, Any], remedy: Remedy, at: int | None) -> dict[str, Any]:
    """Return the records of a case with a remedy applied, in the deal `at` of a shortlist."""
    copy = deepcopy(data)
    if at is None:
        copy[remedy.record] = applied(copy.get(remedy.record, {}), remedy.path, remedy.value)
        return copy
    deal = copy["shortlist"][at]
    if remedy.record == "influencer":
        deal["influencer"] = applied(deal.get("influencer", {}), remedy.path, remedy.value)
    else:
        copy["shortlist"][at] = applied(deal, remedy.path, remedy.value)
    return copy


def deals(data: dict[str, Any], remedy: Remedy) -> list[int | None]:
    """Return which deal of a shortlist a remedy may be about."""
    if remedy.record in ("deal", "influencer") and "shortlist" in data:
        return list(range(len(data["shortlist"])))
    return [None]


# A rule by its number, one of its examples, the example's records, and a change proposed there.
OnExample = tuple[int, Example, dict[str, Any], Remedy]


@pytest.fixture(scope="module")
def on_examples(shipped: RuleSet) -> list[OnExample]:
    """All changes that are proposed on examples."""
    return [
        (index, example, dict(example.records), remedy)
        for index, typed in enumerate(shipped.rules)
        for example in typed.rule.examples
        for remedy in outcome_on(shipped, index, dict(example.records), example.as_of).remedies
    ]


def test_each_change_proposed_on_an_example_makes_its_rule_pass(
    shipped: RuleSet, on_examples: list[OnExample]
) -> None:
    for index, example, data, remedy in on_examples:
        after = [with_change(data, remedy, at) for at in deals(data, remedy)]
        statuses = [outcome_on(shipped, index, each, example.as_of).status for each in after]
        assert "pass" in statuses, (shipped.rules[index].rule.id, example.why, remedy)
        assert_changeable(remedy)
    assert len(on_examples) > 100


def test_a_number_proposed_is_the_nearest_that_passes(
    shipped: RuleSet, on_examples: list[OnExample]
) -> None:
    tried = 0
    for index, example, data, remedy in on_examples:
        nearer = remedy_one_step_nearer(data, remedy)
        if nearer is not None:
            after = with_change(data, nearer, None)
            assert outcome_on(shipped, index, after, example.as_of).status != "pass", remedy
            tried += 1
    assert tried > 20


def remedy_one_step_nearer(data: dict[str, Any], remedy: Remedy) -> Remedy | None:
    """Return a remedy whose number is 1 nearer to what is there; None where it is no number."""
    now: Any = data.get(remedy.record, {})
    for name in remedy.path.split("."):
        now = now.get(name) if isinstance(now, dict) else None
    numbers = isinstance(now, int | float) and isinstance(remedy.value, int | float)
    if not numbers or isinstance(now, bool) or "share" in remedy.path:
        return None
    return replace(remedy, value=remedy.value + (1 if remedy.value < now else -1))


def test_no_change_proposed_on_an_example_is_absurd(
    shipped: RuleSet, on_examples: list[OnExample]
) -> None:
    for index, example, data, remedy in on_examples:
        rule = shipped.rules[index].rule.id
        if remedy.path.endswith(("caption", "overlay_text", "spoken_text")):
            # A text gains words that the rule looks for; no other text takes its place.
            assert "starting with" in remedy.text, (rule, remedy)
        if "fee" in remedy.path or "share" in remedy.path or "reach" in remedy.path:
            assert remedy.value != 0, (rule, example.why, remedy)
        if remedy.path == "target.age" and data["brief"]["target"]["age"].get("min", 0) >= 18:
            assert remedy.value["min"] >= 18, (rule, example.why, remedy)
        # Who approves, what a campaign is about and whom it is for is nobody's to make up.
        assert "approver" not in remedy.path
        assert remedy.path not in ("campaign.topics", "target.gender")


@pytest.mark.parametrize(
    ("rule", "why", "wanted"),
    [
        ("brief-dates", "the years were mixed up", "end of the campaign 2026-04-01 or later"),
        ("brief-tiers-known", "a slip in the mix", "tier mix without mirco"),
        (
            "cost-per-influencer",
            "three posts at the influencer's rates",
            "deliverables with 2 posts instead of 3",
        ),
        (
            "cost-per-influencer",
            "a fee between 400 and 600 may or may not fit 500",
            "budget per influencer at least GBP 600",
        ),
        ("cost-total", "the low ends fit and the high ends do not", "@one fee at most GBP 400"),
        (
            "brief-tiers-affordable",
            "one dollar short for macro",
            "budget per influencer at least USD 500",
        ),
    ],
)
def test_a_change_is_worded_for_who_makes_it(
    shipped: RuleSet, on_examples: list[OnExample], rule: str, why: str, wanted: str
) -> None:
    texts = [
        remedy.text
        for index, example, _, remedy in on_examples
        if shipped.rules[index].rule.id == rule and example.why == why
    ]
    assert wanted in texts


# On random rules and records


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_each_change_proposed_makes_a_random_rule_pass(seed: int) -> None:
    rng = random.Random(seed)
    try:
        rules = build({"require": Maker(rng).flag(2)})
    except RulesError:
        return
    data = records(rng)
    if rng.random() < 0.5:
        data = coarsened(rng, data)
    outcome = outcome_on(rules, 0, data, TODAY)
    for remedy in outcome.remedies:
        after = with_change(data, remedy, None)
        assert outcome_on(rules, 0, after, TODAY).status == "pass", remedy
        assert_changeable(remedy)
        # Random records are not all valid; a change adds no mistake.
        before = {each.message for each in wrong_with(data, remedy.record)}
        assert {each.message for each in wrong_with(after, remedy.record)} <= before, remedy


def wrong_with(data: dict[str, Any], kind: Any) -> list[Diagnostic]:
    return validate(kind, data.get(kind, {}), lambda path: NOWHERE, partial=True)
