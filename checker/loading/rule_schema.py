"""Rule packs against their JSON Schema, worded for people who write rules.

The gate is the Rust validator, which only says yes or no; the Python one, slow to import, lists
the errors of a file that was refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from checker.language.suggest import nearest, suggestion
from checker.loading.data_files import schemas_folder
from checker.loading.yaml_text import YamlDocument
from checker.model.diagnostics import MOST_DIAGNOSTICS, Diagnostic, Position
from checker.model.records import DataPath

EMPTY = "the file is empty; a rule pack starts with pack, version and title"

# What the mapping at a path is called, by the path with names and indexes as "*".
_NOUNS = {
    "": "a rule pack",
    "rules/*": "a rule",
    "rules/*/params/*": "a param",
    "rules/*/params/*/default": "a default in parts",
    "rules/*/applies": '"applies"',
    "rules/*/deprecated": '"deprecated"',
    "rules/*/examples": '"examples"',
    "rules/*/lint": '"lint"',
    "lint": '"lint"',
    "rules/*/examples/*/*": "an example",
    "rules/*/equivalents/*": "an equivalent",
    "sources/*": "a source",
    "tables/*": "a table",
    "facts/*": "a fact",
    "applies": '"applies"',
}
_CONDITIONS = frozenset(
    {"rules/*/when", "rules/*/require", "rules/*/let/*", "definitions/*", "facts/*/value"}
)
_TEMPLATES = frozenset({"rules/*/pass", "rules/*/fail"})
# Keys under these are names that the author chose.
_NAMED = frozenset(
    {"params", "let", "sources", "tables", "definitions", "words", "examples", "off"}
)
_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of keys to values",
    "null": "nothing",
}


@cache
def _schema() -> dict[str, Any]:
    path = schemas_folder() / "rules.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _gate() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(_schema())


class SchemaErrors:
    """What the schema refused: the diagnostics, and the parts of the file that they are about.

    A part is a section ("rules",) or a member of it ("rules", 3); () is the whole file.
    """

    def __init__(self, diagnostics: list[Diagnostic], parts: frozenset[DataPath]) -> None:
        self.diagnostics = diagnostics
        self.parts = parts


def schema_errors(document: YamlDocument) -> SchemaErrors | None:
    """Return everything in which a rule file does not match its schema; None if it matches."""
    if document.data is None:
        empty = Diagnostic("empty-pack", EMPTY, Position(document.source.name, 1, 1))
        return SchemaErrors([empty], frozenset({()}))
    if _gate().is_valid(document.data):
        return None
    import jsonschema

    validator = jsonschema.Draft202012Validator(_schema())
    found: dict[tuple[Any, ...], Diagnostic] = {}
    parts: set[DataPath] = set()
    for error in validator.iter_errors(document.data):
        if error.absolute_path or error.validator == "type":
            parts.add(tuple(error.absolute_path)[:2])
        for diagnostic in _worded(document, error):
            place = diagnostic.position
            found.setdefault((place.line, place.column, diagnostic.message), diagnostic)
    if not found:
        message = "the file does not match schemas/rules.schema.json"
        refused = Diagnostic("schema", message, Position(document.source.name))
        return SchemaErrors([refused], frozenset({()}))
    return SchemaErrors([found[key] for key in sorted(found)], frozenset(parts))


def _worded(document: YamlDocument, error: Any) -> Iterator[Diagnostic]:
    path: DataPath = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield _bad_name(document, path, error)
    elif error.validator == "additionalProperties":
        known = tuple(error.schema["properties"])
        strange = [key for key in error.instance if key not in known]
        for number, key in enumerate(strange):
            near = known if number < MOST_DIAGNOSTICS else ()
            yield _unknown_key(document, path, key, near)
    elif error.validator == "required":
        for key in error.validator_value:
            if f"'{key}' is a required" in error.message and not _misspelt(key, error):
                yield _missing_key(document, path, key)
    elif error.validator == "not":
        kind = _at(document.data, (*path[:-1], "kind"))
        noun = f"a {kind}" if kind != "bands" else "a table of bands"
        message = f'{noun} has no "{path[-1]}"'
        yield Diagnostic("unknown-key", message, document.locate_key(path))
    else:
        yield _bad_value(document, path, error)


def _misspelt(key: str, error: Any) -> bool:
    """Whether a missing key stands there with a slip; the unknown key is reported then."""
    known = error.schema.get("properties", {})
    strange = [given for given in error.instance if given not in known]
    return any(key in nearest(given, known) for given in strange[:MOST_DIAGNOSTICS])


def _pattern_of(path: DataPath) -> str:
    """Return a path with list indexes and the author's own names as "*"."""
    steps: list[str] = []
    for number, step in enumerate(path):
        own = number > 0 and path[number - 1] in _NAMED
        steps.append("*" if isinstance(step, int) or own else step)
    return "/".join(steps)


