"""The report as SARIF 2.1.0, for code scanning: one run, whatever the number of briefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checker import __version__
from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import Outcome, Report
from checker.model.rules import SEVERITIES
from checker.reporting.findings import Finding, described, findings
from checker.reporting.json_report import document_text
from checker.reporting.options import Options, relative
from checker.reporting.safe import one_line
from checker.reporting.sarif_rules import LEVELS, descriptors, pascal
from checker.reporting.sarif_text import message, uri
from checker.reporting.waived import excuse
from checker.reporting.words import short_path, subject_name, with_hint

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

# Code scanning takes no more of a run.
MOST_RESULTS = 5000
# More related places than this help nobody, and platforms cap them.
_MOST_RELATED = 10


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one SARIF log with one run. Fails and unknowns are results, passes and skips are not.

    An unknown is of the kind "review", for which the standard demands the level "none"; its
    severity stands in its properties and in its rule's default level. Of more results than
    platforms take the gravest are listed, and the others counted.
    """
    found = findings(reports, options)
    pairs = [(item, r) for r, items in zip(reports, found, strict=True) for item in items]
    rules = descriptors(reports, [item for item, _ in pairs])
    indexes = {rule["id"]: index for index, rule in enumerate(rules)}
    files = Files(options)
    for report in reports:
        files.index(report.position.file)
    shown = sorted(pairs, key=_gravity)[:MOST_RESULTS] if len(pairs) > MOST_RESULTS else pairs
    results = [_result(item, report, indexes, files) for item, report in shown]
    notes = [_notification(warning, files) for r in reports for warning in r.warnings]
    if len(shown) < len(pairs):
        text = f"{len(pairs) - len(shown):,} results more are left out; the whole report: -o json"
        notes.append({"descriptor": {"id": "left-out"}, "level": "note", "message": {"text": text}})
    about = {
        "redacted": any(report.redacted for report in reports),
        "briefs": [_about(report) for report in reports],
    }
    return log_text("checker/", rules, results, files, notes, about)


def lint_text(found: Sequence[Diagnostic], options: Options, titles: Mapping[str, str]) -> str:
    """Return what lint found as a log; `titles` are those of the kinds that are explained."""
    files = Files(options)
    codes = list(dict.fromkeys(one_line(each.code) for each in found))
    rules = [
        {
            "id": code,
            "name": pascal(code),
            "shortDescription": {"text": message(titles.get(code, "What cannot be read or used"))},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": one_line(each.code),
            "ruleIndex": codes.index(one_line(each.code)),
            "level": each.severity,
            "message": {"text": message(with_hint(each))},
            "locations": [location(each.position, files)],
        }
        for each in found[:MOST_RESULTS]
    ]
    return log_text("checker-lint/", rules, results, files, [], {"found": len(found)})


