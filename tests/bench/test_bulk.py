from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from checker import api
from checker.loading.schemas import record_types
from tests.bench import agree, plain, rosters, scan
from tests.bench.bulk import KINDS, Place, Runs, growth_table, speed_table, table_of, write_project
from tests.bench.plain_rules import RULES, read_first, write_roster
from tests.bench.plain_rules import write_project as write_plain_project
from tests.bench.process import Cost, markdown, run
from tests.bulk import roster

AS_OF = date(2026, 3, 2)


def test_a_process_is_measured_with_what_it_starts() -> None:
    # More than this process has, whose memory the kernel counts as the child's at the start.
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    code = f"import subprocess, sys; x = b'x' * ({mine + 50} << 20); print(len(x));"
    child = "import time; t = time.process_time\nwhile t() < 0.3: pass"
    cost = run([sys.executable, "-c", f"{code} subprocess.run([sys.executable, '-c', {child!r}])"])
    assert cost.said.strip() == str((mine + 50) << 20)
    assert mine + 50 <= cost.memory < 2 * mine + 200
    assert cost.cpu >= 0.3


def test_who_measures_memory_stays_small() -> None:
    large = {"duckdb", "numpy", "pyarrow"}
    code = f"import sys, tests.bench.bulk; print(sorted({large} & {{*sys.modules}}))"
    assert run([sys.executable, "-c", code]).said.strip() == "[]"


def test_a_process_that_fails_is_no_fast_run() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_tables_can_be_pasted_as_they_are() -> None:
    lines = markdown(("", "s"), [["a", "1"]]).splitlines()
    assert lines == ["|  | s |", "| --- | ---: |", "| a | 1 |"]


def test_the_ratio_is_of_the_whole_process_and_the_bare_query() -> None:
    few, many = (
        Runs(
            rows,
            {kind: [Cost(wall, 8.0, memory)] for kind in KINDS},
            {kind: [Cost(9.0, 1.0, 50.0)] for kind in KINDS},
            {"ndjson": [2.0], "parquet": [1.0]},
        )
        for rows, wall, memory in ((10, 5.0, 100.0), (20, 9.0, 110.0))
    )
    assert "| NDJSON, screened | 10 | 5.00 | 8.00 | 100 | 2.5 |" in speed_table(few, many)
    assert "| NDJSON | 10 → 20 | × 2.00 | × 1.80 | × 1.00 | × 1.10 | 110 |" in growth_table(
        few, many
    )


def test_pieces_of_a_roster_share_no_id() -> None:
    one, other = (list(roster.lines(50, seed=n, start=50 * n)) for n in (0, 1))
    ids = {json.loads(line)["id"] for line in one + other}
    assert len(ids) == 100


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(rosters, "_CHUNK", 60)
    rosters.make(tmp_path, 150)
    return Place(tmp_path, tmp_path, write_project(tmp_path))


def test_both_files_hold_the_same_people_and_a_scan_reads_all(place: Place) -> None:
    lines, table = rosters.paths(place.rosters, 150)
    counted = [duckdb.execute(scan.query(path)).fetchone() for path in (lines, table)]
    assert counted[0] == counted[1]
    assert counted[0] is not None
    assert counted[0][0] == 150
    people = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [row["id"] for row in pq.read_table(table).to_pylist()] == [p["id"] for p in people]
    assert any(isinstance(person["followers"], dict) for person in people)
    assert sorted(path.name for path in place.rosters.glob("150.*")) == [lines.name, table.name]


def test_the_middle_stands_for_a_range() -> None:
    record = {
        "followers": {"min": 95, "max": 106},
        "engagement": {"rate": {"min": 0.01, "max": 0.02}},
        "as_of": "2026-03-01",
        "audience": {"country": {"GB": 0.5}, "gender": {"female": 0.4}},
        "history": [{"date": "2026-01-01", "followers": 7}],
    }
    assert rosters.without_ranges(record, record_types()["influencer"]) == {
        "followers": 100,
        "engagement": {"rate": 0.015},
        "as_of": date(2026, 3, 1),
        "audience": {"country": [("GB", 0.5)], "gender": {"female": 0.4}},
        "history": [{"date": date(2026, 1, 1), "followers": 7}],
    }


