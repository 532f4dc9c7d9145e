"""A baseline: what an earlier report has already is listed, and fails nothing.

Outcomes are matched by brief, subject, rule, status and the paths that they rest on, never by
line. An invalid record is always new.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from checker.engine.verdicts import conclude
from checker.language.accounts import id_key
from checker.model.diagnostics import Diagnostic, Position
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


def apply_baseline(report: Report, known: Collection[Key], place: Position) -> Report:
    """Return the report with what is known marked, and verdicts drawn anew.

    What the baseline, which stands at `place`, knows by a rule's old name is known, too.
    """
    names = report.renamed
    stale = sorted({key[4] for key in known if key[0] == report.brief and key[4] in names})
    known = {(*key[:4], names.get(key[4], key[4]), *key[5:]) for key in known} if stale else known

    def mark(subject: Subject, outcome: Outcome) -> Outcome:
        if outcome.status not in ("fail", "unknown"):
            return outcome
        return replace(outcome, known=key_of(report.brief, subject, outcome) in known)

    subjects = tuple(
        replace(subject, outcomes=tuple(mark(subject, outcome) for outcome in subject.outcomes))
        for subject in report.subjects
    )
    warnings = (*report.warnings, *(_renamed(old, names[old], place) for old in stale))
    return conclude(replace(report, subjects=subjects, warnings=warnings))


def _renamed(old: str, new: str, place: Position) -> Diagnostic:
    message = f'the baseline has the rule "{old}", which is called "{new}" now'
    hint = "It holds by its old name, too. Write the baseline anew: checker check -o json=FILE"
    return Diagnostic("renamed-rule", message, place, "warning", hint=hint)
