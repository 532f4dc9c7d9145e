"""How an influencer's record lies in columns of DuckDB: one typed struct, from the schema.

NULL is what the record does not hold. What stands in a row has passed the schema and the rules
of meaning, so SQL never has to ask whether a value is sound. Plain texts stand in NFC. Labels are
folded here and not in SQL: beside each stands its key, see `label_parts`, and the names of a
distribution over labels are keys. A record that does not fit is judged by the evaluator.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from math import inf, isinf
from typing import Any

from checker.bulk.quote import name_of, text_of
from checker.language.bind import LARGEST, plain_number
from checker.language.text import canonical, label_form
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
from checker.model.values import Range, Unknown

# The age bands that vendors export; a record with another band does not fit.
BANDS = (
    *("13-17", "18-24", "25-34", "35-44", "45-54", "45-64", "45+"),
    *("55-64", "55+", "65+"),
)
# A closed set of keys up to this size is a struct; a longer one lies as two lists.
_MOST_MEMBERS = 8


class DoesNotFitError(ValueError):
    """A record that has no place in the columns: the evaluator judges it."""


def keys_of(type_: DistributionType) -> tuple[str, ...]:
    """Return the members of a distribution that is a struct; none where it is a map."""
    if type_.ages:
        return BANDS
    return type_.keys.choices if len(type_.keys.choices) <= _MOST_MEMBERS else ()


def label_parts(type_: TextType) -> tuple[str, ...]:
    """Return the members of the struct that a label is.

    `w` is the label as it is written and `k` its key. Where a rule may take it as a word of
    another vocabulary, `p` is its canonical form, of which that vocabulary makes its own key.
    """
    return ("w", "k", "p") if type_.vocabulary and type_.lenient else ("w", "k")


def open_ends(type_: NumberType | MoneyType) -> tuple[float, float]:
    """Return the ends that a range takes where its record leaves one open."""
    low, high = float(type_.low), float(type_.high)
    return (low if low > -LARGEST else -inf), (high if high < LARGEST else inf)


class Layout:
    """The columns of one kind of record.

    `ranges` says that fields which may be ranges lie as STRUCT(low, high); without it they are
    DOUBLE, for rows that hold no range: their kernel is simpler and faster. `vocabularies` are
    those in force, as `checker.language.context.Context` has them.
    """

    def __init__(
        self,
        record: RecordType,
        *,
        ranges: bool,
        vocabularies: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.record = record
        self.ranges = ranges
        self.vocabularies = vocabularies or {}

    def is_range(self, type_: Type) -> bool:
        """Tell whether a number of this type lies as a pair of ends."""
        return self.ranges and isinstance(type_, NumberType | MoneyType) and type_.ranged

    def members(self, record: RecordType) -> dict[str, Type]:
        """Return the fields that have a place: all but records without fields."""
        return {
            name: field.type
            for name, field in record.fields.items()
            if not (isinstance(field.type, RecordType) and not self.members(field.type))
        }

    def sql_type(self, type_: Type) -> str:
        """Return the type of a value in SQL, as a file's columns hold it: labels are texts."""
        match type_:
            case NumberType() | MoneyType():
                return "STRUCT(low DOUBLE, high DOUBLE)" if self.is_range(type_) else "DOUBLE"
            case FlagType():
                return "BOOLEAN"
            case DateType():
                return "DATE"
            case TextType():
                return "VARCHAR"
            case ListType():
                return f"{self.sql_type(type_.item)}[]"
            case DistributionType():
                keys = keys_of(type_)
                if not keys:
                    return "MAP(VARCHAR, DOUBLE)"
                return f"STRUCT({', '.join(f'{name_of(key)} DOUBLE' for key in keys)})"
            case RecordType():
                inside = ", ".join(
                    f"{name_of(name)} {self.sql_type(each)}"
                    for name, each in self.members(type_).items()
                )
                return f"STRUCT({inside})"
        raise AssertionError(f"no column for {type(type_).__name__}")

    def json_structure(self, type_: Type | None = None) -> Any:
        """Return the structure that DuckDB's `from_json` takes, as plain JSON."""
        type_ = type_ or self.record
        match type_:
            case RecordType():
                return {n: self.json_structure(each) for n, each in self.members(type_).items()}
            case ListType():
                return [self.json_structure(type_.item)]
            case TextType(kind="label"):
                return dict.fromkeys(label_parts(type_), "VARCHAR")
            case DistributionType() if keys := keys_of(type_):
                return dict.fromkeys(keys, "DOUBLE")
            case DistributionType():
                return {"k": ["VARCHAR"], "v": ["DOUBLE"]}
            case NumberType() | MoneyType() if self.is_range(type_):
                return {"low": "DOUBLE", "high": "DOUBLE"}
        return self.sql_type(type_)

    def from_json(self, text: str) -> str:
        """Return SQL that reads the record from JSON laid out by `row`."""
        import json

        return f"from_json({text}, {text_of(json.dumps(self.json_structure()))})"

    def row(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return a valid record as plain JSON in this layout.

        Raises:
            DoesNotFitError: a range where there is no place for one, an age band that no vendor
                exports, or two names of one label in a distribution.
        """
        made = self._value(data, self.record)
        assert isinstance(made, dict)
        return made

    def _value(self, raw: Any, type_: Type) -> Any:
        match type_:
            case RecordType():
                members = self.members(type_)
                return {n: self._value(each, members[n]) for n, each in raw.items() if n in members}
            case ListType():
                return [self._value(each, type_.item) for each in raw]
            case NumberType() | MoneyType():
                return self._number(raw, type_)
            case DistributionType():
                return self._distribution(raw, type_)
            case TextType(kind="label"):
                return self._label(raw, type_)
            case TextType():
                return unicodedata.normalize("NFC", raw)
        return raw

    def _number(self, raw: Any, type_: NumberType | MoneyType) -> Any:
        value = plain_number(raw, *open_ends(type_))
        if isinstance(value, Unknown) or (isinstance(value, Range) and not self.is_range(type_)):
            raise DoesNotFitError("a range")
        if not self.is_range(type_):
            return value
        low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
        return {"low": _json_number(low), "high": _json_number(high)}

    def _distribution(self, raw: Mapping[str, Any], type_: DistributionType) -> dict[str, Any]:
        keys = keys_of(type_)
        if keys and not raw.keys() <= set(keys):
            raise DoesNotFitError("an age band that no vendor exports")
        found = {key: plain_number(part, 0.0, 1.0) for key, part in raw.items()}
        if keys:
            return found
        names = list(found)
        if type_.keys.kind == "label":
            names = [self.key(name, type_.keys) for name in names]
        if len(set(names)) < len(names):
            raise DoesNotFitError("two names of one label")
        return {"k": names, "v": list(found.values())}

    def words(self, type_: TextType) -> Mapping[str, str]:
        """Return the vocabulary of a label: the key of each canonical word."""
        return self.vocabularies.get(type_.vocabulary, {})

    def key(self, text: str, type_: TextType) -> str:
        """Return the key of a label, as a `Label` has it."""
        return label_key(text, type_.vocabulary, self.words(type_))

    def _label(self, raw: str, type_: TextType) -> dict[str, str]:
        parts = {"w": raw, "k": self.key(raw, type_), "p": canonical(raw)}
        return {name: parts[name] for name in label_parts(type_)}


def label_key(text: str, vocabulary: str, words: Mapping[str, str]) -> str:
    """Return the key of a label by its vocabulary, and by the words of that."""
    plain = label_form(text, vocabulary)
    return words.get(plain, plain)


def _json_number(value: float) -> Any:
    return f"{value}" if isinf(value) else value
