"""What a provider's record holds and the mapping does not read, by place, never by value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.loading.importing.paths import below, find, is_there
from checker.loading.importing.private_names import private_kind
from checker.model.imports import LeftKind
from checker.model.mappings import Entries, ImportMapping, NamePath, OneValue, Parts, SourcePath

_EACH = "[]"
_LONGEST_NAME = 80


class Reads:
    """The places that a mapping reads in a record, and those that it leaves out on purpose.

    Where the mapping chooses, by a filter or by `||`, what it takes is found in each record:
    what it passed over stands at the same kind of place.
    """

    def __init__(self, mapping: ImportMapping) -> None:
        leaves = {place for case in mapping.refused for place in _read(case.path)}
        # Rows that a filter chooses, with what is read inside of each.
        self.chosen: list[tuple[SourcePath, Reads]] = []
        # Paths of which the first with a value is read, each with the places below it.
        self.first: list[list[tuple[SourcePath, frozenset[NamePath]]]] = []
        ways: set[NamePath] = set()
        for path, inner in _sources(mapping):
            if path.choices:
                self.first.append([(each, _below(each, inner)) for each in path.choices])
            elif inner and "?" in path.text:
                leaves |= path.reads
                inside = frozenset(place for each in inner for place in _read(each))
                self.chosen.append((path, Inside(inside)))
                ways |= _below(path, inner)
            else:
                leaves |= path.reads | _below(path, inner)
        self.leaves = frozenset(leaves)
        self.declared: dict[NamePath, str] = {
            place: each.because for each in mapping.left_out for place in each.path.gives
        }
        self.above = _above((*leaves, *ways, *self.declared))

    def of(self, record: Any) -> Reads:
        """Return what is read in one record, its choices made."""
        taken = [
            next(
                (places for path, places in choice if is_there(find(path, record))),
                frozenset[NamePath](),
            )
            for choice in self.first
        ]
        return Inside(self.leaves.union(*taken), self) if taken else self


class Inside(Reads):
    """What is read in one row, or in one record."""

    def __init__(self, leaves: frozenset[NamePath], base: Reads | None = None) -> None:
        self.leaves = leaves
        self.declared = base.declared if base is not None else {}
        self.chosen = base.chosen if base is not None else []
        self.first = []
        self.above = _above(leaves) | (base.above if base is not None else frozenset())


class Around(Inside):
    """The places around the records of a file: only the way to them is read."""

    def __init__(self, mapping: ImportMapping) -> None:
        super().__init__(frozenset())
        records = mapping.records
        places = records.gives | records.reads if records is not None else frozenset[NamePath]()
        self.above = _above([(*place, _EACH, "") for place in places])


def _above(places: Iterable[NamePath]) -> frozenset[NamePath]:
    return frozenset(place[:length] for place in places for length in range(len(place)))


def _sources(mapping: ImportMapping) -> Iterator[tuple[SourcePath, tuple[SourcePath, ...]]]:
    """Yield each path of a mapping, with the paths that start at the rows that it finds."""
    for field in mapping.fields:
        source = field.source
        match source:
            case OneValue():
                paths = (source.path, source.low, source.high, source.unless)
                yield from ((path, ()) for path in paths if path is not None)
            case Parts():
                yield source.rows, (source.key, source.value)
                if source.of is not None:
                    yield source.of, ()
            case Entries():
                values = [inner.source for inner in source.fields]
                inner = [each.path for each in values if isinstance(each, OneValue)]
                yield source.rows, tuple(path for path in inner if path is not None)


def _below(path: SourcePath, inner: tuple[SourcePath, ...]) -> frozenset[NamePath]:
    if not inner:
        return path.gives
    return frozenset(place for each in inner for place in below(path, each))


def _read(path: SourcePath) -> frozenset[NamePath]:
    return path.gives | path.reads


def leftovers(
    data: Any, reads: Reads, *, but: frozenset[int] = frozenset()
) -> Mapping[NamePath, tuple[LeftKind, str]]:
    """Return the places that are not read, each the highest, with the kind and the reason.

    `but` are the identities of parts that are looked at on their own.
    """
    reads = reads.of(data)
    found: dict[NamePath, tuple[LeftKind, str]] = {}
    chosen: dict[int, list[Reads]] = {}
    for path, inside in reads.chosen:
        rows = find(path, data)
        for row in rows if isinstance(rows, list) else ():
            chosen.setdefault(id(row), []).append(inside)
    _Walk(reads, chosen, but, found).node(data, ())
    return found


class _Walk:
    """A walk over a record, down to what is read."""

    def __init__(
        self,
        reads: Reads,
        chosen: Mapping[int, list[Reads]],
        but: frozenset[int],
        found: dict[NamePath, tuple[LeftKind, str]],
        start: NamePath = (),
    ) -> None:
        self.reads = reads
        self.chosen = chosen
        self.but = but
        self.found = found
        self.start = start

    def node(self, node: Any, place: NamePath) -> None:
        """Look at what stands at a place, which counts from where the walk began."""
        reads = self.reads
        if id(node) in self.but:
            return
        if isinstance(node, (dict, list)) and id(node) in self.chosen:
            for inside in self.chosen[id(node)]:
                _Walk(inside, {}, self.but, self.found, (*self.start, *place)).node(node, ())
            return
        if place in reads.declared:
            self.found[*self.start, *place] = ("declared", reads.declared[place])
            return
        wanted = place in reads.leaves or (place[-1:] == (_EACH,) and place[:-1] in reads.leaves)
        if not wanted and place not in reads.above:
            if not _empty(node):
                self.found[*self.start, *place] = ("unmapped", "")
            _private_below(node, (*self.start, *place), self.found)
            return
        for name, inner in _members(node):
            self.member(name, inner, (*place, name))

    def member(self, name: str, inner: Any, place: NamePath) -> None:
        """Look at a member; one with a private name is not looked into, unless it is read."""
        kind = private_kind(name) if name != _EACH else None
        if kind is None or place in self.reads.above or place in self.reads.leaves:
            self.node(inner, place)
        elif not _empty(inner):
            self.found[*self.start, *place] = (kind, "")


def _private_below(node: Any, place: NamePath, found: dict[NamePath, tuple[LeftKind, str]]) -> None:
    """Name contact details and the like also inside of what is not read at all."""
    for name, inner in _members(node):
        kind = private_kind(name) if name != _EACH else None
        if kind is not None and not _empty(inner):
            found[(*place, name)] = (kind, "")
        elif isinstance(inner, (dict, list)):
            _private_below(inner, (*place, name), found)


def _members(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…", inner
    elif isinstance(node, list):
        for inner in node:
            yield _EACH, inner


def _empty(node: Any) -> bool:
    return node is None or node == [] or node == {} or node == ""


def place_text(place: NamePath) -> str:
    """Spell a place: `audience.ages[].code`."""
    return ".".join(place).replace(f".{_EACH}", _EACH) or "the record"
