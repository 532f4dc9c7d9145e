"""Shares of a distribution whose keys may overlap what is asked only in part, or be absent.

What is present adds up to less than 1 by a remainder R, which may lie anywhere in what is
absent, once. The low end of a share counts the keys that lie wholly inside, and R where all
that is absent is inside; the high end counts the keys that overlap, and R where any may.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf

from checker.language.operators.domain import TOLERANCE, Domain, Flag, Operand, Real
from checker.model.frozen import dataclass


def remainder(on: Domain, whole: Real) -> Real:
    """Return what is left of 1 beside what is present."""
    rest = 1.0 - whole
    return on.where(rest > TOLERANCE, rest, 0.0)


def share(
    on: Domain,
    known: Flag,
    part: Real,
    maybe: Real,
    whole: Real,
    all_there: Flag,
    rest_inside: Flag,
) -> Operand:
    """Return the share of some keys.

    Args:
        on: the domain.
        known: whether the record has the distribution.
        part: the sum of the shares of the keys that are asked for.
        maybe: the sum of the shares of the keys that may be what is asked for.
        whole: the sum of all shares.
        all_there: every key that is asked for is present.
        rest_inside: every key that is absent is asked for.
    """
    rest = on.where(all_there, 0.0, remainder(on, whole))
    low, high = part + on.where(rest_inside, rest, 0.0), part + maybe + rest
    return on.number(known, on.lower(low, 1.0), on.lower(high, 1.0))


@dataclass(frozen=True, slots=True)
class AgePlan:
    """How the shares of certain age bands answer for a span of ages.

    `inside` are the places, among the bands in the order of their ages, of those that lie wholly in
    the span, `overlapping` those that lie there in part or wholly; `rest_inside` and
    `rest_overlapping` say the same of what no band covers. `order` are the places of the bands in
    the order of their ages. `none` and `all`: as the youngest are absent, the share may be as low
    as 0, or as high as 1.
    """

    order: tuple[int, ...] = ()
    inside: frozenset[int] = frozenset()
    overlapping: frozenset[int] = frozenset()
    rest_inside: bool = False
    rest_overlapping: bool = False
    none: bool = False
    all: bool = False


def share_aged(on: Domain, plan: AgePlan, low: Real, high: Real, whole: Real) -> Operand:
    """Return the share of a span of ages, unknown where anything is possible.

    Args:
        on: the domain.
        plan: how the bands that are present answer.
        low: the sum of the bands inside.
        high: the sum of the bands that overlap.
        whole: the sum of all.
    """
    rest = remainder(on, whole)
    low = low + rest if plan.rest_inside else low
    high = high + rest if plan.rest_overlapping else high
    low, high = on.lower(low, 1.0), on.lower(high, 1.0)
    if not (plan.none or plan.all):
        return on.number(True, low, high)
    low, high = low * 0.0 if plan.none else low, high * 0.0 + 1.0 if plan.all else high
    anything = (low <= 0.0) & (high >= 1.0)
    return on.number(True, on.where(anything, -inf, low), on.where(anything, inf, high))


@lru_cache(maxsize=256)
def band_ages(key: str) -> tuple[float, float]:
    """Return the first age of a band and the first age beyond it: "18-24" is (18, 25)."""
    if key.endswith("+"):
        return float(key[:-1]), inf
    first, last = key.split("-")
    return float(first), float(last) + 1.0


@lru_cache(maxsize=1024)
def age_plan(
    keys: tuple[str, ...],
    youngest: float,
    oldest: float,
    lowest_age: int,
    lowest_to: int,
    of_known: bool,
) -> AgePlan:
    """Return how the bands `keys` answer for the ages `youngest` to `oldest`, both included.

    Vendors add adults up to 1, so where the youngest ages are absent the others never prove how
    many are younger: of the whole audience these may be none or all, and the others so many fewer.
    Of those whose age is known (`of_known`) the others are as many as they are.
    """
    first, beyond = youngest, oldest + 1.0
    order = tuple(sorted(range(len(keys)), key=lambda place: band_ages(keys[place])))
    bands = [band_ages(keys[place]) for place in order]
    gaps = _gaps(bands, lowest_age)
    # Beyond the youngest, what no band covers is as any other ages that a vendor left out.
    young = [(start, min(end, lowest_to + 1.0)) for start, end in gaps if start <= lowest_to]
    others = [(max(start, lowest_to + 1.0), end) for start, end in gaps if end > lowest_to + 1.0]
    if not bands:
        return AgePlan(none=True, all=True)
    return AgePlan(
        order,
        frozenset(
            place
            for place, (start, end) in zip(order, bands, strict=True)
            if first <= start and end <= beyond
        ),
        frozenset(
            place
            for place, band in zip(order, bands, strict=True)
            if _overlaps([band], first, beyond)
        ),
        bool(gaps) and _holds(gaps, first, beyond),
        _overlaps(others, first, beyond),
        none=bool(young) and not of_known and not _holds(young, first, beyond),
        all=_overlaps(young, first, beyond),
    )


def _overlaps(gaps: list[tuple[float, float]], first: float, beyond: float) -> bool:
    return any(start < beyond and first < end for start, end in gaps)


def _holds(gaps: list[tuple[float, float]], first: float, beyond: float) -> bool:
    return all(first <= start and end <= beyond for start, end in gaps)


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
