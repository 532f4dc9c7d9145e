from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from click.testing import Result

from checker.cli.init import CONFIGURATION, FILES, STARTER, WORKFLOW

Run = Callable[..., Result]


def test_writes_a_first_project(run: Run) -> None:
    result = run("init")
    assert result.exit_code == 0
    assert {path.name for path in Path().iterdir()} == {
        *FILES,
        CONFIGURATION,
        ".github",
    }
    assert WORKFLOW.is_file()
    assert result.stdout.endswith("Next: checker check\n")
    brief = Path("brief.yaml").read_text("utf-8")
    assert "{start}" not in brief
    assert f"start: {date.today().year}" in brief or f"start: {date.today().year + 1}" in brief


def test_overwrites_nothing_and_says_so(run: Run) -> None:
    Path("brief.yaml").write_text("mine", "utf-8")
    result = run("init")
    assert result.exit_code == 0
    assert Path("brief.yaml").read_text("utf-8") == "mine"
    assert "kept    brief.yaml (it was there already)" in result.stdout
    assert "wrote   checker.yaml" in result.stdout


def test_the_workflow_stands_where_it_is_run_from(run: Run) -> None:
    Path(".git").mkdir()
    result = run("init", "briefs/spring")
    assert f"wrote   {WORKFLOW}" in result.stdout
    assert not Path("briefs/spring/.github").exists()
    workflow = WORKFLOW.read_text("utf-8")
    assert "pip install campaign-checker" in workflow
    assert "checker check" in workflow
    WORKFLOW.write_text("mine", "utf-8")
    assert f"kept    {WORKFLOW} (it was there already)" in run("init", "briefs/autumn").stdout
    assert WORKFLOW.read_text("utf-8") == "mine"


def test_the_configuration_stands_where_every_brief_finds_it(run: Run) -> None:
    Path(".git").mkdir()
    assert "wrote   checker.yaml" in run("init", "briefs/spring").stdout
    assert "kept    checker.yaml (it was there already)" in run("init", "briefs/autumn").stdout
    assert not list(Path("briefs").rglob("checker.yaml"))
    # One that holds for the new folder already is kept, and none is written that it would hide.
    Path("team").mkdir()
    Path("checker.yaml").rename("team/checker.yaml")
    assert "kept    team/checker.yaml" in run("init", "team/summer").stdout
    assert [path.as_posix() for path in Path().rglob("checker.yaml")] == ["team/checker.yaml"]


def test_outside_a_repository_the_configuration_stands_in_the_folder(run: Run) -> None:
    run("init", "spring")
    assert Path("spring/checker.yaml").is_file()
    assert not Path("checker.yaml").exists()


def test_names_the_next_command_for_a_folder(run: Run) -> None:
    result = run("init", "my briefs/spring")
    assert "Next: checker check 'my briefs/spring'" in result.stdout
    assert Path("my briefs/spring/shortlist.csv").is_file()


def test_a_folder_that_cannot_be_made(run: Run) -> None:
    Path("taken").write_text("", "utf-8")
    for folder in ("taken", "taken/below"):
        result = run("init", folder)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert [path.name for path in Path().iterdir()] == ["taken"]


def test_every_row_of_the_starter_is_whole() -> None:
    with (STARTER / "shortlist.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(header)}


def test_the_starter_shows_a_pass_a_fail_and_an_unknown(run: Run) -> None:
    run("init")
    result = run("check", "-o", "json")
    assert result.exit_code == 1, result.stderr
    report = json.loads(result.stdout)["reports"][0]
    verdicts = {s["name"]: s["verdict"] for s in report["subjects"] if s["kind"] == "influencer"}
    assert verdicts == {
        "@maisie.braids": "pass",
        "@glamorously": "fail",
        "@northradio": "undecided",
    }
    others = {s["kind"]: s["verdict"] for s in report["subjects"] if s["kind"] != "influencer"}
    assert set(others.values()) == {"pass"}
    assert not report["warnings"]
