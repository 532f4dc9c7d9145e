"""Files in pieces: lines of JSON, and what other files hold, written as such lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from checker.language.columns.stored import Whole
from checker.screening.reading.strict import Refused
from checker.screening.reading.unpacked import LONGEST

# A block of so many bytes is judged fastest.
BLOCK = 4 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class Lines:
    """Some rows of a file as lines of JSON, without their ends.

    Attributes:
        lines: the rows.
        numbers: the line of the file that each starts on.
        by_column: they stand in the file as they are.
        refused: rows that could not be written as a line.
        terms: what deals agree, by the place of the row.
    """

    lines: Sequence[bytes]
    numbers: Whole
    by_column: bool = False
    refused: tuple[Refused, ...] = ()
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def first(self, count: int) -> Lines:
        """Return the first of the rows."""
        left = max(count - len(self.lines), 0)
        return Lines(
            self.lines[:count],
            self.numbers[:count],
            self.by_column,
            self.refused[:left],
            {place: each for place, each in self.terms.items() if place < count},
        )


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a file whose columns have types, as Parquet has; `start` numbers the first."""

    batch: pa.RecordBatch
    start: int

    def first(self, count: int) -> Batch:
        """Return the first of the rows."""
        return Batch(self.batch.slice(0, count), self.start)


Piece = Lines | Batch


class Stream(Protocol):
    """A file that is open for reading."""

    def readinto(self, room: memoryview, /) -> int | None:
        """Read into some room; return how many bytes, none at the end."""


class LineTooLongError(Exception):
    """A line has no end within the limit; carries its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def read_lines(stream: Stream, *, size: int = BLOCK) -> Iterator[Lines]:
    """Read a file block by block, whole lines at a time; the last may lack its end.

    Raises LineTooLongError.
    """
    number, rest = 1, b""
    while True:
        block = bytearray(len(rest) + size)
        block[: len(rest)] = rest
        with memoryview(block) as room:
            end = len(rest) + _fill(stream, room[len(rest) :])
        last = end == len(rest)
        del block[end:]
        if number == 1 and block.startswith(_BOM):
            del block[: len(_BOM)]
        cut = len(block) if last else block.rfind(b"\n") + 1
        rest = bytes(block[cut:])
        if len(rest) > LONGEST:
            raise LineTooLongError(number + len(lines_in(block[:cut])))
        if cut:
            lines = lines_in(block[:cut])
            yield Lines(lines, np.arange(number, number + len(lines)), by_column=True)
            number += len(lines)
        if last:
            return


def _fill(stream: Stream, room: memoryview) -> int:
    """Read until there is no more room, or no more to read; return how many bytes."""
    done = 0
    while done < len(room) and (count := stream.readinto(room[done:])):
        done += count
    return done


def lines_in(block: bytes | bytearray) -> list[bytes]:
    """Return the lines of a block, of which each but the last has an end."""
    lines = bytes(block).split(b"\n")
    return lines if lines[-1] else lines[:-1]
