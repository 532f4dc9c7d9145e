"""Spark against screening without it, on one machine: the same command, the same files.

    python -m tests.bench.spark
    python -m tests.bench.spark --rows 1000000 --growth 10

Each engine screens a made-up roster and one that is `--growth` times as long. What the second
takes more than the first is the cost of its influencers; the rest is the start. CPU time is that
of all processes of a run, as Linux counts it; it hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.process import markdown
from tests.bulk import roster

ROOT = Path(__file__).parents[2]
BRIEF = ROOT / "samples/bramble/spring/brief.yaml"
ENGINES = ("local", "spark")
_TICK = os.sysconf("SC_CLK_TCK")
_HUNDRED_MILLION = 100_000_000
# What 100 million take is computed, not run.
_HEADS = (
    "engine",
    "CPU for each",
    "start (CPU)",
    "100 million, computed",
    "on 100 cores, computed",
)


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds by the clock and of the processors, and memory in MiB."""

    wall: float
    cpu: float
    memory: float


def main() -> int:
    """Measure, and print a table."""
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        sizes = (options.rows, options.rows * options.growth)
        files = [Path(made) / f"{size}.ndjson" for size in sizes]
        for size, path in zip(sizes, files, strict=True):
            roster.write(path, size)
        costs: dict[tuple[str, int], list[Cost]] = {}
        for number in range(options.rounds):
            for engine in ENGINES if number % 2 == 0 else reversed(ENGINES):
                for size, path in zip(sizes, files, strict=True):
                    costs.setdefault((engine, size), []).append(measure(engine, path))
        same = _same(files[0])
    _print(costs, sizes)
    if not same:
        print("the two tables differ", file=sys.stderr)
    return 0 if same else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="influencers of the shorter one")
    parser.add_argument("--growth", type=int, default=4, help="how many times longer the other is")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each; the median counts")
    return parser.parse_args()


def measure(engine: str, people: Path) -> Cost:
    """Screen a file in processes of their own; the table is kept beside it."""
    table = people.with_suffix(f".{engine}.parquet")
    command = [sys.executable, "-m", "checker", "screen", str(BRIEF), str(people)]
    command += ["-o", str(table), "--as-of", "2026-03-02", "--engine", engine]
    start = time.perf_counter()
    run = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    ticks: dict[int, int] = {}
    most = 0
    while run.poll() is None:
        most = max(most, _look(run.pid, ticks))
        time.sleep(0.05)
    wall = time.perf_counter() - start
    if not table.exists():
        assert run.stderr is not None
        raise RuntimeError(run.stderr.read().decode())
    return Cost(wall, sum(ticks.values()) / _TICK, most / 1024)


def _look(session: int, ticks: dict[int, int]) -> int:
    """Note the time of each process of a session so far; return their memory in KiB."""
    memory = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
            if int(values[3]) != session:
                continue
            ticks[int(stat.parent.name)] = int(values[11]) + int(values[12])
            memory += int(values[21]) * os.sysconf("SC_PAGE_SIZE") // 1024
        except (OSError, IndexError):  # It has ended meanwhile.
            continue
    return memory


def _same(people: Path) -> bool:
    """Tell whether both engines wrote the same rows, in any order; Spark numbers no lines."""
    import duckdb

    tables = [
        f"SELECT * EXCLUDE (line) FROM '{people.with_suffix('.local.parquet')}'",
        f"SELECT * EXCLUDE (line) FROM '{people.with_suffix('.spark.parquet')}/*.parquet'",
    ]
    with duckdb.connect() as connection:
        for one, other in (tables, tables[::-1]):
            if connection.execute(f"{one} EXCEPT ALL {other} LIMIT 1").fetchone():
                return False
    return True


def _print(costs: dict[tuple[str, int], list[Cost]], sizes: tuple[int, int]) -> None:
    few, many = sizes
    runs: list[list[str]] = []
    engines: list[list[str]] = []
    each: dict[str, float] = {}
    for engine in ENGINES:
        cpu = {}
        for size in sizes:
            taken = costs[engine, size]
            wall, cpu[size] = median(c.wall for c in taken), median(c.cpu for c in taken)
            memory = max(c.memory for c in taken)
            figures = (f"{size:,}", f"{wall:.1f}", f"{cpu[size]:.1f}", f"{memory:,.0f}")
            runs.append([engine, *figures])
        each[engine] = (cpu[many] - cpu[few]) / (many - few)
        start = cpu[few] - each[engine] * few
        ratio = each[engine] / each[ENGINES[0]]
        seconds = each[engine] * _HUNDRED_MILLION
        estimate = (f"{seconds / 3600:.1f} core hours", f"{seconds / 100 / 60:.1f} minutes")
        engines.append([engine, _micro(each[engine]), f"{start:.1f} s", *estimate, f"{ratio:.2f}"])
    print(markdown(("engine", "influencers", "clock s", "CPU s", "memory MiB"), runs))
    print()
    print(markdown((*_HEADS, f"times {ENGINES[0]}"), engines))


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


if __name__ == "__main__":
    sys.exit(main())
