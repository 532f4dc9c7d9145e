"""The report as a workbook to send: verdicts, reasons, questions with room to answer, the budget.

Every text is written as a text, so that none of them can run as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from checker.model.report import Report
from checker.reporting.budget import ends, spending
from checker.reporting.options import Options
from checker.reporting.questions import brand_questions, questions_of
from checker.reporting.rows import Cell, reason_table, verdict_table, widths
from checker.reporting.safe import one_line
from checker.reporting.waived import REDACTED
from checker.reporting.words import subject_name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Text colour, ground and mark tell verdicts apart, also where they are printed without colours.
_VERDICTS: dict[str, dict[str, Any]] = {
    "pass": {"font_color": "#0b5d2a", "bg_color": "#dff3e4"},
    "undecided": {"font_color": "#7a4b00", "bg_color": "#fff1cc", "italic": True},
    "fail": {"font_color": "#9c0006", "bg_color": "#ffd9d6", "bold": True},
    "invalid": {"font_color": "#ffffff", "bg_color": "#9c0006", "bold": True},
}
_WIDEST = 60
# The column that is filled in by whoever answers.
_ANSWER = "Answer"
# The same tables give the same bytes, so that no clock may be asked.
_DAY = "2000-01-01"
# What a cell of the format holds.
_LONGEST = 32_000


# The name of a sheet, its headers and its rows.
Table = tuple[str, list[str], list[list[Cell]]]


def render(reports: Sequence[Report], options: Options) -> bytes:
    """Return the bytes of an .xlsx; the same reports give the same."""
    tables: list[Table] = [
        ("Verdicts", *verdict_table(reports)),
        ("Reasons", *reason_table(reports)),
        ("Questions", *_questions(reports)),
        ("Budget", *_budget(reports)),
    ]
    return book_of(tables, max((report.as_of for report in reports), default=_DAY))


def book_of(tables: Sequence[Table], day: str = _DAY) -> bytes:
    """Return a workbook with a sheet for each table."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(buffer, options)
    book.set_properties({"created": datetime.fromisoformat(day)})
    writer = _Writer(book)
    for table in tables:
        writer.table(*table)
    book.close()
    return buffer.getvalue()


class _Writer:
    """Writes tables to sheets, all in one look."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        plain: dict[str, Any] = {"valign": "top", "text_wrap": True}
        self.head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#e8eaed", **plain})
        self.text = book.add_format(plain)
        self.number = book.add_format({**plain, "num_format": "#,##0.##"})
        self.open = book.add_format({**plain, "bg_color": "#fffbe0", "border": 1})
        self.verdicts = {
            word: book.add_format({**plain, **look}) for word, look in _VERDICTS.items()
        }

    def table(self, name: str, heads: list[str], rows: list[list[Cell]]) -> None:
        """Write one sheet: a header that stays in sight and filters, ready to print."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 2 if name == "Verdicts" else 0)
        for place, width in enumerate(widths(heads, rows, _WIDEST)):
            sheet.set_column(place, place, width)
        sheet.write_row(0, 0, heads, self.head)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                self.cell(sheet, number, place, cell, heads[place])
            if heads[-1] == _ANSWER:
                sheet.write_blank(number, len(heads) - 1, None, self.open)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&RPage &P of &N")

    def cell(self, sheet: Worksheet, row: int, place: int, cell: Cell, head: str) -> None:
        """Write a cell by what it holds."""
        if isinstance(cell, int | float):
            sheet.write_number(row, place, cell, self.number)
        elif cell is None:
            sheet.write_blank(row, place, None, self.text)
        else:
            look = self.verdicts.get(cell, self.text) if head == "Verdict" else self.text
            sheet.write_string(row, place, cell[:_LONGEST], look)


def _questions(reports: Sequence[Report]) -> tuple[list[str], list[list[Cell]]]:
    """Return a row for each question; the last column is for the answer."""
    heads = ["Brief", "Who", "Platform", "Question", "Rules", "Verdict waits", "Id", "Field"]
    rows: list[list[Cell]] = []
    for report in reports:
        title = report.title or report.brief
        for each in brand_questions(report):
            asked = each.question
            row: list[Cell] = ["The brand", None, asked.text, ", ".join(asked.rules)]
            rows.append([title, *row, "yes" if asked.needed else "no", report.brief, asked.path])
        for subject in report.subjects:
            for asked in questions_of(subject):
                if asked.brand:
                    continue
                platform = subject.terms.platform if subject.terms is not None else None
                row = [subject_name(subject), platform, asked.text, ", ".join(asked.rules)]
                rows.append([title, *row, "yes" if asked.needed else "no", subject.id, asked.path])
    clean = [[one_line(c) if isinstance(c, str) else c for c in row] for row in rows]
    return [*heads, _ANSWER], clean


def _budget(reports: Sequence[Report]) -> tuple[list[str], list[list[Cell]]]:
    """Return what is committed, proposed and left, for each brief as a whole and by tier."""
    heads = ["Brief", "What", "Currency", "Deals", "From", "To", "Cost not known"]
    rows: list[list[Cell]] = []
    for report in reports:
        title = one_line(report.title or report.brief)
        if report.redacted and not rows:
            rows.append([REDACTED])
        found = spending(report)
        if found is None:
            rows.append([title, "no cost or no currency is known"])
            continue
        code = found.budget.currency
        sums = [("Committed: agreed deals", found.committed), ("Proposed", found.proposed)]
        for tier, committed, proposed in found.tiers:
            named = one_line(tier)
            sums += [(f"Committed, {named}", committed), (f"Proposed, {named}", proposed)]
        for what, each in sums:
            rows.append([title, what, code, each.deals, each.low, each.high, each.unknown])
        total = ends(found.budget.total)
        for what, amounts in (
            ("Total of the brief", total),
            ("Left", found.left()),
            ("Left if all proposed deals are agreed", found.left(all_=True)),
        ):
            if amounts is not None:
                rows.append([title, what, code, None, *amounts, None])
    return heads, rows
