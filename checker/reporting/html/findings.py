"""Outcomes as the sheet shows them: findings in full, passes and open remarks in a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from checker.model.report import Evidence, Outcome, Side, Status, Subject
from checker.model.rules import Severity
from checker.reporting.html.charts import Bar, bar
from checker.reporting.words import Places, of_several, source_line, whence, without_lead

_MOST_EVIDENCE = 4

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
class Row:
    """A value behind an outcome: what it is, where it comes from and where it stands."""

    label: str
    value: str
    whence: str
    where: str


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
        rows=_rows(outcome, places),
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


def _rows(outcome: Outcome, places: Places) -> tuple[Row, ...]:
    rows = [
        _side(label, side, places)
        for label, side in (("Measured", outcome.has), ("Needed", outcome.needs))
        if side is not None
    ]
    return tuple(rows or _read(outcome, places))


def _side(label: str, side: Side, places: Places) -> Row:
    text = side.text or "nothing"
    where = places.several(side.evidence)
    together = of_several(side.evidence)
    if together:
        return Row(label, text, together, where)
    known = [item for item in side.evidence if item.value is not None]
    phrases = [
        whence(item, value=len(known) > 1 or (item.text != side.text and item.value is not None))
        for item in side.evidence
    ]
    return Row(label, text, _joined(phrases), where)


def _joined(phrases: Sequence[str]) -> str:
    said = list(dict.fromkeys(phrase for phrase in phrases if phrase))
    more = len(said) - _MOST_EVIDENCE
    return ", ".join(said[:_MOST_EVIDENCE]) + (f" and {more} more" if more > 0 else "")


def _read(outcome: Outcome, places: Places) -> list[Row]:
    """Return what a condition read that has no two sides; of an unknown, what is missing."""
    missing = [item for item in outcome.evidence if item.value is None]
    chosen = missing if outcome.status == "unknown" and missing else outcome.evidence
    rows = [_value(item, places) for item in chosen[:_MOST_EVIDENCE]]
    more = len(chosen) - _MOST_EVIDENCE
    return [*rows, Row("", f"and {more} more", "", "")] if more > 0 else rows


def _value(item: Evidence, places: Places) -> Row:
    text = item.text if item.value is not None else "nothing"
    return Row("Read", text or "nothing", whence(item, value=False), places.several([item]))
