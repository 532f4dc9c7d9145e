"""Packed files as they are read: what holds nothing has no end that is worth waiting for."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

import pyarrow as pa

# What a line, a record, or what lies between two of them, may take up.
LONGEST = 16 << 20
# What blank rows of a table, and the gaps between records, are made of.
_BLANKS = b' \t\r\n\v\f,;"'
# Records that differ take more of a packed file: the barest ones, numbered, half a byte each.
_MOST_FOR_A_BYTE = 10
_FEW = 100_000
_STEP = 1 << 20
_PACKED_STEP = 1 << 13


class EndlessError(OSError):
    """A packed file goes on and on, and holds nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(0, why)


class Unpacked(io.RawIOBase):
    """The bytes of a packed file. Reading raises EndlessError where it holds nothing for long."""

    def __init__(self, packed: BinaryIO, kind: str) -> None:
        self._packed = packed
        self._stream = pa.CompressedInputStream(_Little(packed), kind)
        self._blank = 0
        self._lines = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """Read some bytes; none at the end. Raises OSError where the file is broken."""
        # In small steps, so that blanks between two records are seen too.
        part = memoryview(room)[:_STEP]
        count = cast(int, self._stream.readinto(part))
        data = bytes(part[:count]).rstrip(_BLANKS)
        self._blank = count - len(data) + (0 if data else self._blank)
        if self._blank > LONGEST:
            raise EndlessError(f"more than {LONGEST >> 20} MiB of it are blank in a row")
        self._lines += data.count(b"\n")
        self.refuse_many(self._lines)
        return count

    def refuse_many(self, records: int) -> None:
        """Refuse so many records if they cannot differ, as little as they take when packed."""
        if records > _FEW and records > _MOST_FOR_A_BYTE * self._packed.tell():
            raise EndlessError("it holds the same few bytes over and over")


class _Little(io.RawIOBase):
    """A packed file, of which no more is taken at a time than tells how far reading is."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._packed.read(_PACKED_STEP if size < 0 else min(size, _PACKED_STEP))
