"""Cells that a spreadsheet would run are defused, and read back as they were."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from checker.language.cells import cell_text, defused
from checker.loading.csv_table import read_cells
from checker.loading.source import SourceFile
from tests.loading.test_campaigns import load, root, write

__all__ = ["root"]

RUN = (
    "=1+1",
    "+1",
    "-x",
    "@oda",
    "\tx",
    "\rx",
    "\x01x",
    "\uff1dx",
    "\uff20x",
    " =1",
    "'=1",
    "''@x",
)
KEPT = ("x", "'x", "'", "''", "a=b", "1-2", "O'Neil", '"', "é")


def test_what_is_written_begins_with_nothing_that_runs() -> None:
    for text in RUN:
        assert defused(text) == f"'{text}", text
    for text in KEPT:
        assert defused(text) == text, text


@pytest.mark.parametrize("text", [*RUN, *KEPT])
def test_a_table_is_read_back_as_it_was(text: str) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([[defused("=note"), "b"], [defused(text), defused(text)]])
    [row] = read_cells(SourceFile("t.csv", file.getvalue()))
    assert row == {"=note": text, "b": text}


def test_a_text_that_a_spreadsheet_keeps_from_being_a_number() -> None:
    assert [cell_text(each) for each in ('="00123"', '= "a""b"', '=""', '\'="1"')] == [
        *("00123", 'a"b', "", '="1"')
    ]


def test_a_shortlist_with_such_cells(root: Any) -> None:
    header = '=""handle"",platform,followers,fee,currency,note'
    rows = '\'@oda,x,"=""500""",\'-0,GBP,\'=SUM(A1)\n'
    write("s.csv", f'"{header.split(",")[0]}",{header.partition(",")[2]}\n{rows}')
    [entry] = load(shortlist="s.csv").shortlist
    assert entry.influencer is not None, entry.diagnostics
    assert entry.name == "@oda"
    assert entry.influencer.data["followers"] == 500
    assert entry.deal.data["note"] == "=SUM(A1)"
