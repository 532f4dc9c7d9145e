"""Values as JSON with one spelling, and digests of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

# Whole numbers beyond this are not exact in a 64-bit float, and readers refuse larger ones.
_LARGEST = 10**15

# Harmless in JSON, not on a terminal: control characters, separators, writing direction.
_HARMFUL = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(value: Any) -> Any:
    """Return a value as JSON holds it, without nulls: dates and huge numbers become text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        members = {str(key): plain(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member is not None}
    if isinstance(value, Sequence):
        return [plain(member) for member in value]
    return str(value)


def _number(value: int | float) -> int | float | str | None:
    if not math.isfinite(value):
        return None
    if abs(value) >= _LARGEST:
        return repr(value)
    return int(value) if float(value).is_integer() else value


def canonical(value: Any) -> bytes:
    """Return JSON bytes that are the same for equal values: sorted names, no spaces, ASCII."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def digest(*parts: bytes) -> str:
    """Return the SHA-256 of some parts, each with its length, as hex."""
    total = sha256()
    for part in parts:
        total.update(b"%d:" % len(part))
        total.update(part)
    return total.hexdigest()


def render(value: Any) -> str:
    """Return a document as it is written to a file: indented, in its own order, one line end."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
