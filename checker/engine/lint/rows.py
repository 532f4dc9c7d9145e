"""Rows of tables that no record can reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Any

from checker.engine.lint.work import Found, Library, at, tables_in, texts_of
from checker.language.bounds import Reasoner
from checker.language.nodes import Call, Convert, Node, TableName, children
from checker.language.operators.fast import less
from checker.language.text import canonical
from checker.model.rules import Table
from checker.model.types import TableType, TextType


class Rows:
    """Collects how tables are read; what is read in no other way has rows that may be too much."""

    def __init__(self) -> None:
        self.bands: dict[str, list[tuple[float, float]]] = {}
        self.keys: dict[str, list[Sequence[frozenset[str] | None]]] = {}
        self.whole = set[str]()

    def read(self, reasoner: Reasoner, trees: Iterable[Node]) -> None:
        """Note how some expressions read tables."""
        for tree in trees:
            self._below(reasoner, tree)

    def _below(self, reasoner: Reasoner, node: Node) -> None:
        for child in children(node):
            if isinstance(child, TableName):
                assert isinstance(child.type, TableType)
                self._use(reasoner, node, child.type.name)
            else:
                self._below(reasoner, child)

    def _use(self, reasoner: Reasoner, node: Node, table: str) -> None:
        if isinstance(node, Call) and node.function == "band":
            found = reasoner.possible(node.arguments[0])
            self.bands.setdefault(table, []).append((found.low, found.high))
        elif isinstance(node, Call) and node.function == "lookup":
            keys = tuple(_words(key) for key in node.arguments[:-1])
            self.keys.setdefault(table, []).append(keys)
        else:
            self.whole.add(table)

    def found(self, library: Library, open_tables: set[str]) -> Iterator[Found]:
        """Give the rows that no record reaches; of tables in `open_tables` nobody can tell."""
        for pack in library.packs.values():
            for name, table in pack.tables.items():
                read_whole = name in self.whole | open_tables or name not in library.rows
                if read_whole or not library.is_whole(pack):
                    continue
                if table.kind == "bands":
                    lost = self._bands(table)
                else:
                    lost = self._lookups(table) if table.kind == "lookup" else iter(())
                for number, column, message in lost:
                    place = table.locate(number, column)
                    yield Found(at("unused-row", message, place), pack)

    def _bands(self, table: Table) -> Iterator[tuple[int, str, str]]:
        reached = self.bands.get(table.name, [])
        if not reached:
            return
        low, high = min(low for low, _ in reached), max(high for _, high in reached)
        for number, row in enumerate(table.rows):
            if _lies_outside(row, low, high):
                column = next(iter(row))
                yield number, column, f"no number reaches this band: {_span(low, high)}"

    def _lookups(self, table: Table) -> Iterator[tuple[int, str, str]]:
        uses = self.keys.get(table.name, [])
        for place, column in enumerate(table.keys):
            asked = [use[place] for use in uses]
            words = [each for each in asked if each is not None]
            if not asked or len(words) < len(asked):
                continue
            known = frozenset[str]().union(*words)
            for number, row in enumerate(table.rows):
                cell = str(row[column])
                if canonical(cell) not in known:
                    yield number, column, f'nothing that is looked up here can be "{cell}"'


def _words(node: Node) -> frozenset[str] | None:
    """Return all that a key may be; None where it may be any word."""
    while isinstance(node, Convert):
        node = node.source
    type_ = node.type
    if not isinstance(type_, TextType) or not type_.choices or type_.vocabulary:
        return None
    return frozenset(map(canonical, type_.choices))


def _lies_outside(row: Any, low: float, high: float) -> bool:
    first, end = row.get("from", -inf), row.get("to", inf)
    below = less(end, low) or not less(low, row.get("below", inf))
    above = less(high, first) or not less(row.get("above", -inf), high)
    return below or above


def _span(low: float, high: float) -> str:
    low, high = low + 0.0, high + 0.0  # -0 is 0.
    if high == inf:
        return f"what is looked up is at least {low:_g}"
    if low == -inf:
        return f"what is looked up is at most {high:_g}"
    return f"what is looked up runs from {low:_g} to {high:_g}"


def unseen(library: Library, called: set[str]) -> set[str]:
    """Return the tables that are named where types are not checked: rules that are off."""
    off = (
        text
        for pack in library.packs.values()
        for rule in pack.rules
        if not rule.enabled
        for text in texts_of(rule)
    )
    bodies = (
        definition.body.text
        for pack in library.packs.values()
        for name, definition in pack.definitions.items()
        if name not in called
    )
    return tables_in([*off, *bodies])
