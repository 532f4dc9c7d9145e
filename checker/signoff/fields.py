"""Digests of single fields: they name the field that changed and do not say what it held."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from checker.model.frozen import dataclass
from checker.model.inputs import InputFile
from checker.signoff.canonical import canonical, digest

# Beyond this many fields of one file each of its records has one digest, to keep records small.
MOST_FIELDS = 20_000
# Beyond this many records a file has no digests but its own.
MOST_RECORDS = 100_000

_NAME = re.compile(r"[\w@+-]+")

Detail = Literal["fields", "records"]
DETAILS: tuple[Detail, ...] = get_args(Detail)
Kind = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a file that is not as it was signed."""

    path: str
    kind: Kind


def field_digests(file: InputFile) -> tuple[Detail, dict[str, str]] | None:
    """Return the digests of a file's fields by path, or, where it has too many, of its records.

    A digest covers the file's own digest, the path and the value, so that equal values of
    several files or fields do not look alike. None where the file has neither.
    """
    if file.records is None or len(file.records) > MOST_RECORDS:
        return None
    found: dict[str, str] = {}
    for path, value in _fields(file.records):
        found[path] = _digest(file.sha256, path, value)
        if len(found) > MOST_FIELDS:
            return "records", _record_digests(file.records, file.sha256)
    return "fields", found


def changed_fields(
    detail: Detail, signed: Mapping[str, str], file: InputFile, *, signed_as: str
) -> list[FieldChange] | None:
    """Return the fields, or records, that differ from the signed digests.

    `signed_as` is the digest of the file as it was signed. None where the file cannot be read
    as data now.
    """
    if file.records is None or len(file.records) > MOST_RECORDS:
        return None
    if detail == "records":
        now = _record_digests(file.records, signed_as)
    else:
        now = {path: _digest(signed_as, path, value) for path, value in _fields(file.records)}
    changes = [
        FieldChange(path, "changed" if path in signed else "added")
        for path, value in now.items()
        if signed.get(path) != value
    ]
    changes += [FieldChange(path, "removed") for path in signed if path not in now]
    return changes


def _record_digests(records: Mapping[str, Any], salt: str) -> dict[str, str]:
    return {name: _digest(salt, name, record) for name, record in records.items()}


def _digest(salt: str, path: str, value: Any) -> str:
    return digest(salt.encode("ascii"), path.encode("utf-8"), canonical(value))


def _fields(records: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, record in records.items():
        yield from _leaves(record, f"{name}: " if name else "")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each value that is not a list or an object, and the empty ones that are."""
    if isinstance(value, dict) and value:
        joint = "." if path and not path.endswith(": ") else ""
        for key, member in value.items():
            yield from _leaves(member, f"{path}{joint}{_step(key)}")
    elif isinstance(value, list) and value:
        for index, member in enumerate(value):
            yield from _leaves(member, f"{path}[{index}]")
    else:
        yield path, value


def _step(key: str) -> str:
    return key if _NAME.fullmatch(key) else json.dumps(key, ensure_ascii=False)
