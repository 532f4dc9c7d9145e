from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from checker.model.report import Report
from checker.reporting.junit import render
from checker.reporting.options import Options
from tests.reporting.everything import PAYLOADS, REFERENCE, everything, poisoned, wide
from tests.reporting.fakes import good_age, influencer, spring

SCHEMA = REFERENCE / "JUnit.xsd"


@pytest.fixture(scope="module")
def schema() -> object:
    if not SCHEMA.is_file():
        pytest.skip(f"the common schema is not at {SCHEMA}")
    xmlschema = pytest.importorskip("xmlschema")
    return xmlschema.XMLSchema(str(SCHEMA))


def suites(schema: object, *reports: Report) -> list[ElementTree.Element]:
    """Return the suites of a document that is valid."""
    text = render(reports, Options())
    root = ElementTree.fromstring(text)
    schema.validate(root)  # type: ignore[attr-defined]
    return list(root)


def cases(suite: ElementTree.Element) -> dict[tuple[str, str], ElementTree.Element]:
    found = suite.findall("testcase")
    named = {(case.attrib["classname"], case.attrib["name"]): case for case in found}
    assert len(named) == len(found), "two cases have one name"
    return named


def result(case: ElementTree.Element) -> tuple[str, str, str]:
    found = list(case)
    if not found:
        return "", "", ""
    return found[0].tag, found[0].get("type", ""), found[0].get("message", "")


def test_every_status_and_verdict_is_valid(schema: object) -> None:
    first, second = suites(schema, everything(), spring())
    assert (first.get("id"), second.get("id")) == ("0", "1")
    assert first.get("timestamp") == "2026-03-02T00:00:00"
    for suite in (first, second):
        found = [result(case)[0] for case in cases(suite).values()]
        assert int(suite.attrib["tests"]) == len(found)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[name]) == found.count(tag)
    assert suites(schema) == []


def test_each_subject_and_rule_is_a_case(schema: object) -> None:
    (suite,) = suites(schema, everything())
    found = cases(suite)
    outcomes = sum(len(subject.outcomes) for subject in everything().subjects)
    # One for the invalid record, one where nothing was decided, three waivers to speak of.
    assert len(found) == outcomes + 5
    assert result(found["spring.@maisie.braids", "audience-age"]) == ("", "", "")
    assert result(found["spring.@maisie.braids", "exclusivity"])[0] == "skipped"
    assert result(found["spring.@glamorously", "cost-per-influencer"]) == (
        "failure",
        "fail",
        "costs GBP 1,420; the brief pays at most GBP 600",
    )
    assert result(found["spring.@northradio", "adults"])[:2] == ("error", "unknown")
    assert result(found["spring.@holes", "invalid-record"])[:2] == ("error", "invalid")
    assert result(found["spring.@quiet", "nothing-decided"])[:2] == ("error", "undecided")
    assert result(found["spring.@gadgetgav", "audience-age (2)"])[0] == "failure"
    assert result(found["spring.Post reel-1 in GB", "ad-label"])[0] == "failure"
    detail = next(iter(found["spring.@gadgetgav", "audience-age"])).text or ""
    assert "has: 32% (shortlist.csv:7)" in detail
    assert "fix: Shortlist a closer audience" in detail


def test_what_is_in_nobodys_way_is_skipped_with_its_message(schema: object) -> None:
    found = cases(suites(schema, everything())[0])
    tag, _, message = result(found["spring.@tinyknots", "values"])
    assert tag == "skipped"
    assert message.startswith('fail, waived: "new maker, agreed" (legal, until 2026-04-30)')
    assert result(found["spring.@oldhand", "audience-age"])[2].startswith("fail, known from")
    assert result(found["spring.@maisie.braids", "growth"])[2].startswith("warning, fail:")
    expired = result(found["spring.Waivers", "waiver-expired values @gadgetgav"])
    assert expired[:2] == ("failure", "waiver-expired")
    assert "Ana" in expired[2]
    assert result(found["spring.Waivers", "waiver-unused growth @nobody"])[0] == "skipped"


def test_a_suite_is_red_where_its_brief_is(schema: object) -> None:
    passing = replace(
        spring(), verdict="pass", subjects=(influencer("@a", "pass", good_age()),), waivers=()
    )
    (suite,) = suites(schema, passing)
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    (suite,) = suites(schema, replace(passing, verdict="undecided", subjects=()))
    assert suite.get("errors") == "1"


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_inert(schema: object, evil: str) -> None:
    (suite,) = suites(schema, poisoned(evil))
    tags = {element.tag for element in suite.iter()}
    assert tags <= {
        *("testsuite", "properties", "property", "testcase", "failure", "error", "skipped"),
        *("system-out", "system-err"),
    }
    text = render([poisoned(evil)], Options())
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    assert "]]>" not in text
    assert re.search(r"^\s*::\w", text, re.MULTILINE) is None


def test_large_reports_are_valid(schema: object) -> None:
    assert suites(schema, wide(300))[0].get("failures") == "600"
