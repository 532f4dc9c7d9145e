"""Lines of JSON as columns of Arrow: their number, their text, and how many quotes they have.

The bytes of a block are not copied: the column of texts points into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from checker.bulk.scan import no_bounds, scan
from checker.bulk.unpacked import LONGEST

# A plan is made for each block, so a small block costs more for each line.
BLOCK = 48 << 20
# Lines that are judged together: of short ones a block holds very many.
_MOST = 1 << 20

SCHEMA = pa.schema([("number", pa.int64()), ("line", pa.string()), ("quotes", pa.int32())])
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Refused:
    """A line that cannot be used, and why."""

    line: int
    reasons: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class Form:
    """Lines that are read alike: their places among all, texts, quotes and bounds."""

    places: Any
    texts: pa.StringViewArray
    quotes: Any
    bounds: tuple[Any, Any]


@dataclass(frozen=True)
class Lines:
    """Some lines of a file, one after the other.

    `bounds` are where a range may stand: rows, and how far from their start. `unreadable` are the
    numbers of those that are not UTF-8: their text is empty here. `refused` are rows that could
    not even be written as a line. `terms` are what deals agree, by line: the evaluator judges
    those.
    """

    table: pa.Table
    end: int
    bounds: tuple[Any, Any] = field(default_factory=no_bounds)
    unreadable: frozenset[int] = frozenset()
    refused: tuple[Refused, ...] = ()
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def sliced(self, count: int) -> Lines:
        """Return the first of the lines."""
        table = self.table.slice(0, count)
        left = max(count - table.num_rows, 0)
        rows, offsets = self.bounds
        bounds = (rows[rows < table.num_rows], offsets[rows < table.num_rows])
        return replace(self, table=table, bounds=bounds, refused=self.refused[:left])

    @property
    def ranged(self) -> Any:
        """Return which lines may hold a range, as an array of numpy."""
        holds = np.zeros(self.table.num_rows, np.bool_)
        holds[self.bounds[0]] = True
        return holds

    @property
    def numbers(self) -> Any:
        """Return the number of each line, as an array of numpy."""
        return self.table["number"].to_numpy()

    def texts(self, places: Sequence[int]) -> list[str | None]:
        """Return the texts of lines; None is no UTF-8."""
        some = self.table.select(["number", "line"]).take(pa.array(places, pa.int64()))
        both = zip(*(column.to_pylist() for column in some.columns), strict=True)
        return [None if number in self.unreadable else text for number, text in both]

    def by_form(self) -> list[Form]:
        """Return the lines without ranges, and those that may hold one."""
        texts = self.table["line"].combine_chunks().cast(pa.string_view())
        quotes, ranged = self.table["quotes"].to_numpy(), self.ranged
        nothing = no_bounds()
        if not ranged.any():
            places = np.arange(len(texts))
            return [
                Form(places, texts, quotes, nothing),
                Form(places[:0], texts.slice(0, 0), quotes[:0], nothing),
            ]
        rows, offsets = self.bounds
        # The rows of the bounds among those that may hold a range.
        bounds = (np.cumsum(ranged)[rows] - 1, offsets)
        return [
            Form(np.flatnonzero(mask), _views(texts, mask), quotes[mask], found)
            for mask, found in ((~ranged, nothing), (ranged, bounds))
        ]


def _views(texts: pa.StringViewArray, mask: Any) -> pa.StringViewArray:
    """Return some of the texts, which stay where they are: no byte of them is copied."""
    _, views, *data = texts.buffers()
    each = np.frombuffer(views, np.uint8).reshape(-1, 16)[texts.offset :][: len(texts)][mask]
    buffers = [None, pa.py_buffer(each), *data]
    return pa.Array.from_buffers(pa.string_view(), len(each), buffers)


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
        if last and block:
            block += b"\n"
        cut = block.rfind(b"\n") + 1
        rest = bytes(block[cut:])
        if len(rest) > LONGEST:
            raise LineTooLongError(number + block.count(b"\n", 0, cut))
        if cut:
            del block[cut:]
            for part in _parts(block):
                if part.isspace():
                    number += part.count(b"\n")
                    continue
                made = lines_in(part, number)
                number = made.end
                yield made
        if last:
            return


def _parts(block: bytearray) -> Iterator[bytearray]:
    """Yield whole lines of a block, not too many at a time; of common ones all at once."""
    count = 1 + block.count(b"\n") // _MOST
    size, start = len(block) // count + 1, 0
    while count > 1 and start + size < len(block):
        end = block.find(b"\n", start + size) + 1
        yield block[start:end]
        start = end
    yield block[start:] if start else block


def _fill(stream: Stream, room: memoryview) -> int:
    """Read until there is no more room, or no more to read; return how many bytes."""
    done = 0
    while done < len(room) and (count := stream.readinto(room[done:])):
        done += count
    return done


def lines_in(block: bytes | bytearray, number: int) -> Lines:
    """Return the lines of a block, which ends with one; it must not be changed after."""
    unreadable: frozenset[int] = frozenset()
    if not block.isascii():
        block, unreadable = _readable(block, number)
    ends, quotes, bounds = scan(block)
    count = len(quotes)
    columns = [
        pa.array(np.arange(number, number + count)),
        pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(block)),
        pa.array(quotes),
    ]
    return Lines(pa.Table.from_arrays(columns, schema=SCHEMA), number + count, bounds, unreadable)


def _readable(block: bytes | bytearray, number: int) -> tuple[bytes | bytearray, frozenset[int]]:
    """Return a block with each line that is not UTF-8 left empty, and the numbers of those."""
    try:
        block.decode("utf-8")
        return block, frozenset()
    except UnicodeDecodeError:
        lines = bytes(block).split(b"\n")
    wrong = {index for index, line in enumerate(lines) if not _is_utf8(line)}
    kept = b"\n".join(b"" if index in wrong else line for index, line in enumerate(lines))
    return kept, frozenset(number + index for index in wrong)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def lines_of(
    texts: Sequence[str],
    numbers: Iterable[int],
    *,
    refused: Sequence[Refused] = (),
    terms: Mapping[int, Mapping[str, Any]] | None = None,
) -> Lines:
    """Return texts that do not stand one in each line, with the lines that they start on."""
    kept, deals = list(numbers), terms or {}
    block = "".join(f"{_one_line(text)}\n" for text in texts).encode()
    made = lines_in(block, 1)
    # No count of quotes is right where a deal has terms, so the evaluator reads it.
    quotes = made.table["quotes"].to_numpy().copy()
    quotes[[number in deals for number in kept]] = -1
    columns = [pa.array(kept, pa.int64()), pa.array(texts, pa.string()), pa.array(quotes)]
    table = pa.Table.from_arrays(columns, schema=SCHEMA)
    end = (kept[-1] if kept else 0) + 1
    return Lines(table, end, made.bounds, refused=tuple(refused), terms=deals)


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
