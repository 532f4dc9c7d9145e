"""Whether a record is as its schema says, and in plain words where it is not.

`jsonschema_rs` decides; only what it refuses is gone through again with `jsonschema`, which is
slow to import, to list every error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checker.loading.documents import Document
from checker.loading.meaning import GOES_ON, Finding, check_handle, check_meaning
from checker.loading.nulls import without_known_nulls
from checker.loading.schemas import Extra, Schema, read_schema, record_schema, record_types
from checker.loading.vocabulary import KnownWords, shipped_words
from checker.model.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Position, first_of
from checker.model.records import DataPath
from checker.model.types import ListType, MoneyType, NumberType, RecordType, Type

if TYPE_CHECKING:
    from jsonschema_rs import Validator

Locate = Callable[[DataPath], Position]

# What has a schema of its own and is no record.
FILES = ("config", "mapping")


class RecordSchemas:
    """The schemas of all kinds of records, with a configuration's extra fields, and its words.

    Each is read and compiled when it is first needed, once.
    """

    def __init__(self, extra: Extra | None = None, words: KnownWords | None = None) -> None:
        self.extra: Extra = extra or {}
        self.words = words or shipped_words()
        self._schemas: dict[tuple[str, bool], Schema] = {}
        self._gates: dict[tuple[str, bool], Validator] = {}

    @cached_property
    def types(self) -> Mapping[str, RecordType]:
        """The type of each kind of record."""
        return record_types(self.extra)

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


def known_nulls_left_out(
    kind: str, document: Document, path: DataPath = (), schemas: RecordSchemas = SHIPPED
) -> Any:
    """Return what stands at `path` of a document, for `validate`.

    A member that is null is missing, and left out, where the schema knows its name.
    """
    raw, data = document.raw, document.data
    for step in path:
        raw, data = raw[step], data[step]
    if document.raw is document.data:
        return data
    return without_known_nulls(raw, schemas.schema(kind), names_are_free=kind in FILES)


def validate(
    kind: str,
    data: Any,
    locate: Locate,
    *,
    locate_key: Locate | None = None,
    schemas: RecordSchemas = SHIPPED,
    partial: bool = False,
    label: str = "",
    unclear: Iterable[tuple[DataPath, str]] = (),
) -> list[Diagnostic]:
    """Return what is wrong with a record (or one of FILES), in the order of the file.

    `data` is plain JSON; a null is refused. `locate` gives the place of a value, `locate_key` that
    of a member's name. `partial` lets required fields be missing, for the examples of rules.
    `label` is put before the message where a path alone does not say which record it is.
    Of many, the first are returned, and how many more there are.
    `unclear` are the numbers of which somebody's hand leaves open what they are, as written.
    """
    found = list(_unclear(unclear, kind, schemas))
    # Of 12.400 for a whole number, one message is enough.
    told = {finding.path for finding in found}
    found += (each for each in _findings(kind, data, schemas, partial) if each.path not in told)
    if not found:
        return []
    from checker.loading.wording import path_text, record_noun

    def place(finding: Finding) -> Position:
        if finding.key is None:
            return locate(finding.path)
        return (locate_key or locate)((*finding.path, finding.key))

    placed = [(place(finding), finding) for finding in found]
    placed.sort(key=lambda each: (each[0].line, each[0].column))
    diagnostics: list[Diagnostic] = []
    for position, finding in placed:
        message = finding.message
        if finding.code in GOES_ON:
            message = f"{path_text(finding.path) or record_noun(kind)} {message}"
        if label:
            message = f"{label}: {message}"
        hint = finding.hint if isinstance(finding.hint, str) else ""
        if len(diagnostics) < MOST_DIAGNOSTICS and not isinstance(finding.hint, str):
            hint = finding.hint()
        diagnostics.append(Diagnostic(finding.code, message, position, hint=hint))
    return first_of(diagnostics)


def validate_file(
    kind: str, document: Document, schemas: RecordSchemas = SHIPPED
) -> list[Diagnostic]:
    """Return what is wrong with one of FILES; see `validate`."""
    return validate(
        kind,
        known_nulls_left_out(kind, document),
        document.locate,
        locate_key=document.locate_key,
        schemas=schemas,
        unclear=document.unclear_numbers(),
    )


def _findings(kind: str, data: Any, schemas: RecordSchemas, partial: bool) -> Iterator[Finding]:
    if not _passes(schemas.gate(kind, partial=partial), data):
        from checker.loading.wording import schema_findings

        yield from schema_findings(kind, data, schemas, partial=partial)
    if kind not in FILES:
        if kind == "deal" and isinstance(data, dict):
            # The influencer of a deal is a record of its own, and is validated as such.
            data = {key: value for key, value in data.items() if key != "influencer"}
        if kind == "influencer" and isinstance(data, dict):
            yield from check_handle(data)
        yield from check_meaning(data, schemas.types[kind], schemas.words)
        extra = data.get("extra") if isinstance(data, dict) else None
        if isinstance(extra, dict) and kind in schemas.extra:
            from checker.loading.own_fields import misspelt

            for name, near in misspelt(extra, schemas.extra[kind]).items():
                message, hint = f'"extra" has the unknown field "{name}"', f'Did you mean "{near}"?'
                yield Finding("unknown-field", ("extra",), message, hint, name)


def _unclear(
    numbers: Iterable[tuple[DataPath, str]], kind: str, schemas: RecordSchemas
) -> Iterator[Finding]:
    """Yield the amounts and counts among numbers of two readings: 1.500 may be a thousand more.

    What a number in one of FILES counts is not known here, so each is refused.
    """
    for path, written in numbers:
        type_ = MoneyType() if kind in FILES else _type_at(path, schemas.types[kind])
        count = isinstance(type_, NumberType) and type_.unit == "count"
        if count or isinstance(type_, MoneyType):
            from checker.loading.wording import unclear_number

            yield unclear_number(path, written, whole=count)


def _type_at(path: DataPath, record: Type) -> Type | None:
    """Return the type of the field at a path, whose bounds have its type, too."""
    kind: Type | None = record
    for step in path:
        if isinstance(kind, ListType):
            kind = kind.item
        elif isinstance(kind, RecordType):
            field = kind.fields.get(str(step))
            kind = field.type if field else None
        elif step not in ("min", "max"):
            return None
    return kind


def _passes(gate: Validator, data: Any) -> bool:
    try:
        return gate.is_valid(data)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False  # What cannot be JSON at all: a set, a number beyond 64 bits.
