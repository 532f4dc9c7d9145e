"""The action's steps and the pre-commit hooks run for real, in a repository of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.loading.documents import NDJSON_SUFFIXES, RECORD_SUFFIXES

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
NOT_PART = shutil.ignore_patterns(".git", ".venv", "dist", "*cache*", ".hypothesis", "node_modules")
_INPUT = re.compile(r"\$\{\{ (inputs|github)\.([a-z_-]+) \}\}")


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def note(path: Path) -> None:
    path.write_text(path.read_text() + "# a note\n")


def repository(folder: Path) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


def commit(folder: Path) -> None:
    run(folder, "git", "add", "-A")
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    run(folder, "git", *identity, "commit", "-qnm", "more")


def action() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return document


def run_steps(
    folder: Path, temporary: Path, *, only: str = "", **given: str
) -> list[subprocess.CompletedProcess[str]]:
    """Run the action's own steps as the platform does; `uses` steps are the platform's."""
    document = action()
    inputs = {name: str(each.get("default", "")) for name, each in document["inputs"].items()}
    inputs.update({name.replace("_", "-"): value for name, value in given.items()})

    def fill(text: str) -> str:
        known = {"inputs": inputs, "github": {"action_path": str(ROOT)}}
        return _INPUT.sub(lambda found: known[found[1]][found[2]], text)

    done = []
    for step in document["runs"]["steps"]:
        if "run" not in step or (only and step["name"] != only):
            continue
        assert "${{" not in step["run"], "an input would be pasted into the script"
        environment = {name: fill(value) for name, value in step["env"].items()}
        command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
        done.append(run(folder, *command, RUNNER_TEMP=str(temporary), **environment))
    return done


def test_the_steps_of_the_action_check_a_repository(tmp_path: Path) -> None:
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    shutil.copytree(SAMPLES / "bramble", work)
    temporary.mkdir()
    repository(work)
    installed, checked = run_steps(work, temporary, briefs="spring", as_of="2026-03-02")
    assert installed.returncode == 0, installed.stderr
    assert checked.returncode == 1, checked.stderr
    assert checked.stdout.startswith("::error ")
    reports = work / "checker-reports"
    assert sorted(path.name for path in reports.iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
        "report.sarif",
    ]
    assert json.loads((reports / "report.json").read_text())["verdict"] == "fail"
    # The same steps again, on nothing that changed, and with two folders, a line each.
    _, unchanged = run_steps(work, temporary, changed_since="HEAD", reports="reports2")
    assert unchanged.returncode == 0, unchanged.stderr
    _, several = run_steps(
        work, temporary, briefs="spring\nautumn", as_of="2026-03-02", redact="true"
    )
    assert several.returncode == 1, several.stderr
    assert "braids" not in several.stdout + (reports / "report.md").read_text()


@pytest.fixture
def check_step(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the step that checks, by the program as it is here."""
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    shutil.copytree(SAMPLES / "bramble", work)
    repository(work)
    program = temporary / "checker/bin/checker"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n')
    program.chmod(0o755)

    def check(**given: str) -> subprocess.CompletedProcess[str]:
        given = {"as_of": "2026-03-02", "reports": "../reports", **given}
        (done,) = run_steps(work, temporary, only="Check briefs", **given)
        return done

    return check


@pytest.mark.parametrize("name", ["redact", "upload_sarif"])
@pytest.mark.parametrize("value", ["yes", "", " true", "1", "on", "tRUE", "true\nfalse"])
def test_a_switch_is_true_or_false(
    check_step: Callable[..., subprocess.CompletedProcess[str]], name: str, value: str
) -> None:
    if name == "upload_sarif" and not value:
        return  # Nothing is sent, and nothing is shown.
    done = check_step(briefs="gifting", **{name: value})
    assert done.returncode == 2, done.stdout
    assert done.stdout.count("::error ") == 1
    assert "neither true nor false" in done.stdout
    assert "knotnow" not in done.stdout


@pytest.mark.parametrize(("value", "shown"), [("True", False), ("TRUE", False), ("False", True)])
def test_a_switch_may_be_in_capitals(
    check_step: Callable[..., subprocess.CompletedProcess[str]], value: str, shown: bool
) -> None:
    done = check_step(briefs="gifting", redact=value)
    assert done.returncode == 4, done.stderr
    assert ("knotnow" in done.stdout) is shown


