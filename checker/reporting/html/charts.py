"""Where the marks of a picture stand: plain geometry, in percent of its width.

The templates draw it as inline SVG with percentages, so that lines and letters keep their size
on every screen. What cannot be drawn from the values gives None, and the sheet shows text alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from checker.model.report import Fact, Side, Subject

_MONEY = re.compile(r"[A-Z]{3} ")
# Counts under this are clearer as a number than as a bar.
_LEAST_NUMBER = 20
# Room beyond the longest bar, so that its end is seen to be an end.
_HEADROOM = 1.15
# At the narrowest screen a letter of a label takes about this much of the width.
_LETTER = 2.6


@dataclass(frozen=True, slots=True)
class Bar:
    """Measured against needed. `low` to `high` is the part within which a range lies.

    The mark stands at `needed`, a band where what is needed is a range; the gap runs up to it.
    `low` is None where nothing is measured.
    """

    low: str | None
    high: str
    width: str
    needed: str
    needed_width: str
    gap_from: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word on a scale: its place, its row from the top, and how it hangs on its place."""

    at: str
    text: str
    row: int = 0
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a scale that holds what is called the same."""

    start: str
    end: str
    label: Label


@dataclass(frozen=True, slots=True)
class Place:
    """One subject on a scale, from `at` to `end`; `width` is "0%" where the number is exact."""

    at: str
    end: str
    width: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Scale:
    """All subjects on one logarithmic scale, with the words for its parts.

    `places` has one entry for each subject, None where its number is not known.
    """

    title: str
    words: str
    ticks: tuple[Label, ...]
    spans: tuple[Span, ...]
    places: tuple[Place | None, ...]
    rows: int
    ends: tuple[str, str]


def bar(has: Side | None, needs: Side | None) -> Bar | None:
    """Return the picture of a comparison of shares, amounts or larger numbers, else None."""
    if has is None or needs is None:
        return None
    measured, needed = _range(has.value), _range(needs.value)
    if needed is None or (measured is None and has.value is not None):
        return None
    kind = _kind(needs)
    if measured is not None and _kind(has) != kind:
        return None
    ends = [*needed, *(measured or ())]
    finite = [end for end in ends if math.isfinite(end)]
    if not finite or min(finite) < 0 or not _worth_drawing(kind, max(finite)):
        return None
    top = 1.0 if kind == "share" and max(finite) <= 1 else max(finite) * _HEADROOM
    return _bar(measured, needed, top)


def _bar(measured: tuple[float, float] | None, needed: tuple[float, float], top: float) -> Bar:
    mark, mark_high = (min(end, top) / top for end in needed)
    low = high = 0.0
    if measured is not None:
        low, high = (min(end, top) / top for end in measured)
    return Bar(
        low=_percent(low) if measured is not None else None,
        high=_percent(high),
        width=_percent(high - low),
        needed=_percent(mark),
        needed_width=_percent(mark_high - mark),
        gap_from=_percent(min(high, mark)),
    )


def _kind(side: Side) -> str:
    if side.text.endswith("%"):
        return "share"
    return side.text[:3] if _MONEY.match(side.text) else "number"


def _worth_drawing(kind: str, largest: float) -> bool:
    return largest > 0 if kind != "number" else largest >= _LEAST_NUMBER


def _range(value: Any) -> tuple[float, float] | None:
    """Return the lowest and highest of a number or a range; an open end is infinite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return (float(value), float(value)) if math.isfinite(value) else None
    if isinstance(value, dict) and value and set(value) <= {"min", "max"}:
        low, high = value.get("min", 0.0), value.get("max", math.inf)
        if all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high)):
            return float(low), float(high)
    return None


def _percent(part: float) -> str:
    return f"{part * 100:.1f}".removesuffix(".0") + "%"