def test_tables_that_do_not_agree_are_found(place: Place) -> None:
    for path in rosters.paths(place.rosters, 150):
        api.screen([place.brief], [path], as_of=AS_OF, table=table_of(place.tables, path))
    assert agree.problems(place.rosters, place.tables, 150) == []
    table = table_of(place.tables, rosters.paths(place.rosters, 150)[1])
    whole = pq.read_table(table)
    changed = whole.set_column(4, whole.field("handle"), [["@else"] * 150])
    pq.write_table(changed, table)
    (problem,) = agree.problems(place.rosters, place.tables, 150)
    assert "differ between NDJSON and Parquet" in problem
    pq.write_table(whole.slice(0, 149), table)
    assert (
        "149 rows and 149 ids came out of 150"
        in agree.problems(place.rosters, place.tables, 150)[0]
    )


def test_some_pass_and_rules_say_everything_that_they_can(tmp_path: Path) -> None:
    rosters.make(tmp_path, 4000)
    path, table = rosters.paths(tmp_path, 4000)[0], tmp_path / "table.parquet"
    done = api.screen([write_project(tmp_path)], [path], as_of=AS_OF, table=table)
    assert 0.03 < done.briefs[0].verdicts["pass"] / 4000 < 0.08
    said: dict[str, set[str]] = {}
    for outcomes in pq.read_table(table, columns=["outcomes"]).column(0).to_pylist():
        for each in outcomes:
            said.setdefault(each["rule"], set()).add(each["status"])
    assert not [rule for rule, statuses in said.items() if "fail" not in statuses]
    # One rule only says what it saw: it fails, or holds for nobody.
    assert [rule for rule, statuses in said.items() if "pass" not in statuses] == [
        "topics-observed"
    ]


def test_plain_rules_decide_everyone_and_a_wrong_engine_is_found(tmp_path: Path) -> None:
    brief = write_plain_project(tmp_path)
    people_file, table = tmp_path / "people.parquet", tmp_path / "screened.parquet"
    write_roster(people_file, 400)
    api.screen([brief], [people_file], as_of=AS_OF, table=table)
    people = read_first(people_file, 300)
    engine = plain.evaluator(brief)
    assert plain.compare_statuses(table, people, {"evaluator": engine}) == []

    def wrong(people: Sequence[Any]) -> list[tuple[str, ...]]:
        found = engine(people)
        return [("unknown",) * len(RULES), *found[1:]]

    (problem,) = plain.compare_statuses(table, people, {"wrong": wrong})
    assert "wrong differs on 1 influencers, first on tiktok/p0" in problem


def screened(longer: float) -> dict[tuple[str, int], list[Cost]]:
    """Return what two files took, with and without a table; the longer one for the summary."""
    return {
        (plain.SUMMARY, 100): [Cost(3.0, 4.0, 0)],
        (plain.SUMMARY, 200): [Cost(longer, 6.0, 0)],
        (plain.TABLE, 100): [Cost(4.0, 5.0, 0)],
        (plain.TABLE, 200): [Cost(6.0, 9.0, 0)],
    }


def test_times_are_for_one_influencer_with_and_without_the_start() -> None:
    lines = plain.table(screened(4.0), {"other": [Cost(0.5, 0.4, 0)]}).splitlines()
    assert lines[2].split(" | ")[1:3] == ["10000.00", "20000.00"]
    assert lines[3].split(" | ")[1:3] == ["20000.00", "30000.00"]
    assert lines[4].split(" | ")[1:3] == ["20000.00", "40000.00"]
    assert lines[6].split(" | ")[3:] == ["50.0", "20.0", "25.0 |"]


def test_a_difference_that_is_noise_gives_no_ratio() -> None:
    last = plain.table(screened(2.9), {"other": [Cost(0.5, 0.4, 0)]}).splitlines()[-1]
    assert last.split(" | ")[3:5] == ["file too short", "20.0"]
