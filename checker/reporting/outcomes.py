"""What was found for one subject: its outcomes, with what it has, needs and could change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.model.report import Outcome, Status, Subject
from checker.model.rules import Severity
from checker.reporting.diagnostics import place
from checker.reporting.evidence import Row, rows_of
from checker.reporting.page import Page
from checker.reporting.safe import cells, pad
from checker.reporting.waived import excuse
from checker.reporting.words import (
    VERDICT_STYLES,
    Places,
    remarks,
    source_line,
    subject_name,
    unknown_remarks,
)

_INDENT = "    "
_LABEL = 9
_MARGIN = len(_INDENT) + _LABEL

_LABELS: dict[tuple[Severity, Status], tuple[str, str]] = {
    ("error", "fail"): ("FAIL", "bad"),
    ("error", "unknown"): ("????", "open"),
    ("warning", "fail"): ("warn", "warn"),
    ("warning", "unknown"): ("????", "dim"),
    ("note", "fail"): ("note", "dim"),
    ("note", "unknown"): ("????", "dim"),
}


def worth_showing(subject: Subject) -> bool:
    """Tell whether a subject has more to say than that it passed."""
    return subject.verdict != "pass" or bool(subject.diagnostics) or bool(remarks(subject))


def add_subject(page: Page, subject: Subject, places: Places, *, show_all: bool) -> None:
    """Add a subject's heading, what is wrong with its record, and its outcomes."""
    page.blank()
    name = page.text(subject_name(subject))
    verdict = page.paint(subject.verdict, VERDICT_STYLES[subject.verdict])
    if cells(name) + 2 + len(subject.verdict) <= page.width:
        page.add(f"{page.paint(name, 'bold')}  {verdict}")
    else:
        page.hang("", name)
        page.add(f"  {verdict}")
    for diagnostic in subject.diagnostics:
        where = page.text(place(diagnostic.position))
        page.hang("  ", f"{where}: {page.text(diagnostic.message)}")
        for line in diagnostic.hint.splitlines():
            page.hang(_INDENT, page.text(line))
    for outcome, others in _together(_shown(subject.outcomes, show_all=show_all), show_all):
        _add_outcome(page, outcome, places, show_all=show_all, others=others)
    if _nothing_to_change(subject):
        page.hang("  to pass: ", "none found; no one change of the deal or the brief would do")
    unknown = [] if show_all else unknown_remarks(subject)
    if unknown:
        rules = ", ".join(dict.fromkeys(outcome.rule for outcome in unknown))
        page.hang("  not known: ", f"{page.text(rules)} (warnings and notes)")


def _nothing_to_change(subject: Subject) -> bool:
    """Tell whether rules fail, and for none of them a change was found."""
    failed = [each for each in subject.outcomes if each.decides and each.status == "fail"]
    return bool(failed) and not any(each.remedies for each in failed)


def _shown(outcomes: Sequence[Outcome], *, show_all: bool) -> list[Outcome]:
    """Return the outcomes to show: what decides, then warnings and notes, then all others.

    What is waived or known follows what is not.
    """
    shown = outcomes if show_all else [o for o in outcomes if matters(o)]
    return sorted(shown, key=_rank)


def _together(outcomes: Iterable[Outcome], show_all: bool) -> Iterable[tuple[Outcome, list[str]]]:
    """Give outcomes, each with the rules that are unknown for the very same reason.

    A brief without a category leaves the packs of all categories unknown: it is said once.
    """
    groups: dict[object, tuple[Outcome, list[str]]] = {}
    for outcome in outcomes:
        alone = show_all or outcome.status != "unknown" or outcome.excused
        read = tuple(item.path for item in outcome.evidence if item.value is None)
        key = id(outcome) if alone else (outcome.reason, outcome.ask_for, read)
        if key in groups:
            groups[key][1].append(outcome.rule)
        else:
            groups[key] = (outcome, [])
    return groups.values()


def matters(outcome: Outcome) -> bool:
    """Tell whether an outcome is shown where passes are not."""
    if outcome.status == "unknown":
        return outcome.severity == "error"
    return outcome.status == "fail"


