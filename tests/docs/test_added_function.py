"""The worked example of a new function: its file and its row are all that is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.language.functions import FUNCTIONS
from tests.conformance.columns import Columns
from tests.conformance.engines import ENGINES, read_cases
from tests.conformance.test_conformance import same
from tests.docs.blocks import ROOT, blocks_of

NAME = "median"


def test_the_function_of_the_page_runs_on_every_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = ROOT / "docs" / "contributing.md"
    blocks = [each for each in blocks_of(page) if NAME in each.options]
    code, cases = (
        next(b.text for b in blocks if b.language == kind) for kind in ("python", "yaml")
    )
    made: dict[str, Any] = {}
    exec(compile(code, "median.py", "exec"), made)
    assert NAME not in FUNCTIONS
    monkeypatch.setitem(dict_of(FUNCTIONS), NAME, made["MEDIAN"])
    path = tmp_path / "median.yaml"
    path.write_text(cases)
    found = list(read_cases(path))
    assert len(found) >= 4
    for engine in (*ENGINES, Columns(specialised=False), Columns(specialised=True)):
        for case in found:
            got = engine.value(case)
            assert same(got, case.expected["value"]), (engine.name, case.source, got)


def dict_of(table: Any) -> dict[str, Any]:
    """Return the table as the dictionary that it is, to add a row for one test."""
    assert isinstance(table, dict)
    return table
