"""Fields of records, by name and by code."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from checker.language import coerce
from checker.language.coerce import describe, fail
from checker.language.nodes import Choose, Node, Path
from checker.language.suggest import did_you_mean
from checker.model.types import DistributionType, ListType, RecordType, TextType


def field_of(source: Node, name: str, start: int, end: int) -> Path:
    """Return the path to a field of what `source` is; `start` and `end` are the whole path's.

    Raises:
        LanguageError: it has no such field.
    """
    # The name stands at the end of the path; only it is marked when wrong.
    at = replace(source, start=end - len(name), end=end)
    if not isinstance(source.type, RecordType):
        _no_fields(source, at, name)
    field = source.type.fields.get(name)
    if field is None:
        note = did_you_mean(name, source.type.fields)
        if not note and source.type.fields:
            note = "it has " + ", ".join(list(source.type.fields)[:8])
        whose = _with_article(source.type.name)
        fail(at, f'{whose} has no "{name}"', note, "unknown-field")
    if isinstance(source, Path):
        return Path(field.type, start, end, source.root, (*source.names, name), field)
    return Path(field.type, start, end, source, (name,), field)


def _no_fields(source: Node, at: Node, name: str) -> NoReturn:
    if isinstance(source.type, ListType) and isinstance(source.type.item, RecordType):
        note = f"write [x.{name} for x in ...]"
        fail(at, f'a list has no "{name}"; each of its members has', note)
    if isinstance(source.type, DistributionType):
        fail(at, f'a distribution has no "{name}"', f"write d['{name}']")
    fail(at, f'{describe(source.type)} has no "{name}"')


def choose(source: Node, record: RecordType, key: Node, start: int, end: int) -> Node:
    """Return the field of a record whose fields are alike that a code picks.

    Raises:
        LanguageError: the fields differ, or the key may name none of them.
    """
    names = tuple(record.fields)
    types = {type(field.type) for field in record.fields.values()}
    if len(types) > 1:
        fail(source, "[ ] picks a field only where all fields are of one type")
    key = coerce.to_type(key, TextType("code", names))
    if not isinstance(key.type, TextType) or key.type.kind != "code":
        fail(key, f"{describe(key.type)} picks no field", "a code does")
    strange = [choice for choice in key.type.choices if choice not in names]
    if strange:
        fail(key, f'the record has no "{strange[0]}"', did_you_mean(strange[0], names))
    return Choose(next(iter(record.fields.values())).type, start, end, source, key)


def _with_article(name: str) -> str:
    if "." in name or name in ("params", "ages"):
        return name
    return f"{'an' if name[:1] in 'aeio' else 'a'} {name}"
