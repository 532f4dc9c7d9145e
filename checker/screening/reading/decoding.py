"""Lines of JSON, decoded by their types: which can be used, and which must be read once more."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import compress
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Struct
from msgspec.structs import astuple

from checker.screening.reading.blocks import carried
from checker.screening.reading.gathering import ALL, Members, Paths
from checker.screening.reading.parts import Record
from checker.screening.reading.typed import Types, is_missing, is_sound, names_of, opened

# What so many lines hold fits the processor's cache.
_SOME = 512
_COLON = ord(":")
# A colon that is written so stands in no text that is encoded anew.
_HIDDEN = (rb"\u003a", rb"\u003A")


class Decoder:
    """Decodes lines of one kind of record.

    Args:
        part: what the record may hold.
        keep: the names of members that are carried through, as texts.
        wanted: the paths of what is asked for; all else is only seen to be valid.
    """

    def __init__(self, part: Record, keep: Sequence[str] = (), wanted: Paths = ALL) -> None:
        self.part = part
        self.wanted = wanted
        self.keep = tuple(keep)
        strange = tuple(name for name in keep if name not in part.members)
        self.type: type[Struct] = Types().whole(part, strange)
        self._decode = msgspec.json.Decoder(self.type).decode
        self._encode = msgspec.json.Encoder().encode
        # What anything may stand in: records that are open, and what is only carried through.
        known = dict(zip(names_of(self.type), self.type.__struct_fields__, strict=True))
        self._strange = [known[name] for name in strange]
        self._open = [
            (known[name], each)
            for name, each in part.members.items()
            if isinstance(each, Record) and not each.closed
        ]

    def decode(self, lines: Sequence[bytes], gathered: Gathering) -> list[int]:
        """Gather the records of lines that are sound; return the places of the other lines."""
        failed: list[int] = []
        for start in range(0, len(lines), _SOME):
            some = lines[start : start + _SOME]
            records, places = self._sound(some)
            left = gathered.add(records, [start + place for place in places])
            failed += sorted({*range(start, start + len(some))} - {start + p for p in places})
            failed += left
        return failed

    def _sound(self, lines: Sequence[bytes]) -> tuple[list[Any], Sequence[int]]:
        """Return the records of lines that are decoded without doubt, and their places."""
        found: list[Any] = []
        broken: set[int] = set()
        stream = iter(lines)
        while True:
            try:
                found.extend(map(self._decode, stream))
                break
            except (msgspec.MsgspecError, RecursionError):
                # What was decoded before it is kept, and the line itself is passed.
                broken.add(len(found) + len(broken))
        places: Sequence[int] = range(len(lines))
        if broken:
            places = [place for place in places if place not in broken]
            lines = [lines[place] for place in places]
        doubled = self._doubled(lines, found)
        if doubled:
            found = [each for place, each in enumerate(found) if place not in doubled]
            places = [each for place, each in enumerate(places) if place not in doubled]
        return found, places

    def _doubled(self, lines: Sequence[bytes], records: Sequence[Any]) -> set[int]:
        """Return the places of lines that hold a name twice, or may.

        The decoder takes the last of two members with one name, so what it made is written anew,
        without what is missing: then some colons of the line are not there.
        """
        whole = b"".join(lines)
        hidden = b"\\" in whole and any(each in whole for each in _HIDDEN)
        if not hidden and _colons(whole) == _colons(self._encode(records)):
            return set()
        return {
            place
            for place, (line, record) in enumerate(zip(lines, records, strict=True))
            if any(each in line for each in _HIDDEN)
            or line.count(b":") != self._encode(record).count(b":")
        }

    def looked(self, records: Sequence[Any]) -> list[bool]:
        """Look through records; see `look`."""
        names = [name for name, _ in self._open] + self._strange
        if all(is_missing(getattr(each, name)) for name in names for each in records):
            return [True]
        return [self.look(each) for each in records]

    def look(self, record: Any) -> bool:
        """Look through what could be anything; keep what is declared, tell whether it is sound."""
        for name, part in self._open:
            value = getattr(record, name)
            if not is_missing(value):
                value = opened(part, value)
                if value is None:
                    return False
                setattr(record, name, value)
        kept = [getattr(record, name) for name in self._strange]
        return all(is_missing(each) or is_sound(each, 2) for each in kept)

    def terms(self, data: Any) -> Any:
        """Return plain data as a record. Raises ValidationError."""
        record = msgspec.convert(data, self.type)
        if not self.look(record):
            raise msgspec.ValidationError
        return record


class Gathering:
    """The records of a piece, as columns, with the places of their lines."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.places: list[int] = []
        self._members = Members(decoder.part, decoder.wanted)
        self._names = names_of(decoder.type)
        self._kept: dict[str, list[str | None]] = {name: [] for name in decoder.keep}

    def add(self, records: Sequence[Any], places: Sequence[int]) -> list[int]:
        """Add records; return the places of those that must be read once more."""
        left: list[int] = []
        good = self.decoder.looked(records)
        if not all(good):
            left = [place for place, sound in zip(places, good, strict=True) if not sound]
            places = list(compress(places, good))
            records = list(compress(records, good))
        tuples = list(map(astuple, records))
        if tuples:
            self._members.add(tuples)
            self.places += places
        for name, texts in self._kept.items():
            at = self._names.index(name)
            values = [None if is_missing(each[at]) else each[at] for each in tuples]
            texts += [carried(msgspec.to_builtins(each)) for each in values]
        return left

    def done(self) -> tuple[pa.RecordBatch, np.ndarray[Any, Any]]:
        """Return the columns, those to carry through after the others, and the places of rows."""
        columns = self._members.done()
        kept = {f"keep {name}": pa.array(each, pa.string()) for name, each in self._kept.items()}
        batch = pa.RecordBatch.from_pydict({**columns, **kept})
        places = np.array(self.places, np.int64)
        if (places[1:] < places[:-1]).any():
            order = np.argsort(places)
            batch, places = batch.take(pa.array(order)), places[order]
        return batch, places


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
