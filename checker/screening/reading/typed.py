"""The types that lines of JSON are decoded by: `msgspec` refuses what is not as the schema says.

What it does not see is refused on columns: see `checker.screening.reading.stores`. Of two members
with one name it takes the last: see `checker.screening.reading.lines`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache, lru_cache
from math import inf
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, defstruct

from checker.loading.json_text import MAX_DEPTH, MAX_NUMBER
from checker.loading.meaning import check_meaning
from checker.loading.own_fields import misspelt
from checker.model.types import RecordType
from checker.screening.reading.parts import Day, Flag, Listed, Number, Part, Record, Shares, Words


class Span(Struct, gc=False):
    """A number that is known within bounds; one end may be open."""

    def __post_init__(self) -> None:
        low, high = self.min, self.max  # type: ignore[attr-defined]
        if is_missing(low) or is_missing(high):
            if is_missing(low) and is_missing(high):
                raise ValueError("a range needs an end")
        elif plain_number(low) > plain_number(high):
            raise ValueError("a range runs upwards")

    def __float__(self) -> float:
        # For as long as it takes to find it among numbers: no number of JSON is infinite.
        return inf


class Filled(Struct, gc=False):
    """A record that may not be empty."""

    def __post_init__(self) -> None:
        values = (getattr(self, name) for name in self.__struct_fields__)
        if all(map(is_missing, values)):
            raise ValueError("this may not be empty")


# What a member that is missing is decoded to, so that a null is told from it: None. It is written
# by nobody, and both numpy and Arrow take it for a number that is missing.
MISSING = float("nan")


def is_missing(value: Any) -> bool:
    """Tell whether a value is null, or not there."""
    return value is None or value is MISSING


def plain_number(value: Any) -> float:
    """Return a number, or a text with the sign of percent, as a number."""
    return float(value[:-1]) / 100 if value.__class__ is str else float(value)


class Types:
    """The types of one kind of record, made from its parts."""

    def __init__(self) -> None:
        self._numbers: dict[Number, Any] = {}

    def whole(self, part: Record, kept: tuple[str, ...] = ()) -> type[Struct]:
        """Return the type of a whole record; `kept` are names beside its parts' own."""
        more = {"$schema": str, **dict.fromkeys(kept, Any)}
        return self.record(part, {n: t for n, t in more.items() if n not in part.members})

    def typed(self, part: Part) -> Any:
        """Return the type of a value."""
        match part:
            case Number():
                if part not in self._numbers:
                    self._numbers[part] = self.number(part)
                return self._numbers[part]
            case Flag():
                return bool
            case Day():
                return datetime.date
            case Words():
                return _text(part)
            case Shares():
                values = self.optional(self.number(part.share))
                return Annotated[dict[_text(part.keys), values], Meta(min_length=1)]  # type: ignore[misc]
            case Listed():
                return Annotated[list[self.typed(part.item)], Meta(max_length=part.most)]  # type: ignore[misc]
            case Record() if not part.closed:
                # Anything may stand there, so it is looked through by itself.
                return dict[str, Any]
        return self.record(part)

    def optional(self, type_: Any) -> Any:
        """Return the type of a value that may be missing, or null."""
        return type_ | None

    def number(self, part: Number) -> Any:
        """Return the type of a number, a text of percent, or a range, as it may be."""
        low, high = part.low, part.high
        step = 1.0 if part.whole else None
        one: Any = Annotated[int, Meta(ge=int(low), le=int(high))]
        one |= Annotated[float, Meta(ge=low, le=high, multiple_of=step)]
        if part.percent:
            # To Python `$` is also before a last line break.
            pattern = part.percent.removesuffix("$") + r"\Z"
            one |= Annotated[str, Meta(pattern=pattern)]
        if not part.ranged:
            return one
        ends = [(name, self.optional(one), MISSING) for name in ("min", "max")]
        return one | self.struct("Span", ends, bases=(Span,))

    def record(self, part: Record, more: Mapping[str, Any] | None = None) -> type[Struct]:
        """Return the type of a record; `more` are the types of members beside its parts."""
        fields: list[tuple[str, Any, Any]] = []
        types = {name: self.typed(each) for name, each in part.members.items()}
        types.update(more or {})
        # Fields without a default come first.
        for name, type_ in sorted(types.items(), key=lambda each: each[0] not in part.required):
            needed = name in part.required
            default = msgspec.NODEFAULT if needed else MISSING
            fields.append((name, type_ if needed else self.optional(type_), default))
        return self.struct(
            "Read", fields, bases=(Filled,) if part.filled else (), closed=part.closed
        )

    def struct(
        self,
        name: str,
        fields: list[tuple[str, Any, Any]],
        *,
        bases: tuple[type, ...],
        closed: bool = True,
    ) -> type[Struct]:
        """Return a type with these members, some of which have names that Python cannot use."""
        plain = bases[:1] == (Span,)
        names = [each[0] if plain else f"f{index}" for index, each in enumerate(fields)]
        members = [
            (known, type_, msgspec.field(name=written, default=default))
            for known, (written, type_, default) in zip(names, fields, strict=True)
        ]
        return defstruct(
            name,
            members,
            bases=bases or None,
            forbid_unknown_fields=closed,
            omit_defaults=True,
            gc=False,
        )


@cache
def _text(part: Words) -> Any:
    if part.choices:
        return Literal[part.choices]
    return Annotated[str, Meta(max_length=part.longest)]


def opened(part: Record, values: Mapping[str, Any], depth: int = 2) -> Struct | None:
    """Return what is declared of a record that may hold anything; None if it cannot be used."""
    # A span may run backwards there, too, though nobody declared it.
    if not is_sound(values, depth) or any(True for _ in check_meaning(values, _OPEN)):
        return None
    if misspelt(values, part.members):
        return None
    try:
        return msgspec.convert(values, _open_type(part))
    except msgspec.ValidationError:
        return None


_OPEN = RecordType("open")


def is_sound(value: Any, depth: int) -> bool:
    """Tell whether anything that JSON held is taken by `checker.loading.json_text`, too."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth <= MAX_DEPTH and all(is_sound(each, depth + 1) for each in inner)
    return not isinstance(value, int | float) or -MAX_NUMBER <= value <= MAX_NUMBER


@lru_cache(maxsize=64)
def _open_type(part: Record) -> type[Struct]:
    return Types().record(part)


@lru_cache(maxsize=256)
def type_of(part: Part) -> Any:
    """Return the type of a value."""
    return Types().typed(part)


def names_of(type_: type[Struct]) -> tuple[str, ...]:
    """Return the names of a type's members as JSON has them, in the order of its values."""
    return type_.__struct_encode_fields__
