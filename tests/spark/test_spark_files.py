"""`checker screen --engine spark` gives the rows that one machine gives."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from tests.spark.cluster import Cluster

pytestmark = pytest.mark.xdist_group("spark")

ROOT = Path(__file__).parents[2]


def run(project: Path, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Screen in a process of its own, as people do: its exit code, and all that it says."""
    command = [sys.executable, "-m", "checker", "screen", "brief.yaml", *arguments]
    found = subprocess.run(
        [*command, "--as-of", "2026-03-02"],
        cwd=project,
        env={**(env or os.environ), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return found.returncode, found.stdout + found.stderr


Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a table, a file or a folder of files, by id; what has no line has none."""
    files = sorted(path.glob("part-*")) if path.is_dir() else [path]
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    for row in rows:
        # Spark leaves out what is null.
        row.update({name: row.get(name) for name in _NULLS})
        row.pop("line", None)
        for outcome in row.get("outcomes") or ():
            outcome.update({name: outcome.get(name) for name in ("low", "high", "needed")})
    return sorted(rows, key=lambda row: (row["id"] or "", row["reason"] or ""))


_NULLS = ("id", "handle", "fit", "decided_by", "open", "reason", "outcomes")


def test_two_workers_give_what_one_machine_gives(project: Path, cluster: Cluster) -> None:
    asked = ["roster.ndjson", "more [1].ndjson", "--reasons", "all"]
    alone, said_alone = run(project, *asked, "-o", "alone.ndjson")
    before = cluster.executors()
    arguments = [*asked, "-o", "spark.ndjson", "--engine", "spark", "--master", cluster.master]
    code, said = run(project, *arguments, env=cluster.env)
    assert code == alone == 3, said
    wanted, found = rows_of(project / "alone.ndjson"), rows_of(project / "spark.ndjson")
    assert [row for row in found if row["verdict"] != "invalid"] == wanted
    assert {row["verdict"] for row in wanted} == {"pass", "fail", "undecided"}
    assert {row["file"] for row in found} == {"roster.ndjson", "more [1].ndjson"}
    refused = [
        json.loads(line) for line in (project / "alone.invalid.ndjson").read_text().splitlines()
    ]
    void = [row for row in found if row["verdict"] == "invalid"]
    assert len(void) == len(refused) > 10
    assert any("is there twice" in row["reason"] for row in void)
    counts = [line for line in said_alone.splitlines() if " pass, " in line]
    assert counts and all(line in said for line in counts)
    both = [now - then for now, then in zip(cluster.executors(), before, strict=True)]
    assert len(both) == 2
    assert both[0] == both[1] != set()
    assert not list(project.glob(".screen-*"))


def test_a_table_is_written_anew_and_nothing_else_is_replaced(project: Path) -> None:
    spark = ["more [1].ndjson", "-o", "again.parquet", "--engine", "spark", "--master", "local[1]"]
    for _ in range(2):
        code, said = run(project, *spark)
        assert code == 0, said
        assert (project / "again.parquet" / "_SUCCESS").exists()
    (project / "other.parquet").write_text("what stood there")
    code, said = run(project, *(each.replace("again", "other") for each in spark))
    assert code == 3
    assert "Spark writes a folder, and another thing stands there" in said
    assert (project / "other.parquet").read_text() == "what stood there"


def test_a_file_that_is_cut_off_writes_nothing(project: Path, tmp_path: Path) -> None:
    text = gzip.compress((project / "more [1].ndjson").read_bytes())
    cut = tmp_path / "cut.ndjson.gz"
    cut.write_bytes(text[: len(text) // 2])
    target = tmp_path / "out.parquet"
    code, said = run(
        project, str(cut), "-o", str(target), "--engine", "spark", "--master", "local[1]"
    )
    assert code == 3
    assert "Spark did not finish, and nothing was written" in said
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.ndjson.gz"]


def test_java_comes_as_a_package(project: Path, tmp_path: Path) -> None:
    """Parquet, on a machine whose Java cannot be found."""
    records = [json.loads(line) for line in (project / "more [1].ndjson").read_text().splitlines()]
    names = ("id", "handle", "platform", "followers")
    columns = [
        {name: record[name] for name in names}
        for record in records
        if isinstance(record["followers"], int)
    ]
    pq.write_table(pa.Table.from_pylist(columns), project / "people.parquet")
    env = {**os.environ, "PATH": str(_without_java(tmp_path))}
    env.pop("JAVA_HOME", None)
    assert shutil.which("java", path=env["PATH"]) is None
    asked = ["people.parquet", "-o"]
    assert run(project, *asked, "people-alone.ndjson")[0] == 0
    spark = ["people-spark.ndjson", "--engine", "spark", "--master", "local[1]"]
    code, said = run(project, *asked, *spark, env=env)
    assert code == 0, said
    found = rows_of(project / "people-spark.ndjson")
    assert found == rows_of(project / "people-alone.ndjson")
    assert len(found) == len(columns)


def _without_java(folder: Path) -> Path:
    """Return a folder with all commands of this machine but Java's."""
    commands = folder / "bin"
    commands.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for found in sorted(Path(place).glob("*")):
            if not found.name.startswith("java") and not (commands / found.name).is_symlink():
                (commands / found.name).symlink_to(found)
    return commands


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--engine", "spark", "--limit", "5"], "--limit"),
        (["--engine", "spark", "--map", "modash"], "--map"),
        (["--engine", "spark", "--where", "influencer.followers > 5"], "api.screen_frame"),
        (["--engine", "spark", "--keep", "provider"], "api.screen_frame"),
        (["--engine", "spark", "--invalid", "x.ndjson"], "--invalid"),
        (["--engine", "spark", "-o", "x.csv"], ".parquet or .ndjson"),
        (["--master", "local[1]"], "add --engine spark"),
        (["--engine", "spark", "--master", "local[1]", "--remote", "sc://x"], "give one"),
    ],
)
def test_what_spark_does_not_do_is_refused(project: Path, arguments: list[str], words: str) -> None:
    code, said = run(project, "roster.ndjson", *arguments)
    assert code in (2, 3)
    assert words in said
