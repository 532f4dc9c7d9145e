"""The schemas of records: as JSON Schema for validation, and as types for the rule checker.

Every field refers to one of the `$defs` of `types.schema.json`. For validation those are put
into each schema, so that a schema is one self-contained object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from math import inf
from typing import Any, Literal

from checker.loading.data_files import schemas_folder
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
    Unit,
)

Kind = Literal["brand", "brief", "influencer", "deal", "post"]
Schema = dict[str, Any]
Extra = Mapping[str, Mapping[str, Any]]

KINDS: tuple[Kind, ...] = ("brand", "brief", "influencer", "deal", "post")
_REFERENCE = "types.schema.json#/$defs/"
_LOCAL = "#/$defs/"
_UNITS: Mapping[str, Unit] = {
    "share": "share",
    "count": "count",
    "age": "count",
    "number": "number",
}
_SIMPLE: Mapping[str, Type] = {"date": DateType(), "flag": FlagType(), "text": TextType("plain")}


@cache
def read_schema(name: str) -> Schema:
    """Return a schema file's content; `name` is "types", "config" or a kind of record."""
    path = schemas_folder() / f"{name}.schema.json"
    schema: Schema = json.loads(path.read_bytes())
    return schema


@cache
def definitions() -> Schema:
    """Return the `$defs` that all records share; each also carries its name as "x-type"."""
    shared: Schema = read_schema("types")["$defs"]
    for name, schema in shared.items():
        schema["x-type"] = name
    return shared


def record_schema(kind: str, *, extra: Extra | None = None, partial: bool = False) -> Schema:
    """Return the whole schema of a kind of record.

    `extra` is the configuration's: fields by kind and name. `partial` leaves out every
    `required`, for the examples of rules.
    """
    schema = dict(read_schema(kind))
    fields = (extra or {}).get(kind)
    if fields:
        members = dict(schema["properties"])
        members["extra"] = {**members["extra"], "properties": _extra_schemas(fields)}
        schema["properties"] = members
    local: Schema = _rewritten(schema, partial=partial)
    local["$defs"] = definitions()
    return local


def _rewritten(node: Any, *, partial: bool) -> Any:
    """Copy a schema with its references made local."""
    if isinstance(node, dict):
        copied = {}
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                copied[key] = value.replace(_REFERENCE, _LOCAL)
            elif key in ("enum", "examples") or (partial and key == "required"):
                if key == "enum":
                    copied[key] = value
            else:
                copied[key] = _rewritten(value, partial=partial)
        return copied
    if isinstance(node, list):
        return [_rewritten(item, partial=partial) for item in node]
    return node


def _extra_schemas(fields: Mapping[str, Any]) -> Schema:
    """Turn the configuration's fields, {"rating": {"type": "share"}}, into schemas."""
    schemas: Schema = {}
    for name, field in fields.items():
        notes = {
            "title": field.get("title", name.replace("_", " ")),
            "description": field.get("description", ""),
            "x-ask": field.get("ask", ""),
            "x-changeable": field.get("changeable", False),
            "x-currency": field.get("currency", ""),
        }
        value: Schema = {"$ref": _LOCAL + field["type"]}
        if field["type"] == "code":
            value = {"type": "string", "enum": list(field.get("values", ()))}
        if field.get("list"):
            schemas[name] = {"type": "array", "items": value, **notes}
        else:
            schemas[name] = {**value, **notes}
    return schemas


def record_types(extra: Extra | None = None) -> Mapping[str, RecordType]:
    """Return the types of brand, brief, influencer, deal and post.

    A brief's brand, shortlist and posts are records of their own and no fields here; a deal
    has the field `influencer`.
    """
    types: dict[str, RecordType] = {}
    for kind in KINDS:
        fields = dict(_fields(read_schema(kind), kind))
        added = (extra or {}).get(kind)
        if added:
            part: Schema = {"properties": _extra_schemas(added)}
            named = RecordType(f"{kind}.extra", dict(_fields(part, f"{kind}.extra")))
            fields["extra"] = Field(named, title="extra fields")
        if kind == "deal":
            influencer = Field(types["influencer"], title="influencer", required=True)
            fields = {"influencer": influencer, **fields}
        types[kind] = RecordType(kind, fields)
    return types


def _fields(schema: Schema, name: str) -> Iterator[tuple[str, Field]]:
    required = schema.get("required", ())
    for key, member in schema.get("properties", {}).items():
        # Parts that are records of their own, the editors' "$schema", and "extra" as a whole.
        if "x-part" in member or key in ("$schema", "extra"):
            continue
        money = member.get("x-currency", "")
        yield (
            key,
            Field(
                _type(member, f"{name}.{key}"),
                title=member.get("title", ""),
                description=member.get("description", ""),
                ask=member.get("x-ask", ""),
                required=key in required,
                changeable=member.get("x-changeable", False),
                currency=tuple(money.split(".")) if money else (),
            ),
        )


def _type(schema: Schema, name: str) -> Type:
    reference = schema.get("$ref", "")
    if reference:
        return _defined(reference.rpartition("/")[2])
    if "enum" in schema:
        return TextType("code", choices=tuple(schema["enum"]))
    if schema["type"] == "array":
        return ListType(_type(schema["items"], name))
    if "properties" in schema:
        return RecordType(name, dict(_fields(schema, name)))
    # An open record whose members all have one type: exchange rates by currency.
    member = Field(
        _type(schema["additionalProperties"], name),
        title=schema["additionalProperties"].get("title", ""),
        ask=schema.get("x-ask", ""),
    )
    keys = definitions()[schema["propertyNames"]["$ref"].rpartition("/")[2]]
    return RecordType(name, dict.fromkeys(keys["enum"], member))


@cache
def _defined(name: str) -> Type:
    """Return the type of one of the shared definitions."""
    schema = definitions()[name]
    if name == "ages":
        return RecordType("ages", dict(_fields(schema, "ages")))
    plain = name.removeprefix("ranged_")
    low, high = schema.get("minimum", -inf), schema.get("maximum", inf)
    ranged = plain != name
    if plain in _SIMPLE:
        return _SIMPLE[plain]
    if plain in _UNITS:
        return NumberType(_UNITS[plain], low, high, ranged)
    if plain == "money":
        return MoneyType(low, high, ranged)
    if plain == "age_distribution":
        lowest, to = schema["x-lowest-age"], schema["x-lowest-band-to"]
        return DistributionType(TextType("code"), ages=True, lowest_age=lowest, lowest_to=to)
    if plain.endswith("_distribution"):
        keys = _defined(schema["propertyNames"]["$ref"].rpartition("/")[2])
        assert isinstance(keys, TextType)
        return DistributionType(keys)
    if "enum" in schema:
        return TextType("code", choices=tuple(schema["enum"]))
    vocabulary, lenient = schema.get("x-vocabulary", ""), schema.get("x-lenient", False)
    return TextType("label", vocabulary=vocabulary, lenient=lenient)
