"""The action's steps and the pre-commit hooks run for real, in a repository of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

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


def action() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return document


def run_steps(
    folder: Path, temporary: Path, **given: str
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
        if "run" not in step:
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
    listed = [{"id": name} for name in names]
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

    run(work, "git", "checkout", "-q", "HEAD", ".")
    note(work / "checker.yaml")
    run(work, "git", "add", "-A")
    rules = run(work, *command, "checker-rules", PRE_COMMIT_HOME=home)
    assert rules.returncode == 0, rules.stdout
    assert "Passed" in rules.stdout
