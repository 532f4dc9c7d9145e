"""Frozen dataclasses that cost little to import.

The type checker sees the standard `dataclass` and keeps every instance frozen. At run time
the guards of `frozen=True` are left out, and `__eq__`, `__hash__` and `__repr__` are functions
that read the fields rather than source that is compiled for each class: both took a third of the
start of every command (see docs/contributing.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """Make a dataclass; see the module."""

        def make(cls: type) -> type:
            # A class without a docstring would get one that is made of its signature, slowly.
            cls.__doc__ = cls.__doc__ or cls.__name__
            made = dataclasses.dataclass(slots=slots, eq=False, repr=False)(cls)
            return _comparable(made, hashable=frozen) if eq else made

        return make


def _comparable(cls: type, *, hashable: bool) -> Any:
    """Give a class what compares, hashes and shows its instances by their fields."""
    names = [field.name for field in dataclasses.fields(cls)]
    values = attrgetter(*names) if names else type

    def equal(self: object, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is cls else NotImplemented

    def show(self: object) -> str:
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{cls.__qualname__}({parts})"

    def key(self: object) -> int:
        return hash(values(self))

    methods = {"__repr__": show, "__eq__": equal, "__hash__": key if hashable else None}
    for name, method in methods.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    return cls


__all__ = ["dataclass"]
