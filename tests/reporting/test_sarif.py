from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft4Validator

from checker.model.diagnostics import Position
from checker.model.report import Report
from checker.reporting.options import Options
from checker.reporting.sarif import MOST_RESULTS, render
from checker.reporting.sarif_text import message, uri
from tests.reporting.everything import (
    PAYLOADS,
    REFERENCE,
    everything,
    lines_moved,
    poisoned,
    wide,
)
from tests.reporting.fakes import influencer, spring, too_old

SCHEMA = REFERENCE / "sarif-schema-2.1.0.json"


def log(*reports: Report) -> Any:
    """Return the log, valid against the official schema."""
    document = json.loads(render(reports, Options()))
    if SCHEMA.is_file():
        Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    return document


def results(report: Report) -> list[Any]:
    found = log(report)["runs"][0]["results"]
    assert isinstance(found, list)
    return found


def test_there_is_one_run_whatever_the_number_of_briefs() -> None:
    bare = replace(spring(), brief="", subjects=())
    for reports in ((), (spring(),), (everything(), spring(), bare), (spring(),) * 25):
        (run,) = log(*reports)["runs"]
        assert run["automationDetails"]["id"] == "checker/"
        assert len(run["properties"]["briefs"]) == len(reports)
        prints = [r["partialFingerprints"]["checkerFinding/v1"] for r in run["results"]]
        assert len(set(prints)) == len(prints)
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(set(ids)) == len(ids)


def test_the_gravest_results_are_listed_and_the_others_counted() -> None:
    reports = [replace(wide(2000), brief=f"b{n}") for n in range(2)]
    (run,) = log(*reports, everything())["runs"]
    assert len(run["results"]) == MOST_RESULTS
    (note,) = [
        each
        for each in run["invocations"][0]["toolExecutionNotifications"]
        if each["descriptor"]["id"] == "left-out"
    ]
    assert re.match(r"[0-9,]+ results more are left out", note["message"]["text"])
    kinds = [(r["kind"], bool(r["suppressions"])) for r in run["results"]]
    assert ("fail", True) not in kinds
    levels = [r["level"] for r in run["results"] if r["kind"] == "fail"]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)


