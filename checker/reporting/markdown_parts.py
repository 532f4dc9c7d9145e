"""The folded parts of the markdown report: what was found, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.report import Outcome, Report, Side, Subject
from checker.reporting.markdown_text import code, in_markup, safe
from checker.reporting.waived import excuse, waived_outcomes
from checker.reporting.words import (
    Places,
    pack_name,
    plural,
    remarks,
    source_line,
    subject_name,
    unknown_remarks,
    whence,
    with_hint,
)

_ORDER = {"invalid": 0, "fail": 1, "undecided": 2, "pass": 3}
_MOST_EVIDENCE = 4


def details(report: Report, *, most: int, passes: bool) -> list[str]:
    """Return a folded section for each subject with something to say; at most `most`."""
    subjects = [s for s in report.subjects if passes or _worth(s)]
    subjects.sort(key=lambda subject: _ORDER[subject.verdict])
    lines: list[str] = []
    places = Places(report.position)
    for subject in subjects[:most]:
        lines += _section(subject, places, passes=passes)
    rest = len(subjects) - len(subjects[:most])
    if rest:
        lines += ["", f"and {rest:,} more with something to say; the whole report: `-o json`"]
    return lines


def _worth(subject: Subject) -> bool:
    return subject.verdict != "pass" or bool(subject.diagnostics) or bool(remarks(subject))


def _section(subject: Subject, places: Places, *, passes: bool) -> list[str]:
    name = in_markup(subject_name(subject))
    lines = ["", "<details>", f"<summary><b>{name}</b> {subject.verdict}</summary>", ""]
    for diagnostic in subject.diagnostics:
        said = safe(with_hint(diagnostic))
        lines.append(f"- {code(diagnostic.position)} {said}")
    for outcome in _shown(subject.outcomes, passes=passes):
        lines += _outcome(outcome, places)
    unknown = [] if passes else unknown_remarks(subject)
    if unknown:
        rules = ", ".join(dict.fromkeys(outcome.rule for outcome in unknown))
        lines.append(f"- not known: {safe(rules)} (warnings and notes)")
    if lines[-1] == "":
        lines.append("- nothing was decided")
    return [*lines, "", "</details>"]


def _shown(outcomes: Sequence[Outcome], *, passes: bool) -> list[Outcome]:
    shown = [o for o in outcomes if passes or o.status == "fail" or _open(o)]
    return sorted(shown, key=lambda o: (not o.decides, o.status in ("pass", "skipped"), o.excused))


def _open(outcome: Outcome) -> bool:
    return outcome.status == "unknown" and outcome.severity == "error"


def _outcome(outcome: Outcome, places: Places) -> list[str]:
    word = f"**{outcome.status}**" if outcome.decides else outcome.status
    weight = "" if outcome.severity == "error" else f" ({outcome.severity})"
    lines = [f"- {word}{weight} <code>{safe(outcome.rule)}</code>: {safe(outcome.reason)}"]
    if outcome.excused:
        lines.append(f"  - {safe(excuse(outcome))}")
    if outcome.decides:
        lines += [f"  - {line}" for line in _advice(outcome, places)]
    return lines


def _advice(outcome: Outcome, places: Places) -> list[str]:
    lines = []
    for label, side in (("has", outcome.has), ("needs", outcome.needs)):
        if side is not None:
            lines.append(_side(label, side, places))
    if outcome.to_pass:
        lines.append(f"to pass: {safe(', or '.join(outcome.to_pass))}")
    if outcome.status == "fail" and outcome.fix:
        lines.append(f"fix: {safe(outcome.fix)}")
    lines += [f"ask for: {safe(ask)}" for ask in dict.fromkeys(outcome.ask_for)]
    lines.append(f"source: {safe(source_line(outcome.source))}")
    return lines


def _side(label: str, side: Side, places: Places) -> str:
    chosen = side.evidence[:_MOST_EVIDENCE]
    several = len(side.evidence) > 1
    phrases = dict.fromkeys(whence(item, value=several) for item in chosen)
    found = dict.fromkeys(code(item.position, places) for item in chosen if item.position)
    more = len(side.evidence) - len(chosen)
    words = ", ".join(safe(phrase) for phrase in phrases if phrase)
    words += f" and {more} more" if more > 0 else ""
    where = f" ({', '.join(found)})" if found else ""
    return f"{label}: {safe(side.text) or 'nothing'}; {words}{where}"


def closing(report: Report, *, most: int) -> list[str]:
    """Return what is waived, dropped and changed, and the rule packs, folded."""
    items: list[str] = []
    places = Places(report.position)
    for subject, outcome in waived_outcomes(report.subjects):
        about = f"{subject_name(subject)} {outcome.rule}"
        items.append(f"- waived: {safe(about)}, {outcome.status}; {safe(excuse(outcome))}")
    known = sum(o.known and o.waiver is None for s in report.subjects for o in s.outcomes)
    if known:
        items.append(f"- known from the baseline: {plural(known, 'outcome')}")
    for dropped in report.dropped:
        note = f': "{safe(dropped.note)}"' if dropped.note else ""
        items.append(f"- dropped: {safe(dropped.name)}{note} ({code(dropped.position, places)})")
    for change in report.changed:
        because = f': "{safe(change.because)}"' if change.because else ""
        items.append(f"- changed: {safe(change.text)}{because} ({code(change.position, places)})")
    counts = _count(report)
    more = len(items) - most
    if more > 0:
        items = [*items[:most], f"- and {more:,} more"]
    if report.packs:
        packs = ", ".join(map(pack_name, report.packs))
        rules = plural(sum(pack.rules for pack in report.packs), "rule")
        items.append(f"- rules: {rules}: {safe(packs, 1000)}")
    if not items:
        return []
    return [
        "",
        "<details>",
        f"<summary>{', '.join(counts)}</summary>",
        "",
        *items,
        "",
        "</details>",
    ]


def _count(report: Report) -> list[str]:
    """Return what the fold holds, so that nobody has to open it to know."""
    counts = (
        (len(waived_outcomes(report.subjects)), "waived"),
        (len(report.dropped), "dropped"),
        (len(report.changed), "changed"),
    )
    return [*(f"{count:,} {word}" for count, word in counts if count), "rules"]
