"""The report as GitLab Code Quality: one entry for each fail and unknown of all briefs."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.report import Report
from checker.model.rules import Severity
from checker.reporting.findings import Finding, described, findings
from checker.reporting.json_report import document_text
from checker.reporting.options import Options
from checker.reporting.safe import LONGEST_FILE, one_line, short
from checker.reporting.waived import excuse

_LONGEST = 1000
_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "minor", "note": "info"}


def render(reports: Sequence[Report], options: Options) -> str:
    """Return a list of entries. The format knows no waivers: what is waived says so, as "info".

    Nor has it a head, so it cannot say that a report is redacted.
    """
    pairs = zip(reports, findings(reports, options), strict=True)
    return document_text(
        [_entry(item, report, options) for report, found in pairs for item in found]
    )


def _entry(item: Finding, report: Report, options: Options) -> dict[str, object]:
    position = item.position if item.position.file else report.position
    return {
        "description": short(_description(item), _LONGEST),
        "check_name": one_line(item.rule),
        "fingerprint": item.fingerprint,
        "severity": _severity(item),
        # The path is matched with the change's files, so it stays as it is but for what acts.
        "location": {
            "path": short(options.from_root(position.file), LONGEST_FILE),
            "lines": {"begin": max(1, position.line)},
        },
    }


def _description(item: Finding) -> str:
    text = described(item)
    if item.outcome is not None and item.outcome.excused:
        return f"{text} [{item.status}, {excuse(item.outcome)}]"
    return f"{text} [unknown]" if item.status == "unknown" else text


def _severity(item: Finding) -> str:
    if item.outcome is not None and item.outcome.excused:
        return "info"
    if item.rule == "invalid-record" and item.outcome is None:
        return "blocker"
    if item.status == "unknown":
        return "major" if item.severity == "error" else "info"
    return _SEVERITIES[item.severity]
