"""Params of rules: their types, and their values for a brief."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.language.bind import Binders, plain_number
from checker.language.operators.scalars import Number
from checker.model.rules import Rule
from checker.model.types import (
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Unknown, Value


def param_fields(rule: Rule, ages: RecordType) -> Mapping[str, Field]:
    """Return the fields of a rule's `params`, typed by their values in force."""
    return {
        name: Field(
            _type_of(param.value, ages), name.replace("_", " "), currency=_currency(param.value)
        )
        for name, param in rule.params.items()
    }


def _currency(value: Any) -> tuple[str, ...]:
    """Return the currency code of an amount itself: a param has no field for it."""
    return (str(value["currency"]),) if isinstance(value, dict) and "currency" in value else ()


def _type_of(value: Any, ages: RecordType) -> Type:
    if isinstance(value, bool):
        return FlagType()
    if isinstance(value, int | float):
        return NumberType("number", float(value), float(value))
    if isinstance(value, str):
        return TextType("literal", (value,))
    if isinstance(value, list):
        return ListType(_type_of_members(value, ages))
    return MoneyType(0.0) if "amount" in value else ages


def _type_of_members(values: list[Any], ages: RecordType) -> Type:
    if all(isinstance(each, str) for each in values):
        return TextType("literal", tuple(values))
    numbers = [float(each) for each in values]
    return NumberType("number", min(numbers), max(numbers))


def same_type(default: Any, value: Any) -> bool:
    """Tell whether a param's new value is of the kind that its default is."""
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, dict) and isinstance(value, dict):
        return ("amount" in default) == ("amount" in value)
    kinds: tuple[tuple[type, ...], ...] = ((int, float), (str,), (list,))
    return any(isinstance(default, kind) and isinstance(value, kind) for kind in kinds)


def param_values(rule: Rule, types: RecordType, binders: Binders) -> Mapping[str, Value]:
    """Return the values of a rule's params; amounts are converted into the brief's currency."""
    return {
        name: _value(param.value, types.fields[name].type, binders)
        for name, param in rule.params.items()
    }


def _value(raw: Any, type_: Type, binders: Binders) -> Value:
    if isinstance(type_, MoneyType):
        amount: Number | Unknown = plain_number(raw["amount"], 0.0, 0.0)
        return (
            UNKNOWN
            if isinstance(amount, Unknown)
            else binders.context.money(amount, raw["currency"])
        )
    return binders.value(raw, type_)