def _noun(document: YamlDocument, path: DataPath) -> str:
    noun = _NOUNS.get(_pattern_of(path), "this")
    if noun == "a rule":
        identity = _at(document.data, (*path, "id"))
        return f'rule "{identity}"' if isinstance(identity, str) else "this rule"
    if noun == "an example":
        return "this example"
    if noun.startswith("a") and path and isinstance(path[-1], str):
        return f'{noun.partition(" ")[2]} "{path[-1]}"'
    return noun


def _unknown_key(
    document: YamlDocument, path: DataPath, key: str, known: tuple[str, ...]
) -> Diagnostic:
    noun = _NOUNS.get(_pattern_of(path), "this")
    near = nearest(key, known)
    hint = f'Did you mean "{near[0]}"?' if near else ""
    if known and not near:
        hint = "Known here: " + ", ".join(known) + "."
    message = f'{noun} has no "{key}"'
    return Diagnostic("unknown-key", message, document.locate_key((*path, key)), hint=hint)


def _missing_key(document: YamlDocument, path: DataPath, key: str) -> Diagnostic:
    message = f'{_noun(document, path)} has no "{key}"; it needs one'
    schema = _subschema(path, key)
    hint = ""
    if "enum" in schema:
        hint = f'Write "{key}:" with one of {", ".join(map(str, schema["enum"]))}.'
    elif schema.get("examples"):
        example = json.dumps(schema["examples"][0], ensure_ascii=False).strip('"')
        hint = f"For example: {key}: {example}"
    position = document.locate(path)
    if not path:
        position = Position(document.source.name, max(position.line, 1), 1)
    return Diagnostic("missing-key", message, position, hint=hint)


def _subschema(path: DataPath, key: str) -> dict[str, Any]:
    """Return the schema of a key of the mapping at `path`; {} where it is not found."""
    schema: Any = _schema()
    for step in (*path, key):
        schema = _resolved(schema)
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
        if not isinstance(schema, dict):
            return {}
    return {**_resolved(schema), **schema}


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    return _schema()["$defs"][reference.rpartition("/")[2]] if reference else schema


def _bad_name(document: YamlDocument, path: DataPath, error: Any) -> Diagnostic:
    name = error.instance
    position = document.locate_key((*path, name))
    return _name_diagnostic(f'the name "{name}"', name, error.schema, position)


def _name_diagnostic(what: str, name: str, schema: Any, position: Position) -> Diagnostic:
    joiner = "-" if "(-" in schema.get("pattern", "") else "_"
    joined = "hyphens" if joiner == "-" else "underscores"
    rule = f"small letters, digits and {joined}, a letter first"
    mended = re.sub(r"[^a-z0-9]+", joiner, name.casefold()).strip(joiner)
    mended = re.sub(r"^[^a-z]+", "", mended)[:64]
    hint = f'Write "{mended}".' if mended and mended != name else ""
    if len(name) > 64:
        return Diagnostic("bad-name", f"{what} is longer than 64 characters", position)
    return Diagnostic("bad-name", f"{what} is not allowed: {rule}", position, hint=hint)


def _bad_value(document: YamlDocument, path: DataPath, error: Any) -> Diagnostic:
    position = document.locate(path)
    what = f'"{path[-1]}"' if path and isinstance(path[-1], str) else "this"
    kind, value, limit = error.validator, error.instance, error.validator_value
    if kind == "type":
        return _bad_type(document, path, error)
    if kind == "enum":
        return _bad_choice(what, value, limit, position)
    if kind in ("pattern", "maxLength"):
        return _bad_pattern(what, path, error, position)
    if kind in ("minLength", "minItems", "minProperties"):
        return Diagnostic("empty-value", f"{what} is empty", position)
    if kind == "uniqueItems":
        return Diagnostic("duplicate-value", f"{what} has the same member twice", position)
    if kind in ("minimum", "maximum"):
        return Diagnostic("bad-value", f"{what} cannot be {value}", position)
    return Diagnostic("bad-value", f"{what}: {error.message}", position)