def test_names_of_rules_are_not_their_ids() -> None:
    one = replace(too_old(), rule="content")
    report = replace(spring(), subjects=(influencer("@a", "fail", one),))
    for rule in log(report, everything())["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["name"].casefold() != rule["id"].casefold()
        assert re.fullmatch(r"([A-Z]\w*)+", rule["name"])


def test_paths_start_at_the_root_of_the_repository() -> None:
    def run(root: str, file: str) -> Any:
        subject = replace(influencer("@a", "fail", too_old()), position=Position(file, 3))
        bare = replace(subject.outcomes[0], has=None, evidence=())
        report = replace(
            spring(),
            position=Position(file),
            subjects=(replace(subject, outcomes=(bare,)),),
            waivers=(),
        )
        return json.loads(render([report], Options(root=root)))["runs"][0]["results"]

    whole, part = run("", "briefs/winter/brief.yaml"), run("briefs/winter", "brief.yaml")
    assert part == whole and run("briefs/winter/x", "../brief.yaml") == whole
    file = whole[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert file == "briefs/winter/brief.yaml"
    absolute = run("briefs", "/opt/a.yaml")[0]["locations"][0]["physicalLocation"]
    assert absolute["artifactLocation"]["uri"] == "file:///opt/a.yaml"


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_stays_valid(evil: str) -> None:
    for result in results(poisoned(evil)):
        text = result["message"]["text"]
        assert "](" not in text
        assert re.search(r"(?<!\{)\{(\{\{)*\d", text) is None
        assert len(text) <= 2100
        address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~%/:-]+", address)


def test_each_rule_that_ran_is_described() -> None:
    rules = log(everything())["runs"][0]["tool"]["driver"]["rules"]
    by_id = {rule["id"]: rule for rule in rules}
    assert len(by_id) == len(rules)
    ran = {o.rule for s in everything().subjects for o in s.outcomes}
    own = {"invalid-record", "nothing-decided", "waiver-expired", "waiver-unused"}
    assert set(by_id) == ran | own | {"waiver-ends-soon"}
    rule = by_id["audience-age"]
    assert rule["name"] == "AudienceAge"
    assert rule["shortDescription"]["text"] == "The title of audience-age"
    assert rule["help"]["text"].startswith("Shortlist a closer audience")
    assert rule["defaultConfiguration"] == {"level": "error"}
    properties = rule["properties"]
    assert (properties["scope"], properties["severity"]) == ("influencer", "error")
    assert (properties["pack"], properties["version"]) == ("alignment", "1.0.0")
    assert properties["strength"] == properties["source"]["strength"] == "guidance"


def test_fails_and_unknowns_are_listed_and_passes_are_not() -> None:
    found = results(everything())
    kinds = {(r["ruleId"], r["kind"], r["level"]) for r in found}
    assert ("audience-age", "fail", "error") in kinds
    # The standard: a kind other than "fail" has the level "none".
    assert ("adults", "review", "none") in kinds
    assert ("growth", "fail", "warning") in kinds
    assert ("usual-price", "fail", "note") in kinds
    assert ("invalid-record", "fail", "error") in kinds
    assert ("nothing-decided", "review", "none") in kinds
    assert ("waiver-expired", "fail", "error") in kinds
    assert "has-target" not in {rule for rule, _, _ in kinds}
    assert not {kind for _, kind, _ in kinds} - {"fail", "review"}


def test_an_index_names_its_rule_and_its_file() -> None:
    run = log(everything())["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][place["index"]]["location"]["uri"] == place["uri"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["toolExecutionNotifications"][0]["level"] == "warning"


def test_a_result_stands_where_the_value_does() -> None:
    subject = influencer("@zoë b", "fail", too_old(), line=7)
    place = results(replace(spring(), subjects=(subject,)))[0]["locations"][0]
    physical = place["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "briefs/spring/shortlist.csv"
    assert physical["region"] == {"startLine": 7}
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "@zoë b/influencer.audience.age"
    bare = replace(too_old(), has=None, evidence=())
    subject = replace(subject, outcomes=(bare,), position=Position("my briefs/b#1.yaml", 3, 9))
    physical = results(replace(spring(), subjects=(subject,)))[0]["locations"][0][
        "physicalLocation"
    ]
    assert physical["artifactLocation"]["uri"] == "my%20briefs/b%231.yaml"
    assert physical["region"] == {"startLine": 3, "startColumn": 9}


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a b/ü.json", "a%20b/%C3%BC.json"),
        ("a:b.json", "a%3Ab.json"),
        ("../x.json", "../x.json"),
        ("/opt/x y.json", "file:///opt/x%20y.json"),
        ("//evil.example/x", "file:///evil.example/x"),
        ("C:\\x.json", "file:///C:/x.json"),
    ],
)
def test_addresses(file: str, address: str) -> None:
    assert uri(file) == address


def test_message_strings() -> None:
    assert message("{0} [a](b)\nc") == "{{0}} [a] (b) c"


def prints(report: Report) -> list[str]:
    return [r["partialFingerprints"]["checkerFinding/v1"] for r in results(report)]


def test_fingerprints_differ_and_stay_while_lines_move() -> None:
    before = prints(everything())
    assert len(set(before)) == len(before)
    moved = lines_moved(everything())
    assert moved.subjects[2].position != everything().subjects[2].position
    assert prints(moved) == before
    turned = replace(everything(), subjects=everything().subjects[::-1])
    assert set(prints(turned)) == set(before)


def test_a_fingerprint_tells_an_unknown_from_a_later_fail() -> None:
    def one(status: Any) -> list[str]:
        subject = influencer("@a", "fail", replace(too_old(), status=status))
        return prints(replace(spring(), subjects=(subject,)))

    assert one("fail") != one("unknown")


def test_a_waiver_and_the_baseline_suppress_and_keep_the_status() -> None:
    found = results(everything())
    waived = next(r for r in found if r["ruleId"] == "values")
    assert waived["kind"] == "fail"
    suppression = waived["suppressions"][0]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == 'waived: "new maker, agreed" (legal, until 2026-04-30)'
    assert suppression["properties"]["expires"] == "2026-04-30"
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 12
    known = next(r for r in found if r["suppressions"] and r["ruleId"] == "audience-age")
    assert known["suppressions"][0]["justification"]
    assert sum(bool(r["suppressions"]) for r in found) == 3
    expired = next(r for r in found if r["ruleId"] == "waiver-expired")
    assert "Ana" in expired["message"]["text"]


def test_large_reports_are_valid() -> None:
    assert len(results(wide(1000))) == 2000
