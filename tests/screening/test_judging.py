"""Blocks of records are judged, measured and worded as `checker check` does, row by row."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest

from checker.model.diagnostics import Position
from checker.model.waivers import Waiver
from checker.screening.briefs import OneBrief, load_briefs
from checker.screening.judging.block import BlockJudge
from checker.screening.judging.judge import rounded
from tests.bulk.roster import lines
from tests.screening.pairs import blocks, compare, differences

AS_OF = date(2026, 3, 2)


def load(project: Path) -> OneBrief:
    (brief,) = load_briefs([project / "brief.yaml"], as_of=AS_OF)
    return brief


def judge_of(brief: OneBrief, *waivers: Waiver, where: str = "") -> BlockJudge:
    condition = brief.condition(where)
    return BlockJudge(
        brief.prepared,
        brief.campaign.brief,
        brief.campaign.brand,
        waivers=waivers,
        where=condition[0] if condition else None,
        reasons="all",
    )


@pytest.mark.parametrize("seed", range(8))
def test_random_rules_on_random_records(seed: int) -> None:
    assert not [each for each in compare(seed, people=60) if each]


def test_the_handbook_on_a_roster_with_waivers(project: Path) -> None:
    brief = load(project)
    texts = list(lines(250, odd_share=0.2))
    people = [json.loads(text) for text in texts]
    waivers = [
        Waiver(rule, people[place][name], status, "agreed", "legal", "2026-12-31", Position("w"))
        for place in range(0, 250, 3)
        for rule, name, status in WAIVED
    ]
    common = {"brief": brief.campaign.brief, "brand": brief.campaign.brand}
    judge = judge_of(brief, *waivers)
    read = blocks(texts, brief.project.schemas, size=50_000)
    found = list(differences(judge, brief.prepared, common, read, waivers))
    assert len(found) == 250 * (len(brief.prepared) + 1)
    assert not [each for each in found if each]
    assert judge.worded < 250 * len(brief.prepared)


def test_a_condition_leaves_out(project: Path) -> None:
    judge = judge_of(load(project), where="influencer.followers < 1000")
    people = [{"id": n, "handle": n, "platform": "x", "followers": f} for n, f in COUNTS.items()]
    (block,) = blocks(map(json.dumps, people))
    found = judge.screen(block)
    assert found.table["id"].to_pylist() == ["few"]
    assert (found.left_out, found.unclear) == (2, 1)


WAIVED: tuple[tuple[str, str, Literal["fail", "unknown"]], ...] = (
    ("audience-age", "id", "fail"),
    ("cost-per-influencer", "handle", "unknown"),
)
COUNTS = {"few": 10, "many": 5000, "some": {"min": 10, "max": 5000}}


def test_rules_that_run_record_by_record_are_named(project: Path) -> None:
    rules = "".join(
        f"  - {{id: {name}, title: T, scope: influencer, severity: note, source: ours, "
        f"require: '{condition}'}}\n"
        for name, condition in (
            ("plain", "influencer.followers > 10"),
            ("searches", "count(mentions(influencer.provider, tables.words)) == 0"),
        )
    )
    table = "tables: {words: {kind: lookup, keys: [word], source: ours, rows: [{word: ad}]}}\n"
    head = "pack: own\nversion: 1.0.0\ntitle: Own\n"
    (project / "own.yaml").write_text(f"{head}{table}rules:\n{rules}")
    (project / "checker.yaml").write_text("packs: [./own.yaml]\n")
    judge = judge_of(load(project))
    people = [{"id": "a", "handle": "a", "platform": "x", "followers": 5, "provider": "an ad"}]
    (block,) = blocks(map(json.dumps, people))
    (row,) = judge.screen(block).table.to_pylist()
    assert [each["status"] for each in row["outcomes"]] == ["fail", "fail"]
    assert judge.by_record == ["searches"]


def test_numbers_are_rounded_as_python_does() -> None:
    import numpy as np

    values = np.array([0.0000005, 0.0000015, -0.1234565, 0.1234565, 1 / 3, -1.0, 2.5e-7])
    assert rounded(values, 6).tolist() == [round(each, 6) for each in values.tolist()]


_LOOPS = """\
pack: ours
title: Ours
version: "1.0.0"
rules:
  - id: nested
    title: Nobody repeats a brand
    scope: influencer
    severity: error
    source: ours
    require: >-
      count([a for a in influencer.sponsorships
             if count([b for b in influencer.sponsorships if b.date < a.date]) > 3]) < 5
"""


def test_loops_in_loops_are_bounded_and_a_block_is_judged_in_parts(project: Path) -> None:
    (project / "checker.yaml").write_text("packs: [ours.yaml]\n")
    (project / "ours.yaml").write_text(_LOOPS)
    brief = load(project)
    lengths = (4, *[700] * 6, 1_100, 3, *[700] * 3, 6)
    texts = [_sponsored(*each) for each in enumerate(lengths)]
    judge = judge_of(brief)
    (block,) = blocks(texts, brief.project.schemas)
    assert len(judge.judge.parts(block.records)) > 1
    common = {"brief": brief.campaign.brief, "brand": brief.campaign.brand}
    found = list(differences(judge, brief.prepared, common, [block]))
    assert not [each for each in found if each]
    table = judge.screen(block).table.to_pylist()
    said = [row["verdict"] for row in table]
    expected = {700: "fail", 1_100: "undecided"}
    assert said == [expected.get(many, "pass") for many in lengths]
    assert [row["id"] for row in table] == block.texts("id")
    assert "more than 1,000,000 members" in table[lengths.index(1_100)]["reason"]


def _sponsored(number: int, many: int) -> str:
    days = [(date(2020, 1, 1) + timedelta(days=day)).isoformat() for day in range(many)]
    record = {"id": f"tiktok/{number}", "handle": f"@jo{number}", "platform": "tiktok"}
    posts = [{"brand": "X", "category": "gin", "date": day} for day in days]
    return json.dumps({**record, "followers": 5000, "sponsorships": posts})
