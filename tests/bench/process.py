"""What a command costs in a process of its own: by the clock, of the processors, of memory.

Linux counts the parent's memory at the start as the child's, so whoever measures must itself
stay small: it loads no DuckDB and no Arrow, and leaves to other processes what needs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
_MIB = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds by the clock and of the processors, and memory in MiB."""

    wall: float
    cpu: float
    memory: float
    said: str = ""


def run(command: Sequence[str], *, may_end_with: Iterable[int] = (0,)) -> Cost:
    """Run a command to its end. Raises RuntimeError if it ends in another way."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=said, stderr=errors, start_new_session=True
        )
        most = _watch(child.pid)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        errors.seek(0)
        if child.returncode not in may_end_with:
            message = errors.read().decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}:\n{message}")
        memory = max(most, used.ru_maxrss * 1024) / _MIB
        return Cost(wall, used.ru_utime + used.ru_stime, memory, said.read().decode())


def _watch(leader: int) -> int:
    """Wait until a process ends, leaving it to be asked; return the most memory of its session.

    The kernel's own mark is that of the largest process alone, so those of a session are added
    up as they run.
    """
    most = 0
    while os.waitid(os.P_PID, leader, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        most = max(most, _memory(leader))
        time.sleep(0.05)
    return most


def _memory(session: int) -> int:
    """Return the memory of all processes of a session, in bytes."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # It has ended meanwhile.
            continue
        if int(values[3]) == session:
            pages += int(values[21])
    return pages * os.sysconf("SC_PAGE_SIZE")


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians of some runs' times, and the most of their memory."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as it stands in a Markdown document; all but the first column are numbers."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Return what a figure depends on: processors, Python, DuckDB."""
    from importlib.metadata import version

    cores = len(os.sched_getaffinity(0))
    python = sys.version.split()[0]
    name = _processor()
    return (
        f"{cores} cores{f' of {name}' if name else ''}, Python {python}, DuckDB {version('duckdb')}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "")
