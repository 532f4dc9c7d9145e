"""The names that an expression may use, and the slots that hold their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker.language.nodes import BRIEF, JUDGED, Node, Path, Variable, side
from checker.model.frozen import dataclass
from checker.model.types import DateType, ListType, RecordType, TableType, TextType, Type

# What each scope of rules may read, beside params, tables and today.
ROOTS: Mapping[str, tuple[str, ...]] = {
    "brief": ("brief", "brand"),
    "influencer": ("brief", "brand", "influencer", "deal"),
    "shortlist": ("brief", "brand", "shortlist"),
    "post": ("brief", "brand", "influencer", "deal", "post"),
}

# Slots of the roots in an evaluation's frame; lets, arguments and loop variables follow.
SLOTS: Mapping[str, int] = {
    name: slot
    for slot, name in enumerate(
        ("brief", "brand", "influencer", "deal", "shortlist", "post", "params", "today")
    )
}
FIRST_FREE = len(SLOTS)

# Known before any influencer is read: what a brief specialises.
BRIEF_SLOTS = frozenset(SLOTS[name] for name in ("brief", "brand", "params", "today"))


@dataclass(frozen=True, slots=True, eq=False)
class DefinitionText:
    """A definition before its arguments have types: its head and its parsed body's text."""

    name: str
    arguments: tuple[str, ...]
    text: str


@dataclass(slots=True, eq=False)
class Scope:
    """What names mean in one rule: roots, params, tables, definitions and bound variables.

    `searched` collects the tables whose words are looked for in texts.
    """

    types: Mapping[str, RecordType]
    roots: tuple[str, ...]
    params: RecordType
    tables: Mapping[str, TableType]
    definitions: Mapping[str, DefinitionText]
    bound: dict[str, Node] = field(default_factory=dict)
    searched: set[TableType] = field(default_factory=set)

    def root(self, name: str, start: int, end: int) -> Node | None:
        """Return the node of a root that this scope has, else None."""
        if name == "today":
            return Variable(DateType(), start, end, name, SLOTS[name], place=False)
        if name == "params":
            return Variable(self.params, start, end, name, SLOTS[name], place=True)
        if name not in self.roots:
            return None
        type_: Type = ListType(self.types["deal"]) if name == "shortlist" else self.types[name]
        side = BRIEF if name in ("brief", "brand") else JUDGED
        return Variable(type_, start, end, name, SLOTS[name], place=True, side=side)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currency codes that the brief's schema knows."""
        budget = self.types["brief"].fields["budget"].type
        assert isinstance(budget, RecordType)
        currency = budget.fields["currency"].type
        assert isinstance(currency, TextType)
        return currency.choices

    def names(self) -> tuple[str, ...]:
        """Return every name that may stand alone, for suggestions."""
        return (*self.roots, "params", "tables", "today", "true", "false", *self.bound)


@dataclass(slots=True)
class Slots:
    """Hands out slots for bound names and counts the nodes of one rule."""

    next: int = FIRST_FREE
    nodes: int = 0

    def take(self) -> int:
        """Return a free slot."""
        self.next += 1
        return self.next - 1


def bind_name(scope: Scope, slots: Slots, name: str, value: Node) -> Variable:
    """Bind a name (a `let`, an argument, a loop's variable) in `scope`."""
    place = has_place(value) and is_record(value.type)
    slot, whose = slots.take(), side(value)
    variable = Variable(value.type, value.start, value.end, name, slot, place, whose)
    scope.bound[name] = variable
    return variable


def is_record(type_: Type) -> bool:
    """Tell whether this is a record or a list of records, whose fields may be asked for."""
    return isinstance(type_.item if isinstance(type_, ListType) else type_, RecordType)


def has_place(node: Node) -> bool:
    """Tell whether a node is a path into a record, so that its parts have places."""
    if isinstance(node, Path):
        return has_place(node.root)
    return isinstance(node, Variable) and node.place
