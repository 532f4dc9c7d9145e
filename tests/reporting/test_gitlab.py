from __future__ import annotations

import json
import re
from typing import Any

import pytest

from checker.model.report import Report
from checker.reporting.gitlab import render
from checker.reporting.options import Options
from tests.reporting.everything import PAYLOADS, everything, lines_moved, poisoned
from tests.reporting.fakes import spring


def entries(*reports: Report) -> list[Any]:
    found = json.loads(render(reports, Options()))
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["location"]["path"]
    assert len({entry["fingerprint"] for entry in found}) == len(found)
    return list(found)


def test_severities() -> None:
    found = {(e["check_name"], e["severity"]) for e in entries(everything())}
    assert ("cost-per-influencer", "critical") in found
    assert ("adults", "major") in found
    assert ("growth", "minor") in found
    assert ("usual-price", "info") in found
    assert ("price", "info") in found
    assert ("invalid-record", "blocker") in found
    assert ("waiver-expired", "critical") in found
    assert ("waiver-unused", "minor") in found
    assert not {name for name, _ in found} & {"has-target", "exclusivity"}


def test_an_entry() -> None:
    entry = next(e for e in entries(spring()) if e["check_name"] == "cost-per-influencer")
    assert entry["description"].startswith("@glamorously: costs GBP 1,420;")
    assert entry["location"] == {"path": "briefs/spring/shortlist.csv", "lines": {"begin": 6}}


def test_what_is_waived_says_so() -> None:
    entry = next(e for e in entries(everything()) if e["check_name"] == "values")
    assert entry["severity"] == "info"
    assert entry["description"].endswith(
        '[fail, waived: "new maker, agreed" (legal, until 2026-04-30)]'
    )


def test_fingerprints_stay_while_lines_move() -> None:
    before = [e["fingerprint"] for e in entries(everything())]
    assert [e["fingerprint"] for e in entries(lines_moved(everything()))] == before
    # Two briefs may judge the same record.
    assert entries(spring(), spring())
    assert render([], Options()) == "[]\n"


@pytest.mark.parametrize("evil", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_inert(evil: str) -> None:
    text = render([poisoned(evil)], Options())
    assert "<" not in text
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None
    for entry in json.loads(text):
        assert entry["description"].isprintable() or "\ufffe" in evil
        assert len(entry["description"]) <= 1000
