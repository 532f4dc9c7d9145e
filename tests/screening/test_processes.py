"""Pieces that are judged in processes of their own: the same table, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bulk.roster import lines

_ROOT = Path(__file__).parents[2]
# The size of a file for which one process more is started is made small.
_RUN = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from checker.screening.running import run
run._FOR_A_PROCESS = 1 << 19
run.BLOCK = 1 << 18
from checker.cli import main
raise SystemExit(main())
"""


def start(project: Path, *arguments: str, limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _RUN, "screen", "brief.yaml", "r.ndjson", "-o", "out.parquet"]
    if limit:
        command = ["bash", "-c", f"ulimit -f {limit}; trap '' XFSZ; exec \"$@\"", "bash", *command]
    return subprocess.Popen(
        [*command, "--as-of", "2026-03-02", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write(project: Path, count: int) -> None:
    texts = [f"{line}\n" for line in lines(count, broken_share=0.02, odd_share=0.05)]
    (project / "r.ndjson").write_text("".join(texts), encoding="utf-8")


def below(parent: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    return [int(each) for each in listed.stdout.split()]


def alive(process: int) -> bool:
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() not in ("", "Z")


def gone(processes: list[int]) -> bool:
    """Wait until processes have ended."""
    for _ in range(300):
        if not any(map(alive, processes)):
            return True
        time.sleep(0.1)
    return False


def started(process: subprocess.Popen[str]) -> list[int]:
    for _ in range(6000):
        found = below(process.pid)
        if len(found) >= 2:
            return found
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    pytest.fail("no processes were started")


def test_the_table_is_that_of_one_process(project: Path) -> None:
    write(project, 2500)
    tables = []
    for count in ("1", "2"):
        process = start(project, "--threads", count, "--reasons", "all")
        said, wrong = process.communicate(timeout=400)
        assert process.returncode == 3, wrong
        invalid = (project / "out.invalid.ndjson").read_text(encoding="utf-8")
        tables.append((pq.read_table(project / "out.parquet").to_pylist(), invalid, said))
    assert tables[0] == tables[1]


def kill_one(process: subprocess.Popen[str], others: list[int]) -> None:
    os.kill(others[0], signal.SIGKILL)


def send(which: signal.Signals) -> Callable[[subprocess.Popen[str], list[int]], None]:
    return lambda process, others: process.send_signal(which)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (kill_one, 2),
        (send(signal.SIGKILL), -signal.SIGKILL),
        (send(signal.SIGTERM), 130),
        (send(signal.SIGINT), 130),
    ],
)
def test_nothing_is_left_running(
    project: Path, end: Callable[[subprocess.Popen[str], list[int]], None], code: int
) -> None:
    write(project, 6000)
    (project / "out.parquet").write_bytes(b"old")
    process = start(project, "--threads", "2")
    others = started(process)
    end(process, others)
    _, said = process.communicate(timeout=400)
    assert process.returncode == code, said
    assert "Traceback" not in said
    assert gone(others)
    assert (project / "out.parquet").read_bytes() == b"old"
    if code in (2, 130):
        assert not list(project.glob(".screen-*"))


def test_a_full_disk_ends_all(project: Path) -> None:
    write(project, 6000)
    process = start(project, "--threads", "2", limit=100)
    others = started(process)
    _, said = process.communicate(timeout=400)
    assert process.returncode == 2, said
    assert "cannot write" in said
    assert gone(others)
    assert not list(project.glob(".screen-*"))
