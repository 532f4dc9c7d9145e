"""What no example shows: outcomes, and sides of conditions."""

from __future__ import annotations

from pathlib import Path

from checker import api_rules
from tests.mutation.packs import run_at_home, write_pack

BODY = """\
    when: exists(brief.tiers) or exists(brief.budget.total)
    let:
      sold: "[each.brand for each in influencer.sponsorships if each.disclosed]"
    require: count(sold) == 0
    examples:
      pass:
        - {why: none, brief: {tiers: [nano]}, influencer: {sponsorships: []}}
"""


def gaps(path: Path) -> list[tuple[str, str]]:
    return [(gap.side, gap.part) for gap in api_rules.test_rules([path]).coverage.gaps]


def test_each_outcome_and_side_that_is_not_shown(tmp_path: Path) -> None:
    path = write_pack(tmp_path, BODY)
    assert gaps(path) == [
        ("fail", ""),
        ("skipped", ""),
        ("unknown", ""),
        ("false", "exists(brief.tiers)"),
        ("true", "exists(brief.budget.total)"),
        ("true", "each.disclosed"),
        ("false", "each.disclosed"),
    ]
    found = api_rules.test_rules([path]).coverage.gaps
    assert [(gap.position.line, gap.position.column) for gap in found[3:5]] == [(10, 11), (10, 34)]


def test_what_is_missing_is_told_and_changes_no_code(tmp_path: Path) -> None:
    done = run_at_home(write_pack(tmp_path, BODY))
    assert done.exit_code == 0
    shown = " ".join(done.stdout.split())
    assert "small.yaml:5:5: enough: no example of fail" in shown
    assert "small.yaml:10:34: enough: never true in an example" in shown
    assert "7 never shown" in shown


def test_an_unknown_example_is_proposed_and_is_unknown(tmp_path: Path) -> None:
    path = write_pack(tmp_path, BODY)
    gap = next(gap for gap in api_rules.test_rules([path]).coverage.gaps if gap.side == "unknown")
    assert gap.suggestion is not None
    assert gap.suggestion.example.expect == "unknown"
    assert "sponsorships" not in gap.suggestion.example.records.get("influencer", {})


def test_a_rule_of_exists_alone_is_not_asked_to_be_unknown(tmp_path: Path) -> None:
    body = """\
    require: exists(influencer.country)
    examples:
      pass: [{why: known, influencer: {country: GB}}]
      fail: [{why: not known, influencer: {handle: "@jo"}}]
"""
    assert gaps(write_pack(tmp_path, body)) == []
