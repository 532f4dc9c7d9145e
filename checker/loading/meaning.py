"""What a schema cannot say: ranges in order, shares that add up, dates in order, age bands.

These checks read data that a schema may have refused, so they pass over what has another type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf
from typing import Any

from checker.language.accounts import NoHandleError, bare_handle
from checker.language.labels import parts_of, says_nothing, separator_in
from checker.loading.vocabulary import NO_WORDS, KnownWords
from checker.model.records import DataPath
from checker.model.types import (
    DistributionType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)

# Vendors round; shares that add up to 102% are still a distribution.
MOST_IN_ALL = 1.02
# The messages of these go on from the name of the field; others are whole sentences.
GOES_ON = frozenset(
    (
        *("range-reversed", "shares-over-one", "history-order", "bands-overlap", "band-reversed"),
        *("no-word", "several-words"),
    )
)
_MOST_SHOWN = 60
BAND = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)")


class Finding:
    """Something wrong with the value at `path`, or with the name of its member `key`.

    What looks for the nearest right word gives its hint only where it is asked.
    """

    __slots__ = ("code", "hint", "key", "message", "path")

    def __init__(
        self,
        code: str,
        path: DataPath,
        message: str,
        hint: str | Callable[[], str] = "",
        key: str | None = None,
    ) -> None:
        self.code = code
        self.path = path
        self.message = message
        self.hint = hint
        self.key = key


def share_value(value: Any) -> float | None:
    """Return a share, 0.32 or "32%", as a number; None where it is neither."""
    if isinstance(value, str):
        try:
            return float(value.removesuffix("%")) / 100 if value.endswith("%") else None
        except ValueError:
            return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


def check_handle(influencer: dict[str, Any]) -> Iterator[Finding]:
    """Yield why what stands where the handle should names no account of the platform."""
    platform, handle = influencer.get("platform"), influencer.get("handle")
    if isinstance(platform, str) and isinstance(handle, str) and handle.strip(" "):
        try:
            bare_handle(platform, handle)
        except NoHandleError as error:
            yield Finding("no-handle", ("handle",), error.message, error.hint)


def check_meaning(
    data: Any, kind: Type, words: KnownWords = NO_WORDS, path: DataPath = ()
) -> Iterator[Finding]:
    """Yield what is wrong; messages go on from the field's name: "runs from 5 down to 3"."""
    if isinstance(kind, RecordType):
        if isinstance(data, dict):
            yield from _record(data, kind, words, path)
    elif isinstance(kind, TextType):
        if kind.kind == "label" and isinstance(data, str):
            yield from check_label(data, kind, words, path)
    elif isinstance(kind, ListType):
        if isinstance(data, list):
            for index, item in enumerate(data):
                yield from check_meaning(item, kind.item, words, (*path, index))
            if path == ("history",):
                yield from _history(data, path)
    elif isinstance(data, dict):
        if isinstance(kind, (NumberType, MoneyType)):
            yield from _bounds(data, path)
        elif isinstance(kind, DistributionType):
            if kind.ages:
                yield from _bands(data, path)
            elif kind.keys.kind == "label":
                for key in data:
                    yield from check_label(key, kind.keys, words, path, key)
            yield from _sum(data, path)


def _record(
    data: dict[str, Any], kind: RecordType, words: KnownWords, path: DataPath
) -> Iterator[Finding]:
    for name, value in data.items():
        field = kind.fields.get(name)
        # Most values are one number or text, which nothing here can be said about.
        if field is not None and (
            isinstance(value, (dict, list)) or isinstance(field.type, TextType)
        ):
            yield from check_meaning(value, field.type, words, (*path, name))
    if "min" in data and "max" in data:
        yield from _bounds(data, path)
    if "from" in data and "until" in data:
        first, last = data["from"], data["until"]
        if isinstance(first, str) and isinstance(last, str) and first > last:
            message = f"begins on {first} and ends before that, on {last}"
            yield Finding("range-reversed", path, message)


def check_label(
    text: str, kind: TextType, words: KnownWords, path: DataPath, key: str | None = None
) -> Iterator[Finding]:
    """Yield that a text says nothing, or looks like a list; `key` where it names a member."""
    shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    said = f'{"is" if key is None else "has"} "{shown}"'
    listed = isinstance(path[-1], int)
    if not text.strip(" _-"):
        return  # Its schema refuses it.
    if says_nothing(text):
        hint = "Leave it out" + ("; an empty list says that there are none." if listed else ".")
        yield Finding("no-word", path, f"{said}, which says nothing", hint, key)
    # A brand has one name of its own, however it is spelt.
    elif path != ("name",) and words.items(text, kind) != (text,):
        parts = parts_of(text, kind.vocabulary)
        if len(parts) == 1 and text.lstrip()[:1] == "#" and not words.knows(parts[0], kind):
            return  # A tag that no vocabulary knows is one word.
        mark = separator_in(text)
        hint = "Write " + ", ".join(f'"{part}"' for part in parts)
        if len(parts) > 1:
            hint += ", each as an entry of its own" if listed else "; only one has a place here"
            hint += f". If {mark} belongs to a name, make the name a word of a vocabulary"
        message = f"{said}; {mark} separates nothing here"
        yield Finding("several-words", path, message, f"{hint}.", key)


def _bounds(data: dict[str, Any], path: DataPath) -> Iterator[Finding]:
    low, high = share_value(data.get("min")), share_value(data.get("max"))
    if low is not None and high is not None and low > high:
        message = f"runs from {data['min']} down to {data['max']}; min cannot be above max"
        hint = f"Exchange the two: min {data['max']}, max {data['min']}."
        yield Finding("range-reversed", path, message, hint)


def _sum(data: dict[str, Any], path: DataPath) -> Iterator[Finding]:
    total = 0.0
    for value in data.values():
        share = share_value(value)
        if share is None or not 0 <= share <= 1:
            return
        total += share
    if total > MOST_IN_ALL + 1e-9:
        message = f"adds up to {100 * total:.4g}%; shares of one whole cannot be more than 100%"
        yield Finding("shares-over-one", path, message)


def _history(data: list[Any], path: DataPath) -> Iterator[Finding]:
    dates = [item.get("date") if isinstance(item, dict) else None for item in data]
    for index, (before, after) in enumerate(pairwise(dates), start=1):
        if not isinstance(before, str) or not isinstance(after, str):
            continue
        place = (*path, index, "date")
        if before == after:
            yield Finding("history-order", place, f"is {after} again; give each date once")
        elif before > after:
            message = f"is {after}, which is before the entry above, {before}"
            yield Finding("history-order", place, message, "Put the earliest date first.")


def _bands(data: dict[str, Any], path: DataPath) -> Iterator[Finding]:
    bands: list[tuple[float, float, str]] = []
    for key in data:
        match = BAND.fullmatch(key)
        if match is None:
            continue
        low, high = float(match[1]), float(match[2]) if match[2] else inf
        if low > high:
            message = f'has the band "{key}", which runs backwards'
            hint = f'Write "{match[2]}-{match[1]}".'
            yield Finding("band-reversed", path, message, hint, key)
        else:
            bands.append((low, high, key))
    bands.sort()
    for (_, end, before), (start, _, after) in pairwise(bands):
        if start <= end:
            message = f'has bands that overlap, "{before}" and "{after}"'
            yield Finding("bands-overlap", path, message, key=after)
