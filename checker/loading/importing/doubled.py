"""Rows of a distribution that are there twice, whose sum would be somebody else's audience."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from checker.loading.importing.paths import EACH, find
from checker.model.mappings import NamePath, Parts, SourcePath


def doubled(record: Any, rows: Sequence[Any], source: Parts, keys: Sequence[SourcePath]) -> bool:
    """Tell whether two rows of a distribution are of the same group, such as women of 18 to 24.

    Rows of several groups add up, as women of all ages do. What tells groups apart are the keys
    that the mapping reads of these rows, and all that is text in them and in what they stand in.
    """
    around = {key: said for place in source.rows.gives for key, said in _around(record, place, ())}
    seen = set()
    for row in rows:
        if any(_blank(find(path, row)) for path in (source.key, source.value)):
            continue
        group = (*around.get(id(row), ()), *(_word(find(key, row)) for key in keys), *_texts(row))
        if group in seen:
            return True
        seen.add(group)
    return False


def _around(
    data: Any, place: NamePath, said: tuple[str, ...]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows at a place, by identity, with the texts of the entries that they stand in."""
    if not place:
        yield id(data), said
    elif place[0] == EACH:
        for each in data if isinstance(data, list) else ():
            own = each.values() if isinstance(each, dict) and place[1:] else ()
            texts = tuple(_word(value) for value in own if isinstance(value, str))
            yield from _around(each, place[1:], (*said, *texts))
    elif isinstance(data, dict) and place[0] in data:
        yield from _around(data[place[0]], place[1:], said)


def _texts(row: Any) -> Iterator[str]:
    """Yield what is text in a row, in the order of its names."""
    if isinstance(row, str):
        yield _word(row)
    elif isinstance(row, dict):
        for name in sorted(row):
            yield from _texts(row[name])
    elif isinstance(row, list):
        for each in row:
            yield from _texts(each)


def _word(value: Any) -> str:
    return value.strip().casefold() if isinstance(value, str) else repr(value)


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
