"""Outcomes as the sheet shows them: findings in full, passes and open remarks in a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from checker.model.report import Outcome, Status, Subject
from checker.model.rules import Severity
from checker.reporting.evidence import Row, rows_of
from checker.reporting.html.charts import Bar, bar
from checker.reporting.words import Places, source_line, without_lead

_LABELS = {"has": "Measured", "needs": "Needed", "read": "Read", "": ""}

# The word for an outcome, and the mark that says the same to the eye.
_TAGS: dict[tuple[Severity, Status], tuple[str, str]] = {
    ("error", "fail"): ("Fail", "✕"),
    ("error", "unknown"): ("Unknown", "?"),
    ("warning", "fail"): ("Warning", "!"),
    ("note", "fail"): ("Note", "i"),
    ("warning", "unknown"): ("Not known", "?"),
    ("note", "unknown"): ("Not known", "?"),
}
_ORDER = ("Fail", "Unknown", "Warning", "Note", "Not known")


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome that did not pass. `style` is its class: fail, unknown, warning or note.

    `again` says that somebody before has the very same, so that paper can be spared.
    """

    rule: str
    anchor: str
    title: str
    severity: str
    style: str
    tag: str
    mark: str
    reason: str
    bar: Bar | None
    rows: tuple[Row, ...]
    to_pass: tuple[str, ...]
    fix: str
    ask_for: tuple[str, ...]
    source: str
    excuse: str
    again: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome in one line, with its picture where it has one."""

    rule: str
    anchor: str
    text: str
    severity: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All outcomes of one subject, sorted by how they are shown.

    `measures` are the passes that a picture shows and that a verdict rests on; `passes` the others.
    """

    findings: tuple[Finding, ...]
    remarks: tuple[Line, ...]
    measures: tuple[Line, ...]
    passes: tuple[Line, ...]
    skipped: tuple[Line, ...]


def sort_out(
    subject: Subject,
    places: Places,
    anchors: Mapping[str, str],
    *,
    said: Collection[tuple[str, str]] = (),
    seen: set[tuple[str, str]],
) -> Found:
    """Return a subject's outcomes: those that did not pass in full, from what is worst.

    Warnings and notes that are unknown are remarks. `anchors` has an id for each rule. `said` are
    the rules and reasons that did not apply to anybody, which are said once for all; `seen` has
    those that were shown in full before.
    """
    open_ = [o for o in subject.outcomes if o.status in ("fail", "unknown")]
    full = [o for o in open_ if not is_remark(o)]
    full.sort(key=lambda o: (o.excused, _ORDER.index(_TAGS[o.severity, o.status][0])))
    passes = [_line(o, anchors) for o in subject.outcomes if o.status == "pass"]
    measures = [line for line in passes if line.bar is not None and line.severity == "error"]
    skipped = [o for o in subject.outcomes if o.status == "skipped"]
    return Found(
        findings=tuple(_finding(o, places, anchors, seen) for o in full),
        remarks=tuple(_line(o, anchors) for o in open_ if is_remark(o)),
        measures=tuple(measures),
        passes=tuple(line for line in passes if line not in measures),
        skipped=tuple(_line(o, anchors) for o in skipped if (o.rule, o.reason) not in said),
    )


def is_remark(outcome: Outcome) -> bool:
    """Tell whether an outcome is open but in nobody's way."""
    return outcome.severity != "error" and outcome.status == "unknown" and not outcome.excused


def _line(outcome: Outcome, anchors: Mapping[str, str]) -> Line:
    picture = bar(outcome.has, outcome.needs) if outcome.status == "pass" else None
    return Line(
        rule=outcome.rule,
        anchor=anchors[outcome.rule],
        text=without_lead(outcome.reason),
        severity=outcome.severity,
        bar=picture,
    )


def _finding(
    outcome: Outcome, places: Places, anchors: Mapping[str, str], seen: set[tuple[str, str]]
) -> Finding:
    tag, mark = _TAGS[outcome.severity, outcome.status]
    failed = outcome.status == "fail"
    key = (outcome.rule, outcome.reason)
    again = key in seen and not outcome.excused
    seen.add(key)
    return Finding(
        rule=outcome.rule,
        anchor=anchors[outcome.rule],
        title=outcome.title,
        severity=outcome.severity,
        style="unknown" if not failed else tag.lower(),
        tag=f"{tag}, {_excuse_word(outcome)}" if outcome.excused else tag,
        mark=mark,
        reason=outcome.reason,
        bar=bar(outcome.has, outcome.needs),
        rows=tuple((_LABELS[row[0]], row[1], row[2], row[3]) for row in rows_of(outcome, places)),
        to_pass=outcome.to_pass,
        fix=outcome.fix if failed else "",
        ask_for=tuple(dict.fromkeys(outcome.ask_for)),
        source=source_line(outcome.source),
        excuse=_excuse(outcome),
        again=again,
    )


def _excuse_word(outcome: Outcome) -> str:
    return "waived" if outcome.waiver is not None else "known before"


def _excuse(outcome: Outcome) -> str:
    waiver = outcome.waiver
    if waiver is not None:
        return f"Waived by {waiver.owner} until {waiver.expires}: “{waiver.reason}”"
    return "The baseline report has this already, so it fails nothing new." if outcome.known else ""
