"""Cells of CSV that no spreadsheet takes for a formula, and the texts that they were."""

from __future__ import annotations

import re

# How a text begins that spreadsheets run, full-width signs and control characters among it. A text
# that would be read back as another one is of them.
_HAZARD = re.compile("^'* *[=+\\-@\\x00-\\x1f\\x7f\uff0b\uff0d\uff1d\uff20]")
# Spreadsheets write a text so that it is taken for no number: ="00123".
_AS_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')


def defused(text: str) -> str:
    """Return a text as a cell: with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if _HAZARD.match(text) else text


def cell_text(cell: str) -> str:
    """Return the text that a cell holds, without blanks at its ends, as it was before `defused`."""
    text = cell.strip()
    if text.startswith("'"):
        return text[1:] if _HAZARD.match(text[1:]) else text
    if text.startswith("=") and (formula := _AS_FORMULA.fullmatch(text)):
        return formula[1].replace('""', '"').strip()
    return text
