"""Rule packs against their JSON Schema, worded for people who write rules.

The gate is the Rust validator, which only says yes or no; the Python one, slow to import, lists
the errors of a file that was refused. What a part of a pack is called stands in the schema, as
"x-noun".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from checker.language.suggest import nearest, suggestion
from checker.loading.data_files import schemas_folder
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Position, by_place
from checker.model.records import DataPath

EMPTY = "the file is empty; a rule pack starts with pack, version and title"

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of keys to values",
    "null": "nothing",
}
_COLUMNS = ("number", "share", "count", "flag", "label", "code", "text", "date", "ages")


@cache
def _schema() -> dict[str, Any]:
    path = schemas_folder() / "rules.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _gate() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(_schema())


def schema_errors(document: YamlDocument) -> tuple[list[Diagnostic], frozenset[DataPath]]:
    """Return what the schema refuses of a rule file, and the parts of it that this is about.

    A part is a section ("rules",) or a member of it ("rules", 3); () is the whole file.
    """
    if document.data is None:
        empty = Diagnostic("empty-pack", EMPTY, Position(document.source.name, 1, 1))
        return [empty], frozenset({()})
    if _gate().is_valid(document.data):
        return [], frozenset()
    import jsonschema

    validator = jsonschema.Draft202012Validator(_schema())
    found: dict[tuple[Any, ...], Diagnostic] = {}
    parts: set[DataPath] = set()
    for error in validator.iter_errors(document.data):
        if error.absolute_path or error.validator == "type":
            parts.add(tuple(error.absolute_path)[:2])
        for diagnostic in _Refused(document, error).worded():
            found.setdefault((by_place(diagnostic), diagnostic.message), diagnostic)
    if not found:
        message = "the file does not match schemas/rules.schema.json"
        refused = Diagnostic("schema", message, Position(document.source.name))
        return [refused], frozenset({()})
    return [found[key] for key in sorted(found)], frozenset(parts)


class _Refused:
    """One error of `jsonschema`, to be worded."""

    def __init__(self, document: YamlDocument, error: Any) -> None:
        self.document = document
        self.error = error
        self.path: DataPath = tuple(error.absolute_path)
        self.kind: str = error.validator
        self.value: Any = error.instance
        self.limit: Any = error.validator_value
        # What a kind of table must have is asked for in a schema of its own, without the rest.
        whole = "then" in error.absolute_schema_path
        self.schema: Mapping[str, Any] = _schema()["$defs"]["table"] if whole else error.schema
        self.noun: str = self.schema.get("x-noun", "this")
        self.what = f'"{self.path[-1]}"' if self.path and isinstance(self.path[-1], str) else "this"

    def worded(self) -> Iterator[Diagnostic]:
        if "propertyNames" in self.error.absolute_schema_path:
            position = self.document.locate_key((*self.path, self.value))
            yield self.bad_name(f'the name "{self.value}"', position)
        elif self.kind == "additionalProperties":
            yield from self.unknown_keys()
        elif self.kind == "required":
            yield from self.missing_keys()
        elif self.kind == "not":
            table: Any = self.document.data["tables"][self.path[1]]
            noun = "a table of bands" if table["kind"] == "bands" else f"a {table['kind']}"
            message = f'{noun} has no "{self.path[-1]}"'
            yield Diagnostic("unknown-key", message, self.document.locate_key(self.path))
        else:
            yield self.bad_value()

    def at(self, code: str, message: str, hint: str = "") -> Diagnostic:
        return Diagnostic(code, message, self.document.locate(self.path), hint=hint)

    def strange(self) -> list[str]:
        """Return the keys that the schema does not know."""
        known = self.schema.get("properties", {})
        return [key for key in self.value if key not in known]

    def unknown_keys(self) -> Iterator[Diagnostic]:
        known = tuple(self.schema["properties"])
        for number, key in enumerate(self.strange()):
            hint = ""
            if number < MOST_DIAGNOSTICS:
                near = nearest(key, known)
                others = "Known here: " + ", ".join(known) + "."
                hint = f'Did you mean "{near[0]}"?' if near else others
            message = f'{self.noun} has no "{key}"'
            place = self.document.locate_key((*self.path, key))
            yield Diagnostic("unknown-key", message, place, hint=hint)

    def missing_keys(self) -> Iterator[Diagnostic]:
        for key in self.limit:
            if f"'{key}' is a required" in self.error.message and not self.misspelt(key):
                yield self.missing_key(key)

    def misspelt(self, key: str) -> bool:
        """Whether a missing key stands there with a slip; the unknown key is reported then."""
        known = self.schema.get("properties", {})
        return any(key in nearest(given, known) for given in self.strange()[:MOST_DIAGNOSTICS])

    def missing_key(self, key: str) -> Diagnostic:
        schema = self.schema["properties"][key]
        schema = {**_resolved(schema), **schema}
        hint = ""
        if "enum" in schema:
            hint = f'Write "{key}:" with one of {", ".join(map(str, schema["enum"]))}.'
        elif schema.get("examples"):
            example = json.dumps(schema["examples"][0], ensure_ascii=False).strip('"')
            hint = f"For example: {key}: {example}"
        position = self.document.locate(self.path)
        if not self.path:
            position = Position(position.file, max(position.line, 1), 1)
        message = f'{self.which()} has no "{key}"; it needs one'
        return Diagnostic("missing-key", message, position, hint=hint)

    def which(self) -> str:
        """Return what the mapping is called, with its own name where it has one."""
        if self.noun == "a rule":
            identity = self.value.get("id")
            return f'rule "{identity}"' if isinstance(identity, str) else "this rule"
        if self.noun == "an example":
            return "this example"
        if self.noun.startswith("a") and self.what != "this":
            return f"{self.noun.partition(' ')[2]} {self.what}"
        return self.noun

    def bad_name(self, what: str, position: Position) -> Diagnostic:
        name = self.value
        joiner = "-" if "(-" in self.schema.get("pattern", "") else "_"
        joined = "hyphens" if joiner == "-" else "underscores"
        mended = re.sub(r"[^a-z0-9]+", joiner, name.casefold()).strip(joiner)
        mended = re.sub(r"^[^a-z]+", "", mended)[:64]
        hint = f'Write "{mended}".' if mended and mended != name else ""
        if len(name) > 64:
            return Diagnostic("bad-name", f"{what} is longer than 64 characters", position)
        message = f"{what} is not allowed: small letters, digits and {joined}, a letter first"
        return Diagnostic("bad-name", message, position, hint=hint)

    def bad_value(self) -> Diagnostic:
        match self.kind:
            case "type":
                return self.bad_type()
            case "enum":
                return self.bad_choice()
            case "pattern" | "maxLength":
                return self.bad_pattern()
            case "minLength" | "minItems" | "minProperties":
                return self.at("empty-value", f"{self.what} is empty")
            case "uniqueItems":
                return self.at("duplicate-value", f"{self.what} has the same member twice")
            case "minimum" | "maximum":
                return self.at("bad-value", f"{self.what} cannot be {self.value}")
        return self.at("bad-value", f"{self.what}: {self.error.message}")

    def bad_choice(self) -> Diagnostic:
        countries = len(self.limit) > 12
        listed = "a country such as GB, or a part such as CA-ON (ISO 3166)"
        if not countries:
            listed = "one of " + ", ".join(self.limit)
        if self.value is None:
            return self.at("empty-value", f"{self.what} is empty; write {listed}")
        if not isinstance(self.value, str):
            return self.at("bad-type", f"{self.what} is {kind_of(self.value)}; it must be {listed}")
        near = suggestion(self.value, self.limit)
        if not countries:
            return self.at("bad-value", f'{self.what} is "{self.value}"; it must be {listed}', near)
        message = f'"{self.value}" is not a market; write {listed}'
        return self.at("bad-value", message, _country(self.value) or near)

    def bad_pattern(self) -> Diagnostic:
        shown = f'{self.what} "{self.value}"'
        if self.schema.get("pattern", "").startswith("^[a-z]"):
            return self.bad_name(shown, self.document.locate(self.path))
        if not self.value.strip():
            return self.at("empty-value", f"{self.what} is empty")
        if self.path[-1] == "version":
            message = f'{self.what} is "{self.value}"; a version is three numbers'
            return self.at("bad-value", message, "For example: 1.0.0")
        if len(self.path) > 1 and self.path[-2] == "columns":
            kinds = f"{', '.join(_COLUMNS)}, or money with a currency"
            message = f'"{self.value}" is not a type of column: {kinds}'
            return self.at("bad-value", message, suggestion(self.value, [*_COLUMNS, "money USD"]))
        examples = self.schema.get("examples", ())
        such = f", such as {examples[0]}" if examples else ""
        described = self.schema.get("description", "").rstrip(".")
        write = described[:1].lower() + described[1:] + such
        return self.at("bad-value", f'{self.what} is "{self.value}"; write {write}')

    def bad_type(self) -> Diagnostic:
        value, kind = self.value, kind_of(self.value)
        if not self.path:
            message = f"a rule pack is a mapping of keys to values; this is {kind}"
            return self.at("bad-type", message)
        wanted = self.limit if isinstance(self.limit, list) else [self.limit]
        if "string" in wanted:
            from checker.loading.yaml_repairs import broken_value

            broken = broken_value(self.document, self.path)
            if broken is not None:
                return broken
        if value is None:
            return self.at("empty-value", f"{self.what} is empty")
        if self.noun in ("a condition", "text"):
            return self.at("bad-type", f"{self.what} is {kind}; write {self.noun}")
        if "string" in wanted and isinstance(value, bool | int | float):
            return self.not_text(kind)
        *others, last = (_TYPES[name] for name in wanted)
        needed = f"{', '.join(others)} or {last}" if others else last
        return self.at("bad-type", f"{self.what} is {kind}; it must be {needed}", self.type_hint())

    def not_text(self, kind: str) -> Diagnostic:
        written = self.document.scalar(self.path)
        shown = written.value if written is not None else self.value
        message = f"{self.what} is {shown}, which YAML reads as {kind}; it must be text"
        version = self.path[-1] == "version"
        hint = "Write three numbers, such as 1.0.0." if version else f'Put it in quotes: "{shown}".'
        return self.at("bad-type", message, hint)

    def type_hint(self) -> str:
        value, name = self.value, self.path[-1]
        if self.noun == "a param":
            return f"Write {name}: {{default: {json.dumps(value)}, source: ours}}"
        if value == "~":
            return "~ is text here. Nothing is written as null, or left out."
        if self.limit == "array" and isinstance(value, str):
            return f"Write {name}: [{value}]"
        return ""


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    return _schema()["$defs"][reference.rpartition("/")[2]] if reference else schema


def _country(value: str) -> str:
    known = {"UK": "GB", "EN": "GB", "EL": "GR", "USA": "US"}
    right = known.get(value.upper()) or value.upper()
    return f'Did you mean "{right}"?' if right in _schema()["$defs"]["market"]["enum"] else ""


def kind_of(value: Any) -> str:
    """Return what a value of a rule file is, in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "nothing" if value is None else "a mapping"
