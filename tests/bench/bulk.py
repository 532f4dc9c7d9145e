"""Screening a roster with all packs, beside what DuckDB alone takes to read the same file.

    python -m tests.bench.bulk
    python -m tests.bench.bulk --rows 1000000 --growth 10 --folder KEPT

The roster is that of `tests.bench.rosters`: all lines can be used, with the holes and the ranges
that `tests.bulk.roster` documents, and some who pass. `checker screen` runs as a process, start
and all, with the handbook, the law and the trade in force, and writes the table with the deciding
reasons. What it is compared with is the query of `tests.bench.scan` alone, without the start of
Python. Runs take turns; medians count, and of memory the most. Then each file is screened once
more at `--growth` times the length.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.process import ROOT, Cost, machine, markdown, middle, run

AS_OF = "2026-03-02"
KINDS = ("ndjson", "parquet")
NAMES = {"ndjson": "NDJSON", "parquet": "Parquet"}


@dataclass(frozen=True)
class Place:
    """Where the rosters are, where tables go, and the brief."""

    rosters: Path
    tables: Path
    brief: Path


@dataclass
class Runs:
    """All runs on one roster: the screenings, the scans as processes, their queries' seconds."""

    rows: int
    screens: dict[str, list[Cost]] = field(default_factory=dict)
    scans: dict[str, list[Cost]] = field(default_factory=dict)
    queries: dict[str, list[float]] = field(default_factory=dict)

    def screen(self, kind: str) -> Cost:
        """Return the middle of the screenings of a kind of file."""
        return middle(self.screens[kind])

    def query(self, kind: str) -> float:
        """Return the middle of the scans' queries."""
        return median(self.queries[kind])

    def ratio(self, kind: str) -> float:
        """Return a whole screening's time as a multiple of the scan's query."""
        return self.screen(kind).wall / self.query(kind)


def main() -> int:
    """Measure, and print the tables."""
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        folder = (options.folder or Path(made)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as tables:
            place = Place(folder, Path(tables), write_project(Path(tables)))
            base = grown = measure(place, options.rows, options.rounds)
            problem = disagreement(place, options.rows)
            if options.growth > 1:
                grown = measure(place, options.rows * options.growth, 1)
    print(f"\n{machine()}; rounds: {options.rounds}\n")
    print(speed_table(base, grown))
    if grown is not base:
        print(f"\n{growth_table(base, grown)}")
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000, help="influencers of the roster")
    parser.add_argument("--growth", type=int, default=10, help="how many times longer the other is")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the median counts")
    parser.add_argument("--folder", type=Path, help="where rosters are kept between runs")
    return parser.parse_args()


def write_project(folder: Path) -> Path:
    """Copy the sample brand and its spring brief, with all packs in force; return the brief.

    What a gift is worth stands in deals alone, so the brief is about fees: else no cost is known.
    """
    project = folder / "project"
    shutil.copytree(ROOT / "samples/bramble", project, dirs_exist_ok=True)
    (project / "checker.yaml").write_text("packs: [handbook, law, trade]\n")
    brief = project / "spring/brief.yaml"
    text = brief.read_text()
    assert "compensation: fee-and-gift" in text
    brief.write_text(text.replace("compensation: fee-and-gift", "compensation: fee"))
    return brief


def measure(place: Place, rows: int, rounds: int) -> Runs:
    """Make a roster, and screen and scan both of its files in turn."""
    _tell(f"making a roster of {rows:,}")
    run([sys.executable, "-m", "tests.bench.rosters", str(place.rosters), str(rows)])
    runs = Runs(rows)
    steps: list[tuple[str, Callable[[], None]]] = []
    for kind in KINDS:
        path = place.rosters / f"{rows}.{kind}"
        steps.append((f"scan of {path.name}", _scan_step(runs, kind, path)))
        steps.append((f"screening of {path.name}", _screen_step(runs, kind, path, place)))
    for number in range(rounds):
        for name, step in steps if number % 2 == 0 else reversed(steps):
            _tell(f"round {number + 1}: {name}")
            step()
    return runs


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _screen_step(runs: Runs, kind: str, path: Path, place: Place) -> Callable[[], None]:
    def step() -> None:
        cost = screen(place.brief, path, table_of(place.tables, path))
        read = json.loads(cost.said)["lines"]
        if read != runs.rows:
            raise SystemExit(f"{path.name}: {read:,} were read, there are {runs.rows:,}")
        runs.screens.setdefault(kind, []).append(cost)

    return step


def table_of(tables: Path, roster: Path) -> Path:
    """Return where the table of a roster goes."""
    return tables / f"{roster.stem}.from-{roster.suffix[1:]}.parquet"


def screen(brief: Path, roster: Path, table: Path) -> Cost:
    """Screen a roster in a process of its own; what it said is the summary as JSON."""
    command = [sys.executable, "-m", "checker", "screen", str(brief), str(roster)]
    return run([*command, "-o", str(table), "--as-of", AS_OF, "--summary", "json"])


def _scan_step(runs: Runs, kind: str, path: Path) -> Callable[[], None]:
    def step() -> None:
        cost = run([sys.executable, "-m", "tests.bench.scan", str(path)])
        said = json.loads(cost.said)
        if said["rows"] != runs.rows:
            raise SystemExit(f"{path.name}: {said['rows']:,} of {runs.rows:,} were scanned")
        runs.scans.setdefault(kind, []).append(cost)
        runs.queries.setdefault(kind, []).append(said["seconds"])

    return step


def disagreement(place: Place, rows: int) -> str:
    """Say what is wrong with the tables of both files; they agree where no range stands."""
    _tell("comparing the tables")
    command = [sys.executable, "-m", "tests.bench.agree", str(place.rosters), str(place.tables)]
    return run([*command, str(rows)]).said.strip()


def speed_table(base: Runs, grown: Runs) -> str:
    """Return what screening takes, and the scan beside it."""
    rows: list[list[str]] = []
    for runs in (base,) if grown is base else (base, grown):
        for kind in KINDS:
            cost, scan = runs.screen(kind), middle(runs.scans[kind])
            size = f"{runs.rows:,}"
            name = NAMES[kind]
            ratio = f"{runs.ratio(kind):.1f}"
            rows.append([f"{name}, screened", size, *_figures(cost), ratio])
            rows.append([f"{name}, DuckDB's scan as a process", size, *_figures(scan), ""])
            query = f"{runs.query(kind):.2f}"
            rows.append([f"{name}, DuckDB's scan, the query alone", size, query, "", "", "1"])
    heads = ("", "influencers", "clock s", "CPU s", "memory MiB", "times the query")
    return markdown(heads, rows)


def _figures(cost: Cost) -> list[str]:
    return [f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.memory:,.0f}"]


def growth_table(base: Runs, grown: Runs) -> str:
    """Return how time and memory grow with the data."""
    times = f"{base.rows:,} → {grown.rows:,}"
    heads = ("screened from", "influencers", "data", "clock", "CPU", "memory", "most MiB")
    return markdown(heads, [[NAMES[k], times, *_growth(base, grown, k)] for k in KINDS])


def _growth(base: Runs, grown: Runs, kind: str) -> list[str]:
    few, many = base.screen(kind), grown.screen(kind)
    ratios: Mapping[str, float] = {
        "data": grown.rows / base.rows,
        "clock": many.wall / few.wall,
        "CPU": many.cpu / few.cpu,
        "memory": many.memory / few.memory,
    }
    return [*(f"× {ratio:.2f}" for ratio in ratios.values()), f"{many.memory:,.0f}"]


if __name__ == "__main__":
    sys.exit(main())
