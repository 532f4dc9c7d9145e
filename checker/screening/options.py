"""What is asked of a screening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


class Options:
    """What is asked of a screening beside its briefs and files; all of it may be left out.

    `where` is a condition on an influencer, in the language of rules; `limit` the most lines
    that are read; `keep` names of the lines' members that are carried through; `reasons` says
    which outcomes are worded, "none" leaves out all outcomes, as when no table is asked for;
    `best` is how many of those that pass are listed.
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
        self.where = where
        self.limit = limit
        self.keep = tuple(keep)
        self.mapping = mapping
        self.reasons = reasons
        self.best = best
        self.memory = memory
        # Where a mapping names the fields, what is kept must not pass for one of them.
        self.members = tuple(f"keep: {name}" if mapping else name for name in keep)
        self.threads = threads
