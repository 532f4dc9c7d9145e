"""Frozen dataclasses that cost little to import.

The type checker sees the standard `dataclass` and keeps every instance frozen. At run time
the guards of `frozen=True` are left out: writing them for each class took a third of the
start of every command (see docs/contributing.md).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """Make a dataclass; see the module."""
        return dataclasses.dataclass(slots=slots, eq=eq, repr=eq, unsafe_hash=frozen and eq)


__all__ = ["dataclass"]
