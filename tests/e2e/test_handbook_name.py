"""The name "handbook" in a configuration stands for all shipped packs; leaving some out shows."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from checker import api
from checker.model.report import Report

SAMPLES = Path(__file__).parents[2] / "samples"
OURS = """\
pack: ours
version: 1.0.0
title: Ours
rules:
  - id: not-tiny
    title: Not tiny
    scope: influencer
    severity: warning
    source: ours
    require: influencer.followers >= 50_000
    fix: Take another.
"""


def report_with(folder: Path, packs: str) -> Report:
    shutil.copytree(SAMPLES / "bramble", folder / "bramble")
    (folder / "bramble/ours.yaml").write_text(OURS)
    (folder / "bramble/checker.yaml").write_text(f"packs: {packs}\n")
    brief = folder / "bramble/spring/brief.yaml"
    (report,) = api.check_briefs([brief], as_of=date(2026, 3, 2), explain_all=False)
    return report


def test_handbook_is_all_shipped_packs(tmp_path: Path) -> None:
    every = {pack.name for pack in api.load_rules().packs}
    report = report_with(tmp_path, "[handbook, ours.yaml]")
    assert {pack.name for pack in report.packs} == every | {"ours"}
    assert report.changed == ()


@pytest.mark.parametrize("packs", ["[alignment]", "[ours.yaml, alignment]"])
def test_leaving_shipped_packs_out_is_a_change(tmp_path: Path, packs: str) -> None:
    (change,) = report_with(tmp_path, packs).changed
    assert change.what.startswith("leaves out brief, budget,")
    assert "alignment" not in change.what
    assert str(change.position).endswith("checker.yaml:1:9")
