"""Of several briefs, one that cannot be used hides nothing of the others."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker import api
from checker.cli.group import checker as command
from checker.model.diagnostics import InputError

SAMPLES = Path(__file__).parents[2] / "samples"
DAY = date(2026, 3, 2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SAMPLES / "bramble/spring", tmp_path / "b/spring")
    shutil.copy(SAMPLES / "bramble/brand.json", tmp_path / "b/brand.json")
    for name, text in (("a", "titel: x\n"), ("c", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "brief.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_brief_has_its_report() -> None:
    reports = api.check_briefs([Path()], as_of=DAY)
    assert [report.verdict for report in reports] == ["invalid", "fail", "invalid"]
    assert api.exit_code(reports) == 3
    assert "titel" in reports[0].subjects[0].diagnostics[-1].message


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["json", "text", "sarif", "junit", "github", "gitlab", "markdown"])
def test_every_format_names_each(name: str) -> None:
    done = CliRunner().invoke(command, ["check", "--as-of", "2026-03-02", "-o", name])
    assert done.exit_code == 3
    for said in ("a/brief.yaml", "c/brief.yaml", "titel"):
        assert said in done.stdout
    if name == "json":
        assert json.loads(done.stdout)["verdict"] == "invalid"


@pytest.mark.usefixtures("folder")
def test_the_only_brief_is_refused_plainly() -> None:
    with pytest.raises(InputError, match="titel"):
        api.check_briefs([Path("a")], as_of=DAY)


def test_no_rule_in_force_is_nothing_checked(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "bramble", tmp_path / "bramble")
    (tmp_path / "bramble/checker.yaml").write_text("packs: [words]\n")
    with pytest.raises(InputError, match="no rule is in force"):
        api.check_briefs([tmp_path / "bramble/spring"], as_of=DAY)
    with pytest.raises(InputError, match="no rule is in force"):
        people = [tmp_path / "bramble/spring/influencers/thecurledit.json"]
        api.check_without_brief(tmp_path / "bramble/brand.json", people, as_of=DAY)
