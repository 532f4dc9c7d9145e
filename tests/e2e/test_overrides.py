"""What `checker.yaml` may set a param to, and what `checker test` makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.world import AS_OF, JO, brief, pack, rule, run, write

OURS = pack(
    rule(
        "at-home",
        "max(params.floor, default(brief.target.minimum_share.country, params.least)) <= home",
        "params: {floor: {default: 0.1, source: ours}, least: {default: 0.5, source: ours}}",
        "let: {home: \"share(influencer.audience.country, ['GB'])\"}",
    ),
    rule(
        "left",
        "1 - params.most <= influencer.audience.credibility",
        "params: {most: {default: 0.2, source: ours}}",
    ),
    rule(
        "waited",
        "days_between(influencer.as_of, today) <= params.days",
        "params: {days: {default: 30, source: ours}}",
    ),
    rule(
        "grown",
        "count(day for day in influencer.history if day.followers > params.from_) >= params.times",
        "params: {from_: {default: 100, source: ours}, times: {default: 2, source: ours}}",
    ),
    rule(
        "priced",
        "deal.fee <= params.part * brief.budget.total",
        "params: {part: {default: 0.5, unit: share, source: ours}}",
    ),
    rule(
        "scaled",
        "influencer.followers >= params.factor * 1_000",
        "params: {factor: {default: 1.5, source: ours}}",
    ),
    rule(
        "older",
        "influencer.age_verified_over >= params.age",
        "params: {age: {default: 25, source: ours}}",
    ),
    rule(
        "young",
        "share_aged(influencer.audience.age, params.ages) <= 0.2",
        "params: {ages: {default: {max: 17}, source: ours}}",
    ),
    rule(
        "cheap",
        "deal.fee <= params.most",
        "params: {most: {default: {amount: 500, currency: GBP}, source: ours}}",
    ),
    rule(
        "named",
        "influencer.platform in params.where",
        "params: {where: {default: [instagram, tiktok], source: ours}}",
    ),
)


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, {"brief.json": brief(shortlist=[JO]), "rules/ours.yaml": OURS})
    return folder


def configured(params: str, identity: str) -> str:
    change = f"{identity}: {{params: {{{params}}}, because: a test}}"
    return f"packs: [rules/ours.yaml]\nrules:\n  {change}\n"


@pytest.mark.parametrize(
    ("identity", "params", "says"),
    [
        ("at-home", "least: 60", "least of at-home is 60; shares run 0 to 1"),
        ("at-home", "least: 60", 'Write 0.6 or "60%".'),
        ("at-home", "least: -1", "least of at-home is -1; shares run 0 to 1"),
        ("at-home", "least: 1.01", "shares run 0 to 1"),
        ("at-home", "floor: 20", 'Write 0.2 or "20%".'),
        ("at-home", 'least: "0,6"', "decimals stand behind a dot"),
        ("at-home", "least: 120%", '"120%"; it is written like its default, 0.5'),
        ("at-home", "least: true", "is true; it is written like its default, 0.5"),
        ("at-home", "least: [0.6]", "is [0.6]; it is written like its default"),
        ("left", "most: 20", "shares run 0 to 1"),
        ("waited", "days: -1", "days of waited is -1; it cannot be less than 0"),
        ("waited", "days: 30.5", "it must be a whole number"),
        ("waited", "days: 50%", '"50%"; it is written like its default, 30'),
        ("waited", 'days: "30"', "A number has no quotes"),
        ("grown", "times: -2", "it cannot be less than 0"),
        ("grown", "from_: 0.5", "it must be a whole number"),
        ("priced", "part: 50", "shares run 0 to 1"),
        ("scaled", "factor: -1", "it cannot be less than 0"),
        ("older", "age: 250", "it cannot be more than 120"),
        ("young", "ages: {min: 30, max: 20}", "min is above max"),
        ("young", "ages: {max: 300}", "cannot be more than 120"),
        ("young", "ages: {amount: 3, currency: GBP}", "it is written like its default"),
        ("cheap", "most: {amount: -5, currency: GBP}", "cannot be less than 0"),
        ("cheap", "most: {amount: 5}", "money is {amount: ..., currency: ...}"),
        ("cheap", "most: {amount: 5, currency: GBX}", '"GBX" is no currency code'),
        ("cheap", "most: 500", "it is written like its default"),
        ("named", "where: []", "the list is empty"),
        ("named", "where: [instagramm]", 'did you mean "instagram"?'),
        ("named", "where: [tiktok, 3]", "all numbers or all text"),
    ],
)
def test_a_param_is_held_to_its_unit_and_type(
    project: Path, identity: str, params: str, says: str
) -> None:
    write(project, {"checker.yaml": configured(params, identity)})
    for command in ("check", "test", "lint"):
        done = run(command)
        assert done.code == 2, done.said
        assert says in done.said
        assert "checker.yaml:3:" in done.said


@pytest.mark.parametrize(
    ("identity", "params", "now"),
    [
        ("at-home", "least: 60%", "least is 0.6 instead of 0.5"),
        ("at-home", "least: 0", "least is 0 instead of 0.5"),
        ("at-home", 'least: "100%"', "least is 1.0 instead of 0.5"),
        ("left", "most: 0.3", "most is 0.3 instead of 0.2"),
        ("waited", "days: 60", "days is 60 instead of 30"),
        ("priced", "part: 12.5%", "part is 0.125 instead of 0.5"),
        ("scaled", "factor: 12.5", "factor is 12.5 instead of 1.5"),
    ],
)
def test_what_a_param_may_be(project: Path, identity: str, params: str, now: str) -> None:
    write(project, {"checker.yaml": configured(params, identity)})
    done = run("check", "--as-of", AS_OF, "-o", "json")
    changed = [each["what"] for each in done.report()["changed"] if each["rule"] == identity]
    assert changed == [now]


LIVELY = pack(
    rule(
        "lively",
        "influencer.engagement.rate >= params.least",
        "params: {least: {default: 0.02, source: ours}}",
        "examples:",
        "  pass: [{why: just enough, influencer: {engagement: {rate: 2%}}}]",
        "  fail: [{why: too few, influencer: {engagement: {rate: 1%}}}]",
        "  unknown: [{why: nobody counted, influencer: {country: GB}}]",
    )
)


def test_examples_run_on_the_params_of_their_pack(folder: Path) -> None:
    changes = "{params: {least: 0.03}, because: the board asked}"
    write(
        folder,
        {
            "ours.yaml": LIVELY,
            "checker.yaml": f"packs: [ours.yaml]\nrules:\n  lively: {changes}\n",
        },
    )
    done = run("test")
    assert done.code == 0
    said = " ".join(done.out.split())
    assert "3 examples of 1 rule: all as expected" in said
    assert 'lively least is 0.03 instead of 0.02: "the board asked" (checker.yaml:3:' in said
    assert said.endswith("with these, some come out otherwise: lively 1")
    found = json.loads(run("test", "-o", "json").out)
    assert [each["rule"] for each in found["changed"]] == ["lively"]
    assert [(each["expect"], each["got"]) for each in found["otherwise"]] == [("pass", "fail")]
    assert run("test", "--mutate").code == 0


def test_an_example_that_is_wrong_of_its_pack_still_fails(folder: Path) -> None:
    changes = "{params: {least: 0.015}, because: the board asked}"
    write(
        folder,
        {
            "ours.yaml": LIVELY.replace("rate: 2%", "rate: 1.9%"),
            "checker.yaml": f"packs: [ours.yaml]\nrules:\n  lively: {changes}\n",
        },
    )
    done = run("test")
    assert done.code == 1
    assert "expected pass, got fail" in done.out
