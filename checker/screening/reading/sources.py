"""Files of influencers: which they are, and of what kind."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import pyarrow as pa

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
        paths = [name] if name.exists() else _matching(name)
        if not paths:
            wrong.append(_wrong("no-such-file", "there is no such file", str(name)))
        for path in paths:
            kind = kind_of(path)
            if path.is_dir():
                hint = f'Name its files: "{path}/*.ndjson".'
                wrong.append(_wrong("is-a-folder", "this is a folder, not a file", str(path), hint))
            elif kind is None:
                hint = "Influencers are .ndjson, .json, .csv or .parquet files, also .gz or .zst."
                wrong.append(
                    _wrong("unknown-format", "files of this kind are not read", str(path), hint)
                )
            else:
                packed = _PACKED.get(path.suffix.lower(), "")
                found.setdefault(path.resolve(), Source(path, str(path), kind, packed))
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


def unreadable(source: Source, error: OSError) -> InputError:
    """Return the error of a file that the system does not give."""
    reason = error.strerror or str(error)
    hint = ""
    if "runcated" in reason or source.packed:
        hint = "The file may be cut off; nothing was written."
    return refusal("unreadable", f"the file cannot be read: {reason}", source, hint=hint)


class Opened:
    """A file that is being read; `done` is how many of its bytes on disk are."""

    def __init__(self, source: Source) -> None:
        self.source = source
        try:
            self._raw = source.path.open("rb")
        except OSError as error:
            raise unreadable(source, error) from None
        self.stream: IO[bytes] = self._raw
        if source.packed:
            packed = pa.CompressedInputStream(self._raw, source.packed)
            self.stream = cast("IO[bytes]", packed)

    @property
    def done(self) -> int:
        """Return how many bytes of the file on disk are read."""
        return 0 if self._raw.closed else self._raw.tell()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()
