"""A sign-off file is untrusted: what is wrong with it is an answer, never a traceback."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from checker.signoff.canonical import canonical, render
from checker.signoff.envelope import PAYLOAD_TYPE
from checker.signoff.statement import sealed
from tests.signoff.conftest import RECORD, sign

Run = Callable[..., Result]


def said() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return data


def refused(run: Run, code: str) -> str:
    result = run("verify", str(RECORD))
    assert result.exit_code == 3, result.output
    assert "Traceback" not in result.output
    assert "internal error" not in result.output
    assert code in result.stderr
    return result.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b'"text"',
        b"{}",
        b"{",
        b"\xff\xfe",
        b'{"_type": "https://in-toto.io/Statement/v1"}',
        b'{"payloadType": "application/vnd.in-toto+json"}',
        b'{"payloadType": "text/plain", "payload": "", "signatures": [{"sig": ""}]}',
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "!", "signatures":'
        b' [{"sig": ""}]}',
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "/w==", "signatures":'
        b' [{"sig": ""}]}',
        b'{"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": []}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"_type": 1, "_type": 2}',
        b'{"_type": NaN}',
        b'{"_type": 1e999}',
        b'{"_type": "\\ud800"}',
    ],
    ids=lambda content: repr(content[:40]),
)
def test_what_is_no_signoff(campaign: Path, run: Run, content: bytes) -> None:
    RECORD.write_bytes(content)
    refused(run, "error:")


def test_a_file_that_is_too_large(campaign: Path, run: Run) -> None:
    sign()
    with RECORD.open("r+b") as file:
        file.truncate(65 * 1024 * 1024)
    refused(run, "larger than")


@pytest.mark.parametrize(
    "name",
    [
        "../outside.yaml",
        "/etc/hostname",
        "spring/../../outside.yaml",
        "spring/./brief.yaml",
        "spring//brief.yaml",
        "C:\\brief.yaml",
        "..",
        ".",
        "a\u0000b",
    ],
)
@pytest.mark.parametrize("part", ["brief", "input"])
def test_a_path_that_leaves_the_project(campaign: Path, run: Run, name: str, part: str) -> None:
    sign()
    data = said()
    old = data["predicate"]["brief"]["file"] if part == "brief" else "spring/shortlist.csv"
    text = json.dumps(data).replace(json.dumps(old), json.dumps(name))
    RECORD.write_text(render(sealed(json.loads(text))), encoding="utf-8")
    assert "not inside the project" in refused(run, "names")


def test_a_link_that_leaves_the_project(campaign: Path, run: Run, tmp_path: Path) -> None:
    sign()
    outside = tmp_path / "outside.csv"
    path = Path("spring/shortlist.csv")
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    assert "spring/shortlist.csv" in refused(run, "not inside the project")


def test_a_brief_that_is_a_link_out_of_the_project(
    campaign: Path, run: Run, tmp_path: Path
) -> None:
    sign()
    outside = tmp_path / "outside.yaml"
    path = Path("spring/brief.yaml")
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    refused(run, "not inside the project")


def test_files_that_the_subject_does_not_name(campaign: Path, run: Run) -> None:
    sign()
    data = said()
    data["subject"] = data["subject"][1:]
    RECORD.write_text(render(sealed(data)), encoding="utf-8")
    refused(run, "do not name the same files")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("predicate", "as_of"), "yesterday"),
        (("predicate", "signed_on"), "2026-02-30"),
        (("predicate", "verdict"), "fail"),
        (("predicate", "more"), 1),
        (("predicateType",), "urn:other"),
        (("predicate", "subjects"), {}),
        (("subject",), []),
    ],
)
def test_another_shape(campaign: Path, run: Run, place: tuple[str, ...], value: Any) -> None:
    sign()
    data = said()
    part = data
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    RECORD.write_text(render(data), encoding="utf-8")
    refused(run, "not a sign-off that can be read")


def test_a_record_of_files_that_are_not_here(campaign: Path, run: Run, tmp_path: Path) -> None:
    moved = tmp_path / "other" / "record.json"
    moved.parent.mkdir()
    (moved.parent / ".git").mkdir()
    sign().replace(moved)
    result = run("verify", str(moved), "--project", str(moved.parent))
    assert result.exit_code == 1
    assert "file-missing" in result.stdout
    result = run("verify", str(moved))
    assert (
        result.exit_code == 3
    )  # Another repository is not looked at, though it is the current folder.
    assert "--project FOLDER" in result.stderr


def test_control_characters_reach_no_terminal(campaign: Path, run: Run) -> None:
    sign()
    data = said()
    data["predicate"]["signed_by"] = "Jo \u001b[31m\u202e\r\nPark"
    data["predicate"]["subjects"][1]["name"] = "\u001b]0;x\u0007::error::"
    data["predicate"]["subjects"][1]["outcomes"][0]["status"] = "unknown"
    RECORD.write_text(render(sealed(data)), encoding="utf-8")
    for form in ("text", "json"):
        output = run("verify", str(RECORD), "-o", form).stdout
        assert not any(mark in output for mark in "\u001b\u202e\u0007\r")


@pytest.mark.parametrize("step", range(0, 3000, 61))
def test_a_damaged_envelope_is_answered(campaign: Path, run: Run, step: int) -> None:
    """Wherever a byte of the payload changes, it is a difference or cannot be read."""
    sign()
    payload = bytearray(canonical(said()))
    payload[step * len(payload) // 3000] ^= 0x11
    document = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(bytes(payload)).decode("ascii"),
        "signatures": [{"keyid": "", "sig": base64.b64encode(bytes(64)).decode("ascii")}],
    }
    RECORD.write_text(render(document), encoding="utf-8")
    result = run("verify", str(RECORD), "--no-signature-check")
    assert result.exit_code in (1, 3), result.output
    assert "internal error" not in result.output
