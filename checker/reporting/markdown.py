"""The report as markdown, for the comment on a pull request or merge request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.model.report import Fact, Report, Subject
from checker.reporting.markdown_parts import closing, details
from checker.reporting.markdown_text import code, safe
from checker.reporting.options import Options
from checker.reporting.table import choose, decided_by, fact_titles, is_numeric
from checker.reporting.waived import REDACTED, broken, notices
from checker.reporting.words import plural, verdict_counts, with_hint

# Comments hold 65,536 characters; bytes are never fewer.
MOST_COMMENT = 65_000


@dataclass(frozen=True, slots=True)
class _Room:
    """How much to show: rows of the table, sections of detail, and what passed too."""

    rows: int
    sections: int
    passes: bool = False


# From all to little; the first that fits is taken.
_ROOMS = (
    _Room(10**9, 10**9),
    _Room(500, 200),
    _Room(200, 60),
    _Room(60, 20),
    _Room(20, 5),
    _Room(5, 0),
    _Room(0, 0),
)


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the reports as markdown that fits in a comment; details are folded."""
    return document(reports, limit=MOST_COMMENT, whole=options.show_all)


def document(reports: Sequence[Report], *, limit: int, whole: bool = False) -> str:
    """Return the reports in at most `limit` bytes; `whole` also says why the others pass.

    What does not fit is left out, least needed first, and counted.
    """
    if not reports:
        return "No brief was checked: nothing that changed touches one.\n"
    rooms = ((_Room(10**9, 10**9, passes=True),) if whole else ()) + _ROOMS
    for room in rooms:
        if _least(reports, room) > limit:
            continue
        text = "\n".join(_report(report, room) for report in reports)
        if len(text.encode("utf-8", "replace")) <= limit:
            return text
    return _heads(reports, limit)


def _least(reports: Sequence[Report], room: _Room) -> int:
    """Return what a room takes at the very least, to build no text that cannot fit."""
    total = 0
    for report in reports:
        said = sum(subject.verdict != "pass" for subject in report.subjects)
        sections = len(report.subjects) if room.passes else said
        rows = len(report.of_kind("influencer"))
        total += 40 * min(room.rows, rows) + 80 * min(room.sections, sections) + 50
    return total


def _heads(reports: Sequence[Report], limit: int) -> str:
    """Return the first lines of as many reports as fit, the worst first."""
    ranked = sorted(reports, key=lambda report: report.verdict == "pass")
    text = ""
    for index, report in enumerate(ranked):
        rest = len(ranked) - index
        more = f"and {plural(rest, 'brief')} more; the whole report: `-o json`\n"
        head = "\n".join(_head(report)) + "\n\n"
        if len((text + head + more).encode("utf-8", "replace")) > limit:
            return text + more if len(more) + len(text.encode()) <= limit else text
        text += head
    return text


def _report(report: Report, room: _Room) -> str:
    lines = _head(report)
    said = [(n.severity, n.message, n.position) for n in notices(report)]
    said += [(w.severity, with_hint(w), w.position) for w in report.warnings]
    more = len(said) - room.rows
    if said:
        lines.append("")
    for severity, text, position in said[: room.rows]:
        lines.append(f"- **{severity}**: {safe(text)} ({code(position)})")
    if more > 0:
        lines.append(f"- and {more:,} more on waivers and files")
    influencers = report.of_kind("influencer")
    lines += _table(influencers, room.rows)
    lines += details(report, most=room.sections, passes=room.passes)
    lines += closing(report, most=room.rows)
    return "\n".join(lines) + "\n"


def _head(report: Report) -> list[str]:
    title = safe(report.title) or "Brief"
    brand = f", for {safe(report.brand)}" if report.brand else ""
    word = "fail" if report.verdict in ("pass", "undecided") and broken(report) else report.verdict
    influencers = report.of_kind("influencer")
    if influencers:
        counts = f"{plural(len(influencers), 'influencer')}: {verdict_counts(influencers)}"
    else:
        counts = "no influencers"
    dropped = f"; {len(report.dropped):,} dropped" if report.dropped else ""
    lines = [
        f"### {word.upper()}: {title}{brand}",
        "",
        f"{counts}{dropped}. As of {safe(report.as_of)}, {code(report.position)}",
    ]
    if report.redacted:
        lines += ["", REDACTED]
    return lines


def _table(subjects: Sequence[Subject], most: int) -> list[str]:
    shown = choose(subjects, most)
    lines: list[str] = []
    if shown:
        titles = fact_titles(shown)
        heads = ["Influencer", *(safe(title) for title in titles.values()), "Verdict", "Decided by"]
        rights = [
            "---",
            *(_align([s.facts.get(name) for s in shown]) for name in titles),
            "---",
            "---",
        ]
        lines = ["", _row(heads), _row(rights)]
        for subject in shown:
            facts = [_fact(subject.facts.get(name)) for name in titles]
            verdict = subject.verdict if subject.verdict == "pass" else f"**{subject.verdict}**"
            lines.append(_row([safe(subject.name), *facts, verdict, safe(decided_by(subject))]))
    if len(shown) < len(subjects):
        kept = set(map(id, shown))
        rest = [subject for subject in subjects if id(subject) not in kept]
        lines += ["", f"and {len(rest):,} more influencers ({verdict_counts(rest)})"]
    return lines


def _align(facts: Sequence[Fact | None]) -> str:
    return "---:" if is_numeric(facts) else "---"


def _fact(fact: Fact | None) -> str:
    return safe(fact.text, 80) if fact is not None and fact.text else "?"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
