"""Handles as they are shown, and what ids and accounts are compared by, for many at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from checker.language.accounts import (
    CASELESS,
    NoHandleError,
    account_key,
    clean_handle,
    id_key,
    is_called,
    key_on,
    plain_name,
)
from checker.language.columns.stored import StoredRecords, StoredTexts
from checker.screening.reading.stores import Rows

# What no spreadsheet put anything around, and no address is: there is no dot before its end.
_PLAIN = re.compile(r"@?[A-Za-z0-9_-][A-Za-z0-9._-]{0,900}")
_ENDS = re.compile(r"\.[A-Za-z]+$|[Pp][Ii][Nn][Tt]")
_SMALL = re.compile(r"[a-z]+/[a-z0-9_-][a-z0-9._-]{0,900}")


def with_clean_handles(records: StoredRecords, rows: Rows) -> StoredRecords:
    """Return records whose handles are without what pasting put around them.

    Rows whose handle names no account of the platform are refused.
    """
    handles, platforms = records.fields.get("handle"), records.fields.get("platform")
    if not isinstance(handles, StoredTexts) or not isinstance(platforms, StoredTexts):
        return records
    odd = np.array([not is_plain(each) for each in handles.texts], np.bool_)
    if not odd.any():
        return records
    texts = dict.fromkeys(handles.texts)
    index = dict(zip(texts, range(len(texts)), strict=True))
    codes = handles.codes.copy()
    wrong = []
    for row in np.flatnonzero((handles.codes >= 0) & odd[handles.codes]).tolist():
        if platforms.codes[row] < 0:
            continue
        platform, written = platforms.texts[platforms.codes[row]], handles.texts[codes[row]]
        try:
            codes[row] = index.setdefault(clean_handle(platform, written), len(index))
        except NoHandleError:
            wrong.append(row)
    rows.refuse(np.array(wrong, np.int64))
    fields = {**records.fields, "handle": StoredTexts(codes, tuple(index))}
    return StoredRecords(records.size, records.present, fields)


def is_plain(handle: str) -> bool:
    """Tell whether a handle is surely as its platform has it; False says nothing."""
    return _PLAIN.fullmatch(handle) is not None and _ENDS.search(handle) is None


def id_keys(ids: Iterable[str]) -> list[str]:
    """Return what ids are compared by."""
    return [
        each if _SMALL.fullmatch(each) and not _ENDS.search(each) else id_key(each) for each in ids
    ]


def account_keys(platforms: Sequence[str], handles: Sequence[str]) -> list[str]:
    """Return what the accounts of clean handles are compared by."""
    return [
        _plain_key(platform, handle) if is_plain(handle) else account_key(platform, handle)
        for platform, handle in zip(platforms, handles, strict=True)
    ]


def _plain_key(platform: str, handle: str) -> str:
    bare = handle.removeprefix("@")
    return f"{platform}/{bare.lower() if platform in CASELESS else bare}"


def rows_called(name: str, people: StoredRecords) -> list[int]:
    """Return the rows whose id or account a name means, as `is_called` has it."""
    ids, handles, platforms = (_texts(people, field) for field in ("id", "handle", "platform"))
    near = {plain_name(key_on(each, name).partition("/")[2]) for each in platforms.texts}
    near.add(plain_name(name))
    # Few texts are near the name: only those rows are looked at.
    rows = np.zeros(people.size, np.bool_)
    for column in (ids, handles):
        some = [code for code, text in enumerate(column.texts) if _plain(text) in near]
        rows |= np.isin(column.codes, some)
    found = []
    for row in np.flatnonzero(rows).tolist():
        id_, handle, platform = (each.texts[each.codes[row]] for each in (ids, handles, platforms))
        if is_called(name, id_, account_key(platform, handle)):
            found.append(row)
    return found


def _texts(people: StoredRecords, field: str) -> StoredTexts:
    texts = people.fields[field]
    assert isinstance(texts, StoredTexts)
    return texts


def _plain(text: str) -> str:
    return text.lower().strip().lstrip("@") if text.isascii() else plain_name(text)
