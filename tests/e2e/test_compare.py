from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, Done, run, write
from tests.reporting.books import texts_of

RULES = """\
pack: ours
version: 1.0.0
title: Ours
facts:
  - {name: followers, title: Followers, value: influencer.followers}
rules:
  - id: large
    title: Somebody whom many follow
    scope: influencer
    severity: error
    source: ours
    require: influencer.followers >= 1000
    fail: >-
      has only {influencer.followers:number}
"""
HEAD = "handle,platform,followers,fee,currency,state,note\n"
OLD = {
    "@stays": "2000,300,GBP,proposed,",
    "@falls": "2000,300,GBP,proposed,",
    "@rises": "10,300,GBP,proposed,",
    "@leaves": "2000,300,GBP,proposed,",
    "@dropped": "2000,300,GBP,proposed,",
    "@dearer": "2000,300,GBP,proposed,",
}
NEW = OLD | {
    "@falls": "20,300,GBP,proposed,",
    "@rises": "1000,300,GBP,proposed,",
    "@dropped": "2000,300,GBP,dropped,too late",
    "@dearer": "2000,350,GBP,agreed,",
    "@comes": "3000,1,GBP,proposed,",
}
del NEW["@leaves"]
SAID = {
    "now fails": r"@falls: was pass; followers 2,000 -> 20; large: has only 20",
    "now passes": r"@rises: was fail; followers 10 -> 1,000; no longer: large: has only 10",
    "came": r"@comes: pass",
    "went": r"@leaves: was pass",
    "dropped": r"@dropped: was pass; too late",
    "changed": r"@dearer: fee 300 GBP -> 350 GBP; state proposed -> agreed",
}


def people(rows: dict[str, str]) -> str:
    return HEAD + "".join(f"{handle},instagram,{rest}\n" for handle, rest in rows.items())


def brief(**more: Any) -> dict[str, Any]:
    return {
        "id": "spring",
        "title": "Spring",
        "brand": {"id": "b", "name": "B", "category": "hair"},
        "shortlist": "people.csv",
        **more,
    }


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, {"ours.yaml": RULES, "checker.yaml": "packs: [ours.yaml]\n"})
    for name, rows in (("old", OLD), ("new", NEW)):
        write(folder, {f"{name}/brief.json": brief(), f"{name}/people.csv": people(rows)})
        run("check", name, "--as-of", AS_OF, "-o", f"json={name}.json")
    return folder


def compared(*args: str) -> Done:
    return run("compare", *args, "--as-of", AS_OF)


@pytest.mark.parametrize("sides", [("old.json", "new.json"), ("old", "new"), ("old.json", "new")])
def test_who_came_went_and_turned_and_why(project: Path, sides: tuple[str, str]) -> None:
    done = compared(*sides)
    assert done.code == 0
    text = " ".join(done.out.split())
    for change, said in SAID.items():
        assert f"{change} (1) {said}" in text, done.out
    assert "@stays" not in text
    assert compared(*sides, "--exit-code").code == 1
    assert compared(*reversed(sides), "--exit-code").code == 1
    same = compared(sides[0], sides[0], "--exit-code")
    assert same.code == 0 and "nothing changed" in same.out


def test_as_markdown_and_as_a_workbook(project: Path) -> None:
    shown = compared("old", "new", "-o", "markdown").out
    assert "| **now fails** | was pass; followers 2,000" in shown
    assert compared("old", "new", "-o", "xlsx=c.xlsx").code == 0
    texts = texts_of((project / "c.xlsx").read_bytes()).splitlines()
    assert {"@falls", "@comes", "@leaves", "now fails", "came"} <= set(texts)


def test_revisions_have_their_own_records_and_rules(project: Path) -> None:
    (project / ".git").rmdir()
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "first")):
        subprocess.run([*git, *words], cwd=project, check=True, capture_output=True)
    write(project, {"old/people.csv": people(NEW)})
    text = " ".join(compared("HEAD:old", "old").out.split())
    assert all(f"{change} (1) {said}" in text for change, said in SAID.items())
    assert "nothing changed" in compared("HEAD:new", "new").out
    for side in ("HEAD:nowhere", "norevision", "HEAD:../out"):
        assert compared(side, "old").code == 2


def test_briefs_that_are_new_gone_or_renamed(project: Path) -> None:
    write(project, {"new/more/brief.json": brief(id="summer", title="Summer", shortlist=[])})
    done = compared("old", "new")
    assert "Summer: new" in done.out
    assert "Summer: not there any more" in compared("new", "old").out


def test_what_is_no_report_is_refused(project: Path) -> None:
    whole = json.loads((project / "old.json").read_text("utf-8"))
    broken = ({"schema_version": "9.0", "reports": []}, {"schema_version": "2.0", "reports": [3]})
    for content in (*broken, {**whole, "reports": [{"brief": "x"}]}):
        write(project, {"odd.json": content})
        done = compared("odd.json", "new")
        assert done.code == 3 and "odd.json" in done.err, done.said
    assert compared("missing.json", "new").code in (2, 3)
    for form in ("xlsx", "pdf", "xlsx=old.json"):
        assert compared("old.json", "new", "-o", form).code == 2