def log_text(
    category: str,
    rules: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    files: Files,
    notes: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
) -> str:
    """Return a log with one run; the category tells runs of different kinds apart."""
    run = {
        "tool": {
            "driver": {
                "name": "checker",
                "semanticVersion": __version__,
                "shortDescription": {
                    "text": "Decides whether an influencer may be signed for a campaign."
                },
                "rules": rules,
            }
        },
        "automationDetails": {"id": category},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "artifacts": files.artifacts(),
        "results": results,
        "properties": about,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return document_text(log, indent=None)


def _gravity(pair: tuple[Finding, Report]) -> tuple[bool, int, bool]:
    item = pair[0]
    excused = item.outcome is not None and item.outcome.excused
    return excused, SEVERITIES.index(item.severity), item.status == "unknown"


class Files:
    """The files that results stand in, each with its index in the run's artifacts."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._indexes: dict[str, int] = {}

    def uri(self, file: str) -> str:
        """Return the address of a file."""
        return uri(self._options.from_root(file))

    def index(self, file: str) -> int | None:
        """Return the place of a file among the artifacts; None for no file."""
        if not file:
            return None
        return self._indexes.setdefault(self.uri(file), len(self._indexes))

    def artifacts(self) -> list[dict[str, Any]]:
        """Return the files that have a place so far."""
        return [
            {"location": {"uri": address}, "roles": ["analysisTarget"]} for address in self._indexes
        ]


def _result(item: Finding, report: Report, indexes: dict[str, int], files: Files) -> dict[str, Any]:
    failed = item.status == "fail"
    rule = one_line(item.rule)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": indexes[rule],
        "kind": "fail" if failed else "review",
        "level": LEVELS[item.severity] if failed else "none",
        "message": {"text": message(described(item))},
        "locations": [_result_location(item, report, files)],
        # The second name is the one that code scanning on GitHub reads.
        "partialFingerprints": {
            "checkerFinding/v1": item.fingerprint,
            "primaryLocationLineHash": f"{item.fingerprint}:1",
        },
        # An empty list says that nothing excuses it, none at all would say that nobody looked.
        "suppressions": _suppressions(item.outcome, files),
        "properties": _details(item),
    }
    related = _related(item.outcome, files)
    if related:
        result["relatedLocations"] = related
    return result


def _result_location(item: Finding, report: Report, files: Files) -> dict[str, Any]:
    position = item.position if item.position.file else report.position
    place = location(position, files)
    if item.subject is not None:
        kind = "member" if item.path else "resource"
        name = one_line(subject_name(item.subject))
        # A field below its record: "@jo/audience.age".
        whole = f"{name}/{one_line(item.path)}" if item.path else name
        place["logicalLocations"] = [
            {
                "name": one_line(item.path) or name,
                "fullyQualifiedName": whole,
                "kind": kind,
            }
        ]
    return place


def location(position: Position, files: Files) -> dict[str, Any]:
    """Return a place; without a region where it is the whole file."""
    if not position.file:
        return {}
    artifact: dict[str, Any] = {"uri": files.uri(position.file)}
    index = files.index(position.file)
    if index is not None:
        artifact["index"] = index
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if position.line:
        region: dict[str, Any] = {"startLine": position.line}
        if position.column and not position.cell:
            region["startColumn"] = position.column
        physical["region"] = region
    return {"physicalLocation": physical}


def _related(outcome: Outcome | None, files: Files) -> list[dict[str, Any]]:
    """Return where what is needed stands: the brief's field, or the rule's own threshold."""
    if outcome is None or outcome.needs is None:
        return []
    found: list[dict[str, Any]] = []
    for item in outcome.needs.evidence[:_MOST_RELATED]:
        if item.position is None or not item.position.file or not relative(item.position.file):
            continue  # A shipped pack stands outside the project.
        text = f"needs {short_path(item.path)} {item.text}".strip()
        place = location(item.position, files)
        found.append({"id": len(found) + 1, **place, "message": {"text": message(text)}})
    return found


def _suppressions(outcome: Outcome | None, files: Files) -> list[dict[str, Any]]:
    if outcome is None or not outcome.excused:
        return []
    waiver = outcome.waiver
    suppression: dict[str, Any] = {
        "kind": "external",
        "status": "accepted",
        "justification": one_line(excuse(outcome)),
    }
    if waiver is not None:
        if waiver.position.file:
            suppression["location"] = location(waiver.position, files)
        suppression["properties"] = {
            "owner": one_line(waiver.owner),
            "reason": one_line(waiver.reason),
            "expires": waiver.expires,
            "status": waiver.status,
        }
    return [suppression]


def _details(item: Finding) -> dict[str, Any]:
    details: dict[str, Any] = {"status": item.status, "severity": item.severity}
    subject, outcome = item.subject, item.outcome
    if subject is not None:
        details["scope"] = subject.kind
        details["subject"] = one_line(subject.id)
        details["verdict"] = subject.verdict
        if subject.market:
            details["market"] = one_line(subject.market)
    if outcome is None:
        return details
    for name, side in (("has", outcome.has), ("needs", outcome.needs)):
        if side is not None:
            details[name] = one_line(side.text)
    if outcome.to_pass:
        details["toPass"] = [one_line(text) for text in outcome.to_pass]
    if outcome.ask_for:
        details["askFor"] = [one_line(text) for text in outcome.ask_for]
    if outcome.fix:
        details["fix"] = one_line(outcome.fix)
    return details


def _notification(warning: Diagnostic, files: Files) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "descriptor": {"id": one_line(warning.code)},
        "level": "error" if warning.severity == "error" else "warning",
        "message": {"text": message(with_hint(warning))},
    }
    if warning.position.file:
        notification["locations"] = [location(warning.position, files)]
    return notification


def _about(report: Report) -> dict[str, Any]:
    """Return what the run is about; its verdict is the brief's."""
    return {
        "brief": one_line(report.brief),
        "title": one_line(report.title),
        "brand": one_line(report.brand),
        "asOf": report.as_of,
        "verdict": report.verdict,
        "packs": [
            {key: one_line(getattr(p, key)) for key in ("name", "version", "digest", "origin")}
            for p in report.packs
        ],
        "changed": [
            {"rule": one_line(c.rule), "what": one_line(c.what), "because": one_line(c.because)}
            for c in report.changed
        ],
        "dropped": [{"name": one_line(d.name), "note": one_line(d.note)} for d in report.dropped],
    }
