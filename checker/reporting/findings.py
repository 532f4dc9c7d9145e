"""What reporters for code platforms list: each fail and unknown with its place and its identity."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import Evidence, Outcome, Report, Subject
from checker.model.rules import Severity
from checker.reporting.options import Options
from checker.reporting.waived import notices
from checker.reporting.words import subject_name, with_hint

# Rules of the program itself, for what is wrong without a rule of a pack: id -> (title, severity).
OWN_RULES: dict[str, tuple[str, Severity]] = {
    "invalid-record": ("A record can be used", "error"),
    "nothing-decided": ("At least one rule decides on a subject", "error"),
    "waiver-expired": ("A waiver holds on the report's day", "error"),
    "waiver-ambiguous": ("A waiver names one subject", "error"),
    "waiver-long": ("A waiver ends within the days that the configuration gives it", "warning"),
    "waiver-unused": ("A waiver covers something", "warning"),
    "waiver-ends-soon": ("A waiver has more than 14 days left", "note"),
}

# The roots of values that stand in records; nearest to the subject first.
_ROOTS = ("influencer", "deal", "post", "shortlist", "brief", "brand")
_INDEX = re.compile(r"\[\d+\]")
# Names that the reader gives to records without one carry their line or number.
_NUMBERED = re.compile(r"^(.* line|entry) \d+$")


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing to list. `path` is the field that it is about, "" where it is about none.

    `outcome` is None for what no rule of a pack says; `fingerprint` is unique in its list.
    """

    rule: str
    status: Literal["fail", "unknown"]
    severity: Severity
    message: str
    position: Position
    path: str = ""
    subject: Subject | None = None
    outcome: Outcome | None = None
    fingerprint: str = ""


def findings(reports: Sequence[Report], options: Options) -> list[list[Finding]]:
    """Return the findings of each report in its order, with fingerprints unique among them all.

    A fingerprint is made of the brief, rule, status, file, record and path, and never of a line:
    it stays while lines move, and from whichever folder the command runs. The status is part of
    it, so that closing an unknown on a platform never hides a later fail.
    """
    seen: Counter[str] = Counter()
    return [
        [_marked(item, report, seen, options) for item in _of_report(report)] for report in reports
    ]


def _of_report(report: Report) -> Iterable[Finding]:
    for subject in report.subjects:
        yield from _of_subject(subject)
    if nothing_checked(report):
        message = "no error rule passed or failed on any subject, so nothing was decided"
        yield Finding("nothing-decided", "unknown", "error", message, report.position)
    for notice in notices(report):
        yield Finding(
            notice.code,
            "fail",
            notice.severity,
            notice.message,
            notice.position,
            path=f"{notice.waiver.rule} {notice.waiver.subject} {notice.waiver.status}",
        )


def nothing_checked(report: Report) -> bool:
    """Tell whether a report is undecided as a whole, with no subject that is to blame."""
    return report.verdict == "undecided" and all(s.verdict == "pass" for s in report.subjects)


def undecided_by_nothing(subject: Subject) -> bool:
    """Tell whether a subject is undecided because no error rule said anything of it."""
    return subject.verdict == "undecided" and not any(o.decides for o in subject.outcomes)


def _of_subject(subject: Subject) -> Iterable[Finding]:
    for diagnostic in subject.diagnostics:
        yield _of_diagnostic(subject, diagnostic)
    if subject.verdict == "invalid" and not subject.diagnostics:
        message = "the record cannot be used"
        yield Finding("invalid-record", "fail", "error", message, subject.position, "", subject)
    if undecided_by_nothing(subject):
        message = "no error rule passed, so nothing was decided"
        yield Finding("nothing-decided", "unknown", "error", message, subject.position, "", subject)
    for outcome in subject.outcomes:
        if outcome.status in ("fail", "unknown"):
            path, position = _place(subject, outcome)
            status: Literal["fail", "unknown"] = "fail" if outcome.status == "fail" else "unknown"
            yield Finding(
                outcome.rule,
                status,
                outcome.severity,
                outcome.reason,
                position,
                path,
                subject,
                outcome,
            )


def _of_diagnostic(subject: Subject, diagnostic: Diagnostic) -> Finding:
    message = with_hint(diagnostic)
    severity: Severity = "error" if diagnostic.severity == "error" else "warning"
    path = f"{diagnostic.code} {diagnostic.position.cell}".strip()
    position = diagnostic.position if diagnostic.position.file else subject.position
    return Finding("invalid-record", "fail", severity, message, position, path, subject)


def _place(subject: Subject, outcome: Outcome) -> tuple[str, Position]:
    """Return the field that an outcome is about and where it stands.

    That is what was measured, else what is missing, else what was read; else the subject itself.
    """
    measured = outcome.has.evidence if outcome.has is not None else ()
    missing = [item for item in outcome.evidence if item.value is None]
    groups = [measured, missing] if outcome.status == "unknown" else [measured]
    for group in (*groups, outcome.evidence):
        ranked = sorted(
            (item for item in group if _root(item) in _ROOTS and item.position is not None),
            key=lambda item: _ROOTS.index(_root(item)),
        )
        for item in ranked:
            if item.position is not None and item.position.file:
                return _INDEX.sub("[]", item.path), item.position
    return "", subject.position


def _root(item: Evidence) -> str:
    return re.split(r"[.\[]", item.path, maxsplit=1)[0]


def _marked(item: Finding, report: Report, seen: Counter[str], options: Options) -> Finding:
    subject = item.subject
    record = (subject.kind, _NUMBERED.sub(r"\1", subject.id), subject.market) if subject else ()
    parts = [
        report.brief or options.from_root(report.position.file),
        item.rule,
        item.status,
        options.from_root(item.position.file),
        record,
        item.path,
    ]
    digest = _digest(parts)
    seen[digest] += 1
    if seen[digest] > 1:  # The same rule on the same field of a record that is listed twice.
        digest = _digest([digest, seen[digest]])
    return replace(item, fingerprint=digest)


def _digest(parts: Sequence[object]) -> str:
    text = json.dumps(parts, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


def described(item: Finding) -> str:
    """Return the message with its subject and with what to do, as one plain text."""
    lead = f"{subject_name(item.subject)}: " if item.subject is not None else ""
    text = lead + item.message
    outcome = item.outcome
    if outcome is None:
        return text
    if outcome.to_pass:
        text += f". To pass: {', or '.join(outcome.to_pass)}"
    if outcome.ask_for:
        text += f". Ask for: {'; '.join(dict.fromkeys(outcome.ask_for))}"
    return text
