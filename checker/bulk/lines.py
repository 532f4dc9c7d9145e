"""Lines of JSON as columns of Arrow: their number, their text, and how many quotes they have.

The bytes of a block are not copied: the column of texts points into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from checker.bulk.scan import scan

# A plan is made for each block, so a small block costs more for each line.
BLOCK = 32 << 20
# A line without an end is read up to here; what is longer is no record.
LONGEST = 64 << 20

SCHEMA = pa.schema([("number", pa.int64()), ("line", pa.string()), ("quotes", pa.int32())])
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Refused:
    """A line that cannot be used, and why."""

    line: int
    reasons: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class Lines:
    """Some lines of a file, one after the other.

    `ranged` are the rows that may hold a range. `unreadable` are the numbers of those that are
    not UTF-8: their text is empty here. `refused` are rows that could not even be written as a
    line. `terms` are what deals agree, by line: the evaluator judges those.
    """

    table: pa.Table
    end: int
    ranged: Any = field(default_factory=lambda: np.zeros(0, np.int64))
    unreadable: frozenset[int] = frozenset()
    refused: tuple[Refused, ...] = ()
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def sliced(self, count: int) -> Lines:
        """Return the first of the lines."""
        table = self.table.slice(0, count)
        left = max(count - table.num_rows, 0)
        ranged = self.ranged[self.ranged < table.num_rows]
        return replace(self, table=table, ranged=ranged, refused=self.refused[:left])

    @property
    def numbers(self) -> Any:
        """Return the number of each line, as an array of numpy."""
        return self.table["number"].to_numpy()

    def texts(self, places: Sequence[int]) -> list[str | None]:
        """Return the texts of lines; None is no UTF-8."""
        some = self.table.select(["number", "line"]).take(pa.array(places, pa.int64()))
        both = zip(*(column.to_pylist() for column in some.columns), strict=True)
        return [None if number in self.unreadable else text for number, text in both]

    def by_form(self) -> list[tuple[Any, pa.Table]]:
        """Return the lines without ranges, and those that may hold one, with their places."""
        places = np.arange(self.table.num_rows)
        if not len(self.ranged):
            return [(places, self.table), (places[:0], self.table.slice(0, 0))]
        holds = np.zeros(len(places), np.bool_)
        holds[self.ranged] = True
        return [(places[mask], self.table.filter(pa.array(mask))) for mask in (~holds, holds)]


class LineTooLongError(Exception):
    """A line has no end within the limit; carries its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def read_lines(stream: BinaryIO, *, size: int = BLOCK) -> Iterator[Lines]:
    """Read a file block by block, whole lines at a time; the last may lack its end.

    Raises LineTooLongError.
    """
    number, rest, first = 1, b"", True
    while True:
        block = stream.read(size)
        whole = rest + block
        if first:
            whole, first = whole.removeprefix(_BOM), False
        if not block:
            if whole:
                yield lines_in(whole + b"\n", number)
            return
        cut = whole.rfind(b"\n") + 1
        rest = whole[cut:]
        if len(rest) > LONGEST:
            raise LineTooLongError(number + whole.count(b"\n", 0, cut))
        if cut:
            made = lines_in(whole[:cut], number)
            number = made.end
            yield made


def lines_in(block: bytes, number: int) -> Lines:
    """Return the lines of a block, which ends with one."""
    unreadable: frozenset[int] = frozenset()
    if not block.isascii():
        block, unreadable = _readable(block, number)
    ends, quotes, ranged = scan(block)
    count = len(quotes)
    columns = [
        pa.array(np.arange(number, number + count)),
        pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(block)),
        pa.array(quotes),
    ]
    return Lines(pa.Table.from_arrays(columns, schema=SCHEMA), number + count, ranged, unreadable)


def _readable(block: bytes, number: int) -> tuple[bytes, frozenset[int]]:
    """Return a block with each line that is not UTF-8 left empty, and the numbers of those."""
    try:
        block.decode("utf-8")
        return block, frozenset()
    except UnicodeDecodeError:
        lines = block.split(b"\n")
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
    return Lines(table, end, made.ranged, refused=tuple(refused), terms=deals)


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
