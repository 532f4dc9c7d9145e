"""A configuration in a folder below another: it is named, and what looks at rules sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.cli.group import checker

BRIEF = """\
id: b
title: B
brand: {id: x, name: X, category: toys}
shortlist:
  - {id: p, handle: "@p", platform: instagram, followers: 20000}
"""
OURS = """\
pack: ours
version: 1.0.0
title: Ours
rules:
  - id: not-tiny
    title: Not tiny
    scope: influencer
    severity: error
    source: ours
    require: influencer.followers >= 50_000
    fix: Take another.
    examples:
      pass: [{why: enough, influencer: {followers: 50_000}}]
      fail: [{why: one short, influencer: {followers: 49_999}}]
      unknown: [{why: nobody counted, influencer: {handle: "@quiet"}}]
"""
ROOT = "rules: {audience-country: {severity: warning, because: asked for}}\n"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a repository with a configuration, and another in a folder below."""
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    put("checker.yaml", ROOT)
    put("team/checker.yaml", "packs: [handbook, ours.yaml]\n")
    put("team/ours.yaml", OURS)
    put("team/spring/brief.yaml", BRIEF)
    put("other/brief.yaml", BRIEF)

    def run(*args: str) -> Result:
        return CliRunner().invoke(checker, args)

    return run


def put(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def flat(result: Result) -> str:
    return " ".join(result.output.split())


HIDES = "team/checker.yaml is in force; it hides checker.yaml"


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "sarif", "junit"])
def test_every_report_says_which_is_in_force_and_which_is_hidden(run: Run, form: str) -> None:
    assert HIDES in flat(run("check", "team", "-o", form))
    assert "hides" not in flat(run("check", "other", "-o", form))


def test_the_name_is_the_same_from_any_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("team/spring")
    assert HIDES in flat(run("check"))
    assert HIDES in flat(run("rules"))


def test_several_that_are_hidden_are_all_named(run: Run) -> None:
    put("team/spring/checker.yaml", "# nothing yet\n")
    said = "team/spring/checker.yaml is in force; it hides team/checker.yaml and checker.yaml"
    assert said in flat(run("check", "team"))


def test_without_a_repository_one_further_up_is_named_too(run: Run) -> None:
    Path(".git").rmdir()
    assert "checker.yaml is in force; it hides ../checker.yaml" in flat(run("check", "team"))


def test_what_stands_below_is_listed_explained_linted_and_tested(run: Run) -> None:
    listed = run("rules")
    assert listed.exit_code == 0
    assert "Below team/checker.yaml:" in listed.output
    assert " rules, 2 of them not above" in listed.output
    assert "not-tiny" in listed.output and HIDES in flat(listed)
    assert "Not tiny" in run("explain", "not-tiny").output
    linted = run("lint")
    assert (linted.exit_code, "under 2 configurations" in linted.output) == (0, True)
    assert run("test").exit_code == 0

    put("team/ours.yaml", OURS.replace("49_999", "50_001"))
    tested = run("test")
    assert tested.exit_code == 1
    assert "team/ours.yaml:14:14: not-tiny: expected fail, got pass" in tested.output


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team/checker.yaml", "ruls: {}\n"),
        ("team/checker.yaml", "packs: [ourz.yaml]\n"),
        ("team/ours.yaml", OURS.replace("influencer.followers", "influencer.folowers")),
    ],
)
def test_what_cannot_be_used_below_is_no_silence(run: Run, name: str, text: str) -> None:
    put(name, text)
    listed = run("rules")
    assert listed.exit_code == 0
    assert "Left out: team/checker.yaml cannot be used" in listed.output
    for command in ("lint", "test"):
        result = run(command)
        assert result.exit_code == 2
        assert f"{name}:" in result.output


def test_packs_that_are_named_are_looked_at_alone(run: Run) -> None:
    put("team/checker.yaml", "ruls: {}\n")
    for command in ("rules", "lint", "test"):
        assert run(command, "team/ours.yaml").exit_code == 0


def test_a_pack_is_tested_once_with_the_same_rules(run: Run) -> None:
    alone = run("test").output
    put("team/summer/checker.yaml", "packs: [handbook, ../ours.yaml]\nwaivers: []\n")
    assert run("test").output == alone
    off = "packs: [../ours.yaml]\nrules: {not-tiny: {enabled: false, because: a launch}}\n"
    put("team/checker.yaml", off.replace("../", ""))
    assert "not-tiny" in run("rules").output
    put("team/ours.yaml", OURS.replace("49_999", "50_001"))
    assert run("test").exit_code == 1, "the folder below has the rule in force"
