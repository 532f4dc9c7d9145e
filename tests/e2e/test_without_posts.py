"""What is about drafts alone is left out where a brief has none, and nothing else is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker import api
from checker.engine.reach import Reach
from checker.loading.shipped import shipped_files, without_examples
from checker.loading.source import SourceFile
from checker.loading.yaml_text import read_yaml
from checker.model.report import Report

AD = {"id": "reel", "influencer": "jo", "platform": "instagram", "caption": "Lovely ribbons"}


def brief(**more: Any) -> dict[str, Any]:
    jo = {"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 20_000}
    return {
        "id": "spring",
        "title": "Spring",
        "brand": {"id": "bramble", "name": "Bramble"},
        "markets": ["GB"],
        "compensation": "fee",
        "shortlist": [jo],
        **more,
    }


def report(folder: Path, record: dict[str, Any]) -> Report:
    (folder / "brief.json").write_text(json.dumps(record))
    (found,) = api.check_briefs([folder], as_of=date(2026, 3, 2))
    return found


def packs(found: Report) -> set[str]:
    return {pack.name for pack in found.packs}


def test_packs_about_drafts_alone_are_left_out_without_drafts(tmp_path: Path) -> None:
    names = packs(report(tmp_path, brief()))
    assert {"alignment", "words"} <= names
    assert not any(name.startswith("disclosure-") for name in names)


def test_a_draft_brings_the_law_on_drafts_of_its_market(tmp_path: Path) -> None:
    found = report(tmp_path, brief(posts=[AD]))
    assert {"disclosure-gb", "disclosure-shared", "disclosure-elsewhere"} <= packs(found)
    failed = {o.rule for s in found.subjects for o in s.outcomes if o.status == "fail"}
    assert "label-gb" in failed
    assert found.verdict == "fail"


def test_a_draft_that_cannot_be_used_is_a_draft(tmp_path: Path) -> None:
    found = report(tmp_path, brief(posts=[{**AD, "caption": 3}]))
    assert found.verdict == "invalid"
    assert "disclosure-gb" in packs(found)


def test_a_change_of_a_rule_on_drafts_is_no_mistake_without_drafts(tmp_path: Path) -> None:
    config = "rules: {label-gb: {severity: warning, because: our lawyers look at every draft}}\n"
    (tmp_path / "checker.yaml").write_text(config)
    (change,) = report(tmp_path, brief()).changed
    assert change.rule == "label-gb"


@pytest.mark.parametrize("category", [None, "gin", "botox", "crypto", "casino", "vapes", "crisps"])
def test_without_drafts_only_rules_on_drafts_are_lost(category: str | None) -> None:
    markets = None if category is None else frozenset({"GB", "US", "FR"})
    whole = api.load_rules(reach=Reach(markets, category, posts=True))
    less = api.load_rules(reach=Reach(markets, category, posts=False))
    kept = {typed.rule.id for typed in less.rules}
    lost = [typed.rule for typed in whole.rules if typed.rule.id not in kept]
    assert lost
    assert {rule.scope for rule in lost} == {"post"}
    assert less.vocabularies == whole.vocabularies
    assert [f.column.name for f in less.facts] == [f.column.name for f in whole.facts]


@pytest.mark.parametrize("path", shipped_files().values(), ids=lambda path: path.stem)
def test_without_its_examples_a_shipped_pack_is_the_same(path: Path) -> None:
    source = SourceFile(path.name, path.read_text(encoding="utf-8"), path.read_bytes())
    whole, less = read_yaml(source), read_yaml(without_examples(source))
    places = [("rules", number, "require") for number in range(len(whole.data.get("rules", ())))]
    assert list(map(less.locate, places)) == list(map(whole.locate, places))
    assert less.source.sha256() == whole.source.sha256()
    for rule in whole.data.get("rules", ()):
        rule.pop("examples", None)
    assert less.data == whole.data
