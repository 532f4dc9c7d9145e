"""Mappings: read from YAML, and checked against the influencer's fields and types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from checker.language.suggest import nearest
from checker.loading.importing.mapping_fields import FieldBuilder, Refuse
from checker.loading.importing.targets import TargetError, target
from checker.loading.packs import pack_folders
from checker.loading.project import Project
from checker.loading.shipped import rule_files
from checker.loading.source import SourceFile, read_source, shown_path
from checker.loading.validation import SHIPPED, RecordSchemas, validate, validate_file
from checker.model.diagnostics import Diagnostic, Position, RulesError
from checker.model.mappings import ImportMapping, LeftOut, MappedField, RefusedWhen, SourcePath
from checker.model.records import DataPath

# Mappings of one's own: the format says only what the files are.
OWN_FORMATS = ("csv", "json")
LIMIT = 1024 * 1024
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_NEEDED = ("handle", "platform", "followers")


def formats_folder() -> Path:
    """Return the folder of the shipped mappings."""
    return Path(__file__).parent / "formats"


def formats(project: Project | None = None) -> dict[str, list[Path]]:
    """Return the files of mappings by name: those that a project's packs bring, else shipped ones.

    They stand in a folder "mappings" beside the packs.
    """
    found: dict[str, list[Path]] = {}
    if project is not None and project.config.packs:
        names, root = project.config.packs, project.folder
        for folder in pack_folders(names, root=root, within=project.root):
            for path in rule_files(folder / "mappings"):
                found.setdefault(path.stem, []).append(path)
    for path in rule_files(formats_folder()):
        found.setdefault(path.stem, [path])
    return found


def format_path(name: str, project: Project | None = None) -> Path:
    """Return the file of a mapping that is shipped, or brought by a pack.

    Raises RulesError where there is none, or several.
    """
    known = formats(project)
    if len(known.get(name, ())) > 1:
        message = f'several packs bring a format "{name}": {", ".join(map(str, known[name]))}'
        raise RulesError.of("format-twice", message, "", "Name the file: checker import csv --map")
    if name in known:
        return known[name][0]
    choices = (*sorted(known), *OWN_FORMATS)
    near = nearest(name, choices)
    hint = f'Did you mean "{near[0]}"?' if near else f"Formats: {', '.join(choices)}."
    message = f'no format is called "{name}"; nothing was imported'
    raise RulesError([Diagnostic("unknown-format", message, Position(""), hint=hint)])


def mapping_for(
    name: str,
    own: Path | None = None,
    *,
    schemas: RecordSchemas = SHIPPED,
    project: Project | None = None,
) -> ImportMapping:
    """Return the mapping of a format, or one's own for "csv" or "json"; see `formats`.

    Raises RulesError where there is no such format, or the mapping is wrong or of another kind.
    """
    if name not in OWN_FORMATS:
        path = format_path(name, project)
        if own is not None:
            message = f"{name} has a mapping; one of your own goes with csv or json"
            hint = f"checker import {name} --print-map prints it, to be copied and changed."
            raise RulesError([Diagnostic("two-mappings", message, Position(""), hint=hint)])
        return load_mapping(path, schemas=schemas)
    if own is None:
        message = f"{name} needs a mapping of your own: --map FILE"
        hint = "The documentation of the import shows one for a table."
        raise RulesError([Diagnostic("no-mapping", message, Position(""), hint=hint)])
    mapping = load_mapping(own, schemas=schemas)
    if mapping.input != name:
        message = f'the mapping is for {mapping.input} files, and the format is "{name}"'
        raise RulesError([Diagnostic("other-input", message, mapping.position)])
    return mapping


def load_mapping(path: Path, *, schemas: RecordSchemas = SHIPPED) -> ImportMapping:
    """Read and check a mapping. Raises RulesError with everything that is wrong with it."""
    shipped = path.parent == formats_folder()
    shown = f"{path.stem} (shipped)" if shipped else shown_path(path)
    source = read_source(path, shown_as=shown, limit=LIMIT, refuse=RulesError)
    return read_mapping(source, schemas=schemas)


def read_mapping(source: SourceFile, *, schemas: RecordSchemas = SHIPPED) -> ImportMapping:
    """Check a mapping's text. Raises RulesError with everything that is wrong with it."""
    from checker.loading.yaml_text import read_yaml

    document = read_yaml(source, refuse=RulesError)
    document.leave_out_nulls()
    data = document.data
    if data is None:
        message = "the mapping is empty"
        raise RulesError([Diagnostic("empty-file", message, Position(source.name))])
    if not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        message = f"the mapping is {kind}; it must have named parts, such as mapping: and fields:"
        raise RulesError([Diagnostic("wrong-type", message, document.locate(()))])
    wrong = validate_file("mapping", document, schemas)
    if wrong:
        raise RulesError(wrong)
    return _Builder(data, document, schemas).build()


