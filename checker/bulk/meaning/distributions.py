"""Shares of a distribution whose keys may overlap what is asked only in part, or be absent.

What is present adds up to less than 1 by a remainder R, which may lie anywhere in what is
absent, once. The low end of a share counts the keys that lie wholly inside, and R where all
that is absent is inside; the high end counts the keys that overlap, and R where any may.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from math import inf

from checker.bulk.meaning.numbers import TOLERANCE, Number, number
from checker.model.types import DistributionType
from checker.model.values import UNKNOWN, Distribution, Unknown


def _remainder(distribution: Distribution) -> float:
    rest = 1.0 - sum_of(distribution.shares.values())
    return rest if rest > TOLERANCE else 0.0


def sum_of(values: Collection[float]) -> float:
    """Add floats from left to right; Python's own `sum` differs between versions."""
    total = 0.0
    for value in values:
        total += value
    return total


def _clip(low: float, high: float) -> Number | Unknown:
    return number(min(low, 1.0), min(high, 1.0))


def share(
    distribution: Distribution, wanted: frozenset[str], type_: DistributionType
) -> Number | Unknown:
    """Return the share (0 to 1) of the keys `wanted`."""
    shares = distribution.shares
    present = sum_of([part for key, part in shares.items() if key in wanted])
    rest = _remainder(distribution)
    if not rest or wanted <= shares.keys():
        return min(present, 1.0)
    return _clip(
        present + (rest if _all_absent_wanted(shares, wanted, type_) else 0.0), present + rest
    )


def _all_absent_wanted(
    shares: Collection[str], wanted: frozenset[str], type_: DistributionType
) -> bool:
    """Tell whether the set of keys is closed and every key that is absent is wanted."""
    choices = type_.keys.choices
    if not choices or len(choices) - len(shares) > len(wanted):
        return False
    return all(key in wanted for key in choices if key not in shares)


@lru_cache(maxsize=256)
def band_ages(key: str) -> tuple[float, float]:
    """Return the first age of a band and the first age beyond it: "18-24" is (18, 25)."""
    if key.endswith("+"):
        return float(key[:-1]), inf
    first, last = key.split("-")
    return float(first), float(last) + 1.0


def share_aged(
    distribution: Distribution, youngest: float, oldest: float, type_: DistributionType
) -> Number | Unknown:
    """Return the share (0 to 1) of ages `youngest` to `oldest`, both included.

    UNKNOWN where the answer rests on the youngest ages and they are absent: vendors add adults
    up to 1, so the others never prove how many are younger. That concerns spans that reach into
    what is absent there, and spans that reach the top, which ask the same question.
    """
    first, beyond = youngest, oldest + 1.0
    bands = sorted((*band_ages(key), part) for key, part in distribution.shares.items())
    if not bands:
        return UNKNOWN
    gaps = _gaps([(start, end) for start, end, _ in bands], type_.lowest_age)
    young = [(start, end) for start, end in gaps if start <= type_.lowest_to]
    if young and (_overlaps(young, first, beyond) or _reaches_top(bands[-1][:2], beyond)):
        return UNKNOWN
    low = sum_of([part for start, end, part in bands if first <= start and end <= beyond])
    high = sum_of([part for start, end, part in bands if start < beyond and first < end])
    rest = _remainder(distribution)
    if rest and gaps and all(first <= start and end <= beyond for start, end in gaps):
        low += rest
    if rest and _overlaps(gaps, first, beyond):
        high += rest
    return _clip(low, high)


def _overlaps(gaps: list[tuple[float, float]], first: float, beyond: float) -> bool:
    return any(start < beyond and first < end for start, end in gaps)


def _reaches_top(top: tuple[float, float], beyond: float) -> bool:
    """Tell whether a span has no upper end, or reaches into a top band that has none."""
    start, end = top
    return beyond == inf or (end == inf and beyond > start)


def overlapping(distribution: Distribution, youngest: float, oldest: float) -> list[str]:
    """Return the age bands present that lie, wholly or in part, in a span of ages."""
    spans = {key: band_ages(key) for key in distribution.shares}
    return [key for key, (start, end) in spans.items() if start <= oldest and youngest < end]


def _gaps(bands: list[tuple[float, float]], lowest_age: float) -> list[tuple[float, float]]:
    """Return the ages that no band covers, from the lowest age that a vendor reports."""
    gaps, reached = [], float(lowest_age)
    for start, end in bands:
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    if reached < inf:
        gaps.append((reached, inf))
    return gaps
