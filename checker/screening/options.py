"""What is asked of a screening."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from checker.model.diagnostics import Diagnostic, Position, RulesError

_SIZE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})? ?[KMGTkmgt]i?[Bb]")


class Options:
    """What is asked of a screening beside its briefs and files; all of it may be left out.

    `where` is a condition on an influencer, in the language of rules; `limit` the most lines
    that are read; `keep` names of the lines' members that are carried through; `reasons` says
    which outcomes are worded, "none" leaves out all outcomes, as when no table is asked for;
    `best` is how many of those that pass are listed; `memory` a size, such as 4GB.

    Raises RulesError where `memory` is none.
    """

    def __init__(
        self,
        *,
        where: str = "",
        limit: int | None = None,
        keep: Sequence[str] = (),
        mapping: str = "",
        reasons: Literal["deciding", "all", "none"] = "deciding",
        best: int = 10,
        memory: str = "1GB",
        threads: int = 0,
    ) -> None:
        if not re.fullmatch(
            r"[0-9]{1,6}(\.[0-9]{1,6})? ?[KMGT]i?B", memory, re.IGNORECASE | re.ASCII
        ):
            message = f'"{memory[:40]}" is no size of memory'
            hint = "Write a number and a unit, such as 512MB or 4GB."
            raise RulesError([Diagnostic("no-size", message, Position("--memory"), hint=hint)])
        self.where = where
        self.limit = limit
        self.keep = tuple(keep)
        self.mapping = mapping
        self.reasons = reasons
        self.best = best
        self.memory = memory
        self.memory_in_bytes = _bytes(memory)
        # Where a mapping names the fields, what is kept must not pass for one of them.
        self.members = tuple(f"keep: {name}" if mapping else name for name in keep)
        self.threads = threads


def _bytes(size: str) -> int:
    number, unit = size.rstrip("iIbB ")[:-1], size.rstrip("iIbB ")[-1]
    return int(float(number) * 1024 ** ("KMGT".index(unit.upper()) + 1))
