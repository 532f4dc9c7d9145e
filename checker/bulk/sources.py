"""Files of influencers: which they are, of what kind, and their lines."""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, NoReturn, cast

import pyarrow as pa

from checker.bulk.lines import (
    BLOCK,
    Lines,
    LineTooLongError,
    Stream,
    lines_of,
    read_lines,
)
from checker.bulk.unpacked import LONGEST, EndlessError, Unpacked
from checker.files import exists, is_folder, is_special, open_input, real_path
from checker.model.diagnostics import Diagnostic, InputError, Position

Kind = Literal["ndjson", "json", "csv", "parquet"]
_KINDS: dict[str, Kind] = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".csv": "csv",
    ".parquet": "parquet",
}
_PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
# A list of records is cut into pieces of this many.
_PIECE = 4096
_READ = 4 << 20
_MARK = re.compile(r"[^ \t\r\n]")


@dataclass(frozen=True)
class Source:
    """One file of influencers; `shown` is its name in messages."""

    path: Path
    shown: str
    kind: Kind
    packed: str = ""

    @property
    def size(self) -> int:
        """Return its bytes on disk."""
        return self.path.stat().st_size


def kind_of(path: Path) -> Kind | None:
    """Return the kind of a file by its name, a packed one's by the name within; None if unknown."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return _KINDS.get(suffixes[-1]) if suffixes else None


def find_sources(names: Sequence[Path]) -> list[Source]:
    """Return the files that paths and globs name, each once, in order.

    Raises InputError with all that is wrong.
    """
    found: dict[Path, Source] = {}
    wrong: list[Diagnostic] = []
    for name in names:
        paths = [name] if os.path.lexists(name) else _matching(name)
        if not paths:
            wrong.append(_wrong("no-such-file", "there is no such file", str(name)))
        for path in paths:
            kind = kind_of(path)
            if not exists(path):
                message = "the link leads to no file"
                wrong.append(_wrong("no-such-file", message, str(path)))
            elif is_folder(path):
                hint = f'Name its files: "{path}/*.ndjson".'
                wrong.append(_wrong("is-a-folder", "this is a folder, not a file", str(path), hint))
            elif is_special(path):
                hint = "Write what comes out of it to a file, and name that."
                message = "this is a pipe or a device, not a file"
                wrong.append(_wrong("not-a-file", message, str(path), hint))
            elif kind is None:
                hint = "Influencers are .ndjson, .json, .csv or .parquet files, also .gz or .zst."
                wrong.append(
                    _wrong("unknown-format", "files of this kind are not read", str(path), hint)
                )
            else:
                packed = _PACKED.get(path.suffix.lower(), "")
                found.setdefault(real_path(path), Source(path, str(path), kind, packed))
    if wrong:
        raise InputError(wrong)
    return list(found.values())


def _matching(name: Path) -> list[Path]:
    return sorted(map(Path, glob.glob(str(name), recursive=True)))  # noqa: PTH207 - absolute too.


def _wrong(code: str, message: str, name: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, message, Position(name), hint=hint)


def _refusal(code: str, message: str, source: Source, line: int = 0, hint: str = "") -> InputError:
    return InputError([Diagnostic(code, message, Position(source.shown, line), hint=hint)])


class Opened:
    """A source that is being read, in blocks of so many bytes; `done` is how many of it are."""

    def __init__(self, source: Source, block: int = BLOCK) -> None:
        self.source = source
        self.block = block
        try:
            self._raw = open_input(source.path)
        except OSError as error:
            raise _unreadable(source, error) from None
        self.stream: IO[bytes] = self._raw
        if source.packed:
            self.stream = cast("IO[bytes]", Unpacked(self._raw, source.packed))

    @property
    def done(self) -> int:
        """Return how many bytes of the file on disk are read."""
        return 0 if self._raw.closed else self._raw.tell()

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def lines(self) -> Iterator[Lines]:
        """Read the lines, or the records of a list. Raises InputError."""
        with reading(self.source):
            if self.source.kind == "json":
                yield from _records(self.source, self.stream)
            else:
                yield from read_lines(cast("Stream", self.stream), size=self.block)


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Say in words why a file cannot be read, whatever reads it. Raises InputError."""
    try:
        yield
    except LineTooLongError as error:
        message = f"the line has no end within {LONGEST >> 20} MiB"
        raise _refusal("too-large", message, source, error.number) from None
    except UnicodeDecodeError:
        message, hint = "the text is not UTF-8", "Save the file as UTF-8."
        raise _refusal("not-utf8", message, source, hint=hint) from None
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(source, error) from None


def _unreadable(source: Source, error: Exception) -> InputError:
    reason = getattr(error, "strerror", "") or (str(error).splitlines() or ["it is broken"])[0]
    hint = ""
    if source.packed and not isinstance(error, EndlessError):
        hint = "The file may be cut off; nothing was written."
    return _refusal("unreadable", f"the file cannot be read: {reason}", source, hint=hint)


def _records(source: Source, stream: IO[bytes]) -> Iterator[Lines]:
    """Read the records of a JSON list one by one, without holding the file; or one object."""
    texts: list[str] = []
    numbers: list[int] = []
    for count, (number, text) in enumerate(_Elements(source, stream), 1):
        texts.append(text)
        numbers.append(number)
        if len(texts) == _PIECE:
            if isinstance(stream, Unpacked):
                stream.refuse_many(count)
            yield lines_of(texts, numbers)
            texts, numbers = [], []
    if texts:
        yield lines_of(texts, numbers)


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
        hint = "A broken list cannot be read further; nothing was written."
        raise _refusal(code, message, self.source, self.line, hint)