class _Builder:
    """Builds a mapping from data that its schema accepts, and gathers what is wrong."""

    def __init__(self, data: dict[str, Any], document: Any, schemas: RecordSchemas) -> None:
        self.data = data
        self.document = document
        self.schemas = schemas
        self.influencer = schemas.types["influencer"]
        self.wrong: list[Diagnostic] = []
        self.fields = FieldBuilder(data["input"], self.refuse)

    @property
    def refuse(self) -> Refuse:
        def refuse(path: DataPath, code: str, message: str, hint: str = "") -> None:
            position = self.document.locate_key(path)
            self.wrong.append(Diagnostic(code, message, position, hint=hint))

        return refuse

    def build(self) -> ImportMapping:
        data = self.data
        if not _NAME.fullmatch(data["mapping"]):
            hint = "Small letters, digits and hyphens: our-agency."
            self.refuse(("mapping",), "bad-name", f'"{data["mapping"]}" is no name', hint)
        fields = tuple(self._fields())
        constants = dict(self._constants(fields))
        self._check_needed(fields, constants)
        mapping = ImportMapping(
            name=data["mapping"],
            title=data["title"],
            version=data["version"],
            input=data["input"],
            fields=fields,
            position=self.document.locate(()),
            records=self._records(),
            constants=constants,
            left_out=tuple(self._left_out()),
            refused=tuple(self._refused()),
            notes=tuple(data.get("notes", ())),
        )
        if self.wrong:
            self.wrong.sort(key=lambda each: (each.position.line, each.position.column))
            raise RulesError(self.wrong)
        return mapping

    def _fields(self) -> Iterator[MappedField]:
        taken: dict[tuple[str, ...], str] = {}
        for name, spec in self.data["fields"].items():
            field = self.fields.build(("fields", name), name, spec, self.influencer)
            if field is None:
                continue
            other = _within(field.target, taken)
            if other:
                message = f'"{name}" and "{other}" fill the same field'
                self.refuse(("fields", name), "twice-mapped", message)
            taken[field.target] = name
            yield field

    def _constants(self, fields: tuple[MappedField, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        mapped = {field.target: field.name for field in fields}
        record: dict[str, Any] = {}
        for name, value in self.data.get("constants", {}).items():
            place: DataPath = ("constants", name)
            try:
                steps, _, _ = target(name, self.influencer)
            except TargetError as error:
                self.refuse(place, "unknown-field", error.message, error.hint)
                continue
            if steps in mapped:
                self.refuse(place, "twice-mapped", f'"{name}" is mapped, and a constant too')
            put(record, steps, value)
            yield steps, value
        wrong = validate(
            "influencer", record, self._locate_constant, schemas=self.schemas, partial=True
        )
        self.wrong.extend(wrong)

    def _locate_constant(self, path: DataPath) -> Position:
        steps = [str(step) for step in path]
        for length in range(len(steps), 0, -1):
            name = ".".join(steps[:length])
            if name in self.data["constants"]:
                return cast(Position, self.document.locate(("constants", name)))
        return cast(Position, self.document.locate(("constants",)))

    def _check_needed(
        self, fields: tuple[MappedField, ...], constants: Mapping[tuple[str, ...], Any]
    ) -> None:
        given = {field.name for field in fields} | {".".join(steps) for steps in constants}
        missing = [name for name in _NEEDED if name not in given]
        if missing and not self.wrong:
            names = " and ".join(f'"{name}"' for name in missing)
            hint = "A record needs a handle, a platform and followers; the id follows from them."
            self.refuse(("fields",), "missing-field", f"the mapping has no {names}", hint)

    def _records(self) -> SourcePath | None:
        if "records" not in self.data:
            return None
        if self.data["input"] == "csv":
            message = "a table's records are its rows"
            self.refuse(("records",), "unknown-field", message, 'Leave "records" out.')
            return None
        return self.fields.path(("records",), self.data["records"], free=True)

    def _left_out(self) -> Iterator[LeftOut]:
        for index, each in enumerate(self.data.get("left_out", ())):
            # What is left out may be named, whatever it is.
            path = self.fields.path(("left_out", index, "from"), each["from"], free=True)
            if path is not None:
                yield LeftOut(path, each["because"])

    def _refused(self) -> Iterator[RefusedWhen]:
        for index, each in enumerate(self.data.get("refuse_when", ())):
            place: DataPath = ("refuse_when", index)
            if ("is" in each) == ("is_not" in each):
                self.refuse(place, "bad-case", 'a case has "is" or "is_not", one of the two')
                continue
            path = self.fields.path((*place, "from"), each["from"])
            values = tuple(each.get("is") or each.get("is_not"))
            if path is not None:
                yield RefusedWhen(path, values, "is_not" in each, each["because"])


def _within(steps: tuple[str, ...], taken: Mapping[tuple[str, ...], str]) -> str:
    """Return the name of what is mapped at, above or below a path; else ""."""
    for other, name in taken.items():
        shared = min(len(other), len(steps))
        if other[:shared] == steps[:shared]:
            return name
    return ""


def put(record: dict[str, Any], steps: tuple[str, ...], value: Any) -> None:
    """Set a value in nested records."""
    for step in steps[:-1]:
        record = record.setdefault(step, {})
    record[steps[-1]] = value