@pytest.mark.parametrize(
    ("briefs", "code"),
    [
        ("gifting\n", 4),
        ("\n\n  gifting  \r\n \n", 4),
        ("\tgifting\n\tgifting/brief.yaml", 4),
        ("", 2),
        ("  ", 2),
        ("\n", 2),
        (" \n\t\r\n", 2),
        ("nowhere\n", 3),
    ],
)
def test_blanks_never_mean_the_whole_repository(
    check_step: Callable[..., subprocess.CompletedProcess[str]], briefs: str, code: int
) -> None:
    done = check_step(briefs=briefs)
    assert done.returncode == code, done.stdout + done.stderr
    assert "spring" not in done.stdout


def test_sarif_is_uploaded_only_where_it_is_asked_for() -> None:
    (upload,) = [step for step in action()["runs"]["steps"] if "uses" in step]
    assert action()["inputs"]["upload-sarif"]["default"] == "false"
    assert "inputs.upload-sarif == 'true'" in upload["if"]


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository of the project as it is, with its revision, for the hooks to come from."""
    project = tmp_path_factory.mktemp("hooks") / "project"
    shutil.copytree(ROOT, project, ignore=NOT_PART)
    return project, repository(project)


def test_the_hooks_run_on_what_changes(tmp_path: Path, hooks: tuple[Path, str]) -> None:
    project, revision = hooks
    work = tmp_path / "work"
    shutil.copytree(SAMPLES / "bramble", work)
    names = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    listed: list[dict[str, Any]] = [{"id": name} for name in names]
    listed[0]["args"] = ["--as-of", "2026-03-02"]
    config = {"repos": [{"repo": str(project), "rev": revision, "hooks": listed}]}
    (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    repository(work)
    home = str(tmp_path / "home")
    command = (sys.executable, "-m", "pre_commit", "run")

    note(work / "gifting/brief.yaml")
    run(work, "git", "add", "-A")
    undecided = run(work, *command, PRE_COMMIT_HOME=home)
    assert undecided.returncode == 1
    assert "Ribbons to try" in undecided.stdout
    assert "Spring ribbons" not in undecided.stdout
    assert "exit code: 4" in undecided.stdout

    # All files are all briefs, and a range is the briefs of its files, whatever is committed.
    commit(work)
    every = run(work, *command, "checker", "--all-files", PRE_COMMIT_HOME=home)
    assert "exit code: 1" in every.stdout
    assert "3 briefs: 2 fail, 1 undecided" in every.stdout
    (work / "README.md").write_text("Nothing that a brief reads.\n")
    commit(work)
    ranged = run(work, *command, "checker", *_range("HEAD~2"), PRE_COMMIT_HOME=home)
    assert ranged.returncode == 1
    assert "Ribbons to try" in ranged.stdout and "Spring ribbons" not in ranged.stdout
    last = run(work, *command, "checker", *_range("HEAD~1"), PRE_COMMIT_HOME=home)
    assert last.returncode == 0, last.stdout
    # What is deleted is passed by nobody, and touches every brief.
    (work / "spring/influencers/tinyknots.json").unlink()
    note(work / "gifting/brief.yaml")
    commit(work)
    deleted = run(work, *command, "checker", *_range("HEAD~1"), PRE_COMMIT_HOME=home)
    assert "Autumn clips" in deleted.stdout

    # Rules are looked at wherever a configuration stands.
    note(work / "checker.yaml")
    run(work, "git", "add", "-A")
    rules = run(work, *command, "checker-rules", PRE_COMMIT_HOME=home)
    assert rules.returncode == 0, rules.stdout
    assert "Passed" in rules.stdout
    (work / "gifting/checker.yaml").write_text("packs: [ours.yaml]\n")
    (work / "gifting/ours.yaml").write_text("pack: ours\n")
    run(work, "git", "add", "-A")
    nested = run(work, *command, "checker-rules", PRE_COMMIT_HOME=home)
    assert nested.returncode == 1
    assert "gifting/ours.yaml:1:1" in nested.stdout


def _range(first: str) -> tuple[str, ...]:
    return "--from-ref", first, "--to-ref", "HEAD"


def test_a_hook_starts_for_every_file_that_a_brief_may_read() -> None:
    patterns = {
        hook["id"]: hook["files"]
        for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    }
    for suffix in (".csv", *NDJSON_SUFFIXES, *RECORD_SUFFIXES):
        for name in (f"a/b{suffix}", f"A{suffix.upper()}"):
            assert re.search(patterns["checker"], name), name
    for name in ("checker.yaml", "rules/ours.yml", "team/ours.yaml", "waivers.yaml"):
        assert re.search(patterns["checker-rules"], name), name
