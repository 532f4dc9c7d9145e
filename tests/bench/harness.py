"""A small stopwatch: alternating runs in one go, medians, and their ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """What one contender took, in seconds."""

    name: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of all runs."""
        return statistics.median(self.runs)

    @property
    def spread(self) -> float:
        """The distance between the quartiles: how far runs differ."""
        first, _, third = statistics.quantiles(self.runs, n=4)
        return third - first


def compare(contenders: Mapping[str, Work], *, rounds: int, warmups: int = 2) -> list[Timing]:
    """Time the contenders in turn, round by round, so that a slow moment slows all of them.

    Every second round goes in reverse. The first `warmups` rounds are not counted.
    """
    runs: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(warmups + rounds):
        for name in names if number % 2 == 0 else reversed(names):
            start = time.perf_counter()
            contenders[name]()
            took = time.perf_counter() - start
            if number >= warmups:
                runs[name].append(took)
    return [Timing(name, tuple(taken)) for name, taken in runs.items()]


def table(timings: list[Timing], *, per: int = 1) -> str:
    """Return a table with each median, and the first contender's time as a ratio of it.

    `per` is how many pieces of work one run did; times are shown for one of them.
    """
    first = timings[0]
    width = max(len(timing.name) for timing in timings)
    lines = [f"{'':<{width}}  {'median':>10}  {'spread':>10}  ratio"]
    small = max(timing.median for timing in timings) / per < 0.001
    unit, scale = ("µs", 1e6 / per) if small else ("ms", 1e3 / per)
    for timing in timings:
        ratio = "" if timing is first else f"  {first.median / timing.median:.2f}"
        median, spread = (f"{value * scale:.2f} {unit}" for value in (timing.median, timing.spread))
        lines.append(f"{timing.name:<{width}}  {median:>10}  {spread:>10}{ratio}")
    lines.append(f"ratio: the time of {first.name!r} as a part of this one's; below 1 is faster")
    return "\n".join(lines)