def _bad_choice(what: str, value: Any, choices: list[str], position: Position) -> Diagnostic:
    countries = len(choices) > 12
    listed = "a country such as GB, or a part such as CA-ON (ISO 3166)"
    if not countries:
        listed = "one of " + ", ".join(choices)
    if value is None:
        return Diagnostic("empty-value", f"{what} is empty; write {listed}", position)
    if not isinstance(value, str):
        return Diagnostic("bad-type", f"{what} is {_kind(value)}; it must be {listed}", position)
    near = suggestion(value, choices)
    message = f'{what} is "{value}"; it must be {listed}'
    if countries:
        near = _country(value) or near
        message = f'"{value}" is not a market; write {listed}'
    return Diagnostic("bad-value", message, position, hint=near)


def _country(value: Any) -> str:
    known = {"UK": "GB", "EN": "GB", "EL": "GR", "USA": "US"}
    right = known.get(str(value).upper()) or str(value).upper()
    countries = _schema()["$defs"]["market"]["enum"]
    return f'Did you mean "{right}"?' if right in countries else ""


def _bad_pattern(what: str, path: DataPath, error: Any, position: Position) -> Diagnostic:
    value, examples = error.instance, error.schema.get("examples", ())
    if error.schema.get("pattern", "").startswith("^[a-z]"):
        return _name_diagnostic(f'{what} "{value}"', value, error.schema, position)
    if not value.strip():
        return Diagnostic("empty-value", f"{what} is empty", position)
    if path[-1] == "version":
        message = f'{what} is "{value}"; a version is three numbers'
        return Diagnostic("bad-value", message, position, hint="For example: 1.0.0")
    if len(path) > 1 and path[-2] == "columns":
        kinds = ["number", "share", "count", "flag", "label", "code", "text", "date", "ages"]
        message = f'"{value}" is not a type of column: {", ".join(kinds)}, or money with a currency'
        near = suggestion(value, [*kinds, "money USD"])
        return Diagnostic("bad-value", message, position, hint=near)
    such = f", such as {examples[0]}" if examples else ""
    described = error.schema.get("description", "").rstrip(".")
    return Diagnostic(
        "bad-value", f'{what} is "{value}"; write {_lower(described)}{such}', position
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _bad_type(document: YamlDocument, path: DataPath, error: Any) -> Diagnostic:
    value, pattern = error.instance, _pattern_of(path)
    if not path:
        message = f"a rule pack is a mapping of keys to values; this is {_kind(value)}"
        return Diagnostic("bad-type", message, document.locate(()))
    wanted = error.validator_value
    textual = "string" in (wanted if isinstance(wanted, list) else [wanted])
    if textual:
        from checker.loading.yaml_repairs import broken_value

        broken = broken_value(document, path)
        if broken is not None:
            return broken
    what = f'"{path[-1]}"' if isinstance(path[-1], str) else "this"
    position = document.locate(path)
    if value is None:
        return Diagnostic("empty-value", f"{what} is empty", position)
    if pattern in _CONDITIONS:
        return Diagnostic("bad-type", f"{what} is {_kind(value)}; write a condition", position)
    if pattern in _TEMPLATES:
        return Diagnostic("bad-type", f"{what} is {_kind(value)}; write text", position)
    if textual and isinstance(value, bool | int | float):
        written = document.scalar(path)
        shown = written.value if written is not None else value
        hint = f'Put it in quotes: "{shown}".'
        if path[-1] == "version":
            hint = "Write three numbers, such as 1.0.0."
        message = f"{what} is {shown}, which YAML reads as {_kind(value)}; it must be text"
        return Diagnostic("bad-type", message, position, hint=hint)
    message = f"{what} is {_kind(value)}; it must be {_wanted(wanted)}"
    hint = ""
    if value == "~":
        hint = "~ is text here. Nothing is written as null, or left out."
    elif wanted == "array" and isinstance(value, str):
        hint = f"Write {path[-1]}: [{value}]"
    if pattern == "rules/*/params/*":
        hint = f"Write {path[-1]}: {{default: {json.dumps(value)}, source: ours}}"
    return Diagnostic("bad-type", message, position, hint=hint)


def _wanted(wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    words = [_TYPES[name] for name in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "nothing" if value is None else "a mapping"


def _at(data: Any, path: DataPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
