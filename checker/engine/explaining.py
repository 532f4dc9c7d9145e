"""What a rule asks, reads and says, in words: for whoever answers for the rule."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.places import ask_for
from checker.engine.ruleset import TypedRule
from checker.language.nodes import (
    Bind,
    Comprehension,
    Default,
    Exists,
    Node,
    Path,
    Variable,
    children,
)
from checker.language.scope import SLOTS
from checker.language.words import Speaker
from checker.model.frozen import dataclass
from checker.model.types import Field


@dataclass(frozen=True, slots=True, eq=False)
class ReadField:
    """A field of the records that a rule reads: its path in rules, its title, what to ask for.

    `needed` tells whether the rule may be unknown without it; a field that is only asked for by
    `exists` or has a `default` is not.
    """

    path: str
    title: str
    ask: str
    needed: bool


@dataclass(frozen=True, slots=True, eq=False)
class InWords:
    """A rule in words: where it is asked, when it passes, and what its names stand for."""

    asked: str
    passes: str
    names: tuple[tuple[str, str], ...]


def in_words(typed: TypedRule) -> InWords:
    """Say a rule's condition in words."""
    speaker = Speaker({variable.slot: _spaced(variable.name) for variable, _ in typed.lets})
    asked = speaker.clause(typed.when) if typed.when is not None else ""
    passes = speaker.clause(typed.require)
    lets = tuple((_spaced(variable.name), speaker.say(node)) for variable, node in typed.lets)
    return InWords(asked, passes, (*lets, *speaker.definitions.items()))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def fields_read(typed: TypedRule) -> tuple[ReadField, ...]:
    """Return the fields that a rule's conditions and lets read, in the order of reading."""
    walk = _Walk(typed)
    found: dict[str, ReadField] = {}
    nodes = (node for node in (typed.when, typed.require) if node is not None)
    for node in nodes:
        for path, field, needed in walk.reads(node, needed=True):
            known = found.get(path)
            found[path] = ReadField(
                path, field.title, ask_for(field), needed or (known is not None and known.needed)
            )
    # What lies above another field is only on the way to it.
    paths = tuple(found)
    return tuple(
        each
        for each in found.values()
        if each.needed or not any(other.startswith(f"{each.path}.") for other in paths)
    )


class _Walk:
    """Finds the fields below nodes, names followed to what they are bound to."""

    def __init__(self, typed: TypedRule) -> None:
        self.bound: dict[int, Node] = {variable.slot: node for variable, node in typed.lets}

    def reads(self, node: Node, *, needed: bool) -> Iterator[tuple[str, Field, bool]]:
        match node:
            case Path():
                whole = self.path(node)
                if whole:
                    yield whole, node.field, needed
                    return
            case Variable() if node.slot in self.bound:
                yield from self.reads(self.bound[node.slot], needed=needed)
                return
            case Exists():
                yield from self.reads(node.path, needed=False)
                return
            case Default():
                yield from self.reads(node.path, needed=False)
                yield from self.reads(node.otherwise, needed=needed)
                return
            case Bind():
                self.bound.update((variable.slot, value) for variable, value in node.bindings)
                yield from self.reads(node.body, needed=needed)
                return
            case Comprehension():
                self.bound[node.variable.slot] = node.source
        for child in children(node):
            yield from self.reads(child, needed=needed)

    def path(self, node: Node) -> str:
        """Return a node as a path from a record: "shortlist.fee"; empty where it is none."""
        match node:
            case Variable() if node.slot in self.bound:
                return self.path(self.bound[node.slot])
            case Variable(name="params" | "today"):
                return ""
            case Variable() if SLOTS.get(node.name) == node.slot:
                return node.name
            case Path():
                root = self.path(node.root)
                return ".".join((root, *node.names)) if root else ""
            case Comprehension():
                return self.path(node.source)
        return ""
