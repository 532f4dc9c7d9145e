"""Only the briefs that a change touches are checked, through whatever they rest on."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker import api
from checker.cli.group import checker
from checker.model.diagnostics import RulesError

SAMPLES = Path(__file__).parents[2] / "samples"
DAY = date(2026, 3, 2)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SAMPLES / "bramble", tmp_path / "bramble")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touched() -> dict[str, tuple[str, ...]]:
    reports = api.check_briefs([Path()], as_of=DAY, changed_since="HEAD", explain_all=False)
    return {
        report.brief.split("-")[1]: tuple(
            warning.message.split(": ")[1]
            for warning in report.warnings
            if warning.code == "edited-together"
        )
        for report in reports
    }


def append(path: str, text: str = "\n") -> None:
    with Path(path).open("a") as file:
        file.write(text)


EVERY = {"spring": (), "autumn": (), "gifting": ()}


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda: None, {}),
        (lambda: append("bramble/spring/brief.yaml", "# note\n"), {"spring": ()}),
        (lambda: append("bramble/spring/shortlist.csv"), {"spring": ()}),
        (lambda: append("bramble/spring/influencers/thecurledit.json"), {"spring": ()}),
        (lambda: append("bramble/brand.json"), EVERY),
        (lambda: append("bramble/checker.yaml", "# note\n"), EVERY),
        (lambda: Path("bramble/spring/influencers/new.json").write_text("{}"), {}),
        (lambda: Path("README.md").write_text("nothing that a brief reads"), {}),
    ],
)
def test_a_change_touches_what_rests_on_it(
    change: Callable[[], object], expected: dict[str, tuple[str, ...]]
) -> None:
    change()
    assert touched() == expected


@pytest.mark.usefixtures("repository")
def test_a_deleted_file_touches_every_brief() -> None:
    Path("README.md").write_text("x")
    git(Path(), "add", ".")
    git(Path(), "commit", "-qm", "more")
    Path("README.md").unlink()
    assert touched() == EVERY


@pytest.mark.usefixtures("repository")
def test_rules_edited_together_with_what_they_judge_are_named() -> None:
    append("bramble/checker.yaml", "# note\n")
    append("bramble/spring/brief.yaml", "# note\n")
    assert touched() == {**EVERY, "spring": ("bramble/checker.yaml",)}


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~99"])
def test_an_unknown_revision_is_refused(revision: str) -> None:
    with pytest.raises(RulesError, match="git knows no revision"):
        api.check_briefs([Path()], as_of=DAY, changed_since=revision)
    assert not Path("x").exists()


def test_before_the_first_commit_everything_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SAMPLES / "bramble", tmp_path / "bramble")
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    assert touched().keys() == EVERY.keys()


def test_outside_a_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SAMPLES / "bramble", tmp_path / "bramble")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(RulesError, match="no git repository"):
        api.check_briefs([Path()], as_of=DAY, changed_since="HEAD")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("names", "briefs"),
    [
        ((), set()),
        (("README.md",), set()),
        (("bramble/spring/brief.yaml",), {"spring"}),
        (("bramble/spring/shortlist.csv", "README.md"), {"spring"}),
        (("bramble/spring/influencers/thecurledit.json",), {"spring"}),
        (("bramble/spring/shortlist.csv", "bramble/gifting/brief.yaml"), {"spring", "gifting"}),
        (("bramble/brand.json",), set(EVERY)),
        (("bramble/checker.yaml", "bramble/spring/brief.yaml"), set(EVERY)),
    ],
)
def test_files_that_are_named_mean_the_briefs_that_rest_on_them(
    names: tuple[str, ...], briefs: set[str]
) -> None:
    Path("README.md").write_text("nothing that a brief reads")
    files = [Path(name) for name in names]
    found = api.check_briefs([Path()], as_of=DAY, files=files, explain_all=False)
    assert {report.brief.split("-")[1] for report in found} == briefs
    # Nobody says that they changed.
    assert not [w for report in found for w in report.warnings if w.code == "edited-together"]


@pytest.mark.usefixtures("repository")
def test_files_and_a_revision_mean_the_briefs_of_both() -> None:
    append("bramble/gifting/brief.yaml", "# note\n")
    files = [Path("bramble/spring/shortlist.csv")]
    found = api.check_briefs([Path()], as_of=DAY, files=files, changed_since="HEAD")
    assert {report.brief.split("-")[1] for report in found} == {"spring", "gifting"}


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["bramble/spring/nobody.csv"], 3, "nobody.csv: error: there is no such file"),
        (["bramble/spring"], 3, "this is a folder; name its files"),
        ([], 2, "--files needs the files"),
        ([""], 2, "a name is empty"),
        (["README.md"], 0, "no brief rests on one of these files"),
    ],
)
def test_what_files_cannot_be(arguments: list[str], code: int, words: str) -> None:
    Path("README.md").write_text("nothing that a brief reads")
    result = CliRunner().invoke(checker, ["check", "--files", *arguments])
    assert (result.exit_code, words in result.stderr) == (code, True), result.output
