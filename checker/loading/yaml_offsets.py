"""Where each character of a YAML scalar stands in its file.

The scalar is read a second time, beside the value that libyaml read, so a mistake here can cost
exactness and never points to a wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# A line of a scalar without what folding takes away, and the index in the file where it starts.
_Line = tuple[int, str]

_BLOCKS = ("|", ">")
_LINE = re.compile(r"[^\r\n]+")
# An indentation written in the header (">2-") is rare and not followed.
_HEADER = re.compile(r"[|>][+-]?[ \t]*(?:#.*)?$")
# How a character is written, by the style. A backslash before a line's end is none.
_DOUBLE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|[^\\]")
_SINGLE = re.compile("''|.")
_PLAIN = re.compile(".")


def offset_map(text: str, *, value: str, style: str, start: int, end: int) -> Callable[[int], int]:
    """Return a function from an offset in `value` to an index in `text`.

    `start` and `end` delimit the scalar in `text`, quotes and block header included; `style` is
    "", "'", '"', "|" or ">". The offset just after the value gives the index just after it.
    Where the offsets cannot be followed, each gives the scalar's start.
    """
    lines = (_block if style in _BLOCKS else _flow)(text, style, start, end)
    places = _places(lines, value, style, start) or [start]
    return lambda offset: places[min(offset, len(places) - 1)]


def _block(text: str, style: str, start: int, end: int) -> list[_Line]:
    (_, header), *lines = ((found.start(), found[0]) for found in _LINE.finditer(text, start, end))
    body = [(at, line) for at, line in lines if line.strip(" ")]
    if not body or not _HEADER.match(header):
        return []
    indent = len(body[0][1]) - len(body[0][1].lstrip(" "))
    return [(at + indent, line[indent:]) for at, line in body]


def _flow(text: str, style: str, start: int, end: int) -> list[_Line]:
    if style:
        start, end = start + 1, end - 1
    lines = []
    for found in _LINE.finditer(text, start, end):
        at, line = found.start(), found[0]
        if found.end() < end:
            line = line.rstrip(" \t")
        if at > start:
            at += len(line) - len(line.lstrip(" \t"))
            line = line.lstrip(" \t")
        lines.append((at, line))
    return lines


def _places(lines: list[_Line], value: str, style: str, start: int) -> list[int]:
    """Return the index of each character of a value and of its end; none where they do not meet."""
    places: list[int] = []
    after = start
    joined = False
    for at, line in lines:
        # Spaces and line ends that folding put between two lines stand just after the first.
        folded = ("\n",) if joined or line[:1].isspace() else (" ", "\n")
        while not value.startswith(line, len(places)) and value.startswith(folded, len(places)):
            places.append(after)
        end = 0
        for found in {"'": _SINGLE, '"': _DOUBLE}.get(style, _PLAIN).finditer(line):
            written, stands_for = found[0], value[len(places) : len(places) + 1]
            if not stands_for or (len(written) == 1 and written != stands_for):
                return []
            after = at + found.start() + (len(written) == 1)
            places.append(at + found.start())
            end = found.end()
        joined = end < len(line)
    rest = value[len(places) :]
    return [] if rest.strip() else [*places, *[after] * (len(rest) + 1)]
