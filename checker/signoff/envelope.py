"""DSSE, the envelope of in-toto: what exactly is signed, and how it is wrapped.

It is two short functions of a stable specification; the signature itself is made and checked
by the `cryptography` library (see `keys`).
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

PAYLOAD_TYPE = "application/vnd.in-toto+json"


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that a signature covers: the "pre-authentication encoding"."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def wrap(payload: bytes, *, keyid: str, signature: bytes) -> dict[str, Any]:
    """Return the envelope of a payload with one signature."""
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode("ascii"),
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode("ascii")}],
    }


def decode(text: str) -> bytes | None:
    """Return what a Base64 text (standard or for URLs) holds; None where it is not one."""
    try:
        return base64.b64decode(text.translate(_STANDARD), validate=True)
    except (binascii.Error, ValueError):
        return None


_STANDARD = str.maketrans("-_", "+/")
