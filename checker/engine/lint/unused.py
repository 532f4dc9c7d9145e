"""What a pack holds and nothing reads: lets, params, definitions, tables, rows, sources."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.lint.work import (
    Found,
    Library,
    Work,
    at,
    calls_in,
    tables_in,
    texts_of,
)
from checker.language.nodes import Node, Path, Variable, children
from checker.model.rules import Pack
from checker.model.types import (
    DistributionType,
    ListType,
    RecordType,
    TextType,
    Type,
)


def in_rule(work: Work) -> Iterator[Found]:
    """Find lets and params of a rule that nothing in it reads."""
    slots, params = _read(work)
    for variable, _ in work.typed.lets:
        if variable.slot not in slots:
            place = work.rule.places.of_key(("let", variable.name))
            message = f'nothing reads the let "{variable.name}"'
            yield work.found(at("unused-let", message, place))
    for name in work.rule.params:
        if params is not None and name not in params:
            place = work.rule.places.of_key(("params", name))
            message = f'nothing reads the param "{name}"'
            yield work.found(at("unused-param", message, place))


def _read(work: Work) -> tuple[set[int], set[str] | None]:
    """Return the slots that are read, and the params; None where they are read as a whole."""
    slots, params = set[int](), set[str]()
    whole = False
    waiting: list[Node] = [part.node for part in work.trees]
    waiting += [placeholder.node for placeholder in work.placeholders]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Path) and _is_params(node.root):
            params.add(node.names[0])
            continue
        if isinstance(node, Variable):
            slots.add(node.slot)
            whole = whole or _is_params(node)
        waiting += children(node)
    return slots, None if whole else params


def _is_params(node: Node) -> bool:
    return isinstance(node, Variable) and node.name == "params"


def in_pack(pack: Pack, library: Library) -> Iterator[Found]:
    """Find definitions, tables and sources that nothing reads, here or in packs that use this."""
    if library.is_whole(pack):
        texts = list(_texts(library))
        yield from _definitions(pack, library, calls_in(texts))
        yield from _tables(pack, library, tables_in(texts))
    if pack.rules:
        yield from _sources(pack)


def _texts(library: Library) -> Iterator[str]:
    for pack in library.packs.values():
        for rule in pack.rules:
            yield from texts_of(rule)
        yield from (fact.value.text for fact in pack.facts)


def _definitions(pack: Pack, library: Library, called: set[str]) -> Iterator[Found]:
    for name, definition in pack.definitions.items():
        others = (
            other.body.text
            for each in library.packs.values()
            for other in each.definitions.values()
            if other is not definition
        )
        if name not in called and name not in calls_in(others):
            message = f'nothing calls the definition "{name}"'
            yield Found(at("unused-definition", message, definition.position), pack)


def _tables(pack: Pack, library: Library, named: set[str]) -> Iterator[Found]:
    bodies = (
        definition.body.text
        for each in library.packs.values()
        for definition in each.definitions.values()
    )
    read = named | tables_in(bodies) | vocabularies_of(library)
    for name, table in pack.tables.items():
        if name not in read:
            message = f'nothing reads the table "{name}"'
            yield Found(at("unused-table", message, table.position), pack)


def _sources(pack: Pack) -> Iterator[Found]:
    params = [param for rule in pack.rules for param in rule.params.values()]
    if any(param.because for param in params):
        # The configuration's values stand for the pack's own; whose those were is not told.
        return
    used = {rule.source.id for rule in pack.rules} | {param.source.id for param in params}
    used |= {table.source.id for table in pack.tables.values() if table.source is not None}
    for name in pack.sources:
        if name not in used and name != "ours":
            message = f'nothing rests on the source "{name}"'
            yield Found(at("unused-source", message, pack.places.of_key(("sources", name))), pack)


def vocabularies_of(library: Library) -> set[str]:
    """Return the vocabularies that the records' schemas name."""
    found, seen = set[str](), set[int]()
    waiting: list[Type] = list(library.rules.types.values())
    while waiting:
        type_ = waiting.pop()
        if id(type_) in seen:
            continue
        seen.add(id(type_))
        match type_:
            case TextType(vocabulary=vocabulary):
                found.add(vocabulary)
            case ListType(item=item):
                waiting.append(item)
            case DistributionType(keys=keys):
                waiting.append(keys)
            case RecordType(fields=fields):
                waiting += [field.type for field in fields.values()]
    return found
