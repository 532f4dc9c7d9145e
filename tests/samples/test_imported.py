"""The shortlists of the samples that were imported: the commands that samples/README.md names give
exactly these bytes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import ROOT, Done, run

README = (ROOT / "samples/README.md").read_text("utf-8")
# The commands, as the page of the samples shows them.
COMMANDS = re.findall(r"^checker (import .*)$", README, re.MULTILINE)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the samples without what was imported, in the current folder."""
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(command: str) -> tuple[str, Done]:
    arguments = shlex.split(command)
    out = arguments[arguments.index("--out") + 1]
    Path(out).unlink()
    return out, run(*arguments)


def test_there_is_a_vendors_export_and_a_sheet_with_a_mapping() -> None:
    assert [shlex.split(command)[1] for command in COMMANDS] == ["modash", "csv"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_import_gives_exactly_these_bytes(command: str, copied: Path) -> None:
    out, _ = imported(command)
    assert (copied / out).read_bytes() == (ROOT / out).read_bytes()


def test_what_the_vendor_sends_too_much_is_nowhere(copied: Path) -> None:
    out, done = imported(COMMANDS[0])
    assert done.code == 0
    assert "dropped, contact details: profile.contacts" in done.err
    assert "dropped, no place in a record: profile.audience.ethnicities" in done.err
    text = (copied / out).read_text("utf-8")
    for word in ("mail.example", "Caucasian", "Tess"):
        assert word not in text and word not in done.said


def test_a_row_with_a_rounded_number_is_refused_and_the_others_are_taken(copied: Path) -> None:
    out, done = imported(COMMANDS[1])
    assert done.code == 3
    assert 'people.csv:7: error: followers, from "Followers", is "12.4k"' in done.err
    assert "5 of 6 records imported" in done.err
    records: list[Any] = [
        json.loads(line) for line in (copied / out).read_text("utf-8").splitlines()
    ]
    assert [record["handle"] for record in records] == [
        "@crumbsandco",
        "@loudlunches",
        "@packedlunchpat",
        "@brassandbiscuits",
        "@ketodiaries",
    ]
    # A blank cell is missing, and not 0: nobody knows how many of them are children.
    assert "13-17" not in records[3]["audience"]["age"]
