"""An import: files of a provider, through a mapping, to valid influencer records.

A file whose numbers prove another unit than the mapping's is refused whole: among its other
numbers may be some that would pass in the wrong unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from checker.language.accounts import find_again
from checker.language.suggest import nearest
from checker.loading.importing.apply import Applied, Wrong, apply_mapping
from checker.loading.importing.leftovers import Around, Reads, leftovers, place_text
from checker.loading.importing.sources import FoundDocument, FoundRecord, read_documents
from checker.loading.source import shown_path
from checker.loading.validation import SHIPPED, RecordSchemas, validate
from checker.model.diagnostics import Diagnostic, InputError, Position
from checker.model.imports import ImportedFile, ImportedRecord, ImportResult, Left, LeftKind
from checker.model.mappings import ImportMapping, OneValue
from checker.model.records import DataPath

_MOST_PLACES = 1000
_MISSING = {"as_of": "the files do not say; give the day with --as-of"}


def run_import(
    mapping: ImportMapping,
    paths: Sequence[Path],
    *,
    as_of: str = "",
    schemas: RecordSchemas = SHIPPED,
) -> ImportResult:
    """Import files. What is wrong with a record or a file is in the result, with its place."""
    run = _Run(mapping, as_of, schemas)
    for path in paths:
        run.add(path)
    return run.result()


class _Run:
    def __init__(self, mapping: ImportMapping, as_of: str, schemas: RecordSchemas) -> None:
        self.mapping = mapping
        self.as_of = as_of
        self.schemas = schemas
        self.influencer = schemas.types["influencer"]
        self.reads, self.around = Reads(mapping), Around(mapping)
        # Where records stand in a document, as far as their path says it in one way.
        steps = mapping.records.steps if mapping.records is not None else None
        self.base = tuple(step if isinstance(step, str) else "[]" for step in steps or ())
        self.files: list[ImportedFile] = []
        self.records: list[ImportedRecord] = []
        self.wrong: list[Diagnostic] = []
        self.left: dict[tuple[LeftKind, str, str], int] = {}
        self.first: dict[str, Position] = {}

    def result(self) -> ImportResult:
        mapping = self.mapping
        return ImportResult(
            format=mapping.name,
            title=mapping.title,
            version=mapping.version,
            files=tuple(self.files),
            records=tuple(self.records),
            wrong=tuple(self.wrong),
            left=tuple(
                Left(kind, path, because, count)
                for (kind, path, because), count in sorted(self.left.items())
            ),
            notes=mapping.notes if self.records else (),
        )

    def add(self, path: Path) -> None:
        """Import one file."""
        found: list[tuple[FoundRecord, Applied]] = []
        documents: list[FoundDocument] = []
        unreadable: list[Diagnostic] = []
        count = 0
        try:
            for document in read_documents(path, self.mapping):
                if isinstance(document, InputError):
                    count += 1
                    unreadable.extend(document.diagnostics)
                    continue
                count += len(document.records)
                documents.append(document)
                for record in document.records:
                    found.append((record, self.apply(record)))
        except InputError as error:
            unreadable.extend(error.diagnostics)
            found = []
        before = len(self.records)
        self.wrong.extend(unreadable)
        refused = self.other_unit(found)
        if refused is not None:
            self.wrong.append(refused)
        else:
            for record, applied in found:
                self.take(record, applied)
            for document in documents:
                self.note_around(document)
            if documents and documents[0].columns:
                self.note_columns(documents[0].columns)
        self.files.append(ImportedFile(shown_path(path), count, len(self.records) - before))

    def apply(self, record: FoundRecord) -> Applied:
        if not isinstance(record.data, dict):
            applied = Applied()
            applied.wrong.append(Wrong("", None, "this is no record of named fields"))
            return applied
        applied = apply_mapping(self.mapping, record.data, self.schemas)
        if self.as_of and "as_of" not in applied.data:
            # Where the date of the data stands among the fields is the schema's order.
            data = {**applied.data, "as_of": self.as_of}
            applied.data = {name: data[name] for name in self.influencer.fields if name in data}
        return applied

    def other_unit(self, found: Iterable[tuple[FoundRecord, Applied]]) -> Diagnostic | None:
        """Say what proves that a file is written in another unit than the mapping's.

        One number alone may be an outlier where whole distributions prove the mapping right.
        """
        proved = {unit for _, applied in found for unit in applied.proved}
        for record, applied in found:
            for wrong in applied.wrong:
                if wrong.other_unit is None or (wrong.scalar and wrong.other_unit in proved):
                    continue
                diagnostic = self.diagnostic(record, wrong)
                written = "percents" if wrong.other_unit == "share" else "shares from 0 to 1"
                hint = f"It looks like a file of {written}. Units are not guessed: nothing of "
                hint += "this file was imported. If it is right, write a mapping with its unit."
                message = f"{diagnostic.message}; the whole file is refused"
                return Diagnostic("other-unit", message, diagnostic.position, hint=hint)
        return None

    def diagnostic(self, record: FoundRecord, wrong: Wrong) -> Diagnostic:
        path = wrong.path
        position = record.locate(_known(path.steps) if path is not None else ())
        if path is None or not wrong.field:
            return Diagnostic("bad-record", wrong.message, position, hint=wrong.hint)
        message = f'{wrong.field}, from "{path.text}", {wrong.message}'
        return Diagnostic("bad-value", message, position, hint=wrong.hint)

    def take(self, record: FoundRecord, applied: Applied) -> None:
        """Validate a record, and keep it or say what is wrong."""
        wrong = [self.diagnostic(record, each) for each in applied.wrong]
        if not wrong:
            wrong = self.validated(record, applied)
        if not wrong:
            wrong = self.again(record, applied.data)
        if wrong:
            self.wrong.extend(wrong)
            return
        self.records.append(ImportedRecord(applied.data, record.locate(())))
        self.note(record, applied)

    def validated(self, record: FoundRecord, applied: Applied) -> list[Diagnostic]:
        name = applied.data.get("handle")
        label = name if isinstance(name, str) else ""
        wrong = validate(
            "influencer",
            applied.data,
            lambda path: record.locate(self.origin(path)),
            schemas=self.schemas,
            label=label,
        )
        if "platform" in applied.data and "handle" not in applied.data:
            # The id is made from the handle: to ask for both would be to ask twice.
            wrong = [
                each for each in wrong if each.code != "missing-field" or '"id"' not in each.message
            ]
        return [self.explained(each, applied) for each in wrong]

    def explained(self, diagnostic: Diagnostic, applied: Applied) -> Diagnostic:
        """Say where a field that is missing should have stood, or why it is missing."""
        if diagnostic.code != "missing-field":
            return diagnostic
        for field in self.mapping.fields:
            if f'"{field.name}"' not in diagnostic.message:
                continue
            hints = [f"{why}." for _, name, why in sorted(applied.left) if name == field.name]
            if not hints and isinstance(field.source, OneValue) and field.source.path is not None:
                hints = [f'{self.mapping.title} has it at "{field.source.path.text}".']
            return replace(diagnostic, hint=" ".join(hints))
        return diagnostic

    def origin(self, path: DataPath) -> DataPath:
        """Return where in the provider's record a field comes from, as far as that is known."""
        steps = tuple(step for step in path if isinstance(step, str))
        for field in self.mapping.fields:
            if field.target == steps[: len(field.target)] and isinstance(field.source, OneValue):
                source = field.source.path or field.source.low
                return _known(source.steps) if source is not None else ()
        return ()

    def again(self, record: FoundRecord, data: Mapping[str, Any]) -> list[Diagnostic]:
        position = record.locate(())
        again = find_again(self.first, data, position)
        if again is None:
            return []
        key, first = again
        message = f'the influencer "{key}" is there twice'
        return [Diagnostic("duplicate-id", message, position, hint=f"The first is at {first}.")]

    def note(self, record: FoundRecord, applied: Applied) -> None:
        for each in applied.left:
            self.count(each)
        for place, (kind, because) in leftovers(record.data, self.reads).items():
            self.count((kind, place_text((*self.base, *place)), because))
        for name, because in _MISSING.items():
            if name not in applied.data:
                self.count(("missing", name, because))

    def note_around(self, document: FoundDocument) -> None:
        records = frozenset(id(record.data) for record in document.records)
        around = leftovers(document.data, self.around, but=records)
        for place, (kind, because) in around.items():
            self.count((kind, place_text(place), because))

    def note_columns(self, columns: Sequence[str]) -> None:
        """Name the columns that the mapping reads and a table has not."""
        for field in self.mapping.fields:
            source = field.source
            if not isinstance(source, OneValue):
                continue
            for path in (source.path, source.low, source.high, source.unless):
                if path is not None and path.text not in columns:
                    near = nearest(path.text, columns)
                    hint = f'; is it "{near[0]}"?' if near else ""
                    because = f'the table has no column "{path.text}"{hint}'
                    self.count(("missing", field.name, because))

    def count(self, each: tuple[LeftKind, str, str]) -> None:
        if each not in self.left and len(self.left) >= _MOST_PLACES:
            each = ("unmapped", "and more", "")
        self.left[each] = self.left.get(each, 0) + 1


def _known(steps: DataPath | None) -> DataPath:
    return steps or ()
