"""JSON as plain data; the place of a value is looked for only when somebody asks.

Stricter than Python's reader: duplicate keys, NaN and Infinity, numbers beyond 10^15 and deep
nesting are refused. A null is a missing value and is left out of its object's data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from checker.loading.nulls import without_nulls
from checker.loading.source import SourceFile
from checker.model.diagnostics import Diagnostic, InputError, Position, by_place
from checker.model.records import DataPath

MAX_DEPTH = 64
MAX_NUMBER = 1e15

# Compiled by `re` when first used: only messages and evidence need them.
_SURROGATE = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_LONE_SURROGATE = (
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


@cache
def _token() -> re.Pattern[str]:
    """Return the pattern of a text, a bracket or a bare word."""
    return re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s,:{}\[\]"]+', re.DOTALL)


class JsonDocument:
    """A JSON text's data, and the places of its values."""

    __slots__ = ("_children", "data", "raw", "source")

    def __init__(self, source: SourceFile, raw: Any) -> None:
        self.source = source
        self.raw = raw
        self.data = without_nulls(raw) if "null" in source.text else raw
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def locate(self, path: DataPath = ()) -> Position:
        """Return where the value at `path` starts; the nearest existing parent's if missing."""
        return self.source.position(self._find(path)[1])

    def locate_key(self, path: DataPath) -> Position:
        """Return where the name of the member at `path` stands."""
        return self.source.position(self._find(path)[0])

    def unclear_numbers(self, path: DataPath = ()) -> tuple[()]:
        """Return nothing: programs write JSON, and their numbers are exact."""
        return ()

    def _find(self, path: DataPath) -> tuple[int, int]:
        start = _token().search(self.source.text)
        place = (start.start(), start.start()) if start else (0, 0)
        for step in path:
            found = self._members(place[1]).get(step)
            if found is None:
                break
            place = found
        return place

    def _members(self, offset: int) -> dict[str | int, tuple[int, int]]:
        """Return the members of the list or object at `offset`: (key's place, value's place)."""
        members = self._children.get(offset)
        if members is None:
            found = _members(self.source.text, offset)
            members = {name: (key_at, value_at) for name, key_at, value_at in found}
            self._children[offset] = members
        return members


def read_json(source: SourceFile) -> JsonDocument:
    """Read one JSON text.

    Raises InputError with the place and, in plain words, the reason why it cannot be read.
    """
    text = source.text
    if not text.strip():
        raise InputError.of("empty-file", "the file is empty", source.name)
    data = None
    try:
        data = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        message, hint, offset = _plain_words(text, error)
        raise InputError.of("json-syntax", message, source.position(offset), hint) from None
    except _Refused:
        raise InputError(_strict_errors(source)) from None
    except RecursionError:
        pass  # It is far too deep.
    deep = _too_deep_at(text)
    if deep is not None:
        message = f"lists and objects are nested more than {MAX_DEPTH} deep"
        raise InputError.of("too-deep", message, source.position(deep))
    if data is None:
        message = "there is nothing here but null"
        raise InputError.of("empty-file", message, source.position(0))
    if half := _half_character(text, data):
        message = f"{half[0]} is half of a character"
        raise InputError.of("half-character", message, source.position(half.start()))
    return JsonDocument(source, data)


def read_ndjson(source: SourceFile) -> Iterator[JsonDocument | InputError]:
    """Read a text with one JSON record in each line; blank lines are passed over.

    A line that cannot be read is given as its error, so that the other lines go on.
    """
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            _refuse_other_bytes(source.name, number, line)
            yield read_json(SourceFile(source.name, line, only_line=number))
        except InputError as error:
            yield error


def _refuse_other_bytes(name: str, number: int, line: str) -> None:
    """Refuse a line in which bytes that are not UTF-8 were kept."""
    try:
        line.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"the text is not UTF-8 (byte 0x{ord(line[error.start]) - 0xDC00:02x})"
        position = Position(name, number, error.start + 1)
        raise InputError.of("not-utf8", message, position, "Save the file as UTF-8.") from None


