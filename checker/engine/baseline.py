"""A baseline: what an earlier report has already is listed, and fails nothing.

Outcomes are matched by brief, subject, rule, status and the paths that they rest on, never by
line. An invalid record is always new.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from checker.engine.verdicts import conclude
from checker.language.accounts import id_key
from checker.model.report import Outcome, Report, Subject

# Brief id, subject's kind, id and market, rule, status, and paths of what was measured.
Key = tuple[str, str, str, str, str, str, tuple[str, ...]]


def key_of(brief: str, subject: Subject, outcome: Outcome) -> Key:
    """Return what an outcome is told apart by from one run to the next."""
    evidence = outcome.has.evidence if outcome.has else outcome.evidence
    paths = tuple(sorted({each.path for each in evidence}))
    return (
        brief,
        subject.kind,
        id_key(subject.id),
        subject.market,
        outcome.rule,
        outcome.status,
        paths,
    )


def apply_baseline(report: Report, known: Collection[Key]) -> Report:
    """Return the report with what is known marked, and verdicts drawn anew."""

    def mark(subject: Subject, outcome: Outcome) -> Outcome:
        if outcome.status not in ("fail", "unknown"):
            return outcome
        return replace(outcome, known=key_of(report.brief, subject, outcome) in known)

    subjects = tuple(
        replace(subject, outcomes=tuple(mark(subject, outcome) for outcome in subject.outcomes))
        for subject in report.subjects
    )
    return conclude(replace(report, subjects=subjects))
