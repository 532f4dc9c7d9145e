"""`checker diff`: the verdicts that flip between two versions of rules, and only those."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from checker import api
from checker.cli.group import checker
from checker.loading.data_files import rules_folder

SAMPLES = Path(__file__).parents[2] / "samples"
DAY = "2026-03-02"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bramble's briefs without a configuration, and two versions of one pack."""
    shutil.copytree(SAMPLES / "bramble", tmp_path / "bramble")
    (tmp_path / "bramble/checker.yaml").unlink()
    old = (rules_folder() / "alignment.yaml").read_text(encoding="utf-8")
    (tmp_path / "old.yaml").write_text(old, encoding="utf-8")
    new = old.replace("minimum: {default: 0.5", "minimum: {default: 0.3")
    assert new != old
    (tmp_path / "new.yaml").write_text(new, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(checker, ["diff", "--as-of", DAY, *arguments])


def found(*arguments: str) -> Any:
    done = run(*arguments, "-o", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def verdicts(pack: str) -> dict[tuple[str, str, str], str]:
    """Return every verdict of a check with one pack alone."""
    Path("bramble/checker.yaml").write_text(f"packs: [../{pack}]\n", encoding="utf-8")
    Path(".git").mkdir(exist_ok=True)
    reports = api.check_briefs([Path("bramble")], as_of=date.fromisoformat(DAY))
    Path("bramble/checker.yaml").unlink()
    Path(".git").rmdir()
    return {
        (report.brief, kind, identity): verdict
        for report in reports
        for kind, identity, verdict in (
            ("whole", report.brief, report.verdict),
            *((each.kind, each.id, each.verdict) for each in report.subjects),
        )
    }


def test_it_names_the_verdicts_that_flip_and_only_those(project: Path) -> None:
    before, after = verdicts("old.yaml"), verdicts("new.yaml")
    expected = {
        (key[1], key[2], before[key], after[key]) for key in before if before[key] != after[key]
    }
    assert expected
    listed = found("old.yaml", "new.yaml", "--records", "bramble")
    got = {(each["kind"], each["id"], each["old"], each["new"]) for each in listed["verdicts"]}
    assert got == expected
    assert {each["rule"] for each in listed["outcomes"]} <= set(listed["edited"])
    assert listed["added"] == listed["removed"] == []


def test_it_says_which_rules_come_and_go(project: Path) -> None:
    both = found("old.yaml", str(rules_folder() / "budget.yaml"), "--records", "bramble")
    assert "audience-age" in both["removed"]
    assert "cost-per-influencer" in both["added"]
    turned = [each for each in both["outcomes"] if each["rule"] == "audience-age"]
    assert turned
    assert all(each["new"] is None for each in turned)


def test_rules_that_cannot_hold_for_the_briefs_are_not_called_removed(project: Path) -> None:
    jo = {"id": "jo", "handle": "@jo", "platform": "instagram", "followers": 20_000}
    brand = {"id": "x", "name": "X", "category": "knitwear"}
    brief = {"id": "s", "title": "S", "brand": brand, "markets": ["GB"], "shortlist": [jo]}
    (project / "s.json").write_text(json.dumps(brief), encoding="utf-8")
    law = str(rules_folder() / "law")
    both = found(law, "--records", "s.json")
    assert both["removed"] == []
    assert "audience-age" in both["added"]
    # Other markets, other categories, and posts, of which the brief has none.
    (project / "checker.yaml").write_text("packs: [law]\n", encoding="utf-8")
    both = found(law, "--records", "s.json")
    assert both["added"] == both["removed"] == both["edited"] == both["outcomes"] == []
    (project / "checker.yaml").write_text("packs: [alcohol-au, disclosure-gb]\n", "utf-8")
    both = found(law, "--records", "s.json")
    assert {"gambling-age-gb", "label-us"} <= set(both["removed"])
    assert not {"alcohol-audience-au", "label-gb"} & set(both["removed"])


def test_the_same_rules_change_nothing(project: Path) -> None:
    done = run("old.yaml", "old.yaml", "--records", "bramble", "--exit-code")
    assert done.exit_code == 0
    assert "nothing comes out otherwise" in done.stdout


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_people_read_who_and_why(project: Path, form: str) -> None:
    done = run("old.yaml", "new.yaml", "--records", "bramble", "-o", form, "--exit-code")
    assert done.exit_code == 1
    plain = " ".join(done.stdout.split())
    assert "gadgetgav" in plain
    assert "at least 30% is needed" in plain


def git(*arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def test_a_revision_is_what_was_in_force_then(project: Path) -> None:
    config = Path("bramble/checker.yaml")
    config.write_text("packs: [../old.yaml]\n", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "before")
    assert found("HEAD", "--records", "bramble")["verdicts"] == []
    config.write_text("packs: [../new.yaml]\n", encoding="utf-8")
    since = found("HEAD", "--records", "bramble")
    files = found("old.yaml", "new.yaml", "--records", "bramble")
    assert since["verdicts"] == files["verdicts"] != []
    assert found("HEAD:old.yaml", "new.yaml")["verdicts"] == files["verdicts"]
    Path("old.yaml").write_text("pack: [", encoding="utf-8")
    assert found("HEAD:old.yaml", "new.yaml")["verdicts"] == files["verdicts"]


def test_a_mistake_in_an_old_version_names_the_revision(project: Path) -> None:
    Path("old.yaml").write_text("pack: old\nversion: 1\n", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "broken")
    done = run("HEAD:old.yaml", "new.yaml", "--records", "bramble")
    assert done.exit_code == 2
    assert "HEAD:old.yaml" in done.stderr
    assert "/tmp" not in done.stderr


@pytest.mark.parametrize("old", ["nosuch", "nosuch.yaml", "-x", "HEAD"])
def test_what_is_no_version_is_refused(project: Path, old: str) -> None:
    done = run("--records", "bramble", "--", old, "new.yaml")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert old in done.stderr


@pytest.mark.parametrize("inside", ["nowhere.yaml", "../rules", "/etc"])
def test_a_path_that_a_revision_has_not_is_refused(project: Path, inside: str) -> None:
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "First")
    done = run(f"main:{inside}", "rules", "--records", ".")
    assert done.exit_code == 2
    assert f'there is no rule file or folder "{inside}" at main' in done.stderr
    assert "checker-" not in done.stderr


def test_records_that_cannot_be_used_are_named(project: Path) -> None:
    Path("bramble/spring/brief.yaml").write_text("id: [", encoding="utf-8")
    done = run("old.yaml", "new.yaml", "--records", "bramble")
    assert done.exit_code == 3
    assert "bramble/spring/brief.yaml" in done.stderr
    assert "beardandbun" in done.stdout
