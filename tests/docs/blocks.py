"""The fenced blocks of the documents: what stands in them, and what is promised of them.

The first word after the fence is the language; the others say how the block is tested:

- `console`: "$ command" with its output below. A line "..." stands for any lines. The command
  exits with 0 unless its output says "(exit 1)", or "$ echo $?" below it shows another code.
- `sh run`, `sh run exit=1`: a command without its output.
- `sh by-hand`: not run here (it installs, or takes long); `make` targets must exist.
- `sh run needs=MODULE`: run where the module, which an extra brings, is installed.
- `LANGUAGE file=PATH`: a file that later commands of the document read.
- `python run`: a script; a block `text output` after it is what it prints.
- `text expressions`, `yaml records`: see test_language.
- anything else is shown and not run; YAML with the key `pack` is loaded and its examples are run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<text>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `start` and `end` are the offsets of its text in the document."""

    path: Path
    line: int
    language: str
    options: tuple[str, ...]
    text: str
    start: int
    end: int

    def option(self, name: str) -> str:
        """Return the value of an option NAME=VALUE, or ""."""
        values = (each.partition("=")[2] for each in self.options if each.startswith(f"{name}="))
        return next(values, "")

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT).as_posix()}:{self.line}"


def documents() -> list[Path]:
    """Return every Markdown file that people read."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/**/*.md")]
    return sorted(found)


def blocks_of(path: Path, text: str | None = None) -> Iterator[Block]:
    """Yield the fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8") if text is None else text
    for found in _FENCE.finditer(text):
        language, *options = found["info"].split() or [""]
        line = text.count("\n", 0, found.start()) + 1
        yield Block(path, line, language, tuple(options), found["text"], *found.span("text"))


def all_blocks() -> list[Block]:
    """Return the blocks of all documents."""
    return [block for path in documents() for block in blocks_of(path)]
