"""Single values read from JSON and proved: numbers, texts, dates, flags, shares; see `clean`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.bulk.quote import name_of, number_of, text_of
from checker.model.types import DistributionType

Schema = Mapping[str, Any]

# A text that JSON may have held without quotes, by how it begins, and by the whole.
_BARE = ("true", "false", "nan", "inf", "infinity")
_CODES = 8  # From this many on, a code is looked up as an ENUM; the list is hashed.


class NoPlaceError(Exception):
    """The schema asks something that is not proved here."""


@dataclass
class Part:
    """How one value is read and proved. All of it is SQL; NULL in a condition means no."""

    structure: Any
    # How many quotes the value has in the line, its own name not counted.
    quotes: list[str] = field(default_factory=list)
    # What makes it unusable, and what makes it look as if it had been coerced.
    bad: list[str] = field(default_factory=list)
    suspect: list[str] = field(default_factory=list)
    # Where it is suspect: what must hold; and what must not hold where the line is not ASCII.
    exact: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    # Numbers outside lists, by their bounds.
    numbers: dict[tuple[float, float], list[str]] = field(default_factory=dict)
    # The value in the layout's type.
    row: str = ""
    # In the form that reads ranges: their structure, and the condition that one is there.
    ranges: Any = None
    present: str = ""

    def take(self, other: Part) -> None:
        """Take over the conditions of a part of this one."""
        for name in ("quotes", "bad", "suspect", "exact", "letters", "flags"):
            getattr(self, name).extend(getattr(other, name))
        for bounds, values in other.numbers.items():
            self.numbers.setdefault(bounds, []).extend(values)


def check_bounds(made: Part, schema: Mapping[str, Any], value: str, whole: bool) -> None:
    """Ask of a number that it is within its bounds, and whole if it must be."""
    bounds = (float(schema["minimum"]), float(schema["maximum"]))
    made.numbers.setdefault(bounds, []).append(value)
    if whole:
        made.bad.append(f"{value} <> trunc({value})")


def out_of_bounds(numbers: Mapping[tuple[float, float], list[str]]) -> list[str]:
    """NaN is above everything in DuckDB, and NULLs are passed over."""
    return [
        f"least({', '.join(values)}) < {number_of(low)} "
        f"OR greatest({', '.join(values)}) > {number_of(high)}"
        for (low, high), values in numbers.items()
    ]


def perhaps_flags(numbers: Mapping[tuple[float, float], list[str]]) -> list[str]:
    """Tell whether a number may have been true or false, which are read as 1 and 0."""
    found: list[str] = []
    for (low, high), values in numbers.items():
        every = ", ".join(values)
        if low < 0:
            found.extend(f"{value} = 0 OR {value} = 1" for value in values)
        elif high <= 1:
            found.append(f"least({every}) = 0 OR greatest({every}) = 1")
        else:
            found.append(f"least({every}) <= 1")
    return found


def only_words(schema: Mapping[str, Any], words: str) -> None:
    """Refuse what the schema may ask beyond these words."""
    asked = {key for key in schema if not key.startswith("x-")}
    if asked - set(words.split()):
        raise NoPlaceError


def flag_part(a: str) -> Part:
    """Return how a flag is proved: it is read as text, or 1 would pass for true."""
    made = Part("VARCHAR")
    made.bad.append(f"{a} NOT IN ('true', 'false')")
    made.flags.append(f"({a} IS NOT NULL)::INTEGER")
    made.row = f"({a} = 'true')"
    return made


def date_part(a: str) -> Part:
    """Return how a date is proved."""
    made = Part("VARCHAR", [f"2 * ({a} IS NOT NULL)::INTEGER"])
    made.row = f"TRY_CAST({a} AS DATE)"
    # DuckDB takes 2026-3-2 and more; a date that is written back alike was written so.
    made.bad.append(f"({a} IS NOT NULL AND {made.row}::VARCHAR IS DISTINCT FROM {a})")
    made.bad.append(f"{a} < '1' OR {a} >= '3'")
    return made


def struct_part(type_: DistributionType, keys: tuple[str, ...], a: str) -> Part:
    """Return how shares of a few known keys are proved."""
    made = Part(dict.fromkeys(keys, "DOUBLE"), row=a)
    members = [f"{a}.{name_of(key)}" for key in keys]
    made.quotes.extend(f"2 * ({each} IS NOT NULL)::INTEGER" for each in members)
    made.numbers[0.0, 1.0] = list(members)
    made.bad.append(f"({a} IS NOT NULL AND {' AND '.join(f'{each} IS NULL' for each in members)})")
    total = " + ".join(f"coalesce({each}, 0)" for each in members)
    made.bad.append(f"{total} > 1.02::DOUBLE")
    if type_.ages:
        made.bad.extend(
            f"({a}.{name_of(one)} IS NOT NULL AND {a}.{name_of(two)} IS NOT NULL)"
            for one, two in _overlapping(keys)
        )
    return made


def _overlapping(bands: tuple[str, ...]) -> list[tuple[str, str]]:
    def span(band: str) -> tuple[int, int]:
        low, _, high = band.removesuffix("+").partition("-")
        return int(low), int(high) if high else 1000

    return [
        (one, two)
        for index, one in enumerate(bands)
        for two in bands[index + 1 :]
        if span(one)[0] <= span(two)[1] and span(two)[0] <= span(one)[1]
    ]


def enum_of(choices: tuple[str, ...]) -> str:
    """Return the type of some codes."""
    return f"ENUM({', '.join(text_of(choice) for choice in choices)})"


def no_code(a: str, choices: tuple[str, ...]) -> str:
    """Tell whether a text is none of some codes."""
    if len(choices) < _CODES:
        return f"{a} NOT IN ({', '.join(text_of(choice) for choice in choices)})"
    return f"TRY_CAST({a} AS {enum_of(choices)}) IS NULL"


def unusable_text(schema: dict[str, Any], a: str) -> list[str]:
    """Return what refuses a text; stricter than its schema, which asks for any one letter."""
    bad = [f"strlen({a}) > {int(schema['maxLength'])}"]
    pattern = schema.get("pattern")
    if pattern == "[^ ]":
        bad.append(f"{a} < '!'")
    elif pattern == "[^ _-]":
        bad.append(f"{a} < '!' OR ({a} >= '-' AND {a} < '.') OR ({a} >= '_' AND {a} < '`')")
    elif pattern is not None:
        raise NoPlaceError
    return bad


def plain_start(a: str) -> str:
    """Tell whether a text begins with a letter of ASCII, "@", "#" or the like."""
    letters = f"({a} >= '@' AND {a} < '[') OR ({a} >= 'a' AND {a} < '{{')"
    return f"({letters} OR ({a} >= '!' AND {a} < '-'))"


def may_be_bare(a: str) -> str:
    """Tell whether a text may have been a number, a flag, a list or an object."""
    first = f"({a} >= '0' AND {a} < ':') OR ({a} >= '-' AND {a} < '.')"
    number = f"CASE WHEN {first} THEN TRY_CAST({a} AS DOUBLE) IS NOT NULL ELSE false END"
    opening = f"({a} >= '[' AND {a} < '\\') OR ({a} >= '{{' AND {a} < '|')"
    words = ", ".join(text_of(word) for word in _BARE)
    return f"{number} OR {opening} OR (strlen({a}) < 10 AND lower({a}) IN ({words}))"
