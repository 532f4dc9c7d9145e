"""The fields of the influencer record that a mapping may fill."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language.suggest import nearest
from checker.loading.meaning import BAND
from checker.model.types import (
    DistributionType,
    ListType,
    NumberType,
    RecordType,
    TextType,
    Type,
)


class TargetError(Exception):
    """A mapping names no field that it can fill; carries the message and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def target(name: str, record: RecordType) -> tuple[tuple[str, ...], Type, bool]:
    """Return the path that a name says, the type there, and whether it ends in a key.

    The last step may be a key of a distribution (`audience.age.18-24`), which is a share.
    Raises TargetError, with the nearest field that exists.
    """
    kind: Type = record
    keyed = False
    steps = tuple(name.split("."))
    for index, step in enumerate(steps):
        if isinstance(kind, RecordType) and step in kind.fields:
            kind = kind.fields[step].type
        elif isinstance(kind, DistributionType) and index == len(steps) - 1:
            _check_key(name, step, kind)
            kind, keyed = NumberType("share", 0, 1), True
        else:
            known = list(_names(record))
            near = nearest(name, known) or [
                each for each in known if each.rpartition(".")[2] == step.casefold()
            ]
            words = " or ".join(f'"{each}"' for each in near[:3])
            hint = f"Did you mean {words}?" if words else f"Fields are {', '.join(known[:9])} …"
            raise TargetError(f'{noun(record)} has no "{name}"', hint)
    if isinstance(kind, RecordType):
        first = next(iter(kind.fields), "NAME")
        raise TargetError(f'"{name}" has several parts', f'Map each of them: "{name}.{first}".')
    return steps, kind, keyed


def noun(record: RecordType) -> str:
    """Return what a record is called in a sentence."""
    name = record.name.rpartition(".")[2]
    return "the influencer" if name == "influencer" else f"an entry of {name}"


def _check_key(name: str, key: str, kind: DistributionType) -> None:
    if kind.ages:
        if not BAND.fullmatch(key):
            raise TargetError(f'"{name}" ends in no age band', "Such as 18-24, or 65+.")
    elif kind.keys.choices and key not in kind.keys.choices:
        near = nearest(key, kind.keys.choices)
        hint = f'Did you mean "{near[0]}"?' if near else ""
        raise TargetError(f'"{name}" ends in "{key}", which is no code', hint)


def _names(record: RecordType, prefix: str = "") -> Iterator[str]:
    for name, field in record.fields.items():
        if isinstance(field.type, RecordType):
            yield from _names(field.type, f"{prefix}{name}.")
        else:
            yield prefix + name


def entry_type(kind: Type) -> RecordType | None:
    """Return the type of the records of a list; None for everything else."""
    if isinstance(kind, ListType) and isinstance(kind.item, RecordType):
        return kind.item
    return None


def codes_of(kind: Type) -> tuple[str, ...]:
    """Return the closed set of words that a value, item or key must be of; () where it is open."""
    if isinstance(kind, ListType):
        kind = kind.item
    if isinstance(kind, DistributionType):
        kind = kind.keys
    return kind.choices if isinstance(kind, TextType) else ()
