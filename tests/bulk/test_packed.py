"""Packed files: those without end stop at a bound, and all others are read to theirs."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from checker import api
from checker.model.diagnostics import InputError
from tests.bulk.roster import lines

AS_OF = date(2026, 3, 2)
MEBIBYTE = 1 << 20
HEADER = b"id,handle,platform,followers\n"
ONE = b'{"id": "tiktok/jo", "handle": "@jo", "platform": "tiktok", "followers": 5200}\n'

PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 1),
    ".bz2": lambda data: bz2.compress(data, 1),
    ".zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}


def screened(project: Path, name: str, data: bytes) -> int:
    path = project / name
    path.write_bytes(PACK[path.suffix](data))
    return api.screen([project / "brief.yaml"], [path], as_of=AS_OF).lines


# How a file begins, what it goes on with, and for how many MiB.
ENDLESS = {
    "blank lines": ("ndjson", b"", b"\n", 20),
    "blanks behind a record": ("ndjson", ONE, b"  \r\n", 20),
    "blanks before a record": ("ndjson", b" " * 17 * MEBIBYTE + ONE, b"", 0),
    "a line": ("ndjson", ONE, b"a", 20),
    "zeros": ("ndjson", b"", b"\0", 20),
    "short lines": ("ndjson", b"", b"x\n", 4),
    "one line over and over": ("ndjson", b"", b"{}\n", 4),
    "blank rows": ("csv", HEADER, b"\n", 20),
    "rows without cells": ("csv", HEADER, b",,,\n", 20),
    "a cell": ("csv", HEADER, b"a", 20),
    "a quoted cell": ("csv", HEADER + b'"', b"a\n", 4),
    "blanks of a list": ("json", b"[", b" \n", 20),
    "brackets": ("json", b"", b"[", 4),
    "members of a list": ("json", b"[", b"1,", 2),
    "a text of a list": ("json", b'["', b"a", 20),
    "a list in a list": ("json", b'[{"a": [', b"12345678901234567890,", 20),
}


@pytest.mark.parametrize(
    ("case", "packed"),
    [
        *((case, ".gz") for case in ENDLESS),
        *((case, ".zst") for case in ("blank lines", "short lines", "a cell")),
        ("blank rows", ".bz2"),
    ],
)
def test_what_goes_on_without_end_is_stopped(project: Path, case: str, packed: str) -> None:
    kind, head, piece, size = ENDLESS[case]
    body = piece * (size * MEBIBYTE // len(piece)) if size else b""
    with pytest.raises(InputError) as raised:
        screened(project, f"r.{kind}{packed}", head + body)
    (wrong,) = raised.value.diagnostics
    assert wrong.position.file.endswith(f"r.{kind}{packed}")


@pytest.mark.parametrize("packed", PACK)
def test_valid_files_are_read_whatever_they_take_when_packed(project: Path, packed: str) -> None:
    people = "".join(f"{line}\n" for line in lines(300)).encode()
    assert screened(project, f"r.ndjson{packed}", people + b"\n" * 100_000) == 300
    # Nearly alike, with long texts that pack to next to nothing.
    alike = b"".join(
        ONE.replace(b"tiktok/jo", b"p%d" % n).replace(b"{", b"{" + b" " * 40_000, 1)
        for n in range(500)
    )
    assert screened(project, f"r.ndjson{packed}", alike) == 500
    rows = HEADER + b"".join(b"p%d,@p%d,tiktok,5200\n" % (n, n) for n in range(200))
    assert screened(project, f"r.csv{packed}", rows + b",,,\n" * MEBIBYTE) == 200
    listed = b"[" + b",\n".join(b" " * 9000 + line for line in alike.splitlines()) + b"]"
    assert screened(project, f"r.json{packed}", listed) == 500
