"""Where each character of a YAML scalar stands in its file.

The scalar is read a second time, piece by piece; each piece is a run of characters that stand
in the value as they stand in the file. The pieces are compared with the value that libyaml
read, so a mistake here can cost exactness and never points to a wrong place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

# Offset in the value, index in the file, length of the run.
Piece = tuple[int, int, int]
# Index in the file, characters, whether they are an escape.
Run = tuple[int, str, bool]

_BLOCKS = frozenset("|>")

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_HEADER = re.compile(r"[|>][+-]?[ \t]*(?:#.*)?$")


def offset_map(text: str, *, value: str, style: str, start: int, end: int) -> Callable[[int], int]:
    """Return a function from an offset in `value` to an index in `text`.

    `start` and `end` delimit the scalar in `text`, quotes and block header included; `style` is
    "", "'", '"', "|" or ">". The offset just after the value gives the index just after it.
    """
    found = _pieces(text, value=value, style=style, start=start, end=end)
    if found is None:
        return lambda offset: start
    pieces = found
    offsets = [piece[0] for piece in pieces]

    def index(offset: int) -> int:
        at = bisect_right(offsets, offset) - 1
        if at < 0:
            return start
        begin, place, length = pieces[at]
        # A folded line break stands just after the run before it.
        return place + min(max(offset - begin, 0), length)

    return index


def _pieces(text: str, *, value: str, style: str, start: int, end: int) -> list[Piece] | None:
    runs: Iterable[Run] | None
    if style in _BLOCKS:
        runs = _block_runs(text, start, end)
    else:
        runs = _flow_runs(text, style, start, end)
    if runs is None:
        return None
    pieces: list[Piece] = []
    offset = 0
    for place, run, escaped in runs:
        offset = _skip_folded(value, offset, run)
        if escaped:
            pieces.append((offset, place, 0))
            offset += len(run)
            continue
        if not value.startswith(run, offset):
            return None
        pieces.append((offset, place, len(run)))
        offset += len(run)
    return pieces if not value[offset:].strip() else None


def _skip_folded(value: str, offset: int, run: str) -> int:
    """Step over the spaces and line ends that folding put between two runs."""
    folded = "\n" if run[:1].isspace() else " \n"
    while offset < len(value) and value[offset] in folded and not value.startswith(run, offset):
        offset += 1
    return offset


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    at = start
    while at < end:
        match = _LINE.match(text, at, end)
        if match is None or match.end() == at:
            return
        yield at, match[1]
        at = match.end()


def _block_runs(text: str, start: int, end: int) -> list[Run] | None:
    lines = list(_lines(text, start, end))
    # An indentation written in the header (">2-") is rare and not followed.
    if not lines or not _HEADER.match(lines[0][1]):
        return None
    body = [(at, line) for at, line in lines[1:] if line.strip(" ")]
    if not body:
        return []
    indent = len(body[0][1]) - len(body[0][1].lstrip(" "))
    return [(at + indent, line[indent:], False) for at, line in body]


def _flow_runs(text: str, style: str, start: int, end: int) -> Iterator[Run]:
    """Yield the runs of a plain or quoted scalar: place, characters, whether it is an escape."""
    if style:
        start, end = start + 1, end - 1
    lines = list(_lines(text, start, end))
    for number, (at, line) in enumerate(lines):
        if number:
            at += len(line) - len(line.lstrip(" \t"))
            line = line.lstrip(" \t")
        if number < len(lines) - 1:
            line = line.rstrip(" \t")
        if style == "'":
            yield from _split(at, line, re.compile("''"))
        elif style == '"':
            yield from _split(at, line, _ESCAPE)
        elif line:
            yield at, line, False


def _split(at: int, line: str, escape: re.Pattern[str]) -> Iterator[Run]:
    done = 0
    for match in escape.finditer(line):
        if match.start() > done:
            yield at + done, line[done : match.start()], False
        # An escape stands for one character; which one does not matter here.
        yield at + match.start(), "'" if match[0] == "''" else "?", True
        done = match.end()
    if done < len(line):
        rest = line[done:]
        if not rest.endswith("\\"):  # A backslash before the line's end joins two lines.
            yield at + done, rest, False
        elif rest[:-1]:
            yield at + done, rest[:-1], False
