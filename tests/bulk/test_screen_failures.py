"""What goes wrong in the middle of a screening leaves what stood there, or nothing."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bulk.roster import lines

_ROOT = Path(__file__).parents[2]
_OLD = b"what stood there before"
_COMMAND = [sys.executable, "-m", "checker", "screen"]


@pytest.fixture
def roster(project: Path) -> Path:
    path = project / "roster.ndjson"
    path.write_text("".join(f"{line}\n" for line in lines(8000)), encoding="utf-8")
    return path


@pytest.fixture
def long_roster(roster: Path) -> Path:
    """A roster that is long in reading, so that there is time to break in."""
    roster.write_bytes(roster.read_bytes() * 8)
    return roster


def start(project: Path, *arguments: object, limit: int = 0) -> subprocess.Popen[str]:
    """Start a screening whose table is there already; `limit` is the largest file it may write."""
    (project / "out.parquet").write_bytes(_OLD)

    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return subprocess.Popen(
        [*_COMMAND, "brief.yaml", *map(str, arguments), "-o", "out.parquet"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=narrow if limit else None,
    )


def until_it_writes(process: subprocess.Popen[str], project: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if list(project.glob(".screen-*/*.parquet")):
            return
        time.sleep(0.02)
    pytest.fail("the screening never began to write")


def test_a_kill_leaves_what_stood_there(project: Path, long_roster: Path) -> None:
    process = start(project, long_roster)
    until_it_writes(process, project)
    process.kill()
    process.communicate()
    assert (project / "out.parquet").read_bytes() == _OLD
    assert not (project / "out.invalid.ndjson").exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_leaves_what_stood_there_and_no_litter(
    project: Path, long_roster: Path, sign: signal.Signals
) -> None:
    process = start(project, long_roster)
    until_it_writes(process, project)
    process.send_signal(sign)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert (project / "out.parquet").read_bytes() == _OLD
    assert not list(project.glob(".screen-*"))


def test_a_full_disk_leaves_what_stood_there_and_says_so(project: Path, roster: Path) -> None:
    process = start(project, roster, limit=20_000)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 2, said
    assert "cannot write out.parquet" in said
    assert "Traceback" not in said
    assert (project / "out.parquet").read_bytes() == _OLD
    assert not (project / "out.invalid.ndjson").exists()
    assert not list(project.glob(".screen-*"))


@pytest.mark.parametrize("name", ["cut.ndjson.gz", "cut.json", "cut.parquet"])
def test_a_file_that_is_cut_off_leaves_what_stood_there(project: Path, name: str) -> None:
    text = "".join(f"{line}\n" for line in lines(300))
    whole = gzip.compress(text.encode()) if name.endswith("gz") else b"[" + text.encode()
    (project / name).write_bytes(whole[: len(whole) // 2])
    process = start(project, name)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 3, said
    assert name in said
    assert (project / "out.parquet").read_bytes() == _OLD
    assert not list(project.glob(".screen-*"))


def test_a_broken_last_line_is_invalid_and_the_others_count(project: Path, roster: Path) -> None:
    roster.write_bytes(roster.read_bytes()[:-200])
    process = start(project, roster, "--limit", "9000")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "1 invalid" in said
    assert ":8000: column" in said
    assert (project / "out.parquet").read_bytes() != _OLD
