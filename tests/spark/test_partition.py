"""What runs in a partition, without Spark around it: no file of the driver is there any more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from checker import api
from checker.bulk.partition import rows_of
from checker.bulk.spark import BLANK, LEFT_OUT, UNCLEAR, Job
from checker.screening.carried import load_carried
from checker.screening.options import Options
from checker.screening.spark import make_job

pytestmark = pytest.mark.xdist_group("spark")

AS_OF = date(2026, 3, 2)
_RESULT = ("id", "handle", "verdict", "fit", "decided_by", "open", "reason", "outcomes")


def packed_job(brief: Path, **options: Any) -> Job:
    briefs, carried = load_carried([brief], load_rules=api.load_rules, as_of=AS_OF)
    return make_job(briefs, carried, Options(**options), load_rules=api.load_rules, by_column=True)


def batches(texts: list[str | None], size: int = 100) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(texts), size):
        part = texts[start : start + size]
        places = pa.array(range(start, start + len(part)), pa.int64())
        yield pa.RecordBatch.from_arrays([pa.array(part, pa.string()), places], ["line", "place"])


def run(job: Job, texts: list[str | None], size: int = 100) -> list[dict[str, Any]]:
    made = rows_of(job.packed(), batches(texts, size))
    return [row for batch in made for row in batch.to_pylist()]


def test_a_worker_needs_no_file_of_the_driver(project: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(project, home)
    table, invalid = tmp_path / "table.ndjson", tmp_path / "invalid.ndjson"
    lines = (home / "more [1].ndjson").read_text().splitlines()
    # Two that the evaluator reads, the second of which nobody can use.
    lines[3] = json.dumps({**json.loads(lines[3]), "sponsored_share": "12.5%"})
    lines[4] = json.dumps({**json.loads(lines[4]), "folowers": 3})
    roster = home / "people.ndjson"
    roster.write_text("\n".join(lines) + "\n")
    api.screen([home / "brief.yaml"], [roster], as_of=AS_OF, table=table, invalid=invalid)
    wanted = [json.loads(line) for line in table.read_text().splitlines()]
    (refused,) = (json.loads(line) for line in invalid.read_text().splitlines())
    job = packed_job(home / "brief.yaml")
    shutil.rmtree(home)

    rows = run(job, [*lines], size=7)
    assert [row["place"] for row in rows] == list(range(len(lines)))
    judged = [row for row in rows if row["verdict"] != "invalid"]
    assert [{name: row[name] for name in _RESULT} for row in judged] == [
        {name: row[name] for name in _RESULT} for row in wanted
    ]
    assert rows[3]["by_hand"]
    assert rows[4]["wrong"] == refused["reasons"]
    assert rows[4]["id"] == json.loads(lines[4])["id"]


def test_every_row_ends_as_one_row(project: Path) -> None:
    sound = {"handle": "@a", "platform": "tiktok", "followers": 5000}
    texts: list[str | None] = [
        json.dumps({"id": "in", **sound}),
        None,
        "  ",
        json.dumps({"id": "out", **sound, "followers": 4000}),
        json.dumps({"id": "unclear", **sound, "followers": {"min": 4000, "max": 6000}}),
        json.dumps({"id": "lines", **sound}, indent=1),
        "[",
    ]
    job = packed_job(project / "brief.yaml", where="influencer.followers > 4_500")
    found = [(row["place"], row["id"], row["verdict"]) for row in run(job, texts)]
    assert found == [
        (0, "in", "undecided"),
        (1, None, BLANK),
        (2, None, BLANK),
        (3, None, LEFT_OUT),
        (4, None, UNCLEAR),
        (5, "lines", "undecided"),
        (6, None, "invalid"),
    ]


def test_another_version_on_the_worker_is_refused(project: Path) -> None:
    job = replace(packed_job(project / "brief.yaml"), version="0.0.1")
    with pytest.raises(RuntimeError, match=r"the driver 0\.0\.1; install the same version"):
        run(job, ["{}"])


def test_what_travels_is_what_rules_are_read_from(project: Path) -> None:
    _, carried = load_carried([project / "brief.yaml"], load_rules=api.load_rules, as_of=AS_OF)
    (files,) = carried.folders
    assert sorted(files) == [
        "brand.yaml",
        "brief.yaml",
        "checker.yaml",
        "ours.yaml",
        "waivers.yaml",
    ]
