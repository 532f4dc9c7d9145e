"""The table of influencers: one row each, with the facts that the rule packs name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checker.model.report import VERDICTS, Fact, Report, Subject, Verdict
from checker.reporting.budget import spending
from checker.reporting.page import Page
from checker.reporting.safe import cells, clip, pad
from checker.reporting.words import (
    VERDICT_STYLES,
    deciding,
    excused_counts,
    plural,
    remarks,
    unknown_remarks,
    verdict_counts,
)

# Above this many influencers the table keeps to those that did not pass, as far as it goes.
MOST_ROWS = 60

_MARGIN = "  "
_GAP = 2
_SHORTEST_NAME = 12
_SHORTEST_REASON = 14


@dataclass(slots=True)
class _Column:
    title: str
    values: list[str]
    right: bool = False
    name: str = ""

    @property
    def width(self) -> int:
        return max(cells(self.title), *(cells(value) for value in self.values))


def add_table(page: Page, subjects: Sequence[Subject], *, show_all: bool) -> None:
    """Add the table, in the brief's order.

    Up to MOST_ROWS influencers all are shown. Of more, those that did not pass come first in
    the choice and passes fill what is left; a line counts the rest. `show_all` shows all.
    """
    if not subjects:
        return
    shown = list(subjects) if show_all else choose(subjects, MOST_ROWS)
    columns = _columns(page, shown)
    if not _fits(page, columns):
        # Names that two platforms have carry theirs, so that this column can be spared.
        columns = [column for column in columns if column.name != "platform"]
    if not _fits(page, columns):
        columns = _columns(page, shown)
        _add_stacked(page, shown, columns)
    else:
        _add_rows(page, shown, columns)
    if len(shown) < len(subjects):
        kept = set(map(id, shown))
        rest = [subject for subject in subjects if id(subject) not in kept]
        counts = verdict_counts(rest)
        page.hang(_MARGIN, f"and {len(rest):,} more ({counts}); all of them: --all, or -o json")


def add_briefs(page: Page, reports: Sequence[Report]) -> None:
    """Add a row for each of several briefs: verdicts, counts, and cost of the total."""
    found = [spending(report) for report in reports]
    costs = [page.text(each.all_of_total()) if each is not None else "" for each in found]
    columns = [_Column("BRIEF", [page.text(report.title or report.brief) for report in reports])]
    for title in VERDICTS:
        counts = [_count(report, title) for report in reports]
        if any(counts):
            columns.append(_Column(title.upper(), [f"{count:,}" for count in counts], right=True))
    columns.append(_Column("VERDICT", [report.verdict for report in reports]))
    columns.append(_Column("COST", [cost or "not known" for cost in costs]))
    if _fits(page, columns):
        _add_rows(page, reports, columns)
    else:
        _add_stacked(page, reports, columns)


def _count(report: Report, verdict: Verdict) -> int:
    return sum(subject.verdict == verdict for subject in report.of_kind("influencer"))


def choose(subjects: Sequence[Subject], most: int) -> list[Subject]:
    """Return at most `most` subjects in their order, those that did not pass before the others."""
    if len(subjects) <= most:
        return list(subjects)
    ranked = sorted(range(len(subjects)), key=lambda index: subjects[index].verdict == "pass")
    return [subjects[index] for index in sorted(ranked[:most])]


def decided_by(subject: Subject) -> str:
    """Return the rules behind a verdict, or what else there is to know of a pass."""
    if subject.verdict == "invalid":
        return "its record"
    if subject.verdict != "pass":
        rules = list(dict.fromkeys(outcome.rule for outcome in deciding(subject)))
        return ", ".join(rules) or "nothing was decided"
    warnings = sum(outcome.severity == "warning" for outcome in remarks(subject))
    unknown = len(unknown_remarks(subject))
    parts = excused_counts(subject)
    if warnings:
        parts.append(plural(warnings, "warning"))
    if unknown:
        parts.append(f"{unknown} not known")
    return ", ".join(parts)


def _columns(page: Page, subjects: Sequence[Subject]) -> list[_Column]:
    columns = [_Column("INFLUENCER", [page.text(subject.name) for subject in subjects])]
    titles = fact_titles(subjects)
    for name, title in titles.items():
        facts = [subject.facts.get(name) for subject in subjects]
        values = [page.text(fact.text) if fact is not None else "" for fact in facts]
        shown = [value or "?" for value in values]
        columns.append(_Column(page.text(title).upper(), shown, is_numeric(facts), name))
    columns.append(_Column("VERDICT", [subject.verdict for subject in subjects]))
    columns.append(_Column("DECIDED BY", [page.text(decided_by(subject)) for subject in subjects]))
    return columns


def fact_titles(subjects: Iterable[Subject]) -> dict[str, str]:
    """Return the titles of all facts that any subject has, in the packs' order, by name."""
    titles: dict[str, str] = {}
    for subject in subjects:
        for name, fact in subject.facts.items():
            titles.setdefault(name, fact.title)
    return titles


