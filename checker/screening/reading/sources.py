"""Files of influencers: which they are, and of what kind."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import pyarrow as pa

from checker.files import exists, is_folder, is_special, open_input, real_path
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.screening.reading.unpacked import EndlessError, Unpacked

Kind = Literal["ndjson", "json", "csv", "parquet"]
_KINDS: dict[str, Kind] = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".csv": "csv",
    ".parquet": "parquet",
}
_PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}


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


def refusal(code: str, message: str, source: Source, line: int = 0, hint: str = "") -> InputError:
    """Return the error of a file that cannot be read on."""
    return InputError([Diagnostic(code, message, Position(source.shown, line), hint=hint)])


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Say in words why a file cannot be read, whatever reads it. Raises InputError."""
    try:
        yield
    except UnicodeDecodeError:
        message, hint = "the text is not UTF-8", "Save the file as UTF-8."
        raise refusal("not-utf8", message, source, hint=hint) from None
    except (OSError, pa.ArrowException) as error:
        raise unreadable(source, error) from None


def unreadable(source: Source, error: Exception) -> InputError:
    """Return the error of a file that the system does not give."""
    reason = getattr(error, "strerror", "") or (str(error).splitlines() or ["it is broken"])[0]
    hint = ""
    if source.packed and not isinstance(error, EndlessError):
        hint = "The file may be cut off; nothing was written."
    return refusal("unreadable", f"the file cannot be read: {reason}", source, hint=hint)


class Opened:
    """A file that is being read; `done` is how many of its bytes on disk are."""

    def __init__(self, source: Source) -> None:
        self.source = source
        try:
            self._raw = open_input(source.path)
        except OSError as error:
            raise unreadable(source, error) from None
        self.stream: IO[bytes] = self._raw
        if source.packed:
            self.stream = cast("IO[bytes]", Unpacked(self._raw, source.packed))

    @property
    def done(self) -> int:
        """Return how many bytes of the file on disk are read."""
        return 0 if self._raw.closed else self._raw.tell()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()
