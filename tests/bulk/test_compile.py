"""The shipped rules in SQL against the evaluator, and what the compiler refuses."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checker import api
from checker.bulk.compile import CannotCompileError, compile_rules
from checker.bulk.layout import Layout
from checker.engine.prepared import PreparedRule, make_desk
from checker.engine.ruleset import RuleSet, build_rules
from checker.language.check import check_expression
from checker.language.scope import ROOTS, Scope, Slots
from checker.loading.packs import parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Position
from checker.model.records import Record
from checker.model.types import RecordType
from checker.model.waivers import Waiver
from tests.bulk.pairs import Tally, differences, influencer_rules, layout_of, run
from tests.bulk.random_rules import compare
from tests.bulk.roster import influencer

RULES = Path(__file__).parents[2] / "rules"
DAY = datetime.date(2026, 3, 2)
PERSON = SHIPPED.types["influencer"]
BRAND = {
    "id": "noor",
    "name": "Noor",
    "category": "gin",
    "values": ["handmade", "honesty"],
    "competitors": ["Curlwell", "Glowtide"],
    "markets": ["GB"],
}
BRIEF = {
    "id": "spring",
    "title": "Spring",
    "campaign": {
        "start": "2026-04-01",
        "end": "2026-05-01",
        "product": "gin",
        "category": "alcohol",
        "objective": "awareness",
        "topics": ["hair care", "beauty", "fashion"],
    },
    "target": {
        "age": {"min": 18, "max": 34},
        "gender": "female",
        "countries": ["GB", "IE"],
        "languages": ["en"],
    },
    "budget": {"currency": "GBP", "total": 5000, "per_influencer": 400},
    "tiers": ["nano", "micro"],
    "deliverables": [{"type": "reel", "count": 1}, {"type": "story", "count": 2}],
    "exchange_rates": {"USD": 0.8},
    "markets": ["GB", "US", "IE", "DE", "FR", "AU", "CA", "ES", "IT"],
    "avoid": {"topics": ["alcohol", "gambling"], "values": ["luxury"]},
    "disclosure": {"guidelines_version": "2026"},
    "compensation": "fee",
}
# Little is known of the campaign, so that much rests on what the brief lacks.
BARE = {"id": "bare", "title": "Bare", "campaign": {"category": "gin"}, "markets": ["GB", "FR"]}


@cache
def shipped() -> RuleSet:
    """Return every pack that the project ships."""
    return api.load_rules(sorted(RULES.glob("**/*.yaml")))


def record(kind: Any, data: Mapping[str, Any]) -> Record:
    """Return a record that stands nowhere."""
    return Record(kind, kind, data, lambda path: Position(kind))


def prepared(brief: Mapping[str, Any], rules: RuleSet | None = None) -> list[PreparedRule]:
    """Return the influencer rules made ready for a brief."""
    rules = rules or shipped()
    desk = make_desk(rules, record("brief", brief), record("brand", BRAND), DAY)
    return influencer_rules(rules.rules, desk)


def people(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return made-up influencers."""
    made = random.Random(seed)
    return [influencer(made, number) for number in range(count)]


def screened(
    rules: Sequence[PreparedRule], persons: Sequence[Mapping[str, Any]], **options: Any
) -> list[dict[str, Any]]:
    """Run the kernel on people."""
    layout = layout_of(rules, ranges=True)
    kernel = compile_rules(rules, layout, **options)
    return run(kernel, layout, [json.dumps(layout.row(each)) for each in persons])


def pack(*rules: Mapping[str, Any], **parts: Any) -> list[PreparedRule]:
    """Return rules of a pack of their own, made ready."""
    whole = [
        {"title": "A rule", "scope": "influencer", "severity": "error", "source": "ours", **each}
        for each in rules
    ]
    head = {"pack": "own", "version": "1.0.0", "title": "Own"}
    text = json.dumps({**head, **parts, "rules": whole})
    return prepared(BRIEF, build_rules([parse_pack(SourceFile("own.yaml", text))], SHIPPED.types))


