"""Lines of JSON, decoded by their types: which can be used, and which must be read once more."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from checker.screening.reading.parts import Record
from checker.screening.reading.typed import Types

# What so many lines hold fits the processor's cache.
_SOME = 256
_COLON = ord(":")
# A colon that is written so stands in no text that is encoded anew.
_HIDDEN = (rb"\u003a", rb"\u003A")


class Decoder:
    """Decodes lines of one kind of record; `kept` are names beside its own that they may have."""

    def __init__(self, part: Record, kept: tuple[str, ...] = ()) -> None:
        self.part = part
        self.type: type[Struct] = Types().whole(part, kept)
        self._decode = msgspec.json.Decoder(self.type).decode
        apart = Types(told_apart=True).whole(part, kept)
        self._decode_apart = msgspec.json.Decoder(apart).decode
        self._encode = msgspec.json.Encoder().encode

    def decode(self, lines: Sequence[bytes]) -> tuple[list[Any], list[int]]:
        """Return the records of lines that are sound, and the places of the other lines."""
        records: list[Any] = []
        failed: list[int] = []
        for start in range(0, len(lines), _SOME):
            self._some(lines[start : start + _SOME], start, records, failed)
        return records, failed

    def _some(
        self, lines: Sequence[bytes], start: int, records: list[Any], failed: list[int]
    ) -> None:
        found: list[Any] = []
        broken: list[int] = []
        stream = iter(lines)
        while True:
            try:
                found.extend(map(self._decode, stream))
                break
            except (msgspec.MsgspecError, RecursionError):
                # What was decoded before it is kept, and the line itself is passed.
                broken.append(len(found) + len(broken))
        gone = set(broken)
        good = [place for place in range(len(lines)) if place not in gone] if gone else None
        read = lines if good is None else [lines[place] for place in good]
        doubled = self._doubled(read, found)
        if doubled:
            gone.update(doubled if good is None else [good[place] for place in doubled])
            twice = set(doubled)
            found = [each for place, each in enumerate(found) if place not in twice]
        records += found
        failed += [start + place for place in sorted(gone)]

    def _doubled(self, lines: Sequence[bytes], records: Sequence[Any]) -> list[int]:
        """Return the places of lines that hold a name twice, or may.

        The decoder takes the last of two members with one name, so what it made is written anew,
        without what is missing: then some colons of the line are not there. A null looks alike,
        unless it is told from what is missing.
        """
        whole = b"".join(lines)
        hidden = b"\\" in whole and any(each in whole for each in _HIDDEN)
        if not hidden and _colons(whole) == _colons(self._encode(records)):
            return []
        return [
            place
            for place, (line, record) in enumerate(zip(lines, records, strict=True))
            if any(each in line for each in _HIDDEN)
            or (
                (count := line.count(b":")) != self._encode(record).count(b":")
                and count != self._encode(self._decode_apart(line)).count(b":")
            )
        ]


def _colons(text: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == _COLON))


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for circles among what is read: there are none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
