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

_WHOLE = ("budget", "markets")
# Members of the target that have members of their own; an age span is one thing.
_NESTED = ("minimum_share", "minimum_reach")


def with_brand(brief: Record, brand: Record) -> Record:
    """Return the brief with what it leaves out, and where each such part comes from."""
    data: dict[str, Any] = dict(brief.data)
    inherited: dict[DataPath, Record] = dict(brief.inherited)
    for name in _WHOLE:
        if name not in data and name in brand.data:
            data[name] = brand.data[name]
            inherited[(name,)] = brand
    _members(("target",), data, brand.data, inherited, brand)
    _united("avoid", data, inherited, brand)
    return replace(brief, data=data, inherited=inherited)


def _members(
    path: DataPath,
    data: dict[str, Any],
    supplier: Mapping[str, Any],
    inherited: dict[DataPath, Record],
    brand: Record,
) -> None:
    """Fill in the member that `path` ends in, from the brand's part that holds the same one."""
    name = str(path[-1])
    supplied = supplier.get(name)
    if not supplied:
        return
    if name not in data:
        inherited[path] = brand
        data[name] = supplied
        return
    own = data[name] = dict(data[name])
    for key, value in supplied.items():
        if key not in own:
            own[key] = value
            inherited[(*path, key)] = brand
        elif key in _NESTED:
            _members((*path, key), own, supplied, inherited, brand)


def _united(
    name: str, data: dict[str, Any], inherited: dict[DataPath, Record], brand: Record
) -> None:
    supplied = brand.data.get(name)
    if not supplied:
        return
    if name not in data:
        inherited[(name,)] = brand
        data[name] = supplied
        return
    own = dict(data[name])
    for key, values in supplied.items():
        if key not in own:
            own[key] = values
            inherited[(name, key)] = brand
            continue
        united = list(own[key])
        for index, value in enumerate(values):
            if value not in united:
                place = (name, key, len(united))
                inherited[place] = _moved(brand, place, (name, key, index))
                united.append(value)
        own[key] = united
    data[name] = own


def _moved(brand: Record, place: DataPath, origin: DataPath) -> Record:
    """Return the brand as the record of an item that has another index in the brief."""

    def locate(path: DataPath) -> Position:
        return brand.locate((*origin, *path[len(place) :]))

    return replace(brand, locate=locate)
