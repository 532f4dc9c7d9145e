"""What YAML breaks in conditions and texts, and the lines that mend it.

Authors of rules are no programmers. A condition that starts with a quote, a text that starts with
a brace, a colon or a # in the middle: YAML reads each as something else. Where it does so in a
field that holds a condition or a text, the diagnostic says what happened and shows the field
rewritten with ">-", which keeps all of them.
"""

from __future__ import annotations

import re
from itertools import takewhile

from checker.loading.source import SourceFile
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import Diagnostic, Excerpt, Position
from checker.model.records import DataPath

TEXT_FIELDS = frozenset({"pass", "fail", "fix", "title", "section", "why", "because", "note"})
_CONDITION_PARENTS = frozenset({"let", "definitions"})

# "  - key: value" or "  name(a, b): value".
_FIELD = re.compile(
    r"(?P<indent> *(?:- +)*)(?P<key>[A-Za-z_][\w-]*(?:\([^()]*\))?) *:"
    r"(?:[ \t]+(?P<value>\S.*)|[ \t]*)$"
)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]{0,2}[ \t]*(?:#.*)?$")
# A mark of a block, with the text on its own line: "> influencer.followers > 1".
_MARK = re.compile(r"\A[|>][-+0-9]{0,2}(?![-+0-9=])[ \t]*(?=\S)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")

# What a value's first character means to YAML.
_STARTS = {
    "{": "a mapping",
    "[": "a list",
    "!": "a tag",
    "*": "an alias",
    "&": "an anchor",
    "@": "",
    "`": "",
    "%": "a directive",
    "|": "a block of text",
    ">": "a block of text",
    ",": "the end of a list's member",
    "]": "the end of a list",
    "}": "the end of a mapping",
}

_HASH = "a space and a # stand inside a value"
_CUT_OFF = "YAML reads what follows as a comment"
_COMMENT = "If it is a comment, write a space after the #, or put it on a line of its own."


class _Field:
    """A field that stands on one line, with its value as written."""

    def __init__(self, source: SourceFile, line: int, match: re.Match[str]) -> None:
        self.source = source
        self.line = line
        self.text = source.line(line)
        self.indent: str = match["indent"]
        self.key: str = match["key"]
        self.value: str = (match["value"] or "").rstrip()
        self.start = match.start("value") if match["value"] else len(self.text)

    def noun(self) -> str:
        """Return what the field holds, or "" where it is no condition or text."""
        parent = _parent(self.source, self.line, len(self.indent))
        if parent in _CONDITION_PARENTS or (self.key == "value" and parent == "facts"):
            return "condition" if parent == "definitions" else "expression"
        if self.key in ("require", "when"):
            return "condition"
        return "text" if self.key in TEXT_FIELDS and parent != "examples" else ""


def repair(source: SourceFile, line: int) -> Diagnostic | None:
    """Return what YAML broke in the condition or text on a line; None where it is not that."""
    field = _field(source, line)
    if field is None or not field.value:
        return None
    noun = field.noun()
    return _broken_start(field, noun) or _broken_inside(field, noun) if noun else None


def broken_value(document: YamlDocument, path: DataPath) -> Diagnostic | None:
    """Return what YAML broke where a condition or text was read as another kind of value."""
    key = document.locate_key(path)
    field = _field(document.source, key.line)
    if field is None or field.key != path[-1] or not field.value:
        return None
    noun = field.noun() or "text"
    if field.value.startswith("#"):
        message = "a value that starts with # is a comment"
        return _report(field, noun, 0, message, "a comment starts here")
    return _broken_start(field, noun)


def swallowed(document: YamlDocument, path: DataPath) -> Diagnostic | None:
    """Return a diagnostic where the text at `path` goes on behind a #, unseen by YAML.

    A comment is left alone: "# " after a whole value.
    """
    event = document.scalar(path)
    if event is None or event.style:
        return None
    source = document.source
    place = source.position(event.end_mark.index)
    rest = source.line(place.line)[place.column - 1 :]
    comment = rest.lstrip()
    if not comment.startswith("#"):
        return None
    if comment[1:2] in ("", " ", "#") and _whole(event.value):
        return None
    column = place.column - 1 + len(rest) - len(comment)
    field = _field(source, place.line)
    if field is not None and field.value:
        noun = field.noun() or "text"
        return _report(field, noun, column - field.start, _HASH, _CUT_OFF, _COMMENT)
    # A value over several lines: what is cut off stands on the last.
    return Diagnostic(
        "yaml-broke-the-text",
        _HASH,
        Position(source.name, place.line, column + 1),
        hint='Put ">-" after the colon, and all of the text on the lines below.\n' + _COMMENT,
        excerpt=Excerpt(place.line, source.line(place.line), column, 1, _CUT_OFF),
    )


def _whole(text: str) -> bool:
    """Whether quotes and brackets in a text are closed; an apostrophe in a word is no quote."""
    quotes = re.sub(r"(?<=\w)'(?=\w)|\\.", "", text)
    if quotes.count('"') % 2 or quotes.count("'") % 2:
        return False
    return all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))


