"""What a record may hold, as its JSON Schema says, in the form that columns are checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.loading.json_text import MAX_NUMBER

Schema = Mapping[str, Any]

# As many as a list or a text may hold where its schema does not say.
_ANY = 1 << 40
# The pattern of a date, and the years that it allows.
_DAY = "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"
YEARS = (1000, 2999)
# Words of a schema that say nothing of what is valid.
_NOTES = frozenset(("$ref", "title", "description", "examples", "$schema", "$defs", "format"))


@dataclass(frozen=True)
class Number:
    """A number within bounds: whole, with its sign of percent, or a range, where it may be."""

    low: float
    high: float
    whole: bool = False
    percent: str = ""
    ranged: bool = False


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Day:
    """A date, of the years from 1000 to 2999."""


@dataclass(frozen=True)
class Words:
    """A text: one of `choices`, where there are some; else of a longest length and a pattern.

    `few` says that many records share a text, so that each different one is looked at once.
    """

    choices: tuple[str, ...] = ()
    longest: int = _ANY
    pattern: str = ""
    few: bool = False


@dataclass(frozen=True)
class Shares:
    """A distribution; of `ages`, the keys are bands."""

    keys: Words
    share: Number
    ages: bool


@dataclass(frozen=True)
class Listed:
    """A list. `once`: no member twice; `by_day`: its members have dates, later ones after."""

    item: Part
    most: int
    once: bool
    by_day: bool


@dataclass(frozen=True, eq=False)
class Record:
    """A record; `filled` if it may not be empty, `closed` if it has no other members."""

    members: Mapping[str, Part]
    required: frozenset[str]
    closed: bool = True
    filled: bool = False


Part = Number | Flag | Day | Words | Shares | Listed | Record


def parts_of(schema: Schema) -> Record:
    """Return what a kind of record may hold; `schema` is self-contained.

    Records within that have a file of their own, and the editors' "$schema", are no part.
    """
    made = _Parts(schema["$defs"]).part(schema, ())
    assert isinstance(made, Record)
    return made


class _Parts:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions

    def part(self, schema: Schema, path: tuple[str, ...]) -> Part:
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        whole = {**(self.definitions[name] if name else {}), **schema}
        asked = {k: v for k, v in whole.items() if k not in _NOTES and not k.startswith("x-")}
        types = asked.pop("type")
        if isinstance(types, list) or types in ("integer", "number"):
            return self.number([types] if isinstance(types, str) else types, asked)
        match types:
            case "boolean":
                _none_left(asked)
                return Flag()
            case "string":
                return _text(
                    asked, label="x-vocabulary" in whole or "_" in asked.get("pattern", "")
                )
            case "array":
                return self.listed(asked, path)
            case "object" if "propertyNames" in asked:
                return self.shares(asked, path, ages="x-lowest-age" in whole)
        assert types == "object", types
        return self.record(asked, path)

    def number(self, types: list[str], asked: dict[str, Any]) -> Number:
        ranged = "object" in types
        if ranged:
            ends = asked.pop("properties")
            assert set(ends) == {"min", "max"} and asked.pop("minProperties") == 1
            assert not asked.pop("additionalProperties")
        made = Number(
            float(asked.pop("minimum", -MAX_NUMBER)),
            float(asked.pop("maximum", MAX_NUMBER)),
            "integer" in types,
            asked.pop("pattern") if "string" in types else "",
            ranged,
        )
        _none_left(asked)
        return made

    def listed(self, asked: dict[str, Any], path: tuple[str, ...]) -> Listed:
        item = self.part(asked.pop("items"), path)
        made = Listed(
            item,
            int(asked.pop("maxItems", _ANY)),
            bool(asked.pop("uniqueItems", False)),
            by_day=path == ("history",),
        )
        _none_left(asked)
        return made

    def shares(self, asked: dict[str, Any], path: tuple[str, ...], *, ages: bool) -> Shares:
        names = {"type": "string", **asked.pop("propertyNames")}
        keys = self.part(names, path)
        share = self.part(asked.pop("additionalProperties"), path)
        assert isinstance(keys, Words) and isinstance(share, Number) and not share.ranged
        assert asked.pop("minProperties") == 1
        _none_left(asked)
        return Shares(keys, share, ages)

    def record(self, asked: dict[str, Any], path: tuple[str, ...]) -> Record:
        members = {
            name: self.part(each, (*path, name))
            for name, each in asked.pop("properties", {}).items()
            if name != "$schema" and "x-part" not in each
        }
        made = Record(
            members,
            frozenset(asked.pop("required", ())) & members.keys(),
            closed=not asked.pop("additionalProperties", True),
            filled=bool(asked.pop("minProperties", 0)),
        )
        _none_left(asked)
        return made


def _text(asked: dict[str, Any], *, label: bool) -> Words | Day:
    pattern = asked.pop("pattern", "")
    if pattern == _DAY:
        _none_left(asked)
        return Day()
    choices = tuple(asked.pop("enum", ()))
    made = Words(choices, int(asked.pop("maxLength", _ANY)), pattern, few=label or bool(choices))
    _none_left(asked)
    return made


def _none_left(asked: Mapping[str, Any]) -> None:
    """See that the schema asks nothing that nobody would check."""
    assert not asked, f"nobody checks {', '.join(asked)}"