class _Refused(Exception):
    """Python's reader would accept this."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused
    return members


def _constant(_: str) -> Any:
    raise _Refused


def _float(text: str) -> float:
    number = float(text)
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise _Refused
    return number


def _int(text: str) -> int:
    if len(text) > 15 and (len(text) > 17 or abs(int(text)) > MAX_NUMBER):
        raise _Refused
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
)


def _half_character(text: str, data: Any) -> re.Match[str] | None:
    """Find a surrogate without its other half: no text in any file can be written with it."""
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            return re.search(_LONE_SURROGATE, text) or re.search(_SURROGATE, text)
    return None


def _too_deep_at(text: str) -> int | None:
    """Return where the first list or object that is nested too deep starts."""
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return None
    depth = 0
    for token in _token().finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return token.start()
        elif token[0] in "}]":
            depth -= 1
    return None


def _members(text: str, offset: int) -> Iterator[tuple[str | int, int, int]]:
    """Yield name or index, place of the name and place of the value of each direct member."""
    kind = text[offset : offset + 1]
    if kind not in ("{", "["):
        return
    depth, index, key = 0, 0, None
    for token in _token().finditer(text, offset + 1):
        word = token[0]
        if word in "}]":
            depth -= 1
            if depth < 0:
                return
            continue
        if depth == 0:
            if kind == "[":
                yield index, token.start(), token.start()
                index += 1
            elif key is None:
                key = token
                continue
            else:
                yield _name(key[0]), key.start(), token.start()
                key = None
        if word in "{[":
            depth += 1


def _strict_errors(source: SourceFile) -> list[Diagnostic]:
    """List what Python's reader accepts and this one refuses."""
    found: list[Diagnostic] = []

    def refuse(code: str, message: str, offset: int, hint: str = "") -> None:
        found.append(Diagnostic(code, message, source.position(offset), hint=hint))

    text = source.text
    start = _token().search(text)
    waiting = [start.start()] if start else []
    while waiting:
        offset = waiting.pop()
        seen: dict[str | int, int] = {}
        word = _token().match(text, offset)
        token = word[0] if word else ""
        if token in ("NaN", "Infinity", "-Infinity"):
            hint = "Leave the value out if it is not known."
            refuse("not-a-number", f"{token} is not a number", offset, hint)
        elif token[:1] not in ('"', "{", "[", "t", "f", "n", "") and _beyond(token):
            refuse("too-large", "numbers beyond 1,000,000,000,000,000 are refused", offset)
        for name, key_at, value_at in _members(text, offset):
            waiting.append(value_at)
            if name in seen:
                line = source.position(seen[name]).line
                hint = f"It is first given on line {line}. Keep one of the two."
                refuse("duplicate-field", f'"{name}" is given twice', key_at, hint)
            seen.setdefault(name, key_at)
    if not found:
        refuse("json-syntax", "this is not JSON", 0)
    found.sort(key=by_place)
    return found


def _beyond(token: str) -> bool:
    try:
        return not -MAX_NUMBER <= float(token) <= MAX_NUMBER
    except ValueError:  # A syntax error further on, behind what was refused first.
        return False


def _name(token: str) -> str:
    if "\\" not in token:
        return token.strip('"')
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token


def _plain_words(text: str, error: json.JSONDecodeError) -> tuple[str, str, int]:
    """Say what is wrong, how to mend it, and at which character."""
    offset, reason = error.pos, error.msg
    rest = text[offset:].lstrip()
    at = len(text) - len(rest)
    before = text[:offset].rstrip()
    if reason.startswith("Unterminated string"):
        return "this text has no closing quote", "", offset
    if reason.startswith("Invalid control character"):
        hint = r"Write \n for a new line and \t for a tab."
        return "a line break or a tab stands inside a text", hint, offset
    if reason.startswith("Invalid \\"):
        return r"a backslash inside a text is written \\", "", offset
    if reason.startswith("Illegal trailing") or (rest[:1] in ("}", "]") and before[-1:] == ","):
        return "there is a comma after the last value", "Take the comma out.", len(before) - 1
    if not rest:
        return "the file ends too early", "A closing bracket or brace is missing.", len(text)
    if zero := _leading_zero(text, offset):
        hint = f"Write {zero[1]}{zero[2]}; put it in quotes if it is no number."
        return "a number does not start with 0", hint, zero.start()
    if reason == "Extra data":
        hint = ""
        if rest[:1] == "{":
            hint = "A file with one record in each line has a name that ends in .ndjson."
        return "there is more text after the end of the record", hint, at
    if rest[:2] in ("//", "/*") or rest[:1] == "#":
        return "JSON has no comments", "Take it out, or write the file as YAML.", at
    if rest[:1] in ("'", "\u201c", "\u201d", "\u2018", "\u2019"):
        return 'names and texts stand in straight double quotes, "like this"', "", at
    return _expected(reason, rest, at)


def _leading_zero(text: str, offset: int) -> re.Match[str] | None:
    """Find a number that starts with a needless 0, behind which reading stopped."""
    start = offset - 1 - (text[offset - 2 : offset - 1] == "-")
    match = re.compile(r"(-?)0+([0-9][0-9.eE+-]*)").match(text, max(start, 0))
    before = text[:start].rstrip()[-1:]
    return match if match and before in ("", ":", ",", "[") else None


def _expected(reason: str, rest: str, at: int) -> tuple[str, str, int]:
    word = re.match(r"[\w.+-]+", rest)
    shown = word[0] if word else rest[:1]
    if reason == "Expecting ',' delimiter":
        return "a comma is missing" + (f' before "{shown}"' if shown != '"' else ""), "", at
    if reason == "Expecting ':' delimiter":
        return "a colon is missing between name and value", "", at
    if reason.startswith("Expecting property name"):
        return f'a name in double quotes should stand here, not "{shown}"', "", at
    if shown in ("True", "False", "None"):
        right = {"True": "true", "False": "false", "None": "null"}[shown]
        return f"{shown} is written {right}", "", at
    return f'"{shown}" is not a value', "Texts stand in double quotes.", at
