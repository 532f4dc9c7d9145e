"""Text files as they are read: size-limited, UTF-8, with their lines at hand for messages."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from errno import EACCES, EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM
from pathlib import Path

from checker.files import NotAFileError, exists, is_folder, open_input
from checker.model.diagnostics import CheckerError, Diagnostic, InputError, Position

# `hashlib` loads OpenSSL, which takes longer than reading all rules; Python has its own SHA-256.
try:
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found, no-redef, unused-ignore]
    except ImportError:
        from hashlib import sha256 as _sha256  # type: ignore[assignment, unused-ignore]

MEBIBYTE = 1024 * 1024
LIMIT = 64 * MEBIBYTE

# What ends a line for an editor: not the form feeds and separators of `str.splitlines`.
_LINE_END = re.compile(r"\r\n|\n|\r")


class SourceFile:
    """The text of a file, without a byte-order mark, and the name that messages show.

    `only_line` is the number of the line of a file that it is, whatever stands in it; 0 is a file.
    """

    __slots__ = ("_lines", "_starts", "first_line", "name", "raw", "text")

    def __init__(
        self, name: str, text: str, raw: bytes | None = None, *, only_line: int = 0
    ) -> None:
        self.name = name
        self.text = text
        # The bytes as they are on disk; None where the text did not come from a file.
        self.raw = raw
        self.first_line = only_line or 1
        self._lines: list[str] | None = [text] if only_line else None
        self._starts: list[int] | None = [0] if only_line else None

    def sha256(self) -> str:
        """Return the hex digest of the file's bytes."""
        raw = self.raw if self.raw is not None else self.text.encode("utf-8")
        digest: str = _sha256(raw).hexdigest()
        return digest

    def lines(self) -> list[str]:
        """Return all lines without their ends."""
        if self._lines is None:
            self._lines = _LINE_END.split(self.text)
        return self._lines

    def line(self, number: int) -> str:
        """Return the text of a line, from 1; "" where there is no such line."""
        lines = self.lines()
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def position(self, offset: int) -> Position:
        """Return the place of a character of the text, by its index."""
        starts = self._starts
        if starts is None:
            ends = _LINE_END.finditer(self.text)
            starts = self._starts = [0, *(end.end() for end in ends)]
        line = bisect_right(starts, offset)
        return Position(self.name, self.first_line + line - 1, offset - starts[line - 1] + 1)


# The files that are read while somebody asks: their paths, and what they held.
_READS: ContextVar[list[tuple[Path, SourceFile]] | None] = ContextVar("reads", default=None)


@contextmanager
def recording() -> Iterator[list[tuple[Path, SourceFile]]]:
    """Keep every file that `read_source` reads meanwhile, in the order of reading."""
    reads: list[tuple[Path, SourceFile]] = []
    token = _READS.set(reads)
    try:
        yield reads
    finally:
        _READS.reset(token)


def shown_path(path: Path | str, root: Path | None = None) -> str:
    """Return a path for messages: relative to `root` (default: the current folder) if below it.

    Slashes are forward on every system. The path need not exist.
    """
    base = _normal(root if root is not None else os.curdir)
    full = _normal(path)
    try:
        relative = os.path.relpath(full, base)
    except ValueError:  # Another drive.
        relative = full
    if relative == os.pardir or relative.startswith(os.pardir + os.sep):
        relative = full
    return relative.replace(os.sep, "/")


def _normal(path: Path | str) -> str:
    # Names are for people: ".." goes, links stay as they were written.
    return os.path.normpath(Path(path).absolute())


def refuse_missing(paths: Iterable[Path]) -> None:
    """Raise InputError where one of the paths is no file, with a diagnostic for each."""
    wrong: list[Diagnostic] = []
    for path in paths:
        place = Position(shown_path(path))
        if is_folder(path):
            wrong.append(Diagnostic("is-a-folder", "this is a folder; name its files", place))
        elif not exists(path):
            wrong.append(Diagnostic("no-such-file", "there is no such file", place))
    if wrong:
        raise InputError(wrong)


def read_source(
    path: Path,
    *,
    shown_as: str,
    limit: int = LIMIT,
    refuse: type[CheckerError] = InputError,
    by_line: bool = False,
) -> SourceFile:
    """Read a UTF-8 file, with or without a byte-order mark.

    `by_line` keeps bytes that are not UTF-8, as lone surrogates: only their lines are refused.

    Raises `refuse` (InputError; RulesError for rules and configuration) with one diagnostic
    where the file is missing, a folder, unreadable, over `limit` bytes, or not UTF-8.
    """
    try:
        source = _read(path, shown_as=shown_as, limit=limit, by_line=by_line)
    except InputError as error:
        if refuse is InputError:
            raise
        raise refuse(error.diagnostics) from None
    reads = _READS.get()
    if reads is not None:
        reads.append((Path(path), source))
    return source


def _read(path: Path, *, shown_as: str, limit: int, by_line: bool) -> SourceFile:
    data = _read_bytes(path, shown_as=shown_as, limit=limit)
    body = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    errors = "surrogateescape" if by_line and not utf16 else "strict"
    try:
        return SourceFile(shown_as, body.decode("utf-8", errors), data)
    except UnicodeDecodeError as error:
        good = SourceFile(shown_as, body[: error.start].decode("utf-8"))
        byte = body[error.start]
        hint = "Save the file as UTF-8."
        if utf16:
            hint = 'The file is UTF-16 ("Unicode" in some editors). Save it as UTF-8.'
        message = f"the text is not UTF-8 (byte 0x{byte:02x})"
        raise InputError.of("not-utf8", message, good.position(len(good.text)), hint) from None


def _read_bytes(path: Path, *, shown_as: str, limit: int) -> bytes:
    # Open first and look afterwards, so that the answer is about the file that was opened.
    try:
        with open_input(Path(path)) as file:
            # Memory is set aside for as much as is asked for.
            size = min(os.fstat(file.fileno()).st_size, limit)
            data = file.read(size + 1)
            if len(data) > size:  # A file may grow, and some have no size.
                data += file.read(limit + 1 - len(data))
    except NotAFileError as error:
        hint = "Write what comes out of it to a file, and name that."
        raise InputError.of("not-a-file", str(error.strerror), shown_as, hint) from None
    except (OSError, ValueError) as error:
        raise InputError.of(*_why_unread(path, error), shown_as) from None
    if len(data) > limit:
        raise InputError.of("too-large", f"the file is larger than {_size(limit)}", shown_as)
    return data


def _why_unread(path: Path, error: OSError | ValueError) -> tuple[str, str]:
    """Return the code and the words for what the system refuses."""
    number = getattr(error, "errno", None)
    if number in (ENOENT, ENOTDIR, ENAMETOOLONG):
        return "no-such-file", "there is no such file"
    # Windows calls a folder a lack of permission.
    if number == EISDIR or (number in (EACCES, EPERM) and is_folder(path)):
        return "is-a-folder", "this is a folder, not a file"
    if number in (EACCES, EPERM):
        return "unreadable", "the file may not be read (permission)"
    reason = getattr(error, "strerror", None) or str(error)
    return "unreadable", f"the file cannot be read: {reason}"


def _size(count: int) -> str:
    if count >= MEBIBYTE:
        return f"{count // MEBIBYTE} MiB"
    return f"{count:,} bytes"
