"""Where an example is taken away, a change survives; the example that is proposed kills it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker import api_rules
from checker.cli.group import checker as command
from checker.engine.mutation.testing import MutationResult
from checker.reporting.example_yaml import example_lines
from tests.mutation.packs import RULES, add_example, run_at_home, write_pack

# What a pack is weakened by: the text of an example, and a change that only it notices.
WEAKENED = {
    "alignment-edge": (
        "alignment",
        """\
        - why: one percent short of half
          brief: {target: {age: {min: 18, max: 34}}}
          influencer: {audience: {age: {18-24: 0.29, 25-34: 0.2, 35-44: 0.51}}}
""",
        "minimum: 0.5 -> minimum: 0.49",
    ),
    "tiers-edge": (
        "tiers",
        """\
        - why: 1,000,001 followers is mega
          brief: {tiers: [mega]}
          influencer: {followers: 1_000_001}
""",
        "above: 1_000_000 -> above: 1_000_001",
    ),
    "budget-gift": (
        "budget",
        """\
        - why: a gift beside a commission says nothing of the commission
          brief:
            compensation: commission
            budget: {currency: GBP, per_influencer: 600}
            deliverables: [{type: post, count: 1}]
          deal: {gift_value: 20, currency: GBP}
""",
        "agreement.fee -> agreement.gift_value",
    ),
    "promotion-flag": (
        "promotion",
        """\
        - why: the brief does not say how it pays
          brief: {title: No compensation}
          influencer: {accepts_gifts: false}
""",
        "exists(brief.compensation) and brief.compensation == 'gift' ->"
        " brief.compensation == 'gift'",
    ),
}


def mutation(path: Path) -> MutationResult:
    tested = api_rules.test_rules([path], mutate=True)
    assert tested.failed == ()
    assert tested.mutation is not None
    return tested.mutation


@pytest.mark.parametrize("case", WEAKENED)
def test_a_weakened_pack_is_found_and_mended(case: str, tmp_path: Path) -> None:
    name, example, change = WEAKENED[case]
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    path = folder / f"{name}.yaml"
    whole = path.read_text(encoding="utf-8")
    assert whole.count(example) == 1
    path.write_text(whole.replace(example, ""), encoding="utf-8")
    survivors = {each.mutant.text: each for each in mutation(path).survivors}
    assert change in survivors
    for survivor in survivors.values():
        found = survivor.suggestion
        assert found is not None
        yaml = "\n".join(example_lines(found.example))
        add_example(path, found.rule, found.example.expect, yaml)
    assert mutation(path).survivors == ()


BODY = """\
    params:
      least: {default: 1_000, source: ours}
    require: influencer.followers >= params.least
    examples:
      pass:
        - {why: many, influencer: {followers: 5_000}}
      fail:
        - {why: few, influencer: {followers: 10}}
      unknown:
        - {why: nobody counted, influencer: {handle: "@jo"}}
"""


def test_survivors_are_listed_with_place_change_and_example(tmp_path: Path) -> None:
    path = write_pack(tmp_path, BODY)
    done = run_at_home(path, "--mutate")
    assert done.exit_code == 1
    shown = " ".join(done.stdout.split())
    assert "small.yaml:12:14: enough: no example notices a change" in shown
    assert (
        "it says influencer.followers >= params.least not influencer.followers > params.least"
        in (shown)
    )
    assert "Add to the examples of enough, under pass:" in shown
    assert "followers: 1_000}" in shown
    assert "3 that no example notices" in shown
    assert run_at_home(path, "--mutate").stdout == done.stdout


def test_json_has_the_same(tmp_path: Path) -> None:
    path = write_pack(tmp_path, BODY)
    done = CliRunner().invoke(command, ["test", str(path), "--mutate", "-o", "json"])
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    survivors = found["mutation"]["survivors"]
    assert [each["mutant"] for each in survivors] == [
        "least: 1_000 -> least: 999",
        "least: 1_000 -> least: 1_001",
        "influencer.followers >= params.least -> influencer.followers > params.least",
    ]
    assert survivors[2]["suggestion"]["records"]["influencer"]["followers"] == 1_000
    assert survivors[2]["position"]["line"] == 12
    assert found["coverage"]["missing"] == []


def test_a_mutant_is_not_made_of_bounds_that_settle_it(tmp_path: Path) -> None:
    body = """\
    require: influencer.followers >= 0
    examples:
      pass:
        - {why: many, influencer: {followers: 5_000}}
      unknown:
        - {why: nobody counted, influencer: {handle: "@jo"}}
"""
    changes = {each.mutant.text for each in mutation(write_pack(tmp_path, body)).survivors}
    assert "influencer.followers >= 0 -> influencer.followers >= -1" not in changes
    assert "influencer.followers >= 0 -> influencer.followers > 0" in changes


def test_an_equivalent_is_excused_and_one_that_is_none_is_reported(tmp_path: Path) -> None:
    listed = """\
    equivalents:
      - mutant: >-
          influencer.followers >= params.least ->
          influencer.followers > params.least
        because: a test
      - {mutant: "a -> b", because: there is no such change}
"""
    path = write_pack(tmp_path, BODY + listed)
    found = mutation(path)
    assert found.excused == 1
    assert len(found.survivors) == 2
    assert [each.equivalent.mutant for each in found.unmatched] == ["a -> b"]
    done = run_at_home(path, "--mutate")
    assert "small.yaml:25:9: enough: an example notices this equivalent" in (
        " ".join(done.stdout.split())
    )


def test_no_mutants_while_an_example_is_wrong(tmp_path: Path) -> None:
    path = write_pack(tmp_path, BODY.replace("followers: 10}", "followers: 1_000}"))
    tested = api_rules.test_rules([path], mutate=True)
    assert len(tested.failed) == 1
    assert tested.mutation is None
    assert CliRunner().invoke(command, ["test", str(path), "--mutate"]).exit_code == 1
