"""Where lint holds back: what is meant, guarded, or may be so elsewhere is not reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker import api_rules
from tests.lint.build import codes_of, lint_of, pack_text

MINIMUM = {"minimum": {"default": 0, "source": "ours"}}
SPONSORS = "influencer.sponsorships"
ALL = f"all(one.disclosed for one in {SPONSORS})"


def test_what_rests_on_a_param_is_a_warning() -> None:
    part = {"params": MINIMUM, "require": "influencer.engagement.rate >= params.minimum"}
    (found,) = lint_of({**part})
    assert (found.code, found.severity) == ("never-fails", "warning")
    assert found.hint == "It is so with its params as they are."


@pytest.mark.parametrize(
    "part",
    [
        # Switches in params may be turned.
        {
            "params": {"strict": {"default": False, "source": "ours"}},
            "require": "not params.strict or influencer.engagement.rate >= 0.02",
        },
        # Whoever it applies to fails, and that is said.
        {"when": "influencer.engagement.rate >= 0.02", "require": "false"},
        # Presence asked for beside a value makes it false where it would be unknown.
        {"require": "exists(influencer.engagement.rate) and influencer.engagement.rate >= 0.02"},
        {"require": "not exists(influencer.engagement.rate) or influencer.engagement.rate > 0.02"},
        # A guard beside `all`, or in `when`.
        {"require": f"count({SPONSORS}) > 0 and {ALL}"},
        {"require": f"count({SPONSORS}) >= 1 and {ALL}"},
        {"require": f"count({SPONSORS}) == 0 or {ALL}"},
        {"when": f"count({SPONSORS}) > 0", "require": ALL},
        # Lists of a brief are never empty; only an error rule decides.
        {"require": "all(market == influencer.country for market in brief.markets)"},
        {"severity": "warning", "require": ALL},
        # A param's assumption is named and sourced; what a brief leaves out is its author's to say.
        {"require": "influencer.engagement.rate >= default(brief.target.minimum_share.age, 0.02)"},
        # Whole ranges that count in one direction.
        {"require": "influencer.followers + influencer.followers >= 1_000"},
        {"require": "influencer.followers / (influencer.average_monthly_views + 1) >= 0.1"},
    ],
)
def test_nothing_is_said_of(part: dict[str, Any]) -> None:
    assert codes_of(part) == []


def test_a_definition_is_judged_whatever_its_arguments() -> None:
    definitions = {"enough(number)": "number >= 0 and influencer.engagement.rate >= 0.02"}
    part = {"definitions": definitions, "rules": [{"require": "enough(influencer.followers)"}]}
    assert codes_of(part) == []
    definitions = {"enough()": "influencer.followers >= 0 and influencer.engagement.rate >= 0.02"}
    part = {"definitions": definitions, "rules": [{"require": "enough()"}]}
    assert codes_of(part) == ["always-true"]


def test_what_another_pack_of_the_folder_may_call_is_not_unused(tmp_path: Path) -> None:
    part = {"definitions": {"rate_of(person)": "person.engagement.rate"}}
    (tmp_path / "made.yaml").write_text(pack_text(part), encoding="utf-8")
    assert [each.code for each in api_rules.lint((tmp_path / "made.yaml",))] == [
        "unused-definition"
    ]
    other = "pack: other\nversion: 1.0.0\ntitle: Another\nuses: [made]\n"
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    assert api_rules.lint((tmp_path / "made.yaml",)) == []


def test_bands_beyond_what_can_be_asked() -> None:
    rows = [{"from": -10, "below": 0, "least": 0.5}, {"from": 0, "below": 10, "least": 0.1}]
    table = {"kind": "bands", "source": "ours", "columns": {"least": "share"}, "rows": rows}
    require = "influencer.engagement.rate >= band(influencer.followers, tables.limits).least"
    (found,) = lint_of({"tables": {"limits": table}, "rules": [{"require": require}]})
    assert found.code == "unused-row"
    assert "at least 0" in found.message
    whole = f"{require} or count(row for row in tables.limits) > 5"
    assert "unused-row" not in codes_of(
        {"tables": {"limits": table}, "rules": [{"require": whole}]}
    )
