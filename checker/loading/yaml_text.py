"""YAML as plain data, with the place of every value.

A small YAML: null, true, false and JSON numbers (underscores may separate digits) are values,
everything else is text, keys too. `NO` is Norway, `018` and `2026-03-02` are text. What makes a
file say something else than it seems to (duplicate keys, aliases, merge keys, tags, a second
document) is refused.

One pass over libyaml's events builds the data and, beside it, a tree of the events, which hold
the marks; line and column are worked out only where somebody asks. Marks are used by their
character index alone: libyaml also ends lines at U+2028 and its like, editors do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from checker.loading.nulls import without_nulls
from checker.loading.source import SourceFile
from checker.model.diagnostics import CheckerError, Diagnostic, InputError, Position
from checker.model.records import DataPath
from checker.model.rules import SourceText

_Parser: Any
try:
    from yaml._yaml import CParser

    _Parser = CParser
except ImportError:  # PyYAML was built without libyaml.
    _Parser = yaml.SafeLoader

MAX_DEPTH = 64
MAX_NUMBER = 1e15

_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = re.compile(rf"-?(?:0|[1-9](?:_?[0-9])*)(?P<real>(?:\.{_DIGITS})?(?:[eE][+-]?{_DIGITS})?)")
# Some write a point between thousands: 1.500 may be either.
_UNCLEAR = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_NUMBER_START = frozenset("-0123456789")
_WORDS: dict[str, Any] = {"": None, "null": None, "true": True, "false": False}
# In braces a comma ends a value: what stands behind it in 1,500 and in 0,6 is another member.
_SPLIT_OFF = re.compile(r"(?: *, *[0-9][0-9_.]*(?![\w:-]))+ ?%?")

_QUOTES = "If it is text, put it in quotes."

# Given the file and the line of an error: a better diagnostic, where YAML broke a known field.
Repair = Callable[[SourceFile, int], Diagnostic | None]


class YamlDocument:
    """A file's data and the places of its values.

    `data` is None where the document is empty. `raw` is the data as it was read, with the members
    that are null.
    """

    __slots__ = ("_tree", "_unclear", "data", "raw", "source")

    def __init__(self, source: SourceFile, data: Any, tree: Any, *, unclear: bool = False) -> None:
        self.source = source
        self.data = self.raw = data
        self._unclear = unclear
        # A scalar is its event; a collection is (event, {key: (key event, tree)} or [tree]).
        self._tree = tree

    def leave_out_nulls(self) -> None:
        """Leave the members that are null out of the data: they are missing values."""
        self.data = without_nulls(self.raw)

    def locate(self, path: DataPath = ()) -> Position:
        """Return where the value at `path` starts; the nearest existing parent's if missing."""
        key, tree, _ = self._find(path)
        if tree is None:
            return Position(self.source.name)
        event = tree[0] if type(tree) is tuple else tree
        if key is not None and type(event) is ScalarEvent and not event.style and not event.value:
            event = key  # Nothing is written after the colon; libyaml's mark is on a later line.
        return self.source.position(event.start_mark.index)

    def locate_key(self, path: DataPath) -> Position:
        """Return where the last key of `path` stands; a list's member is its value."""
        key, _, complete = self._find(path)
        if key is None or not complete:
            return self.locate(path)
        return self.source.position(key.start_mark.index)

    def scalar(self, path: DataPath) -> Any:
        """Return the event of the scalar at `path`: `value` as written, `style` and marks.

        None where there is no scalar.
        """
        _, tree, complete = self._find(path)
        return tree if complete and type(tree) is ScalarEvent else None

    def text(self, path: DataPath) -> SourceText:
        """Return the scalar at `path` as written, with the place of each of its characters.

        Where the offsets cannot be followed, every character is at the scalar's start. Raises
        KeyError where there is no scalar.
        """
        event = self.scalar(path)
        if event is None:
            raise KeyError(path)
        return source_text(self.source, event)

    def unclear_numbers(self, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
        """Yield the paths, from `path` on, of the numbers below it that have two readings."""
        if self._unclear:
            _, tree, complete = self._find(path)
            yield from _unclear_numbers(tree, ()) if complete else ()

    def _find(self, path: DataPath) -> tuple[Any, Any, bool]:
        """Return the key's event, the tree, and whether the whole path exists."""
        key, tree = None, self._tree
        for step in path:
            children = tree[1] if type(tree) is tuple else None
            if isinstance(children, dict) and step in children:
                key, tree = children[step]
            elif isinstance(children, list) and isinstance(step, int) and step < len(children):
                key, tree = None, children[step]
            else:
                return key, tree, False
        return key, tree, True


def _unclear_numbers(tree: Any, path: DataPath) -> Iterator[tuple[DataPath, str]]:
    if type(tree) is not tuple:
        if not tree.style and _UNCLEAR.fullmatch(tree.value):
            yield path, tree.value
        return
    if isinstance(tree[1], dict):
        children = [(name, below) for name, (_, below) in tree[1].items()]
    else:
        children = list(enumerate(tree[1]))
    for step, below in children:
        yield from _unclear_numbers(below, (*path, step))


def source_text(source: SourceFile, event: Any) -> SourceText:
    """Return a scalar's text with the place of each of its characters, found when asked for."""
    offsets: Callable[[int], int] | None = None

    def locate(offset: int) -> Position:
        nonlocal offsets
        if offsets is None:
            # Only messages and evidence come here.
            from checker.loading.yaml_offsets import offset_map

            offsets = offset_map(
                source.text,
                value=event.value,
                style=event.style or "",
                start=event.start_mark.index,
                end=event.end_mark.index,
            )
        return source.position(offsets(offset))

    return SourceText(event.value, locate, source.line)


def read_yaml(
    source: SourceFile,
    *,
    refuse: type[CheckerError] = InputError,
    repair: Repair | None = None,
) -> YamlDocument:
    """Read one YAML document.

    Raises `refuse` with everything that this small YAML does not allow; a syntax error ends the
    reading. `repair` may word an error better, from the file and the line of the error.
    """
    builder = _Builder(source, repair)
    try:
        data, tree = builder.document()
    except MarkedYAMLError as error:
        found = _syntax_error(source, error, repair)
        # An alias with text after it is refused first as an alias, then as a syntax error.
        same = (found.position, found.message)
        if same not in ((each.position, each.message) for each in builder.diagnostics):
            builder.diagnostics.append(found)
    except ReaderError as error:
        builder.diagnostics.append(_character_error(source, error))
    except _Stop:
        pass
    if builder.diagnostics:
        raise refuse(builder.diagnostics)
    return YamlDocument(source, data, tree, unclear=builder.unclear)


class _Stop(Exception):
    """Reading cannot go on; the diagnostics say why."""


class _Builder:
    """Turns events into data and the tree of places."""

    def __init__(self, source: SourceFile, repair: Repair | None) -> None:
        self.source = source
        self.repair = repair
        self.diagnostics: list[Diagnostic] = []
        # Whether a number may have two readings, as 1.500 has.
        self.unclear = False
        # The last value that a comma cut short.
        self.split: Any = None
        self.next: Callable[[], Any]

    def document(self) -> tuple[Any, Any]:
        """Return the data and the tree of the only document."""
        self.next = _Parser(self.source.text).get_event
        self.next()  # The stream starts.
        event = self.next()
        if type(event) is StreamEndEvent:
            return None, None
        result = self.value(self.next(), 1)
        self.next()  # The document ends.
        event = self.next()
        if type(event) is DocumentStartEvent:
            message = 'a second document starts here ("---"); one file holds one document'
            self.refuse("second-document", message, event)
        return result

    def value(self, event: Any, depth: int) -> tuple[Any, Any]:
        """Return data and tree of the value that `event` starts."""
        kind = type(event)
        if kind is AliasEvent:
            self.alias(event)
            return None, event
        if event.anchor is not None or event.tag is not None:
            self.decorated(event)
        if kind is ScalarEvent:
            text = event.value
            return (text if event.style else self.plain(text, event)), event
        if depth > MAX_DEPTH:
            self.refuse("too-deep", f"values are nested more than {MAX_DEPTH} deep", event)
            raise _Stop
        return self.mapping(event, depth) if kind is MappingStartEvent else self.list(event, depth)

    def list(self, event: Any, depth: int) -> tuple[Any, Any]:
        data: list[Any] = []
        trees: list[Any] = []
        following = self.next
        while True:
            item = following()
            if type(item) is SequenceEndEvent:
                return data, (event, trees)
            value, tree = self.value(item, depth + 1)
            data.append(value)
            trees.append(tree)

    def mapping(self, event: Any, depth: int) -> tuple[Any, Any]:
        data: dict[str, Any] = {}
        trees: dict[str, Any] = {}
        start, following, plain = event, self.next, self.plain
        while True:
            key = following()
            if type(key) is not ScalarEvent:
                if type(key) is MappingEndEvent:
                    return data, (start, trees)
                self.odd_key(key)
            name = key.value
            if key.anchor is not None or key.tag is not None:
                self.decorated(key)
            if name in data:
                self.duplicate(name, key, trees[name][0])
            elif name == "<<" and not key.style:
                self.refuse("merge-key", 'merge keys ("<<") are not allowed; write it out', key)
            event, before = following(), event
            if type(event) is ScalarEvent and event.tag is None and event.anchor is None:
                # As in `value`; most events come by here.
                text = event.value
                if not text and self.is_split_off(key, before, trees):
                    event = before
                    continue
                data[name] = text if event.style else plain(text, event)
                trees[name] = (key, event)
            else:
                data[name], tree = self.value(event, depth + 1)
                trees[name] = (key, tree)

    def plain(self, text: str, event: Any) -> Any:
        """Return what unquoted text stands for."""
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMBER_START:
            return text
        match = _NUMBER.fullmatch(text)
        if match is None:
            return text
        number = float(text)
        if not isfinite(number) or abs(number) > MAX_NUMBER:
            shown = text if len(text) <= 24 else text[:20] + "..."
            message = f"the number {shown} is too large; numbers run to 1,000,000,000,000,000"
            self.refuse("number-too-large", message, event)
            return 0
        if not match["real"]:
            return int(text)
        self.unclear = self.unclear or _UNCLEAR.fullmatch(text) is not None
        return number

    def is_split_off(self, key: Any, before: Any, trees: dict[str, Any]) -> bool:
        """Whether a member without a value is what a comma split off the number before it."""
        kind = type(before)
        if kind is not ScalarEvent or before.style or not before.value[-1:].isdigit():
            return False
        start, end = before.start_mark.index, before.end_mark.index
        match = _SPLIT_OFF.match(self.source.text, end)
        if match is None or key.start_mark.index >= match.end():
            return False
        if before is not self.split:  # Of 1,500,000 two members are left behind.
            self.split = before
            written = self.source.text[start : match.end()].rstrip()
            name = next(reversed(trees))
            message = f'a comma splits the number {written} in two: "{name}" is {before.value}, '
            message += f'and "{key.value}" is a member without a value'
            from checker.loading.spelling import number_hint, share_hint

            number = written.replace(" ", "")
            hint = share_hint(number) if "%" in number else ""
            hint = hint or number_hint(number, whole=False, ranged=False, csv=True)
            self.refuse("split-number", message, before, hint=hint or "Put the text in quotes.")
        return True

    def odd_key(self, event: Any) -> None:
        if type(event) is AliasEvent:
            self.alias(event)
        else:
            self.refuse("key-not-text", "a key must be text", event)
        raise _Stop

    def duplicate(self, name: str, key: Any, first: Any) -> None:
        line = self.source.position(first.start_mark.index).line
        message = f'the key "{name}" is given twice; the first is on line {line}'
        self.refuse("duplicate-key", message, key)

    def alias(self, event: Any) -> None:
        message = f'aliases ("*{event.anchor}") are not allowed; write the value out'
        self.refuse("yaml-alias", message, event, hint=_QUOTES)

    def decorated(self, event: Any) -> None:
        code, message = "yaml-tag", f'tags ("{_short_tag(event.tag or "")}") are not allowed'
        if event.anchor is not None:
            code = "yaml-anchor"
            message = f'anchors ("&{event.anchor}") are not allowed; write the value out'
        self.refuse(code, message, event, hint=_QUOTES)

    def refuse(self, code: str, message: str, event: Any, *, hint: str = "") -> None:
        position = self.source.position(event.start_mark.index)
        better = None
        if self.repair and code in ("yaml-alias", "yaml-anchor", "yaml-tag", "key-not-text"):
            better = self.repair(self.source, position.line)
        self.diagnostics.append(better or Diagnostic(code, message, position, hint=hint))


def _short_tag(tag: str) -> str:
    return "!!" + tag.rpartition(":")[2] if tag.startswith("tag:yaml.org") else tag


# What libyaml says, by a part of its words, and what it means to somebody who writes YAML.
_PLAIN_WORDS = (
    ("mapping values are not allowed", "a colon followed by a space stands inside a value"),
    ("did not find expected key", "this line does not fit in; look at its indentation"),
    ("did not find expected '-' indicator", "this line does not fit in the list above it"),
    ("could not find expected ':'", "a key without a colon"),
    ("did not find expected ',' or ']'", "a list in [ ] has no comma between two members or no ]"),
    ("did not find expected ',' or '}'", "a mapping in { } has no comma between two keys or no }"),
    ("found unexpected end of stream", "the quote that is opened here is never closed"),
    ("found unexpected document indicator", "the quote that is opened here is never closed"),
    ("found unknown escape character", "an unknown escape: in double quotes, write \\\\ for \\"),
    ("block sequence entries are not allowed", 'a list ("- ") cannot start here'),
    ("block mapping", "a key cannot start here; look at the indentation"),
    ("did not find expected comment or line break", "text on the same line after > or |"),
    ("did not find expected <document start>", "text after the end of the document"),
    ("invalid simple key", "a key must fit on one line"),
    ("did not find expected node content", "a value is missing here"),
    ("undefined tag", "a value cannot start with !"),
)


# Problems that show where the file ends or goes on; the mend is where the value was opened.
_OPENED = ("unexpected end of stream", "unexpected document indicator", "',' or ']'", "',' or '}'")


def _syntax_error(source: SourceFile, error: MarkedYAMLError, repair: Repair | None) -> Diagnostic:
    places = [
        source.position(min(mark.index, len(source.text)))
        for mark in (error.problem_mark, error.context_mark)
        if mark is not None
    ] or [Position(source.name)]
    for place in places:
        if repair and (better := repair(source, place.line)):
            return better
    position = places[0]
    if places[-1].line < position.line and any(part in (error.problem or "") for part in _OPENED):
        position = places[-1]
    line = source.line(position.line)
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        place = Position(source.name, position.line, indent.index("\t") + 1)
        message = "a tab is used as indentation; YAML takes only spaces"
        return Diagnostic("tab-indentation", message, place, hint="Replace each tab by spaces.")
    return Diagnostic("yaml-syntax", _plain_words(error, line, position), position)


def _plain_words(error: MarkedYAMLError, line: str, position: Position) -> str:
    said = f"{error.context or ''}, {error.problem or ''}"
    if "cannot start any token" in said:
        character = line[position.column - 1 : position.column]
        named = "a tab" if character == "\t" else character
        return f"a value cannot start with {named}; put it in quotes"
    for part, words in _PLAIN_WORDS:
        if part in (error.problem or ""):
            return f"not valid YAML: {words}"
    return f"not valid YAML: {(error.problem or error.context or 'cannot be read').strip()}"


def _character_error(source: SourceFile, error: ReaderError) -> Diagnostic:
    for offset, character in enumerate(source.text):
        if (character < " " and character not in "\t\n\r") or "\x7f" <= character <= "\x9f":
            if character == "\x85":
                continue
            message = f"a control character (U+{ord(character):04X}) stands here; remove it"
            return Diagnostic("yaml-character", message, source.position(offset))
    message = f"not valid YAML: {error.reason}"
    return Diagnostic("yaml-character", message, Position(source.name))
