"""A brief with what its brand supplies.

`target`, its `minimum_share` and `minimum_reach` are supplied member by member, `avoid` is united,
and `budget` and `markets` are taken whole, so that an amount never meets another record's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checker.model.diagnostics import Position
from checker.model.records import DataPath, Record

_SUPPLIED = ("budget", "markets", "target", "avoid")
# What has members of its own, each supplied by itself; an age span is one thing.
_BY_MEMBERS = {("target",), ("target", "minimum_share"), ("target", "minimum_reach"), ("avoid",)}


def with_brand(brief: Record, brand: Record) -> Record:
    """Return the brief with what it leaves out, and where each such part comes from."""
    supplied = {name: brand.data[name] for name in _SUPPLIED if name in brand.data}
    given = {name: part for name, part in supplied.items() if part or (name,) not in _BY_MEMBERS}
    inherited: dict[DataPath, Record] = dict(brief.inherited)
    data = _filled(brief.data, given, (), inherited, brand)
    return replace(brief, data=data, inherited=inherited)


def _filled(
    own: Mapping[str, Any],
    supplied: Mapping[str, Any],
    path: DataPath,
    inherited: dict[DataPath, Record],
    brand: Record,
) -> dict[str, Any]:
    """Return the part of a brief at `path` with what the brand supplies of it."""
    filled = dict(own)
    for key, value in supplied.items():
        place = (*path, key)
        if key not in filled:
            filled[key] = value
            inherited[place] = brand
        elif place in _BY_MEMBERS:
            filled[key] = _filled(filled[key], value, place, inherited, brand)
        elif path == ("avoid",):
            filled[key] = _united(filled[key], value, place, inherited, brand)
    return filled


def _united(
    own: list[Any],
    supplied: list[Any],
    path: DataPath,
    inherited: dict[DataPath, Record],
    brand: Record,
) -> list[Any]:
    united = list(own)
    for index, value in enumerate(supplied):
        if value not in united:
            place = (*path, len(united))
            inherited[place] = _moved(brand, place, (*path, index))
            united.append(value)
    return united


def _moved(brand: Record, place: DataPath, origin: DataPath) -> Record:
    """Return the brand as the record of an item that has another index in the brief."""

    def locate(path: DataPath) -> Position:
        return brand.locate((*origin, *path[len(place) :]))

    return replace(brand, locate=locate)
