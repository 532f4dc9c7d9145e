"""What may differ between a sign-off and now, each with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from checker.model.diagnostics import Diagnostic
from checker.model.frozen import dataclass

# Where a difference belongs, in the order in which they are told.
Part = Literal["record", "tool", "packs", "files", "outcomes", "waivers", "configuration"]
PARTS: tuple[Part, ...] = (
    "record",
    "tool",
    "packs",
    "files",
    "outcomes",
    "waivers",
    "configuration",
)


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """One thing that is not as it was signed.

    `code` is a stable kebab-case name. `message` is one sentence. `details` are plain JSON:
    "file", "fields", "rule", "subject", "from", "to", as the code has them.
    """

    part: Part
    code: str
    message: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """What became of checking a sign-off.

    `signature` is "verified", "none" (the record has none), "unchecked" (asked for so) or
    "refused". `root` is the folder that the record's paths start from. `diagnostics` say why the
    brief could not be checked again. `notes` change nothing: waivers that end soon.
    """

    shown: str
    statement: Mapping[str, Any]
    signature: Literal["verified", "none", "unchecked", "refused"]
    differences: tuple[Difference, ...]
    today: str
    root: Path
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def as_signed(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def difference(part: Part, code: str, message: str, **details: Any) -> Difference:
    """Return a difference; details that are None are left out."""
    kept = {name: value for name, value in details.items() if value is not None}
    return Difference(part, code, message, kept)
