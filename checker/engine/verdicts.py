"""Verdicts, from outcomes: of one subject, and of a whole report."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from checker.model.report import VERDICTS, Outcome, Report, Status, Subject, Verdict


def verdict_of(outcomes: Iterable[Outcome], *, needs_pass: bool = True) -> Verdict:
    """Return the verdict of a subject's outcomes; those that are excused do not count against it.

    `needs_pass`: without one error rule that passed, nothing was decided.
    """
    errors = [outcome for outcome in outcomes if outcome.severity == "error"]
    deciding = {outcome.status for outcome in errors if outcome.decides}
    passed = any(outcome.status == "pass" for outcome in errors)
    return verdict_from(deciding, decided=passed or not needs_pass)


def verdict_from(deciding: Collection[Status], *, decided: bool) -> Verdict:
    """Return the verdict that the statuses of those error rules mean that are not excused.

    `decided`: some error rule passed, or none needs to.
    """
    if "fail" in deciding:
        return "fail"
    # A waiver excuses what is wrong; it decides nothing in its place.
    return "pass" if decided and "unknown" not in deciding else "undecided"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts; "pass" of none."""
    return max(verdicts, key=VERDICTS.index, default="pass")


def conclude(report: Report) -> Report:
    """Return the report with every verdict drawn from its outcomes, waivers and baseline."""
    subjects = tuple(map(_conclude_subject, report.subjects))
    verdicts = [subject.verdict for subject in subjects]
    passed = any(
        outcome.severity == "error" and outcome.status == "pass"
        for subject in subjects
        for outcome in subject.outcomes
    )
    if not passed or not any(subject.kind == "influencer" for subject in subjects):
        # Nothing was decided, or nobody was checked.
        verdicts.append("undecided")
    if any(use.fails for use in report.waivers):
        verdicts.append("fail")
    return replace(report, subjects=subjects, verdict=worst(verdicts))


def _conclude_subject(subject: Subject) -> Subject:
    if subject.verdict == "invalid":
        return subject
    # The brief and the shortlist count by their outcomes; a person or a post must be decided.
    needs_pass = subject.kind in ("influencer", "post")
    return replace(subject, verdict=verdict_of(subject.outcomes, needs_pass=needs_pass))
