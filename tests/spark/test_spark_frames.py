"""DataFrames, classic and through Connect: the rows of one machine, whichever way a record lies."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checker import api
from checker.model.diagnostics import InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.xdist_group("spark")

AS_OF = date(2026, 3, 2)
Row = dict[str, Any]


def rows_of(frame: DataFrame) -> list[Row]:
    """Return the rows as plain data, with numbers as JSON would give them back."""
    rows: list[Row] = frame.toArrow().to_pylist()
    return rows


def on_one_machine(project: Path, source: Path, tmp_path: Path) -> tuple[list[Row], list[Row]]:
    target, invalid = tmp_path / "alone.ndjson", tmp_path / "invalid.ndjson"
    api.screen([project / "brief.yaml"], [source], as_of=AS_OF, table=target, invalid=invalid)
    rows, refused = ([json.loads(t) for t in p.read_text().splitlines()] for p in (target, invalid))
    return rows, refused


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def numbered(spark: SparkSession, path: Path) -> DataFrame:
    """Return the lines of a file that are text, with their numbers."""
    lines = [
        (number, line.decode())
        for number, line in enumerate(
            path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1
        )
        if line and b"\xff" not in line
    ]
    return spark.createDataFrame(lines, "number BIGINT, record STRING")


def test_records_as_json_give_the_rows_of_one_machine(
    project: Path, spark: SparkSession, tmp_path: Path
) -> None:
    source = project / "roster.ndjson"
    wanted, refused = on_one_machine(project, source, tmp_path)
    frame = numbered(spark, source).selectExpr(f"'{source}' AS name", "number", "record")
    made = api.screen_frame(
        frame, [project / "brief.yaml"], as_of=AS_OF, json="record", place=("name", "number")
    )
    rows = sorted(rows_of(made), key=lambda row: row["line"])
    assert [row for row in rows if row["verdict"] != "invalid"] == wanted
    reasons = {row["line"]: row["reasons"] for row in refused}
    # A line that is no text is none of a column of texts.
    reasons = {line: each for line, each in reasons.items() if "is not UTF-8" not in each[0]}
    found = {row["line"]: row["reason"] for row in rows if row["verdict"] == "invalid"}
    assert found.keys() == reasons.keys()
    for line, each in reasons.items():
        said = [reason.partition(": ")[2] if "column " in reason else reason for reason in each]
        assert found[line] == "; ".join(said)


def test_records_as_columns_give_the_same(
    project: Path, spark: SparkSession, tmp_path: Path
) -> None:
    source = tmp_path / "people.ndjson"
    people = [
        {
            "id": f"x/{number}",
            "handle": f"@x{number}",
            "platform": "instagram",
            "followers": {"min": 900 * number, "max": 1000 * number},
            "audience": {
                "age": {"18-24": 0.25, "25-34": round(0.1 * number, 2)},
                "country": {"GB": 0.4, "IE": 0.1} if number % 2 else {"US": 0.9},
            },
            "values": ["honesty", "luxury"] if number == 3 else ["honesty", "family"],
            "average_monthly_views": 1500 * number,
        }
        for number in range(1, 7)
    ]
    del people[4]["audience"]
    source.write_text("".join(json.dumps(each) + "\n" for each in people))
    wanted, refused = on_one_machine(project, source, tmp_path)
    assert not refused
    types = (
        "id STRING, handle STRING, platform STRING, followers STRUCT<min: BIGINT, max: BIGINT>, "
        "audience STRUCT<age: MAP<STRING, DOUBLE>, country: MAP<STRING, DOUBLE>>, "
        "values ARRAY<STRING>, average_monthly_views BIGINT, crm INT"
    )
    listed = [
        tuple({**each, "crm": number}.get(name) for name in _names(types))
        for number, each in enumerate(people)
    ]
    frame = spark.createDataFrame(listed, types)
    made = api.screen_frame(frame, [project / "brief.yaml"], as_of=AS_OF, keep=["crm"])
    rows = sorted(rows_of(made), key=lambda row: row["id"])
    assert [row["crm"] for row in rows] == list(range(6))
    assert [without(row, "crm", "file", "line") for row in rows] == [
        without(row, "file", "line") for row in wanted
    ]
    assert len({row["verdict"] for row in rows}) > 1


def _names(types: str) -> list[str]:
    return ["id", "handle", "platform", "followers", "audience", "values"] + [
        name for name in ("average_monthly_views", "crm") if name in types
    ]


def test_of_two_records_in_one_line_the_first_that_is_read_counts(
    project: Path, spark: SparkSession
) -> None:
    person = {"handle": "@a", "platform": "tiktok"}
    people = [{"id": name, **person, "followers": 5000 + n} for n, name in enumerate("abaca")]
    texts = [("one.json", 1, json.dumps(each), each["followers"]) for each in people]
    types = "name STRING, number INT, record STRING, turn INT"
    # One partition is read in its order.
    frame = spark.createDataFrame(texts, types).coalesce(1)
    made = api.screen_frame(
        frame,
        [project / "brief.yaml"],
        as_of=AS_OF,
        json="record",
        place=("name", "number"),
        keep=["turn"],
    )
    assert made.columns[-2:] == ["outcomes", "turn"]
    rows = sorted(rows_of(made), key=lambda row: int(row["turn"]))
    assert [(row["id"], row["verdict"] == "invalid") for row in rows] == [
        ("a", False),
        ("b", False),
        ("a", True),
        ("c", False),
        ("a", True),
    ]
    assert rows[2]["reason"].endswith("is there twice; the first is at one.json:1")


def test_nothing_says_which_of_two_records_counts(project: Path, spark: SparkSession) -> None:
    record = {"id": "a", "handle": "@a", "platform": "tiktok", "followers": 5000}
    texts = [record, {**record, "followers": 6000}, {**record, "id": "b"}]
    lines = [(json.dumps(each),) for each in texts]
    frame = spark.createDataFrame([*lines, (None,), (" ",)], "record STRING")
    brief = [project / "brief.yaml"]
    rows = rows_of(api.screen_frame(frame, brief, as_of=AS_OF, json="record"))
    assert sorted((row["id"] or "", row["verdict"]) for row in rows) == [
        ("", "invalid"),
        ("", "invalid"),
        ("a", "invalid"),
        ("a", "invalid"),
        ("b", "undecided"),
    ]
    twice = next(row for row in rows if row["id"] == "a")
    assert "more than once" in twice["reason"]
    assert twice["outcomes"] is None
    rows = rows_of(api.screen_frame(frame, brief, as_of=AS_OF, json="record", unique=False))
    assert [row["verdict"] for row in rows if row["id"] == "a"] == ["undecided"] * 2
    small = api.screen_frame(
        frame, brief, as_of=AS_OF, json="record", where="influencer.followers < 5_500"
    )
    assert sorted(row["id"] or "" for row in rows_of(small)) == ["", "", "a", "b"]


def test_unknown_columns_are_refused_before_anything_runs(
    project: Path, spark: SparkSession
) -> None:
    frame = spark.createDataFrame([("a", 1)], "id STRING, folowers INT")
    brief = [project / "brief.yaml"]
    with pytest.raises(InputError) as refused:
        api.screen_frame(frame, brief, as_of=AS_OF)
    (wrong,) = refused.value.diagnostics
    assert '"folowers"' in wrong.message
    assert '"followers"' in wrong.hint
    with pytest.raises(InputError, match="there is no column"):
        api.screen_frame(frame, brief, as_of=AS_OF, json="record")
    with pytest.raises(InputError, match="cannot be kept"):
        api.screen_frame(frame, brief, as_of=AS_OF, keep=["id"])
