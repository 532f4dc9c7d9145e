"""`checker explain`: a rule in words, and its evaluation on somebody as a tree."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from checker.cli.group import checker

SAMPLES = Path(__file__).parents[2] / "samples"
DAY = ("--as-of", "2026-03-02")
SPRING = "bramble/spring"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the briefs of two brands, which is the current one."""
    for brand in ("bramble", "juniper"):
        shutil.copytree(SAMPLES / brand, tmp_path / brand)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(checker, ["explain", *arguments])


def said(*arguments: str) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


# One rule of each row of the handbook, and words that somebody would sign for it.
HANDBOOK = {
    "influencer-tier": (
        "Passes where tier is one of the brief's tiers",
        "tier of person: the tier of person's followers in the table tiers",
    ),
    "cost-per-influencer": (
        "where amount is at most the brief's budget per influencer",
        "cost of agreement: fee of agreement plus gift of agreement",
    ),
    "cost-total": ("where amount is at most the brief's total budget",),
    "content": (
        "fitting: what the influencer's topics and the brief's topics of the campaign have in"
        " common",
    ),
    "likely-to-accept": ("where budget is at least lowest",),
    "growth": ("where newest's followers is over earlier's followers",),
    "audience-age": (
        "where reached is at least needed",
        "reached: the share of the influencer's audience ages, of those whose age is known, that "
        "is within the brief's target age",
        "needed: the brief's smallest share in the target age (or minimum, where the brief's"
        " smallest share in the target age is not recorded)",
        "Asked only where the brief's target age is recorded",
        "without one of these, the verdict may be undecided:",
        "influencer.audience.age; ask for a screenshot of the audience ages",
        "How to Use Micro-Influencers (guidance)",
        "minimum: 0.5, source: ours",
        "Require reached >= needed",
        "unknown the record has no audience ages",
    ),
    "values-shared": (
        "shared: what the influencer's values and the brand's values have in common",
    ),
    "guidelines-acknowledged": (
        "where the influencer's acknowledgement of the guidelines is true",
    ),
    "niche": ("breadth is at most topics", "or at home is at least at home"),
}


@pytest.mark.parametrize("rule", HANDBOOK)
def test_a_rule_of_each_row_of_the_handbook_in_words(rule: str) -> None:
    shown = said(rule)
    for part in HANDBOOK[rule]:
        assert part in shown


def test_it_says_who_changed_a_threshold() -> None:
    Path("checker.yaml").write_text(
        "rules:\n  audience-age:\n    because: the board\n    params: {minimum: 0.6}\n",
        encoding="utf-8",
    )
    shown = said("audience-age")
    assert "minimum: 0.6, set at checker.yaml:4:23" in shown
    assert 'because "the board"' in shown
    assert "default 0.5, source: ours" in shown


def test_what_a_rule_is_not_asked_without_is_not_called_missing() -> None:
    shown = said("audience-age")
    missing = shown[shown.index("Missing") : shown.index("Also")]
    assert "influencer.audience.age;" in missing
    # Without it the rule is skipped; no verdict is undecided by that.
    assert "brief.target.age" not in missing
    assert "reads brief.target.age" in shown[shown.index("Also") :]


def test_a_failed_rule_as_a_tree() -> None:
    shown = said("audience-age", SPRING, "@gadgetgav", *DAY)
    for part in (
        "audience-age on @gadgetgav fail",
        "no reached >= needed (rules/alignment.yaml:",
        "reached = 32%",
        "shortlist.csv:4 audience.age)",
        "brief.target.minimum_share.age = nothing recorded",
        "params.minimum = 0.5",
    ):
        assert part in shown


def test_a_passed_rule_as_a_tree() -> None:
    shown = said("audience-age", SPRING, "maisie.braids", *DAY)
    assert "audience-age on @maisie.braids pass" in shown
    assert "yes reached >= needed" in shown


def test_an_unknown_rule_says_what_to_ask_for() -> None:
    shown = said("audience-age", SPRING, "@northradio", *DAY)
    assert "? reached >= needed" in shown
    assert "influencer.audience.age = nothing recorded" in shown
    assert "ask for a screenshot of the audience ages" in shown


@pytest.mark.parametrize(
    ("rule", "name"),
    [("brief-dates", "brief"), ("brief-dates", "the brief"), ("cost-total", "the shortlist")],
)
def test_the_brief_and_the_shortlist_go_by_the_names_that_are_shown(rule: str, name: str) -> None:
    assert f"{rule} on the" in said(rule, SPRING, name, *DAY)


@pytest.mark.parametrize("rule", ["brief-dates", "cost-total"])
def test_the_brief_and_the_shortlist_need_no_name(rule: str) -> None:
    assert "Requires" in said(rule, SPRING, *DAY)


def test_where_a_rule_holds_is_said_in_words() -> None:
    shown = said("alcohol-target-gb", "juniper/summer", *DAY)
    assert "yes in GB, for alcohol, spirits, beer, wine or cider" in shown
    assert "brief.markets = GB and US" in shown
    assert "brief.campaign.category = gin" in shown
    assert "for market in" not in shown
    assert "GB-SCT" not in shown


def test_a_definition_shows_where_it_stands() -> None:
    shown = said("cost-per-influencer", SPRING, "@glamorously", *DAY)
    assert "agreement.gift_value = GBP 120" in shown
    assert "shortlist.csv:3 gift_value)" in shown
    assert "to pass fee at most GBP 480" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("audiance-age",), 2, 'Did you mean "audience-age"'),
        (("audience-age", SPRING), 3, "say at which one"),
        (("audience-age", SPRING, "@gadgetgaf"), 3, 'Did you mean "@gadgetgav"'),
        (("audience-age", "nowhere", "@x"), 3, "nowhere"),
        (("nothing-like", SPRING, "@gadgetgav"), 2, "no rule is called"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], code: int, says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert says.lower() in done.stderr.lower()
    assert "Traceback" not in done.output