def is_numeric(facts: Sequence[Fact | None]) -> bool:
    """Tell whether a column holds numbers, ranges or money, which align on the right."""
    values = [fact.value for fact in facts if fact is not None and fact.value is not None]
    return bool(values) and not any(
        isinstance(value, str | bool | list | tuple) for value in values
    )


def _fits(page: Page, columns: Sequence[_Column]) -> bool:
    """Tell whether the table fits with its names and reasons cut as far as they may be."""
    name, *middle, reason = columns
    least = min(name.width, _SHORTEST_NAME) + min(reason.width, _SHORTEST_REASON)
    least += sum(column.width for column in middle) + _GAP * (len(columns) - 1) + len(_MARGIN)
    return least <= page.width


def _add_rows(page: Page, subjects: Sequence[Subject | Report], columns: Sequence[_Column]) -> None:
    widths = _widths(page, columns)
    header = [
        pad(clip(column.title, width, page.ellipsis), width, right=column.right)
        for column, width in zip(columns, widths, strict=True)
    ]
    page.add(_MARGIN + page.paint((" " * _GAP).join(header).rstrip(), "dim"))
    for row, subject in enumerate(subjects):
        texts = [
            pad(
                _fit(column.values[row], width, page, last=column is columns[-1]),
                width,
                right=column.right,
            )
            for column, width in zip(columns, widths, strict=True)
        ]
        texts[-2] = _painted_verdict(page, texts[-2], subject)
        page.add(_MARGIN + (" " * _GAP).join(texts))


def _widths(page: Page, columns: Sequence[_Column]) -> list[int]:
    """Return the widths: natural ones, with first the reasons and then the names cut to fit."""
    widths = [column.width for column in columns]
    room = page.width - len(_MARGIN) - _GAP * (len(columns) - 1)
    for index, least in ((-1, _SHORTEST_REASON), (0, _SHORTEST_NAME)):
        over = sum(widths) - room
        if over > 0:
            widths[index] = max(min(least, widths[index]), widths[index] - over)
    return widths


def _fit(text: str, width: int, page: Page, *, last: bool) -> str:
    if last and cells(text) > width:
        return _fit_list(text, width, page.ellipsis)
    return clip(text, width, page.ellipsis)


def _fit_list(text: str, width: int, ellipsis: str) -> str:
    """Return as many of the listed rules as fit, and the number of the others."""
    rules = text.split(", ")
    for kept in range(len(rules) - 1, 0, -1):
        short = f"{', '.join(rules[:kept])} +{len(rules) - kept}"
        if cells(short) <= width:
            return short
    more = f" +{len(rules) - 1}" if len(rules) > 1 else ""
    return clip(rules[0], width - len(more), ellipsis) + more


def _add_stacked(
    page: Page, subjects: Sequence[Subject | Report], columns: Sequence[_Column]
) -> None:
    """Add each row as a few lines, for a page too narrow for columns."""
    name, *facts, verdict, reason = columns
    for row, subject in enumerate(subjects):
        head = clip(name.values[row], max(4, page.width - len(_MARGIN) - 11), page.ellipsis)
        page.add(f"{_MARGIN}{head}  {_painted_verdict(page, verdict.values[row], subject)}")
        shown = ", ".join(f"{fact.title.lower()} {fact.values[row]}" for fact in facts)
        if shown:
            page.hang(_MARGIN * 2, shown)
        if reason.values[row]:
            page.hang(_MARGIN * 2, reason.values[row])


def _painted_verdict(page: Page, text: str, subject: Subject | Report) -> str:
    return (
        page.paint(subject.verdict, VERDICT_STYLES[subject.verdict]) + text[len(subject.verdict) :]
    )
