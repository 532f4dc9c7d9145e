"""A missing field never passes: every field of every record, whatever turns it round."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checker.loading.validation import SHIPPED
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from tests.conformance.engines import ENGINES, Case, Engine

GIVEN = {"params": {"young": {"min": 18, "max": 34}, "teen": {"max": 17}}}


def fields(type_: RecordType, path: str) -> Iterator[tuple[str, Type]]:
    """Give every path of a record that is no record itself, and its type."""
    for name, field in type_.fields.items():
        if isinstance(field.type, RecordType) and field.type.name != "ages":
            yield from fields(field.type, f"{path}.{name}")
        else:
            yield f"{path}.{name}", field.type


def comparisons(path: str, type_: Type) -> Iterator[str]:
    """Give conditions on a path, of every kind that its type allows."""
    match type_:
        case NumberType():
            yield from (f"{path} {sign} 0" for sign in ("<", "<=", ">", ">=", "==", "!="))
            yield from (f"{path} / 2 != 3", f"abs({path}) >= 0", f"0 <= {path} <= 1e15")
            yield from (f"{path} in [1]", f"{path} not in [1]", f"max({path}, 1) >= 0")
            yield from (f"{path} - {path} == 0", f"{path} * 0 == 0", f"sum([{path} - 1]) < 0")
        case MoneyType():
            yield from (f"{path} >= 0", f"{path} != 0", f"{path} * 0 == 0", f"-{path} <= 0")
        case FlagType():
            yield from (path, f"{path} == true", f"{path} != true", f"{path} == {path}")
        case DateType():
            yield from (f"{path} {sign} today" for sign in ("<", "<=", ">", ">=", "==", "!="))
            yield f"days_between({path}, today) != 1"
        case TextType(kind="code", choices=choices):
            word = choices[0]
            yield from (f"{path} == '{word}'", f"{path} != '{word}'")
            yield from (f"{path} in ['{word}']", f"{path} not in ['{word}']")
        case TextType():
            yield from (f"{path} == 'a'", f"{path} != 'a'", f"{path} not in ['a']")
        case DistributionType(ages=True):
            yield from (f"share_aged({path}, params.{span}) >= 0" for span in ("young", "teen"))
            yield f"share_aged({path}, params.teen) <= 1"
        case DistributionType(keys=keys):
            word = keys.choices[0] if keys.choices else "a"
            yield from (f"{path}['{word}'] >= 0", f"{path}['{word}'] <= 1")
            yield f"share({path}, ['{word}']) != 0.5"
        case ListType(item=item):
            yield from (f"count({path}) == 0", f"count({path}) >= 0", f"count({path}) != 1")
            yield from (f"any(true for x in {path})", f"all(true for x in {path})")
            yield from (f"all(false for x in {path})", f"not any(true for x in {path})")
            if isinstance(item, TextType):
                word = item.choices[0] if item.choices else "a"
                yield from (f"'{word}' in {path}", f"'{word}' not in {path}")
                yield f"count(overlap({path}, ['{word}'])) == 0"
                yield f"count(overlap(['{word}'], {path})) == 0"
                yield f"count(duplicates({path})) == 0"


FIELDS = [
    (scope, path, type_)
    for kind, scope in (
        ("brief", "brief"),
        ("brand", "brief"),
        ("influencer", "influencer"),
        ("deal", "influencer"),
        ("post", "post"),
    )
    for path, type_ in fields(SHIPPED.types[kind], kind)
    if not path.startswith(("deal.influencer", "brief.exchange_rates"))
]


def run(engine: Engine, expression: str, scope: str) -> object:
    """Return the value of an expression on empty records."""
    return engine.value(Case(expression, expression, False, {**EMPTY, **GIVEN}, {}, scope))


EMPTY: dict[str, dict[str, object]] = {"tables": {}, "definitions": {}}


@pytest.mark.parametrize(("scope", "path", "type_"), FIELDS, ids=[path for _, path, _ in FIELDS])
def test_a_missing_field_never_passes(scope: str, path: str, type_: Type) -> None:
    plain = ENGINES[0]
    for number, condition in enumerate(comparisons(path, type_)):
        assert run(plain, condition, scope) == "unknown", condition
        if number > 3:
            continue
        for turned in (
            f"not ({condition})",
            f"not not ({condition})",
            f"any([{condition}])",
            f"all([{condition}])",
            f"not any([{condition}, false])",
            f"not all([{condition}, true])",
            f"any([n > 0 for n in [1] if {condition}])",
            f"not all([n > 1 for n in [1] if {condition}])",
            f"({condition}) or not ({condition})",
            f"true if ({condition}) else false",
            f"({condition}) == true",
            f"({condition}) != true",
        ):
            assert run(plain, turned, scope) == "unknown", turned


COMPARED = [
    field for field in FIELDS if not isinstance(field[2], DistributionType | RecordType | ListType)
]


@pytest.mark.parametrize(
    ("scope", "path", "type_"), COMPARED, ids=[path for _, path, _ in COMPARED]
)
def test_a_default_that_is_missing_never_passes(scope: str, path: str, type_: Type) -> None:
    for condition in comparisons(f"default({path}, {path})", type_):
        for engine in ENGINES:
            assert run(engine, condition, scope) == "unknown", condition
