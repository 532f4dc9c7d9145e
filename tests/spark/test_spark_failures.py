"""What goes wrong in the middle of a screening on Spark leaves what stood there, or nothing."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bulk.roster import lines

if TYPE_CHECKING:
    from tests.spark.cluster import Cluster

pytestmark = pytest.mark.xdist_group("spark")

_ROOT = Path(__file__).parents[2]
_OLD = b"what stood there before"
# Many enough that there is time to break in; and few enough to see a run to its end.
_MANY, _FEW = 3000, 200
_SPARK = ("--engine", "spark", "--master")


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    """A project of its own, with a roster that Spark reads in some dozens of pieces."""
    made = shutil.copytree(project, tmp_path / "project", ignore=shutil.ignore_patterns("*.ndjson"))
    write_roster(made, _MANY)
    (made / "out.parquet").mkdir()
    (made / "out.parquet" / "_SUCCESS").write_bytes(_OLD)
    return made


def write_roster(folder: Path, count: int) -> Path:
    roster = folder / "roster.ndjson"
    roster.write_text("".join(f"{line}\n" for line in lines(count)), encoding="utf-8")
    return roster


@contextmanager
def screening(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None, limit: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """Screen in a process of its own; what it started ends with the block.

    `limit` is the largest file that any of it may write.
    """

    def narrow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "screen", "brief.yaml", "roster.ndjson", *arguments],
        cwd=folder,
        env={**(env or os.environ), "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=narrow if limit else None,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until_workers_write(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until a first piece is written; there are dozens more."""
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if list(folder.glob(".screen-*/table/**/*.parquet")):
            return
        time.sleep(0.02)
    pytest.fail("Spark never began to write")


def java_of(process: subprocess.Popen[str]) -> int:
    """Return the process of the driver's Java."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in map(int, found):
        if Path(f"/proc/{child}/comm").read_text().strip() == "java":
            return child
    raise AssertionError("the driver has no Java")


def test_a_kill_of_the_driver_leaves_what_stood_there(folder: Path, cluster: Cluster) -> None:
    with screening(
        folder, "-o", "out.parquet", *_SPARK, cluster.master, env=cluster.env
    ) as process:
        until_workers_write(process, folder)
        process.kill()
        process.wait(60)
        assert list(folder.glob(".screen-*")), "the run was over before the kill"
    assert (folder / "out.parquet" / "_SUCCESS").read_bytes() == _OLD


def test_a_kill_of_the_drivers_java_is_said(folder: Path, cluster: Cluster) -> None:
    asked = ("-o", "out.parquet", *_SPARK, cluster.master)
    with screening(folder, *asked, env=cluster.env) as process:
        until_workers_write(process, folder)
        os.kill(java_of(process), signal.SIGKILL)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 3, said
    assert "Spark did not finish, and nothing was written: the Java" in said
    assert "Traceback" not in said
    assert (folder / "out.parquet" / "_SUCCESS").read_bytes() == _OLD
    assert not list(folder.glob(".screen-*"))


def test_a_broken_last_line_is_invalid_and_the_others_count(folder: Path) -> None:
    roster = write_roster(folder, _FEW)
    roster.write_bytes(roster.read_bytes()[:-200])
    with screening(folder, "-o", "new.ndjson", *_SPARK, "local[1]") as whole:
        said, _ = whole.communicate(timeout=300)
    assert whole.returncode == 3, said
    assert "1 invalid" in said
