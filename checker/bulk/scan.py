"""A look through the bytes of lines of JSON, before anything reads them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

# What fits the processor's cache is looked through several times as fast.
_PIECE = 1 << 18
_NEWLINE, _QUOTE, _COMMA, _COLON, _SPACE, _OPENING, _CLOSING = b'\n",: {}'
# A bracket with this bit is a brace.
_BRACE = 32
_SPACED_COMMA = re.compile(rb",\s+[}\]]")
_RANGE = re.compile(rb'\{\s*"m(?:in|ax)"')
# The last letter of a marked name.
MARK = "~"
_NONE = np.zeros(0, np.int64)


def no_bounds() -> tuple[Any, Any]:
    """Return the bounds of lines without ranges."""
    return _NONE, _NONE


def scan(block: bytes | bytearray) -> tuple[Any, Any, tuple[Any, Any]]:
    """Look through a block of whole lines.

    Returns:
        Where the lines start, and the last one ends; how many quotes each has, -1 where no count
        can be right; and where a range may stand: the lines' numbers, and the bytes before it.
    """
    whole = np.frombuffer(block, np.uint8)
    newlines, counts, bounds = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)], [_NONE]
    # DuckDB reads escapes, but the quotes among them are none; and a mark may be no name's own.
    wrong = [_places(block, b"\\"), _places(block, MARK.encode() + b'"')]
    seen = 0
    for start in range(0, len(whole), _PIECE):
        piece = whole[start : start + _PIECE]
        ends = np.flatnonzero(piece == _NEWLINE)
        quotes = np.flatnonzero(piece == _QUOTE)
        newlines.append(ends + (start + 1))
        counts.append(np.searchsorted(quotes, ends) + seen)
        seen += len(quotes)
        bounds.append(_bounds(whole, quotes + start))
        closing = np.flatnonzero((piece | _BRACE) == _CLOSING) + start
        wrong.append(_last_commas(block, whole, closing))
    ends = np.concatenate(newlines)
    made = np.diff(np.concatenate(counts)).astype(np.int32)
    made[_lines_of(np.concatenate(wrong), ends)] = -1
    places = np.concatenate(bounds)
    rows = _lines_of(places, ends)
    return ends.astype(np.int32), made, (rows, places - ends[rows])


def _lines_of(places: Any, ends: Any) -> Any:
    return np.searchsorted(ends, places, side="right") - 1


def _last_commas(block: bytes | bytearray, whole: Any, closing: Any) -> Any:
    """Return where a comma stands before a closing bracket: DuckDB takes it, but JSON does not."""
    closing = closing[closing > 0]
    before = whole[closing - 1]
    found = closing[before == _COMMA]
    if not ((before <= _SPACE) & (before != _NEWLINE)).any():
        return found
    # The spaces may begin in the piece before.
    first, last = block.rfind(b"\n", 0, int(closing[0])) + 1, int(closing[-1]) + 1
    spaced = [match.start() for match in _SPACED_COMMA.finditer(block, first, last)]
    return np.concatenate((found, np.array(spaced, np.int64)))


def _places(block: bytes | bytearray, mark: bytes) -> Any:
    """Return where something stands that is rarely there."""
    if mark[:1] not in block:
        return _NONE
    return np.array([match.start() for match in re.finditer(re.escape(mark), block)], np.int64)


def _bounds(whole: Any, quotes: Any) -> Any:
    """Return where a text "min" or "max" stands, which an end of a range is called."""
    last = len(whole) - 1
    found = quotes[whole[np.minimum(quotes + 1, last)] == ord("m")]
    for one, other in ((b"i", b"a"), (b"n", b"x"), (b'"', b'"')):
        step = whole[np.minimum(found + 2, last)]
        found = found[(step == ord(one)) | (step == ord(other))] + 1
    return found - 3


def mark_ranges(
    lines: pa.StringViewArray, bounds: tuple[Any, Any], names: Collection[str]
) -> tuple[pa.StringArray, Any]:
    """Mark the names of members whose values are ranges; `bounds` are where one may stand.

    A number and a range of the same name are two members then, which DuckDB reads at once. The
    last letter of the name is replaced, so all else stays where it is.

    Returns:
        The lines, and the numbers of those in which some range has none of the names before it.
    """
    plain = lines.cast(pa.string())
    ends = np.frombuffer(plain.buffers()[1], np.int32)[plain.offset :][: len(plain) + 1]
    data = np.frombuffer(plain.buffers()[2], np.uint8).copy()
    places = _ranges(data, ends[bounds[0]] + bounds[1])
    places = places[places >= 4]
    spaced = (data[places - 1] == _SPACE) & (data[places - 2] == _COLON)
    quote = np.where(spaced, places - 3, places - 2)
    named = (spaced | (data[places - 1] == _COLON)) & (data[quote] == _QUOTE)
    named &= _named(data, quote, names)
    data[quote[named] - 1] = ord(MARK)
    buffers = [None, plain.buffers()[1], pa.py_buffer(data)]
    made = pa.Array.from_buffers(pa.string(), len(plain), buffers, offset=plain.offset)
    return made, np.unique(_lines_of(places[~named], ends))


def _ranges(data: Any, bounds: Any) -> Any:
    """Return the places of the braces that ranges begin with."""
    spaced = data[bounds - 1] == _SPACE
    before = data[bounds - 1 - spaced]
    if (before <= _SPACE).any():
        return np.array([match.start() for match in _RANGE.finditer(data)], np.int64)
    # Other words may look like the name of an end.
    lowest = (data[bounds + 2] == ord("i")) & (data[bounds + 3] == ord("n"))
    highest = (data[bounds + 2] == ord("a")) & (data[bounds + 3] == ord("x"))
    return (bounds - 1 - spaced)[(before == _OPENING) & (lowest | highest)]


def _named(data: Any, ends: Any, names: Collection[str]) -> Any:
    """Tell behind which quotes a whole name of some has ended.

    A name that differs in its last letter alone would have the same mark.
    """
    found = np.zeros(len(ends), np.bool_)
    for name in names:
        written = np.frombuffer(f'"{name}'.encode(), np.uint8)
        here = np.flatnonzero(~found & (ends >= len(written)))
        behind = data[ends[here][:, None] + np.arange(-len(written), 0)]
        found[here] = (behind == written).all(axis=1)
    return found
