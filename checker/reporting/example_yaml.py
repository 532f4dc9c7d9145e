"""An example of a rule as YAML that goes into a rule file as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.model.rules import Example

# Rule files are read beside others: their lines stay within this.
_WIDTH = 100
# Where the examples of a rule stand in a rule file.
INDENT = 8
# Words, dates, age bands and codes need no quotes.
_PLAIN = re.compile(r"[A-Za-z][\w./-]*( [A-Za-z0-9][\w./-]*)*|\d{4}-\d\d-\d\d|\d+-\d+|\d+\+", re.A)
_SPECIAL = frozenset({"true", "false", "null"})


def example_lines(example: Example, indent: int = INDENT) -> list[str]:
    """Return the lines of an example, as a member of its rule's list."""
    parts: dict[str, Any] = {"why": example.why}
    if example.as_of:
        parts["as_of"] = example.as_of
    lines = list(_mapping({**parts, **example.records}, indent + 2))
    return [" " * indent + "- " + lines[0].lstrip(), *lines[1:]]


def equivalent_lines(mutant: str, indent: int = INDENT) -> list[str]:
    """Return the lines that list a change as one that no example can notice."""
    space = " " * indent
    wrapped = _folded(mutant, _WIDTH - indent - 4)
    return [
        f"{space}- mutant: >-",
        *(f"{space}    {line}" for line in wrapped),
        f"{space}  because: ...",
    ]


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".lstrip()
    yield line


def _mapping(data: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        head = " " * indent + _scalar(str(key)) + ":"
        yield from _value(head, value, indent + 2)


def _value(head: str, value: Any, indent: int) -> Iterator[str]:
    """Give a key with its value, on one line where there is room for it."""
    line = f"{head} {_flow(value)}"
    if len(line) <= _WIDTH or not value or not isinstance(value, Mapping | list | tuple):
        yield line
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping(value, indent)
    else:
        yield head
        for each in value:
            yield from _value(" " * indent + "-", each, indent + 2)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_scalar(str(key))}: {_flow(each)}" for key, each in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, float):
        return f"{value:_.0f}" if value.is_integer() else repr(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.casefold() not in _SPECIAL:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
