"""Lines of JSON as columns of Arrow: their number, their text, and how many quotes they have.

The bytes of a block are not copied: the column of texts points into it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

# A plan is made for each block, so a small block costs more for each line.
BLOCK = 64 << 20
# Rows of one batch: DuckDB gives each thread a batch at a time.
_BATCH = 8192
# A line without an end is read up to here; what is longer is no record.
LONGEST = 64 << 20

SCHEMA = pa.schema([("number", pa.int64()), ("line", pa.string()), ("quotes", pa.int32())])
_ALL_BUT_QUOTES = bytes(byte for byte in range(256) if byte not in b'",}]\n')
_NOT_COUNTED = b",}]"
_RANGE = b'"min"'
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
    ranged: Sequence[int] = ()
    unreadable: frozenset[int] = frozenset()
    refused: tuple[Refused, ...] = ()
    terms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def sliced(self, count: int) -> Lines:
        """Return the first of the lines."""
        table = self.table.slice(0, count)
        left = max(count - table.num_rows, 0)
        ranged = [row for row in self.ranged if row < table.num_rows]
        return replace(self, table=table, ranged=ranged, refused=self.refused[:left])

    def by_form(self) -> tuple[pa.Table, pa.Table]:
        """Return the lines without ranges, and those that may hold one."""
        mask = bytearray(b"\0" * self.table.num_rows)
        for row in self.ranged:
            mask[row] = 1
        found = pa.Array.from_buffers(pa.uint8(), len(mask), [None, pa.py_buffer(mask)])
        holds = pc.equal(found, 1)
        if not self.ranged:
            return self.table, self.table.slice(0, 0)
        return self.table.filter(pc.invert(holds)), self.table.filter(holds)

    def stream(self) -> pa.RecordBatchReader:
        """Return the lines in batches that several threads can take."""
        return pa.RecordBatchReader.from_batches(SCHEMA, self.table.to_batches(_BATCH))


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
    ends = array("i", [0])
    add, find, at = ends.append, block.find, block.find(b"\n") + 1
    while at:
        add(at)
        at = find(b"\n", at) + 1
    count = len(ends) - 1
    # A comma before a closing bracket is no JSON, but DuckDB takes it; then no count is right.
    bare = block.translate(None, _ALL_BUT_QUOTES)
    if b",}" in bare or b",]" in bare:
        parts = bare.split(b"\n")
        quotes = array("i", (-1 if b",}" in p or b",]" in p else p.count(b'"') for p in parts))
    else:
        quotes = array("i", map(len, bare.translate(None, _NOT_COUNTED).split(b"\n")))
    quotes.pop()
    ranged = _ranged(block, ends)
    numbers = array("q", range(number, number + count))
    columns = [
        pa.Array.from_buffers(pa.int64(), count, [None, pa.py_buffer(numbers)]),
        pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(block)),
        pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(quotes)]),
    ]
    return Lines(pa.Table.from_arrays(columns, schema=SCHEMA), number + count, ranged, unreadable)


def _ranged(block: bytes, ends: array[int]) -> list[int]:
    """Return the rows that hold the name of a range's lower end."""
    rows, at = [], block.find(_RANGE)
    while at >= 0:
        row = bisect_right(ends, at) - 1
        rows.append(row)
        at = block.find(_RANGE, ends[row + 1])
    return rows


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
    # No count of quotes is right where a deal has terms, so the evaluator reads it.
    both = zip(kept, texts, strict=True)
    quotes = [-1 if number in deals else _quotes(text) for number, text in both]
    columns = [
        pa.array(kept, pa.int64()),
        pa.array(texts, pa.string()),
        pa.array(quotes, pa.int32()),
    ]
    table = pa.Table.from_arrays(columns, schema=SCHEMA)
    end = (kept[-1] if kept else 0) + 1
    ranged = [row for row, text in enumerate(texts) if '"min"' in text]
    return Lines(table, end, ranged, refused=tuple(refused), terms=deals)


def _quotes(text: str) -> int:
    bare = text.encode("utf-8", "surrogatepass").translate(None, _ALL_BUT_QUOTES)
    bare = bare.replace(b"\n", b"")
    return -1 if b",}" in bare or b",]" in bare else bare.count(b'"')
