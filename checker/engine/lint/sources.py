"""Whose a rule's words and numbers are: no source, or one that is too weak for an error."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.lint.work import Found, Work, at
from checker.language.nodes import TableName, param_of
from checker.model.rules import Pack, Source
from checker.model.types import TableType

# Figures of those who sell, and of blogs: they inform, and decide nothing.
_WEAK = "vendor"


def weak_sources(work: Work) -> Iterator[Found]:
    """Find what an error rule rests on that is a vendor's or a blog's figure."""
    rule = work.rule
    if rule.severity != "error":
        return
    if rule.source.strength == _WEAK:
        message = f"an error rule rests on {_named(rule.source)}"
        yield work.found(at("weak-source", message, rule.places.of(("source",)), _HINT))
    for name in _params(work):
        param = rule.params[name]
        if param.source.strength == _WEAK:
            message = f'the param "{name}" of an error rule is from {_named(param.source)}'
            yield work.found(at("weak-source", message, param.position, _HINT))
    for type_, name in _tables(work).items():
        source = work.library.rules.tables[type_].source
        if source is not None and source.strength == _WEAK:
            message = f'an error rule reads the table "{name}", which is from {_named(source)}'
            yield work.found(at("weak-source", message, rule.position, _HINT))


_HINT = "Make the rule a warning or a note, or find a law, a code or a choice of your own for it."


def _named(source: Source) -> str:
    return f'"{source.title}", whose strength is {source.strength}'


def _params(work: Work) -> list[str]:
    read = {param_of(part.node) for part in work.deciding}
    return [name for name in work.rule.params if name in read]


def _tables(work: Work) -> dict[TableType, str]:
    nodes = (part.node for part in work.deciding if isinstance(part.node, TableName))
    return {node.type: node.type.name for node in nodes if isinstance(node.type, TableType)}


def tables_without_source(pack: Pack) -> Iterator[Found]:
    """Find tables that do not say whose they are."""
    for name, table in pack.tables.items():
        if table.source is None:
            message = f'the table "{name}" does not say whose it is'
            hint = "Name one of the pack's sources, or write source: ours"
            yield Found(at("no-source", message, table.position, hint), pack)