@pytest.mark.parametrize("brief", [BRIEF, BARE], ids=["full", "bare"])
def test_shipped_rules_agree_with_the_evaluator(brief: Mapping[str, Any]) -> None:
    # One rule at a time: the plan of all of them, every reason worded, takes long to make.
    tally = Tally()
    records = (record("brief", brief), record("brand", BRAND))
    wrong = [
        str(each)
        for rule in prepared(brief)
        if not rule.never_applies
        for each in differences([rule], *records, people(12), tally, layouts=(True,))
    ]
    assert not wrong, wrong[0]
    assert tally.pairs > 200
    assert tally.by_hand < tally.pairs / 20, f"{tally.by_hand} of {tally.pairs} left"


def test_no_shipped_rule_is_refused() -> None:
    found = prepared(BRIEF)
    ids = [rule.rule.id for rule in found]
    for ranges in (True, False):
        kernel = compile_rules(found, Layout(PERSON, ranges=ranges))
        assert kernel.rules == tuple(ids)
    asked = [typed.rule.id for typed in shipped().rules if typed.rule.scope == "influencer"]
    assert set(asked) - set(ids) <= {r for r in asked if r not in ids and _of_brief(r)}


def _of_brief(rule: str) -> bool:
    typed = shipped().find(rule)
    assert typed is not None
    desk = make_desk(shipped(), record("brief", BRIEF), record("brand", BRAND), DAY)
    return PreparedRule(typed, desk).unknown_by_brief


@pytest.mark.parametrize("seed", range(12))
def test_random_rules_agree_with_the_evaluator(seed: int) -> None:
    tally = Tally()
    wrong = list(compare(seed, rules=3, people=25, tally=tally))
    assert not wrong, wrong[0]


_REQUIRED = (
    "last(influencer.history).followers >= 1000",
    "(1 if last(influencer.sponsorships).brand in ['Acme', 'Zed'] else 2) == 2",
    "count([s for s in influencer.sponsorships if last(influencer.history).followers >= 9]) >= 1",
    "influencer.followers in [1000, 2000]",
    "(1 if influencer.followers in [1000, 2000] else 2) >= 2",
    "count([s for s in influencer.sponsorships if influencer.followers in [1000, 2000]]) >= 1",
    "max(c.followers for c in influencer.history) > 1500",
    "max(c.followers / c.followers for c in influencer.history) >= 1",
    "min(c.date for c in influencer.history if c.followers > 1500) < today",
    "mean(c.followers for c in influencer.history if c.followers > 1500) > 1500",
    "count([c for c in influencer.history if c.followers > 1500 or c.followers == 1]) == 1",
)


@pytest.mark.parametrize("condition", _REQUIRED)
def test_what_is_always_there_may_still_be_in_no_list_or_in_a_range(condition: str) -> None:
    rules = pack({"id": "a", "require": condition}, {"id": "b", "require": f"not ({condition})"})
    counts = (1000, 2500, {"min": 900, "max": 1800}, {"min": 900}, 0)
    days: list[Any] = [[], *([{"date": "2026-01-05", "followers": each}] for each in counts)]
    days.append([*days[1], *days[3]])
    holes: list[dict[str, Any]] = [
        *({"history": each, "sponsorships": [{"brand": "Acme"}]} for each in days),
        *({"sponsorships": each} for each in ([], [{"brand": "Other"}])),
    ]
    people = [
        {"id": "x", "handle": "@x", "platform": "tiktok", "followers": followers, **rest}
        for followers in counts
        for rest in holes
    ]
    wrong = list(
        differences(rules, record("brief", BRIEF), record("brand", BRAND), people, Tally())
    )
    assert not wrong, wrong[0]


def test_what_has_no_sql_is_refused_by_rule_and_construct() -> None:
    rules = pack(
        {"id": "fine", "require": "influencer.accepts_gifts"},
        {
            "id": "named",
            "require": "count(mentions(influencer.provider, tables.words)) == 0",
        },
        tables={"words": {"kind": "vocabulary", "source": "ours", "words": {"guess": []}}},
    )
    with pytest.raises(CannotCompileError) as caught:
        compile_rules(rules, Layout(PERSON, ranges=False))
    assert caught.value.rule == "named"
    assert "mentions(influencer.provider, tables.words)" in caught.value.message


