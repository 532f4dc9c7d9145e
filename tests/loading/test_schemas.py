"""The schemas keep to the rules that the rest of the project relies on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from checker.loading.data_files import schemas_folder
from checker.loading.schemas import KINDS, definitions, read_schema, record_types
from checker.loading.validation import SHIPPED, RecordSchemas
from checker.model.types import (
    DistributionType,
    Field,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)

NAMES = ("types", "config", *KINDS)


def nodes(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            if key not in ("examples", "enum"):
                yield from nodes(value, (*path, key))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_plain(name: str) -> None:
    schema = json.loads((schemas_folder() / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for path, node in nodes(schema):
        assert not {"oneOf", "anyOf", "allOf", "not", "if"} & node.keys(), path
        reference = node.get("$ref", "#/$defs/")
        local = name in ("types", "config")
        assert reference.startswith("#/$defs/" if local else ("types.schema.json", "#")), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_says_what_it_is(kind: str) -> None:
    for path, node in nodes(read_schema(kind)):
        if len(path) >= 2 and path[-2] == "properties":
            assert node["title"] and node["description"], path
    for path, node in nodes(read_schema(kind)):
        if node.get("type") == "object" and path and path[-1] != "extra":
            assert "additionalProperties" in node, path


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_right(kind: str) -> None:
    gate = SHIPPED.gate(kind)
    examples = read_schema(kind)["examples"]
    assert all(gate.is_valid(example) for example in examples)
    for path, node in nodes(read_schema(kind)):
        if path and "examples" in node and "x-part" not in node:
            schema = {**SHIPPED.schema(kind), "required": []}
            member: Any = schema
            for step in path:
                member = member[step]
            alone = {**member, "$defs": definitions()}
            for example in node["examples"]:
                assert Draft202012Validator(alone).is_valid(example), (path, example)


@pytest.mark.parametrize("name", list(definitions()))
def test_examples_of_types_are_right(name: str) -> None:
    schema = {"$ref": f"#/$defs/{name}", "$defs": definitions()}
    for example in definitions()[name].get("examples", ()):
        assert Draft202012Validator(schema).is_valid(example)


def test_code_lists_are_whole() -> None:
    shared = definitions()
    assert len(set(shared["country_code"]["enum"])) == 249
    assert {"GB", "IE", "US", "AX", "ZW"} <= set(shared["country_code"]["enum"])
    assert "UK" not in shared["country_code"]["enum"]
    assert {"GBP", "EUR", "USD", "KWD", "AUD", "SAR"} <= set(shared["currency_code"]["enum"])
    assert {"en", "ar", "cy"} <= set(shared["language_code"]["enum"])


def test_there_is_a_fee_for_each_format() -> None:
    rates = record_types()["influencer"].fields["rates"].type
    assert isinstance(rates, RecordType)
    fees = rates.fields["fees"].type
    assert isinstance(fees, RecordType)
    assert list(fees.fields) == definitions()["format"]["enum"]
    assert {type(field.type) for field in fees.fields.values()} == {MoneyType}
    assert {field.currency for field in fees.fields.values()} == {("rates", "currency")}


def field_at(kind: str, *path: str) -> Field:
    record: Type = record_types()[kind]
    for step in path:
        assert isinstance(record, RecordType)
        field = record.fields[step]
        record = field.type
    return field


def test_types_carry_bounds_and_kinds() -> None:
    assert field_at("influencer", "followers").type == NumberType("count", 0, 1e15, True)
    assert field_at("influencer", "followers").required
    assert field_at("brief", "target", "minimum_share", "age").type == NumberType("share", 0, 1)
    assert field_at("influencer", "topics").type == ListType(TextType("label", (), "topics"))
    assert field_at("influencer", "handle").type == TextType("plain")
    ages = field_at("influencer", "audience", "age")
    bands = DistributionType(TextType("code"), ages=True, lowest_age=13, lowest_to=17)
    assert ages.type == bands
    assert ages.ask == "a screenshot of the audience ages"
    assert field_at("deal", "fee").currency == ("currency",)
    assert field_at("deal", "fee").changeable
    assert field_at("brief", "budget", "total").currency == ("budget", "currency")
    target_age = field_at("brief", "target", "age").type
    assert isinstance(target_age, RecordType)
    assert target_age.name == "ages"
    audience = field_at("influencer", "audience").type
    assert isinstance(audience, RecordType)
    assert audience.name == "influencer.audience"
    rates = field_at("brief", "exchange_rates").type
    assert isinstance(rates, RecordType)
    assert rates.fields["USD"].type == NumberType("number", -1e15, 1e15)


def test_parts_of_a_brief_are_no_fields() -> None:
    types = record_types()
    assert not {"brand", "shortlist", "posts", "$schema", "extra"} & types["brief"].fields.keys()
    assert types["deal"].fields["influencer"].type is types["influencer"]


EXTRA = {
    "influencer": {
        "agency_rating": {"type": "share", "title": "agency rating", "ask": "the rating"},
        "tags": {"type": "label", "list": True},
    }
}


def test_extra_fields_are_typed_and_checked() -> None:
    schemas = RecordSchemas(EXTRA)
    extra = schemas.types["influencer"].fields["extra"].type
    assert isinstance(extra, RecordType)
    assert extra.fields["agency_rating"] == Field(
        NumberType("share", 0, 1), title="agency rating", ask="the rating"
    )
    assert extra.fields["tags"].type == ListType(TextType("label"))
    record = {"id": "a", "handle": "a", "platform": "x", "followers": 1}
    gate = schemas.gate("influencer")
    assert gate.is_valid({**record, "extra": {"agency_rating": 0.5, "tags": ["a"], "other": 1}})
    assert not gate.is_valid({**record, "extra": {"agency_rating": 5}})


def written(kind: Type, draw: st.DrawFn) -> Any:
    """Draw something that is like a value of a type, and often is not one."""
    odd = st.sampled_from([0, -1, 1.5, 45, 1e16, True, "", "32%", "UK", [], {}, {"min": 1}, "-"])
    if draw(st.integers(0, 6)) == 0:
        return draw(odd)
    if isinstance(kind, RecordType):
        names = st.sampled_from([*kind.fields, "oddity"])
        chosen = draw(st.lists(names, max_size=4, unique=True))
        return {
            name: written(kind.fields[name].type, draw) if name in kind.fields else 1
            for name in chosen
        }
    if isinstance(kind, ListType):
        return [written(kind.item, draw) for _ in range(draw(st.integers(0, 2)))]
    if isinstance(kind, DistributionType):
        keys = st.sampled_from(["18-24", "65+", "GB", "en", "female", "beauty", "65-"])
        return draw(st.dictionaries(keys, st.sampled_from([0, 0.5, "5%", 5, "101%"]), max_size=3))
    if isinstance(kind, TextType):
        return draw(st.sampled_from([*kind.choices[:3], "some words", "2026-02-28"]))
    return draw(st.sampled_from([0, 0.5, 12, "5%", True, "2026-02-29", "2024-02-29", {"max": 1}]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_and_jsonschema_agree(kind: str) -> None:
    reference = Draft202012Validator(
        SHIPPED.schema(kind, partial=True), format_checker=FormatChecker(formats=("date",))
    )
    gate = SHIPPED.gate(kind, partial=True)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.composite(lambda draw: written(SHIPPED.types[kind], draw))())
    def agree(data: Any) -> None:
        assert gate.is_valid(data) == reference.is_valid(data)

    agree()
