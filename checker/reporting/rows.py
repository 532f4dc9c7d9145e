"""The verdicts as a table to send on: what the text report's table has, and what each deal says."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.report import Fact, Report, Subject
from checker.reporting.budget import ends
from checker.reporting.safe import one_line
from checker.reporting.table import decided_by, fact_titles, is_numeric
from checker.reporting.words import deciding, remarks, with_hint, without_lead

# A text, a number, or nothing.
Cell = str | float | None


def verdict_table(reports: Sequence[Report]) -> tuple[list[str], list[list[Cell]]]:
    """Return the headers, and a row for each influencer of each brief, dropped ones at the end."""
    people = [(r, s) for r in reports for s in r.of_kind("influencer")]
    facts = fact_titles([subject for _, subject in people])
    facts.pop("platform", None)
    numbers = {name: is_numeric([s.facts.get(name) for _, s in people]) for name in facts}
    heads = ["Brief"] if len(reports) > 1 else []
    heads += ["Influencer", "Platform", "Verdict", "Reason", *map(one_line, facts.values())]
    heads += ["Fee", "Gift", "Currency", "Deliverables", "State", "Decided by", "Note", "Link"]
    rows = []
    for report, subject in people:
        row: list[Cell] = [report.title or report.brief] if len(reports) > 1 else []
        terms = subject.terms
        row += [subject.name, terms.platform if terms else None, subject.verdict, reason(subject)]
        row += [fact_cell(subject.facts.get(name), numbers[name]) for name in facts]
        if terms is not None:
            row += [amount_cell(terms.fee), amount_cell(terms.gift_value), terms.currency]
            row += [terms.deliverables, terms.state, decided_by(subject), terms.note]
            row.append(terms.address)
        else:
            row += [None, None, None, None, None, decided_by(subject), None, None]
        rows.append(row)
    for report in reports:
        for dropped in report.dropped:
            gone: dict[str, Cell] = {"Brief": report.title or report.brief, "State": "dropped"}
            gone |= {"Influencer": dropped.name, "Note": dropped.note}
            rows.append([gone.get(head) for head in heads])
    return heads, [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: Cell) -> Cell:
    return one_line(cell) or None if isinstance(cell, str) else cell


def reason(subject: Subject) -> str:
    """Return why a verdict is what it is, in sentences; of a pass, what there is to read."""
    outcomes = remarks(subject) if subject.verdict == "pass" else deciding(subject)
    said = [with_hint(each) for each in subject.diagnostics]
    said = said or list(dict.fromkeys(without_lead(outcome.reason) for outcome in outcomes))
    return " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in said if text)


def fact_cell(fact: Fact | None, number: bool) -> Cell:
    """Return a fact as a cell: a number where it is exact, else the text."""
    if fact is None:
        return None
    found = ends(fact.value) if number else None
    return found[0] if found is not None and found[0] == found[1] else fact.text or None


def amount_cell(value: object) -> Cell:
    """Return an amount as a cell, a range as a text."""
    found = ends(value)
    if found is None:
        return None
    return found[0] if found[0] == found[1] else f"{found[0]:g}-{found[1]:g}"


def reason_table(reports: Sequence[Report]) -> tuple[list[str], list[list[Cell]]]:
    """Return a row for everything that did not pass."""
    heads = ["Brief", "Subject", "Verdict", "Rule", "Status", "Severity", "Reason", "Has", "Needs"]
    heads += ["To pass", "Fix", "Ask for", "Waiver", "Source"]
    rows: list[list[Cell]] = []
    for report in reports:
        for subject in report.subjects:
            for outcome in subject.outcomes:
                if outcome.status not in ("fail", "unknown"):
                    continue
                waiver = outcome.waiver
                sides = (outcome.has, outcome.needs)
                rows.append(
                    [
                        report.title or report.brief,
                        subject.name,
                        subject.verdict,
                        outcome.rule,
                        outcome.status,
                        outcome.severity,
                        outcome.reason,
                        *(side.text if side is not None else None for side in sides),
                        ", or ".join(outcome.to_pass),
                        outcome.fix,
                        "; ".join(dict.fromkeys(outcome.ask_for)),
                        f"{waiver.owner}, until {waiver.expires}" if waiver is not None else None,
                        outcome.source.title or outcome.source.id,
                    ]
                )
    return heads, [[_plain(cell) for cell in row] for row in rows]


def widths(heads: Sequence[str], rows: Sequence[Sequence[Cell]], most: int) -> list[int]:
    """Return how wide each column is: as its longest cell, within bounds."""
    found = [len(head) + 3 for head in heads]
    for row in rows:
        for place, cell in enumerate(row):
            length = len(f"{cell:,.2f}" if isinstance(cell, float) else str(cell or ""))
            found[place] = max(found[place], length + 1)
    return [max(8, min(each, most)) for each in found]
