"""The whole report as JSON, for programs. Its shape is `schemas/report.schema.json`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    Terms,
)
from checker.model.rules import Change, Source
from checker.model.waivers import Waiver, WaiverUse
from checker.reporting.budget import Sum, spending
from checker.reporting.options import Options

SCHEMA_VERSION = "2.0"

# Whole numbers beyond this are not exact in a 64-bit float; they stay as they are.
_EXACT = 2**53

# Harmless in JSON, not on a terminal or inside a page: later control characters, separators,
# writing direction, half characters, which UTF-8 cannot hold, and what opens a tag.
_HARMFUL = re.compile(
    r"[<\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def render(reports: Sequence[Report], options: Options) -> str:
    """Return all reports as one JSON document, always of the same shape and key order."""
    return "".join(pieces(reports, options))


def pieces(reports: Iterable[Report], options: Options) -> Iterator[str]:
    """Give the document bit by bit, one report after the other: a run may have many.

    What passed or was skipped has no evidence, unless all is asked for.
    """
    reports = list(reports)
    verdict = max((r.verdict for r in reports), key=VERDICTS.index, default="undecided")
    tool = {"name": "checker", "version": __version__}
    head = one_line_json({"schema_version": SCHEMA_VERSION, "tool": tool, "verdict": verdict})
    yield f'{head[:-1]},"reports":['
    for number, report in enumerate(reports):
        yield (",\n" if number else "\n") + one_line_json(_report(report, whole=options.show_all))
    yield "]}\n"


def document_text(document: Any, *, indent: int | None = 2) -> str:
    """Return a JSON document as text in which nothing acts where it is shown or embedded."""
    return one_line_json(document, indent) + "\n"


def one_line_json(document: Any, indent: int | None = None) -> str:
    """Return a JSON document as `document_text` does, in one line."""
    apart = (",", ":") if indent is None else None
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, indent=indent, separators=apart
    )
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _report(report: Report, *, whole: bool) -> dict[str, Any]:
    return {
        "brief": report.brief,
        "title": report.title,
        "brand": report.brand,
        "position": _position(report.position),
        "as_of": report.as_of,
        "verdict": report.verdict,
        "redacted": report.redacted,
        "counts": _counts(report),
        **_filled(budget=_budget(report)),
        "rules": {o.rule: _rule(o) for s in report.subjects for o in s.outcomes},
        "subjects": [_subject(subject, whole=whole) for subject in report.subjects],
        "dropped": [_dropped(dropped) for dropped in report.dropped],
        "changed": [_change(change) for change in report.changed],
        "packs": [_pack(pack) for pack in report.packs],
        "warnings": [diagnostic_json(warning) for warning in report.warnings],
        "waivers": [_waiver_use(use) for use in report.waivers],
    }


def _counts(report: Report) -> dict[str, int]:
    """Return the number of influencers by verdict, zeros too, and of dropped deals."""
    verdicts = [subject.verdict for subject in report.of_kind("influencer")]
    counts: dict[str, int] = {verdict: verdicts.count(verdict) for verdict in VERDICTS}
    return {"influencers": len(verdicts), **counts, "dropped": len(report.dropped)}


def _budget(report: Report) -> dict[str, Any] | None:
    found = spending(report)
    if found is None:
        return None
    sums = {"committed": found.committed, "proposed": found.proposed}
    return {
        "currency": found.budget.currency,
        **_filled(total=plain(found.budget.total)),
        **{name: _sum(each) for name, each in sums.items()},
    }


def _sum(found: Sum) -> dict[str, Any]:
    ends = {"min": plain(found.low), "max": plain(found.high)}
    return {**ends, "deals": found.deals, "not_known": found.unknown}


def _terms(terms: Terms | None) -> dict[str, Any] | None:
    if terms is None:
        return None
    known = {"fee": terms.fee, "gift_value": terms.gift_value}
    return {
        "platform": terms.platform,
        "handle": terms.handle,
        "state": terms.state,
        **{name: plain(value) for name, value in known.items() if value is not None},
        **_filled(currency=terms.currency, deliverables=terms.deliverables, note=terms.note),
    }


def _rule(outcome: Outcome) -> dict[str, Any]:
    """Return what is the same of a rule on every subject."""
    return {
        "title": outcome.title,
        "pack": outcome.pack,
        "pack_version": outcome.pack_version,
        "scope": outcome.scope,
        "source": _source(outcome.source),
        "position": _position(outcome.position),
    }


def _subject(subject: Subject, *, whole: bool) -> dict[str, Any]:
    return {
        "kind": subject.kind,
        "id": subject.id,
        "name": subject.name,
        **_filled(market=subject.market),
        "verdict": subject.verdict,
        "position": _position(subject.position),
        "facts": {
            name: {"title": fact.title, "text": fact.text, "value": plain(fact.value)}
            for name, fact in subject.facts.items()
        },
        **_filled(deal=_terms(subject.terms)),
        "outcomes": [_outcome(outcome, whole=whole) for outcome in subject.outcomes],
        "diagnostics": [diagnostic_json(diagnostic) for diagnostic in subject.diagnostics],
    }


def _outcome(outcome: Outcome, *, whole: bool) -> dict[str, Any]:
    head = {"rule": outcome.rule, "severity": outcome.severity, "status": outcome.status}
    if not whole and outcome.status in ("pass", "skipped"):
        return head
    return head | _filled(
        reason=outcome.reason,
        fix=outcome.fix,
        has=_side(outcome.has),
        needs=_side(outcome.needs),
        evidence=[_evidence(evidence) for evidence in outcome.evidence],
        changes=[_remedy(remedy) for remedy in outcome.remedies],
        ask_for=list(outcome.ask_for),
        waiver=_waiver(outcome.waiver),
        known=outcome.known,
    )


def _filled(**members: Any) -> dict[str, Any]:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value}


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
        **_filled(brief=waiver.brief),
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
    found: dict[str, Any] = {"text": remedy.text}
    if remedy.path:
        found |= {"record": remedy.record, "path": remedy.path, "value": plain(remedy.value)}
    return found | _filled(position=_position(remedy.position))


def _side(side: Side | None) -> dict[str, Any] | None:
    """Return a side of a comparison; what it rests on stands in the outcome's evidence."""
    if side is None:
        return None
    paths = list(dict.fromkeys(evidence.path for evidence in side.evidence))
    return {"text": side.text, "value": plain(side.value), "paths": paths}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "path": evidence.path,
        "text": evidence.text,
        "value": plain(evidence.value),
        **_filled(
            position=_position(evidence.position),
            origin=evidence.origin,
            source=_source(evidence.source),
            ask=evidence.ask,
        ),
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "id": source.id,
        **_filled(title=source.title, section=source.section, date=source.date, url=source.url),
        "strength": source.strength,
    }


def _position(position: Position | None) -> dict[str, Any] | None:
    """Return a place; a line or column of 0, which means the whole, is left out."""
    if position is None:
        return None
    return {
        "file": position.file,
        **_filled(line=position.line, column=position.column, cell=position.cell),
    }


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as data."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_filled(hint=diagnostic.hint),
        "position": _position(diagnostic.position),
    }


def _dropped(dropped: Dropped) -> dict[str, Any]:
    note, position = _filled(note=dropped.note), _position(dropped.position)
    return {"name": dropped.name, **note, "position": position}


def _change(change: Change) -> dict[str, Any]:
    because, position = _filled(because=change.because), _position(change.position)
    return {"rule": change.rule, "what": change.what, **because, "position": position}


def _pack(pack: PackUsed) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "digest": pack.digest,
        "rules": pack.rules,
        "changed": pack.changed,
        "origin": pack.origin,
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
