"""The records of a JSON list, one by one, without holding the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, NoReturn

import numpy as np

from checker.screening.reading.pieces import Lines
from checker.screening.reading.sources import Source, refusal
from checker.screening.reading.unpacked import LONGEST, Unpacked

# A list of records is cut into pieces of this many.
PIECE = 4096
_READ = 4 << 20
_MARK = re.compile(r"[^ \t\r\n]")


def read_elements(source: Source, stream: IO[bytes]) -> Iterator[Lines]:
    """Read a list of records, or one record. Raises InputError."""
    lines: list[bytes] = []
    numbers: list[int] = []
    for count, (number, text) in enumerate(_Elements(source, stream), 1):
        lines.append(text.encode("utf-8"))
        numbers.append(number)
        if len(lines) == PIECE:
            if isinstance(stream, Unpacked):
                stream.refuse_many(count)
            yield Lines(lines, np.array(numbers, np.int64))
            lines, numbers = [], []
    if lines:
        yield Lines(lines, np.array(numbers, np.int64))


class _Elements:
    """The texts of a list's members, with the lines that they start on."""

    def __init__(self, source: Source, stream: IO[bytes]) -> None:
        self.source = source
        self.stream = stream
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False
        self.half = b""
        # Only where a member ends is asked: no number is made of what may have very many digits.
        self.decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        self.more()
        self.text = self.text.removeprefix("\ufeff")
        if self.next() != "[":
            if self.next():
                yield self.element()
            self.finish()
            return
        self.skip(1)
        if self.next() == "]":
            self.skip(1)
        else:
            while True:
                yield self.element()
                mark = self.next()
                if mark not in (",", "]"):
                    self.refuse("a comma is missing, or the file ends too early")
                self.skip(1)
                if mark == "]":
                    break
        self.finish()

    def finish(self) -> None:
        """See that nothing stands behind the end."""
        if self.next():
            self.refuse("there is more text after the end")

    def more(self) -> None:
        """Read on; what is behind is forgotten."""
        block = self.stream.read(_READ)
        self.ended = not block
        data = self.half + block
        try:
            text, self.half = data.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            if error.end < len(data) - 4 or self.ended:
                self.refuse("the text is not UTF-8")
            text, self.half = data[: error.start].decode("utf-8"), data[error.start :]
        self.text = self.text[self.at :] + text
        self.at = 0

    def skip(self, count: int) -> None:
        """Go on by so many characters."""
        end = self.at + count
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def next(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            found = _MARK.search(self.text, self.at)
            self.skip((found.start() if found else len(self.text)) - self.at)
            if found or self.ended:
                return found[0] if found else ""
            self.more()

    def element(self) -> tuple[int, str]:
        """Return the next member of the list, and the line that it starts on."""
        self.next()
        enough = 0
        while True:
            # To try again with each block would take the square of the time.
            while len(self.text) - self.at < enough and not self.ended:
                self.more()
            enough = 2 * (len(self.text) - self.at)
            try:
                _, end = self.decoder.raw_decode(self.text, self.at)
                # A number may go on in the next block.
                if end < len(self.text) or self.ended:
                    break
            except json.JSONDecodeError as error:
                if self.ended:
                    self.line += self.text.count("\n", self.at, error.pos)
                    self.refuse("this is not JSON")
            except RecursionError:
                self.refuse("lists and objects are nested too deep")
            if enough > 2 * LONGEST:
                self.refuse(f"a record has no end within {LONGEST >> 20} MiB", "too-large")
            self.more()
        line, text = self.line, self.text[self.at : end]
        self.skip(end - self.at)
        return line, text

    def refuse(self, message: str, code: str = "json-syntax") -> NoReturn:
        """Give up: what comes behind a mistake cannot be told apart."""
        hint = "A broken list cannot be read further; nothing was written."
        raise refusal(code, message, self.source, self.line, hint)
