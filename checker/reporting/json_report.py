"""The whole report as JSON, for programs. Its shape is `schemas/report.schema.json`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from checker import __version__
from checker.model.diagnostics import Diagnostic, Position
from checker.model.report import (
    VERDICTS,
    Dropped,
    Evidence,
    Outcome,
    PackUsed,
    Remedy,
    Report,
    Side,
    Subject,
)
from checker.model.rules import Change, Source
from checker.model.waivers import Waiver, WaiverUse
from checker.reporting.options import Options

SCHEMA_VERSION = "1.2"

# Whole numbers beyond this are not exact in a 64-bit float; they stay as they are.
_EXACT = 2**53

# Harmless in JSON, not on a terminal or inside a page: later control characters, separators,
# writing direction, half characters, which UTF-8 cannot hold, and what opens a tag.
_HARMFUL = re.compile(
    r"[<\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def render(reports: Sequence[Report], options: Options) -> str:
    """Return all reports as one JSON document, always of the same shape and key order."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "checker", "version": __version__},
        "verdict": max((r.verdict for r in reports), key=VERDICTS.index, default="undecided"),
        "reports": [_report(report) for report in reports],
    }
    return document_text(document)


def document_text(document: Any) -> str:
    """Return a JSON document as text in which nothing acts where it is shown or embedded."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _report(report: Report) -> dict[str, Any]:
    return {
        "brief": report.brief,
        "title": report.title,
        "brand": report.brand,
        "position": _position(report.position),
        "as_of": report.as_of,
        "verdict": report.verdict,
        "redacted": report.redacted,
        "counts": _counts(report),
        "subjects": [_subject(subject) for subject in report.subjects],
        "dropped": [_dropped(dropped) for dropped in report.dropped],
        "changed": [_change(change) for change in report.changed],
        "packs": [_pack(pack) for pack in report.packs],
        "warnings": [_diagnostic(warning) for warning in report.warnings],
        "waivers": [_waiver_use(use) for use in report.waivers],
    }


def _counts(report: Report) -> dict[str, int]:
    """Return the number of influencers by verdict, zeros too, and of dropped deals."""
    verdicts = [subject.verdict for subject in report.of_kind("influencer")]
    counts: dict[str, int] = {verdict: verdicts.count(verdict) for verdict in VERDICTS}
    return {"influencers": len(verdicts), **counts, "dropped": len(report.dropped)}


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "kind": subject.kind,
        "id": subject.id,
        "name": subject.name,
        "market": subject.market or None,
        "verdict": subject.verdict,
        "position": _position(subject.position),
        "facts": {
            name: {"title": fact.title, "text": fact.text, "value": plain(fact.value)}
            for name, fact in subject.facts.items()
        },
        "outcomes": [_outcome(outcome) for outcome in subject.outcomes],
        "to_pass": [
            {"rule": outcome.rule, "text": text}
            for outcome in subject.outcomes
            if outcome.decides and outcome.status == "fail"
            for text in outcome.to_pass
        ],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in subject.diagnostics],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule,
        "title": outcome.title,
        "pack": outcome.pack,
        "pack_version": outcome.pack_version,
        "scope": outcome.scope,
        "severity": outcome.severity,
        "status": outcome.status,
        "reason": outcome.reason,
        "fix": outcome.fix or None,
        "source": _source(outcome.source),
        "position": _position(outcome.position),
        "has": _side(outcome.has),
        "needs": _side(outcome.needs),
        "evidence": [_evidence(evidence) for evidence in outcome.evidence],
        "to_pass": list(outcome.to_pass),
        "changes": [_remedy(remedy) for remedy in outcome.remedies],
        "ask_for": list(outcome.ask_for),
        "waiver": _waiver(outcome.waiver),
        "known": outcome.known,
    }


def _waiver(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "rule": waiver.rule,
        "subject": waiver.subject,
        "status": waiver.status,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
        "brief": waiver.brief or None,
        "position": _position(waiver.position),
    }


def _waiver_use(use: WaiverUse) -> dict[str, Any]:
    return {
        "state": use.state,
        "days_left": use.days_left,
        "subjects": list(use.subjects),
        "nearest": list(use.nearest),
        "waiver": _waiver(use.waiver),
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "text": remedy.text,
        "record": remedy.record,
        "path": remedy.path,
        "value": plain(remedy.value),
        "position": _position(remedy.position),
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "text": side.text,
        "value": plain(side.value),
        "evidence": [_evidence(evidence) for evidence in side.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "path": evidence.path,
        "text": evidence.text,
        "value": plain(evidence.value),
        "position": _position(evidence.position),
        "origin": evidence.origin or None,
        "source": _source(evidence.source),
        "ask": evidence.ask or None,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "id": source.id,
        "title": source.title or None,
        "section": source.section or None,
        "date": source.date or None,
        "url": source.url or None,
        "strength": source.strength,
    }


def _position(position: Position | None) -> dict[str, Any] | None:
    """Return a place; a line or column of 0, which means the whole, is null."""
    if position is None:
        return None
    return {
        "file": position.file,
        "line": position.line or None,
        "column": position.column or None,
        "cell": position.cell or None,
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint or None,
        "position": _position(diagnostic.position),
    }


def _dropped(dropped: Dropped) -> dict[str, Any]:
    return {
        "name": dropped.name,
        "note": dropped.note or None,
        "position": _position(dropped.position),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "what": change.what,
        "because": change.because or None,
        "position": _position(change.position),
    }


def _pack(pack: PackUsed) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "digest": pack.digest,
        "rules": pack.rules,
        "changed": pack.changed,
    }


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: no infinities (null), whole floats without ".0".

    Dates become text, tuples lists; keys become text and keep their order.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [plain(member) for member in value]
    return str(value)


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
