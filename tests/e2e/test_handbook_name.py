"""Which packs are in force: the sets that a configuration names, those of the brief's markets."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from checker import api
from checker.loading.shipped import files_of
from checker.model.report import Report

SAMPLES = Path(__file__).parents[2] / "samples"
BRIEF = """{"id": "b", "title": "B", "brand": {"id": "x", "name": "X", "category": "toys"},
    "shortlist": [{"id": "p", "handle": "@p", "platform": "instagram", "followers": 20000}]}"""
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


def of_set(name: str) -> set[str]:
    return {path.stem for path in files_of(name).values()}


def test_handbook_is_the_packs_of_the_handbook(tmp_path: Path) -> None:
    report = report_with(tmp_path, "[handbook, ours.yaml]")
    assert {pack.name for pack in report.packs} == of_set("handbook") | {"ours"}


def test_by_default_the_law_of_the_markets_is_in_force(tmp_path: Path) -> None:
    write(tmp_path, markets=["FR"])
    (report,) = api.check_briefs([tmp_path], as_of=date(2026, 3, 2))
    names = {pack.name for pack in report.packs}
    assert names > of_set("handbook")
    assert "contracts-fr" in names
    assert not names & {"relevant-it", "authenticity-us", *of_set("trade")}


def test_without_markets_all_that_may_hold_is_in_force(tmp_path: Path) -> None:
    write(tmp_path, markets=[])
    (report,) = api.check_briefs([tmp_path], as_of=date(2026, 3, 2))
    assert {"contracts-fr", "relevant-it"} <= {pack.name for pack in report.packs}


def test_leaving_out_the_law_of_the_market_is_a_change(tmp_path: Path) -> None:
    write(tmp_path, markets=["FR"])
    (tmp_path / "checker.yaml").write_text("packs: [handbook]\n")
    (report,) = api.check_briefs([tmp_path], as_of=date(2026, 3, 2))
    (change,) = report.changed
    assert "contracts-fr" in change.what
    assert "relevant-it" not in change.what


def test_a_rule_for_another_market_may_be_configured(tmp_path: Path) -> None:
    write(tmp_path, markets=["GB"])
    rule = next(each for each in api.load_rules().rules if each.pack.name == "contracts-fr").rule.id
    config = f"rules: {{{rule}: {{enabled: false, because: not for us}}}}\n"
    (tmp_path / "checker.yaml").write_text(config)
    (report,) = api.check_briefs([tmp_path], as_of=date(2026, 3, 2))
    assert [change.rule for change in report.changed] == [rule]


def write(folder: Path, *, markets: list[str]) -> None:
    brief = json.loads(BRIEF)
    if markets:
        brief["markets"] = markets
    (folder / "brief.json").write_text(json.dumps(brief))


@pytest.mark.parametrize("packs", ["[alignment]", "[ours.yaml, alignment]"])
def test_leaving_shipped_packs_out_is_a_change(tmp_path: Path, packs: str) -> None:
    (change,) = report_with(tmp_path, packs).changed
    assert change.what.startswith("leaves out brief, budget,")
    assert "alignment" not in change.what
    assert str(change.position).endswith("checker.yaml:1:9")
