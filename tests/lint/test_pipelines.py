"""`checker lint` in a pipeline: its formats, its exit codes, and packs that changed unseen."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from tests.ci.test_changed_since import git
from tests.e2e.test_nested_configuration import OURS
from tests.e2e.world import run, write
from tests.reporting.test_sarif import SCHEMA

WARNED = OURS.replace("    fix: Take another.\n", "")
BROKEN = OURS.replace("influencer.followers", "influencer.folowers", 1)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a pack in a folder, committed."""
    write(tmp_path, {"rules/ours.yaml": OURS, "checker.yaml": "packs: [rules]\n"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (OURS, "warning", 0),
        (WARNED, "error", 0),
        (WARNED, "warning", 1),
        (BROKEN, "error", 2),
        (BROKEN, "warning", 2),
    ],
)
def test_every_format_has_what_is_wrong_and_one_code(
    repository: Path, text: str, fail_on: str, code: int
) -> None:
    write(repository, {"rules/ours.yaml": text})
    os.chdir("rules")
    made = {}
    for form in ("text", "json", "sarif", "github"):
        done = run("lint", "-o", form, "--fail-on", fail_on)
        assert done.code == code, done.said
        made[form] = done.out
    found = json.loads(made["json"])["diagnostics"]
    log = json.loads(made["sarif"])
    Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(log)
    (one,) = log["runs"]
    assert len(one["results"]) == len(found) == len(made["github"].splitlines())
    if text is not OURS:
        place = one["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "rules/ours.yaml"
        assert place["region"]["startLine"] == found[0]["position"]["line"]
        kind = "error" if text is BROKEN else "warning"
        assert made["github"].startswith(f"::{kind} file=rules/ours.yaml,line=")


STILL = "the pack ours has changed, and its version is 1.0.0 still"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OURS, ""),
        ("# a note\n" + OURS.replace("title: Ours", 'title: "Ours"'), ""),
        (OURS.replace("50_000", "60_000").replace("49_999", "59_999"), STILL),
        (OURS.replace("Take another", "Take two"), STILL),
        (OURS.replace("1.0.0", "0.9.0"), "the pack ours had version 1.0.0; it cannot go back"),
        (OURS.replace("Take another", "Take two").replace("1.0.0", "1.0.1"), ""),
        (OURS.replace("Take another", "Take two").replace("1.0.0", "1.0.10"), ""),
    ],
)
def test_a_changed_pack_has_a_later_version(repository: Path, text: str, says: str) -> None:
    write(repository, {"rules/ours.yaml": text})
    for names in ((), ("rules/ours.yaml",)):
        done = run("lint", "--changed-since", "HEAD", *names)
        assert done.code == (2 if says else 0), done.said
        assert says in done.out
    assert run("lint").code == 0
    # A file that was renamed is compared with what it was.
    git(repository, "mv", "rules/ours.yaml", "rules/house.yaml")
    assert run("lint", "--changed-since", "HEAD").code == (2 if says else 0)


def test_new_packs_and_shipped_ones_have_no_earlier_version(repository: Path) -> None:
    write(repository, {"rules/new.yaml": OURS.replace("pack: ours", "pack: new")})
    assert run("lint", "--changed-since", "HEAD").code == 0
    done = run("lint", "--changed-since", "no-such-revision")
    assert done.code == 2
    assert "no-such-revision" in done.err
