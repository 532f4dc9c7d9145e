"""The records in a rule's examples, checked against the schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from checker.language.suggest import did_you_mean
from checker.loading.validation import RecordSchemas, validate
from checker.model.diagnostics import Diagnostic, Position
from checker.model.records import DataPath
from checker.model.rules import Example

_KINDS = ("brief", "brand", "influencer", "deal", "post")


def check_example(example: Example, schemas: RecordSchemas) -> list[Diagnostic]:
    """Return what is wrong with the partial records of one example."""
    found = _check_date(example)
    for kind, data, path in _parts(example.records):
        if kind not in _KINDS:
            hint = did_you_mean(kind, (*_KINDS, "shortlist"))
            message = f'an example has no "{kind}"'
            found.append(Diagnostic("unknown-field", message, example.locate(path), hint=hint))
            continue
        locate = partial(_below, example, path)
        found += validate(kind, data, locate, schemas=schemas, partial=True)
    return found


def _check_date(example: Example) -> list[Diagnostic]:
    try:
        if example.as_of:
            date.fromisoformat(example.as_of)
    except ValueError:
        message = f'as_of is "{example.as_of}"; there is no such day'
        return [Diagnostic("bad-date", message, example.locate(("as_of",)))]
    return []


def _parts(records: Mapping[str, Any]) -> Iterator[tuple[str, Any, DataPath]]:
    for kind, data in records.items():
        if kind != "shortlist":
            yield kind, data, (kind,)
            continue
        for index, deal in enumerate(data):
            terms = {name: value for name, value in deal.items() if name != "influencer"}
            yield "deal", terms, (kind, index)
            yield "influencer", deal.get("influencer", {}), (kind, index, "influencer")


def _below(example: Example, path: DataPath, inside: DataPath) -> Position:
    return example.locate((*path, *inside))
