"""A brief that passes only because a baseline knows its failures is not called ready."""

from __future__ import annotations

from dataclasses import replace

from checker import api
from checker.model.report import Outcome, Report
from checker.reporting.formats import FORMATS
from checker.reporting.options import Options
from tests.reporting.everything import everything


def with_outcomes(change: dict[str, object]) -> Report:
    report = everything()
    subjects = []
    for subject in report.subjects:
        if subject.verdict == "invalid":
            continue
        outcomes = tuple(_changed(outcome, change) for outcome in subject.outcomes)
        subjects.append(replace(subject, verdict="pass", outcomes=outcomes, diagnostics=()))
    return replace(report, subjects=tuple(subjects), verdict="pass", waivers=())


def _changed(outcome: Outcome, change: dict[str, object]) -> Outcome:
    if outcome.status not in ("fail", "unknown"):
        return outcome
    return replace(outcome, **{"waiver": None, "known": False, **change})  # type: ignore[arg-type]


def test_known_failures_are_not_ready() -> None:
    report = with_outcomes({"known": True})
    text = FORMATS["text"]([report], Options(exit_code=0))
    assert "Ready to sign" not in text
    assert "Nothing new, but" in text
    assert 'class="sign"' not in FORMATS["html"]([report], Options())


def test_passes_are_ready() -> None:
    report = with_outcomes({"status": "pass"})
    assert "Ready to sign" in FORMATS["text"]([report], Options(exit_code=0))
    assert 'class="sign"' in FORMATS["html"]([report], Options())


def test_a_known_warning_does_not_fail_on_warning() -> None:
    assert api.exit_code([with_outcomes({"known": True})], fail_on="warning") == 0
    failing = with_outcomes({"severity": "warning", "status": "fail"})
    assert api.exit_code([failing], fail_on="warning") == 1
