from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from checker.model.diagnostics import Diagnostic, InputError, Position, RulesError
from tests.cli.conftest import FakeApi
from tests.reporting.fakes import spring

Run = Callable[..., Result]


def files() -> list[str]:
    """Return what the test's folder holds."""
    return sorted(path.name for path in Path().iterdir())


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_the_exit_code_is_the_reports(api: FakeApi, run: Run, code: int) -> None:
    api.code = code
    result = run("check")
    assert result.exit_code == code
    assert f"(exit {code})" in result.stdout
    assert result.stderr == ""


def test_without_a_brief_the_folder_is_checked(api: FakeApi, run: Run) -> None:
    run("check")
    assert api.called["paths"] == [Path()]
    assert api.called["as_of"] == date.today()
    assert api.called["fail_on"] == "undecided"


def test_options_reach_the_api(api: FakeApi, run: Run) -> None:
    run("check", "a", "b", "--as-of", "2026-03-02", "--fail-on", "warning")
    assert api.called == {
        "paths": [Path("a"), Path("b")],
        "as_of": date(2026, 3, 2),
        "explain_all": False,
        "fail_on": "warning",
    }


@pytest.mark.parametrize(
    ("args", "explained"),
    [
        ([], False),
        (["--all"], True),
        (["-o", "json"], "open"),
        (["-o", "text", "-o", "json=report.json"], "open"),
        (["-o", "html"], True),
        (["-o", "markdown", "-o", "csv=report.csv"], False),
        (["-o", "questions"], "open"),
        (["-o", "text=report.txt"], False),
    ],
)
def test_passes_are_explained_where_they_are_shown(
    api: FakeApi, run: Run, args: list[str], explained: object
) -> None:
    run("check", *args)
    assert api.called["explain_all"] is explained
    run("check", *args, "--brand", "b.yaml", "--influencer", "i.json")
    assert api.called["explain_all"] is explained


def test_the_hint_repeats_the_command(api: FakeApi, run: Run) -> None:
    result = run("check", "my briefs", "--as-of", "2026-03-02")
    assert "checker check 'my briefs' --as-of 2026-03-02 --all" in result.stdout
    assert "--all" not in run("check", "--all").stdout


def test_brand_and_influencer(api: FakeApi, run: Run) -> None:
    result = run("check", "--brand", "b.yaml", "--influencer", "i.json", "--influencer", "j.json")
    assert result.exit_code == 1
    assert api.called["brand"] == Path("b.yaml")
    assert api.called["influencers"] == [Path("i.json"), Path("j.json")]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--nope"], "No such option"),
        (["--as-of", "20260302"], "write it as 2026-03-02"),
        (["--as-of", "2026-02-30"], "not in the calendar"),
        (["--as-of", "tomorrow"], "write it as 2026-03-02"),
        (["--fail-on", "note"], "undecided"),
        (["-o", "jsn"], 'did you mean "json"?'),
        (["-o", "excel"], "write one of text, json"),
        (["-o", "json="], "names no file"),
        (["-o", "text", "-o", "json"], "only one -o"),
        (["-o", "text", "-o", "json=-"], "only one -o"),
        (["-o", "json=missing/r.json"], "does not exist"),
        (["-o", "json=."], "is a folder"),
        (["-o", "json=r", "-o", "text=r"], "named twice"),
        (["brief.yaml", "-o", "json=./brief.yaml"], "is an input"),
        (["a", "--brand", "b"], "not both"),
        (["--influencer", "i"], "needs the brand"),
        (["--brand", "b"], "needs whom"),
    ],
)
def test_usage_errors_come_before_the_work(
    api: FakeApi, run: Run, args: list[str], message: str
) -> None:
    result = run("check", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert api.called == {}


def test_formats_go_where_they_are_sent(api: FakeApi, run: Run) -> None:
    result = run("check", "-o", "text", "-o", "json=report.json", "-o", "text=report.txt")
    assert result.stdout.startswith("Spring ribbons")
    assert json.loads(Path("report.json").read_text("utf-8"))["verdict"] == "fail"
    assert Path("report.txt").read_text("utf-8") == result.stdout
    assert files() == ["report.json", "report.txt"]


def test_json_to_standard_output(api: FakeApi, run: Run) -> None:
    result = run("check", "-o", "json")
    assert json.loads(result.stdout)["schema_version"].startswith("2.")


def test_a_file_alone_leaves_standard_output_empty(api: FakeApi, run: Run) -> None:
    assert run("check", "-o", "json=report.json").stdout == ""
    assert Path("report.json").is_file()


def test_the_same_run_gives_the_same_bytes(api: FakeApi, run: Run) -> None:
    first, second = (run("check", "--as-of", "2026-03-02").stdout_bytes for _ in range(2))
    assert first == second


def test_a_failed_run_leaves_the_old_file(api: FakeApi, run: Run) -> None:
    Path("report.json").write_text("old", "utf-8")
    api.error = ValueError("boom")
    assert run("check", "-o", "json=report.json").exit_code == 70
    assert Path("report.json").read_text("utf-8") == "old"
    assert files() == ["report.json"]


def test_all_files_or_none(api: FakeApi, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: str) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    result = run("check", "-o", "json=report.json")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
    assert "No space left" in result.stderr
    assert files() == []


def test_a_file_keeps_its_permissions_and_its_link(api: FakeApi, run: Run) -> None:
    Path("real.json").write_text("old", "utf-8")
    Path("real.json").chmod(0o600)
    Path("link.json").symlink_to("real.json")
    run("check", "-o", "json=link.json")
    assert Path("link.json").is_symlink()
    assert Path("real.json").stat().st_mode & 0o777 == 0o600
    assert Path("real.json").read_text("utf-8").startswith("{")


def test_what_is_wrong_goes_to_stderr_with_its_code(api: FakeApi, run: Run) -> None:
    wrong = Diagnostic("x", "not a rule", Position("rules/ours.yaml", 3, 1), hint="mend it")
    api.error = RulesError([wrong])
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "rules/ours.yaml:3:1: error: not a rule\n  mend it\n"
    api.error = InputError([wrong] * 60)
    result = run("check")
    assert result.exit_code == 3
    assert "and 10 more" in result.stderr


def test_an_internal_error_is_one_line(api: FakeApi, run: Run) -> None:
    api.error = ZeroDivisionError("a\x1b[2J\nb")
    result = run("check")
    assert result.exit_code == 70
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "internal error: ZeroDivisionError: a\\x1b[2J b" in result.stderr
    assert "Traceback" in run("--debug", "check").stderr


def test_environment_changes_nothing(
    api: FakeApi, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run("check").stdout
    for name in ("COLUMNS", "CHECKER_FAIL_ON", "CHECKER_CHECK_FAIL_ON", "CHECKER_AS_OF"):
        monkeypatch.setenv(name, "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run("check").stdout == plain


def test_several_briefs(api: FakeApi, run: Run) -> None:
    api.reports = [spring(), replace(spring(), title="Autumn")]
    result = run("check")
    assert "2 briefs: 2 fail. (exit 1)" in result.stdout
