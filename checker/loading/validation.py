"""Whether a record is as its schema says, and in plain words where it is not.

`jsonschema_rs` decides; only what it refuses is gone through again with `jsonschema`, which is
slow to import, to list every error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from checker.loading.meaning import GOES_ON, Finding, check_meaning
from checker.loading.schemas import Extra, Schema, read_schema, record_schema, record_types
from checker.model.diagnostics import Diagnostic, Position
from checker.model.records import DataPath
from checker.model.types import RecordType

if TYPE_CHECKING:
    from jsonschema_rs import Validator

Locate = Callable[[DataPath], Position]

# What has a schema of its own and is no record.
FILES = ("config", "mapping")


class RecordSchemas:
    """The schemas of all kinds of records, with a configuration's extra fields.

    Each is read and compiled when it is first needed, once.
    """

    def __init__(self, extra: Extra | None = None) -> None:
        self.extra: Extra = extra or {}
        self._types: Mapping[str, RecordType] | None = None
        self._schemas: dict[tuple[str, bool], Schema] = {}
        self._gates: dict[tuple[str, bool], Validator] = {}

    @property
    def types(self) -> Mapping[str, RecordType]:
        """The type of each kind of record."""
        if self._types is None:
            self._types = record_types(self.extra)
        return self._types

    def schema(self, kind: str, *, partial: bool = False) -> Schema:
        """Return the self-contained schema of a kind of record, or of one of FILES."""
        key = (kind, partial)
        if key not in self._schemas:
            if kind in FILES:
                self._schemas[key] = read_schema(kind)
            else:
                self._schemas[key] = record_schema(kind, extra=self.extra, partial=partial)
        return self._schemas[key]

    def gate(self, kind: str, *, partial: bool = False) -> Validator:
        """Return the compiled schema of a kind of record."""
        key = (kind, partial)
        if key not in self._gates:
            from jsonschema_rs import Draft202012Validator

            schema = self.schema(kind, partial=partial)
            self._gates[key] = Draft202012Validator(schema, validate_formats=True)
        return self._gates[key]


SHIPPED = RecordSchemas()


def validate(
    kind: str,
    data: Any,
    locate: Locate,
    *,
    locate_key: Locate | None = None,
    schemas: RecordSchemas = SHIPPED,
    partial: bool = False,
    label: str = "",
) -> list[Diagnostic]:
    """Return what is wrong with a record (or one of FILES), in the order of the file.

    `data` is plain JSON without nulls. `locate` gives the place of a value, `locate_key` that
    of a member's name. `partial` lets required fields be missing, for the examples of rules.
    `label` is put before the message where a path alone does not say which record it is.
    """
    found = list(_findings(kind, data, schemas, partial))
    if not found:
        return []
    from checker.loading.wording import path_text, record_noun

    diagnostics = []
    for finding in found:
        if finding.key is not None:
            position = (locate_key or locate)((*finding.path, finding.key))
        else:
            position = locate(finding.path)
        message = finding.message
        if finding.code in GOES_ON:
            message = f"{path_text(finding.path) or record_noun(kind)} {message}"
        if label:
            message = f"{label}: {message}"
        diagnostics.append(Diagnostic(finding.code, message, position, hint=finding.hint))
    diagnostics.sort(key=lambda each: (each.position.line, each.position.column))
    return diagnostics


def _findings(kind: str, data: Any, schemas: RecordSchemas, partial: bool) -> Iterator[Finding]:
    if not _passes(schemas.gate(kind, partial=partial), data):
        from checker.loading.wording import schema_findings

        yield from schema_findings(kind, data, schemas, partial=partial)
    if kind not in FILES:
        if kind == "deal" and isinstance(data, dict):
            # The influencer of a deal is a record of its own, and is validated as such.
            data = {key: value for key, value in data.items() if key != "influencer"}
        yield from check_meaning(data, schemas.types[kind])


def _passes(gate: Validator, data: Any) -> bool:
    try:
        return gate.is_valid(data)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False  # What cannot be JSON at all: a set, a number beyond 64 bits.
