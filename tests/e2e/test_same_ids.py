"""Rules of one name in two packs: both judge, and each is named by its pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.test_nested_configuration import BRIEF, OURS
from tests.e2e.world import outcomes, run, subjects, write

NORTH = OURS.replace("pack: ours", "pack: north")
SOUTH = OURS.replace("pack: ours", "pack: south").replace("50_000", "10_000")
SOUTH = SOUTH.replace("49_999", "9_999")
# A shipped rule has this name.
MINE = OURS.replace("not-tiny", "audience-age")
TWO = "packs: [handbook, north.yaml, south.yaml]\n"
ONE = "packs: [handbook, ours.yaml]\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with packs that share a rule's name with one another, and with a shipped one."""
    monkeypatch.chdir(tmp_path)
    packs = {"north.yaml": NORTH, "south.yaml": SOUTH, "ours.yaml": MINE}
    write(tmp_path, {".git/HEAD": "", "brief.yaml": BRIEF, **packs})
    return tmp_path


def rules_of(configuration: str) -> dict[str, str]:
    write(Path(), {"checker.yaml": configuration})
    done = run("check", "-o", "json", "--as-of", "2026-03-02")
    assert done.code in (1, 4), done.said
    return outcomes(subjects(done.report())["@p"])


def test_both_judge_and_each_is_named_by_its_pack() -> None:
    found = rules_of(TWO)
    assert found["north/not-tiny"] == "fail"
    assert found["south/not-tiny"] == "pass"
    assert "not-tiny" not in found
    assert rules_of("packs: [north.yaml]\n") == {"not-tiny": "fail"}


def test_a_shipped_rule_breaks_none_of_its_name() -> None:
    found = rules_of(ONE)
    assert found["ours/audience-age"] == "fail"
    assert found["alignment/audience-age"] == "skipped"
    for name in ("audience-age", "ours/audience-age"):
        off = rules_of(f"{ONE}rules: {{{name}: {{enabled: false, because: asked for}}}}\n")
        assert "ours/audience-age" not in off
        assert "alignment/audience-age" in off
    said = run("check", "--as-of", "2026-03-02").said
    assert "several packs" not in said
    write(Path(), {"checker.yaml": f"{ONE}rules: {{audience-age: {{enabled: false, because: a}}}}"})
    assert 'several packs have a rule "audience-age"; this is about ours/' in " ".join(
        run("check", "--as-of", "2026-03-02").said.split()
    )


def test_a_waiver_covers_the_one_that_it_names() -> None:
    waiver = (
        "waivers: [{rule: %s, subject: '@p', status: fail, reason: agreed, owner: Jo, "
        "expires: 2026-04-01}]\n"
    )
    write(Path(), {"checker.yaml": TWO + waiver % "north/not-tiny"})
    done = run("check", "-o", "json", "--as-of", "2026-03-02")
    (waived,) = [o for o in subjects(done.report())["@p"]["outcomes"] if "waiver" in o]
    assert waived["rule"] == "north/not-tiny"
    write(Path(), {"checker.yaml": TWO + waiver % "not-tiny"})
    done = run("check", "--as-of", "2026-03-02")
    assert done.code == 2
    assert "Write north/not-tiny or south/not-tiny." in done.err


def test_a_rule_may_always_be_named_with_its_pack() -> None:
    off = "packs: [handbook, north.yaml]\nrules: {%s: {enabled: false, because: asked for}}\n"
    for name in ("north/not-tiny", "not-tiny"):
        assert "not-tiny" not in rules_of(off % name)
    assert "audience-age" not in rules_of(off % "alignment/audience-age")
    assert run("explain", "north/not-tiny").code == 0
    write(Path(), {"checker.yaml": TWO})
    assert "10,000" in run("explain", "south/not-tiny").out
    assert "north/not-tiny or south/not-tiny" in run("explain", "not-tiny").err


def test_every_command_reads_both() -> None:
    write(Path(), {"checker.yaml": TWO})
    for command in (("rules",), ("lint",), ("test",), ("rules", "-o", "markdown")):
        assert run(*command).code == 0
    for form in ("text", "markdown", "html", "sarif", "junit", "github", "gitlab", "csv"):
        done = run("check", "-o", form, "--as-of", "2026-03-02")
        assert done.code in (1, 4), done.said


def test_a_fact_of_ones_own_stands_for_a_shipped_one() -> None:
    fact = "facts: [{name: tier, title: Size, value: influencer.followers}]\nrules:"
    write(Path(), {"north.yaml": NORTH.replace("rules:", fact)})
    write(Path(), {"checker.yaml": "packs: [handbook, north.yaml]\n"})
    report = run("check", "-o", "json", "--as-of", "2026-03-02").report()
    assert subjects(report)["@p"]["facts"]["tier"]["title"] == "Size"
