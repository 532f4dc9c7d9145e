"""`checker screen --engine spark` gives, byte for byte, what DuckDB alone gives."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
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


def made(project: Path, name: str) -> tuple[bytes, bytes]:
    table = project / f"{name}.ndjson"
    return table.read_bytes(), table.with_name(f"{name}.invalid.ndjson").read_bytes()


def test_two_workers_give_what_one_machine_gives(project: Path, cluster: Cluster) -> None:
    asked = ["roster.ndjson", "more [1].ndjson", "--keep", "provider", "--reasons", "all"]
    asked += ["--where", "influencer.followers > 2_000"]
    alone, said_alone = run(project, *asked, "-o", "duckdb.ndjson")
    before = cluster.executors()
    arguments = [*asked, "-o", "spark.ndjson", "--engine", "spark", "--master", cluster.master]
    code, said = run(project, *arguments, env=cluster.env)
    assert code == alone == 3, said
    assert made(project, "spark") == made(project, "duckdb")
    # The summary is on standard output, before what Spark says of itself.
    assert said.startswith(said_alone.replace("duckdb.", "spark."))
    rows = [json.loads(line) for line in made(project, "spark")[0].splitlines()]
    assert {row["verdict"] for row in rows} == {"pass", "fail", "undecided"}
    assert {row["file"] for row in rows} == {"roster.ndjson", "more [1].ndjson"}
    invalid = made(project, "spark")[1]
    assert len(invalid.splitlines()) > 10
    assert b"is there twice" in invalid
    both = [now - then for now, then in zip(cluster.executors(), before, strict=True)]
    assert len(both) == 2
    assert both[0] == both[1] != set()
    assert not list(project.glob(".screen-*"))


def test_lists_and_other_packings_give_what_one_machine_gives(project: Path) -> None:
    lines = (project / "roster.ndjson").read_bytes()
    (project / "roster.ndjson.zst").write_bytes(pa.compress(lines, "zstd", asbytes=True))
    records = [json.loads(line) for line in (project / "more [1].ndjson").read_text().splitlines()]
    records[3]["folowers"] = 3
    listed = json.dumps([*records, {}], indent=1)
    (project / "list.json.gz").write_bytes(gzip.compress(listed.encode()))
    person = {"handle": "@jo", "platform": "tiktok", "followers": 5000}
    one = [{"id": name, **person} for name in ("a", "b", "a", "c", "a")]
    (project / "one line.json").write_text(json.dumps(one))
    asked = ["list.json.gz", "roster.ndjson.zst", "one line.json", "-o"]
    alone, _ = run(project, *asked, "lists-duckdb.ndjson")
    spark = ["lists-spark.ndjson", "--engine", "spark", "--master", "local[2]"]
    code, said = run(project, *asked, *spark)
    assert code == alone == 3, said
    assert made(project, "lists-spark") == made(project, "lists-duckdb")
    rows = [json.loads(line) for line in made(project, "lists-spark")[0].splitlines()]
    assert {row["file"] for row in rows} == {"list.json.gz", "roster.ndjson.zst", "one line.json"}
    assert [row["id"] for row in rows if row["file"] == "one line.json"] == ["a", "b", "c"]
    refused = [json.loads(line) for line in made(project, "lists-spark")[1].splitlines()]
    assert [row["id"] for row in refused if row["file"] == "one line.json"] == ["a", "a"]
    assert len({row["line"] for row in rows if row["file"] == "list.json.gz"}) > 20
    assert b'"folowers\\"' in made(project, "lists-spark")[1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cut.ndjson.gz", "Spark did not finish, and nothing was written"),
        ("cut.ndjson.zst", "cut.ndjson.zst: error: the file cannot be read"),
        ("cut.json", "cut.json:1: error: this is not JSON"),
    ],
)
def test_a_file_that_is_cut_off_writes_nothing(
    project: Path, tmp_path: Path, name: str, words: str
) -> None:
    text = (project / "more [1].ndjson").read_bytes()
    forms = {".gz": gzip.compress(text), ".json": b"[" + text.replace(b"\n", b",")}
    forms[".zst"] = pa.compress(text, "zstd", asbytes=True)
    cut = tmp_path / name
    whole = forms[cut.suffix]
    cut.write_bytes(whole[: len(whole) // 2])
    target = tmp_path / "out.parquet"
    target.write_text("what stood there")
    code, said = run(
        project, str(cut), "-o", str(target), "--engine", "spark", "--master", "local[1]"
    )
    assert code == 3
    assert words in said
    assert "Traceback" not in said
    assert target.read_text() == "what stood there"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "out.parquet"])


def test_java_comes_as_a_package(project: Path, tmp_path: Path) -> None:
    """Parquet, on a machine whose Java cannot be found."""
    import duckdb

    sound = "brief.yaml", "more [1].ndjson"
    people = project / sound[1]
    records = [json.loads(line) for line in people.read_text().splitlines()]
    columns = [
        {
            "id": r["id"],
            "handle": r["handle"],
            "platform": r["platform"],
            "followers": r["followers"],
        }
        for r in records
        if isinstance(r["followers"], int)
    ]
    listed = tmp_path / "people.json"
    listed.write_text(json.dumps(columns))
    roster = project / "people.parquet"
    duckdb.connect().execute(f"COPY (FROM read_json('{listed}')) TO '{roster}'")
    env = {**os.environ, "PATH": str(_without_java(tmp_path))}
    env.pop("JAVA_HOME", None)
    assert shutil.which("java", path=env["PATH"]) is None
    asked = ["people.parquet", "-o"]
    assert run(project, *asked, "people-duckdb.ndjson")[0] == 0
    spark = ["people-spark.ndjson", "--engine", "spark", "--master", "local[1]"]
    code, said = run(project, *asked, *spark, env=env)
    assert code == 0, said
    assert made(project, "people-spark") == made(project, "people-duckdb")
    assert len(made(project, "people-spark")[0].splitlines()) == len(columns)


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
        (["--master", "local[1]"], "add --engine spark"),
        (["--engine", "spark", "--master", "local[1]", "--remote", "sc://x"], "give one"),
    ],
)
def test_what_spark_does_not_do_is_refused(project: Path, arguments: list[str], words: str) -> None:
    code, said = run(project, "roster.ndjson", *arguments)
    assert code in (2, 3)
    assert words in said
