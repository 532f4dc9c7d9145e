"""An influencer that is there twice: the first record counts, the others are invalid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.bulk.conftest import BRIEF

_ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


def screen(project: Path, *arguments: str, briefs: Sequence[str] = ("brief.yaml",)) -> Row:
    """Screen in a process of its own, as people do; return the summary."""
    asked = [*briefs, "--summary", "json", "-o", "out.ndjson", *arguments]
    found = subprocess.run(
        [sys.executable, "-m", "checker", "screen", *asked, "--as-of", "2026-03-02"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert found.returncode == 3, found.stdout + found.stderr
    summary: Row = json.loads(found.stdout)
    return summary


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(project: Path) -> list[Row]:
    return read(project / "out.ndjson")


def invalid(project: Path) -> list[tuple[str, int, str]]:
    """Return file, line and reason of what is invalid, for which there is one reason each."""
    rows = read(project / "out.invalid.ndjson")
    assert all(len(row["reasons"]) == 1 for row in rows)
    return [(row["file"], row["line"], row["reasons"][0]) for row in rows]


def person(name: str, followers: int = 5000) -> Row:
    # Nobody but the first 20 thousand is in the brief's tiers.
    return {"id": name, "handle": f"@{name}", "platform": "tiktok", "followers": followers}


def twice(name: str, first: str) -> str:
    return f'the influencer "{name}" is there twice; the first is at {first}'


def write(path: Path, people: Sequence[Row], *, one_line: bool = False) -> None:
    texts = [json.dumps(each) for each in people]
    path.write_text(f"[{', '.join(texts)}]" if one_line else "".join(f"{t}\n" for t in texts))


@pytest.fixture
def people() -> list[Row]:
    """50 influencers; the one of place 30 is that of place 5, with other numbers."""
    made = [person(f"n{number}", 4000 + number) for number in range(50)]
    made[30] = person("n5", 3_000_000)
    return made


@pytest.mark.parametrize("name", ["out.ndjson", "out.parquet", "out.csv"])
def test_a_list_on_one_line_loses_only_the_second(
    project: Path, people: list[Row], name: str
) -> None:
    import duckdb

    write(project / "one.json", people, one_line=True)
    summary = screen(project, "one.json", "-o", name)
    found = duckdb.execute(f"SELECT id, file, line FROM '{project / name}'").fetchall()
    wanted = [each["id"] for place, each in enumerate(people) if place != 30]
    assert found == [(each, "one.json", 1) for each in wanted]
    assert invalid(project) == [("one.json", 1, twice("n5", "one.json:1"))]
    (brief,) = summary["briefs"]
    assert sum(brief["verdicts"].values()) == summary["lines"] == 50
    assert brief["verdicts"]["invalid"] == 1


@pytest.mark.parametrize("one_line", [True, False])
def test_each_further_record_is_invalid_by_itself(project: Path, one_line: bool) -> None:
    name = "list.json" if one_line else "list.ndjson"
    ids = ["a", "b", "a", "c", "a", "b", "a", "d"]
    write(project / name, [person(each) for each in ids], one_line=one_line)
    (brief,) = screen(project, name)["briefs"]
    assert [row["id"] for row in table(project)] == ["a", "b", "c", "d"]
    lines = [1] * 8 if one_line else list(range(1, 9))
    assert invalid(project) == [
        (name, lines[place], twice(ids[place], f"{name}:{lines[first]}"))
        for place, first in ((2, 0), (4, 0), (5, 1), (6, 0))
    ]
    assert brief["verdicts"]["invalid"] == 4
    assert sum(brief["verdicts"].values()) == 8


def test_the_first_file_that_is_named_counts(project: Path) -> None:
    write(project / "z.json", [person("a"), person("b"), person("c")], one_line=True)
    write(project / "m.ndjson", [person("b"), person("d"), person("b")])
    write(project / "a.json", [person("e"), person("c"), person("d"), person("f")], one_line=True)
    screen(project, "z.json", "m.ndjson", "a.json")
    assert [(row["file"], row["line"], row["id"]) for row in table(project)] == [
        *(("z.json", 1, name) for name in "abc"),
        ("m.ndjson", 2, "d"),
        *(("a.json", 1, name) for name in "ef"),
    ]
    assert invalid(project) == [
        ("m.ndjson", 1, twice("b", "z.json:1")),
        ("m.ndjson", 3, twice("b", "z.json:1")),
        ("a.json", 1, twice("c", "z.json:1")),
        ("a.json", 1, twice("d", "m.ndjson:2")),
    ]


def test_the_summary_counts_and_lists_who_is_left(project: Path, people: list[Row]) -> None:
    (project / "checker.yaml").write_text("packs: [tiers]\n")
    write(project / "one.json", people, one_line=True)
    (brief,) = screen(project, "one.json", "--best", "60")["briefs"]
    rows = table(project)
    best = [each["id"] for each in brief["best"]]
    assert sorted(best) == sorted(row["id"] for row in rows if row["verdict"] == "pass")
    assert len(best) == len(set(best)) == 49
    # The record of 3 million followers is the one that fails, and it is not there.
    assert brief["verdicts"] == {"pass": 49, "fail": 0, "undecided": 0, "invalid": 1}
    assert brief["lost"] == []


def test_several_briefs_list_a_record_once(project: Path, people: list[Row]) -> None:
    (project / "other.yaml").write_text(BRIEF.replace("id: spring", "id: other"))
    write(project / "one.json", [*people, people[5]], one_line=True)
    summary = screen(project, "one.json", briefs=("brief.yaml", "other.yaml"))
    wanted = [each["id"] for place, each in enumerate(people) if place != 30]
    assert [(row["brief"], row["id"]) for row in table(project)] == [
        (brief, each) for brief in ("spring", "other") for each in wanted
    ]
    assert invalid(project) == [("one.json", 1, twice("n5", "one.json:1"))] * 2
    assert [brief["verdicts"]["invalid"] for brief in summary["briefs"]] == [2, 2]


def test_a_first_record_that_where_leaves_out_is_no_first(project: Path) -> None:
    people = [person("a", 10), person("b"), person("a", 6000), person("a", 7000), person("b", 10)]
    write(project / "one.json", people, one_line=True)
    (brief,) = screen(project, "one.json", "--where", "influencer.followers > 100")["briefs"]
    assert [row["id"] for row in table(project)] == ["b", "a"]
    assert invalid(project) == [("one.json", 1, twice("a", "one.json:1"))]
    assert brief["left_out"] == 2
    assert sum(brief["verdicts"].values()) == 3


def test_a_condition_that_depends_on_the_brief_decides_by_brief(project: Path) -> None:
    gift = BRIEF.replace("id: spring", "id: gift").replace(
        "compensation: fee", "compensation: gift"
    )
    (project / "gift.yaml").write_text(gift)
    write(project / "one.json", [person("a", 10), person("b"), person("a", 6000)], one_line=True)
    where = 'brief.compensation == "fee" or influencer.followers > 100'
    summary = screen(project, "one.json", "--where", where, briefs=("brief.yaml", "gift.yaml"))
    assert [(row["brief"], row["id"]) for row in table(project)] == [
        ("spring", "a"),
        ("spring", "b"),
        ("gift", "b"),
        ("gift", "a"),
    ]
    assert [brief["verdicts"]["invalid"] for brief in summary["briefs"]] == [1, 0]
    for brief in summary["briefs"]:
        assert sum(brief["verdicts"].values()) + brief["left_out"] == 3


def test_a_long_table_stays_in_the_order_of_its_file(project: Path) -> None:
    (project / "checker.yaml").write_text("packs: [tiers]\n")
    # So many that several threads write them; every fifth is the same.
    ids = [f"n{number if number % 5 else 0}" for number in range(250_000)]
    write(project / "long.ndjson", [person(each) for each in ids])
    screen(project, "long.ndjson", "--best", "0", "--threads", "4")
    wanted = [number + 1 for number in range(250_000) if number % 5 or not number]
    assert [row["line"] for row in table(project)] == wanted
    assert [line for _, line, _ in invalid(project)] == list(range(6, 250_001, 5))


def test_many_on_one_line_are_each_judged_as_themselves(project: Path) -> None:
    # Of shares with their sign the evaluator judges, given each one's own text.
    people = [
        {**person(f"n{number}"), "sponsored_share": f"{number % 90}%"} for number in range(60)
    ]
    people += [{**person("n5"), "sponsored_share": 0.2}]
    write(project / "people.json", people, one_line=True)
    summary = screen(project, "people.json")
    assert summary["briefs"][0]["verdicts"]["invalid"] == 1
    assert [row["id"] for row in table(project)] == [f"n{number}" for number in range(60)]