def _rank(outcome: Outcome) -> int:
    order = ["FAIL", "????", "warn", "note", "", "waiv", "knwn", "pass", "skip"]
    return order.index("" if _is_open_remark(outcome) else label_of(outcome)[0])


def _is_open_remark(outcome: Outcome) -> bool:
    return outcome.severity != "error" and outcome.status == "unknown" and not outcome.excused


def label_of(outcome: Outcome) -> tuple[str, str]:
    """Return the four letters that stand before an outcome, and their style."""
    if outcome.status == "pass":
        return "pass", "good"
    if outcome.status == "skipped":
        return "skip", "dim"
    if outcome.excused:
        return ("waiv" if outcome.waiver is not None else "knwn"), "dim"
    return _LABELS[outcome.severity, outcome.status]


def _add_outcome(
    page: Page, outcome: Outcome, places: Places, *, show_all: bool, others: Sequence[str] = ()
) -> None:
    label, style = label_of(outcome)
    weight = f" ({outcome.severity})" if _is_open_remark(outcome) else ""
    # The true status stands beneath a waiver: it is excused, not undone.
    beneath = f"{outcome.status}, " if label in ("waiv", "knwn") else ""
    reason = f"{page.text(outcome.rule)}: {beneath}{page.text(outcome.reason)}{weight}"
    page.hang(f"  {label} ", reason, style=style, indent=7)
    if beneath:
        page.hang("       ", page.text(excuse(outcome)))
    if outcome.decides or (show_all and outcome.status != "skipped"):
        add_rows(page, rows_of(outcome, places))
        add_advice(page, outcome)
    if others:
        add_labelled(page, "as well", page.text(", ".join(others)))


def add_advice(page: Page, outcome: Outcome) -> None:
    """Add what would make a rule pass, what to do and to ask for, and the rule's source."""
    for name, text in _advice(outcome):
        add_labelled(page, name, page.text(text))


def _advice(outcome: Outcome) -> Iterable[tuple[str, str]]:
    if outcome.to_pass:
        yield "to pass", ", or ".join(outcome.to_pass)
    if outcome.status == "fail" and outcome.fix:
        yield "fix", outcome.fix
    for ask in dict.fromkeys(outcome.ask_for):
        yield "ask for", ask
    yield "source", source_line(outcome.source)


def add_rows(page: Page, found: Sequence[Row]) -> None:
    """Add rows in columns where they fit, else each wrapped with its place on its own line."""
    if not found:
        return
    rows = [(label, *map(page.text, texts)) for label, *texts in found]
    first = max(cells(row[1]) for row in rows) + 2
    second = max(cells(row[2]) for row in rows)
    second += 3 if second else 0
    third = max(cells(row[3]) for row in rows)
    if _MARGIN + first + second + third <= page.width:
        for label, text, middle, where in rows:
            columns = pad(text, first) + pad(middle, second)
            page.add(_lead(label) + columns + page.paint(where, "dim"))
        return
    for label, text, middle, where in rows:
        add_labelled(page, label, f"{text}  {middle}" if middle else text)
        for line in _lines_of_places(where, page.width - _MARGIN):
            margin = min(_MARGIN, max(0, page.width - cells(line)))
            page.add(" " * margin + page.paint(line, "dim"))


def _lines_of_places(where: str, width: int) -> list[str]:
    """Break a list of places between them; a place is never broken: people copy it."""
    lines: list[str] = []
    for place_ in where.split(", ") if where else ():
        if lines and cells(f"{lines[-1]} {place_},") <= width:
            lines[-1] += f" {place_},"
        else:
            lines.append(f"{place_},")
    return [*lines[:-1], lines[-1].removesuffix(",")] if lines else []


def add_labelled(page: Page, label: str, text: str) -> None:
    """Add a text under an outcome, behind its label."""
    margin = _MARGIN if page.width >= 2 * _MARGIN + 4 else len(_INDENT) + 2
    page.hang(_lead(label), text, indent=margin)


def _lead(label: str) -> str:
    return _INDENT + pad(label, _LABEL)
