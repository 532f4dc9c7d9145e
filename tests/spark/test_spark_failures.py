"""What goes wrong in the middle of a screening on Spark leaves what stood there, or nothing."""

from __future__ import annotations

import json
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
    (made / "out.parquet").write_bytes(_OLD)
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
        if list(folder.glob(".screen-*/spark/**/*.parquet")):
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


def made(folder: Path, name: str) -> tuple[bytes, bytes]:
    table = folder / f"{name}.ndjson"
    return table.read_bytes(), table.with_name(f"{name}.invalid.ndjson").read_bytes()


def test_a_kill_of_the_driver_leaves_what_stood_there(folder: Path, cluster: Cluster) -> None:
    asked = ("-o", "out.parquet", *_SPARK, cluster.master)
    with screening(folder, *asked, env=cluster.env) as process:
        until_workers_write(process, folder)
        process.kill()
        process.wait(60)
        left = list(folder.glob(".screen-*"))
        assert left, "the run was over before the kill"
    assert (folder / "out.parquet").read_bytes() == _OLD
    assert not (folder / "out.invalid.ndjson").exists()


def test_what_a_killed_run_left_does_not_count_in_the_next(folder: Path, cluster: Cluster) -> None:
    with screening(folder, "-o", "spark.ndjson", *_SPARK, cluster.master, env=cluster.env) as cut:
        until_workers_write(cut, folder)
    assert not list(folder.glob("spark.*"))
    assert list(folder.glob(".screen-*"))
    write_roster(folder, _FEW)
    said = on_both_engines(folder, code=0)
    assert "0 invalid" in said
    assert len(made(folder, "spark")[0].splitlines()) == _FEW


def on_both_engines(folder: Path, *, code: int) -> str:
    """Screen with and without Spark; what Spark gives is what DuckDB gives."""
    with screening(folder, "-o", "spark.ndjson", *_SPARK, "local[1]") as whole:
        said, _ = whole.communicate(timeout=300)
    with screening(folder, "-o", "duckdb.ndjson") as alone:
        alone.communicate(timeout=120)
    assert whole.returncode == alone.returncode == code, said
    assert made(folder, "spark") == made(folder, "duckdb")
    return said


def test_a_kill_of_the_drivers_java_is_said(folder: Path, cluster: Cluster) -> None:
    asked = ("-o", "out.parquet", *_SPARK, cluster.master)
    with screening(folder, *asked, env=cluster.env) as process:
        until_workers_write(process, folder)
        os.kill(java_of(process), signal.SIGKILL)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 3, said
    assert "Spark did not finish, and nothing was written: the Java" in said
    assert "Traceback" not in said
    assert (folder / "out.parquet").read_bytes() == _OLD
    assert sorted(path.name for path in folder.glob("out*")) == ["out.parquet"]
    assert not list(folder.glob(".screen-*"))


def test_a_full_disk_leaves_what_stood_there_and_says_so(folder: Path) -> None:
    # What Spark unpacks to start with has room, and what is kept of the lines has none.
    records = [json.loads(line) for line in lines(40)]
    notes = [{**record, "notes": os.urandom(100_000).hex()} for record in records]
    (folder / "roster.ndjson").write_text("".join(json.dumps(each) + "\n" for each in notes))
    asked = ("-o", "out.parquet", "--keep", "notes", *_SPARK, "local[1]")
    with screening(folder, *asked, limit=2_500_000) as process:
        said, _ = process.communicate(timeout=300)
    assert process.returncode == 3, said
    assert "Spark did not finish, and nothing was written: " in said
    assert "File too large" in said.rpartition("nothing was written")[2]
    assert "Traceback" not in said
    assert (folder / "out.parquet").read_bytes() == _OLD
    assert sorted(path.name for path in folder.glob("out*")) == ["out.parquet"]
    assert not list(folder.glob(".screen-*"))


def test_a_broken_last_line_is_invalid_and_the_others_count(folder: Path) -> None:
    roster = write_roster(folder, _FEW)
    roster.write_bytes(roster.read_bytes()[:-200])
    said = on_both_engines(folder, code=3)
    assert "1 invalid" in said
    assert f"roster.ndjson:{_FEW}: column" in said
    assert len(made(folder, "spark")[0].splitlines()) == _FEW - 1
