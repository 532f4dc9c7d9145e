"""Which rules are in force, and what is said where they cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.world import AS_OF, JO, brief, outcomes, pack, rule, run, subjects, write

OURS = pack(rule("big-enough", "influencer.followers >= 10_000"))


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, {"brief.json": brief(shortlist=[JO]), "rules/ours.yaml": OURS})
    return folder


def in_force(folder: Path, packs: str) -> set[str]:
    write(folder, {"checker.yaml": packs})
    done = run("check", "--as-of", AS_OF, "-o", "json")
    report = done.report()
    found = {name for subject in report["subjects"] for name in outcomes(subject)}
    assert {each["name"] for each in report["packs"]}
    return found


def test_one_shipped_pack_alone(project: Path) -> None:
    found = in_force(project, "packs: [alignment]\n")
    assert "audience-age" in found
    assert not found & {"cost-per-influencer", "influencer-tier", "content"}


def test_a_pack_alone_and_beside_shipped_ones(project: Path) -> None:
    assert in_force(project, "packs: [rules/ours.yaml]\n") == {"big-enough"}
    found = in_force(project, "packs: [tiers, alignment, rules/ours.yaml]\n")
    assert {"big-enough", "influencer-tier", "audience-age"} <= found
    assert in_force(project, "packs: [rules]\n") == {"big-enough"}


def test_without_a_list_the_shipped_ones_hold(project: Path) -> None:
    found = in_force(project, "rules: {}\n")
    assert {"influencer-tier", "audience-age", "cost-per-influencer"} <= found
    assert "big-enough" not in found


def test_a_pack_of_the_project_above_the_configuration(project: Path) -> None:
    write(
        project,
        {
            "spring/brief.json": brief(shortlist=[JO]),
            "spring/checker.yaml": "packs: [../rules/ours.yaml]\n",
        },
    )
    done = run("check", "spring", "--as-of", AS_OF, "-o", "json")
    assert outcomes(subjects(done.report())["@jo"]) == {"big-enough": "pass"}


def test_two_packs_with_one_name(project: Path) -> None:
    write(
        project,
        {
            "rules/theirs.yaml": OURS,
            "checker.yaml": "packs: [rules/ours.yaml, rules/theirs.yaml]\n",
        },
    )
    done = run("check", "--as-of", AS_OF)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("error:") == 1
    for words in ("checker.yaml:1:26", 'the pack "ours" is loaded twice', "rules/theirs.yaml"):
        assert words in done.err


@pytest.mark.parametrize("command", ["check", "rules", "lint", "test"])
def test_no_rules_at_all_is_no_clean_run(project: Path, command: str) -> None:
    write(project, {"checker.yaml": "packs: []\n"})
    done = run(command)
    assert done.code in (2, 3)
    assert "checker.yaml:1:8: error:" in done.err if command != "lint" else done.out
    assert "no error" not in done.out


def test_all_mistakes_of_a_file_at_once_sorted(project: Path) -> None:
    broken = pack(
        rule("one", "influencer.folowers > 3"),
        rule("two", "influencer.followers > 3").replace("source: ours", "source: handbok"),
        rule("three", "influencer.followers > 3 %"),
        rule("four", "influencer.platform == 'tiktoc'").replace("severity", "severty"),
        rule("five", "influencer.followers > 3", "examples: {pass: [{why: x, brand: {nam: y}}]}"),
    )
    write(project, {"rules/ours.yaml": broken, "checker.yaml": "packs: [rules/ours.yaml]\n"})
    for command in ("check", "lint", "test", "rules"):
        done = run(command)
        assert done.code == 2
        said = [line for line in done.said.splitlines() if line.startswith("rules/ours.yaml:")]
        lines = [int(line.split(":")[1]) for line in said]
        assert lines == sorted(lines)
        words = ["folowers", "handbok", "percent", "severty", "tiktoc"]
        words += ['"nam"'] if command in ("lint", "test") else []
        assert len(said) == len(words)
        for line, word in zip(said, words, strict=True):
            assert word in line


@pytest.mark.parametrize("command", ["lint", "test", "rules"])
def test_rules_on_the_command_line_may_lie_anywhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    example = "examples: {pass: [{why: large, influencer: {followers: 20_000}}]}"
    write(elsewhere, {"ours.yaml": pack(rule("big", "influencer.followers > 10_000", example))})
    for path in (elsewhere, elsewhere / "ours.yaml"):
        done = run(command, str(path))
        assert (done.code, done.err) == (0, "")
        assert "1 rule" in done.out


@pytest.mark.parametrize("command", ["lint", "test", "rules"])
@pytest.mark.parametrize("path", ["missing.yaml", "../missing.yaml", "/missing/rules", "wrods"])
def test_rules_that_are_missing_are_called_missing(folder: Path, command: str, path: str) -> None:
    done = run(command, path)
    assert done.code == 2
    assert f'is called "{path}"' in done.said
    assert "outside" not in done.said
    assert ("words" in done.said) is (path == "wrods")


def test_changed_thresholds_are_said(project: Path) -> None:
    write(
        project,
        {
            "checker.yaml": """\
rules:
  audience-age: {params: {minimum: 0.6}, because: the board asked}
  growth: {enabled: false, because: too noisy}
  content: {severity: note, because: a test}
"""
        },
    )
    done = run("check", "--as-of", AS_OF, "-o", "json")
    changed = {each["rule"]: each["because"] for each in done.report()["changed"]}
    assert changed == {
        "audience-age": "the board asked",
        "growth": "too noisy",
        "content": "a test",
    }
    assert json.dumps(done.report())
    text = run("check", "--as-of", AS_OF).out
    for because in changed.values():
        assert because in text[text.index("\nChanged") :]
