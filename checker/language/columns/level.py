"""The records that conditions are evaluated on: those of a block, or the members of its lists."""

from __future__ import annotations

from typing import Any

from checker.language.columns.kinds import Column, ListColumn


class Level:
    """Records that conditions are evaluated on: those of a block, or the members of its lists.

    `slots` have what names are bound to here; `lists` are those of the level above whose members
    these are, and `owners` the records that they belong to.
    """

    def __init__(
        self,
        size: int,
        slots: dict[int, Column],
        above: Level | None = None,
        lists: ListColumn | None = None,
    ) -> None:
        self.size = size
        self.slots = slots
        self.above = above
        self.lists = lists
        self.owners = None if lists is None else lists.owners
        # The records of the block, and which of them each member belongs to.
        self.root: Level = above.root if above else self
        outer: Any = above.roots if above else None
        self.roots: Any = self.owners if outer is None else outer[self.owners]
        # Of which records a list inside the loop has too many members, by the list's node.
        self.too_many: dict[int, Any] = above.too_many if above and above.above else {}
        self.made: dict[int, Column] = {}
        # The same records, where what words mean that nobody knows is left open.
        self.opened: Level | None = None
        # The members of lists that are looped over, by the node of the list and the variable.
        self.loops: dict[tuple[int, int], Level] = {}
