"""`checker new rule`: what it writes loads, holds and is sound; nothing is lost."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from checker import __version__
from checker.cli.group import checker
from checker.cli.new import SCOPES

SHIPPED_OUTSIDE_GIT = "packs: [rules/ours.yaml]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(checker, arguments)


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_written_is_sound(scope: str) -> None:
    done = run("new", "rule", "my-rule", "--scope", scope)
    assert done.exit_code == 0, done.output
    assert "rules/ours.yaml:6" in done.stdout
    for command in (("test",), ("lint",), ("test", "--mutate")):
        after = run(*command, "rules/ours.yaml")
        assert after.exit_code == 0, after.output
    linted = run("lint", "rules/ours.yaml").stdout
    assert "warning" not in linted


def test_a_second_rule_goes_to_the_end() -> None:
    run("new", "rule", "one")
    before = Path("rules/ours.yaml").read_text(encoding="utf-8")
    done = run("new", "rule", "two", "--scope", "brief")
    assert done.exit_code == 0, done.output
    after = Path("rules/ours.yaml").read_text(encoding="utf-8")
    assert after.startswith(before)
    listed = run("rules", "rules/ours.yaml").stdout
    assert "one" in listed
    assert "two" in listed


@pytest.mark.parametrize("name", ["Big", "big_enough", "-x", "1st", "", "a" * 65, "x: y"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    done = run("new", "rule", "--", name)
    assert done.exit_code == 2, done.output
    assert "no name for a rule" in done.stderr
    assert not Path("rules").exists()


def test_a_name_that_is_taken_is_refused() -> None:
    assert "audience-age" in run("new", "rule", "audience-age").stderr
    run("new", "rule", "mine")
    before = Path("rules/ours.yaml").read_bytes()
    done = run("new", "rule", "mine")
    assert done.exit_code == 2
    assert 'there is a rule "mine" already' in done.stderr
    assert Path("rules/ours.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pack: a\nversion: 1.0.0\ntitle: A\nrules: []\n", "none can be added"),
        ("pack: a\nversion: 1.0.0\n", "title"),
        ("\xff", "UTF-8"),
    ],
)
def test_a_file_that_cannot_take_it_stays_as_it_is(text: str, says: str) -> None:
    Path("mine.yaml").write_bytes(text.encode("latin-1"))
    done = run("new", "rule", "mine", "--in", "mine.yaml")
    assert done.exit_code == 2
    assert says in done.stderr
    assert Path("mine.yaml").read_bytes() == text.encode("latin-1")


def test_a_folder_is_no_file() -> None:
    Path("rules").write_text("a file")
    done = run("new", "rule", "mine")
    assert done.exit_code == 3 or done.exit_code == 2, done.output
    assert "Traceback" not in done.output


def test_a_project_of_packs_is_sound_and_keeps_what_is_there(folder: Path) -> None:
    done = run("new", "pack-project", "acme-rules")
    assert done.exit_code == 0, done.output
    place = folder / "acme-rules"
    made = tomllib.loads((place / "pyproject.toml").read_text(encoding="utf-8"))
    assert made["project"]["entry-points"]["checker.packs"] == {"acme-rules": "acme_rules"}
    workflow = (place / ".github/workflows/packs.yml").read_text(encoding="utf-8")
    assert f"campaign-checker=={__version__}" in workflow
    assert not any("{module}" in each.read_text() for each in place.rglob("*") if each.is_file())
    with contextlib.chdir(place):
        for command in ("lint", "test", "rules"):
            after = run(command)
            assert after.exit_code == 0, after.output
            assert "warning:" not in after.output
    (place / "README.md").write_text("ours")
    assert "kept    acme-rules/README.md" in run("new", "pack-project", "acme-rules").output
    assert (place / "README.md").read_text() == "ours"


@pytest.mark.parametrize("name", ["law", "handbook", "tiers", "Acme", "a_b", "../x", "", "a" * 65])
def test_a_name_that_is_none_for_a_project_is_refused(name: str) -> None:
    done = run("new", "pack-project", "--", name)
    assert done.exit_code == 2, done.output
    assert "no name for a project" in done.output
