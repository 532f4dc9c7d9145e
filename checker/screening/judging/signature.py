"""Why a condition is unknown, as a number: rows with one number have the same causes.

It follows what `checker.language.trace` notes: a value that is settled owes nothing to what is
unknown below it, and of a list it matters which members are unlike, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np

from checker.language.columns.domain import COLUMNS
from checker.language.columns.evaluate import ColumnEvaluator
from checker.language.columns.kinds import Column, RecordColumn, TextColumn, known_of
from checker.language.columns.level import Level
from checker.language.columns.sharing import RuleNodes
from checker.language.nodes import (
    Bind,
    Choose,
    Comprehension,
    Conditional,
    Default,
    Exists,
    Literal,
    Node,
    Path,
    TableName,
    Variable,
    children,
)
from checker.model.types import FlagType, ListType, MoneyType, NumberType, RecordType
from checker.model.values import UNKNOWN
from checker.screening.judging.keys import Ids, grouped, sequences

_SETTLED, _FALSE, _TRUE = 0, 1, 2


class Signatures:
    """Numbers for the causes of unknown values, at the levels of one block."""

    def __init__(self, work: ColumnEvaluator, ids: Ids) -> None:
        self.work = work
        self.ids = ids
        # What was found, and in which rows it was looked for.
        self._made: dict[tuple[int, int], tuple[Any, Any]] = {}

    def of(self, node: Node, nodes: RuleNodes, level: Level, rows: Any) -> Any:
        """Return the number of a node's causes in some rows; what it is in others means nothing.

        The node is the rule's own: what is computed beforehand has lost its parts.
        """
        if isinstance(node, Variable) and node.slot in nodes.bound:
            return self.of(nodes.bound[node.slot], nodes, level, rows)
        if isinstance(node, Bind):
            return self.of(node.body, nodes, level, rows)
        if isinstance(node, Literal | TableName):
            return np.zeros(level.size, np.int64)
        key = id(node), id(level)
        found, sought = self._made.get(key, (None, np.zeros(level.size, bool)))
        if found is None or (rows & ~sought).any():
            found = _Walk(self, nodes, level, rows | sought).of(node)
            self._made[key] = found, rows | sought
        return found

    def numbered(self, node: Node, parts: list[Any], size: int) -> Any:
        """Return numbers for rows of parts of a node."""
        groups, first = grouped(parts, size)
        columns = [each[first].tolist() for each in parts]
        numbers = [self.ids((id(node), *each)) for each in zip(*columns, strict=True)]
        return np.array(numbers, np.int64)[groups]


class _Walk:
    """One node at one level."""

    def __init__(self, all_: Signatures, nodes: RuleNodes, level: Level, rows: Any) -> None:
        self.all = all_
        self.work = all_.work
        self.nodes = nodes
        self.level = level
        self.rows = rows

    def column(self, node: Node, level: Level | None = None) -> Column:
        return self.work.column(self.nodes.node(node), level or self.level)

    def below(self, node: Node, rows: Any, level: Level | None = None) -> Any:
        return self.all.of(node, self.nodes, level or self.level, rows)

    def of(self, node: Node) -> Any:
        column, size = self.column(node), self.level.size
        known = np.broadcast_to(known_of(column), size)
        if isinstance(node.type, FlagType):
            yes, no = (np.broadcast_to(each, size) for each in COLUMNS.sides(column))
            settled, made = yes | no, np.where(yes, _TRUE, _FALSE)
        elif isinstance(node.type, NumberType | MoneyType):
            _, low, high = COLUMNS.ends(column)
            settled, made = known & (low == high), np.full(size, _SETTLED)
        elif isinstance(node.type, ListType | RecordType):
            settled, made = np.zeros(size, bool), np.full(size, _SETTLED)
        else:
            settled, made = known, np.full(size, _SETTLED)
        open_ = self.rows & ~settled
        if open_.any():
            parts = [known, *self._parts(node, open_)]
            places = np.flatnonzero(open_)
            made = made.astype(np.int64)
            some = [each[places] for each in parts]
            made[places] = self.all.numbered(node, some, len(places))
        return made

    def _parts(self, node: Node, rows: Any) -> Iterator[Any]:
        size = self.level.size
        match node:
            case Path():
                yield self._held(node)
                yield self.below(node.root, rows)
            case Choose():
                yield self._holds(node)
                yield self.below(node.source, rows)
                yield self.below(node.key, rows)
            case Exists():
                return
            case Default():
                held = self._held(node.path)
                yield held
                yield np.where(held, 0, self.below(node.otherwise, rows & ~held))
            case Conditional():
                sides = COLUMNS.sides(self.column(node.test))
                yes, no = (np.broadcast_to(each, size) for each in sides)
                yield self.below(node.test, rows)
                yield np.where(no, 0, self.below(node.then, rows & ~no))
                yield np.where(yes, 0, self.below(node.otherwise, rows & ~yes))
            case Comprehension():
                yield self.below(node.source, rows)
                yield from self._members(node, rows)
            case _:
                for part in children(node):
                    yield self.below(part, rows)

    def _held(self, node: Path) -> Any:
        whole = replace(node, root=self.nodes.node(node.root))
        return np.broadcast_to(self.work.held(whole, self.level), self.level.size)

    def _holds(self, node: Choose) -> Any:
        """Tell which records hold the field that a code names."""
        source, key = self.column(node.source), self.column(node.key)
        found = np.zeros(self.level.size, bool)
        names = [(key, True)] if isinstance(key, str) else []
        if isinstance(key, TextColumn):
            names = [(name, key.codes == code) for code, name in enumerate(key.values)]
        for name, asked in names:
            if isinstance(source, RecordColumn):
                found |= asked & source.holds(name)
            elif source is not UNKNOWN:
                found |= asked & (name in source)
        return found

    def _members(self, node: Comprehension, rows: Any) -> Iterator[Any]:
        # A loop that is computed beforehand is gone over all the same, for its causes.
        variable = cast("Variable", self.nodes.node(node.variable))
        whole = replace(node, variable=variable, source=self.nodes.node(node.source))
        inner = self.work.members(whole, self.level)
        if not isinstance(inner, Level):
            return
        mine = rows[inner.owners]
        if node.condition is not None:
            _, no = COLUMNS.sides(self.column(node.condition, inner))
            no = np.broadcast_to(no, inner.size)
            parts = [self.below(node.condition, mine, inner)]
            parts.append(np.where(no, -1, self.below(node.element, mine & ~no, inner)))
        else:
            parts = [self.below(node.element, mine, inner)]
        places = np.flatnonzero(mine)
        members = np.zeros(inner.size, np.int64)
        some = [each[places] for each in parts]
        members[places] = self.all.numbered(node, some, len(places))
        assert inner.lists is not None
        yield sequences(members, inner.lists.offsets, rows, self.all.ids, once=True)
