"""The verdicts as CSV, which every spreadsheet opens and in which nothing runs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from checker.language.cells import defused
from checker.model.report import Report
from checker.reporting.options import Options
from checker.reporting.rows import Cell, verdict_table


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one row for each influencer; the mark at the start is what spreadsheets look for."""
    heads, rows = verdict_table(reports)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(head) for head in heads])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return defused(cell) if isinstance(cell, str) else f"{cell:.15g}"
