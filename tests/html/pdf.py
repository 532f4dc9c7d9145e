"""Enough of PDF to tell how many pages there are and whether each has text."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"<[0-9A-Fa-f]+>\s*Tj|\]\s*TJ|\)\s*Tj")


def shown_texts(document: bytes) -> list[int]:
    """Return for each page how many pieces of text it shows."""
    objects = {int(number): body for number, body in _OBJECT.findall(document)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [len(_SHOWN.findall(_contents(page, objects))) for page in pages]


def _contents(page: bytes, objects: dict[int, bytes]) -> bytes:
    found = re.search(rb"/Contents\s+(\d+) 0 R", page)
    stream = _STREAM.search(objects[int(found[1])]) if found else None
    # The line end before "endstream" may have taken a last byte that looked like one.
    return zlib.decompressobj().decompress(stream[1]) if stream else b""
