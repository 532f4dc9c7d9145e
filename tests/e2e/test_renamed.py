"""Rules grow old gracefully: what names one by its old name still holds, and is told so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, JO, brief, outcomes, pack, rule, run, subjects, write

ASKS = "influencer.followers >= params.least"
PARAMS = "params: {least: {default: 20_000, source: ours}}"
OLD = pack(rule("big", ASKS, PARAMS))
NEW = pack(rule("large-enough", ASKS, "formerly: [large, big]", PARAMS))


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, {"brief.json": brief(shortlist=[JO]), "ours.yaml": NEW})
    return folder


def checked(folder: Path, config: str = "", *more: str) -> Any:
    write(folder, {"checker.yaml": f"packs: [ours.yaml]\n{config}"})
    done = run("check", "--as-of", AS_OF, "-o", "json", *more)
    assert done.err == ""
    return done.report()


def warned(report: Any) -> list[tuple[str, int, str]]:
    return [
        (each["position"]["file"], each["position"].get("line"), each["message"])
        for each in report["warnings"]
    ]


def test_an_override_by_the_old_name_holds(project: Path) -> None:
    report = checked(project, "rules:\n  big: {params: {least: 10_000}, because: a test}\n")
    assert outcomes(subjects(report)["@jo"]) == {"large-enough": "pass"}
    (change,) = (each for each in report["changed"] if each["rule"] != "packs")
    assert (change["rule"], change["position"]["line"]) == ("large-enough", 3)
    told = 'the rule "big" is called "large-enough" now; it holds by its old name, too'
    assert warned(report) == [("checker.yaml", 3, told)]
    assert report["warnings"][0]["hint"] == "Write large-enough there."
    text = " ".join(run("check", "--as-of", AS_OF).out.split())
    assert f"Warning checker.yaml:3:3: {told} Write large-enough there." in text
    lint = run("lint")
    assert lint.code == 0
    assert f"checker.yaml:3:3: warning: {told}" in lint.out


def test_a_waiver_by_the_old_name_holds(project: Path) -> None:
    waiver = {"rule": "large", "subject": "@jo", "status": "fail", "reason": "a test"}
    waiver |= {"owner": "Jo Park", "expires": "2026-04-01"}
    report = checked(project, f"waivers:\n  - {json.dumps(waiver)}\n")
    assert [each["state"] for each in report["waivers"]] == ["used"]
    assert [each[:2] for each in warned(report)] == [("checker.yaml", 3)]
    assert subjects(report)["@jo"]["outcomes"][0]["waiver"]["rule"] == "large-enough"


def test_a_baseline_by_the_old_name_holds(project: Path) -> None:
    write(project, {"ours.yaml": OLD})
    write(project, {"old.json": json.dumps({"schema_version": "1.0", "reports": []})})
    checked(project)
    run("check", "--as-of", AS_OF, "-o", "json=old.json")
    write(project, {"ours.yaml": NEW})
    report = checked(project, "", "--baseline", "old.json")
    assert [each["known"] for each in subjects(report)["@jo"]["outcomes"]] == [True]
    assert [(each[0], "large-enough" in each[2]) for each in warned(report)] == [("old.json", True)]
    run("check", "--as-of", AS_OF, "-o", "json=new.json")
    assert not warned(checked(project, "", "--baseline", "new.json"))


def test_a_rule_is_named_once(project: Path) -> None:
    for one, two in (("big", "large-enough"), ("big", "large")):
        rules = (
            f"  {one}: {{severity: note, because: a}}\n  {two}: {{severity: note, because: b}}\n"
        )
        write(project, {"checker.yaml": f"packs: [ours.yaml]\nrules:\n{rules}"})
        done = run("check", "--as-of", AS_OF)
        assert done.code == 2
        assert 'checker.yaml:3:3: error: the rule "big" is called "large-enough" now' in done.err


def test_an_id_of_today_names_its_own_rule(project: Path) -> None:
    own = pack(rule("big", "influencer.followers > 3"), name="theirs")
    write(project, {"theirs.yaml": own})
    config = "packs: [ours.yaml, theirs.yaml]\nrules:\n  big: {severity: note, because: a test}\n"
    write(project, {"checker.yaml": config})
    report = run("check", "--as-of", AS_OF, "-o", "json").report()
    assert not report["warnings"]
    severities = {each["rule"]: each["severity"] for each in subjects(report)["@jo"]["outcomes"]}
    assert severities == {"large-enough": "error", "big": "note"}


@pytest.mark.parametrize(
    ("ours", "says"),
    [
        (pack(rule("one", ASKS, "formerly: [one]", PARAMS)), '"one" is the id of a rule of this'),
        (
            pack(rule("one", ASKS, PARAMS), rule("two", ASKS, "formerly: [one]", PARAMS)),
            '"one" is the id of a rule of this pack',
        ),
        (pack(rule("one", ASKS, "formerly: One", PARAMS)), "it must be a list"),
        (pack(rule("one", ASKS, "formerly: [One]", PARAMS)), 'Write "one"'),
        (pack(rule("one", ASKS, "deprecated: {since: 2.0.0}", PARAMS)), 'has no "because"'),
        (pack(rule("one", ASKS, "deprecated: true", PARAMS)), "it must be a mapping"),
    ],
)
def test_a_pack_that_says_it_wrong(folder: Path, ours: str, says: str) -> None:
    write(folder, {"ours.yaml": ours})
    done = run("lint", "ours.yaml")
    assert done.code == 2
    assert says in done.said


def test_two_rules_had_one_name(project: Path) -> None:
    other = pack(rule("tall", "influencer.followers > 3", "formerly: [big]"), name="theirs")
    write(project, {"theirs.yaml": other, "checker.yaml": "packs: [ours.yaml, theirs.yaml]\n"})
    assert run("check", "--as-of", AS_OF).code != 2
    waived = "packs: [ours.yaml, theirs.yaml]\nrules: {big: {enabled: false, because: asked for}}\n"
    write(project, {"checker.yaml": waived})
    done = run("check", "--as-of", AS_OF)
    assert done.code == 2
    assert 'no rule is called "big"' in done.err


GOING = pack(
    rule(
        "large-enough",
        ASKS,
        "deprecated: {since: 2.0.0, because: reach counts, use: reach}",
        PARAMS,
    )
)


def test_a_rule_that_is_to_go_warns(project: Path) -> None:
    write(project, {"ours.yaml": GOING})
    told = 'the rule "large-enough" is deprecated since 2.0.0: reach counts'
    report = checked(project)
    assert warned(report) == [("ours.yaml", 5, told)]
    assert report["warnings"][0]["hint"] == 'Use "reach" instead.'
    named = checked(project, "rules:\n  large-enough: {severity: note, because: a test}\n")
    assert warned(named) == [("checker.yaml", 3, told)]
    other = pack(rule("other", "influencer.followers > 3")).partition("rules:\n")[2]
    write(project, {"ours.yaml": GOING + other})
    assert not warned(checked(project, "rules:\n  large-enough: {enabled: false, because: a}\n"))
    write(project, {"ours.yaml": GOING})
    write(project, {"checker.yaml": "packs: [ours.yaml]\n"})
    assert told in run("lint", "ours.yaml").out
    assert "since 2.0.0: reach counts; use reach" in run("explain", "large-enough").out


def test_the_old_name_finds_the_rule(project: Path) -> None:
    write(project, {"checker.yaml": "packs: [ours.yaml]\n"})
    done = run("explain", "big")
    assert done.code == 0
    assert done.out.startswith("large-enough")
    assert "large, big" in done.out


def test_a_comparison_knows_it_for_one_rule(project: Path) -> None:
    write(project, {"old.yaml": OLD})
    done = run("diff", "old.yaml", "ours.yaml", "--records", "brief.json")
    assert done.code == 0
    assert done.out.endswith("nothing comes out otherwise\n")
    assert "Added" not in done.out