def scale(subjects: Sequence[Subject]) -> Scale | None:
    """Return the scale of the first number among the facts whose order a fact in words follows.

    With the shipped packs that is the tier by followers. None where no such pair exists.
    """
    names = list(dict.fromkeys(name for subject in subjects for name in subject.facts))
    facts = {name: [subject.facts.get(name) for subject in subjects] for name in names}
    for number in names:
        ranges = [_plain_range(fact) for fact in facts[number]]
        known = [found for found in ranges if found is not None]
        if not known or max(found[1] for found in known) < 1:
            continue
        for word in names:
            groups = _groups(facts[word], ranges)
            if groups:
                title = next(fact.title for fact in facts[number] if fact is not None)
                words = next(fact.title for fact in facts[word] if fact is not None)
                return _scale(title, words, groups, ranges, subjects)
    return None


def _plain_range(fact: Fact | None) -> tuple[float, float] | None:
    if fact is None or _MONEY.match(fact.text) or fact.text.endswith("%"):
        return None
    found = _range(fact.value)
    return found if found is not None and found[0] >= 0 and math.isfinite(found[1]) else None


def _groups(
    words: Sequence[Fact | None], ranges: Sequence[tuple[float, float] | None]
) -> list[tuple[str, float, float]]:
    """Return each word with its lowest and highest number; nothing where they overlap."""
    found: dict[str, tuple[float, float]] = {}
    for fact, numbers in zip(words, ranges, strict=True):
        if fact is None or numbers is None or fact.value is None:
            continue
        if not isinstance(fact.value, str):
            return []
        low, high = found.get(fact.text, numbers)
        found[fact.text] = (min(low, numbers[0]), max(high, numbers[1]))
    groups = sorted(((word, *ends) for word, ends in found.items()), key=lambda group: group[1:])
    for before, after in pairwise(groups):
        if before[2] >= after[1]:
            return []
    return groups


def _scale(
    title: str,
    words: str,
    groups: Sequence[tuple[str, float, float]],
    ranges: Sequence[tuple[float, float] | None],
    subjects: Sequence[Subject],
) -> Scale:
    known = [found for found in ranges if found is not None]
    first = math.floor(_log(min(low for low, _ in known)))
    last = max(math.ceil(_log(max(high for _, high in known))), first + 1)

    def at(number: float) -> float:
        return (_log(number) - first) / (last - first)

    ticks = tuple(
        Label(_percent(at(10.0**power)), _short(power), anchor=_anchor(power, first, last))
        for power in range(first, last + 1)
    )
    spans = _spans([(word, at(low), at(high)) for word, low, high in groups])
    places = tuple(
        None if found is None else _place(at(found[0]), at(found[1]), subject.verdict)
        for found, subject in zip(ranges, subjects, strict=True)
    )
    rows = 1 + max((span.label.row for span in spans), default=0)
    ends = (f"{10**first:,}", f"{10**last:,}")
    return Scale(title, words, ticks, spans, places, rows, ends)


def _place(low: float, high: float, verdict: str) -> Place:
    return Place(_percent(low), _percent(high), _percent(high - low), verdict)


def _spans(groups: Sequence[tuple[str, float, float]]) -> tuple[Span, ...]:
    """Return the groups with their words over them, in as many rows as keep them apart."""
    spans: list[Span] = []
    filled: list[float] = []
    for word, start, end in groups:
        half = len(word) * _LETTER / 200
        middle = min(max((start + end) / 2, half), 1 - half)
        row = next((i for i, edge in enumerate(filled) if middle - half > edge), len(filled))
        filled[row : row + 1] = [middle + half + 0.02]
        label = Label(_percent(middle), word, row)
        spans.append(Span(_percent(start), _percent(end), label))
    return tuple(spans)


def _log(number: float) -> float:
    return math.log10(max(number, 1.0))


def _anchor(power: int, first: int, last: int) -> str:
    return "start" if power == first else "end" if power == last else "middle"


def _short(power: int) -> str:
    """Return "1", "10k", "1M" for a power of ten."""
    unit, size = next((u, s) for u, s in (("bn", 9), ("M", 6), ("k", 3), ("", 0)) if power >= s)
    return f"{10 ** (power - size):,}{unit}"
