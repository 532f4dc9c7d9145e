from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import AS_OF, run, subjects, write

RULE = """\
  - id: {}
    title: a
    scope: influencer
    severity: error
    source: ours
    require: {}
    fail: too few
"""
RULES = "pack: ours\nversion: 1.0.0\ntitle: Ours\nrules:\n" + "".join(
    RULE.format(*each)
    for each in (
        ("known-share", "influencer.audience.credibility >= 0.5"),
        ("large", "influencer.followers >= 1000"),
        ("any", "influencer.followers >= 1"),
    )
)
CONFIG = "packs: [ours.yaml]\n"
BRIEF: dict[str, Any] = {
    "id": "spring",
    "title": "Spring",
    "brand": {"id": "b", "name": "B", "category": "hair"},
    "shortlist": "people.csv",
}
PEOPLE = "handle,platform,followers\n@jo,instagram,10\n@al,instagram,2000\n"


@pytest.fixture
def project(folder: Path) -> Path:
    write(folder, {"ours.yaml": RULES, "checker.yaml": CONFIG, "people.csv": PEOPLE})
    write(folder, {"a.brief.json": BRIEF})
    return folder


def checked(*args: str) -> Any:
    done = run("check", "--as-of", AS_OF, "-o", "json", *args)
    assert done.code in (0, 1, 4), done.said
    return done.report()


@pytest.mark.parametrize("form", ["json", "baseline"])
def test_what_is_known_fails_nothing_and_what_is_gone_is_named(project: Path, form: str) -> None:
    assert run("check", "--as-of", AS_OF, "-o", f"{form}=old.json").code == 1
    report = checked("--baseline", "old.json")
    assert report["verdict"] == "pass" and not report["warnings"]
    write(project, {"people.csv": PEOPLE.replace(",10\n", ",5000\n") + "@cy,instagram,3\n"})
    report = checked("--baseline", "old.json")
    found = {name: each["verdict"] for name, each in subjects(report).items()}
    assert found == {"@jo": "pass", "@al": "pass", "@cy": "fail"}
    (warning,) = report["warnings"]
    assert warning["code"] == "baseline-gone"
    assert "large on instagram/jo (fail)" in warning["message"]
    assert "Known" in run("check", "--as-of", AS_OF, "--baseline", "old.json").out


@pytest.mark.parametrize("form", ["json", "baseline"])
@pytest.mark.parametrize("renamed", ["id", "file"])
def test_a_renamed_brief_keeps_its_baseline(project: Path, form: str, renamed: str) -> None:
    run("check", "--as-of", AS_OF, "-o", f"{form}=old.json")
    if renamed == "id":
        write(project, {"a.brief.json": {**BRIEF, "id": "summer"}})
    else:
        (project / "a.brief.json").rename(project / "b.brief.json")
    report = checked("--baseline", "old.json")
    assert report["verdict"] == "pass" and not report["warnings"]


def test_what_is_no_baseline_is_refused(project: Path) -> None:
    for text in (
        *("", "{}", "[]", "3", "nonsense"),
        '{"checker_baseline": 1}',
        '{"checker_baseline": 1, "briefs": [{}]}',
        '{"checker_baseline": 2, "briefs": []}',
        '{"schema_version": "2.0"}',
        '{"schema_version": "3.0", "reports": []}',
    ):
        write(project, {"old.json": text.encode()})
        done = run("check", "--as-of", AS_OF, "--baseline", "old.json")
        assert done.code == 3 and "old.json" in done.err, (text, done.said)


def test_it_is_small(project: Path) -> None:
    rows = "".join(f"@person{number},instagram,10\n" for number in range(500))
    write(project, {"people.csv": PEOPLE + rows})
    run("check", "--as-of", AS_OF, "-o", "baseline=old.json", "-o", "json=report.json")
    small, whole = ((project / name).stat().st_size for name in ("old.json", "report.json"))
    assert small < 60 * 500 and small < whole / 10
    assert json.loads((project / "old.json").read_text("utf-8"))["checker_baseline"] == 1