def test_texts_of_rules_and_records_stay_texts() -> None:
    hostile = "'); DROP TABLE lines; --"
    rules = pack(
        {
            "id": "quoted",
            "require": 'influencer.person == "' + hostile + '"',
            "pass": "it's {influencer.person:text} \" {{}} $1",
            "fail": "{influencer.person:text} is not '{influencer.handle:text}'",
        }
    )
    found = screened(
        rules,
        [
            {"id": "a", "handle": "it's", "person": hostile},
            {"id": "b", "handle": "o'b\"c", "person": "x'||y"},
        ],
        reasons="all",
    )
    assert [row["verdict"] for row in found] == ["pass", "fail"]
    assert found[0]["outcomes"][0]["reason"] == f"it's {hostile} \" {{}} $1"
    assert found[1]["reason"] == "x'||y is not 'o'b\"c'"


def test_a_verdict_rests_on_error_rules_alone() -> None:
    rules = pack(
        {"id": "note", "severity": "note", "require": "influencer.followers > 5"},
        {"id": "gifts", "require": "influencer.accepts_gifts"},
        {"id": "skip", "when": "exists(influencer.person)", "require": "influencer.followers > 9"},
    )
    found = screened(
        rules,
        [
            {"followers": 1, "accepts_gifts": True},
            {"followers": 9},
            {"followers": 9, "accepts_gifts": False, "person": "ann"},
        ],
    )
    assert [row["verdict"] for row in found] == ["pass", "undecided", "fail"]
    assert [row["decided_by"] for row in found] == [None, "gifts", "gifts"]
    assert [row["open"] for row in found] == [0, 1, 2]
    statuses = [each["status"] for each in found[0]["outcomes"]]
    assert statuses == ["fail", "pass", "skipped"]


def test_a_row_on_which_nothing_passed_is_undecided() -> None:
    rules = pack({"id": "skip", "when": "exists(influencer.person)", "require": "true"})
    (row,) = screened(rules, [{"followers": 1}])
    assert (row["verdict"], row["decided_by"]) == ("undecided", None)
    assert row["reason"] == "no error rule passed, so nothing was decided"


def test_a_waiver_covers_the_one_status_of_its_subject() -> None:
    rules = pack(
        {"id": "gifts", "require": "influencer.accepts_gifts"},
        {"id": "some", "require": "influencer.followers > 0"},
    )
    persons = [
        {"id": "a", "handle": "@a", "followers": 1, "accepts_gifts": False},
        {"id": "b", "handle": "@b", "followers": 1, "accepts_gifts": False},
        {"id": "c", "handle": "@c", "followers": 1},
    ]
    waivers = [
        Waiver("gifts", subject, "fail", "agreed", "legal", "2026-12-31", Position("x"))
        for subject in ("@a", "c")
    ]
    found = screened(rules, persons, waivers=waivers)
    assert [row["verdict"] for row in found] == ["pass", "fail", "undecided"]
    assert [row["outcomes"][0]["status"] for row in found] == ["fail", "fail", "unknown"]


def test_fit_is_the_mean_distance_inside_the_thresholds() -> None:
    rules = pack(
        {"id": "least", "require": "influencer.followers >= 1000"},
        {"id": "most", "require": "influencer.followers <= 4000"},
        {"id": "flag", "require": "influencer.accepts_gifts"},
    )
    persons: list[dict[str, Any]] = [
        {"followers": 2000, "accepts_gifts": True},
        {"followers": {"min": 1000, "max": 4000}},
        {"followers": 500},
        {"accepts_gifts": True},
    ]
    kernel = compile_rules(rules, Layout(PERSON, ranges=True))
    assert kernel.fitted == ("least", "most")
    found = screened(rules, persons)
    assert [row["fit"] for row in found] == [0.5, 0.0, 0.1875, 0.0]


def test_where_is_a_condition_in_the_same_language() -> None:
    rules = pack({"id": "gifts", "require": "influencer.accepts_gifts"})
    scope = Scope(SHIPPED.types, ROOTS["influencer"], RecordType("params"), {}, {})
    node = check_expression("influencer.followers > 5", scope, Slots())
    found = screened(rules, [{"followers": 9}, {"followers": 1}, {}], where=node)
    assert [row["wanted"] for row in found] == [True, False, None]