def _field(source: SourceFile, line: int) -> _Field | None:
    match = _FIELD.match(source.line(line))
    return _Field(source, line, match) if match else None


def _parent(source: SourceFile, line: int, column: int) -> str:
    """Return the key that the key at a line and column (from 0) stands under."""
    for number in range(line - 1, 0, -1):
        match = _FIELD.match(source.line(number))
        if match is not None and len(match["indent"]) < column:
            return match["key"]
    return ""


def _broken_start(field: _Field, noun: str) -> Diagnostic | None:
    value = field.value
    quoted = _QUOTED.match(value)
    if quoted is not None:
        rest = value[quoted.end() :].strip()
        if not rest or rest.startswith("#"):
            return None
        note = "YAML ends the value at the second quote"
        return _report(field, noun, 0, "text after a closing quote", note)
    first = value[0]
    meaning = _STARTS.get(first)
    if value.startswith(("- ", "? ")):
        meaning = "a list's member" if first == "-" else "a key"
    if meaning is None or _BLOCK_HEADER.match(value):
        return None
    article = "an" if noun == "expression" else "a"
    message = f"{article} {noun} cannot start with {first} here"
    note = f"to YAML this starts {meaning}" if meaning else "YAML keeps this sign for itself"
    return _report(field, noun, 0, message, note)


def _broken_inside(field: _Field, noun: str) -> Diagnostic | None:
    value = field.value
    if value[0] in "\"'" or _BLOCK_HEADER.match(value):
        return None
    colon = re.search(r":(?=[ \t]|$)", value)
    hash_sign = re.search(r"(?<=[ \t])#", value)
    if colon is not None and not (hash_sign and hash_sign.start() < colon.start()):
        note = "to YAML, what stands before it is a key"
        message = "a colon and a space stand inside a value"
        return _report(field, noun, colon.start(), message, note)
    return hash_sign and _report(field, noun, hash_sign.start(), _HASH, _CUT_OFF, _COMMENT)


def _report(
    field: _Field, noun: str, at: int, message: str, note: str, extra: str = ""
) -> Diagnostic:
    start = field.start + at
    gutter = " " * len(str(field.line)) + " | "
    column = len(field.indent)
    # A text may start with such a sign; what a condition compares cannot.
    value = field.value if noun == "text" else _MARK.sub("", field.value)
    body = [value, *_continuation(field, column)]
    mended = [f"{field.indent}{field.key}: >-", *(" " * (column + 2) + part for part in body)]
    hint = [f'Put the {noun} on the next line, after ">-":', *(gutter + line for line in mended)]
    return Diagnostic(
        "yaml-broke-the-text",
        message,
        Position(field.source.name, field.line, start + 1),
        hint="\n".join([*hint, extra] if extra else hint),
        excerpt=Excerpt(field.line, field.text, start, 1, note),
    )


def _continuation(field: _Field, column: int) -> list[str]:
    """Return the further lines of a value that goes on, more indented, below its key."""
    below = field.source.lines()[field.line :]
    further = takewhile(lambda line: line.strip() and not line[: column + 1].strip(" "), below)
    return [line.strip() for line in further]
