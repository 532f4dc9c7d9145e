"""What may differ between a sign-off and now, each with a stable code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from checker.model.diagnostics import Diagnostic
from checker.model.frozen import dataclass

_Key = TypeVar("_Key")
_Thing = TypeVar("_Thing")

# Where a difference belongs, in the order in which they are told.
Part = Literal["record", "tool", "packs", "files", "outcomes", "waivers", "configuration"]
PARTS: tuple[Part, ...] = get_args(Part)


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


def difference(
    part: Part, code: str, message: str, *, before: Any = None, after: Any = None, **details: Any
) -> Difference:
    """Return a difference; details that are None are left out.

    `before` and `after` are the details "from" and "to", which Python cannot have as names.
    """
    given = {**details, "from": before, "to": after}
    kept = {name: value for name, value in given.items() if value is not None}
    return Difference(part, code, message, kept)


def paired(
    before: Mapping[_Key, _Thing], after: Mapping[_Key, _Thing]
) -> Iterator[tuple[_Key, _Thing | None, _Thing | None]]:
    """Yield each key with what it stood for and what it stands for, None where it does not."""
    for key in {**before, **after}:
        yield key, before.get(key), after.get(key)
